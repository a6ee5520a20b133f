=== go.mod
module example.org/a/v2

go 1.22
toolchain go1.22.1

require (
	example.org/b v1.2.3 // indirect
	"example.org/c" v0.0.0-20200101000000-aaaaaaaaaaaa
)
require example.org/d/v3 v3.0.0+incompatible
replace example.org/b => ../b
replace example.org/c v1 => example.org/e v1.0.0
exclude example.org/d v1
retract [v1.0.0, v1.1.0] // why
tool example.org/t
