//! Patterns of paths: `*` stays within a folder, `**` does not, and `{a,b}` is either.
//!
//! Nearly all of those that are data here name a file or a folder, with at most one `*` in the name. They are found by
//! looking up the names in a path. The others become regular expressions, but making those takes longer than matching
//! all the paths of a small repository.

use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::RandomState;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Before a pattern: in any folder, or in none.
const ANYWHERE: &str = "{**/,}";

/// Patterns that alternatives written out come to, at most; one with more stays as it is.
const MOST_WRITTEN_OUT: usize = 500;

/// Patterns of paths, each of which has a number.
#[derive(Default)]
pub(super) struct Globs {
    files: Names,
    folders: Names,
    /// Folders at the root.
    tops: Names,
    /// Ends of paths that are more than a name, each with a `/` before it.
    ends: Vec<(String, usize)>,
    /// Folders in a row, between two `/`.
    rows: Vec<(String, usize)>,
    /// What is none of these, made ready when it is first asked for.
    others: Vec<(String, usize)>,
    set: OnceLock<GlobSet>,
}

/// Names of files or of folders.
#[derive(Default)]
struct Names {
    whole: HashMap<String, Vec<usize>, RandomState>,
    /// Those with a `*`, by the first byte of what stands before it.
    begun: HashMap<u8, Vec<Starred>>,
    /// Those that begin with it, by the last byte of what stands behind it.
    ended: HashMap<u8, Vec<Starred>>,
    /// A `*` alone.
    any: Vec<usize>,
}

/// A name with a `*` in it.
struct Starred {
    start: String,
    end: String,
    number: usize,
}

impl Starred {
    fn is(&self, name: &str) -> bool {
        name.len() >= self.start.len() + self.end.len()
            && name.starts_with(&self.start)
            && name.ends_with(&self.end)
    }
}

impl Names {
    fn add(&mut self, name: &str, number: usize) {
        let Some((start, end)) = name.split_once('*') else {
            self.whole.entry(name.to_owned()).or_default().push(number);
            return;
        };
        let starred = match (start.bytes().next(), end.bytes().next_back()) {
            (Some(first), _) => self.begun.entry(first).or_default(),
            (None, Some(last)) => self.ended.entry(last).or_default(),
            (None, None) => return self.any.push(number),
        };
        starred.push(Starred { start: start.to_owned(), end: end.to_owned(), number });
    }

    fn find(&self, name: &str, found: &mut Vec<usize>) {
        found.extend(self.whole.get(name).into_iter().flatten());
        let begun = name.bytes().next().and_then(|first| self.begun.get(&first));
        let ended = name.bytes().next_back().and_then(|last| self.ended.get(&last));
        let starred = begun.into_iter().chain(ended).flatten();
        found.extend(starred.filter(|starred| starred.is(name)).map(|starred| starred.number));
        found.extend(&self.any);
    }
}

impl Globs {
    /// The patterns with their numbers; an error only where tests run.
    pub(super) fn new<'p>(
        patterns: impl IntoIterator<Item = (&'p str, usize)>,
    ) -> Result<Self, globset::Error> {
        let mut globs = Self::default();
        for (pattern, number) in patterns {
            if !globs.add(pattern, number) {
                globs.others.push((pattern.to_owned(), number));
            }
        }
        if cfg!(test) {
            build(globs.others.iter().map(|(text, _)| text.as_str()))?;
        }
        Ok(globs)
    }

    /// Whether any of them matches the path.
    pub(super) fn is_match(&self, path: &str) -> bool {
        !self.by_name(path).is_empty() || self.set().is_some_and(|set| set.is_match(path))
    }

    /// The numbers of those that match the path, each at least once.
    pub(super) fn matches(&self, path: &str) -> Vec<usize> {
        let mut found = self.by_name(path);
        let others = self.set().into_iter().flat_map(|set| set.matches(path));
        found.extend(others.filter_map(|at| self.others.get(at).map(|(_, number)| *number)));
        found
    }

    /// Those that need a regular expression.
    fn set(&self) -> Option<&GlobSet> {
        let texts = || self.others.iter().map(|(text, _)| text.as_str());
        let made = || self.set.get_or_init(|| build(texts()).unwrap_or_default());
        (!self.others.is_empty()).then(made)
    }

    /// The numbers of those that match the path by the names in it.
    fn by_name(&self, path: &str) -> Vec<usize> {
        let mut found = Vec::new();
        let (folders, name) =
            path.rsplit_once('/').map_or((None, path), |(folders, name)| (Some(folders), name));
        self.files.find(name, &mut found);
        for (depth, folder) in folders.into_iter().flat_map(|folders| folders.split('/')).enumerate() {
            self.folders.find(folder, &mut found);
            if depth == 0 {
                self.tops.find(folder, &mut found);
            }
        }
        let is_end = |end: &str| path.ends_with(end) || end.strip_prefix('/') == Some(path);
        found.extend(self.ends.iter().filter(|(end, _)| is_end(end)).map(|(_, number)| *number));
        let has_row = |row: &str| path.contains(row) || path.starts_with(row.trim_start_matches('/'));
        found.extend(self.rows.iter().filter(|(row, _)| has_row(row)).map(|(_, number)| *number));
        found
    }

    /// Whether the pattern is one of names, which it is added as.
    fn add(&mut self, pattern: &str, number: usize) -> bool {
        let (anywhere, rest) = match pattern.strip_prefix(ANYWHERE) {
            Some(rest) => (true, rest),
            None => (false, pattern),
        };
        let Some(all) = written_out(rest) else { return false };
        let Some(kinds) = all.iter().map(|one| Kind::of(one, anywhere)).collect::<Option<Vec<_>>>() else {
            return false;
        };
        for kind in kinds {
            match kind {
                Kind::File(name) => self.files.add(name, number),
                Kind::Folder(name) => self.folders.add(name, number),
                Kind::Top(name) => self.tops.add(name, number),
                Kind::End(end) => self.ends.push((format!("/{end}"), number)),
                Kind::Row(row) => self.rows.push((format!("/{row}/"), number)),
            }
        }
        true
    }
}

/// What a pattern without alternatives is of.
enum Kind<'p> {
    File(&'p str),
    Folder(&'p str),
    Top(&'p str),
    End(&'p str),
    Row(&'p str),
}

impl<'p> Kind<'p> {
    fn of(pattern: &'p str, anywhere: bool) -> Option<Self> {
        let (body, inside) = match pattern.strip_suffix("/**") {
            Some(body) => (body, true),
            None => (pattern, false),
        };
        let stars = body.matches('*').count();
        let deep = body.contains('/');
        if body.is_empty() || body.contains(['?', '[', ']', '{', '}', '\\']) || stars > usize::from(!deep) {
            return None;
        }
        match (inside, deep, anywhere) {
            (true, false, true) => Some(Self::Folder(body)),
            (true, false, false) => Some(Self::Top(body)),
            (true, true, true) => Some(Self::Row(body)),
            (false, false, true) => Some(Self::File(body)),
            (false, true, true) => Some(Self::End(body)),
            (_, _, false) => None,
        }
    }
}

/// A pattern with its alternatives written out, unless one holds others.
fn written_out(pattern: &str) -> Option<Vec<String>> {
    let mut all = vec![String::new()];
    let mut rest = pattern;
    while let Some((before, from)) = rest.split_once('{') {
        let (choices, behind) = from.split_once('}')?;
        let choices: Vec<&str> = choices.split(',').collect();
        if choices.iter().any(|choice| choice.contains('{')) || all.len() * choices.len() > MOST_WRITTEN_OUT {
            return None;
        }
        let longer = |start: &String| -> Vec<String> {
            choices.iter().map(|choice| [start, before, choice].concat()).collect()
        };
        all = all.iter().flat_map(longer).collect();
        rest = behind;
    }
    for one in &mut all {
        one.push_str(rest);
    }
    Some(all)
}

fn build<'p>(patterns: impl Iterator<Item = &'p str>) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(GlobBuilder::new(pattern).literal_separator(true).empty_alternates(true).build()?);
    }
    set.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Map = serde_json::Map<String, serde_json::Value>;

    /// Every pattern of paths that is data.
    fn patterns() -> Vec<String> {
        let paths: Map = crate::table::read(table!("inventory/paths")).unwrap();
        let stack: Map = crate::table::read(table!("inventory/stack")).unwrap();
        let texts = |value: &serde_json::Value| -> Vec<String> {
            value.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
        };
        let named = stack["technology"].as_object().unwrap().values();
        let files =
            named.filter_map(|known| known.get("files")).chain(stack.get("image_files")).flat_map(texts);
        let anywhere = files.map(|file| format!("{ANYWHERE}{file}"));
        let lists = paths.iter().filter(|(name, _)| !["product", "binary"].contains(&name.as_str()));
        lists.flat_map(|(_, list)| texts(list)).chain(anywhere).collect()
    }

    #[test]
    fn they_match_what_the_regular_expressions_match() {
        let patterns = patterns();
        let globs = Globs::new(patterns.iter().map(String::as_str).zip(0..)).unwrap();
        let plain = build(patterns.iter().map(String::as_str)).unwrap();
        // What each pattern may match, and what is nearly that.
        let mut paths = Vec::new();
        for pattern in &patterns {
            let rest = pattern.strip_prefix(ANYWHERE).unwrap_or(pattern);
            for one in written_out(rest).unwrap().into_iter().step_by(3) {
                for star in ["", "-1.2", ".x", "ä"] {
                    let path = one.replace("**", "in/side.rs").replace("[0-9]", "7").replace('*', star);
                    for around in ["", "a/", "a/b.c/"] {
                        paths.extend([
                            format!("{around}{path}"),
                            format!("{around}x{path}"),
                            format!("{around}{path}x"),
                        ]);
                        paths.push(format!("{around}{path}/deeper.js"));
                    }
                }
            }
        }
        assert!(paths.len() > 10_000, "{}", paths.len());
        let mut hit = std::collections::BTreeSet::new();
        for path in &paths {
            let mut found = globs.matches(path);
            found.sort_unstable();
            found.dedup();
            let mut wanted = plain.matches(path);
            wanted.sort_unstable();
            assert_eq!(found, wanted, "{path}");
            hit.extend(wanted);
        }
        assert_eq!(hit.len(), patterns.len(), "each of them is tried");
        assert!(
            globs.others.len() * 6 < patterns.len(),
            "few become regular expressions: {:?}",
            globs.others
        );
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        assert!(Globs::new([("a/{b", 0)]).is_err() && Globs::new([("[", 0)]).is_err());
        assert!(Globs::new([("{a,{b,c}}", 0)]).unwrap().is_match("c"));
        assert!(!Globs::default().is_match("a"));
    }
}
