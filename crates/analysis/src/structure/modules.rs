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
    let owner = merge(&mut lines, &packages);
    describe(files, &lines, &owner)
}

/// Merges parts until few enough are left; says which of them each folder went into. Whoever is next is looked up in
/// an ordered set: large repositories have ten thousand folders.
fn merge<'p>(lines: &mut BTreeMap<&'p str, u64>, packages: &BTreeSet<&str>) -> BTreeMap<&'p str, &'p str> {
    let rank = |path: &'p str, size: u64| (packages.contains(path), cost(path, size), path);
    let mut next: BTreeSet<(bool, u64, &str)> =
        lines.iter().filter(|(path, _)| !path.is_empty()).map(|(path, size)| rank(path, *size)).collect();
    let mut members: BTreeMap<&str, Vec<&str>> = lines.keys().map(|path| (*path, vec![*path])).collect();
    let mut seen: BTreeSet<&str> = lines.keys().copied().collect();
    while lines.len() > MAX_MODULES {
        let Some((_, _, path)) = next.pop_first() else { break };
        let size = lines.remove(path).unwrap_or_default();
        let above = nearest_above(path, lines);
        let whole = lines.entry(above).or_default();
        if !above.is_empty() {
            next.remove(&rank(above, *whole));
            next.insert(rank(above, *whole + size));
        }
        *whole += size;
        let moved = members.remove(path).unwrap_or_default();
        let part = members.entry(above).or_default();
        part.extend(moved);
        // A folder that had no files of its own becomes one by what is merged into it.
        if seen.insert(above) {
            part.push(above);
        }
    }
    members.into_iter().flat_map(|(owner, all)| all.into_iter().map(move |path| (path, owner))).collect()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What [`merge`] has to do, by looking at everything each time.
    fn slowly<'p>(
        lines: &mut BTreeMap<&'p str, u64>,
        packages: &BTreeSet<&str>,
    ) -> BTreeMap<&'p str, &'p str> {
        let mut owner: BTreeMap<&str, &str> = lines.keys().map(|path| (*path, *path)).collect();
        while lines.len() > MAX_MODULES {
            let rest = lines.iter().filter(|(path, _)| !path.is_empty());
            let cheapest =
                rest.min_by_key(|(path, size)| (packages.contains(**path), cost(path, **size), **path));
            let Some((path, size)) = cheapest.map(|(path, size)| (*path, *size)) else { break };
            let above = nearest_above(path, lines);
            lines.remove(path);
            *lines.entry(above).or_default() += size;
            owner.values_mut().filter(|owned| **owned == path).for_each(|owned| *owned = above);
            owner.entry(above).or_insert(above);
        }
        owner
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_smallest_part_is_merged_each_time(
            folders in prop::collection::btree_map("([a-c]{1,2}(/[a-c]{1,2}){0,4})?", 1_u64..500, 0..150),
            packages in prop::collection::btree_set("[a-c]{1,2}(/[a-c]{1,2}){0,1}", 0..20),
        ) {
            let packages: BTreeSet<&str> = packages.iter().map(String::as_str).collect();
            let lines: BTreeMap<&str, u64> = folders.iter().map(|(path, size)| (path.as_str(), *size)).collect();
            let (mut fast, mut slow) = (lines.clone(), lines);
            prop_assert_eq!(merge(&mut fast, &packages), slowly(&mut slow, &packages));
            prop_assert_eq!(fast, slow);
        }
    }
}
