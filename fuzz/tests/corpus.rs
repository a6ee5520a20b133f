//! Replays the corpus: every input that was worth keeping, through the same code as in the fuzzers.

use std::fs;
use std::path::{Path, PathBuf};

use fuzz::Target;

#[test]
fn every_kept_input_holds() {
    for target in Target::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name());
        let inputs = inputs(&folder);
        assert!(inputs.len() >= 10, "{} inputs for {}", inputs.len(), target.name());
        for path in inputs {
            // A name in the output of a failed test, wherever it came from.
            println!("{}", path.display());
            assert!(target.run(&fs::read(&path).unwrap()), "{} is no input", path.display());
        }
    }
}

fn inputs(folder: &Path) -> Vec<PathBuf> {
    let mut inputs: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    inputs.sort();
    inputs
}
