=== open.py
def f(:
  (((("x
	if