=== open.kt
fun f() = """ $ ${ "${