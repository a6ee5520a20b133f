//! Swift, Elixir and Erlang, GitHub Actions, Docker, C and C++, Conda, R and Haskell; and what no format is spared.

use analysis::inventory::examine;
use analysis::report::SkipReason;
use analysis::source::SourceFile;
use expect_test::expect;

use super::check;
use crate::tree::Tree;

#[test]
fn swift_packages_and_xcode_projects() {
    check(
        r#"//- Package.swift
// swift-tools-version:5.7
let package = Package(
    name: "Shop",
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.50.0"),
        .package(url: "git@github.com:vapor/vapor.git", exact: "4.76.0"),
        // .package(url: "https://github.com/gone/away", from: "1.0.0"),
        .package(
            url: "https://github.com/me/branch",
            branch: "main"
        ),
        .package(path: "../Local"),
    ]
)
//- Package.resolved
{
  "pins" : [
    {
      "identity" : "swift-nio",
      "kind" : "remoteSourceControl",
      "location" : "https://github.com/Apple/swift-nio.git",
      "state" : { "revision" : "a", "version" : "2.54.0" }
    },
    {
      "identity" : "vapor",
      "kind" : "remoteSourceControl",
      "location" : "https://github.com/vapor/vapor.git",
      "state" : { "revision" : "b", "version" : "4.76.0" }
    },
    {
      "identity" : "swift-log",
      "kind" : "remoteSourceControl",
      "location" : "https://github.com/apple/swift-log",
      "state" : { "revision" : "c", "version" : "1.5.2" }
    }
  ],
  "version" : 2
}
//- ios/App.xcodeproj/project.pbxproj
/* Begin XCRemoteSwiftPackageReference section */
		AB12 /* XCRemoteSwiftPackageReference "Alamofire" */ = {
			isa = XCRemoteSwiftPackageReference;
			repositoryURL = "https://github.com/Alamofire/Alamofire";
			requirement = {
				kind = exactVersion;
				version = 5.7.0;
			};
		};
		AB13 = {
			isa = XCRemoteSwiftPackageReference;
			repositoryURL = "https://github.com/onevcat/Kingfisher.git";
			requirement = {
				kind = upToNextMajorVersion;
				minimumVersion = 7.0.0;
			};
		};
//- ios/App.xcodeproj/project.xcworkspace/xcshareddata/swiftpm/Package.resolved
{
  "object": {
    "pins": [
      {
        "package": "Kingfisher",
        "repositoryURL": "https://github.com/onevcat/Kingfisher.git",
        "state": { "branch": null, "revision": "d", "version": "7.8.1" }
      }
    ]
  },
  "version": 1
}
//- pods/Podfile.lock
PODS:
  - AFNetworking/NSURLSession (4.0.1):
    - AFNetworking/Reachability
  - AFNetworking/Reachability (4.0.1)
  - Firebase/Core (10.11.0):
    - GoogleUtilities (~> 7.8)
  - GoogleUtilities (7.11.1)
  - Mine (0.1.0)

DEPENDENCIES:
  - AFNetworking/NSURLSession (~> 4.0)
  - Firebase/Core
  - Mine (from `../`)

EXTERNAL SOURCES:
  Mine:
    :path: "../"
"#,
        &expect![[r#"
            Package.resolved: Package.resolved v2, -, 3
            Package.swift: Package.swift, -, 3
            ios/App.xcodeproj/project.pbxproj: Xcode project, -, 2
            ios/App.xcodeproj/project.xcworkspace/xcshareddata/swiftpm/Package.resolved: Package.resolved v1, -, 1
            pods/Podfile.lock: Podfile.lock, -, 3
              AFNetworking 4.0.1 direct runtime [pods/Podfile.lock:2]
              Firebase 10.11.0 direct runtime [pods/Podfile.lock:5]
              GoogleUtilities 7.11.1 through runtime via Firebase > GoogleUtilities [pods/Podfile.lock:7]
              github.com/Alamofire/Alamofire 5.7.0 direct runtime (exactVersion 5.7.0) [ios/App.xcodeproj/project.pbxproj:4]
              github.com/apple/swift-log 1.5.2 through runtime [Package.resolved:16]
              github.com/Apple/swift-nio 2.54.0 direct runtime (from: "2.50.0") [Package.swift:5 Package.resolved:4]
              github.com/me/branch ? direct runtime (branch: "main") [Package.swift:8]
              github.com/onevcat/Kingfisher 7.8.1 direct runtime (upToNextMajorVersion 7.0.0) [ios/App.xcodeproj/project.pbxproj:12 ios/App.xcodeproj/project.xcworkspace/xcshareddata/swiftpm/Package.resolved:5]
              github.com/vapor/vapor 4.76.0 direct runtime (exact: "4.76.0") [Package.swift:6 Package.resolved:10]
        "#]],
    );
}

#[test]
fn elixir_and_erlang() {
    check(
        r#"//- mix.exs
defmodule Shop.MixProject do
  use Mix.Project
  def project do
    [
      app: :shop,
      deps: deps()
    ]
  end
  defp deps do
    [
      {:phoenix, "~> 1.7.2"}, # the framework
      {:credo, "~> 1.7", only: [:dev, :test], runtime: false},
      {:esbuild, "~> 0.7", runtime: false},
      {:jason, "== 1.4.0"},
      {:shared, in_umbrella: true},
      {:forked, github: "me/forked"},
      {:telemetry_metrics,
       "~> 0.6", optional: true}
    ]
  end
end
//- mix.lock
%{
  "credo": {:hex, :credo, "1.7.0", "aa", [:mix], [{:jason, "~> 1.0", [hex: :jason, repo: "hexpm", optional: false]}], "hexpm", "bb"},
  "forked": {:git, "https://github.com/me/forked.git", "cc", []},
  "jason": {:hex, :jason, "1.4.0", "dd", [:mix], [{:decimal, "~> 1.0 or ~> 2.0", [hex: :decimal, repo: "hexpm", optional: true]}], "hexpm", "ee"},
  "phoenix": {:hex, :phoenix, "1.7.2", "ff", [:mix], [{:plug, "~> 1.14", [hex: :plug, repo: "hexpm", optional: false]}], "hexpm", "gg"},
  "plug": {:hex, :plug, "1.14.2", "hh", [:mix], [], "hexpm", "ii"},
}
//- erlang/rebar.lock
{"1.2.0",
[{<<"cowboy">>,{pkg,<<"cowboy">>,<<"2.10.0">>},0},
 {<<"cowlib">>,{pkg,<<"cowlib">>,<<"2.12.1">>},1},
 {<<"lager">>,
  {git,"https://github.com/erlang-lager/lager.git",
       {ref,"aabbcc"}},
  0}]}.
[
{pkg_hash,[
 {<<"cowboy">>, <<"FF">>}]}
].
"#,
        &expect![[r#"
            erlang/rebar.lock: rebar.lock, -, 3
            mix.exs: mix.exs, shop, 6
            mix.lock: mix.lock, -, 5
              cowboy 2.10.0 direct runtime [erlang/rebar.lock:2]
              cowlib 2.12.1 through runtime [erlang/rebar.lock:3]
              credo 1.7.0 direct dev (~> 1.7) [mix.exs:12 mix.lock:2]
              esbuild ? direct build (~> 0.7) [mix.exs:13]
              forked ? direct runtime [mix.exs:16 mix.lock:3]
              jason 1.4.0 direct runtime (== 1.4.0) [mix.exs:14 mix.lock:4]
              lager ? direct runtime [erlang/rebar.lock:5]
              phoenix 1.7.2 direct runtime (~> 1.7.2) [mix.exs:11 mix.lock:5]
              plug 1.14.2 through runtime via phoenix > plug [mix.lock:6]
              telemetry_metrics ? direct optional (~> 0.6) [mix.exs:17]
        "#]],
    );
}

#[test]
fn workflows_and_images() {
    check(
        r#"//- .github/workflows/ci.yml
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@64ed1c7eab4cce3362f8c340dee64e5eaeef8f7c # v3.6.0
      - name: analysis
        uses: github/codeql-action/init@v2.3.4
        with:
          uses: nobody/nothing@v1
      - uses: ./.github/actions/own
      - uses: docker://alpine:3.18
      - run: |
          echo "uses: not/this@v1"
  reused:
    uses: octo/flows/.github/workflows/release.yml@main
//- .github/actions/own/action.yml
runs:
  using: composite
  steps:
    - uses: actions/cache@v3.3.1
//- Dockerfile
ARG NODE=18.16
ARG EMPTY
FROM --platform=$BUILDPLATFORM node:${NODE}-alpine AS build
RUN echo "FROM nowhere"
FROM build AS test
FROM registry.example:5000/team/base@sha256:abcdef
FROM ${EMPTY}
FROM ${UNKNOWN:-docker.io/library/debian}:bookworm
FROM scratch
FROM nginx:latest
"#,
        &expect![[r#"
            .github/actions/own/action.yml: action, -, 1
            .github/workflows/ci.yml: workflow, -, 5
            Dockerfile: Dockerfile, -, 4
              alpine 3.18 direct build (3.18) [.github/workflows/ci.yml:13]
              debian bookworm direct runtime (bookworm) [Dockerfile:8]
              nginx ? direct runtime (latest) [Dockerfile:10]
              node 18.16-alpine direct runtime (18.16-alpine) [Dockerfile:3]
              registry.example:5000/team/base sha256:abcdef direct runtime (sha256:abcdef) [Dockerfile:6]
              actions/cache v3.3.1 direct build (v3.3.1) [.github/actions/own/action.yml:4]
              actions/checkout ? direct build (v4) [.github/workflows/ci.yml:6]
              actions/setup-node v3.6.0 direct build (64ed1c7eab4cce3362f8c340dee64e5eaeef8f7c) [.github/workflows/ci.yml:7]
              github/codeql-action v2.3.4 direct build (v2.3.4) [.github/workflows/ci.yml:9]
              octo/flows ? direct build (main) [.github/workflows/ci.yml:17]
        "#]],
    );
}

#[test]
fn native_and_scientific_packages() {
    check(
        r#"//- vcpkg.json
{
  "name": "shop",
  "license": "BSL-1.0",
  "dependencies": [
    "fmt",
    { "name": "openssl", "version>=": "3.0.8" },
    { "name": "protobuf", "host": true },
    { "name": "shop", "default-features": false }
  ],
  "overrides": [ { "name": "fmt", "version": "9.1.0#1" } ],
  "features": { "net": { "dependencies": [ "curl" ] } }
}
//- two/conan.lock
{
    "version": "0.5",
    "requires": [
        "zlib/1.2.13#97d5730b529b4224045fe7090592d4c1%1692672717.68",
        "openssl/3.1.1"
    ],
    "build_requires": [
        "cmake/3.26.4#x"
    ],
    "python_requires": []
}
//- one/conanfile.txt
[requires]
boost/1.81.0
[options]
boost:shared=True
//- one/conan.lock
{
 "graph_lock": {
  "nodes": {
   "0": { "options": "", "requires": [ "1" ], "path": "conanfile.txt" },
   "1": { "ref": "boost/1.81.0", "requires": [ "2" ] },
   "2": { "ref": "bzip2/1.0.8" }
  }
 },
 "version": "0.4"
}
//- environment.yml
name: lab
channels: [conda-forge]
dependencies:
  - python=3.11
  - numpy=1.24.3=py311_0
  - conda-forge::scipy>=1.10,<2
  - pandas==2.0.2
  - pip:
      - requests==2.31.0
      - -r more.txt
//- renv.lock
{
  "R": { "Version": "4.3.0" },
  "Packages": {
    "R6": { "Package": "R6", "Version": "2.5.1", "Source": "Repository" },
    "dplyr": { "Package": "dplyr", "Version": "1.1.2", "Requirements": ["R6"] }
  }
}
//- cabal.project.freeze
active-repositories: hackage.haskell.org:merge
constraints: any.aeson ==2.1.2.1,
             aeson -cffi +ordered-keymap,
             any.text ==2.0.2
"#,
        &expect![[r#"
            cabal.project.freeze: cabal.project.freeze, -, 2
            environment.yml: environment.yml, -, 5
            one/conan.lock: conan.lock v0.4, -, 2
            one/conanfile.txt: conanfile.txt, -, 1
            renv.lock: renv.lock, -, 2
            two/conan.lock: conan.lock v0.5, -, 3
            vcpkg.json: vcpkg.json, shop BSL-1.0, 4
              R6 2.5.1 through runtime [renv.lock:4]
              dplyr 1.1.2 through runtime [renv.lock:5]
              boost 1.81.0 direct runtime (1.81.0) [one/conanfile.txt:2 one/conan.lock:5]
              bzip2 1.0.8 through runtime via boost > bzip2 [one/conan.lock:6]
              cmake 3.26.4 through build [two/conan.lock:8]
              openssl 3.1.1 through runtime [two/conan.lock:5]
              zlib 1.2.13 through runtime [two/conan.lock:4]
              numpy 1.24.3 direct runtime (=1.24.3=py311_0) [environment.yml:5]
              pandas 2.0.2 direct runtime (==2.0.2) [environment.yml:7]
              python ? direct runtime (=3.11) [environment.yml:4]
              scipy ? direct runtime (>=1.10,<2) [environment.yml:6]
              aeson 2.1.2.1 through runtime [cabal.project.freeze:2]
              text 2.0.2 through runtime [cabal.project.freeze:4]
              requests 2.31.0 direct runtime (==2.31.0) [environment.yml:9]
              curl ? direct optional [vcpkg.json:11]
              fmt 9.1.0 direct runtime [vcpkg.json:5]
              openssl ? direct runtime (>=3.0.8) [vcpkg.json:6]
              protobuf ? direct build [vcpkg.json:7]
        "#]],
    );
}

#[test]
fn what_is_malformed_is_said_and_harms_nothing() {
    for (path, text) in [
        ("pom.xml", "<project><dependencies>"),
        ("pom.xml", "<settings/>"),
        ("a.csproj", "not xml"),
        ("packages.config", "<other/>"),
        ("packages.lock.json", "{}"),
        ("gradle.lockfile", "nonsense"),
        ("gradle/libs.versions.toml", "[versions"),
        ("gradle/verification-metadata.xml", "<a/>"),
        ("Gemfile.lock", "\u{1}"),
        ("composer.json", "[]"),
        ("composer.lock", "{\"packages\": [{}]}"),
        ("pubspec.yaml", "- a"),
        ("pubspec.lock", "a: b"),
        ("Package.resolved", "{\"version\": 2, \"pins\": [{}]}"),
        ("mix.lock", "nothing"),
        ("mix.lock", "%{\n\"a\": {:hex, :a},\n}"),
        ("rebar.lock", "nothing"),
        ("vcpkg.json", "{"),
        ("conan.lock", "{}"),
        ("renv.lock", "{}"),
        (".github/workflows/a.yml", "a: ["),
    ] {
        let tree = Tree::new(&format!("//- {path}\n{text}\n"));
        assert_eq!(tree.file(path).diagnostics, [SkipReason::Malformed], "{path}: {text}");
    }
}

#[test]
fn no_text_makes_a_reader_panic_or_slow() {
    let names = [
        "pom.xml",
        "a.csproj",
        "Directory.Packages.props",
        "packages.config",
        "packages.lock.json",
        "build.gradle",
        "build.gradle.kts",
        "gradle.lockfile",
        "gradle.properties",
        "libs.versions.toml",
        "verification-metadata.xml",
        "Gemfile",
        "a.gemspec",
        "Gemfile.lock",
        "composer.json",
        "composer.lock",
        "pubspec.yaml",
        "pubspec.lock",
        "Package.swift",
        "Package.resolved",
        "project.pbxproj",
        "Podfile.lock",
        "mix.exs",
        "mix.lock",
        "rebar.lock",
        ".github/workflows/a.yml",
        "Dockerfile",
        "vcpkg.json",
        "conan.lock",
        "conanfile.txt",
        "environment.yml",
        "renv.lock",
        "cabal.project.freeze",
    ];
    let parts = [
        "{",
        "}",
        "(",
        "[",
        "\"",
        "'",
        "${",
        "$",
        "<a",
        "<",
        "/>",
        "gem 'a', ",
        "dependencies { ",
        ".package(",
        "{:",
        "é",
        "<<\"",
        "FROM $",
        "implementation \"a:b:${",
        " (",
        "- ",
        "\n",
        "  ",
        "=",
        ",",
        "%{",
        "\"a\": {:hex, :",
    ];
    for name in names {
        for part in parts {
            for text in [part.to_owned(), part.repeat(3_000), format!("{part}\n").repeat(3_000)] {
                let file = SourceFile { path: name, executable: false, bytes: text.as_bytes() };
                examine(&file);
            }
        }
    }
}
