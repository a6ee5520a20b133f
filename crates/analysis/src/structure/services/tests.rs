use std::collections::BTreeMap;

use super::{Services, services};
use crate::infra::{Unit, UnitSource, examine};
use crate::report::{Call, Service, ServiceKind};
use crate::source::SourceFile;
use crate::spent::spent;

/// The picture that some files give, as text: `name kind @folder`, then `from -> to kinds path:line ...`.
fn picture(files: &[(&str, &str)]) -> Vec<String> {
    let (services, calls) = read(files);
    let mut lines: Vec<String> = services
        .iter()
        .map(|one| {
            let folder = one.folder.as_ref().map(|folder| format!(" @{folder}")).unwrap_or_default();
            format!("{} {:?}{folder}", one.name, one.kind)
        })
        .collect();
    lines.extend(calls.iter().map(|call| {
        let ends = (&services[call.from as usize].name, &services[call.to as usize].name);
        let places: Vec<String> =
            call.evidence.iter().map(|span| format!("{}:{}", span.path, span.start)).collect();
        format!("{} -> {} {:?} {}", ends.0, ends.1, call.kinds, places.join(" "))
    }));
    lines
}

fn read(files: &[(&str, &str)]) -> (Vec<Service>, Vec<Call>) {
    let facts: Vec<(&str, Vec<Unit>)> = files
        .iter()
        .map(|(path, text)| {
            let file = SourceFile { path, executable: false, bytes: text.as_bytes() };
            (*path, examine(&file, false).unwrap().unwrap().units)
        })
        .collect();
    let units: Vec<(&str, &[Unit])> = facts.iter().map(|(path, units)| (*path, units.as_slice())).collect();
    let Services { running: services, calls, cut } = services(&units, &BTreeMap::from([("", "shop")]));
    assert_eq!(cut, None);
    (services, calls)
}

const COMPOSE: &str = "services:
  web:
    build: ./web
    depends_on:
      - api
  api:
    build:
      context: .
      dockerfile: api/Dockerfile
    environment:
      DATABASE_URL: postgres://u:p@db:5432/x
      CACHE_HOST: cache
      MAIL: smtp://mail.elsewhere.net
  db:
    image: postgres:17
  cache:
    image: redis:7
";

#[test]
fn a_compose_file_gives_services_and_their_calls() {
    assert_eq!(
        picture(&[
            ("docker-compose.yml", COMPOSE),
            ("docker-compose.override.yml", "services:\n  api:\n    links: [cache]\n"),
            ("api/Dockerfile", "FROM a:1\nENV UPSTREAM_URL=http://web:80\nCMD x\n"),
            ("tools/Dockerfile", "FROM a:1\nRUN x\n"),
        ]),
        [
            "api Own @api",
            "cache Cache",
            "db Database",
            "web Own @web",
            "api -> cache [Address, Link] docker-compose.override.yml:3 docker-compose.yml:12",
            "api -> db [Address] docker-compose.yml:11",
            "api -> web [Address] api/Dockerfile:2",
            "web -> api [DependsOn] docker-compose.yml:5",
        ]
    );
}

const CLUSTER: &str = "apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  template:
    metadata:
      labels: { app: api, tier: back }
    spec:
      containers:
        - name: a
          image: registry.internal.net/shop/api:3
          envFrom:
            - configMapRef: { name: settings }
---
apiVersion: v1
kind: Service
metadata: { name: api-svc }
spec:
  selector: { app: api }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  template:
    metadata:
      labels: { app: db }
    spec:
      containers:
        - name: db
          image: postgres:17
---
apiVersion: v1
kind: Service
metadata: { name: pg }
spec:
  selector: { app: db }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data:
  url: postgres://pg.shop.svc.cluster.local:5432/x
  other: https://pg.elsewhere.net
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: front }
spec:
  defaultBackend:
    service:
      name: api-svc
";

#[test]
fn a_cluster_gives_calls_through_names_configuration_and_ingresses() {
    assert_eq!(
        picture(&[("k8s/all.yaml", CLUSTER), ("services/api/Dockerfile", "FROM a:1\nCMD x\n")]),
        [
            "api Own @services/api",
            "db Database",
            "front Gateway",
            "api -> db [Address] k8s/all.yaml:33 k8s/all.yaml:43",
            "front -> api [Ingress] k8s/all.yaml:15 k8s/all.yaml:52",
        ]
    );
}

#[test]
fn continuous_integration_says_which_folder_an_image_comes_from() {
    let workflow = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: server\n          tags: ghcr.io/org/backend:latest\n";
    let compose = "services:\n  app:\n    image: ghcr.io/org/backend:1\n";
    assert_eq!(
        picture(&[
            (".github/workflows/ci.yml", workflow),
            ("docker-compose.yml", compose),
            ("server/Dockerfile", "FROM a:1\nCMD x\n"),
        ]),
        ["app Own @server"]
    );
}

#[test]
fn what_nothing_refers_to_is_named_after_its_place() {
    assert_eq!(
        picture(&[
            ("Dockerfile", "FROM a:1\nCMD x\n"),
            ("Dockerfile.dev", "FROM a:1\nCMD x\n"),
            ("Dockerfile.worker", "FROM a:1\nCMD x\n"),
            (".devcontainer/Dockerfile", "FROM a:1\nCMD x\n"),
            ("Procfile", "web: run\nrelease: migrate\n"),
        ]),
        ["shop Own @", "web Own @", "worker Own @"]
    );
}

#[test]
fn projects_do_not_mix() {
    let one = "services:\n  app:\n    build: .\n    depends_on: [db]\n  db:\n    image: postgres:17\n";
    let (services, calls) = read(&[("a/compose.yml", one), ("b/compose.yml", one)]);
    let names: Vec<&str> = services.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["app (a)", "app (b)", "db (a)", "db (b)"]);
    assert_eq!(calls.iter().map(|call| (call.from, call.to)).collect::<Vec<_>>(), [(0, 2), (1, 3)]);
    assert!(services.iter().all(|one| !one.evidence.is_empty() && one.width > 0.0));
    assert!(services[0].y < services[2].y && services[2].kind == ServiceKind::Database);
}

#[test]
fn as_many_things_as_a_repository_can_have_are_joined_in_no_time() {
    let all = 0..100_000_u32;
    let of = |source: UnitSource, name: &dyn Fn(u32) -> String| {
        let unit = |number| Unit { source, name: name(number), line: number, ..Unit::default() };
        all.clone().map(unit).collect::<Vec<Unit>>()
    };
    let compose = of(UnitSource::Compose, &|number| format!("w{number}"));
    let workloads = of(UnitSource::Workload, &|number| format!("W{number}"));
    let paths: Vec<String> = all.clone().map(|number| format!("x{number}/Dockerfile")).collect();
    let dockerfiles: Vec<Unit> = paths
        .iter()
        .map(|path| Unit {
            source: UnitSource::Dockerfile,
            dockerfile: Some(path.clone()),
            folder: path.split('/').next().map(str::to_owned),
            ..Unit::default()
        })
        .collect();
    let mut files: Vec<(&str, &[Unit])> = vec![("compose.yml", &compose), ("k8s.yml", &workloads)];
    files.extend(
        paths.iter().zip(&dockerfiles).map(|(path, unit)| (path.as_str(), std::slice::from_ref(unit))),
    );
    let (found, took) = spent(|| services(&files, &BTreeMap::new()));
    assert!(took < std::time::Duration::from_secs(20), "{took:?}");
    let Services { running: services, cut, .. } = found;
    assert_eq!(services.len(), 300);
    let cut = cut.unwrap().text;
    assert_eq!(
        cut,
        "Too many services: of 300000 statements about services 6000 were joined, and of 4000 services 300 are listed."
    );
    // A name in other letters is the same service.
    let joined = services.iter().find(|service| service.name == "w1").unwrap();
    assert_eq!(
        joined.evidence.iter().map(|span| &*span.path).collect::<Vec<_>>(),
        ["compose.yml", "k8s.yml"]
    );
}

#[test]
fn a_file_beside_a_compose_file_fills_its_variables() {
    let compose = "services:\n  shipping:\n    build: .\n    environment:\n      - QUOTE_ADDR\n      - MAIL=${MAIL_URL}\n  quote:\n    image: q:1\n  mail:\n    image: m:1\n";
    let settings = "# hosts\nQUOTE_ADDR=http://quote:${QUOTE_PORT}\nMAIL_URL=smtp://mail:25\n";
    let calls = |settings_path: &str| {
        let lines = picture(&[("compose.yaml", compose), (settings_path, settings)]);
        lines.into_iter().filter(|line| line.contains("->")).collect::<Vec<_>>()
    };
    assert_eq!(calls(".env"), ["shipping -> mail [Address] .env:3", "shipping -> quote [Address] .env:2"]);
    assert_eq!(calls("other/.env"), [""; 0], "of another project");
}

#[test]
fn variants_of_one_image_are_one_service_that_is_named_after_the_repository() {
    let docker = "FROM a:1\nCMD [\"x\"]\n";
    let names = |paths: &[&str], package: &str| {
        let facts: Vec<(&str, Vec<Unit>)> = paths
            .iter()
            .map(|path| {
                let file = SourceFile { path, executable: false, bytes: docker.as_bytes() };
                (*path, examine(&file, false).unwrap().unwrap().units)
            })
            .collect();
        let units: Vec<(&str, &[Unit])> = facts.iter().map(|(path, units)| (*path, &**units)).collect();
        let found = services(&units, &BTreeMap::from([("", package)])).running;
        found.into_iter().map(|one| one.name).collect::<Vec<_>>()
    };
    let packaging = ["packaging/docker/alpine/Dockerfile", "packaging/docker/debian/Dockerfile"];
    assert_eq!(names(&packaging, "miniflux.app/v2"), ["miniflux"]);
    assert_eq!(names(&["Dockerfile"], "github.com/argoproj/argo-cd/v3"), ["argo-cd"]);
    assert_eq!(names(&["scripts/docker/Dockerfile", "scripts/docker/Dockerfile-fpm"], "monica"), ["monica"]);
    assert_eq!(names(&["stable/rethinkdb/init/Dockerfile"], "charts"), ["rethinkdb"]);
    assert_eq!(names(&["ui/Dockerfile", "ui/ui.tilt.Dockerfile"], "shop"), ["ui"]);
    assert_eq!(names(&["document/sh/Dockerfile"], "com.macro.mall:mall"), ["mall"]);
    assert_eq!(names(&["Dockerfile", "Dockerfile-sqlite"], "shop"), ["shop"]);
    assert_eq!(names(&["wagtail/project_template/Dockerfile", "Dockerfile"], "wagtail"), ["wagtail"]);
}

#[test]
fn a_procfile_beside_manifests_starts_the_same_locally() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: argocd-redis\nspec:\n  containers:\n    - name: r\n      image: redis:7\n";
    let files = [("Procfile", "redis: redis-server\nweb: run\n"), ("manifests/redis.yaml", pod)];
    assert_eq!(picture(&files[..1]).len(), 2);
    assert_eq!(picture(&files), ["argocd-redis Cache"]);
}
