//! Replays the corpus: every input that was worth keeping, through the same code as in the fuzzers.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use fuzz::Target;

#[test]
fn every_kept_input_holds() {
    let mut failed = Vec::new();
    for target in Target::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name());
        let entries = fs::read_dir(folder).unwrap();
        let mut inputs: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        inputs.sort();
        assert!(inputs.len() >= 10, "{} inputs for {}", inputs.len(), target.name());
        for path in inputs {
            let data = fs::read(&path).unwrap();
            // The panic says what does not hold; the others are tried all the same.
            if !catch_unwind(|| target.run(&data)).unwrap_or(false) {
                failed.push(path);
            }
        }
    }
    assert!(failed.is_empty(), "do not hold, or are no inputs: {failed:#?}");
}
