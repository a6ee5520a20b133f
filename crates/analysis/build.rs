//! Gives the analyser its version, and its tables the form in which they are read.
//!
//! The version is a hash of everything that decides what a report says. Results are kept under it and compared only
//! within it, so it must change whenever the code, the rule data or a grammar does. A number raised by hand would be
//! forgotten.
//!
//! Tables are written in TOML, for people. Reading that takes longer than examining most files, so the program holds
//! them as JSON.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = Vec::new();
    for folder in ["src", "data"] {
        println!("cargo::rerun-if-changed={folder}");
        collect(&root.join(folder), &mut files)?;
    }
    // The grammars come from here.
    let lock = root.join("../../Cargo.lock");
    println!("cargo::rerun-if-changed=../../Cargo.lock");
    let mut hash = Fnv::default();
    for line in grammars(&fs::read_to_string(lock)?) {
        hash.write(line.as_bytes());
    }
    files.sort();
    write_tables(&root.join("data"), &files)?;
    for file in files {
        hash.write(file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().as_bytes());
        hash.write(&fs::read(&file)?);
    }
    println!("cargo::rustc-env=ANALYSIS_VERSION={:016x}", hash.0);
    Ok(())
}

/// Writes each table beside what is built, under its path within `data`.
fn write_tables(data: &Path, files: &[PathBuf]) -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    for (file, name) in files.iter().filter_map(|file| Some((file, file.strip_prefix(data).ok()?))) {
        let broken = |error| io::Error::other(format!("{}: {error}", file.display()));
        let table: toml::Table = fs::read_to_string(file)?.parse().map_err(broken)?;
        let table = serde_json::to_vec(&table)?;
        let path = out.join(name).with_extension("json");
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, table)?;
    }
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
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

/// Name and version lines of the tree-sitter packages.
fn grammars(lock: &str) -> Vec<&str> {
    let mut lines = lock.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with("name = \"tree-sitter") {
            found.push(line);
            found.extend(lines.next());
        }
    }
    found
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
