//! Languages in which imports name types.

use expect_test::expect;

use super::check;

#[test]
fn java() {
    check(
        r"
//- core/src/main/java/a/b/One.java
package a.b;
import a.c.Two;
import a.c.Two.Inner;
import static a.c.Constants.LIMIT;
import a.d.*;
import a.c.Generated;
import java.util.List;
class One extends Beside { List<Whole> all; Unknown x; a.e.Full full; }
//- core/src/main/java/a/b/Beside.java
package a.b;
class Beside { One other; }
//- core/src/main/java/a/c/Two.java
package a.c;
public class Two { public static class Inner {} }
//- core/src/main/java/a/c/Constants.java
package a.c;
class Constants {}
//- core/src/main/java/a/d/Whole.java
package a.d;
class Whole {}
//- core/src/main/java/a/d/Unused.java
package a.d;
class Unused {}
//- core/src/main/java/a/e/Full.java
package a.e;
class Full {}
//- core/src/test/java/a/b/OneTest.java
package a.b;
class OneTest { One one; Two notImported; }
//- examples/x/Main.java
class Main { Helper helper; }
//- examples/x/Helper.java
class Helper {}
//- examples/y/Main.java
class Main { Helper helper; }
",
        &expect![[r"
            core/src/main/java/a/b/Beside.java -> core/src/main/java/a/b/One.java
            core/src/main/java/a/b/One.java -> core/src/main/java/a/b/Beside.java
            core/src/main/java/a/b/One.java -> core/src/main/java/a/c/Constants.java
            core/src/main/java/a/b/One.java -> core/src/main/java/a/c/Two.java
            core/src/main/java/a/b/One.java -> core/src/main/java/a/d/Whole.java
            core/src/main/java/a/b/One.java -> core/src/main/java/a/e/Full.java
            core/src/test/java/a/b/OneTest.java -> core/src/main/java/a/b/One.java
            examples/x/Main.java -> examples/x/Helper.java
            unresolved 1
        "]],
    );
}

#[test]
fn csharp() {
    check(
        r"
//- src/App/Usings.cs
global using App.Shared;
//- src/App/Main.cs
using App.Tools;
using Alias = App.Other.Long;
using static App.Other.Constants;
using System.Text;
namespace App.Core.Deep
{
    [Marked] class Main : Base { Hammer h; Everywhere e; Alias a; App.Other.Full full; StringBuilder b; Unused(); }
}
//- src/App/Base.cs
namespace App.Core;
public abstract partial class Base { }
//- src/App/Base.Parts.cs
namespace App.Core;
partial class Base { Main main; }
//- src/App/Hammer.cs
namespace App.Tools;
class Hammer { }
//- src/App/Unused.cs
namespace App.Tools;
class Unused { }
//- src/App/MarkedAttribute.cs
namespace App;
class MarkedAttribute { }
//- src/App/Everywhere.cs
namespace App.Shared { class Everywhere { } }
//- src/App/Other.cs
namespace App.Other { class Long { } class Full { } static class Constants { } }
//- elsewhere/Everywhere.cs
class User { Everywhere e; }
",
        &expect![[r"
            src/App/Main.cs -> src/App/Base.cs
            src/App/Main.cs -> src/App/Everywhere.cs
            src/App/Main.cs -> src/App/Hammer.cs
            src/App/Main.cs -> src/App/MarkedAttribute.cs
            src/App/Main.cs -> src/App/Other.cs
        "]],
    );
}

#[test]
fn a_type_in_parts_leads_to_the_part_that_has_the_member() {
    check(
        r"
//- src/Policy.cs
namespace App;
public partial class Policy { }
//- src/PolicyHandle.cs
namespace App;
partial class Policy { public static int Handle() { return 1; } }
//- src/Caching.cs
namespace App;
partial class Policy { public static int Cache() { return 2; } }
//- test/Specs.cs
using App;
class Specs { int a = Policy.Handle(); }
//- test/Others.cs
using App;
class Others { Policy policy; }
",
        &expect![[r"
            test/Others.cs -> src/Policy.cs
            test/Specs.cs -> src/PolicyHandle.cs
        "]],
    );
}

#[test]
fn php() {
    check(
        r#"
//- composer.json
{ "autoload": { "psr-4": { "App\\": "src/" } } }
//- src/Main.php
<?php
namespace App;
use App\Tools\Hammer;
use App\Tools;
use App\Gone;
use Vendor\Library;
require __DIR__ . '/../boot.php';
class Main extends Base { function m(Tools\Saw $s) { return new \App\Tools\Deep\Drill(helper()); } }
//- src/Base.php
<?php
namespace App;
class Base {}
function helper() {}
//- src/Tools/Hammer.php
<?php
namespace App\Tools;
class Hammer {}
//- src/Tools/Saw.php
<?php
namespace App\Tools;
class Saw { private Hammer $h; private Main $notThere; }
//- src/Tools/Deep/Drill.php
<?php
namespace App\Tools\Deep;
class Drill {}
//- boot.php
<?php
include 'lib/old.php';
$x = new OldClass();
//- lib/old.php
<?php
class OldClass {}
"#,
        &expect![[r"
            boot.php -> lib/old.php
            src/Main.php -> boot.php
            src/Main.php -> src/Base.php
            src/Main.php -> src/Tools/Deep/Drill.php
            src/Main.php -> src/Tools/Hammer.php
            src/Main.php -> src/Tools/Saw.php
            src/Tools/Saw.php -> src/Tools/Hammer.php
            unresolved 1
        "]],
    );
}
