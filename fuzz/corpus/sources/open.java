=== open.java
class A { void f() { new B<C<D<