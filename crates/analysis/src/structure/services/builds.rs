//! Dockerfiles, and what continuous integration builds from them, added to what runs their images.

use std::collections::{BTreeMap, HashMap};

use super::{Draft, Said, image_name, of};
use crate::infra::{Unit, UnitSource};
use crate::report::ServiceKind;
use crate::structure::resolve::folder;

/// Parts at the end of an image's name by which it is found.
const PARTS: usize = 16;

/// Endings of file names that say for what a Dockerfile is, not of what.
const VARIANTS: &[&str] = &[
    "dev",
    "development",
    "prod",
    "production",
    "release",
    "debug",
    "local",
    "test",
    "tests",
    "ci",
    "build",
    "builder",
    "base",
    "alpine",
    "debian",
    "ubuntu",
    "slim",
    "distroless",
    "scratch",
    "arm",
    "arm64",
    "armv7",
    "amd64",
    "aarch64",
    "x86_64",
    "multi",
    "cross",
    "gpu",
    "cuda",
    "cpu",
    "rocm",
    "windows",
    "linux",
    "goreleaser",
    "buildx",
    "hot",
    "hotreload",
    "lint",
    "fpm",
    "apache",
    "tilt",
    "rootless",
    "next",
    "sqlite",
    "mysql",
    "mariadb",
    "postgres",
    "postgresql",
    "mssql",
];

/// Folders that hold Dockerfiles of anything.
const PLACES: &[&str] = &[
    "",
    ".",
    "app",
    "aws",
    "aws-beanstalk",
    "azure",
    "bin",
    "build",
    "container",
    "containers",
    "contrib",
    "deploy",
    "deployment",
    "docker",
    "document",
    "documents",
    "dockerfiles",
    "hack",
    "image",
    "images",
    "init",
    "install",
    "packaging",
    "script",
    "scripts",
    "sh",
    "src",
    "tools",
    "util",
    "utils",
];

/// Places in the list of services, by what a Dockerfile can be known by.
#[derive(Default)]
struct Index<'a> {
    paths: HashMap<&'a str, Vec<usize>>,
    /// In lower case.
    names: HashMap<String, Vec<usize>>,
    /// The fixed names of images, and the ends of them that begin with a part.
    images: HashMap<&'a str, Vec<usize>>,
    /// The first service with a Dockerfile in that folder.
    folders: HashMap<&'a str, usize>,
}

impl<'a> Index<'a> {
    fn of(drafts: &[Draft<'a>]) -> Self {
        let mut index = Self::default();
        for (place, draft) in drafts.iter().enumerate() {
            index.name(place, draft);
            index.image(place, draft);
            for path in draft.said.iter().filter_map(|(_, unit)| unit.dockerfile.as_deref()) {
                let known = index.paths.entry(path).or_default();
                if known.last() != Some(&place) {
                    known.push(place);
                }
            }
        }
        index
    }

    fn name(&mut self, place: usize, draft: &Draft<'a>) {
        self.names.entry(draft.name.to_ascii_lowercase()).or_default().push(place);
    }

    fn image(&mut self, place: usize, draft: &Draft<'a>) {
        let Some(image) = image_of(draft) else { return };
        let parts = image.rmatch_indices(['-', '_']).take(PARTS).map(|(at, _)| &image[at + 1..]);
        for end in parts.chain([image]) {
            self.images.entry(end).or_default().push(place);
        }
    }

    /// What may run an image of that name, in order; [`may_run`] says which of them does.
    fn named(&self, name: &str) -> Vec<usize> {
        let by_name = self.names.get(&name.to_ascii_lowercase());
        let by_image = self.images.get(name);
        let mut places: Vec<usize> = by_name.into_iter().chain(by_image).flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// Adds them to the services, or as services of their own. `names` are the names of packages by their folders.
pub(super) fn add<'a>(drafts: &mut Vec<Draft<'a>>, said: &[Said<'a>], names: &BTreeMap<&str, &str>) {
    let mut builds: HashMap<&str, Vec<Said<'a>>> = HashMap::new();
    for (path, unit) in of(said, UnitSource::Build) {
        if let Some(dockerfile) = unit.dockerfile.as_deref() {
            builds.entry(dockerfile).or_default().push((path, unit));
        }
    }
    let mut index = Index::of(drafts);
    for (path, unit) in of(said, UnitSource::Dockerfile).filter(|(path, _)| !is_for_tools(path)) {
        let built = builds.get(path).map(Vec::as_slice).unwrap_or_default();
        let image = built.iter().find_map(|(_, build)| fixed_name(build.image.as_deref()?));
        let name = image.map_or_else(|| name_of(path, unit, names), str::to_owned);
        let here = unit.folder.as_deref();
        let mut found = index.paths.get(path).cloned().unwrap_or_default();
        if found.is_empty() {
            found = index.named(&name);
            found.retain(|place| may_run(&drafts[*place], &name, here));
        }
        if found.is_empty() && is_variant(&unit.name) {
            found.extend(here.and_then(|here| index.folders.get(folder_of_variants(here))));
        }
        if found.is_empty() {
            let draft = Draft { name, said: Vec::new() };
            index.name(drafts.len(), &draft);
            found.push(drafts.len());
            drafts.push(draft);
        }
        for place in found {
            let draft = &mut drafts[place];
            let had_image = draft.first(|unit| unit.image.as_deref()).is_some();
            draft.said.push((path, unit));
            draft.said.extend(built);
            if !had_image {
                index.image(place, draft);
            }
            if let Some(here) = here {
                let first = index.folders.entry(folder_of_variants(here)).or_insert(place);
                *first = place.min(*first);
            }
        }
    }
}

/// Whether it builds what developers and pipelines work in, or is handed out as a beginning: by its folders.
fn is_for_tools(path: &str) -> bool {
    let tool = |part: &str| {
        matches!(part, ".devcontainer" | ".github" | ".gitlab" | ".circleci" | "ci" | ".ci")
            || part.split(['-', '_']).any(|word| matches!(word, "template" | "templates"))
    };
    folder(path).split('/').any(tool)
}

/// Whether a service may be what a Dockerfile of that name in that folder builds: by the name of its image, or where
/// that is not fixed by its own.
fn may_run(draft: &Draft<'_>, name: &str, folder: Option<&str>) -> bool {
    let elsewhere = draft.folder().is_some_and(|own| Some(own) != folder);
    if elsewhere || draft.is(UnitSource::Ingress) || is_ready_made(draft) {
        return false;
    }
    match image_of(draft) {
        None => draft.name.eq_ignore_ascii_case(name),
        // `shop-api` is the `api` of the shop.
        Some(image) => {
            image.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with(['-', '_']))
        }
    }
}

/// The name of the image that a service runs, where it is fixed.
fn image_of<'a>(draft: &Draft<'a>) -> Option<&'a str> {
    draft.first(|unit| unit.image.as_deref()).and_then(fixed_name)
}

fn is_ready_made(draft: &Draft<'_>) -> bool {
    matches!(
        draft.kind(),
        ServiceKind::Database | ServiceKind::Cache | ServiceKind::Queue | ServiceKind::Gateway
    )
}

fn is_variant(name: &str) -> bool {
    name.is_empty() || name.split(['.', '-', '_']).all(|part| VARIANTS.contains(&part))
}

/// What a Dockerfile builds: what its name says, else its folder, else the package of the root.
fn name_of(path: &str, unit: &Unit, names: &BTreeMap<&str, &str>) -> String {
    // `ui.tilt` is the variant of `ui`.
    let own: Vec<&str> = unit.name.split('.').filter(|part| !is_variant(part)).collect();
    if !own.is_empty() {
        return own.join(".");
    }
    let plain = |part: &&str| !(PLACES.contains(part) || is_variant(part) || is_version(part));
    let here = folder(path).rsplit('/').find(plain);
    let package = || {
        let part = names.get("")?.rsplit('/').find(|part| !is_version(part))?;
        // Maven names the group before the artifact.
        if let Some((_, artifact)) = part.rsplit_once(':') {
            return Some(artifact);
        }
        // A module may be named by its host alone: `miniflux.app/v2`.
        Some(part.split('.').next().filter(|first| !first.is_empty()).unwrap_or(part))
    };
    here.or_else(package).or(unit.program.as_deref()).unwrap_or("app").to_owned()
}

/// Whether a part of a path is the major version of a Go module.
fn is_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The folder of a Dockerfile without those at its end that only say which variant it is.
fn folder_of_variants(mut here: &str) -> &str {
    while let Some((above, last)) = here.rsplit_once('/') {
        if !is_variant(last) {
            break;
        }
        here = above;
    }
    here
}

/// [`image_name`], unless it is put together at run time.
fn fixed_name(image: &str) -> Option<&str> {
    Some(image_name(image)).filter(|name| !name.is_empty() && !name.contains(['$', '{', '}']))
}
