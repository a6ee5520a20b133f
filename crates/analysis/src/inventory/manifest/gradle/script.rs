//! Build and settings scripts, in Groovy and Kotlin: the declarations that are written out.

use super::tokens::{Token, tokens, variable};
use super::{Variables, accessor, facts, marker, used_for};
use crate::inventory::manifest::{ManifestFacts, Read, Requirement, folder, named_version};
use crate::report::Scope;

/// Deeper blocks are not read.
const DEPTH: usize = 64;

/// Reads `*.gradle` and `*.gradle.kts`.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(in super::super) fn script(path: &str, text: &str) -> Read {
    let groovy = path.rsplit('.').next() == Some("gradle");
    let mut facts = ManifestFacts {
        // Scripts that others apply stand there.
        folders_up: u8::from(folder(path).rsplit('/').next() == Some("gradle")),
        ..facts(if groovy { "Gradle script (Groovy)" } else { "Gradle script (Kotlin)" })
    };
    let mut blocks: Vec<(String, usize)> = Vec::new();
    let mut statement: Vec<(u32, Token)> = Vec::new();
    let mut brackets = 0_usize;
    for (line, token) in tokens(text, groovy) {
        match token {
            Token::Sign('{') => {
                read(&blocks, &statement, &mut facts);
                if blocks.len() >= DEPTH {
                    break;
                }
                blocks.push((title(&statement), std::mem::take(&mut brackets)));
                statement.clear();
            }
            Token::Sign('}') => {
                read(&blocks, &statement, &mut facts);
                statement.clear();
                brackets = blocks.pop().map_or(0, |(_, brackets)| brackets);
            }
            Token::End if brackets > 0 || goes_on(&statement) => {}
            Token::End => {
                read(&blocks, &statement, &mut facts);
                statement.clear();
            }
            token => {
                match token {
                    Token::Sign('(' | '[') => brackets += 1,
                    Token::Sign(')' | ']') => brackets = brackets.saturating_sub(1),
                    _ => {}
                }
                statement.push((line, token));
            }
        }
    }
    read(&blocks, &statement, &mut facts);
    Ok(facts)
}

/// A line that ends in a comma or an equals sign goes on.
fn goes_on(statement: &[(u32, Token)]) -> bool {
    matches!(statement.last(), Some((_, Token::Sign(',' | '='))))
}

/// What stands before the brace of a block, in words.
fn title(statement: &[(u32, Token)]) -> String {
    let words = statement.iter().filter_map(|(_, token)| match token {
        Token::Word(word) | Token::Text(word) => Some(word.as_str()),
        _ => None,
    });
    words.take(4).collect::<Vec<_>>().join(" ")
}

/// The last part of a dotted name.
fn last(name: &str) -> &str {
    name.rsplit(['.', ' ']).next().unwrap_or(name)
}

fn read(blocks: &[(String, usize)], statement: &[(u32, Token)], facts: &mut ManifestFacts) {
    let Some((line, _)) = statement.first() else { return };
    let block =
        |from_inside: usize| blocks.len().checked_sub(from_inside + 1).map_or("", |at| last(&blocks[at].0));
    let within = |name: &str| blocks.iter().any(|(title, _)| last(title) == name);
    match (block(0), block(1)) {
        ("dependencies", "dependencyManagement") | ("constraints", "dependencies") => {
            facts.inheritable.extend(modules(statement, Scope::Runtime));
        }
        ("dependencies", _) => {
            let of_build = within("buildscript") || within("pluginManagement");
            let of_tests = blocks.iter().any(|(title, _)| used_for(title, false) == Scope::Dev);
            let Some((_, Token::Word(configuration) | Token::Text(configuration))) = statement.first() else {
                return;
            };
            if matches!(configuration.as_str(), "exclude" | "because" | "val" | "def" | "if" | "modules") {
                return;
            }
            let scope = if of_tests { Scope::Dev } else { used_for(configuration, of_build) };
            facts.requirements.extend(modules(&statement[1..], scope));
        }
        ("plugins", _) => facts.requirements.extend(plugin(statement, *line)),
        _ => assignment(block(0), statement, &mut facts.variables),
    }
}

/// The modules that a declaration names.
fn modules(tokens: &[(u32, Token)], scope: Scope) -> Vec<Requirement> {
    let mut found = Vec::new();
    // `project(":x")` and `files("x")` name nothing of a registry; `kotlin("x")` is short for a module.
    let mut function = "";
    let mut named: [Option<&str>; 3] = [None; 3];
    let mut key = "";
    for (at, (line, token)) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1).map(|(_, token)| token);
        match token {
            Token::Word(word) if matches!(next, Some(Token::Sign('(')) if !word.contains('.')) => {
                function = word;
            }
            Token::Word(word) if matches!(next, Some(Token::Sign(':' | '='))) => key = word,
            Token::Word(word) if word.contains('.') && key.is_empty() => {
                found.push(alias(word, scope, *line));
            }
            Token::Text(text) if function == "kotlin" => {
                let mut module =
                    Requirement::new(format!("org.jetbrains.kotlin:kotlin-{text}"), scope, *line);
                module.inherited = true;
                found.push(module);
            }
            Token::Text(text) => match ["group", "name", "version"].iter().position(|name| *name == key) {
                Some(place) => named[place] = Some(text),
                None if matches!(function, "project" | "files" | "fileTree" | "npm") => {}
                None => found.extend(coordinates(text, scope, *line)),
            },
            Token::Sign(')') => function = "",
            Token::Sign(',') => key = "",
            _ => {}
        }
    }
    if let ([Some(group), Some(name), version], Some((line, _))) = (named, tokens.first()) {
        found.push(module(format!("{group}:{name}"), version, scope, *line));
    }
    found
}

/// `group:name:version`, with or without a version, a classifier and a type.
fn coordinates(text: &str, scope: Scope, line: u32) -> Option<Requirement> {
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "._-${}".contains(c));
    let text = text.split('@').next()?;
    let mut parts = text.split(':');
    let (group, name) = (parts.next()?, parts.next()?);
    let version = parts.next().filter(|version| !version.is_empty());
    (plain(group) && plain(name) && parts.count() <= 1)
        .then(|| module(format!("{group}:{name}"), version, scope, line))
}

fn module(name: String, version: Option<&str>, scope: Scope, line: u32) -> Requirement {
    // A strict version may carry a preferred one: `[1,2[!!1.5`.
    let version = version.map(|version| version.split("!!").last().unwrap_or(version));
    let mut module = Requirement::new(name, scope, line);
    module.requirement = version.map(str::to_owned);
    module.version = version.and_then(|version| named_version("Maven", version));
    module.inherited = version.is_none();
    module
}

/// Something that a catalog or a variable elsewhere stands for.
fn alias(word: &str, scope: Scope, line: u32) -> Requirement {
    let name = accessor(&variable(word));
    let mut requirement = Requirement::new(format!("${{{}}}", variable(word)), scope, line);
    requirement.alias = Some(name);
    requirement.inherited = true;
    requirement
}

/// `id("x") version "1"`, `kotlin("jvm") version "1"`, `alias(libs.plugins.x)`. Plugins of Gradle itself have no
/// version.
fn plugin(statement: &[(u32, Token)], line: u32) -> Option<Requirement> {
    let mut texts = statement.iter().filter_map(|(_, token)| match token {
        Token::Text(text) => Some(text.as_str()),
        _ => None,
    });
    let words: Vec<&str> = statement
        .iter()
        .filter_map(|(_, token)| match token {
            Token::Word(word) => Some(word.as_str()),
            _ => None,
        })
        .collect();
    match *words.first()? {
        "alias" => Some(alias(words.get(1)?, Scope::Build, line)),
        kind @ ("id" | "kotlin") if words.contains(&"version") => {
            let id = texts.next()?;
            let id = if kind == "kotlin" { format!("org.jetbrains.kotlin.{id}") } else { id.to_owned() };
            let after = words.iter().skip_while(|word| **word != "version").nth(1);
            let version =
                texts.next().map(str::to_owned).or_else(|| Some(format!("${{{}}}", variable(after?))));
            Some(module(marker(&id), version.as_deref(), Scope::Build, line))
        }
        _ => None,
    }
}

/// `name = "value"`, `ext.name = "value"`, `set("name", "value")`, `val name by extra("value")`, and maps of such.
fn assignment(block: &str, statement: &[(u32, Token)], variables: &mut Variables) {
    let tokens: Vec<&Token> = statement.iter().map(|(_, token)| token).collect();
    match tokens.as_slice() {
        [.., Token::Word(name), Token::Sign('='), Token::Text(value)] => {
            variables.insert(variable(name), value.clone());
        }
        [
            ..,
            Token::Word(_),
            Token::Sign('['),
            Token::Text(name),
            Token::Sign(']'),
            Token::Sign('='),
            Token::Text(value),
        ] => {
            variables.insert(name.clone(), value.clone());
        }
        [Token::Word(set), Token::Sign('('), Token::Text(name), Token::Sign(','), Token::Text(value), ..]
            if last(set) == "set" =>
        {
            variables.insert(name.clone(), value.clone());
        }
        [
            Token::Word(_),
            Token::Word(name),
            Token::Word(by),
            Token::Word(extra),
            Token::Sign('('),
            Token::Text(value),
            ..,
        ] if by == "by" && extra == "extra" => {
            variables.insert(name.clone(), value.clone());
        }
        [start @ .., Token::Sign(']')] => {
            let Some(open) = start.iter().position(|token| **token == Token::Sign('[')) else { return };
            let name = start[..open].iter().rev().find_map(|token| match token {
                Token::Word(word) => Some(variable(word)),
                _ => None,
            });
            let in_ext = block == "ext" || matches!(start[..open], [.., Token::Sign('=')]);
            if let Some(name) = name.filter(|_| in_ext) {
                map(&name, &start[open + 1..], variables);
            }
        }
        _ => {}
    }
}

/// The entries of a literal map, by the path of their keys.
fn map(name: &str, tokens: &[&Token], variables: &mut Variables) {
    let mut path = vec![name.to_owned()];
    let mut key = String::new();
    for pair in tokens.windows(2) {
        match pair {
            [Token::Word(word) | Token::Text(word), Token::Sign(':')] => key.clone_from(word),
            [Token::Sign(':'), Token::Text(value)] if path.len() < 4 => {
                variables.insert(format!("{}.{key}", path.join(".")), value.clone());
            }
            [Token::Sign(':'), Token::Sign('[')] => path.push(key.clone()),
            [_, Token::Sign(']')] if path.len() > 1 => {
                path.pop();
            }
            _ => {}
        }
    }
}
