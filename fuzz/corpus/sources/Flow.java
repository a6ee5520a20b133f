=== src/Flow.java
package a.b;
import java.sql.*;
import static java.util.Map.entry;
import c.d.*;
/** Doc. */
@RestController
public sealed class Flow<T extends A & B> extends C implements D permits E {
  private static final String PASSWORD = "hunter2hunter";
  record R(int x, String... y) {}
  enum K { A(1) { void f() {} }, B; K(int... i) {} }
  @GetMapping("/{x}") public <U> String f(@RequestParam("q") String q, HttpServletRequest req) throws Exception {
    var s = req.getParameter("p");
    conn.createStatement().executeQuery("select " + q + s);
    Runtime.getRuntime().exec(new String[]{"sh", "-c", q});
    try (var in = new ObjectInputStream(x)) { in.readObject(); } catch (IOException | SQLException e) { } finally { }
    for (int i = 0; i < 1 && q != null || i > 2; i++) { if (i == 1) continue; else if (i == 2) break; }
    return switch (q) { case "a", "b" -> """
      text
      """; default -> { yield x instanceof R(int p, var y) ? "" : ((Function<A, B>) z -> z::g).toString(); } };
  }
  @Test void t() { assert MessageDigest.getInstance("MD5") != null; }
}
