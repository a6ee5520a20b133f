//! `devmentor search`: where something stands in the code of a repository.
//!
//! The repository is read as an analysis reads it: by a child process under limits. What it is cut into is kept, so that
//! the next search reads only what has changed.

use std::time::Duration;

use repos::child::{Passage, SearchFound, Sought, What};
use retrieval::Embedder;
use retrieval::passages::Weights;

use super::progress::Progress;
use super::refusal::refused_folder;
use super::{cancel_on_interrupt, checkout, slot, source};
use crate::Context;
use crate::cli;
use crate::exit::{Exit, Failure, Outcome};
use crate::memories::given;
use crate::render::text::counted;
use crate::terminal::{self, Look, Style, clean};
use crate::wiring;

/// Passages of one file at most.
const PER_FILE: usize = 3;

/// Lines of a passage that are shown.
const LINES: usize = 4;

/// How long reading what has changed may take: nobody asks for a part of it here.
const WITHIN: Duration = Duration::from_secs(50);

pub(crate) fn run(context: &Context, args: &cli::Search) -> Outcome {
    let config = context.config()?;
    let text = given(&args.text)?;
    if text.trim().is_empty() {
        return Err(Failure::usage("there is nothing to look for")
            .hint("`devmentor search \"where are retries delayed\"`, or a name, or an error"));
    }
    let source = source(&args.source)?;
    crate::one_thread()?.block_on(async {
        let cancel = cancel_on_interrupt();
        let progress = Progress::new(context.global.quiet, "");
        let checkout = checkout::obtain(context, &config, &source, None, &cancel, &progress).await?;
        progress.finish();
        let mut supervisor = wiring::supervisor(&config, crate::program()?);
        if let Some(slot) = slot(context, &config, &checkout) {
            supervisor = supervisor.keeping(slot);
        }
        let sought = sought(text, args)?;
        let found = tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok(Exit::Interrupted),
            found = supervisor.search(checkout.path(), &[], sought) => {
                found.map_err(|refusal| refused_folder(checkout.path(), refusal))?
            }
        };
        if args.json.json {
            terminal::print_json(&found)?;
        } else {
            for sentence in &found.partial {
                terminal::note(sentence);
            }
            terminal::print(&shown(&found, context.style()))?;
        }
        Ok(Exit::Done)
    })
}

fn sought(text: String, args: &cli::Search) -> Result<Sought, Failure> {
    let vector = Embedder::new().embed(&text).map_err(Failure::failed)?;
    Ok(Sought {
        commit: None,
        vector: Some(vector.to_bytes()),
        text,
        what: if args.symbols {
            What::Symbols
        } else {
            What::Passages { weights: Weights::default(), per_file: PER_FILE }
        },
        limit: args.limit.into(),
        milliseconds: u64::try_from(WITHIN.as_millis()).unwrap_or(u64::MAX),
    })
}

fn shown(found: &SearchFound, style: Style) -> String {
    if found.passages.is_empty() && found.symbols.is_empty() {
        let files = counted(found.files, "file", "files");
        return format!("Nothing fits. Searched {files} of the newest commit.\n");
    }
    let passages = found.passages.iter().map(|passage| of_passage(passage, style));
    let symbols = found.symbols.iter().map(|symbol| {
        let place = format!("{}:{}", clean(&symbol.path), symbol.lines.start());
        format!("{}  {}\n", style.paint(Look::Heading, &clean(&symbol.name)), style.paint(Look::Dim, &place))
    });
    let passages: Vec<String> = passages.collect();
    passages.join("\n") + &symbols.collect::<String>()
}

/// Where it is, what it defines, and the lines that say most of what was looked for.
fn of_passage(passage: &Passage, style: Style) -> String {
    let place = format!("{}:{}-{}", clean(&passage.path), passage.lines.start(), passage.lines.end());
    let mut text = style.paint(Look::Heading, &place);
    if let Some(symbol) = &passage.symbol {
        text = text + "  " + &style.paint(Look::Name, &clean(symbol));
    }
    text.push('\n');
    for (number, line) in lines(passage) {
        let number = style.paint(Look::Dim, &format!("{number:>6}"));
        text = text + &number + "  " + &clean(line) + "\n";
    }
    text
}

/// The lines with most of the terms, in their order; else the first ones.
fn lines(passage: &Passage) -> Vec<(u32, &str)> {
    let worth = |line: &str| {
        let line = line.to_lowercase();
        passage.terms.iter().filter(|term| line.contains(term.as_str())).count()
    };
    let numbered = (*passage.lines.start()..).zip(passage.text.lines());
    let mut lines: Vec<(usize, (u32, &str))> = numbered
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| (worth(line), (number, line)))
        .collect();
    lines.sort_by_key(|(worth, (number, _))| (std::cmp::Reverse(*worth), *number));
    lines.truncate(LINES);
    let mut lines: Vec<(u32, &str)> = lines.into_iter().map(|(_, line)| line).collect();
    lines.sort_unstable();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(text: &str) -> Passage {
        Passage {
            path: "src/a\u{202e}.rs".to_owned(),
            blob: String::new(),
            lines: 10..=14,
            symbol: Some("Store::retry".to_owned()),
            text: text.to_owned(),
            score: 0.5,
            from_meaning: 0.1,
            terms: vec!["retri".to_owned(), "delay".to_owned()],
        }
    }

    #[test]
    fn the_lines_that_say_most_are_shown_in_their_order() {
        let passage = passage("fn a() {\n\n    retries.delay();\n    other();\n    // a delay\n}\n");
        assert_eq!(
            lines(&passage),
            [(10, "fn a() {"), (12, "    retries.delay();"), (13, "    other();"), (14, "    // a delay")]
        );
        let text = of_passage(&passage, Style { color: false, width: None });
        assert!(text.contains(":10-14  Store::retry\n"), "{text}");
        assert!(!text.contains('\u{202e}'), "names cannot turn the text around");
    }
}
