//! The languages that are known: `data/inventory/languages.toml`, `languages-more.toml` and `heuristics.toml`, read
//! once.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};

use crate::pattern::Pattern;
use crate::table;

/// What kind of language it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LanguageKind {
    /// Describes behaviour.
    Programming,
    /// Describes a document.
    Markup,
    /// Describes values.
    Data,
    /// Written for people.
    Prose,
}

impl LanguageKind {
    /// Whether its files count for the shares of languages.
    pub fn counts(self) -> bool {
        matches!(self, Self::Programming | Self::Markup)
    }
}

/// One language.
#[derive(Debug, Deserialize)]
pub(super) struct Language {
    /// As GitHub Linguist spells it.
    #[serde(skip)]
    pub(super) name: &'static str,
    #[serde(rename = "type")]
    pub(super) kind: LanguageKind,
    /// The language whose share it adds to.
    pub(super) group: Option<&'static str>,
    #[serde(default)]
    ext: Vec<&'static str>,
    #[serde(default)]
    files: Vec<&'static str>,
    #[serde(default)]
    run: Vec<&'static str>,
    #[serde(default)]
    alias: Vec<&'static str>,
    pub(super) style: &'static str,
}

/// How comments and literals look. See `languages.toml` for the meaning.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Style {
    pub(super) line: Vec<String>,
    pub(super) block: Vec<(String, String)>,
    pub(super) nested: bool,
    pub(super) text: Vec<String>,
    pub(super) long: Vec<(String, String)>,
    pub(super) raw: Vec<(String, String)>,
    pub(super) skip: Vec<String>,
}

/// Rules for one extension that several languages share.
#[derive(Debug)]
pub(super) struct Heuristic {
    /// The language where no rule decides; `None` where the extension alone says too little.
    pub(super) default: Option<usize>,
    pub(super) rules: Vec<(usize, Pattern)>,
}

/// Every language, with an index for each way to find one. Values are positions in `languages`.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    pub(super) languages: Vec<Language>,
    pub(super) styles: HashMap<String, Style>,
    /// By name or alias in small letters, and by name as it is spelled.
    pub(super) by_name: HashMap<Cow<'static, str>, usize, RandomState>,
    pub(super) by_file: HashMap<&'static str, usize, RandomState>,
    pub(super) by_extension: HashMap<Cow<'static, str>, Vec<usize>, RandomState>,
    pub(super) by_interpreter: HashMap<&'static str, usize, RandomState>,
    pub(super) heuristics: HashMap<&'static str, Heuristic, RandomState>,
}

/// A text in small letters: most names in the tables are.
fn small(text: &'static str) -> Cow<'static, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the data is part of the program, and a test reads it")]
    read([table!("inventory/languages"), table!("inventory/languages-more")], table!("inventory/heuristics"))
        .expect("data/inventory/languages.toml, languages-more.toml and heuristics.toml are well formed")
});

/// The catalogue.
pub(super) fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

impl Catalogue {
    /// The language of a name or alias, without regard to case.
    pub(super) fn named(&self, name: &str) -> Option<&Language> {
        let at = self.by_name.get(name).or_else(|| self.by_name.get(name.to_lowercase().as_str()));
        at.map(|at| &self.languages[*at])
    }
}

fn read(languages: [&'static str; 2], heuristics: &'static str) -> Result<Catalogue, String> {
    #[derive(Deserialize)]
    struct Languages {
        #[serde(default)]
        style: HashMap<String, Style>,
        #[serde(borrow = "'static")]
        language: BTreeMap<&'static str, Language>,
    }
    #[derive(Deserialize)]
    struct Rule {
        language: &'static str,
        pattern: String,
    }
    #[derive(Deserialize)]
    struct Rules {
        default: Option<&'static str>,
        rules: Vec<Rule>,
    }
    #[derive(Deserialize)]
    struct Heuristics {
        #[serde(borrow = "'static")]
        ext: HashMap<&'static str, Rules>,
    }
    let [described, listed] = languages;
    let mut file: Languages = table::read(described).map_err(|error| error.to_string())?;
    let more: Languages = table::read(listed).map_err(|error| error.to_string())?;
    file.language.extend(more.language);
    let rules: Heuristics = table::read(heuristics).map_err(|error| error.to_string())?;
    let mut catalogue = Catalogue { styles: file.style, ..Catalogue::default() };
    for (at, (name, mut language)) in file.language.into_iter().enumerate() {
        if !catalogue.styles.contains_key(language.style) {
            return Err(format!("{name}: no style {}", language.style));
        }
        catalogue.by_name.insert(small(name), at);
        language.name = name;
        for extension in &language.ext {
            catalogue.by_extension.entry(small(extension)).or_default().push(at);
        }
        for file in &language.files {
            catalogue.by_file.insert(file, at);
        }
        for interpreter in &language.run {
            catalogue.by_interpreter.entry(interpreter).or_insert(at);
        }
        catalogue.languages.push(language);
    }
    for (at, language) in catalogue.languages.iter().enumerate() {
        for alias in &language.alias {
            catalogue.by_name.entry(small(alias)).or_insert(at);
        }
    }
    for (at, language) in catalogue.languages.iter().enumerate() {
        catalogue.by_name.insert(Cow::Borrowed(language.name), at);
    }
    let position = |name: &'static str| {
        catalogue.by_name.get(&small(name)).copied().ok_or_else(|| format!("heuristics: no language {name}"))
    };
    let mut by_extension = HashMap::default();
    for (extension, rules) in rules.ext {
        let default = rules.default.map(position).transpose()?;
        let mut compiled = Vec::new();
        for rule in rules.rules {
            let pattern = Pattern::new(rule.pattern).map_err(|error| format!("{extension}: {error}"))?;
            compiled.push((position(rule.language)?, pattern));
        }
        by_extension.insert(extension, Heuristic { default, rules: compiled });
    }
    catalogue.heuristics = by_extension;
    Ok(catalogue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shared_extension_has_a_rule_and_every_rule_a_shared_extension() {
        let catalogue = catalogue();
        assert!(catalogue.languages.len() >= 600);
        let mut undecided: Vec<(&str, Vec<&str>)> = catalogue
            .by_extension
            .iter()
            .filter(|(extension, languages)| {
                languages.len() > 1 && !catalogue.heuristics.contains_key(&***extension)
            })
            .map(|(extension, languages)| {
                (&**extension, languages.iter().map(|at| catalogue.languages[*at].name).collect())
            })
            .collect();
        undecided.sort();
        assert_eq!(undecided, []);
        for (extension, heuristic) in &catalogue.heuristics {
            let candidates = catalogue.by_extension.get(*extension).map(Vec::as_slice).unwrap_or_default();
            for at in heuristic.rules.iter().map(|(at, _)| at).chain(&heuristic.default) {
                assert!(candidates.contains(at), "{extension}: {}", catalogue.languages[*at].name);
            }
        }
    }

    #[test]
    fn groups_are_languages_and_broken_data_is_refused() {
        let catalogue = catalogue();
        for language in &catalogue.languages {
            let group = language.group;
            assert!(group.is_none_or(|group| catalogue.named(group).is_some()), "{}", language.name);
        }
        let nothing = r#"{"language": {}}"#;
        let heuristics = r#"{"ext": {}}"#;
        assert!(read([nothing, nothing], heuristics).is_ok() && read([nothing, nothing], "").is_err());
        let unknown_style = r#"{"style": {}, "language": {"A": {"type": "data", "style": "x"}}}"#;
        assert!(read([unknown_style, nothing], heuristics).is_err());
    }
}
