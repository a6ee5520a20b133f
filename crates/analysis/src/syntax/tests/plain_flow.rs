//! What is said of a value that plainly comes from a request, and of one that something on its way may have changed,
//! chosen or checked.

use super::syntax;
use crate::report::{Confidence, Severity};

/// The severity of the one finding of a rule, and the end of what is said.
fn told(language: &str, text: &str, rule: &str) -> (Severity, String) {
    let found = syntax(language, text).findings;
    let mut of_rule = found.into_iter().filter(|finding| finding.rule == rule);
    let one = of_rule.next().unwrap_or_else(|| panic!("{rule} is silent on:\n{text}"));
    assert!(one.severity > Severity::Low || one.confidence == Confidence::Low, "{}", one.message);
    let said = one.message.rsplit_once("; ").map_or("", |(_, said)| said);
    (one.severity, said.to_owned())
}

fn handler(body: &str) -> String {
    format!(
        "const {{ exec }} = require('child_process');\napp.get('/a', (req, res) => {{\n{body}\n}});\n\
         function plain(x) {{ return 'x ' + x.trim(); }}\nfunction picked(x) {{ return table.find(x); }}\n\
         function wary(x) {{ if (x.startsWith('-')) {{ throw 1; }} return x; }}\n"
    )
}

#[test]
fn what_is_only_handed_on_stays_as_severe() {
    for body in [
        "exec('ls ' + req.query.d);",
        "const d = req.query.d.trim(); exec(`ls ${d}`);",
        "const { d } = req.query; if (!d) { return; } exec('ls ' + d);",
        "const d = req.query.d; if (d === undefined || d === '') { return; } exec('ls ' + d);",
        "const d = req.query.d || '.'; exec('ls ' + d);",
        "if (req.query.d) { exec('ls ' + req.query.d); }",
        "const q = req.query; if (q.kind === 'a') { exec('ls ' + q.d); }",
        "if (req.body.kind === 'a') { exec('ls ' + req.body.d); }",
        "const d = plain(req.query.d); exec(d);",
        "const d = ['ls', req.query.d].join(' '); exec(d);",
        "if (typeof req.query.d !== 'string') { return; } exec('ls ' + req.query.d);",
        "const d = req.query.d; log(d); exec('ls ' + d); if (d === 'x') { done(); }",
    ] {
        let (severity, said) = told("JavaScript", &handler(body), "js.command-injection");
        assert_eq!(severity, Severity::Critical, "{body}: {said}");
    }
}

#[test]
fn what_is_looked_at_or_passes_through_something_unknown_is_low() {
    for (body, why) in [
        (
            "const d = req.query.d; if (d.includes(';')) { return; } exec('ls ' + d);",
            "line 3 looks at it first",
        ),
        ("const d = req.query.d; exec('ls ' + (ok[d] ? d : '.'));", "line 3 looks at it first"),
        ("const d = req.query.d; switch (d) { case 'a': exec('ls ' + d); }", "line 3 looks at it first"),
        ("const d = req.query.d; check(d) && exec('ls ' + d);", "line 3 looks at it first"),
        ("const d = req.query.d; assertName(d); exec('ls ' + d);", "line 3 looks at it first"),
        (
            "const d = req.query.d;\nconst known = list.find(d);\nif (!known) { return; }\nexec('ls ' + d);",
            "line 5 looks at it first",
        ),
        (
            "const ok = req.query.d === 'a';\nif (!ok) return;\nexec('ls ' + req.query.d);",
            "line 4 looks at it first",
        ),
        (
            "const u = new URL(req.query.d);\nif (u.protocol !== 'https:') return;\nexec('ls ' + u.href);",
            "line 4 looks at it first",
        ),
        (
            "exec('ls ' + req.query.d.replace(/;/g, ''));",
            "it passes through `replace`, which was not followed",
        ),
        (
            "exec('ls ' + req.query.d.resolveAgainst(root));",
            "it passes through `resolveAgainst`, which was not followed",
        ),
        ("exec('ls ' + wary(req.query.d));", "line 7 looks at it first"),
        ("if (valid(req.query)) { exec('ls ' + req.query.d); }", "line 3 looks at it first"),
    ] {
        let (severity, said) = told("JavaScript", &handler(body), "js.command-injection");
        assert_eq!((severity, said.as_str()), (Severity::Low, why), "{body}");
    }
}

#[test]
fn the_same_holds_in_every_language() {
    let cases: &[(&str, &str, &str, &str, &str)] = &[
        (
            "Python",
            "py.sql-from-request",
            "from flask import request\ndef f():\n    n = request.args.get('n').strip()\n    if n is None:\n        return\n    ",
            "db.execute(\"select '\" + n + \"'\")\n",
            "if n.startswith('-'):\n        return\n    ",
        ),
        (
            "PHP",
            "php.command-injection",
            "<?php\nfunction f() {\n$n = $_GET['n'];\nif (!isset($_GET['n']) || empty($n)) { return; }\n",
            "system(\"ping \" . $n);\n}",
            "if (strpos($n, ';') !== false) { return; }\n",
        ),
        (
            "Go",
            "go.command-injection",
            "package a\nimport (\"net/http\"; \"os/exec\")\nfunc f(w http.ResponseWriter, r *http.Request) {\n\tn := r.FormValue(\"n\")\n\tif n == \"\" {\n\t\treturn\n\t}\n",
            "\texec.Command(\"sh\", \"-c\", \"ls \"+n).Run()\n}\n",
            "\tif err := verify(n); err != nil {\n\t\treturn\n\t}\n",
        ),
        (
            "Java",
            "java.command-injection",
            "import javax.servlet.http.HttpServletRequest;\nclass A {\nvoid f(HttpServletRequest request) throws Exception {\nString n = request.getParameter(\"n\");\nif (n == null || n.isEmpty()) { return; }\n",
            "Runtime.getRuntime().exec(\"ls \" + n);\n}\n}",
            "if (!known.has(n)) { return; }\n",
        ),
        (
            "Ruby",
            "ruby.command-injection",
            "class A\ndef f\n  n = params[:n]\n  return if params[:n].blank?\n",
            "  system(\"ls #{n}\")\nend\nend\n",
            "  return unless n.start_with?('a')\n",
        ),
        (
            "C#",
            "cs.command-injection",
            "class A { void F() {\nvar n = Request.Query[\"n\"];\nif (string.IsNullOrEmpty(n)) { return; }\n",
            "Process.Start(\"cmd.exe\", \"/c dir \" + n);\n} }",
            "if (n.Contains(\"&\")) { return; }\n",
        ),
    ];
    for (language, rule, before, after, check) in cases {
        let (severity, said) = told(language, &format!("{before}{after}"), rule);
        assert!(severity >= Severity::High, "{language}: {said}");
        let (severity, said) = told(language, &format!("{before}{check}{after}"), rule);
        assert_eq!(severity, Severity::Low, "{language}: {said}");
        assert!(said.contains("looks at it first"), "{language}: {said}");
    }
}

#[test]
fn what_comes_from_elsewhere_is_low() {
    let found = |text: &str| told("Python", text, "py.shell-injection");
    assert_eq!(found("import os\ndef f(url):\n    os.system(f'get {url}')\n").0, Severity::Low);
    let why = "nothing shows that it comes from outside".to_owned();
    assert_eq!(found("import os\nos.system('x ' + input())\n"), (Severity::Low, why));
}
