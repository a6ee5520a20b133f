//! The web app's build: what it needs and whether it is up to date.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::shell;

/// Installs the npm packages where the lock file is newer than the installed ones.
pub(crate) fn install() -> Result<()> {
    let root = shell::root();
    if !shell::exists("npm") {
        bail!("`npm` was not found: install Node.js 20 or newer with npm 11");
    }
    let installed = modified(&root.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&root.join("package-lock.json")) {
        return Ok(());
    }
    shell::must(shell::command("npm", &["ci", "--no-audit", "--no-fund"]))
}

/// Builds `web/dist` where any source is newer than it.
pub(crate) fn build() -> Result<()> {
    let root = shell::root();
    let built = modified(&root.join("web/dist/index.html"));
    let sources = newest(&root.join("web"))?.max(newest(&root.join("packages"))?);
    if built.is_some() && built >= sources {
        return Ok(());
    }
    shell::must(shell::command("npm", &["run", "build", "--workspace", "web"]))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|meta| meta.modified()).ok()
}

/// The newest source below a folder; what is installed or built does not count.
fn newest(folder: &Path) -> Result<Option<SystemTime>> {
    let mut newest = None;
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            let name = entry.file_name();
            if ["node_modules", "dist", "shots"].iter().any(|left_out| name == *left_out) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                waiting.push(entry.path());
            } else {
                newest = newest.max(modified(&entry.path()));
            }
        }
    }
    Ok(newest)
}
