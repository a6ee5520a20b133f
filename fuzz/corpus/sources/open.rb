=== open.rb
def f; <<A; %q(( "#{"#{