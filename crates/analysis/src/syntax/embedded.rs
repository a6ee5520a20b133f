//! Scripts inside other files: single-file components of Vue and Svelte, pages of Astro, Java in server pages.
//!
//! Everything around the scripts becomes blank, byte by byte, so that what is found keeps its line and its place.

/// The languages whose files hold scripts, as Linguist spells them.
pub(super) const HOSTS: [&str; 3] = ["Vue", "Svelte", "Astro"];

/// The language of pages that hold Java between `<%` and `%>`, as Linguist spells it.
pub(super) const PAGES: &str = "Java Server Pages";

/// How long the tag that opens a script may be.
const LONGEST_TAG: usize = 1_000;

/// The scripts of a file of one of [`HOSTS`], with the language they are written in; `None` for other languages.
///
/// Scripts in a language that is not understood, and data in a script's dress, are left out. Several scripts are read
/// as one: their names are known to each other. Takes time in proportion to the text.
pub(super) fn scripts(text: &str, host: &str) -> Option<(String, &'static str)> {
    if !HOSTS.contains(&host) {
        return None;
    }
    let mut kept = vec![false; text.len()];
    // Astro's scripts are TypeScript without saying so.
    let mut language = if host == "Astro" { "TypeScript" } else { "JavaScript" };
    let mut at = 0;
    if host == "Astro"
        && let Some(body) = text.strip_prefix("---")
        && let Some(end) = body.find("\n---")
    {
        kept[3..3 + end].fill(true);
        at = 3 + end;
    }
    while let Some(open) = text[at..].find('<').map(|found| at + found) {
        let rest = &text[open..];
        if rest.starts_with("<!--") {
            let Some(end) = rest.find("-->") else { break };
            at = open + end;
            continue;
        }
        let Some(tag) = script_tag(rest) else {
            at = open + 1;
            continue;
        };
        let start = open + tag.len();
        let end = memchr::memmem::find(&text.as_bytes()[start..], b"</script")
            .map_or(text.len(), |found| start + found);
        match language_of(tag) {
            Some("js" | "jsx" | "javascript") => kept[start..end].fill(true),
            Some("tsx") => {
                language = "TSX";
                kept[start..end].fill(true);
            }
            Some("ts" | "typescript") => {
                language = if language == "TSX" { "TSX" } else { "TypeScript" };
                kept[start..end].fill(true);
            }
            _ => {}
        }
        at = end;
    }
    let shown = |(at, byte): (usize, u8)| if kept[at] || byte == b'\n' { byte } else { b' ' };
    let bytes = text.bytes().enumerate().map(shown).collect();
    // Only whole tags end what is kept, so that characters are kept or blanked as a whole.
    String::from_utf8(bytes).ok().map(|blanked| (blanked, language))
}

/// The Java of a server page: its statements and declarations. What it writes into the page (`<%= .. %>`), what it says of
/// itself (`<%@ .. %>`) and its comments are left out. Takes time in proportion to the text.
pub(super) fn statements(text: &str) -> String {
    let mut kept = vec![false; text.len()];
    let mut at = 0;
    while let Some(open) = text[at..].find("<%").map(|found| at + found) {
        let rest = &text[open..];
        let (skips, close) = if rest.starts_with("<%--") { (true, "--%>") } else { (false, "%>") };
        let Some(end) = memchr::memmem::find(rest.as_bytes(), close.as_bytes()).map(|found| open + found)
        else {
            break;
        };
        let mark = rest.as_bytes().get(2).copied();
        if !skips && !matches!(mark, Some(b'=' | b'@')) {
            let start = open + if mark == Some(b'!') { 3 } else { 2 };
            kept[start.min(end)..end].fill(true);
        }
        at = end + close.len();
    }
    let shown = |(at, byte): (usize, u8)| if kept[at] || byte == b'\n' { byte } else { b' ' };
    let bytes = text.bytes().enumerate().map(shown).collect();
    // Only whole marks end what is kept, so that characters are kept or blanked as a whole.
    String::from_utf8(bytes).unwrap_or_default()
}

/// The tag that opens a script, if the text begins with one; an empty element is none.
fn script_tag(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("<script")?;
    if !rest.starts_with([' ', '\t', '\r', '\n', '>']) {
        return None;
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().take(LONGEST_TAG) {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None, b'>') => return Some(&text[..=at]).filter(|tag| !tag.ends_with("/>")),
            _ => {}
        }
    }
    None
}

/// The value of `lang`, or what `type` makes of it; `None` where a script is data.
fn language_of(tag: &str) -> Option<&str> {
    let value = |name: &str| {
        let (_, rest) = tag.split_once(name)?;
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        rest[1..].split(quote).next()
    };
    if let Some(language) = value(" lang=") {
        return Some(language);
    }
    match value(" type=") {
        None | Some("module" | "text/javascript" | "application/javascript") => Some("js"),
        Some("text/typescript") => Some("ts"),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kept(text: &str, host: &str) -> (String, &'static str) {
        let (blanked, language) = scripts(text, host).expect("a host");
        assert_eq!(blanked.len(), text.len());
        assert_eq!(blanked.matches('\n').count(), text.matches('\n').count());
        (blanked.split_whitespace().collect::<Vec<_>>().join(" "), language)
    }

    #[test]
    fn scripts_are_kept_and_all_else_is_blank() {
        let vue = "<template>\n  <p>ü {{ a < b }}</p>\n</template>\n<!-- <script>no()</script> -->\n\
                   <script lang=\"ts\">\nexport default {}\n</script>\n<script setup lang=\"ts\">\nlet a = 'ü'\n</script>\n\
                   <style>p { }</style>\n";
        assert_eq!(kept(vue, "Vue"), ("export default {} let a = 'ü'".into(), "TypeScript"));
        assert_eq!(kept("<script>\nlet a\n", "Vue"), ("let a".into(), "JavaScript"));
        assert_eq!(
            kept("<script generic=\"T extends A>\" lang='tsx'>a</script>", "Vue"),
            ("a".into(), "TSX")
        );
        let svelte = "<script context=\"module\">let a</script><script src=\"x\" /><p>b</p><scripted>c</scripted>\
                      <script type=\"application/ld+json\">{}</script><script lang=\"coffee\">d</script>";
        assert_eq!(kept(svelte, "Svelte"), ("let a".into(), "JavaScript"));
        let astro = "---\nimport A from './A.astro'\n---\n<A />\n<script>\nrun()\n</script>\n";
        assert_eq!(kept(astro, "Astro"), ("import A from './A.astro' run()".into(), "TypeScript"));
        assert_eq!(scripts("<script>a</script>", "HTML"), None);
    }

    #[test]
    fn the_java_of_a_page_is_what_it_does() {
        let page = "<%@page import=\"java.sql.*\"%>\n<%-- <% no(); %> --%>ü<%! int a; %>\n<% if (x) { %>\n<b><%= q %></b>\n<% } %>\n<% ü";
        let kept = statements(page);
        assert_eq!((kept.len(), kept.matches('\n').count()), (page.len(), 5));
        // The comment ends at its own mark.
        assert_eq!(kept.split_whitespace().collect::<Vec<_>>().join(" "), "int a; if (x) { }");
        assert_eq!(statements("<%%><%"), "      ");
        assert_eq!(statements("<%!%> <%=%>"), "           ");
    }

    #[test]
    fn what_a_page_does_with_a_request_is_judged() {
        let page = "<%@page import=\"java.sql.*\"%>\n<p>\n<% String name = request.getParameter(\"name\");\nresult = statement.executeQuery(\"select * from t where name='\" + name + \"'\"); %>\n";
        let file = crate::source::SourceFile { path: "web/a.jsp", executable: false, bytes: page.as_bytes() };
        let found = crate::syntax::examine(&file, PAGES).unwrap().findings;
        let told: Vec<_> = found.iter().map(|one| (one.rule.as_str(), one.start)).collect();
        assert_eq!(told, [("java.sql-injection", 4)]);
        assert!(found[0].message.contains("request"), "{}", found[0].message);
    }

    proptest! {
        #[test]
        fn any_page_keeps_its_length_and_its_lines(
            parts in prop::collection::vec("(<%|<%!|<%=|<%@|<%--|--%>|%>|ü|\n|[a-z ]{0,5})", 0..20),
        ) {
            let text = parts.concat();
            let kept = statements(&text);
            let ends = |text: &str| text.match_indices('\n').map(|(at, _)| at).collect::<Vec<_>>();
            prop_assert_eq!(kept.len(), text.len());
            prop_assert_eq!(ends(&kept), ends(&text));
        }

        #[test]
        fn any_text_keeps_its_length_and_its_lines(
            parts in prop::collection::vec("(<script|<script lang=\"ts\">|>|</script>|<!--|-->|---\n|\"|/>|ü|\n|[a-z ]{0,5})", 0..20),
            host in prop::sample::select(HOSTS.to_vec()),
        ) {
            let text = parts.concat();
            let (blanked, _) = scripts(&text, host).expect("a host");
            prop_assert_eq!(blanked.len(), text.len());
            let ends = |text: &str| text.match_indices('\n').map(|(at, _)| at).collect::<Vec<_>>();
            prop_assert_eq!(ends(&blanked), ends(&text));
        }
    }
}
