//! The form of an input: files, each after a line `=== path`.

/// What a line begins with that starts a file.
const MARK: &[u8] = b"=== ";

/// Longer paths are refused: they only slow the search down.
const LONGEST_PATH: usize = 200;

/// A file of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its path: words between slashes, none of them `.` or `..`, so that it stays in the folder it is put into.
    pub path: &'a str,
    /// Its content, without the line break before the next file.
    pub content: &'a [u8],
}

/// The files of an input, at most `most` of them; `None` when it has another form.
pub fn split(data: &[u8], most: usize) -> Option<Vec<Part<'_>>> {
    let mut rest = data.strip_prefix(MARK)?;
    let mut parts = Vec::new();
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let path = std::str::from_utf8(&rest[..end]).ok().filter(|path| is_plain(path))?;
        rest = &rest[end + 1..];
        let next = next_mark(rest);
        let content = &rest[..next.unwrap_or(rest.len())];
        parts.push(Part { path, content });
        match next {
            Some(at) if parts.len() < most => rest = &rest[at + 1 + MARK.len()..],
            Some(_) => return None,
            None => return Some(parts),
        }
    }
}

/// Where the line break before the next file is.
fn next_mark(text: &[u8]) -> Option<usize> {
    text.windows(1 + MARK.len()).position(|window| window[0] == b'\n' && &window[1..] == MARK)
}

fn is_plain(path: &str) -> bool {
    path.len() <= LONGEST_PATH
        && path.split('/').all(|word| !(word.is_empty() || word == "." || word == ".."))
        && !path.contains(['\0', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_and_stay_in_their_folder() {
        let found = |text: &'static str| {
            let parts = split(text.as_bytes(), 2)?;
            Some(parts.into_iter().map(|part| (part.path, part.content)).collect::<Vec<_>>())
        };
        assert_eq!(found("=== a.rs\nfn f() {}\n"), Some(vec![("a.rs", b"fn f() {}\n".as_slice())]));
        assert_eq!(
            found("=== a\nx\n=== b/c\n\ny"),
            Some(vec![("a", b"x".as_slice()), ("b/c", b"\ny".as_slice())])
        );
        assert_eq!(found("=== a\n"), Some(vec![("a", b"".as_slice())]));
        for refused in ["", "a", "=== a", "=== ../a\n", "=== /a\n", "=== a//b\n", "=== a\n\n=== b\n\n=== c\n"]
        {
            assert_eq!(found(refused), None, "{refused:?}");
        }
    }
}
