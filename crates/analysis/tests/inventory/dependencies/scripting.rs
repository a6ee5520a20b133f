//! RubyGems, Composer and Dart.

use expect_test::expect;

use super::check;

#[test]
fn bundler_with_groups_platforms_and_a_gem_of_its_own() {
    check(
        r#"//- Gemfile
source "https://rubygems.example"
gemspec
gem "rails", "~> 7.0", ">= 7.0.4" # the framework
gem 'pg', '1.5.3', platforms: [:mri]
gem "puma", require: false
gem "local", path: "../local"
gem "rubocop", group: [:development, :test], require: false
group :development, :test do
  gem "rspec-rails",
      "~> 6.0"
end
group :production do
  gem "newrelic_rpm"
end
//- shop.gemspec
Gem::Specification.new do |spec|
  spec.name = "shop"
  spec.license = "MIT"
  spec.add_dependency "rack", ">= 2.2", "< 4"
  spec.add_development_dependency("rake", "13.0.6")
end
//- Gemfile.lock
PATH
  remote: .
  specs:
    shop (0.1.0)
      rack (>= 2.2, < 4)

GEM
  remote: https://rubygems.example/
  specs:
    nokogiri (1.15.2-arm64-darwin)
      racc (~> 1.4)
    nokogiri (1.15.2-x86_64-linux)
      racc (~> 1.4)
    pg (1.5.3)
    puma (6.2.2)
    racc (1.7.0)
    rack (2.2.7)
    rails (7.0.5)
      nokogiri (>= 1.8.5)
      rack (~> 2.0, >= 2.2.4)
    rake (13.0.6)
    rspec-rails (6.0.3)
    rubocop (1.52.0)

PLATFORMS
  arm64-darwin
  x86_64-linux

DEPENDENCIES
  pg (= 1.5.3)
  puma
  rails (~> 7.0, >= 7.0.4)
  rspec-rails (~> 6.0)
  rubocop
  shop!

BUNDLED WITH
   2.4.13
"#,
        &expect![[r#"
            Gemfile: Gemfile, -, 6
            Gemfile.lock: Gemfile.lock, -, 9
            shop.gemspec: gemspec, shop MIT, 2
              newrelic_rpm ? direct dev [Gemfile:13]
              nokogiri 1.15.2 through dev via rails > nokogiri [Gemfile.lock:10]
              pg 1.5.3 direct dev (1.5.3) [Gemfile:4 Gemfile.lock:14]
              puma 6.2.2 direct dev [Gemfile:5 Gemfile.lock:15]
              racc 1.7.0 through dev via rails > nokogiri > racc [Gemfile.lock:16]
              rack 2.2.7 direct runtime (>= 2.2, < 4) [shop.gemspec:4 Gemfile.lock:17]
              rails 7.0.5 direct dev (~> 7.0, >= 7.0.4) [Gemfile:3 Gemfile.lock:18]
              rake 13.0.6 direct dev (13.0.6) [shop.gemspec:5 Gemfile.lock:21]
              rspec-rails 6.0.3 direct dev (~> 6.0) [Gemfile:9 Gemfile.lock:22]
              rubocop 1.52.0 direct dev [Gemfile:7 Gemfile.lock:23]
        "#]],
    );
}

#[test]
fn composer_with_licences_and_what_is_no_package() {
    check(
        r#"//- composer.json
{
    "name": "me/shop",
    "license": ["MIT", "GPL-2.0-only"],
    "require": {
        "php": "^8.1",
        "ext-json": "*",
        "Symfony/Console": "^6.2",
        "me/part": "self.version"
    },
    "require-dev": {
        "phpunit/phpunit": "10.1.3"
    }
}
//- composer.lock
{
    "content-hash": "x",
    "packages": [
        {
            "name": "psr/log",
            "version": "3.0.0",
            "license": ["MIT"]
        },
        {
            "name": "symfony/console",
            "version": "v6.2.10",
            "require": { "php": ">=8.1", "psr/log": "^1|^2|^3" },
            "license": ["MIT"]
        }
    ],
    "packages-dev": [
        {
            "name": "phpunit/phpunit",
            "version": "10.1.3",
            "license": ["BSD-3-Clause"]
        }
    ]
}
//- open/composer.json
{"require": {"monolog/monolog": "^2.0", "twig/twig": "v3.5.1"}}
"#,
        &expect![[r#"
            composer.json: composer.json, me/shop MIT OR GPL-2.0-only, 2
            composer.lock: composer.lock, -, 3
            open/composer.json: composer.json, -, 2
              monolog/monolog ? direct runtime (^2.0) [open/composer.json:1]
              phpunit/phpunit 10.1.3 direct dev (10.1.3) BSD-3-Clause [composer.json:11 composer.lock:18]
              psr/log 3.0.0 through runtime via symfony/console > psr/log MIT [composer.lock:5]
              symfony/console v6.2.10 direct runtime (^6.2) MIT [composer.json:7 composer.lock:10]
              twig/twig v3.5.1 direct runtime (v3.5.1) [open/composer.json:1]
        "#]],
    );
}

#[test]
fn dart_with_its_sdk_left_out() {
    check(
        r#"//- pubspec.yaml
name: shop
environment:
  sdk: ">=3.0.0 <4.0.0"
dependencies:
  flutter:
    sdk: flutter
  http: ^0.13.5
  path: any
  here:
    path: ../here
dev_dependencies:
  lints: 2.1.0
//- pubspec.lock
packages:
  async:
    dependency: transitive
    description:
      name: async
      url: "https://pub.example"
    source: hosted
    version: "2.11.0"
  flutter:
    dependency: "direct main"
    description: flutter
    source: sdk
    version: "0.0.0"
  http:
    dependency: "direct main"
    source: hosted
    version: "0.13.6"
  lints:
    dependency: "direct dev"
    source: hosted
    version: "2.1.0"
  path:
    dependency: "direct main"
    source: hosted
    version: "1.8.3"
sdks:
  dart: ">=3.0.0 <4.0.0"
"#,
        &expect![[r#"
            pubspec.lock: pubspec.lock, -, 4
            pubspec.yaml: pubspec.yaml, shop, 3
              async 2.11.0 through runtime [pubspec.lock:2]
              http 0.13.6 direct runtime (^0.13.5) [pubspec.yaml:7 pubspec.lock:14]
              lints 2.1.0 direct dev (2.1.0) [pubspec.yaml:12 pubspec.lock:18]
              path 1.8.3 direct runtime [pubspec.yaml:8 pubspec.lock:22]
        "#]],
    );
}
