//! Facts as bytes, to be kept until the file or the analyser changes.

use super::FileFacts;
use crate::duplication::Tokens;

/// Length of the facts without the tokens, in front of them.
type Length = u32;

impl FileFacts {
    /// The facts as bytes that [`decode`](Self::decode) understands within the same [`version`](super::version);
    /// `None` for facts that cannot be written.
    pub fn encode(&self) -> Option<Vec<u8>> {
        let mut bytes = vec![0; size_of::<Length>()];
        bytes = postcard::to_extend(self, bytes).ok()?;
        let length = Length::try_from(bytes.len() - size_of::<Length>()).ok()?;
        bytes.get_mut(..size_of::<Length>())?.copy_from_slice(&length.to_le_bytes());
        if let Some(syntax) = &self.syntax {
            syntax.tokens.write(&mut bytes);
        }
        Some(bytes)
    }

    /// The facts that were written; `None` for bytes that no facts gave.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk::<{ size_of::<Length>() }>()?;
        let (facts, tokens) = rest.split_at_checked(usize::try_from(Length::from_le_bytes(*length)).ok()?)?;
        let mut facts: Self = postcard::from_bytes(facts).ok()?;
        match &mut facts.syntax {
            Some(syntax) => syntax.tokens = Tokens::read(tokens)?,
            None if tokens.is_empty() => {}
            None => return None,
        }
        Some(facts)
    }
}

#[cfg(test)]
mod tests {
    use crate::pipeline::{FileFacts, examine};
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

    #[test]
    fn facts_come_back_as_they_were() {
        for (path, text) in FILES {
            let facts = examine(&SourceFile { path, executable: false, bytes: text.as_bytes() });
            let bytes = facts.encode().unwrap();
            assert_eq!(FileFacts::decode(&bytes), Some(facts), "{path}");
        }
    }

    #[test]
    fn bytes_that_no_facts_gave_are_refused_or_harmless() {
        let (path, text) = FILES[1];
        let facts = examine(&SourceFile { path, executable: false, bytes: text.as_bytes() });
        let bytes = facts.encode().unwrap();
        for length in 0..bytes.len() {
            assert_eq!(FileFacts::decode(&bytes[..length]), None, "{length}");
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x55;
            // It may mean something else, but it must not panic or take memory without bound.
            let _ = FileFacts::decode(&damaged);
        }
    }
}
