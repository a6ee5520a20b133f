//! The code of a file without what it says in comments and in texts.

use tree_sitter::Node;

/// What the names of the kinds of nodes have in them that are no code.
const TEXTS: [&str; 5] = ["comment", "string", "heredoc", "nowdoc", "escape_sequence"];

/// The code of the file that a node is of: without comments and texts, but with what is computed inside of texts and with
/// the line that says what runs the file.
pub(super) fn code_around(node: Node<'_>, src: &str) -> String {
    let root = std::iter::successors(Some(node), Node::parent).last().unwrap_or(node);
    let mut code = String::new();
    let mut end = 0;
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.child_count() == 0 {
            // What lies between is blank, or of a text around it.
            let between = src.get(end..node.start_byte()).unwrap_or_default();
            code.push_str(if between.trim().is_empty() { between } else { " " });
            let leaf = src.get(node.byte_range()).unwrap_or_default();
            if !is_text(node) || (node.start_byte() == 0 && leaf.starts_with("#!")) {
                code.push_str(leaf);
            }
            end = end.max(node.end_byte());
        } else if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return code;
            }
        }
    }
}

fn is_text(leaf: Node<'_>) -> bool {
    let kind = leaf.kind();
    leaf.is_named() && (matches!(kind, "text" | "jsx_text") || TEXTS.iter().any(|text| kind.contains(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(language: &tree_sitter::Language, src: &str) -> String {
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(language).unwrap();
        code_around(parser.parse(src, None).unwrap().root_node(), src)
    }

    #[test]
    fn what_is_only_said_is_no_code() {
        let js = tree_sitter_javascript::LANGUAGE.into();
        let told = code(&js, "a.b; // c.d\nf('g.h', `i.j ${k.l} m.n`, /* o.p */ \"\\n q.r\")");
        for (part, is_code) in
            [("a.b;", true), ("k.l", true), ("c.d", false), ("g.h", false), ("i.j", false), ("m.n", false)]
        {
            assert_eq!(told.contains(part), is_code, "{part} in {told}");
        }
        assert!(!told.contains("o.p") && !told.contains("q.r"), "{told}");
        let php = tree_sitter_php::LANGUAGE_PHP.into();
        let told =
            code(&php, "<p>a b</p><?php\nuse A\\B;\n// x extends Y\n$z = 'extends Q'; class C extends D {}");
        assert!(told.contains("use A\\B;") && told.contains("class C extends D"), "{told}");
        assert!(
            !told.contains("a b") && !told.contains("extends Y") && !told.contains("extends Q"),
            "{told}"
        );
        let ruby = tree_sitter_ruby::LANGUAGE.into();
        let told =
            code(&ruby, "#!/usr/bin/ruby\n# task :a\ntask :b do\n  x = <<~Y\n    Rake #{Thor}\n  Y\nend");
        assert!(told.contains("#!/usr") && told.contains("task :b") && told.contains("Thor"), "{told}");
        assert!(!told.contains("task :a") && !told.contains("Rake"), "{told}");
    }
}
