//! JavaScript and TypeScript: relative paths, `paths` and `baseUrl`, and the repository's own packages.

use std::collections::BTreeMap;

use super::{Answer, ByFolder, ConfigFacts, Paths, folder, folders_above, join, nearest};
use crate::syntax::Import;

/// What a path without its ending can stand for, in the order a bundler tries them.
const ENDINGS: &[&str] = &[
    "",
    ".ts",
    ".tsx",
    ".d.ts",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".mts",
    ".cts",
    ".vue",
    ".svelte",
    ".astro",
    ".json",
    "/index.ts",
    "/index.tsx",
    "/index.js",
    "/index.jsx",
    "/index.mjs",
    "/index.cjs",
    "/index.d.ts",
];

/// Endings of files that a build writes, with those they are written from.
const WRITTEN_FROM: &[(&str, &[&str])] = &[
    (".js", &[".ts", ".tsx", ".jsx", ".d.ts"]),
    (".jsx", &[".tsx"]),
    (".mjs", &[".mts", ".d.mts"]),
    (".cjs", &[".cts", ".d.cts"]),
    (".d.ts", &[".ts", ".tsx"]),
];

/// Folders that builds write into, and where they read from.
const BUILT: &[&str] = &["dist", "lib", "build", "out", "es", "esm", "cjs"];

type Targets = Vec<(String, Vec<String>)>;

struct Package<'a> {
    folder: &'a str,
    entries: &'a [String],
    exports: &'a [(String, Vec<String>)],
}

#[derive(Clone, Default)]
struct Options {
    /// The folder that plain names are looked for in.
    base: Option<String>,
    paths: Targets,
    /// The folder that `paths` count from.
    paths_from: String,
}

pub(super) struct JavaScript<'a> {
    packages: BTreeMap<&'a str, Package<'a>>,
    imports: ByFolder<&'a [(String, Vec<String>)]>,
    options: ByFolder<Options>,
}

impl<'a> JavaScript<'a> {
    pub(super) fn new(configs: &'a [(&'a str, &'a ConfigFacts)]) -> Self {
        let mut found =
            Self { packages: BTreeMap::new(), imports: ByFolder::new(), options: ByFolder::new() };
        let configs_by = Configs::new(configs);
        for (path, config) in &configs_by.by_path {
            match config {
                ConfigFacts::Package { name, entries, exports, imports } => {
                    if !imports.is_empty() {
                        found.imports.insert(folder(path).to_owned(), imports);
                    }
                    if let Some(name) = name {
                        // The same name twice is a copy or a fixture: the one nearer to the root is meant.
                        let package = Package { folder: folder(path), entries, exports };
                        let known = found.packages.get(name.as_str()).map(|known| known.folder.len());
                        if known.is_none_or(|length| package.folder.len() < length) {
                            found.packages.insert(name, package);
                        }
                    }
                }
                ConfigFacts::TypeScript { .. } => {
                    let name = path.rsplit('/').next().unwrap_or(path);
                    let options = options(path, folder(path), &configs_by, 5);
                    let main = matches!(name, "tsconfig.json" | "jsconfig.json");
                    let slot = found.options.entry(folder(path).to_owned()).or_default();
                    if main || (slot.base.is_none() && slot.paths.is_empty()) {
                        let keeps = options.base.is_some() || !options.paths.is_empty();
                        if keeps || slot.base.is_none() && slot.paths.is_empty() {
                            *slot = options;
                        }
                    }
                }
                _ => {}
            }
        }
        found.options.retain(|_, options| options.base.is_some() || !options.paths.is_empty());
        found
    }

    pub(super) fn resolve(&self, paths: &Paths<'_>, from: usize, import: &Import) -> Answer {
        // A bundler's loaders and queries: `!raw-loader!./a`, `./a.css?inline`.
        let specifier = import.specifier.split('?').next().unwrap_or_default();
        let specifier = specifier.rsplit('!').next().unwrap_or_default();
        let path = paths.path(from);
        if specifier.starts_with("./") || specifier.starts_with("../") || matches!(specifier, "." | "..") {
            let found = join(folder(path), specifier).and_then(|wanted| file_at(paths, &wanted));
            return found.map_or_else(|| missing(specifier), Answer::file);
        }
        if specifier.starts_with('#') {
            let found = nearest(&self.imports, path)
                .and_then(|(base, imports)| mapped(paths, base, imports, specifier));
            // `paths` may have such names as well.
            if let Some(found) = found.or_else(|| self.by_options(paths, path, specifier)) {
                return Answer::file(found);
            }
            return missing(specifier);
        }
        if let Some(found) = self.by_options(paths, path, specifier) {
            return Answer::file(found);
        }
        if let Some(found) = by_habit(paths, path, specifier) {
            return Answer::file(found);
        }
        match self.package(specifier) {
            Some((package, subpath)) => {
                entry(paths, package, subpath).map_or_else(|| missing(specifier), Answer::file)
            }
            None => Answer::elsewhere(),
        }
    }

    /// The file that `paths` or `baseUrl` of a configuration around the importing file lead to.
    fn by_options(&self, paths: &Paths<'_>, path: &str, specifier: &str) -> Option<usize> {
        let mut options = folders_above(path).filter_map(|above| self.options.get(above));
        options.find_map(|options| {
            let at_base = || file_at(paths, &join(options.base.as_ref()?, specifier)?);
            mapped(paths, &options.paths_from, &options.paths, specifier).or_else(at_base)
        })
    }

    fn package<'s>(&self, specifier: &'s str) -> Option<(&Package<'a>, &'s str)> {
        let segments = if specifier.starts_with('@') { 2 } else { 1 };
        let end = specifier.match_indices('/').nth(segments - 1).map_or(specifier.len(), |(at, _)| at);
        let (name, rest) = specifier.split_at(end);
        Some((self.packages.get(name)?, rest.trim_start_matches('/')))
    }
}

/// Names that no package can have, as scaffolds set bundlers up without a word in what is read here, and the folders
/// that they stand for.
const HABITS: &[(&str, &[&str])] =
    &[("@/", &["src", "resources/js", "app"]), ("~/", &["src", "app"]), ("$lib/", &["src/lib"])];

/// The file that such a name leads to, in the nearest folder above that has it.
fn by_habit(paths: &Paths<'_>, path: &str, specifier: &str) -> Option<usize> {
    let (rest, folders) =
        HABITS.iter().find_map(|(prefix, folders)| Some((specifier.strip_prefix(prefix)?, folders)))?;
    folders_above(path)
        .find_map(|above| folders.iter().find_map(|inner| file_at(paths, &join(&join(above, inner)?, rest)?)))
}

/// Every configuration file, and the folders of the repository's own packages.
struct Configs<'a> {
    by_path: BTreeMap<&'a str, &'a ConfigFacts>,
    packages: BTreeMap<&'a str, &'a str>,
}

impl<'a> Configs<'a> {
    fn new(configs: &'a [(&'a str, &'a ConfigFacts)]) -> Self {
        let packages = configs.iter().filter_map(|(path, config)| match config {
            ConfigFacts::Package { name: Some(name), .. } => Some((name.as_str(), folder(path))),
            _ => None,
        });
        Self { packages: packages.collect(), by_path: configs.iter().copied().collect() }
    }

    /// The configuration file that `extends` names, from the folder of the one that says so.
    fn extended(&self, here: &str, parent: &str) -> Option<String> {
        let parent = if parent.starts_with('.') {
            join(here, parent)?
        } else {
            // A file of one of the repository's own packages.
            let named = self.packages.iter().find_map(|(name, folder)| {
                let rest = parent.strip_prefix(name)?;
                (rest.is_empty() || rest.starts_with('/')).then_some((*folder, rest))
            });
            let (folder, rest) = named?;
            join(folder, rest.trim_start_matches('/'))?
        };
        let candidates = [parent.clone(), format!("{parent}.json"), format!("{parent}/tsconfig.json")];
        candidates.into_iter().find(|candidate| self.by_path.contains_key(candidate.as_str()))
    }
}

/// The options of a configuration file with those it extends, for the folder of the file that was asked for first.
fn options(path: &str, leaf: &str, all: &Configs<'_>, fuel: u8) -> Options {
    let Some(ConfigFacts::TypeScript { base_url, paths, extends }) = all.by_path.get(path) else {
        return Options::default();
    };
    let here = folder(path);
    let mut merged = Options::default();
    let parents = extends.iter().filter(|_| fuel > 0).filter_map(|parent| all.extended(here, parent));
    for parent in parents {
        // Of several the last one counts, where it says something.
        let inherited = options(&parent, leaf, all, fuel - 1);
        if inherited.base.is_some() || !inherited.paths.is_empty() {
            merged = inherited;
        }
    }
    if let Some(base) = base_url.as_ref().and_then(|base| join(here, base)) {
        merged.base = Some(base.clone());
        merged.paths_from = base;
    }
    if !paths.is_empty() {
        merged.paths.clone_from(paths);
        merged.paths_from = merged.base.clone().unwrap_or_else(|| here.to_owned());
        for target in merged.paths.iter_mut().flat_map(|(_, targets)| targets) {
            if let Some(rest) = target.strip_prefix("${configDir}") {
                *target = format!("/{leaf}{rest}");
            }
        }
    }
    merged
}

/// A name that is not found is missed only where it would be code: styles and pictures are not files of the graph.
fn missing(specifier: &str) -> Answer {
    let ending =
        specifier.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    let other = ending.is_some_and(|ending| {
        matches!(
            ending,
            "css"
                | "scss"
                | "sass"
                | "less"
                | "styl"
                | "svg"
                | "png"
                | "jpg"
                | "jpeg"
                | "gif"
                | "webp"
                | "ico"
                | "json"
                | "json5"
                | "html"
                | "md"
                | "mdx"
                | "txt"
                | "wasm"
                | "woff"
                | "woff2"
                | "ttf"
                | "graphql"
                | "gql"
                | "node"
                | "yaml"
                | "yml"
                | "mp3"
                | "mp4"
                | "webm"
                | "csv"
                | "sql"
        )
    });
    if other { Answer::elsewhere() } else { Answer::missing() }
}

fn file_at(paths: &Paths<'_>, wanted: &str) -> Option<usize> {
    let mut candidate = String::with_capacity(wanted.len() + 16);
    let exact = ENDINGS.iter().find_map(|ending| {
        if wanted.is_empty() {
            return paths.get(ending.trim_start_matches('/'));
        }
        candidate.clear();
        candidate.push_str(wanted);
        candidate.push_str(ending);
        paths.get(&candidate)
    });
    exact.or_else(|| {
        WRITTEN_FROM.iter().find_map(|(written, sources)| {
            let stem = wanted.strip_suffix(written)?;
            sources.iter().find_map(|source| paths.get(&format!("{stem}{source}")))
        })
    })
}

/// The file a pattern map leads to: exact names first, then the longest matching `prefix*suffix`.
fn mapped(paths: &Paths<'_>, base: &str, map: &[(String, Vec<String>)], name: &str) -> Option<usize> {
    let mut fitting: Vec<(usize, &str, &Vec<String>)> = map
        .iter()
        .filter_map(|(pattern, targets)| match pattern.split_once('*') {
            None => (pattern == name).then_some((usize::MAX, "", targets)),
            Some((before, after)) => {
                let star = name.strip_prefix(before)?.strip_suffix(after)?;
                Some((before.len(), star, targets))
            }
        })
        .collect();
    fitting.sort_by_key(|(length, ..)| std::cmp::Reverse(*length));
    fitting.into_iter().find_map(|(_, star, targets)| {
        targets.iter().find_map(|target| source_of(paths, base, &target.replacen('*', star, 1)))
    })
}

/// The file a package's target is, or is built from.
pub(in crate::structure) fn source_of(paths: &Paths<'_>, base: &str, target: &str) -> Option<usize> {
    let direct = join(base, target)?;
    file_at(paths, &direct).or_else(|| {
        let inner = target.trim_start_matches("./");
        let (first, rest) = inner.split_once('/')?;
        let rest = BUILT.iter().find_map(|built| rest.strip_prefix(built)?.strip_prefix('/')).unwrap_or(rest);
        BUILT.contains(&first).then_some(())?;
        file_at(paths, &join(base, &format!("src/{rest}"))?).or_else(|| file_at(paths, &join(base, rest)?))
    })
}

/// The file that a package, or a path inside it, stands for.
fn entry(paths: &Paths<'_>, package: &Package<'_>, subpath: &str) -> Option<usize> {
    let key = if subpath.is_empty() { ".".to_owned() } else { format!("./{subpath}") };
    if let Some(found) = mapped(paths, package.folder, package.exports, &key) {
        return Some(found);
    }
    if subpath.is_empty() {
        let named = package.entries.iter().find_map(|entry| source_of(paths, package.folder, entry));
        return named.or_else(|| {
            ["src/index", "index", "src/main", "lib/index", "src"]
                .iter()
                .find_map(|guess| file_at(paths, &join(package.folder, guess)?))
        });
    }
    source_of(paths, package.folder, subpath)
        .or_else(|| file_at(paths, &join(package.folder, &format!("src/{subpath}"))?))
}
