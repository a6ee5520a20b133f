//! Facts as bytes, to be kept until the file or the analyser changes.

use bytes::Bytes;

use super::FileFacts;
use crate::duplication::Tokens;
use crate::later::{Far, Later, put, take};

/// Facts as they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What an analysis reads of every file.
    pub near: Vec<u8>,
    /// Its functions and its tokens, which only hotspots and duplicates need. Nothing without syntax.
    pub far: Vec<u8>,
}

impl FileFacts {
    /// The facts as bytes that [`decode`](Self::decode) understands within the same [`version`](super::version);
    /// `None` for facts that cannot be written.
    pub fn encode(&self) -> Option<Written> {
        let mut near = Vec::new();
        put(&mut near, &postcard::to_allocvec(self).ok()?)?;
        let Some(syntax) = &self.syntax else { return Some(Written { near, far: Vec::new() }) };
        for bytes in
            [syntax.symbols.write()?, syntax.imports.write()?, syntax.defines.write()?, syntax.uses.write()?]
        {
            put(&mut near, &bytes)?;
        }
        let (summary, tokens) = syntax.tokens.write();
        near.extend(summary);
        Some(Written { near, far: Far::write(&syntax.functions.write()?, &tokens)? })
    }

    /// The facts that were written, with where the rest of them is; `None` for bytes that no facts gave.
    pub fn decode(mut near: Bytes, far: Far) -> Option<Self> {
        let mut facts: Self = postcard::from_bytes(&take(&mut near)?).ok()?;
        if let Some(syntax) = &mut facts.syntax {
            syntax.symbols = Later::kept(take(&mut near)?);
            syntax.imports = Later::kept(take(&mut near)?);
            syntax.defines = Later::kept(take(&mut near)?);
            syntax.uses = Later::kept(take(&mut near)?);
            syntax.functions = Later::far(far.clone());
            syntax.tokens = Tokens::read(&near, far)?;
        } else if !near.is_empty() {
            return None;
        }
        Some(facts)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::later::FarSource;
    use crate::pipeline::examine;
    use crate::source::SourceFile;

    /// Files that between them fill every part of the facts.
    const FILES: [(&str, &str); 12] = [
        ("src/a.js", "import b from './b';\nexport function f(q) { return eval(q + 1); }\n"),
        (
            "src/lib.rs",
            "//! Docs.\nmod a;\npub fn f(x: u32) -> u32 { if x > 1 { 2 } else { 3 } }\n#[test]\nfn t() {}\n",
        ),
        ("main.go", "package main\nimport \"fmt\"\nfunc main() { fmt.Println(1) }\n"),
        ("A.java", "package a.b;\nimport java.util.List;\nclass A { int f(int x) { return x; } }\n"),
        (
            "package.json",
            "{\"name\":\"a\",\"dependencies\":{\"b\":\"^1.0.0\"},\"exports\":{\".\":\"./a.js\"}}",
        ),
        ("tsconfig.json", "{\"compilerOptions\":{\"baseUrl\":\".\",\"paths\":{\"@/*\":[\"src/*\"]}}}"),
        ("Cargo.lock", "version = 4\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n"),
        (
            "compose.yaml",
            "services:\n  a:\n    image: b:latest\n    privileged: true\n    depends_on: [c]\n  c:\n    build: .\n",
        ),
        ("Dockerfile", "FROM a:latest\nUSER root\nEXPOSE 80\n"),
        (".gitattributes", "*.x linguist-vendored\n"),
        ("config.py", "AWS = 'AKIAIOSFODNN7EXAMPLQ'\npassword = 'hunter2hunter2'\n"),
        ("broken.json", "{\"name\":"),
    ];

    /// What was written far.
    struct Apart(Option<Vec<u8>>);

    impl FarSource for Apart {
        fn far(&self, _: u32) -> Option<Vec<u8>> {
            self.0.clone()
        }
    }

    fn decode(near: &[u8], far: Option<&[u8]>) -> Option<FileFacts> {
        let far = Far::new(Arc::new(Apart(far.map(<[u8]>::to_vec))), 0);
        FileFacts::decode(Bytes::copy_from_slice(near), far)
    }

    #[test]
    fn facts_come_back_as_they_were() {
        for (path, text) in FILES {
            let facts = examine(&SourceFile { path, executable: false, bytes: text.as_bytes() });
            let Written { near, far } = facts.encode().unwrap();
            let back = decode(&near, Some(&far)).unwrap();
            assert_eq!(back.encode(), Some(Written { near, far }), "{path}");
            assert_eq!(back, facts, "{path}");
        }
    }

    #[test]
    fn bytes_that_no_facts_gave_are_refused_or_harmless() {
        let (path, text) = FILES[1];
        let facts = examine(&SourceFile { path, executable: false, bytes: text.as_bytes() });
        let Written { near, far } = facts.encode().unwrap();
        for length in 0..near.len() {
            assert_eq!(decode(&near[..length], Some(&far)), None, "{length}");
        }
        for at in 0..near.len() {
            let mut damaged = near.clone();
            damaged[at] ^= 0x55;
            // It may mean something else, but it must not panic or take memory without bound.
            let _ = decode(&damaged, Some(&far)).map(|facts| facts.encode());
        }
        for far in [None, Some(&far[..far.len() - 1])] {
            let lost = decode(&near, far).unwrap();
            assert_eq!(lost.syntax.unwrap().tokens, Tokens::default(), "nothing is made up");
        }
    }
}
