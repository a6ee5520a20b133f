//! Swift Package Manager: `Package.swift` as far as it is written out, `Package.resolved`, and the packages of an
//! Xcode project. Names are addresses without their scheme, as OSV spells them. `Podfile.lock` of `CocoaPods`.

use std::collections::HashMap;

use super::{
    Locked, Malformed, ManifestFacts, Read, Requirement, Root, ascending, exact_semver, folder, index,
};
use crate::inventory::tree::{self, Node};
use crate::report::Scope;

fn facts(format: &str) -> ManifestFacts {
    ManifestFacts { ecosystem: "SwiftURL".into(), format: format.to_owned(), ..ManifestFacts::default() }
}

/// `https://github.com/apple/swift-nio.git` and `git@github.com:apple/swift-nio` are `github.com/apple/swift-nio`.
fn name(address: &str) -> String {
    let plain = address.trim().split_once("://").map_or(address.trim(), |(_, rest)| rest);
    let plain = match plain.split_once('@') {
        Some((user, rest)) if !user.contains('/') => rest.replacen(':', "/", 1),
        _ => plain.to_owned(),
    };
    let plain = plain.trim_end_matches('/');
    plain.strip_suffix(".git").unwrap_or(plain).to_owned()
}

/// Reads `Package.swift`.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(super) fn manifest(_path: &str, text: &str) -> Read {
    let mut facts = facts("Package.swift");
    let (mut line, mut counted) = (1_u32, 0);
    for (at, _) in text.match_indices(".package(") {
        line += breaks(&text[counted..at]);
        counted = at;
        let before = text[..at].rsplit('\n').next().unwrap_or_default();
        let arguments = arguments(&text[at + ".package(".len()..]);
        let Some(address) = quoted(arguments, "url:").filter(|_| !before.contains("//")) else { continue };
        let mut requirement = Requirement::new(name(address), Scope::Runtime, line);
        let rest = arguments.split_once(address).map_or("", |(_, rest)| rest);
        let rest = rest.trim_start_matches(['"', ',', ' ', '\n', '\r', '\t']);
        let exact = ["exact:", ".exact("].iter().find_map(|key| quoted(rest, key));
        requirement.version = exact.and_then(exact_semver);
        let written = rest.split_whitespace().collect::<Vec<_>>().join(" ");
        requirement.requirement = (!written.is_empty()).then_some(written);
        facts.requirements.push(requirement);
    }
    Ok(facts)
}

fn breaks(text: &str) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', text.as_bytes()).count()).unwrap_or(u32::MAX)
}

/// What stands before the bracket that closes a call; a call is short.
fn arguments(text: &str) -> &str {
    let mut depth = 0_usize;
    let mut in_text = false;
    for (at, c) in text.char_indices().take(2_000) {
        match c {
            '"' => in_text = !in_text,
            '(' if !in_text => depth += 1,
            ')' if !in_text && depth == 0 => return &text[..at],
            ')' if !in_text => depth -= 1,
            _ => {}
        }
    }
    ""
}

/// The string that follows a key.
fn quoted<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let (_, after) = text.split_once(key)?;
    let inside = after.trim_start().strip_prefix('"')?;
    inside.split_once('"').map(|(inside, _)| inside)
}

/// Reads `Package.resolved`, versions 1 to 3. It does not say which package needs which.
pub(super) fn resolved(path: &str, text: &str) -> Read {
    let root = tree::json(text).filter(Node::is_map).ok_or(Malformed)?;
    let version = root.text_of("version").ok_or(Malformed)?;
    let pins = root.at(&["object", "pins"]).or_else(|| root.get("pins")).ok_or(Malformed)?;
    let mut facts = ManifestFacts { lockfile: true, ..facts(&format!("Package.resolved v{version}")) };
    for pin in pins.items() {
        let address = pin.text_of("repositoryURL").or_else(|| pin.text_of("location")).ok_or(Malformed)?;
        let version = pin.at(&["state", "version"]).and_then(Node::text);
        let line = pin.get("identity").or_else(|| pin.get("package")).map_or(pin.line, |name| name.line);
        let mut locked = Locked::new(name(address), version, line);
        locked.local =
            pin.text_of("kind") == Some("localSourceControl") || pin.text_of("kind") == Some("fileSystem");
        facts.locked.push(locked);
    }
    // Xcode keeps it inside the project or the workspace: `App.xcodeproj/project.xcworkspace/xcshareddata/swiftpm`.
    let inside = folder(path).split('/').rev().take_while(|part| !is_bundle(part));
    let bundles = folder(path).split('/').filter(|part| is_bundle(part)).count();
    if bundles > 0 {
        facts.folders_up = u8::try_from(inside.count() + bundles).unwrap_or(0);
    }
    Ok(facts)
}

fn is_bundle(folder: &str) -> bool {
    folder.ends_with(".xcodeproj") || folder.ends_with(".xcworkspace")
}

/// Reads `project.pbxproj`: the remote packages that an Xcode project refers to.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(super) fn xcode(_path: &str, text: &str) -> Read {
    let mut facts = ManifestFacts { folders_up: 1, ..facts("Xcode project") };
    let mut inside = false;
    let value = |line: &str, key: &str| {
        let value = line.strip_prefix(key)?.trim_start().strip_prefix('=')?;
        Some(value.trim().trim_end_matches(';').trim_matches('"').to_owned())
    };
    let mut kind = String::new();
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if line.contains("isa = XCRemoteSwiftPackageReference;") {
            inside = true;
            kind.clear();
        } else if line.starts_with("isa = ") {
            inside = false;
        }
        if !inside {
            continue;
        }
        if let Some(address) = value(line, "repositoryURL") {
            facts.requirements.push(Requirement::new(name(&address), Scope::Runtime, number));
        }
        let Some(requirement) = facts.requirements.last_mut() else { continue };
        if let Some(said) = value(line, "kind") {
            kind = said;
        }
        for key in ["minimumVersion", "version", "branch", "revision"] {
            if let Some(said) = value(line, key) {
                requirement.version = exact_semver(&said).filter(|_| kind == "exactVersion");
                requirement.requirement = Some(format!("{kind} {said}").trim().to_owned());
            }
        }
    }
    Ok(facts)
}

/// Reads `Podfile.lock`. Parts of a pod (`Name/Part`) belong to it.
pub(super) fn pods(_path: &str, text: &str) -> Read {
    let root = tree::yaml(text).filter(Node::is_map).ok_or(Malformed)?;
    let mut facts = ManifestFacts {
        ecosystem: "CocoaPods".into(),
        format: "Podfile.lock".into(),
        lockfile: true,
        ..ManifestFacts::default()
    };
    let own =
        |node: &Node| node.table("EXTERNAL SOURCES").iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let beside: HashMap<String, bool> = own(&root)
        .into_iter()
        .map(|name| {
            let path = root.at(&["EXTERNAL SOURCES", &name, ":path"]).is_some();
            (name, path)
        })
        .collect();
    let mut known: HashMap<&str, u32> = HashMap::new();
    for (line, text, _) in root.list("PODS").iter().filter_map(entry) {
        let (name, version) = pod(text);
        known.entry(name).or_insert_with(|| {
            let mut locked = Locked::new(name, version, line);
            locked.local = beside.get(name).copied().unwrap_or(false);
            facts.locked.push(locked);
            index(facts.locked.len() - 1)
        });
    }
    for (_, text, needs) in root.list("PODS").iter().filter_map(entry) {
        let Some(at) = known.get(pod(text).0) else { continue };
        let needs = needs.iter().filter_map(Node::text).filter_map(|need| known.get(pod(need).0));
        facts.locked[*at as usize].requires.extend(needs.filter(|need| *need != at));
    }
    for locked in &mut facts.locked {
        locked.requires = ascending(std::mem::take(&mut locked.requires));
    }
    let direct = root.list("DEPENDENCIES").iter().filter_map(Node::text);
    let direct = direct.filter_map(|text| known.get(pod(text).0).copied()).collect();
    facts.roots.push(Root { folder: Some(String::new()), name: None, requires: ascending(direct) });
    Ok(facts)
}

/// An entry is a text, or a text with a list below it.
fn entry(node: &Node) -> Option<(u32, &str, &[Node])> {
    match node.text() {
        Some(text) => Some((node.line, text, &[])),
        None => node.entries().first().map(|(text, needs)| (node.line, text.as_str(), needs.items())),
    }
}

/// `Firebase/Core (10.0.0)` is a part of `Firebase`, version 10.0.0.
fn pod(text: &str) -> (&str, Option<&str>) {
    let (name, rest) = text.split_once(" (").unwrap_or((text, ""));
    let version = rest.trim_end_matches(')');
    let version = version.starts_with(|c: char| c.is_ascii_digit()).then_some(version);
    (name.split('/').next().unwrap_or(name).trim(), version)
}
