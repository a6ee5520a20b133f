//! Packages that come from an address instead of a registry.

use expect_test::expect;

use super::check;

#[test]
fn pnpm_names_the_address_where_a_version_stands() {
    check(
        r#"//- package.json
{"name": "shop", "dependencies": {"kit": "git+https://host.example/ada/kit.git"}}
//- pnpm-lock.yaml
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      kit:
        specifier: git+https://host.example/ada/kit.git
        version: https://host.example/ada/kit/tar.gz/0a1b(qs@6.11.0)
packages:
  kit@https://host.example/ada/kit/tar.gz/0a1b:
    resolution: {tarball: https://host.example/ada/kit/tar.gz/0a1b}
    version: 1.2.0
  qs@6.11.0:
    resolution: {integrity: sha512-x}
snapshots:
  kit@https://host.example/ada/kit/tar.gz/0a1b(qs@6.11.0):
    dependencies:
      qs: 6.11.0
  qs@6.11.0: {}
"#,
        &expect![[r#"
            package.json: package.json, shop, 1
            pnpm-lock.yaml: pnpm-lock.yaml v9.0, -, 2
              kit 1.2.0 direct runtime (git+https://host.example/ada/kit.git) [package.json:1 pnpm-lock.yaml:9]
              qs 6.11.0 through runtime via kit > qs [pnpm-lock.yaml:12]
        "#]],
    );
}
