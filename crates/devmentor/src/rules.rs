//! `devmentor rules` and `devmentor explain`: what findings come from.

use analysis::report::{Confidence, FindingKind, Severity};
use analysis::rules::{Rule, all};

use crate::Context;
use crate::cli;
use crate::exit::{Exit, Failure, Outcome};
use crate::render::text::{Rows, counted, fold, look};
use crate::terminal::{self, Look, Style};

/// Names that are closer than this to what was typed are taken for what was meant.
const NEAR: f64 = 0.7;

/// Lines of an example that are shown.
const EXAMPLE: usize = 12;

/// `devmentor rules`: all of them, or those that a word is about.
pub(crate) fn list(context: &Context, args: &cli::Rules) -> Outcome {
    let mut rules = all();
    if let Some(word) = &args.word {
        let word = word.to_lowercase();
        rules.retain(|rule| is_about(rule, &word));
        if rules.is_empty() {
            return Err(Failure::usage(format!("no rule is about {word}")).hint(
                "`devmentor rules` lists all of them; one word of an id, a title or a language is enough",
            ));
        }
    }
    if args.json.json {
        terminal::print_json(&rules)?;
        return Ok(Exit::Done);
    }
    let style = context.style();
    let mut rows = Rows::new(style, &["severity", "kind", "rule", "what it asks for"]);
    for rule in &rules {
        rows.add([
            (column(rule), Some(look(rule.severity))),
            (kind(rule.kind).to_owned(), None),
            (rule.id.clone(), Some(Look::Name)),
            (rule.info.title.clone(), None),
        ]);
    }
    let footer = fold(
        style,
        0,
        &format!(
            "{}; where two severities stand, the second is for what a request reaches; `devmentor explain RULE` \
             says more about one",
            counted(rules.len() as u64, "rule", "rules")
        ),
    );
    terminal::print(&format!("{}\n{footer}", rows.text()))?;
    Ok(Exit::Done)
}

/// `devmentor explain`: one of them.
pub(crate) fn explain(context: &Context, args: &cli::Explain) -> Outcome {
    let rules = all();
    let Some(rule) = rules.iter().find(|rule| rule.id == args.rule) else {
        return Err(unknown(&rules, &args.rule));
    };
    if args.json.json {
        terminal::print_json(rule)?;
    } else {
        terminal::print(&text(rule, context.style()))?;
    }
    Ok(Exit::Done)
}

/// `word` in small letters.
fn is_about(rule: &Rule, word: &str) -> bool {
    let texts = [&rule.id, &rule.info.title].into_iter().chain(&rule.reads);
    kind(rule.kind) == word || texts.into_iter().any(|text| text.to_lowercase().contains(word))
}

fn unknown(rules: &[Rule], typed: &str) -> Failure {
    let failure = Failure::usage(format!("there is no rule {typed}"));
    if let Some(id) = typed.strip_prefix("advisory.") {
        return failure
            .hint(format!("{id} is a record about a package: the finding names it and links to it"));
    }
    let scored = rules.iter().map(|rule| (strsim::jaro_winkler(&rule.id, typed), rule.id.as_str()));
    let nearest = scored.max_by(|(a, _), (b, _)| a.total_cmp(b)).filter(|(score, _)| *score >= NEAR);
    failure.hint(match nearest {
        Some((_, id)) => format!("did you mean `{id}`? `devmentor rules` lists all of them"),
        None => "`devmentor rules` lists all of them".to_owned(),
    })
}

fn kind(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Advisory => "advisory",
        FindingKind::Secret => "secret",
        FindingKind::Security => "security",
        FindingKind::Smell => "smell",
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

/// How severe a sighting is at most, as a column: `high, critical` where a request makes it worse.
fn column(rule: &Rule) -> String {
    let both = [Some(rule.severity), rule.from_request];
    both.into_iter().flatten().map(Severity::as_str).collect::<Vec<_>>().join(", ")
}

/// How severe a sighting is at most: `severity up to high; critical where a request reaches it`.
fn severity(rule: &Rule, style: Style) -> String {
    let named = |severity: Severity| style.paint(look(severity), severity.as_str());
    let most = format!("severity up to {}", named(rule.severity));
    match rule.from_request {
        Some(reached) => format!("{most}; {} where a request reaches it", named(reached)),
        None => most,
    }
}

/// A rule as a page of text.
fn text(rule: &Rule, style: Style) -> String {
    let reads = if rule.reads.is_empty() { "every text file".to_owned() } else { rule.reads.join(", ") };
    let mut text = format!(
        "{}\n{}\n{}; {}, confidence up to {}; for {reads}\n",
        style.paint(Look::Name, &rule.id),
        style.paint(Look::Heading, &rule.info.title),
        kind(rule.kind),
        severity(rule, style),
        confidence(rule.confidence),
    );
    let mut section = |title: &str, body: &str| {
        text.extend(["\n", style.paint(Look::Heading, title).as_ref(), "\n", body]);
    };
    section("Why", &fold(style, 1, &rule.info.why));
    section("What to do", &fold(style, 1, &rule.info.fix));
    for (title, example) in [("It sees", &rule.fires), ("It leaves alone", &rule.silent)] {
        if let Some(example) = example {
            section(title, &quoted(example));
        }
    }
    section("Suppress it, with a reason, in the repository's devmentor.toml", &suppression(rule));
    let cwe = rule
        .info
        .cwe
        .iter()
        .map(|cwe| format!(" CWE-{cwe}: https://cwe.mitre.org/data/definitions/{cwe}.html\n"));
    let known = |link: &&String| !link.starts_with("https://cwe.mitre.org/");
    let links = rule.info.links.iter().filter(known).map(|link| format!(" {link}\n"));
    let more: String = cwe.chain(links).collect();
    if !more.is_empty() {
        section("Read more", &more);
    }
    text
}

/// An example as it stands, with a mark before each line: it is code, and no line of it is folded.
fn quoted(example: &str) -> String {
    let mut text = String::new();
    let mut lines = example.trim_end().lines();
    for line in lines.by_ref().take(EXAMPLE) {
        text.extend([" | ", terminal::clean(line).as_ref(), "\n"]);
    }
    if lines.next().is_some() {
        text += " | ..\n";
    }
    text
}

fn suppression(rule: &Rule) -> String {
    format!(
        " [[suppress]]\n rule = \"{}\"\n path = \"src/legacy/**\"\n reason = \"say why nobody needs to act\"\n \
         kind = \"false_positive\"  # or \"not_used\", or \"accepted_risk\" with expires = 2027-01-31\n",
        rule.id
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_can_be_read_and_suppressed_as_it_says() {
        let style = Style { color: false, width: Some(80) };
        for rule in all() {
            let page = text(&rule, style);
            assert!(page.contains(&rule.id) && page.contains("What to do"), "{page}");
            let entry: toml::Table = suppression(&rule).parse().expect("the entry can be copied");
            assert_eq!(entry["suppress"][0]["rule"].as_str(), Some(rule.id.as_str()));
        }
    }

    #[test]
    fn a_page_says_how_severe_it_is_where_a_request_reaches_it() {
        let style = Style { color: false, width: Some(80) };
        let rules = all();
        let rule = |id: &str| rules.iter().find(|rule| rule.id == id).expect("a rule of the data");
        let page = text(rule("js.eval"), style);
        assert!(
            page.contains("severity up to high; critical where a request reaches it, confidence"),
            "{page}"
        );
        assert_eq!(
            (column(rule("js.eval")), column(rule("py.weak-cipher"))),
            ("high, critical".into(), "medium".into())
        );
        assert!(!text(rule("docker.root-service"), style).contains("request reaches"));
    }

    #[test]
    fn a_slip_leads_to_the_rule_that_was_meant() {
        let rules = all();
        let hint = |typed: &str| unknown(&rules, typed).hint.unwrap_or_default();
        assert!(hint("py.sql-injektion").contains("`py.sql-injection`"));
        assert_eq!(hint("zzz"), "`devmentor rules` lists all of them");
        assert!(hint("advisory.GHSA-1").contains("GHSA-1 is a record"));
    }
}
