//! What a Go file imports, read from its head.

/// The import paths of a Go file, in the order of the text; none of what is not Go.
///
/// Go has its imports before everything else, so nothing else is read: generated files, and files that are too large
/// or too deep for the parser, cost no more than others.
pub fn go_imports(text: &str) -> Vec<String> {
    let mut head = Head { rest: text };
    let mut found = Vec::new();
    if head.next() != Some(Token::Word("package")) || !matches!(head.next(), Some(Token::Word(_))) {
        return found;
    }
    loop {
        match head.next() {
            Some(Token::Mark(';')) => {}
            Some(Token::Word("import")) => head.declaration(&mut found),
            _ => return found,
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    /// A string, without its quotes.
    Text(&'a str),
    Mark(char),
}

struct Head<'a> {
    rest: &'a str,
}

impl<'a> Head<'a> {
    /// Reads what stands after `import`: one path or a list in brackets, each with or without a name of its own.
    fn declaration(&mut self, found: &mut Vec<String>) {
        let mut list = false;
        while let Some(token) = self.next() {
            match token {
                Token::Text(path) => {
                    found.push(path.to_owned());
                    if !list {
                        return;
                    }
                }
                Token::Mark('(') => list = true,
                Token::Word(_) | Token::Mark('.' | ';') => {}
                Token::Mark(_) => return,
            }
        }
    }

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip_blank();
        let first = self.rest.chars().next()?;
        if matches!(first, '"' | '`') {
            let (text, rest) = self.rest.get(1..)?.split_once(first)?;
            self.rest = rest;
            return Some(Token::Text(text));
        }
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let length = self.rest.find(|letter| !is_word(letter)).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(if length == 0 { first.len_utf8() } else { length });
        self.rest = rest;
        Some(if length == 0 { Token::Mark(first) } else { Token::Word(token) })
    }

    /// Leaves out white space, comments and the mark that some editors put first.
    fn skip_blank(&mut self) {
        loop {
            self.rest =
                self.rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
            let (comment, end) = match (self.rest.strip_prefix("//"), self.rest.strip_prefix("/*")) {
                (Some(comment), _) => (comment, "\n"),
                (None, Some(comment)) => (comment, "*/"),
                (None, None) => return,
            };
            self.rest = comment.split_once(end).map_or("", |(_, rest)| rest);
        }
    }
}
