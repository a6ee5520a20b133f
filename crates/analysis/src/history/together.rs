//! Which files change together.

use super::{FileView, is_source};
use crate::report::{Coupling, Hotspot};

/// Commits that changed both files before they count as changing together, and the share of the file's commits.
const MIN_TOGETHER: u32 = 5;
const MIN_TOGETHER_PERCENT: u32 = 40;

/// Commits with more living files than this say nothing about which of them belong together.
const MAX_COUPLED_FILES: usize = 30;

/// Others that are named of a file.
const LISTED: usize = 3;

/// For each commit the source files that it changed together.
#[derive(Debug, Default)]
pub(super) struct Together(Vec<Vec<usize>>);

impl Together {
    /// Adds the files that a commit changed, each once.
    pub(super) fn add(&mut self, touched: &[usize], files: &[FileView<'_>]) {
        let source = |file: &usize| files.get(*file).is_some_and(is_source);
        let sources: Vec<usize> = touched.iter().copied().filter(source).collect();
        if (2..=MAX_COUPLED_FILES).contains(&sources.len()) {
            self.0.push(sources);
        }
    }

    /// Says of each of these files, which come with their numbers, which others change with it.
    pub(super) fn tell(&self, files: &[FileView<'_>], hotspots: &mut [(usize, Hotspot)]) {
        let mut commits_of: Vec<Option<Vec<&[usize]>>> = files.iter().map(|_| None).collect();
        for (file, _) in hotspots.iter() {
            commits_of[*file] = Some(Vec::new());
        }
        for sources in &self.0 {
            for file in sources {
                if let Some(Some(commits)) = commits_of.get_mut(*file) {
                    commits.push(sources);
                }
            }
        }
        let mut counts = vec![0_u32; files.len()];
        for (file, hotspot) in hotspots {
            let commits = commits_of[*file].take().unwrap_or_default();
            for other in commits.iter().copied().flatten() {
                counts[*other] += 1;
            }
            let mut coupled = Vec::new();
            for other in commits.into_iter().flatten() {
                let together = std::mem::take(&mut counts[*other]);
                let enough =
                    together >= MIN_TOGETHER && together * 100 >= hotspot.commits * MIN_TOGETHER_PERCENT;
                if enough && other != file {
                    let path = files[*other].path.to_owned();
                    coupled.push(Coupling { path, together, of: hotspot.commits });
                }
            }
            coupled.sort_by(|a, b| b.together.cmp(&a.together).then_with(|| a.path.cmp(&b.path)));
            coupled.truncate(LISTED);
            hotspot.coupled = coupled;
        }
    }
}
