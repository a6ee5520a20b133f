//! Frameworks, tools and services in use, each with what shows it: a file that only it reads, a line in such a file,
//! or a dependency. What shows what is data (`data/inventory/stack.toml`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use serde::{Deserialize, Serialize};

use super::globs::Globs;
use super::role::role_of;
use super::{Examined, FileInventory};
use crate::advisories::normal_name;
use crate::report::{Role, Scope, Span, TechCategory, Technology};
use crate::table;

/// How many places a technology lists.
const EVIDENCE: usize = 5;
/// Larger configuration files are not searched for images.
const LARGEST: usize = 1 << 20;

/// Evidence in one file that a technology is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Its usual name.
    pub technology: String,
    /// What kind of thing it is.
    pub category: TechCategory,
    /// The line that shows it; 0 when the file as a whole does.
    pub line: u32,
}

/// One technology as `stack.toml` has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    category: TechCategory,
    #[serde(default)]
    files: Vec<String>,
    /// Words of which one must stand in such a file before it shows it: other programs have files of that name, too.
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    packages: Vec<String>,
    #[serde(default)]
    images: Vec<String>,
    /// Packages of Go of which one must be imported before a module of Go shows it: a module can hold a driver and
    /// things that are used without it.
    #[serde(default)]
    imports: Vec<String>,
}

struct Stack {
    known: Vec<(String, Known)>,
    files: Globs,
    /// By ecosystem and name; a name that ends in `*` is kept in `prefixes`.
    packages: HashMap<(String, String), usize>,
    prefixes: Vec<(String, String, usize)>,
    images: AhoCorasick,
    of_image: Vec<usize>,
    image_files: Globs,
}

#[expect(clippy::expect_used, reason = "the data is part of the program, and a test reads it")]
static STACK: LazyLock<Stack> =
    LazyLock::new(|| read(table!("inventory/stack")).expect("data/inventory/stack.toml is well formed"));

fn read(text: &str) -> Result<Stack, String> {
    #[derive(Deserialize)]
    struct File {
        image_files: Vec<String>,
        technology: BTreeMap<String, Known>,
    }
    let file: File = table::read(text).map_err(|error| error.to_string())?;
    let globs = |patterns: Vec<(String, usize)>| {
        Globs::new(patterns.iter().map(|(pattern, at)| (pattern.as_str(), *at)))
            .map_err(|error| error.to_string())
    };
    // A pattern that begins at the root holds there alone.
    let anywhere = |pattern: &String| match pattern.strip_prefix('/') {
        Some(rooted) => rooted.to_owned(),
        None => format!("{{**/,}}{pattern}"),
    };
    let mut files = Vec::new();
    let (mut packages, mut prefixes) = (HashMap::new(), Vec::new());
    let (mut images, mut of_image) = (Vec::new(), Vec::new());
    let known: Vec<(String, Known)> = file.technology.into_iter().collect();
    for (at, (name, known)) in known.iter().enumerate() {
        files.extend(known.files.iter().map(|pattern| (anywhere(pattern), at)));
        for package in &known.packages {
            let (ecosystem, package) = package.split_once(':').ok_or_else(|| format!("{name}: {package}"))?;
            match package.strip_suffix('*') {
                Some(prefix) => prefixes.push((ecosystem.to_owned(), prefix.to_owned(), at)),
                None => {
                    packages.insert((ecosystem.to_owned(), package.to_owned()), at);
                }
            }
        }
        for image in &known.images {
            images.push(image.as_str());
            of_image.push(at);
        }
    }
    let images = AhoCorasickBuilder::new().build(&images).map_err(|error| error.to_string())?;
    Ok(Stack {
        files: globs(files)?,
        image_files: globs(file.image_files.iter().map(|pattern| (anywhere(pattern), 0)).collect())?,
        known,
        packages,
        prefixes,
        images,
        of_image,
    })
}

/// What the name of the file shows, and the images it names where it is a file that names images.
pub(super) fn signals(path: &str, text: &str) -> Vec<Signal> {
    let stack = &*STACK;
    let mut found: BTreeMap<usize, u32> = BTreeMap::new();
    found.extend(stack.files.matches(path).into_iter().map(|at| (at, 0)));
    if text.len() <= LARGEST && stack.image_files.is_match(path) {
        for (number, line) in (1..).zip(text.lines()) {
            let Some(image) = image(line) else { continue };
            for hit in stack.images.find_iter(image) {
                // The whole name of the image: `postgres`, `library/postgres`, `postgres:16`, not `my-postgres-tool`.
                let before = image[..hit.start()].chars().next_back();
                let after = image[hit.end()..].chars().next();
                if before.is_none_or(|c| c == '/') && after.is_none_or(|c| matches!(c, ':' | '@' | ' ')) {
                    found.entry(stack.of_image[hit.pattern().as_usize()]).or_insert(number);
                }
            }
        }
    }
    found
        .into_iter()
        .filter(|(at, line)| *line > 0 || stack.known[*at].1.is_shown_by(text))
        .map(|(at, line)| {
            let (name, known) = &stack.known[at];
            Signal { technology: name.clone(), category: known.category, line }
        })
        .collect()
}

/// The image a line of a Dockerfile, a compose file or a manifest of Kubernetes names.
fn image(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches("- ");
    let value = line
        .strip_prefix("image:")
        .or_else(|| line.strip_prefix("FROM "))
        .or_else(|| line.strip_prefix("from "))?;
    Some(value.trim().trim_matches(['"', '\'']))
}

/// Technologies by category and name, each with at most five places that show it: files first, then manifests.
///
/// Only what ships or builds says what a repository is made of. Vendored files, fixtures, samples, benchmarks,
/// templates and documentation show nothing; tests show only what tests and checks are run with. `imports` are the
/// packages that code outside tests imports.
pub fn stack(files: &[Examined], imports: &BTreeSet<&str>) -> Vec<Technology> {
    let stack = &*STACK;
    let shows = |(path, _, inventory): &&Examined| {
        !(inventory.vendored || super::classify::is_fixture(path) || super::classify::is_sample(path))
    };
    let says = |(_, _, inventory): &&Examined| !inventory.signals.is_empty() || inventory.manifest.is_some();
    let mut in_order: Vec<&Examined> = files.iter().filter(says).filter(shows).collect();
    in_order.sort_by_key(|(path, ..)| (path.matches('/').count(), *path));
    let mut found: BTreeMap<(TechCategory, &str), Vec<Span>> = BTreeMap::new();
    let counts = |category, inventory: &FileInventory| {
        !inventory.test || matches!(category, TechCategory::Test | TechCategory::Ci)
    };
    // What pipelines start to test against, and tools and documentation use, the program is not made of.
    let is_part =
        |category| matches!(category, TechCategory::Framework | TechCategory::Library | TechCategory::Data);
    let beside = |path: &str, category| {
        let tool = matches!(role_of(path), Role::Tool | Role::Docs)
            || path.split('/').any(|part| matches!(part, ".ddev" | ".devcontainer"));
        (is_part(category) && (tool || path.starts_with(".github/")))
            || (category == TechCategory::Deploy && tool)
    };
    for (path, _, inventory) in &in_order {
        let shows = |category| counts(category, inventory) && !beside(path, category);
        for signal in inventory.signals.iter().filter(|signal| shows(signal.category)) {
            let place = Span { path: (*path).to_owned(), start: signal.line, end: signal.line };
            found.entry((signal.category, &signal.technology)).or_default().push(place);
        }
    }
    let own = own_packages(files);
    let programs = own_programs(files, &found);
    found.retain(|(_, technology), _| !programs.contains(*technology));
    // A framework that has a language of its own is a part of what is written in it.
    let is_written_in = |language: &str| {
        let is = |(_, _, inventory): &&Examined| inventory.language.as_deref() == Some(language);
        let ships = |(_, _, inventory): &&Examined| !(inventory.test || inventory.documentation);
        files.iter().filter(is).filter(ships).any(|file| shows(&file))
    };
    let asked = super::join::asked(files);
    for (path, _, inventory) in &in_order {
        let Some(manifest) = &inventory.manifest else { continue };
        let requirements = asked.get(*path).into_iter().flatten();
        for requirement in requirements.filter(|requirement| requirement.direct) {
            let Some(at) = stack.by_package(&manifest.ecosystem, &requirement.name) else { continue };
            let (name, known) = &stack.known[at];
            let used = manifest.ecosystem != "Go" || known.is_imported(imports);
            // What is only tested with is not what a project is made of, nor are the extras of a Python package;
            // features of a crate mostly are.
            let aside = requirement.scope == Scope::Dev
                || (requirement.scope == Scope::Optional && manifest.ecosystem == "PyPI");
            // What the code imports is a part of it, wherever npm asks for it: a bundler takes it along. Extras of a
            // Python package are imported where they are there.
            let bundled = || manifest.ecosystem != "PyPI" && is_imported(&requirement.name, imports);
            let written = || is_written_in(name);
            let ships = !(aside && is_part(known.category)) || bundled() || written();
            let is_own =
                requirement.local || own.contains(&(manifest.ecosystem.as_str(), requirement.name.as_str()));
            let shown = counts(known.category, inventory) && !beside(path, known.category);
            if used && ships && !is_own && shown {
                let place = Span::lines(*path, requirement.line, requirement.line);
                found.entry((known.category, name)).or_default().push(place);
            }
        }
    }
    found
        .into_iter()
        .map(|((category, name), mut evidence)| {
            evidence.truncate(EVIDENCE);
            Technology { name: name.to_owned(), category, evidence }
        })
        .collect()
}

/// Whether code outside tests imports a package by its name, whole or in part.
fn is_imported(name: &str, imports: &BTreeSet<&str>) -> bool {
    let part = |import: &&str| import.strip_prefix(name).is_some_and(|rest| rest.starts_with(['/', '.']));
    imports.contains(name) || imports.range(name..).take_while(|import| import.starts_with(name)).any(part)
}

/// The packages that the repository itself is: its own product is not what it is made of.
fn own_packages<'a>(files: &[Examined<'a>]) -> BTreeSet<(&'a str, &'a str)> {
    let manifests = files.iter().filter_map(|(_, _, inventory)| inventory.manifest.as_deref());
    manifests
        .filter_map(|manifest| Some((manifest.ecosystem.as_str(), manifest.package.as_deref()?)))
        .collect()
}

/// The technologies that the repository is itself, though no manifest says so: a program in C is named after its main
/// file, or the files of its tools are, such as `nginx.c` and `redis-cli.c`. A file named after the whole may be of a client
/// as well: then it is only known for the program itself where no image of it is started anywhere.
fn own_programs(
    files: &[Examined<'_>],
    found: &BTreeMap<(TechCategory, &str), Vec<Span>>,
) -> BTreeSet<String> {
    let of_c = files.iter().filter(|(_, _, inventory)| {
        let ours = !(inventory.vendored || inventory.test || inventory.generated);
        ours && inventory.language.as_deref().is_some_and(|language| matches!(language, "C" | "C++"))
    });
    let stems: BTreeSet<&str> =
        of_c.filter_map(|(path, ..)| path.rsplit('/').next()?.split('.').next()).collect();
    let is_own = |name: &str, places: &[Span]| {
        let tools = ["-cli", "-server"].iter().any(|end| stems.contains(format!("{name}{end}").as_str()));
        // An image has a line; what a file is named shows as a whole.
        tools || (stems.contains(name) && places.iter().all(|place| place.start == 0))
    };
    let own = found.iter().filter(|((_, name), places)| is_own(&name.to_lowercase(), places));
    own.map(|((_, name), _)| (*name).to_owned()).collect()
}

impl Known {
    fn is_shown_by(&self, text: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| text.contains(word.as_str()))
    }

    fn is_imported(&self, imports: &BTreeSet<&str>) -> bool {
        self.imports.is_empty() || self.imports.iter().any(|package| imports.contains(package.as_str()))
    }
}

impl Stack {
    fn by_package(&self, ecosystem: &str, name: &str) -> Option<usize> {
        let name = normal_name(ecosystem, name);
        self.packages.get(&(ecosystem.to_owned(), name.to_string())).copied().or_else(|| {
            let fits = |(of, prefix, _): &&(String, String, usize)| {
                of == ecosystem && name.starts_with(prefix.as_str())
            };
            self.prefixes.iter().find(fits).map(|(_, _, at)| *at)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str, text: &str) -> Vec<(String, u32)> {
        signals(path, text).into_iter().map(|signal| (signal.technology, signal.line)).collect()
    }

    #[test]
    fn files_and_images_show_what_is_used() {
        assert_eq!(names("a/vite.config.ts", ""), [("Vite".to_owned(), 0)]);
        assert_eq!(names(".github/workflows/ci.yml", "on: push"), [("GitHub Actions".to_owned(), 0)]);
        let compose = "services:\n  db:\n    image: postgres:16\n  x:\n    image: \"me/my-redis-tool\"\n";
        assert_eq!(
            names("docker-compose.yml", compose),
            [("Docker Compose".to_owned(), 0), ("PostgreSQL".to_owned(), 3)]
        );
        assert_eq!(names("src/main.rs", "image: postgres"), []);
    }

    #[test]
    fn packages_show_what_is_used_by_name_or_prefix() {
        let name = |at: Option<usize>| at.map(|at| STACK.known[at].0.as_str());
        assert_eq!(name(STACK.by_package("npm", "react")), Some("React"));
        assert_eq!(name(STACK.by_package("npm", "@angular/core")), Some("Angular"));
        assert_eq!(name(STACK.by_package("PyPI", "Django")), Some("Django"));
        assert_eq!(name(STACK.by_package("npm", "reactor")), None);
        let starter = |of: &str| {
            STACK.by_package("Maven", &format!("org.springframework.boot:spring-boot-starter-{of}"))
        };
        assert_eq!(name(starter("data-redis")), Some("Redis"));
        assert_eq!(name(starter("web")), Some("Spring Boot"));
    }

    fn stack_of(files: &[(&'static str, &str)], imports: &[&str]) -> Vec<String> {
        let examined: Vec<(&str, crate::inventory::FileInventory)> = files
            .iter()
            .map(|(path, text)| {
                let file = crate::source::SourceFile { path, executable: false, bytes: text.as_bytes() };
                (*path, crate::inventory::examine(&file))
            })
            .collect();
        let refs: Vec<Examined> = examined.iter().map(|(path, facts)| (*path, 0, facts)).collect();
        let imports = imports.iter().copied().collect();
        stack(&refs, &imports).into_iter().map(|technology| technology.name).collect()
    }

    #[test]
    fn only_what_ships_or_builds_says_what_a_repository_is_made_of() {
        let files = [
            ("examples/queue/requirements.txt", "celery==5.2\n"),
            ("scripts/benchmarks/requirements.txt", "flake8==7.0\nnumpy==2.0\n"),
            ("docs/Makefile", "html:\n"),
            ("docs/requirements.txt", "pandas==2.0\n"),
            ("packages/create/template-vue/package.json", "{\"dependencies\": {\"vue\": \"3\"}}"),
            ("requirements.txt", "flask==3.0\n"),
            ("tests/requirements.txt", "pytest==8.0\npylint==3.0\n"),
        ];
        assert_eq!(stack_of(&files, &[]), ["Flask", "pytest"]);
    }

    #[test]
    fn neither_what_is_only_tested_with_nor_the_own_product_is_what_it_is_made_of() {
        let package = r#"{"name": "bundler", "dependencies": {"express": "5"}, "devDependencies": {"react": "19", "jest": "30"}}"#;
        assert_eq!(stack_of(&[("package.json", package)], &[]), ["Express", "Jest"]);
        assert_eq!(
            stack_of(&[("package.json", package)], &["react/jsx-runtime"]),
            ["Express", "React", "Jest"]
        );
        let vue = r#"{"devDependencies": {"vue": "2"}}"#;
        assert_eq!(
            stack_of(&[("package.json", vue), ("src/App.vue", "<template></template>\n")], &[]),
            ["Vue"]
        );
        assert_eq!(
            stack_of(&[("package.json", vue), ("tests/App.vue", "<template></template>\n")], &[]),
            [""; 0]
        );
        let server =
            [("conf/nginx.conf", "events {}\n"), ("src/core/nginx.c", "int main(void) { return 0; }\n")];
        assert_eq!(stack_of(&server, &[]), [""; 0], "its own product");
        assert_eq!(stack_of(&server[..1], &[]), ["Nginx"]);
        let cache = "services:\n  cache:\n    image: redis:7\n";
        let client = [("compose.yaml", cache), ("src/redis.c", "void get(void) {}\n")];
        assert_eq!(stack_of(&client, &[]), ["Redis", "Docker Compose"], "its client of another program");
        let tools = [("compose.yaml", cache), ("src/redis-cli.c", "int main(void) { return 0; }\n")];
        assert_eq!(stack_of(&tools, &[]), ["Docker Compose"]);
        let procfile = "web: bin/server\n";
        assert_eq!(stack_of(&[("Procfile", procfile)], &[]), ["Heroku"]);
        assert_eq!(stack_of(&[("docker/nginx/Procfile", procfile)], &[]), [""; 0]);
        let compose = "services:\n  db:\n    image: postgres:16\n";
        assert_eq!(stack_of(&[(".devcontainer/compose.yaml", compose)], &[]), [""; 0]);
        let files = [
            ("axum/Cargo.toml", "[package]\nname = \"axum\"\n\n[dependencies]\ntokio = \"1\"\n"),
            (
                "axum-extra/Cargo.toml",
                "[package]\nname = \"axum-extra\"\n\n[dependencies]\naxum = { path = \"../axum\", version = \"1\" }\n",
            ),
        ];
        assert_eq!(stack_of(&files, &[]), ["Tokio", "Cargo"]);
        let pom = "<project><dependencies><dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.11.0</version><scope>test</scope></dependency></dependencies></project>";
        assert_eq!(stack_of(&[("pom.xml", pom)], &[]), ["Maven", "JUnit"]);
    }

    #[test]
    fn a_files_name_is_not_enough_where_others_have_it_too() {
        for (path, other, own, name) in [
            ("manage.py", "import click\n", "os.environ['DJANGO_SETTINGS_MODULE']\n", "Django"),
            ("setup.py", "def setup():\n    pass\n", "from setuptools import setup\n", "setuptools"),
            ("Procfile", "api: go run ./api\n", "web: node server.js\n", "Heroku"),
        ] {
            assert_eq!(names(path, other), [], "{path}");
            assert_eq!(names(path, own), [(name.to_owned(), 0)], "{path}");
        }
    }

    #[test]
    fn what_tools_use_pipelines_start_and_extras_import_is_no_part_of_it() {
        let workflow = "jobs:\n  test:\n    services:\n      db:\n        image: mysql:8\n";
        let project = "[project]\nname = \"sdk\"\nversion = \"1\"\n[project.optional-dependencies]\nstarlette = [\"starlette>=0.19\"]\n";
        let files = [
            (".github/workflows/db.yml", workflow),
            ("contrib/Caddyfile", ":80\n"),
            ("pyproject.toml", project),
            ("test/test_helper.exs", "ExUnit.start()\n"),
            ("utils/check/requirements.txt", "redis==4.0\n"),
        ];
        assert_eq!(stack_of(&files, &["starlette"]), ["ExUnit", "GitHub Actions"]);
    }

    #[test]
    fn a_catalog_says_which_packages_a_build_script_of_gradle_names() {
        let catalog = "[versions]\nokhttp = \"5.0.0\"\n[libraries]\nokhttp-client = { module = \"com.squareup.okhttp3:okhttp\", version.ref = \"okhttp\" }\nunit = \"junit:junit:4.13.2\"\nunused = \"io.ktor:ktor-server-core:3.0.0\"\n";
        let script =
            "dependencies {\n  implementation(libs.okhttp.client)\n  testImplementation(libs.unit)\n}\n";
        let files = [("gradle/libs.versions.toml", catalog), ("app/build.gradle.kts", script)];
        assert_eq!(stack_of(&files, &[]), ["OkHttp", "Gradle", "JUnit"]);
    }

    #[test]
    fn a_module_that_also_holds_a_driver_is_no_driver() {
        let files = [("go.mod", "module x\n\nrequire go.mongodb.org/mongo-driver/v2 v2.0.0\n")];
        assert_eq!(stack_of(&files, &["go.mongodb.org/mongo-driver/v2/bson"]), ["Go modules"]);
        let both = ["go.mongodb.org/mongo-driver/v2/bson", "go.mongodb.org/mongo-driver/v2/mongo"];
        assert_eq!(stack_of(&files, &both), ["Go modules", "MongoDB"]);
    }
}
