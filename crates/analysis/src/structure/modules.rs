//! Which folders the diagram shows: the repository's packages and their main parts, few enough to be read.

use std::collections::{BTreeMap, BTreeSet};

use super::resolve::folder;
use super::{ConfigFacts, StructureFile};
use crate::report::Module;

/// Boxes that a reader can still take in.
const MAX_MODULES: usize = 40;

/// Below this many, a folder is opened up.
const MIN_MODULES: usize = 6;

/// The modules and where each file belongs.
pub(super) struct Modules {
    pub modules: Vec<Module>,
    pub of_file: Vec<usize>,
}

/// Chooses the modules.
///
/// Every package's folder is one, and every folder of sources. Then the smallest part, by lines, of the deepest
/// is merged into the folder above it until at most [`MAX_MODULES`] are left: a package comes last, and nothing is
/// merged while fewer than that are left. A repository of a few folders is shown as it is.
pub(super) fn choose(files: &[StructureFile<'_>], configs: &[(&str, &ConfigFacts)]) -> Modules {
    let packages: BTreeSet<&str> = configs
        .iter()
        .filter(|(_, config)| match config {
            ConfigFacts::Package { name, .. } => name.is_some(),
            ConfigFacts::Cargo { krate, .. } => krate.is_some(),
            ConfigFacts::Go { .. } | ConfigFacts::Python { .. } | ConfigFacts::Composer { .. } => true,
            ConfigFacts::TypeScript { .. } => false,
        })
        .map(|(path, _)| folder(path))
        .collect();
    let mut lines: BTreeMap<&str, u64> = BTreeMap::new();
    for file in files {
        *lines.entry(folder(file.path)).or_default() += u64::from(file.lines) + 1;
    }
    let mut owner: BTreeMap<&str, &str> = lines.keys().map(|folder| (*folder, *folder)).collect();
    // Tests and examples of a package are one part each, however deep; so are small repositories' folders below
    // the third level.
    while lines.len() > MAX_MODULES {
        let cheapest = lines
            .iter()
            .filter(|(path, _)| !path.is_empty())
            .min_by_key(|(path, size)| (packages.contains(**path), cost(path, **size), **path))
            .map(|(path, size)| (*path, *size));
        let Some((path, size)) = cheapest else { break };
        let above = nearest_above(path, &lines);
        lines.remove(path);
        *lines.entry(above).or_default() += size;
        for owned in owner.values_mut().filter(|owned| **owned == path) {
            *owned = above;
        }
        // A folder that had no files of its own becomes one by what is merged into it.
        owner.entry(above).or_insert(above);
    }
    describe(files, &lines, &owner)
}

/// What is merged first: small parts, deep ones before others.
fn cost(path: &str, size: u64) -> u64 {
    let depth = path.matches('/').count() as u64;
    size / (depth * depth + 1)
}

/// The folder that takes a part in: the nearest one above that is a part already, or else the one right above,
/// as long as that is not the root.
fn nearest_above<'p>(path: &'p str, lines: &BTreeMap<&str, u64>) -> &'p str {
    let direct = folder(path);
    let mut above = direct;
    loop {
        if lines.contains_key(above) && (!above.is_empty() || direct.is_empty()) {
            return above;
        }
        if above.is_empty() {
            return direct;
        }
        above = folder(above);
    }
}

fn describe(
    files: &[StructureFile<'_>],
    lines: &BTreeMap<&str, u64>,
    owner: &BTreeMap<&str, &str>,
) -> Modules {
    let position: BTreeMap<&str, usize> =
        lines.keys().enumerate().map(|(index, path)| (*path, index)).collect();
    let labels = labels(lines.keys().copied());
    let mut modules: Vec<Module> = lines
        .keys()
        .zip(labels)
        .map(|(path, label)| Module {
            path: (*path).to_owned(),
            label,
            language: None,
            files: 0,
            code: 0,
            layer: 0,
            cyclic: false,
            x: 0.0,
            y: 0.0,
            width: 0.0,
            height: 0.0,
        })
        .collect();
    let mut languages: Vec<BTreeMap<&str, u64>> = vec![BTreeMap::new(); modules.len()];
    let mut of_file = Vec::with_capacity(files.len());
    for file in files {
        let own = folder(file.path);
        let index = owner.get(own).and_then(|owner| position.get(owner)).copied().unwrap_or(0);
        of_file.push(index);
        if let (Some(module), Some(languages)) = (modules.get_mut(index), languages.get_mut(index)) {
            module.files += 1;
            module.code = module.code.saturating_add(file.lines);
            *languages.entry(file.language).or_default() += u64::from(file.lines) + 1;
        }
    }
    for (module, languages) in modules.iter_mut().zip(languages) {
        let main = languages.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)));
        module.language = main.map(|(language, _)| language.to_owned());
    }
    Modules { modules, of_file }
}

/// The shortest ends of the paths that tell them apart: `src` alone says nothing when there are three.
fn labels<'p>(paths: impl Iterator<Item = &'p str>) -> Vec<String> {
    let paths: Vec<&str> = paths.collect();
    let end = |path: &str, segments: usize| {
        let parts: Vec<&str> = path.split('/').collect();
        parts.get(parts.len().saturating_sub(segments)..).unwrap_or_default().join("/")
    };
    let plain = ["src", "lib", "test", "tests", "internal", "pkg", "app", "main", "index"];
    paths
        .iter()
        .map(|path| {
            if path.is_empty() {
                return "(root)".to_owned();
            }
            let depth = path.matches('/').count() + 1;
            let unique = (1..=depth).find(|segments| {
                let label = end(path, *segments);
                let alone = paths.iter().filter(|other| end(other, *segments) == label).count() == 1;
                alone && !(plain.contains(&label.as_str()) && *segments < depth)
            });
            end(path, unique.unwrap_or(depth))
        })
        .collect()
}

const _: () = assert!(MIN_MODULES < MAX_MODULES);
