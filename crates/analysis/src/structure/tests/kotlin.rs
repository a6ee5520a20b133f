//! Kotlin, alone and beside Java.

use expect_test::expect;

use super::check;

#[test]
fn kotlin() {
    check(
        r"
//- app/src/main/kotlin/a/b/One.kt
package a.b
import a.c.Two
import a.c.shout as cry
import a.c.Companions.Companion.made
import a.d.*
import a.c.Gone
import a.c.R
import a.c.BuildConfig.DEBUG
import kotlinx.coroutines.flow.Flow
class One : Beside(), Shape by other {
  private val all: List<Whole> = cry(helper(), LIMIT)
  fun own() = own2(Old.call())
  fun own2(x: Any) = Unknown(x)
}
//- app/src/main/kotlin/a/b/Beside.kt
package a.b
open class Beside { var one: One? = null }
interface Shape
//- app/src/main/kotlin/a/b/helpers.kt
package a.b
fun helper() = 1
fun own2() = 2
const val LIMIT = 3
//- app/src/main/kotlin/a/c/Two.kt
package a.c
typealias Two = String
class Companions { companion object { val made = 1 } }
//- app/src/main/kotlin/a/c/shout.kt
package a.c
fun String.shout() = uppercase()
//- app/src/main/kotlin/a/c/shoutMore.kt
package a.c
fun Int.shout() = this
//- app/src/main/kotlin/a/d/Whole.kt
package a.d
class Whole
//- app/src/main/kotlin/a/d/Unused.kt
package a.d
class Unused
//- app/src/main/java/a/b/Old.java
package a.b;
class Old { static Beside call() { return null; } }
",
        &expect![[r"
            app/src/main/java/a/b/Old.java -> app/src/main/kotlin/a/b/Beside.kt
            app/src/main/kotlin/a/b/Beside.kt -> app/src/main/kotlin/a/b/One.kt
            app/src/main/kotlin/a/b/One.kt -> app/src/main/java/a/b/Old.java
            app/src/main/kotlin/a/b/One.kt -> app/src/main/kotlin/a/b/Beside.kt
            app/src/main/kotlin/a/b/One.kt -> app/src/main/kotlin/a/b/helpers.kt
            app/src/main/kotlin/a/b/One.kt -> app/src/main/kotlin/a/c/Two.kt
            app/src/main/kotlin/a/b/One.kt -> app/src/main/kotlin/a/c/shout.kt
            app/src/main/kotlin/a/b/One.kt -> app/src/main/kotlin/a/c/shoutMore.kt
            app/src/main/kotlin/a/b/One.kt -> app/src/main/kotlin/a/d/Whole.kt
            unresolved 1
        "]],
    );
}

#[test]
fn of_extensions_of_one_name_the_one_of_the_own_type_is_meant() {
    check(
        r"
//- okio/Path.kt
package okio
import okio.internal.common
class Path { fun shown() = common() }
//- okio/Sink.kt
package okio
import okio.internal.common
class RealSink { fun shown() = common() }
//- okio/internal/PathParts.kt
package okio.internal
internal fun Path.common(): String = toString()
//- okio/internal/Sink.kt
package okio.internal
internal fun <T> BufferedSink.common(): String = toString()
",
        &expect![[r"
            okio/Path.kt -> okio/internal/PathParts.kt
            okio/Sink.kt -> okio/internal/Sink.kt
        "]],
    );
}
