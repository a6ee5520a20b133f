//! `cargo xtask codegen`: the OpenAPI document out of the routes, the TypeScript client out of the document, the JSON
//! Schemas of a report and of a comparison out of their types.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{shell, web};

/// Made from the routes of the server.
const DOCUMENT: &str = "openapi/devmentor.json";
/// Made from the types of a report and of a comparison: what `devmentor schema` prints, and where it is kept.
const SCHEMAS: [(&str, &str); 2] =
    [("report", "docs/report.schema.json"), ("comparison", "docs/comparison.schema.json")];
/// Made from the document.
const CLIENT: &str = "packages/client/src/schema.ts";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Change nothing; fail when what is committed is stale.
    #[arg(long)]
    check: bool,
}

impl Args {
    /// As if called with `--check`.
    pub(crate) fn check() -> Self {
        Self { check: true }
    }
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let root = shell::root();
    web::install()?;
    let document =
        shell::output(shell::cargo(&["run", "--quiet", "--package", "devmentor", "--", "openapi"]))?;
    place(&root.join(DOCUMENT), &document, args.check)?;
    for (document, path) in SCHEMAS {
        let run = ["run", "--quiet", "--package", "devmentor", "--", "schema", document];
        place(&root.join(path), &shell::output(shell::cargo(&run))?, args.check)?;
    }

    let fresh = shell::target().join("xtask/schema.ts");
    fs::create_dir_all(shell::target().join("xtask")).context("no folder below target/")?;
    let mut generate = shell::command("npm", &["exec", "--workspace", "packages/client", "--"]);
    generate
        .args(["openapi-typescript"])
        .arg(root.join(DOCUMENT))
        .arg("--alphabetize")
        .arg("--output")
        .arg(&fresh);
    shell::must(generate)?;
    let client = fs::read_to_string(&fresh).context("the generator wrote nothing")?;
    place(&root.join(CLIENT), &client, args.check)
}

/// Writes the text, or, when only checking, compares it with what is there.
fn place(path: &Path, wanted: &str, check: bool) -> Result<()> {
    let there = fs::read_to_string(path).unwrap_or_default();
    if there == wanted {
        return Ok(());
    }
    if check {
        bail!("{} is stale: run `cargo xtask codegen` and commit the result", path.display());
    }
    fs::write(path, wanted).with_context(|| format!("cannot write {}", path.display()))?;
    shell::say(&format!("wrote {}", path.display()));
    Ok(())
}
