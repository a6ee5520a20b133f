//! Which folders the diagram shows: the repository's packages and their main parts, few enough to be read.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;

use super::resolve::folder;
use super::{ConfigFacts, StructureFile};
use crate::report::Module;

/// Boxes that a reader takes in at a first look. What lies inside one is shown when it is opened.
const MAX_MODULES: usize = 15;

/// Tests and examples say less of how a program is built: so much of their lines counts.
const OF_TESTS: u64 = 10;

/// A package is a part by the word of its authors: it counts so many times.
const OF_PACKAGES: u64 = 2;

/// The modules and where each file belongs.
pub(crate) struct Modules {
    pub(crate) modules: Vec<Module>,
    pub(crate) of_file: Vec<usize>,
}

/// Chooses the modules of a repository.
pub(super) fn choose(files: &[StructureFile<'_>], configs: &[(&str, &ConfigFacts)]) -> Modules {
    let packages: BTreeSet<&str> = configs
        .iter()
        .filter(|(_, config)| match config {
            ConfigFacts::Package { name, .. } => name.is_some(),
            ConfigFacts::Cargo { krate, .. } => krate.is_some(),
            ConfigFacts::Go { .. } | ConfigFacts::Python { .. } | ConfigFacts::Composer { .. } => true,
            ConfigFacts::TypeScript { .. } | ConfigFacts::PythonPackage => false,
        })
        .map(|(path, _)| folder(path))
        .collect();
    let mut found = within("", files, &packages);
    let named =
        configs.iter().filter(|(path, _)| folder(path).is_empty()).find_map(|(_, config)| own_name(config));
    if let Some(name) = named.filter(|name| found.modules.iter().all(|module| module.label != *name))
        && let Some(root) = found.modules.iter_mut().find(|module| module.path.is_empty())
    {
        name.clone_into(&mut root.label);
    }
    found
}

/// What a manifest calls the package it describes, without its scope or its host.
fn own_name(config: &ConfigFacts) -> Option<&str> {
    let full = match config {
        ConfigFacts::Package { name, .. } => name.as_deref()?,
        ConfigFacts::Cargo { krate, .. } => krate.as_deref()?,
        // `example.com/owner/name/v2`: the last part is a version.
        ConfigFacts::Go { module, .. } => {
            let version = |part: &str| part.strip_prefix('v').is_some_and(|rest| rest.parse::<u32>().is_ok());
            module.rsplit_once('/').filter(|(_, last)| version(last)).map_or(&**module, |(above, _)| above)
        }
        _ => return None,
    };
    full.rsplit('/').next().filter(|name| !name.is_empty())
}

/// Chooses the modules among the files below a folder.
///
/// Where there are few folders of sources, each is one. Else the whole is divided again and again: the folder is taken
/// out that leaves the most even halves, by lines, until there are [`MAX_MODULES`]. So the boxes are the parts that the
/// program is really made of, however deep they lie, and many small folders beside each other stay one.
pub(crate) fn within(root: &str, files: &[StructureFile<'_>], packages: &BTreeSet<&str>) -> Modules {
    let mut lines: BTreeMap<&str, u64> = BTreeMap::new();
    // Files of one folder come together.
    for inside in files.chunk_by(|a, b| folder(a.path) == folder(b.path)) {
        let Some(first) = inside.first() else { continue };
        let weight = |file: &StructureFile<'_>| if file.test { 1 } else { OF_TESTS };
        let size: u64 = inside.iter().map(|file| (u64::from(file.lines) + 1) * weight(file)).sum();
        *lines.entry(folder(first.path)).or_default() += size;
    }
    let roots: BTreeSet<&str> = if lines.len() <= MAX_MODULES {
        lines.keys().copied().collect()
    } else {
        divide(root, &lines, packages)
    };
    let owner: HashMap<&str, &str, RandomState> =
        lines.keys().map(|path| (*path, nearest(path, &roots).unwrap_or(root))).collect();
    describe(files, &owner)
}

/// A folder that may be a part of its own.
struct Candidate<'p> {
    path: &'p str,
    /// How much lies in and below it, without what was taken out.
    below: u64,
    /// The part it lies in, by position.
    part: usize,
    taken: bool,
}

/// The folders at which the parts begin.
fn divide<'p>(root: &'p str, lines: &BTreeMap<&'p str, u64>, packages: &BTreeSet<&str>) -> BTreeSet<&'p str> {
    let mut below: HashMap<&str, u64, RandomState> = HashMap::from_iter([(root, 0)]);
    for (path, size) in lines {
        for above in up_to(path, root) {
            *below.entry(above).or_default() += size;
        }
    }
    let below: BTreeMap<&str, u64> = below.into_iter().collect();
    let whole = below.keys().position(|path| *path == root).unwrap_or_default();
    let folders = below.into_iter();
    let mut folders: Vec<Candidate<'_>> =
        folders.map(|(path, below)| Candidate { path, below, part: whole, taken: path == root }).collect();
    for _ in 1..MAX_MODULES {
        let gain = |folder: &Candidate<'_>| {
            let whole = folders.get(folder.part).map_or(0, |part| part.below);
            let even = folder.below.min(whole.saturating_sub(folder.below));
            even * if packages.contains(folder.path) { OF_PACKAGES } else { 1 }
        };
        let candidates = folders.iter().enumerate().filter(|(_, folder)| !folder.taken);
        let gains = candidates.map(|(index, folder)| (gain(folder), Reverse(index)));
        let Some((_, Reverse(best))) = gains.max().filter(|(gain, _)| *gain > 0) else { break };
        let Some(&Candidate { path, below: size, part, .. }) = folders.get(best) else { break };
        for (index, folder) in folders.iter_mut().enumerate() {
            if folder.part != part {
                continue;
            }
            if index == best || is_below(folder.path, path) {
                (folder.part, folder.taken) = (best, index == best);
            } else if is_below(path, folder.path) {
                folder.below = folder.below.saturating_sub(size);
            }
        }
    }
    folders.iter().filter(|folder| folder.taken).map(|folder| folder.path).collect()
}

/// Whether a folder lies in another one.
fn is_below(path: &str, above: &str) -> bool {
    above.is_empty() || path.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

/// A folder, and those above it up to another one.
fn up_to<'p>(path: &'p str, root: &'p str) -> impl Iterator<Item = &'p str> {
    let above = move |path: &&'p str| (*path != root && !path.is_empty()).then(|| folder(path));
    std::iter::successors(Some(path), above)
}

/// The nearest of some folders that a folder is or lies in.
fn nearest<'p>(path: &str, roots: &BTreeSet<&'p str>) -> Option<&'p str> {
    up_to(path, "").find_map(|above| roots.get(above).copied())
}

fn describe(files: &[StructureFile<'_>], owner: &HashMap<&str, &str, RandomState>) -> Modules {
    let roots: BTreeSet<&str> = owner.values().copied().collect();
    let position: HashMap<&str, usize, RandomState> =
        roots.iter().enumerate().map(|(index, path)| (*path, index)).collect();
    let labels = labels(roots.iter().copied());
    let mut modules: Vec<Module> = roots
        .iter()
        .zip(labels)
        .map(|(path, label)| Module {
            path: (*path).to_owned(),
            label,
            language: None,
            files: 0,
            code: 0,
            layer: 0,
            cyclic: false,
            last_change: None,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(files: &[(&str, u32)], packages: &[&str]) -> Vec<(String, u32)> {
        let files: Vec<StructureFile<'_>> = files
            .iter()
            .map(|(path, lines)| StructureFile {
                path,
                language: "TypeScript",
                lines: *lines,
                test: false,
                syntax: None,
            })
            .collect();
        let found = within("", &files, &packages.iter().copied().collect());
        assert_eq!(found.of_file.len(), files.len());
        found.modules.into_iter().map(|module| (module.path, module.files)).collect()
    }

    #[test]
    fn a_few_folders_are_shown_as_they_are() {
        let files = [("a.ts", 1), ("src/a.ts", 900), ("src/b/c.ts", 1), ("src/b/d.ts", 1)];
        assert_eq!(chosen(&files, &[]), [(String::new(), 1), ("src".into(), 1), ("src/b".into(), 2)]);
    }

    #[test]
    fn a_large_part_is_opened_and_many_small_ones_stay_together() {
        let deep: Vec<String> =
            (0..12).map(|number| format!("packages/core/src/node/part{number:02}/a.ts")).collect();
        let small: Vec<String> = (0..40).map(|number| format!("examples/e{number:02}/a.ts")).collect();
        let mut files: Vec<(&str, u32)> = deep.iter().map(|path| (path.as_str(), 1_000)).collect();
        files.extend(small.iter().map(|path| (path.as_str(), 80)));
        files.extend([("packages/core/a.ts", 300), ("packages/other/a.ts", 700), ("cli.ts", 40)]);
        let found = chosen(&files, &["packages/core", "packages/other", "examples/e00"]);
        assert_eq!(found.len(), MAX_MODULES, "{found:?}");
        let has = |path: &str| found.iter().find(|one| one.0 == path);
        assert!(has("packages/other").is_some() && has("packages/core").is_some(), "{found:?}");
        let parts = found.iter().filter(|one| one.0.starts_with("packages/core/src/node")).count();
        assert!(parts >= 9, "{found:?}");
        assert_eq!(found.iter().map(|one| one.1).sum::<u32>(), 55, "every file is somewhere");
    }

    #[test]
    fn what_lies_below_a_folder_is_divided_alike() {
        let paths: Vec<String> = (0..30).map(|number| format!("a/b{number:02}/c.ts")).collect();
        let files: Vec<StructureFile<'_>> = paths
            .iter()
            .map(|path| StructureFile { path, language: "TypeScript", lines: 10, test: false, syntax: None })
            .collect();
        let found = within("a", &files, &BTreeSet::new());
        assert_eq!(found.modules.len(), MAX_MODULES);
        assert!(found.modules.iter().any(|module| module.path == "a" && module.files == 16));
    }
}
