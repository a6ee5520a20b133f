//! What each part measures.

use std::collections::BTreeMap;

use super::{GradeInput, Measured, Part, tenth};
use crate::history::RANKED;
use crate::report::{
    AdvisoryState, Confidence, FileSummary, Finding, FindingKind, HARD_FUNCTION, Severity, Span, counted,
    grouped,
};

/// Functions that are needed before a share of them says something.
const MIN_FUNCTIONS: u32 = 10;

/// Source files that are needed before a share of them says something.
const MIN_FILES: u32 = 3;

/// Public definitions that are needed before a share of them says something.
const MIN_PUBLIC: u32 = 10;

/// Lines that are needed before a share of them says something.
const MIN_LINES: u32 = 200;

/// Fixes outside the hotspots that are needed before their share says something.
const MIN_FIXES: u32 = 5;

pub(super) fn all(input: &GradeInput<'_>) -> Vec<Part> {
    let part = |code, (good, bad), weight, measure: fn(&GradeInput<'_>, f64) -> Result<Measured, String>| {
        Part { code, good, bad, weight, result: measure(input, good) }
    };
    vec![
        part("complexity", (2.0, 15.0), 20, complexity),
        part("duplication", (3.0, 20.0), 10, duplication),
        part("tests", (30.0, 0.0), 15, tests),
        part("dependencies", (0.0, 5.0), 15, dependencies),
        part("security", (0.0, 10.0), 25, security),
        part("change_risk", (150.0, 300.0), 10, change_risk),
        part("documentation", (60.0, 5.0), 5, documentation),
    ]
}

fn percent(part: u32, of: u32) -> f64 {
    if of == 0 { 0.0 } else { tenth(f64::from(part) * 100.0 / f64::from(of)) }
}

/// So many of `of` are `share` percent, rounded down.
fn at_most(share: f64, of: u32) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
    let count = (f64::from(of) * share / 100.0).floor() as u32;
    count
}

/// So many of `of` are `share` percent, rounded up.
fn at_least(share: f64, of: u32) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
    let count = (f64::from(of) * share / 100.0).ceil() as u32;
    count
}

fn sources<'a>(input: &GradeInput<'a>) -> impl Iterator<Item = &'a FileSummary> + use<'a> {
    input.files.iter().filter(|file| file.is_shipped())
}

fn complexity(input: &GradeInput<'_>, good: f64) -> Result<Measured, String> {
    let mut functions = 0_u32;
    let mut count = 0_u32;
    let mut hard: Vec<(u32, Span)> = Vec::new();
    for file in sources(input) {
        let Some(complexity) = &file.complexity else { continue };
        functions = functions.saturating_add(complexity.functions);
        count = count.saturating_add(complexity.hard);
        let worst = complexity.worst.iter().filter(|function| function.cognitive > HARD_FUNCTION);
        hard.extend(
            worst.map(|function| (function.cognitive, Span::lines(&file.path, function.start, function.end))),
        );
    }
    if functions < MIN_FUNCTIONS {
        return Err(format!("Fewer than {MIN_FUNCTIONS} functions were read."));
    }
    hard.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let value = percent(count, functions);
    let text = format!(
        "{} of {} functions ({value} %) have a cognitive complexity above {HARD_FUNCTION}",
        number(count),
        number(functions)
    );
    let allowed = at_most(good, functions);
    Ok(Measured {
        text,
        value,
        seen: 1.0,
        worst: hard.into_iter().take(3).map(|(_, span)| span).collect(),
        regain: fewer(count, allowed),
    })
}

/// What has to go until nothing is lost, and how many may stay.
fn fewer(count: u32, allowed: u32) -> String {
    match allowed {
        0 => "all points back with none of them".to_owned(),
        allowed => format!(
            "all points back with {} fewer, {} or less in all",
            number(count.saturating_sub(allowed)),
            number(allowed)
        ),
    }
}

fn number(number: u32) -> String {
    grouped(number.into())
}

fn duplication(input: &GradeInput<'_>, good: f64) -> Result<Measured, String> {
    let found = input.duplication;
    if found.lines < MIN_LINES {
        return Err(format!("Fewer than {MIN_LINES} lines of code outside tests were compared."));
    }
    let value = percent(found.duplicated, found.lines);
    let groups: Vec<_> = found.groups.iter().filter(|group| !group.in_test).collect();
    let text = format!(
        "{} of {} lines outside tests ({value} %) stand in more than one place",
        number(found.duplicated),
        number(found.lines)
    );
    let worst = groups.iter().take(3).filter_map(|group| group.places.first().cloned()).collect();
    let allowed = at_most(good, found.lines);
    let regain = fewer(found.duplicated, allowed);
    Ok(Measured { text, value, seen: 1.0, worst, regain })
}

fn tests(input: &GradeInput<'_>, good: f64) -> Result<Measured, String> {
    let has_functions = |file: &&FileSummary| file.complexity.as_ref().is_some_and(|one| one.functions > 0);
    let sources: Vec<&FileSummary> = sources(input).filter(has_functions).collect();
    let count = u32::try_from(sources.len()).unwrap_or(u32::MAX);
    if count < MIN_FILES {
        return Err(format!("Fewer than {MIN_FILES} source files with functions were read."));
    }
    let lines =
        |files: &[&FileSummary]| files.iter().map(|file| file.lines.code).fold(0, u32::saturating_add);
    let beside = sources.iter().filter(|file| file.tests > 0).count();
    let beside = u32::try_from(beside).unwrap_or(u32::MAX);
    let tests: Vec<&FileSummary> = input
        .files
        .iter()
        .filter(|file| file.test && (has_functions(file) || is_unread_test(file)))
        .collect();
    let (code, test_code) = (lines(&sources), lines(&tests));
    let tests = u32::try_from(tests.len()).unwrap_or(u32::MAX).saturating_add(beside);
    let value = percent(tests, count).max(percent(test_code, code)).min(100.0);
    let worst = if tests == 0 { hardest(sources) } else { Vec::new() };
    let which = match beside {
        0 => counted(tests as usize, "test file"),
        _ => format!(
            "{} with tests, {} of them beside the code,",
            counted(tests as usize, "file"),
            number(beside)
        ),
    };
    let text = format!(
        "{which} for {} with functions, and {} of test code for their {}",
        counted(count as usize, "source file"),
        counted(test_code as usize, "line"),
        number(code)
    );
    let regain = format!(
        "all points back with {} test files or {} lines of test code",
        number(at_least(good, count)),
        number(at_least(good, code))
    );
    Ok(Measured { text, value, seen: 1.0, worst, regain })
}

/// Languages of a test folder in which nothing is tested.
const NO_TESTS: &[&str] =
    &["Makefile", "CMake", "Dockerfile", "Batchfile", "HTML", "CSS", "SCSS", "Less", "XSLT", "TeX", "Roff"];

/// Whether a file tests something in a language whose functions are not read (Tcl, jq, shell): by its folder.
fn is_unread_test(file: &FileSummary) -> bool {
    let within = |names: &[&str]| file.path.split('/').any(|part| names.contains(&part));
    file.complexity.is_none()
        && !crate::syntax::supports(&file.language)
        && !NO_TESTS.contains(&&*file.language)
        && within(&["test", "tests", "spec", "t"])
        && !within(&[
            "fixture",
            "fixtures",
            "testdata",
            "data",
            "assets",
            "resources",
            "examples",
            "snapshots",
        ])
}

/// The files with the highest complexity; at most three.
fn hardest(mut files: Vec<&FileSummary>) -> Vec<Span> {
    files.sort_by(|a, b| {
        let weight = |file: &FileSummary| file.complexity.as_ref().map_or(0, |one| one.cognitive);
        weight(b).cmp(&weight(a)).then_with(|| a.path.cmp(&b.path))
    });
    files.iter().take(3).map(|file| Span::file(&file.path)).collect()
}

fn dependencies(input: &GradeInput<'_>, _good: f64) -> Result<Measured, String> {
    // Why not is said where the packages are.
    if matches!(input.advisories.state, AdvisoryState::NotChecked { .. }) {
        return Err("Known vulnerabilities were not looked up.".to_owned());
    }
    let (compared, unseen) = shipped_packages(input);
    if compared == 0 {
        return Err(match unseen {
            0 => "No manifest of a known format names a package.".to_owned(),
            unseen => format!(
                "None of {} could be compared: no pinned version, or no advisory data.",
                counted(unseen as usize, "package")
            ),
        });
    }
    let mut hit: Versions<'_> = BTreeMap::new();
    let mut in_tests: Versions<'_> = BTreeMap::new();
    let mut lesser: Versions<'_> = BTreeMap::new();
    for finding in input.findings.iter().filter(|finding| finding.kind == FindingKind::Advisory) {
        let Some(package) = &finding.package else { continue };
        let list = if finding.in_test {
            &mut in_tests
        } else if finding.severity >= Severity::Medium {
            &mut hit
        } else {
            &mut lesser
        };
        let key = (package.ecosystem.as_str(), package.name.as_str(), package.version.as_str());
        let worst = list.entry(key).or_insert_with(|| (finding.severity, finding.span.clone()));
        worst.0 = worst.0.max(finding.severity);
    }
    lesser.retain(|key, _| !hit.contains_key(key));
    let count = u32::try_from(hit.len()).unwrap_or(u32::MAX);
    let uncounted: Vec<String> =
        [(in_tests.len(), "that only tests and examples name"), (lesser.len(), "with a lower severity")]
            .into_iter()
            .filter(|(found, _)| *found > 0)
            .map(|(found, which)| format!("{} {which}", grouped(found as u64)))
            .collect();
    let all = compared.saturating_add(unseen);
    let mut said = vec![format!(
        "{} of the {} compared outside tests and examples {} a known vulnerability of medium severity or more",
        number(count),
        counted(compared as usize, "package version"),
        if count == 1 { "has" } else { "have" }
    )];
    if !uncounted.is_empty() {
        said.push(format!("not counted: {}", uncounted.join(", ")));
    }
    if unseen > 0 {
        said.push(format!(
            "not measured: {} of {} (no pinned version, or no advisory data)",
            number(unseen),
            number(all)
        ));
    }
    let mut worst: Vec<(Severity, Span)> = hit.into_values().collect();
    worst.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    Ok(Measured {
        text: said.join("; "),
        value: percent(count, compared),
        seen: f64::from(compared) / f64::from(all),
        worst: worst.into_iter().take(3).map(|(_, span)| span).collect(),
        regain: "all points back with none of them affected".to_owned(),
    })
}

/// Package versions with the worst severity and a place, by ecosystem, name and version.
type Versions<'a> = BTreeMap<(&'a str, &'a str, &'a str), (Severity, Span)>;

/// How many packages, of those that more than tests and examples name, were and were not compared with advisories.
fn shipped_packages(input: &GradeInput<'_>) -> (u32, u32) {
    let shipped = input.dependencies.iter().filter(|dependency| !dependency.role.is_apart());
    shipped.fold((0, 0), |(compared, unseen), dependency| {
        let known =
            dependency.version.is_some() && !input.advisories.uncovered.contains(&dependency.ecosystem);
        (compared + u32::from(known), unseen + u32::from(!known))
    })
}

fn security(input: &GradeInput<'_>, _good: f64) -> Result<Measured, String> {
    if input.coverage.files_parsed == 0 {
        return Err("No source file of a supported language was read.".to_owned());
    }
    let code: u64 =
        sources(input).filter(|file| file.complexity.is_some()).map(|file| u64::from(file.lines.code)).sum();
    let points = |severity| match severity {
        Severity::Critical => 10.0,
        Severity::High => 4.0,
        Severity::Medium => 1.0,
        Severity::Low | Severity::Info => 0.0,
    };
    let matters = |finding: &&Finding| {
        finding.severity >= Severity::Medium
            && finding.confidence >= Confidence::Medium
            && matches!(finding.kind, FindingKind::Secret | FindingKind::Security)
    };
    let (in_tests, mut found): (Vec<&Finding>, Vec<&Finding>) =
        input.findings.iter().filter(matters).partition(|finding| finding.in_test);
    found.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.span.cmp(&b.span)));
    let sum: f64 = found.iter().map(|finding| points(finding.severity)).sum();
    // Small repositories are held to the scale of 10,000 lines: one finding must not be worth everything.
    let value = tenth(sum * 10_000.0 / (code.max(10_000)) as f64);
    let text = format!(
        "{} of medium severity or more in {} of shipped code{}",
        match found.len() {
            0 => "no secret and no insecure pattern".to_owned(),
            some => counted(some, "secret or insecure pattern"),
        },
        counted(usize::try_from(code).unwrap_or(usize::MAX), "line"),
        match in_tests.len() {
            0 => String::new(),
            some => format!("; {} in tests and examples do not count", grouped(some as u64)),
        }
    );
    Ok(Measured {
        text,
        value,
        seen: 1.0,
        worst: found.iter().take(3).map(|finding| finding.span.clone()).collect(),
        regain: "all points back with none of them left, or each with a reason in `devmentor.toml`"
            .to_owned(),
    })
}

fn change_risk(input: &GradeInput<'_>, good: f64) -> Result<Measured, String> {
    let worst: Vec<_> = input.hotspots.iter().take(RANKED).collect();
    if worst.is_empty() {
        let why = input.history.unranked.clone();
        return Err(why.unwrap_or_else(|| "Too few changes of source files to rank them.".to_owned()));
    }
    let (commits, fixes) =
        worst.iter().fold((0_u32, 0_u32), |sum, hotspot| (sum.0 + hotspot.commits, sum.1 + hotspot.fixes));
    let other_commits = input.history.source_changes.saturating_sub(commits);
    let other_fixes = input.history.source_fixes.saturating_sub(fixes);
    if other_fixes < MIN_FIXES {
        return Err(format!(
            "{} of {} changes to other source files than the hotspots say that they fix something: too few to \
             compare with.",
            number(other_fixes),
            number(other_commits)
        ));
    }
    let (here, elsewhere) = (percent(fixes, commits), percent(other_fixes, other_commits));
    let value = tenth(
        f64::from(fixes) * f64::from(other_commits) * 100.0 / (f64::from(commits) * f64::from(other_fixes)),
    );
    let text = format!(
        "{} of {} changes to the {} say that they fix something ({here} %), and of those to the other source files \
         {elsewhere} %",
        number(fixes),
        number(commits),
        counted(worst.len(), "worst hotspot")
    );
    let mut by_fixes = worst;
    by_fixes.sort_by(|a, b| b.fixes.cmp(&a.fixes).then_with(|| a.path.cmp(&b.path)));
    Ok(Measured {
        text,
        value,
        seen: 1.0,
        worst: by_fixes.iter().take(3).map(|hotspot| Span::file(&hotspot.path)).collect(),
        regain: format!("all points back with a share of at most {} %", tenth(elsewhere * good / 100.0)),
    })
}

fn documentation(input: &GradeInput<'_>, good: f64) -> Result<Measured, String> {
    if input.docs.public < MIN_PUBLIC {
        return Err(format!("Fewer than {MIN_PUBLIC} public functions and types were read."));
    }
    let value = percent(input.docs.documented, input.docs.public);
    let readme = if input.readme { "" } else { "; there is no README" };
    let text = format!(
        "{} of {} public functions and types have a documentation comment{readme}",
        number(input.docs.documented),
        number(input.docs.public)
    );
    let more = at_least(good, input.docs.public).saturating_sub(input.docs.documented);
    let regain = format!("all points back with {} more", number(more));
    Ok(Measured { text, value, seen: 1.0, worst: Vec::new(), regain })
}
