//! Gives what is kept between analyses its version: a hash of the code that reads repositories and of every
//! dependency, because each may change what is said of the same content. The analyser adds its own.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = vec![root.join("../../Cargo.lock"), root.join("src/git.rs"), root.join("src/child.rs")];
    // What words and vectors are made of a text is part of it.
    for folder in ["src/git", "src/child", "../retrieval/src"] {
        collect(&root.join(folder), &mut files)?;
    }
    files.sort();
    let mut hash = Fnv::default();
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        hash.write(file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().as_bytes());
        hash.write(&fs::read(&file)?);
    }
    println!("cargo::rustc-env=READING_VERSION={:016x}", hash.0);
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    // A file that appears changes its folder.
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): stable across compilers, and nobody attacks a build script.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
