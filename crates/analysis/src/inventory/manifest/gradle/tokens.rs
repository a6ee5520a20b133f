//! Groovy and Kotlin as far as a build script needs it: words, strings, brackets and line ends, without comments.

/// A part of a script.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name, with the dots in it: `libs.guava`.
    Word(String),
    /// A string; what it refers to is written `${name}`.
    Text(String),
    /// Any other sign but a line end.
    Sign(char),
    /// The end of a line, or a semicolon.
    End,
}

/// Longer scripts are read up to here.
const MOST: usize = 200_000;

/// The tokens of a script, each with its line. Groovy and Kotlin differ in what `$a.b` in a string refers to.
pub(super) fn tokens(text: &str, groovy: bool) -> Vec<(u32, Token)> {
    let mut reader = Reader { rest: text, line: 1, groovy, found: Vec::new() };
    while reader.found.len() < MOST && reader.step().is_some() {}
    reader.found
}

struct Reader<'a> {
    rest: &'a str,
    line: u32,
    groovy: bool,
    found: Vec<(u32, Token)>,
}

impl Reader<'_> {
    /// Reads one token. `None` at the end.
    fn step(&mut self) -> Option<()> {
        let first = self.rest.chars().next()?;
        let line = self.line;
        match first {
            '\n' | ';' => {
                self.skip(1);
                self.found.push((line, Token::End));
            }
            '/' if self.rest.starts_with("//") => self.skip(self.rest.find('\n').unwrap_or(self.rest.len())),
            '/' if self.rest.starts_with("/*") => {
                self.skip(self.rest.find("*/").map_or(self.rest.len(), |end| end + 2));
            }
            '"' | '\'' => self.string(first),
            c if c.is_whitespace() => self.skip(c.len_utf8()),
            c if c.is_alphabetic() || c == '_' => {
                let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
                let word = self.rest[..end.unwrap_or(self.rest.len())].trim_end_matches('.');
                self.skip(word.len());
                self.found.push((line, Token::Word(word.to_owned())));
            }
            c => {
                self.skip(c.len_utf8());
                self.found.push((line, Token::Sign(c)));
            }
        }
        Some(())
    }

    fn skip(&mut self, bytes: usize) {
        let (skipped, rest) = self.rest.split_at(bytes);
        let breaks = memchr::memchr_iter(b'\n', skipped.as_bytes()).count();
        self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.rest = rest;
    }

    /// A string in one or three quotes. One that does not end on its line is no string.
    fn string(&mut self, quote: char) {
        let line = self.line;
        let three = [quote; 3].iter().collect::<String>();
        if let Some(after) = self.rest.strip_prefix(three.as_str()) {
            let length = after.find(three.as_str()).unwrap_or(after.len());
            let text = after[..length].to_owned();
            self.skip((length + 6).min(self.rest.len()));
            self.found.push((line, Token::Text(text)));
            return;
        }
        let mut escaped = false;
        // The quotes of an expression in braces belong to it.
        let mut braces = 0_usize;
        let mut before = quote;
        let mut end = None;
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                '\n' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '{' if before == '$' && quote == '"' => braces += 1,
                '}' => braces = braces.saturating_sub(1),
                c if c == quote && braces == 0 => {
                    end = Some(at);
                    break;
                }
                _ => {}
            }
            before = c;
        }
        let Some(end) = end else {
            self.skip(1);
            return;
        };
        let inside = &self.rest[1..end];
        let text = if quote == '"' { references(inside, self.groovy) } else { inside.to_owned() };
        self.skip(end + 1);
        self.found.push((line, Token::Text(text)));
    }
}

/// Writes `$name` and what expressions name as `${name}`.
fn references(text: &str, groovy: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let braced = after.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let (name, tail) = if let Some((expression, tail)) = braced {
            (variable(expression), tail)
        } else {
            let part = |c: char| c.is_alphanumeric() || c == '_' || (groovy && c == '.');
            let name = &after[..after.find(|c| !part(c)).unwrap_or(after.len())];
            let name = name.trim_end_matches('.');
            (variable(name), &after[name.len()..])
        };
        out.push_str("${");
        out.push_str(&name);
        out.push('}');
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The name of the variable an expression stands for: `rootProject.ext.x`, `property("x")` and `x` are all `x`.
pub(super) fn variable(expression: &str) -> String {
    let quoted = expression.split(['"', '\'']).nth(1);
    let name = quoted.unwrap_or(expression).trim();
    let name = name.split('(').next().unwrap_or(name).trim_end_matches(".get");
    ["rootProject.", "project.", "properties.", "ext.", "extra."]
        .iter()
        .fold(name, |name, prefix| name.strip_prefix(prefix).unwrap_or(name))
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_comments_and_references() {
        let found = tokens("a.b('x//y') /* \n */ \"$v.w-${ext.w}\" // z\n\"${p(\"q\")}\" 'no\nend", true);
        let shown: Vec<String> = found
            .into_iter()
            .map(|(line, token)| match token {
                Token::Word(word) => format!("{line} {word}"),
                Token::Text(text) => format!("{line} <{text}>"),
                Token::Sign(sign) => format!("{line} {sign}"),
                Token::End => "|".to_owned(),
            })
            .collect();
        assert_eq!(
            shown,
            ["1 a.b", "1 (", "1 <x//y>", "1 )", "2 <${v.w}-${w}>", "|", "3 <${q}>", "3 no", "|", "4 end"]
        );
    }
}
