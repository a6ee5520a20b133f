//! What the text of a condition or of a statement says of a value, for which a sign stands in it.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::super::checked::{Checked, MADE, refuses};
use super::looked::is_part;

/// Whether a condition is nothing but a comparison of the value with texts: true where it is one of them, false where it
/// is none.
pub(super) fn equality(said: &str) -> Option<bool> {
    static COMPARED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"^\(*§(==|===|!=|!==)(?:"[^"§]+"|'[^'§]+')\)*:?$"#).ok());
    let compared = COMPARED.as_ref()?;
    let sign = |part: &str| Some(compared.captures(part)?.get(1)?.as_str().starts_with('='));
    let mut parts = said.split("||").flat_map(|part| part.split(" or "));
    let first = sign(parts.next()?)?;
    let mut several = false;
    for part in parts {
        several = true;
        sign(part).filter(|sign| *sign)?;
    }
    (first || !several).then_some(first)
}

/// Whether a value is what came of running or asking for a text with the value in it: the same hole, and no check.
pub(super) fn is_used(said: &str) -> bool {
    static USED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"^(?:await )?(?:[\w$]+(?:\.|::))*(?:(?:mysqli?|pg)_query|query|execute|exec|execSync|spawn|spawnSync|system|shell_exec|popen|passthru)\(",
        )
        .ok()
    });
    let bound = ["?", ":", "%s", "$1", "@"];
    USED.as_ref().is_some_and(|used| used.is_match(said)) && !bound.iter().any(|sign| said.contains(sign))
}

/// Whether a call reads a text as something that few texts are.
pub(super) fn is_read(said: &str) -> bool {
    static READ: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^(?:strconv\.\w+|(?:\w+\.)?Parse\w*)\(").ok());
    !said.starts_with("url.") && READ.as_ref().is_some_and(|read| read.is_match(said))
}

/// Whether something holds all parts of a request against what they shall be: `validationResult(req)`.
pub(super) fn is_check_of_all(said: &str) -> bool {
    static CHECKED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\b(\w*(?i:valid)\w*)\((?:req|request|ctx)(?:\s*,[^()]*)?\)").ok());
    let checked = CHECKED.as_ref().and_then(|checked| checked.captures(said));
    checked.and_then(|checked| checked.get(1)).is_some_and(|name| {
        let name = name.as_str().to_ascii_lowercase();
        let other = ["token", "session", "csrf", "user", "auth", "sign", "origin", "method", "cookie", "key"];
        !other.iter().any(|word| name.contains(word))
    })
}

/// What a statement demands to be so, if it is one that throws otherwise.
pub(super) fn asserted(said: &str, required: bool) -> Option<&str> {
    let rest = match said.split_once("Preconditions.") {
        Some((_, rest)) => rest.trim_start_matches(is_part),
        None if required => said.strip_prefix("require").or_else(|| said.strip_prefix("check"))?,
        None => return None,
    };
    let rest = rest.strip_prefix('(')?;
    let mut open = 1_u32;
    let end = rest.find(|sign| {
        match sign {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        open == 0 || (open == 1 && sign == ',')
    })?;
    rest.get(..end)
}

/// Whether a statement hands a value to what is called a check of it, which may throw.
pub(super) fn is_check(said: &str) -> bool {
    static CALLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let checks = "assert|validate|verify|sanitize|authorize|reject|deny|expect|must";
        Regex::new(&format!(r"^(?:await\s+)?(?:[\w$@]+(?:\.|->|::))*(?i:_*(?:{checks}))(\w*)!?\(")).ok()
    });
    let called = CALLED.as_ref().and_then(|called| called.captures(said));
    let named = called.and_then(|called| called.get(1)).is_some_and(|what| {
        let what = what.as_str().to_ascii_lowercase();
        let other = ["null", "nil", "exist", "present", "empty", "defined"];
        !other.iter().chain(MADE).any(|word| what.contains(word))
    });
    named || refuses(said) != Checked::No
}

/// Calls that tell whether there is such a file: holes of paths are written so too.
const EXISTENCE: &str = concat!(
    r"(?:",
    r"(?:\w+[.:]+)*(?:existsSync|pathExists|pathExistsSync|file_exists|is_file|is_dir|is_readable|isfile|isdir",
    r"|isFile|isDirectory|[sS]tat|lstat|statSync|lstatSync|(?:fs|fsp|promises|os)\.access|accessSync",
    r"|(?:(?:fs|fse|fsp|path|Dir|Directory|Files?)[.:]+)(?:exists|exist\?|Exists|file\?|directory\?))",
    r"\((?:[^()]|\([^()]*\))*\)(?:\.(?:isFile|isDirectory)\(\))?",
    r"|(?:(?:new )?(?:\w+[.:]+)*(?:Path|File|FileInfo|SplFileInfo|Pathname|Path::new)\([^()]*\)|§(?:\.(?:toFile|toPath)\(\))?)",
    r"\.(?:exists|exist\?|Exists|is_file|is_dir|isFile|isDirectory|canRead|file\?|directory\?)(?:\(\))?",
    r")"
);

/// Whether a value is only whether there is such a file, or what is known of that file.
pub(super) fn is_existence(said: &str) -> bool {
    static CALLED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&format!(r"^!?(?:await )?{EXISTENCE}$")).ok());
    CALLED.as_ref().is_some_and(|called| called.is_match(said))
}

/// Whether a part of a condition asks only whether a value is there, or is text at all.
pub(super) fn is_presence(part: &str) -> bool {
    static ASKED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let nothing = r#"(?:null|None|nil|undefined|NULL|nullptr|''|""|-?[01]|true|false|True|False|[sS]tring\.Empty|"undefined"|'undefined'|"string"|'string'|str|String)"#;
        let compared = format!(r"\s*(?:={{1,3}}|!={{1,2}}|<>|[<>]=?|is not|is|instanceof)\s*{nothing}");
        let bare = r"§(?:\.(?:trim|strip|toString|to_s|Trim|ToString)(?:\(\))?)*";
        let of = r"(?:\.(?:length|size|Length|Count|count|len|isEmpty|isBlank|isNullOrBlank|isNullOrEmpty|empty\?|present\?|blank\?|nil\?|any\?|is_empty|is_some|is_none|isPresent)(?:\(\))?)?";
        let asked = r"(?:\w+[.:]+)*(?:isset|empty|is_string|is_null|is_array|isArray|len|strlen|mb_strlen|count|sizeof|Boolean|bool|str|String|isinstance|defined\??|trim|nonNull|isNull|isEmpty|isNotEmpty|isBlank|isNotBlank|hasText|hasLength|notEmpty|notBlank|IsNullOrEmpty|IsNullOrWhiteSpace|isNullOrEmpty|TrimSpace|typeof)";
        let long = r"(?:length|size|Length|Count|count|len)(?:\(\))?";
        let long =
            format!(r"(?:{bare}\.{long}|(?:\w+[.:]+)*(?:len|strlen|mb_strlen|count|sizeof)\({bare}\))");
        let long = format!(
            r"{long}(?:[<>]=?|[=!]={{1,2}})(?:\d+|[A-Z][A-Z_]+)|(?:\d+|[A-Z][A-Z_]+)(?:[<>]=?){long}"
        );
        let held = r#"["']\w+["'] ?(?:not )?in ?§"#;
        let one = format!(
            r"(?:(?:await )?{EXISTENCE}|(?:typeof ?)?\(?{bare}{of}\)?|{asked}\((?:{asked}\()?{bare}(?:,[^()]*)?\)*)"
        );
        Regex::new(&format!(
            r"^(?:{held}|{long}|{one}(?:{compared}|\?)?|{nothing}(?:={{2,3}}|!={{1,2}}){one}|\w+<=?{one}|\w+\+?(?:,\w+)?:?=(?:{bare}|{EXISTENCE}))[;:{{]?$"
        ))
        .ok()
    });
    // `if (n = $_GET['n'])`: given a name where it is asked.
    static GIVEN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(\(|^)(?:(?:var|let|const) )?(?:§|[$@]?\w+):?=§").ok());
    let part = GIVEN.as_ref().map_or(Cow::Borrowed(part), |given| given.replace_all(part, "$1§"));
    let mut part = part.trim();
    loop {
        let bare = part
            .strip_prefix('!')
            .or_else(|| part.strip_prefix("not "))
            .or_else(|| part.strip_prefix("not").filter(|rest| rest.starts_with(['§', '('])));
        match bare.or_else(|| part.strip_prefix('(')) {
            Some(rest) => part = rest,
            None => break,
        }
    }
    let count = |sign: char| part.matches(sign).count();
    let mut open = count(')').saturating_sub(count('('));
    while let Some(rest) = part.strip_suffix(')').filter(|_| open > 0) {
        part = rest;
        open -= 1;
    }
    ASKED.as_ref().is_some_and(|asked| asked.is_match(part))
}
