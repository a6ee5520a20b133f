//! Maven and Gradle.

use expect_test::expect;

use super::check;

#[test]
fn maven_takes_versions_from_parents_imports_and_properties() {
    check(
        r#"//- pom.xml
<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>3.1.0</version>
  </parent>
  <groupId>com.example.shop</groupId>
  <artifactId>shop</artifactId>
  <version>1.0-SNAPSHOT</version>
  <packaging>pom</packaging>
  <licenses><license><name>Apache-2.0</name></license></licenses>
  <modules><module>core</module><module>bom</module></modules>
  <properties>
    <jackson.version>2.15.0</jackson.version>
    <guava.version>${guava.major}-jre</guava.version>
    <guava.major>31.1</guava.major>
  </properties>
  <dependencyManagement>
    <dependencies>
      <dependency>
        <groupId>com.fasterxml.jackson.core</groupId>
        <artifactId>jackson-databind</artifactId>
        <version>${jackson.version}</version>
      </dependency>
      <dependency>
        <groupId>org.junit.jupiter</groupId>
        <artifactId>junit-jupiter</artifactId>
        <version>5.9.3</version>
        <scope>test</scope>
      </dependency>
      <dependency>
        <groupId>${project.groupId}</groupId>
        <artifactId>bom</artifactId>
        <version>${project.version}</version>
        <type>pom</type>
        <scope>import</scope>
      </dependency>
    </dependencies>
  </dependencyManagement>
</project>
//- bom/pom.xml
<project>
  <groupId>com.example.shop</groupId>
  <artifactId>bom</artifactId>
  <version>1.0-SNAPSHOT</version>
  <properties><netty.version>4.1.90.Final</netty.version></properties>
  <dependencyManagement>
    <dependencies>
      <dependency><groupId>io.netty</groupId><artifactId>netty-all</artifactId><version>${netty.version}</version></dependency>
    </dependencies>
  </dependencyManagement>
</project>
//- core/pom.xml
<project>
  <parent>
    <groupId>com.example.shop</groupId>
    <artifactId>shop</artifactId>
    <version>1.0-SNAPSHOT</version>
  </parent>
  <artifactId>core</artifactId>
  <properties>
    <jackson.version>2.15.2</jackson.version>
  </properties>
  <dependencies>
    <dependency><groupId>com.fasterxml.jackson.core</groupId><artifactId>jackson-databind</artifactId></dependency>
    <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId></dependency>
    <dependency><groupId>io.netty</groupId><artifactId>netty-all</artifactId></dependency>
    <dependency><groupId>com.google.guava</groupId><artifactId>guava</artifactId><version>${guava.version}</version></dependency>
    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>
    <dependency><groupId>com.example.shop</groupId><artifactId>util</artifactId><version>${project.version}</version></dependency>
    <dependency><groupId>com.example.shop</groupId><artifactId>bom</artifactId><version>${project.version}</version></dependency>
    <dependency><groupId>org.ranges</groupId><artifactId>open</artifactId><version>[1.0,2.0)</version><optional>true</optional></dependency>
    <dependency><groupId>org.ranges</groupId><artifactId>shut</artifactId><version>[1.5]</version></dependency>
    <dependency><groupId>org.unknown</groupId><artifactId>who</artifactId><version>${nobody.says}</version></dependency>
    <dependency><groupId>${nobody.says}</groupId><artifactId>what</artifactId><version>1</version></dependency>
  </dependencies>
  <build><plugins><plugin><artifactId>maven-compiler-plugin</artifactId><version>3.11.0</version></plugin></plugins></build>
</project>
"#,
        &expect![[r#"
            bom/pom.xml: pom.xml, com.example.shop:bom, 0
            core/pom.xml: pom.xml, com.example.shop:core, 13
            pom.xml: pom.xml, com.example.shop:shop Apache-2.0, 1
              com.example.shop:util 1.0-SNAPSHOT direct runtime (${project.version}) [core/pom.xml:17]
              com.fasterxml.jackson.core:jackson-databind 2.15.2 direct runtime (${jackson.version}) [core/pom.xml:12]
              com.google.guava:guava 31.1-jre direct runtime (${guava.version}) [core/pom.xml:15]
              io.netty:netty-all 4.1.90.Final direct runtime (${netty.version}) [core/pom.xml:14]
              org.apache.maven.plugins:maven-compiler-plugin 3.11.0 direct build (3.11.0) [core/pom.xml:24]
              org.junit.jupiter:junit-jupiter 5.9.3 direct dev (5.9.3) [core/pom.xml:13]
              org.ranges:open ? direct optional ([1.0,2.0)) [core/pom.xml:19]
              org.ranges:shut 1.5 direct runtime ([1.5]) [core/pom.xml:20]
              org.springframework.boot:spring-boot-starter-parent 3.1.0 direct build (3.1.0) [pom.xml:3]
              org.springframework.boot:spring-boot-starter-web ? direct runtime [core/pom.xml:16]
              org.unknown:who ? direct runtime (${nobody.says}) [core/pom.xml:21]
        "#]],
    );
}

#[test]
fn gradle_scripts_catalogs_and_properties() {
    check(
        r#"//- gradle.properties
# the usual
kotlinVersion=1.9.0
org.gradle.jvmargs=-Xmx2g
//- gradle/libs.versions.toml
[versions]
okhttp = "4.11.0"
junit = { strictly = "5.9.3" }
[libraries]
okhttp-core = { module = "com.squareup.okhttp3:okhttp", version.ref = "okhttp" }
okhttp-logging = { group = "com.squareup.okhttp3", name = "logging-interceptor", version.ref = "okhttp" }
moshi = "com.squareup.moshi:moshi:1.15.0"
junit = { module = "org.junit.jupiter:junit-jupiter", version.ref = "junit" }
unused = "org.unused:unused:1.0"
[bundles]
network = ["okhttp-core", "okhttp-logging"]
[plugins]
detekt = { id = "io.gitlab.arturbosch.detekt", version = "1.23.0" }
//- build.gradle.kts
plugins {
    kotlin("jvm") version "1.9.0"
    id("com.github.johnrengelman.shadow") version "8.1.1"
    alias(libs.plugins.detekt)
    `java-library`
}
val slf4jVersion = "2.0.7"
dependencies {
    implementation(libs.bundles.network)
    api(libs.moshi) { exclude(group = "x", module = "y") }
    // implementation("com.commented:out:1.0")
    implementation("org.slf4j:slf4j-api:$slf4jVersion")
    implementation(platform("org.springframework.boot:spring-boot-dependencies:3.1.0"))
    implementation("org.springframework.boot:spring-boot-starter")
    implementation(group = "commons-io", name = "commons-io", version = "2.11.0")
    implementation(project(":core"))
    implementation(kotlin("stdlib"))
    implementation("org.jetbrains.kotlin:kotlin-reflect:${property("kotlinVersion")}")
    implementation(libs.nowhere)
    testImplementation(libs.junit)
    kapt("com.google.dagger:dagger-compiler:2.46")
    constraints {
        implementation("org.springframework.boot:spring-boot-starter:3.1.1")
    }
}
//- app/build.gradle
buildscript {
    ext.agp = '8.0.2'
    dependencies { classpath "com.android.tools.build:gradle:$agp" }
}
ext {
    versions = [ retrofit: '2.9.0', 'room': [ runtime: '2.5.1' ] ]
    deps = [
        gson: 'com.google.code.gson:gson:2.10',
    ]
}
dependencies {
    implementation "com.squareup.retrofit2:retrofit:${versions.retrofit}",
            "com.squareup.retrofit2:converter-gson:${versions.retrofit}"
    implementation "androidx.room:room-runtime:$rootProject.versions.room.runtime"
    implementation "androidx.room:room-ktx:${versions.room.runtime}@aar"
    implementation deps.gson
    implementation group: 'org.apache.commons', name: 'commons-lang3', version: '3.12.0'
    debugImplementation 'com.squareup.leakcanary:leakcanary-android:2.11'
    implementation 'com.example:moving:1.+'
    implementation fileTree(dir: 'libs', include: ['*.jar'])
}
"#,
        &expect![[r#"
            app/build.gradle: Gradle script (Groovy), -, 9
            build.gradle.kts: Gradle script (Kotlin), -, 14
            gradle/libs.versions.toml: version catalog, -, 0
              androidx.room:room-ktx 2.5.1 direct runtime (${versions.room.runtime}) [app/build.gradle:15]
              androidx.room:room-runtime 2.5.1 direct runtime (${versions.room.runtime}) [app/build.gradle:14]
              com.android.tools.build:gradle 8.0.2 direct build (${agp}) [app/build.gradle:3]
              com.example:moving ? direct runtime (1.+) [app/build.gradle:19]
              com.github.johnrengelman.shadow:com.github.johnrengelman.shadow.gradle.plugin 8.1.1 direct build (8.1.1) [build.gradle.kts:3]
              com.google.code.gson:gson 2.10 direct runtime (2.10) [app/build.gradle:16]
              com.google.dagger:dagger-compiler 2.46 direct build (2.46) [build.gradle.kts:21]
              com.squareup.leakcanary:leakcanary-android 2.11 direct dev (2.11) [app/build.gradle:18]
              com.squareup.moshi:moshi 1.15.0 direct runtime (1.15.0) [build.gradle.kts:10]
              com.squareup.okhttp3:logging-interceptor 4.11.0 direct runtime (${libs.versions.okhttp}) [build.gradle.kts:9]
              com.squareup.okhttp3:okhttp 4.11.0 direct runtime (${libs.versions.okhttp}) [build.gradle.kts:9]
              com.squareup.retrofit2:converter-gson 2.9.0 direct runtime (${versions.retrofit}) [app/build.gradle:13]
              com.squareup.retrofit2:retrofit 2.9.0 direct runtime (${versions.retrofit}) [app/build.gradle:12]
              commons-io:commons-io 2.11.0 direct runtime (2.11.0) [build.gradle.kts:15]
              io.gitlab.arturbosch.detekt:io.gitlab.arturbosch.detekt.gradle.plugin 1.23.0 direct build (1.23.0) [build.gradle.kts:4]
              org.apache.commons:commons-lang3 3.12.0 direct runtime (3.12.0) [app/build.gradle:17]
              org.jetbrains.kotlin.jvm:org.jetbrains.kotlin.jvm.gradle.plugin 1.9.0 direct build (1.9.0) [build.gradle.kts:2]
              org.jetbrains.kotlin:kotlin-reflect 1.9.0 direct runtime (${kotlinVersion}) [build.gradle.kts:18]
              org.jetbrains.kotlin:kotlin-stdlib ? direct runtime [build.gradle.kts:17]
              org.junit.jupiter:junit-jupiter 5.9.3 direct dev (${libs.versions.junit}) [build.gradle.kts:20]
              org.slf4j:slf4j-api 2.0.7 direct runtime (${slf4jVersion}) [build.gradle.kts:12]
              org.springframework.boot:spring-boot-dependencies 3.1.0 direct runtime (3.1.0) [build.gradle.kts:13]
              org.springframework.boot:spring-boot-starter 3.1.1 direct runtime (3.1.1) [build.gradle.kts:14]
        "#]],
    );
}

#[test]
fn gradle_lockfiles_and_verified_modules() {
    check(
        r#"//- build.gradle
dependencies {
    implementation 'com.google.guava:guava:31.+'
    testImplementation 'junit:junit:4.13'
}
//- gradle.lockfile
# This is a Gradle generated file for dependency locking.
com.google.guava:failureaccess:1.0.1=compileClasspath,runtimeClasspath,testRuntimeClasspath
com.google.guava:guava:31.1-jre=compileClasspath,runtimeClasspath
junit:junit:4.13.2=testCompileClasspath,testRuntimeClasspath
org.hamcrest:hamcrest-core:1.3=testCompileClasspath,testRuntimeClasspath
empty=annotationProcessor
//- buildscript-gradle.lockfile
com.android.tools.build:gradle:8.0.2=classpath
empty=
//- old/gradle/dependency-locks/runtimeClasspath.lockfile
org.slf4j:slf4j-api:1.7.36
//- verified/build.gradle
dependencies {
    implementation 'org.known:once'
    implementation 'org.known:twice'
    implementation 'org.known:stated:2.0'
}
//- verified/gradle/verification-metadata.xml
<verification-metadata xmlns="https://schema.gradle.org/dependency-verification">
   <configuration><verify-metadata>true</verify-metadata></configuration>
   <components>
      <component group="org.known" name="once" version="1.0"><artifact name="once-1.0.jar"/></component>
      <component group="org.known" name="twice" version="1.0"/>
      <component group="org.known" name="twice" version="1.1"/>
      <component group="org.known" name="stated" version="1.9"/>
      <component group="org.old" name="leftover" version="0.1"/>
   </components>
</verification-metadata>
"#,
        &expect![[r#"
            build.gradle: Gradle script (Groovy), -, 2
            buildscript-gradle.lockfile: gradle.lockfile, -, 1
            gradle.lockfile: gradle.lockfile, -, 4
            old/gradle/dependency-locks/runtimeClasspath.lockfile: gradle.lockfile, -, 1
            verified/build.gradle: Gradle script (Groovy), -, 3
            verified/gradle/verification-metadata.xml: verification-metadata.xml, -, 3
              com.android.tools.build:gradle 8.0.2 through build [buildscript-gradle.lockfile:1]
              com.google.guava:failureaccess 1.0.1 through runtime [gradle.lockfile:2]
              com.google.guava:guava 31.1-jre direct runtime (31.+) [build.gradle:2 gradle.lockfile:3]
              junit:junit 4.13.2 direct dev (4.13) [build.gradle:3 gradle.lockfile:4]
              org.hamcrest:hamcrest-core 1.3 through dev [gradle.lockfile:5]
              org.known:once 1.0 direct runtime [verified/build.gradle:2 verified/gradle/verification-metadata.xml:4]
              org.known:stated 2.0 direct runtime (2.0) [verified/build.gradle:4]
              org.known:twice ? direct runtime [verified/build.gradle:3]
              org.slf4j:slf4j-api 1.7.36 through runtime [old/gradle/dependency-locks/runtimeClasspath.lockfile:1]
        "#]],
    );
}
