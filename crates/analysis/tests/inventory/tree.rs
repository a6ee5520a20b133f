//! Small repositories, written as one text.

use analysis::inventory::{FileInventory, examine};
use analysis::source::SourceFile;

/// The examined files of a repository.
pub(crate) struct Tree {
    files: Vec<(String, String, FileInventory)>,
}

impl Tree {
    /// Reads `//- path` lines, each followed by the content of that file.
    pub(crate) fn new(fixture: &str) -> Self {
        let mut files: Vec<(String, String)> = Vec::new();
        for line in fixture.lines() {
            if let Some(path) = line.strip_prefix("//- ") {
                files.push((path.to_owned(), String::new()));
            } else if let Some((_, text)) = files.last_mut() {
                text.push_str(line);
                text.push('\n');
            }
        }
        let files = files
            .into_iter()
            .map(|(path, text)| {
                let file = SourceFile { path: &path, executable: false, bytes: text.as_bytes() };
                let inventory = examine(&file);
                (path, text, inventory)
            })
            .collect();
        Self { files }
    }

    /// The files as the functions over several files take them.
    pub(crate) fn examined(&self) -> Vec<analysis::inventory::Examined<'_>> {
        self.files
            .iter()
            .map(|(path, text, inventory)| (path.as_str(), text.len() as u64, inventory))
            .collect()
    }

    /// What was said about one file.
    pub(crate) fn file(&self, path: &str) -> &FileInventory {
        &self.files.iter().find(|(known, ..)| known == path).unwrap().2
    }
}
