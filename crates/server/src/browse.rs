//! Completing a path on the server's machine, inside the folders the operator allowed.
//!
//! Only names of folders are told, and only where repositories may be picked. Links are resolved before the place is
//! compared with the allowed folders, so that a link does not lead out of them.

use std::path::{Path, PathBuf};

use crate::problem::Problem;

/// Entries in one answer.
const LIMIT: usize = 200;
/// Entries of one folder that are looked at.
const LOOKED_AT: usize = 20_000;

/// The folders whose paths go on as `prefix` does.
pub(crate) async fn complete(roots: &[PathBuf], prefix: String) -> Result<api::LocalPathList, Problem> {
    let roots = roots.to_vec();
    // The file system may be slow, and it has no asynchronous interface.
    let listed = tokio::task::spawn_blocking(move || list(&roots, &prefix)).await;
    listed.map_err(Problem::internal)?.ok_or_else(Problem::not_found)
}

/// `None` for a place outside the roots as for one that does not exist: neither is told from the other.
fn list(roots: &[PathBuf], prefix: &str) -> Option<api::LocalPathList> {
    let roots: Vec<PathBuf> = roots.iter().filter_map(|root| root.canonicalize().ok()).collect();
    if prefix.is_empty() {
        let entries = roots.iter().filter_map(|root| entry(root)).collect();
        return Some(api::LocalPathList { folder: String::new(), entries, more: false });
    }
    let (folder, begins) = split(prefix);
    let folder = Path::new(folder).canonicalize().ok()?;
    if !roots.iter().any(|root| folder.starts_with(root)) {
        // A path on the way to a root completes to it.
        let entries: Vec<_> = roots
            .iter()
            .filter(|root| root.to_str().is_some_and(|root| root.starts_with(prefix)))
            .filter_map(|root| entry(root))
            .collect();
        let folder = folder.to_str()?.to_owned();
        return (!entries.is_empty()).then_some(api::LocalPathList { folder, entries, more: false });
    }
    let mut found: Vec<PathBuf> = folder
        .read_dir()
        .ok()?
        .take(LOOKED_AT)
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| goes_on(name, begins)))
        .map(|entry| entry.path())
        .filter(|path| {
            path.canonicalize()
                .is_ok_and(|real| real.is_dir() && roots.iter().any(|root| real.starts_with(root)))
        })
        .collect();
    found.sort();
    let more = found.len() > LIMIT;
    found.truncate(LIMIT);
    Some(api::LocalPathList {
        folder: folder.to_str()?.to_owned(),
        entries: found.iter().filter_map(|path| entry(path)).collect(),
        more,
    })
}

/// The folder to list, and how the names in it begin.
fn split(prefix: &str) -> (&str, &str) {
    match prefix.rfind(['/', '\\']) {
        Some(at) => (&prefix[..=at], &prefix[at + 1..]),
        None => (".", prefix),
    }
}

/// Hidden folders are shown to who types their dot.
fn goes_on(name: &str, begins: &str) -> bool {
    let hidden = name.starts_with('.') && !begins.starts_with('.');
    !hidden && name.get(..begins.len()).is_some_and(|start| start.eq_ignore_ascii_case(begins))
}

fn entry(path: &Path) -> Option<api::LocalPath> {
    Some(api::LocalPath {
        path: path.to_str()?.to_owned(),
        name: path.file_name().and_then(|name| name.to_str()).unwrap_or("/").to_owned(),
        repository: looks_like_repository(path),
    })
}

/// Whether it has what every Git repository has; opening it says the rest.
fn looks_like_repository(path: &Path) -> bool {
    path.join(".git").exists() || (path.join("HEAD").is_file() && path.join("objects").is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::create_dir_all;

    fn names(roots: &[PathBuf], prefix: &Path, rest: &str) -> Option<Vec<String>> {
        let prefix = format!("{}{rest}", prefix.display());
        Some(list(roots, &prefix)?.entries.into_iter().map(|entry| entry.name).collect())
    }

    #[test]
    fn folders_are_completed_inside_the_roots_only() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        for path in ["code/alpha/.git", "code/Alps", "code/beta", "code/.hidden", "secret/inner"] {
            create_dir_all(base.join(path)).unwrap();
        }
        std::fs::write(base.join("code/alphabet.txt"), "").unwrap();
        let roots = [base.join("code")];

        assert_eq!(names(&roots, &base, "/code/al"), Some(vec!["Alps".into(), "alpha".into()]));
        assert_eq!(names(&roots, &base, "/code/"), Some(vec!["Alps".into(), "alpha".into(), "beta".into()]));
        assert_eq!(names(&roots, &base, "/code/."), Some(vec![".hidden".into()]));
        assert_eq!(names(&roots, &base, "/code/zzz"), Some(vec![]));
        assert_eq!(names(&roots, &base, "/co"), Some(vec!["code".into()]));
        for outside in ["/secret/", "/code/../secret/", "/secret/in", "/nowhere/x"] {
            assert_eq!(names(&roots, &base, outside), None, "{outside}");
        }
        let all = list(&roots, "").unwrap();
        assert_eq!(all.entries.len(), 1);
        assert!(list(&roots, &format!("{}/code/alpha", base.display())).unwrap().entries[0].repository);
        assert!(list(&[], "").unwrap().entries.is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        create_dir_all(base.join("code")).unwrap();
        create_dir_all(base.join("secret/inner")).unwrap();
        std::os::unix::fs::symlink(base.join("secret"), base.join("code/link")).unwrap();
        let roots = [base.join("code")];
        assert_eq!(names(&roots, &base, "/code/"), Some(vec![]));
        assert_eq!(names(&roots, &base, "/code/link/"), None);
    }
}
