=== src/flow.php
<?php
declare(strict_types=1);
namespace A\B;
use C\{D, E as F}; use function G\h; require_once __DIR__ . "/i.php";
/** Doc. */
#[Attr(1)] abstract class J extends K implements L { use M; const PASSWORD = 'hunter2hunter';
  public function __construct(private readonly ?int $x = null, string ...$y) {}
  public static function f(int|string $q): ?array {
    $q = $_GET["q"] ?? $_POST['p']; mysqli_query($c, "select {$q['a']} $x->y"); system("ls " . $q); eval($q); unserialize($q); include $q; echo $q;
    header("Location: " . $_REQUEST["to"]); $h = md5($q);
    try { foreach ($a as $k => &$v): if ($k && $v || !$q) continue 2; elseif ($k): break; endif; endforeach; } catch (N | O $e) { } finally { }
    return match (true) { $q > 1, $q < 2 => [...$a, "b" => fn($z) => $z?->w()], default => throw new P() };
  }
}
enum Q: string { case A = "a"; }
$s = <<<EOT
 text $q {$r->s()}
EOT;
?>
<p><?= htmlspecialchars($q) ?></p>
<?php if ($q): ?>x<?php endif; ?>
