=== open.go
package a
func f() { if x { for