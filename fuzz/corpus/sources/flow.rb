=== src/flow.rb
# frozen_string_literal: true
require "a"; require_relative "./b"
module A::B
  class C < D::E
    include F; attr_accessor :g; PASSWORD = "hunter2hunter"
    # Doc.
    def f(q, *r, s: 1, **t, &u)
      q = params[:q] || request.GET["x"]
      system("ls #{q}"); `rm #{q}`; %x(ls #{q}); eval(q); User.where("a = '#{q}'"); redirect_to params[:to]; Marshal.load(q); open(q)
      begin
        r.each_with_index do |v, i| next if v && i > 1 or not v; yield v, i unless i == 2 end
      rescue IOError, E => e then nil
      else retry
      ensure x = y rescue z
      end
      case q when "a", /b#{q}/i then 1 in {a: [Integer => n, *]} if n then 2 else 3 end
      while true do break until false end
      ->(z) { z&.w&.(1) } ; x ? y : <<~EOT
        text #{q}
      EOT
    end
    def self.g = Digest::MD5.hexdigest("x")
  end
end
RSpec.describe(A) { it("b") { expect(1).to eq(1) } }
__END__
x
