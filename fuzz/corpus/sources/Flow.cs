=== src/Flow.cs
global using System;
using static A.B; using C = D.E<int>;
namespace F;
[ApiController] public partial record class G<T>(int X) : H, I where T : class, new() {
  private const string Password = "hunter2hunter";
  public string? P { get; init; } = null; public event Action? E; this[int i] => i;
  /// <summary>Doc.</summary>
  [HttpGet("{id}")] public async Task<IActionResult> Get([FromQuery] string q, int id = 1, params string[] r) {
    using var c = new SqlCommand($"select {q:x} from {id}", conn); await c.ExecuteReaderAsync();
    Process.Start("sh", "-c " + q); var h = MD5.Create();
    try { checked { id++; } } catch (Exception e) when (e is IOException { Message: "x" } or null) { } finally { }
    foreach (var (a, b) in x) { if (a && b || c) continue; else if (a) goto L; }
    L: return q switch { "a" or "b" => Redirect(q), { Length: > 1 } s => (s ?? """raw"""), [1, .., 2] => throw new(), _ => default };
  }
  [Fact] public void T() => Assert.True(from z in y where z > 1 select z);
  delegate* unmanaged<int, void> d; unsafe void U() { fixed (int* p = &x) { *p = 1; } }
}
