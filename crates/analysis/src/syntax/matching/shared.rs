//! Whether a check looks at the value that a call is given.

use std::collections::BTreeSet;

/// What names no value of its own: constants, the object itself, modules, and the request and the answer as a whole.
const PLAIN: &[&str] = &[
    "null",
    "None",
    "nil",
    "undefined",
    "true",
    "false",
    "True",
    "False",
    "new",
    "not",
    "in",
    "and",
    "or",
    "this",
    "self",
    "req",
    "request",
    "Request",
    "r",
    "res",
    "response",
    "Response",
    "w",
    "c",
    "ctx",
    "context",
    "Context",
    "HttpContext",
    "strings",
    "filepath",
    "fs",
    "os",
    "io",
    "http",
    "File",
    "Paths",
    "java",
    "_GET",
    "_POST",
    "_REQUEST",
    "_FILES",
    "_COOKIE",
    "_SERVER",
];

/// Parts of a request that hold many values: one of them says nothing about another.
const HOLDERS: &[&str] = &[
    "query", "params", "param", "body", "args", "form", "headers", "header", "cookies", "cookie", "files",
    "values", "url", "json",
];

/// Whether a name is nowhere used in a text but given, given on as it is, and compared.
pub(super) fn is_only_compared(name: &str, src: &str) -> bool {
    if name.is_empty() || !name.chars().all(is_part) {
        return false;
    }
    let mut compared = false;
    for (at, _) in src.match_indices(name) {
        let before = src.get(..at).unwrap_or_default();
        let after = src.get(at + name.len()..).unwrap_or_default();
        if before.ends_with(|sign| is_part(sign) || sign == '.') || after.starts_with(is_part) {
            continue;
        }
        let (before, after) = (before.trim_end(), after.trim_start_matches(' '));
        let comparison = ["===", "!=="].iter().any(|sign| before.ends_with(sign) || after.starts_with(sign));
        compared |= comparison;
        let given = after.starts_with('=');
        let given_on = before.ends_with('=') && after.starts_with([';', '\n', '\r']);
        if !comparison && !given && !given_on {
            return false;
        }
    }
    compared
}

/// Whether two texts of code name the same value.
pub(super) fn share_a_value(one: &str, other: &str) -> bool {
    !shared_values(one, other).is_empty()
}

/// The values that two texts of code both name.
pub(super) fn shared_values<'s>(one: &'s str, other: &str) -> BTreeSet<&'s str> {
    let other = values(other);
    values(one).into_iter().filter(|value| other.contains(value)).collect()
}

/// The names of values in a text of code: variables, members, keys, and what literals interpolate.
fn values(code: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    // The quote of the literal that is open, and where it opened.
    let mut literal: Option<(char, usize)> = None;
    // Where the name began that is being read.
    let mut begun: Option<usize> = None;
    let mut escaped = false;
    for (at, sign) in code.char_indices().chain([(code.len(), ' ')]) {
        if is_part(sign) {
            begun.get_or_insert(at);
            escaped = false;
            continue;
        }
        if let Some(start) = begun.take() {
            let (before, name) =
                (code.get(..start).unwrap_or_default(), code.get(start..at).unwrap_or_default());
            let after = code.get(at..).unwrap_or_default();
            if is_read(before, after, literal) && is_value(name, after) {
                found.insert(name);
            }
        }
        match literal {
            Some((quote, _)) if sign == quote && !escaped => literal = None,
            None if matches!(sign, '"' | '\'' | '`') => literal = Some((sign, at)),
            _ => {}
        }
        escaped = sign == '\\' && !escaped;
    }
    found
}

/// Whether what stands there is code, or a key: in a literal, only what is interpolated or is all of a literal that
/// something is asked for by.
fn is_read(before: &str, after: &str, literal: Option<(char, usize)>) -> bool {
    let Some((quote, opened)) = literal else { return true };
    let inside = before.get(opened + quote.len_utf8()..).unwrap_or_default();
    if inside.is_empty() && after.starts_with(quote) {
        let asked = before.get(..opened).unwrap_or_default().strip_suffix(['[', '(']);
        return asked
            .is_some_and(|asked| asked.ends_with(|sign| is_part(sign) || sign == ')' || sign == ']'));
    }
    let chain =
        inside.trim_end_matches(|sign| is_part(sign) || matches!(sign, '.' | '?' | '>' | '-' | '[' | ':'));
    chain.ends_with(['{', '$'])
}

/// Whether a name stands for a value: not for what is called, and for what holds many values only where all of them
/// are meant.
fn is_value(name: &str, after: &str) -> bool {
    let after = after.trim_start();
    if PLAIN.contains(&name) || after.starts_with('(') || name.starts_with(|sign: char| sign.is_ascii_digit())
    {
        return false;
    }
    if !HOLDERS.contains(&name.to_lowercase().as_str()) {
        return true;
    }
    let member = [".", "?.", "->"].iter().find_map(|sign| after.strip_prefix(sign));
    match member {
        Some(member) => {
            let end = member.find(|sign| !is_part(sign)).unwrap_or(member.len());
            let (method, rest) = member.split_at(end);
            rest.starts_with('(') && !method.to_lowercase().starts_with("get")
        }
        None => !after.starts_with('['),
    }
}

fn is_part(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_only_compared_is_no_secret() {
        let kept = "const t = random();\nthis.current = t;\nif (this.current === t) { show(); }\n";
        assert!(is_only_compared("t", kept));
        assert!(!is_only_compared("t", "const t = random();\nsend(t); if (a === t) {}"));
        assert!(!is_only_compared("t", "const t = random();\nthis.t2 = t;\n"));
    }

    #[test]
    fn a_check_is_about_the_value_it_names() {
        for (check, call, shared) in [
            ("name.includes('..')", "fs.readFile(dir + name)", true),
            ("!['GET'].includes(req.method)", "fs.readFile(dir + req.query.f)", false),
            ("req.query.f.includes('..')", "fs.readFile(dir + req.query.f)", true),
            ("req.query.g.includes('..')", "fs.readFile(dir + req.query.f)", false),
            ("req.url.includes('..')", "fs.readFile(dir + req.url)", true),
            ("url.includes('..')", "fs.readFile(`${dir}/${url}`)", true),
            ("['pdf'].includes(kind)", "fs.readFile(dir + req.query.f + '.pdf')", false),
            ("!this.kinds.includes(kind)", "fs.readFile(this.dir + req.query.f)", false),
            ("strpos($_GET['f'], '..')", "readfile($_GET['f'])", true),
            ("strpos($_GET['g'], '..')", "readfile($_GET['f'])", false),
            ("'..' in request.args.get('f')", "open(request.args.get('f'))", true),
            ("'..' in request.args.get('g')", "open(request.args.get('f'))", false),
            ("'..' in name", "open(f'/data/{name}')", true),
            ("'..' in name", "open('/data/name')", false),
            ("strings.Contains(r.Method, s)", "os.Open(strings.ToLower(r.FormValue(\"f\")))", false),
        ] {
            assert_eq!(share_a_value(check, call), shared, "{check} before {call}");
        }
    }
}
