=== src/flow.kt
@file:JvmName("X")
package a.b
import c.d.*
import e.f as g
/** Doc. */
sealed class A<out T : Any>(private val x: Int = 1, vararg y: String) : B(x), C by D where T : E {
  companion object { const val PASSWORD = "hunter2hunter"; @JvmStatic fun h() = 1 }
  suspend inline fun <reified U> String?.f(q: (Int) -> Unit): U? {
    val (m, n) = req.getParameter("q")?.let { it to "$it ${it.length}" } ?: return null
    Runtime.getRuntime().exec("sh -c " + m); stmt.executeQuery("select $n")
    when (m) { in 1..2, !is String -> throw X(); "a" -> if (m == n && n != null || true) 1 else 2; else -> {} }
    l@ for (i in 0 until 10 step 2) { try { continue@l } catch (e: Exception) { } finally { } }
    do { x++ } while (x < 1); return object : Y { override fun z() = this@A as? U }
  }
  val p: Int by lazy { 1 } ; var r = """raw $x"""; get() = field
}
data class Z(val a: Int); enum class W { A, B { } }; fun interface V { fun f() }
@Test fun t() { assertEquals(1, 1) }
