=== build.gradle.kts
plugins { kotlin("jvm") version "2.0"; id("x") }
val v by extra("1.0")
dependencies {
    implementation("a:b:$v")
    testImplementation(kotlin("test"))
    add("ksp", "c:d:1@aar")
    implementation(libs.x)
}
/* dependencies { implementation("n:o:1") } */
