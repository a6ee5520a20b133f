//! `devmentor cache`: what is kept between analyses, where and how much; and how to be rid of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use repos::fetch::is_copy;
use serde::Serialize;

use crate::analyze::{copies, is_name_of_copy};
use crate::cli;
use crate::config::Config;
use crate::exit::{Exit, Failure, Outcome};
use crate::render::text::{Rows, bytes, counted};
use crate::{Context, terminal, wiring};

/// What is known of files and commits.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Facts {
    /// `None` where the system names no folder for it.
    folder: Option<PathBuf>,
    repositories: u64,
    bytes: u64,
}

/// Copies of repositories that addresses named: one for each address and branch.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Clones {
    folder: PathBuf,
    copies: u64,
    bytes: u64,
}

/// Everything that is kept, or was.
#[derive(Debug, Serialize)]
struct Stocks {
    facts: Facts,
    copies: Clones,
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
    let Stocks { facts, copies, .. } = &stocks;
    let known = format!("facts of {}", counted(facts.repositories, "repository", "repositories"));
    let copied = counted(copies.copies, "copy of a repository", "copies of repositories");
    for (what, size, folder) in
        [(known, facts.bytes, facts.folder.as_deref()), (copied, copies.bytes, Some(copies.folder.as_path()))]
    {
        let folder = folder.map_or_else(|| "nowhere".into(), Path::to_string_lossy);
        rows.add([(what, None), (bytes(size), None), (terminal::clean(&folder).into_owned(), None)]);
    }
    terminal::print(&rows.text())?;
    Ok(Exit::Done)
}

fn facts(context: &Context, config: &Config, clear: bool) -> Result<Facts, Failure> {
    let Some(kept) = wiring::cache(config, &context.environment) else { return Ok(Facts::default()) };
    let usage = if clear { kept.clear() } else { kept.usage() };
    let usage = usage.map_err(|error| unusable(kept.folder(), &error))?;
    Ok(Facts { folder: Some(kept.folder().to_owned()), repositories: usage.repositories, bytes: usage.bytes })
}

/// What is not named and filled like a copy is somebody else's.
fn copied(folder: &Path, clear: bool) -> Result<Clones, Failure> {
    let wrong = |error| unusable(folder, &error);
    let mut stock = Clones { folder: folder.to_owned(), copies: 0, bytes: 0 };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(stock),
        entries => entries.map_err(wrong)?,
    };
    for entry in entries {
        let entry = entry.map_err(wrong)?;
        let is_named = entry.file_name().to_str().is_some_and(is_name_of_copy);
        if is_named && entry.file_type().map_err(wrong)?.is_dir() && is_copy(&entry.path()) {
            stock.copies += 1;
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
    use crate::analyze::copy_name;

    #[test]
    fn copies_are_counted_and_deleted_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("copies");
        assert_eq!(copied(&folder, true).unwrap().copies, 0);
        let [whole, half, ours] =
            ["a", "b", "c"].map(|branch| folder.join(copy_name("https://x.example/y", branch)));
        let write = |path: PathBuf| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "12345").unwrap();
        };
        write(whole.join("devmentor-complete"));
        write(half.join("objects/x"));
        write(half.join("HEAD"));
        // Folders of people: one is only named like a copy, one only looks like one.
        write(ours.join("a.jpg"));
        for path in ["photos/a.jpg", "tool.git/HEAD", "tool.git/objects/x", "note"] {
            write(folder.join(path));
        }
        let shown = copied(&folder, false).unwrap();
        assert_eq!((shown.copies, shown.bytes), (2, 15));
        assert_eq!(copied(&folder, true).unwrap(), shown);
        assert_eq!(copied(&folder, false).unwrap().copies, 0);
        assert!(!whole.exists() && !half.exists() && ours.join("a.jpg").exists());
        for path in ["photos/a.jpg", "tool.git/HEAD", "tool.git/objects/x", "note"] {
            assert!(folder.join(path).exists(), "{path}");
        }
    }
}
