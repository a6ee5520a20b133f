//! `devmentor cache`: what is kept between analyses, where and how much; and how to be rid of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::analyze::copies;
use crate::cli;
use crate::config::Config;
use crate::exit::{Exit, Failure, Outcome};
use crate::render::text::{Rows, bytes, counted};
use crate::{Context, terminal, wiring};

/// One kind of what is kept.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Stock {
    /// `None` where the system names no folder for it.
    folder: Option<PathBuf>,
    repositories: u64,
    bytes: u64,
}

/// Everything that is kept, or was.
#[derive(Debug, Serialize)]
struct Stocks {
    /// What is known of files and commits.
    facts: Stock,
    /// Copies of repositories that addresses named.
    copies: Stock,
    /// Whether it was deleted just now.
    cleared: bool,
}

pub(crate) fn run(context: &Context, args: &cli::Cache) -> Outcome {
    let config = context.config()?;
    let cleared = args.action == Some(cli::CacheAction::Clear);
    let stocks = Stocks {
        facts: facts(context, &config, cleared)?,
        copies: copied(&copies(&config), cleared)?,
        cleared,
    };
    if args.json.json {
        terminal::print_json(&stocks)?;
        return Ok(Exit::Done);
    }
    let size = if cleared { "deleted" } else { "size" };
    let mut rows = Rows::new(context.style(), &["what", size, "where"]).right(&[1]);
    for (what, stock) in [("facts", &stocks.facts), ("copies", &stocks.copies)] {
        let of = counted(stock.repositories, "repository", "repositories");
        let folder = stock.folder.as_deref().map_or_else(|| "nowhere".into(), Path::to_string_lossy);
        rows.add([
            (format!("{what} of {of}"), None),
            (bytes(stock.bytes), None),
            (terminal::clean(&folder).into_owned(), None),
        ]);
    }
    terminal::print(&rows.text())?;
    Ok(Exit::Done)
}

fn facts(context: &Context, config: &Config, clear: bool) -> Result<Stock, Failure> {
    let Some(kept) = wiring::cache(config, &context.environment) else { return Ok(Stock::default()) };
    let usage = if clear { kept.clear() } else { kept.usage() };
    let usage = usage.map_err(|error| unusable(kept.folder(), &error))?;
    Ok(Stock { folder: Some(kept.folder().to_owned()), repositories: usage.repositories, bytes: usage.bytes })
}

fn copied(folder: &Path, clear: bool) -> Result<Stock, Failure> {
    let wrong = |error| unusable(folder, &error);
    let mut stock = Stock { folder: Some(folder.to_owned()), ..Stock::default() };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(stock),
        entries => entries.map_err(wrong)?,
    };
    for entry in entries {
        let entry = entry.map_err(wrong)?;
        if entry.file_type().map_err(wrong)?.is_dir() {
            stock.repositories += 1;
            stock.bytes += size(&entry.path());
            if clear {
                fs::remove_dir_all(entry.path()).map_err(wrong)?;
            }
        }
    }
    Ok(stock)
}

/// Bytes of the files below a folder; links are not followed, and what disappears meanwhile counts for nothing.
fn size(folder: &Path) -> u64 {
    let mut bytes = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(found) if found.is_dir() => folders.push(entry.path()),
                Ok(found) => bytes += found.len(),
                Err(_) => {}
            }
        }
    }
    bytes
}

fn unusable(folder: &Path, error: &io::Error) -> Failure {
    Failure::failed(format!("{} cannot be read or emptied: {error}", folder.display()))
        .hint("check who owns the folder; it can be deleted by hand while no analysis runs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_counted_and_deleted_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("copies");
        assert_eq!(copied(&folder, true).unwrap().repositories, 0);
        fs::create_dir_all(folder.join("a/objects")).unwrap();
        fs::write(folder.join("a/objects/x"), "12345").unwrap();
        fs::write(folder.join("note"), "not a copy").unwrap();
        let shown = copied(&folder, false).unwrap();
        assert_eq!((shown.repositories, shown.bytes), (1, 5));
        assert_eq!(copied(&folder, true).unwrap(), shown);
        assert_eq!(copied(&folder, false).unwrap().repositories, 0);
        assert!(folder.join("note").exists());
    }
}
