//! What values are followed through: each text that must fire stands beside a twin that must not.

use super::syntax;

fn fires(language: &str, text: &str, rule: &str) -> bool {
    syntax(language, text).findings.iter().any(|finding| finding.rule == rule)
}

/// Statements of a Java handler, with `p` from the request, and helpers beside it.
fn java(statements: &str, helpers: &str) -> bool {
    let text = format!(
        "import javax.servlet.http.*;\nclass A {{ void f(HttpServletRequest req, HttpServletResponse res) {{
        String p = req.getParameter(\"p\"); {statements} }}\n{helpers} }}"
    );
    fires("Java", &text, "java.command-injection")
}

const RUN: &str = "Runtime.getRuntime().exec(bar);";

#[test]
fn a_name_holds_what_it_was_given_last() {
    assert!(java(&format!("String bar = \"ls\"; bar = p; {RUN}"), ""));
    assert!(!java(&format!("String bar = p; bar = \"ls\"; {RUN}"), ""));
    assert!(java(&format!("String bar = \"ls\"; if (x) {{ bar = p; }} {RUN}"), ""));
    assert!(java(&format!("String bar = p; if (x) {{ bar = \"ls\"; }} {RUN}"), ""));
    assert!(!java(&format!("String bar = \"ls\"; if (x) {{ bar = p; return; }} {RUN}"), ""));
    assert!(!java(&format!("String bar = \"ls\"; if (x) {{ bar = p; }} else {{ {RUN} }}"), ""));
}

#[test]
fn a_statement_without_braces_is_a_branch_of_its_own() {
    assert!(java(&format!("String bar = \"ls\"; if (x) {{ if (y) return; bar = p; }} {RUN}"), ""));
    assert!(!java(&format!("String bar = \"ls\"; if (x) {{ bar = p; if (y) throw e; return; }} {RUN}"), ""));
}

#[test]
fn a_value_that_was_checked_before_is_known() {
    let opens = |check: &str| {
        let text =
            format!("class A {{ void f(@RequestParam String p) {{ {check} new java.io.File(DIR, p); }} }}");
        fires("Java", &text, "java.path-traversal")
    };
    assert!(!opens("if (p.contains(\"..\")) throw new X();"));
    assert!(!opens("if (!p.startsWith(ROOT)) { return; }"));
    // A check that leaves nothing, or is about something else.
    assert!(opens("if (p.contains(\"..\")) log(p);"));
    assert!(opens("if (p == null) return;"));
    assert!(opens("if (query.contains(\"..\")) return;"));
}

#[test]
fn what_can_do_no_harm_leaves_no_gap_in_the_text() {
    let statement = |value: &str| {
        let text =
            format!("function f(id, n) {{ db.query(`UPDATE t SET a = ${{{value}}} WHERE b = ${{n.c}}`); }}");
        fires("JavaScript", &text, "js.sql-injection")
    };
    assert!(statement("id"));
    assert!(statement("Number(id)"));
    let fixed = "function f(t) { db.query(`UPDATE ${t} SET a = ${STATUS} WHERE b = ?`); }";
    assert!(!fires("JavaScript", fixed, "js.sql-injection"));
}

#[test]
fn what_a_constant_decides_is_decided() {
    let choose = |condition: &str| {
        java(&format!("int n = 86; String bar; if ({condition}) bar = p; else bar = \"ls\"; {RUN}"), "")
    };
    assert!(choose("(7 * 42) - n > 200"));
    assert!(!choose("(7 * 42) - n < 200"));
    assert!(choose("n > limit()"));
    let pick = |letter: usize| {
        java(
            &format!(
                "char c = \"ABC\".charAt({letter}); String bar; switch (c) {{ case 'A': bar = p; break;
                case 'B': bar = \"ls\"; break; case 'C': case 'D': bar = p; break; default: bar = \"id\"; }} {RUN}"
            ),
            "",
        )
    };
    assert_eq!([pick(0), pick(1), pick(2)], [true, false, true]);
    // A counter is no constant, whatever it begins with.
    assert!(java(
        &format!("int n = 0; String bar = \"ls\"; while (g()) {{ if (n > 0) bar = p; n++; }} {RUN}"),
        ""
    ));
}

#[test]
fn what_is_put_somewhere_is_found_there_and_nowhere_else() {
    let map = |key: &str| {
        java(
            &format!(
                "Map<String, String> m = new HashMap<>(); m.put(\"a\", \"ls\"); m.put(\"b\", p);
                String bar = m.get({key}); {RUN}"
            ),
            "",
        )
    };
    assert_eq!([map("\"a\""), map("\"b\""), map("key")], [false, true, true]);
    let list = |index: usize| {
        java(
            &format!(
                "List<String> l = new ArrayList<>(); l.add(\"safe\"); l.add(p); l.add(\"ls\"); l.remove(0);
                String bar = l.get({index}); {RUN}"
            ),
            "",
        )
    };
    assert_eq!([list(0), list(1)], [true, false]);
    assert!(java(
        "StringBuilder b = new StringBuilder(\"ls \"); b.append(p); String bar = b.toString(); Runtime.getRuntime().exec(bar);",
        ""
    ));
    assert!(fires(
        "JavaScript",
        "const cp = require('child_process'); app.get('/', (req, res) => { const o = { a: 1 }; o.cmd = req.query.c; cp.exec(o.cmd); });",
        "js.command-injection"
    ));
}

#[test]
fn functions_of_the_file_are_followed_both_ways() {
    let through = |body: &str| {
        java(
            &format!("String bar = help(req, p); {RUN}"),
            &format!("static String help(HttpServletRequest r, String v) {{ {body} }}"),
        )
    };
    assert!(through("return \"echo \" + v;"));
    assert!(!through("return \"echo\";"));
    assert!(!through("return escapeShell(v);"));
    assert!(through(
        "if (v == null) return \"\"; return other(v); } String other(String w) { return w.trim();"
    ));
    assert!(!through("return String.valueOf(other(v)); } int other(String w) { return w.length();"));
    // Into a function: the place where it becomes dangerous is the one that is told.
    assert!(java("run(p);", "void run(String bar) { Runtime.getRuntime().exec(bar); }"));
    assert!(!java("run(\"ls\");", "void run(String bar) { Runtime.getRuntime().exec(bar); }"));
    assert!(java("new B().run(p);", "} class B { void run(String bar) { Runtime.getRuntime().exec(bar); }"));
    // One that calls itself ends.
    assert!(java(
        "run(p, 3);",
        "void run(String bar, int n) { run(bar, n - 1); Runtime.getRuntime().exec(bar); }"
    ));
}

#[test]
fn the_same_holds_in_other_languages() {
    let twins = [
        (
            "Python",
            "py.shell-injection",
            "import os\nfrom flask import request\ndef cmd(x):\n    return 'ls ' + x\ndef view():\n    os.system(cmd(request.args['a']))\n",
            "import os\nfrom flask import request\ndef cmd(x):\n    return 'ls'\ndef view():\n    os.system(cmd(request.args['a']))\n",
        ),
        (
            "Go",
            "go.sql-injection",
            "package p\nimport \"fmt\"\nfunc f(id string) { q := fmt.Sprintf(\"SELECT a FROM t WHERE b = %s\", id); db.Query(q) }",
            "package p\nimport \"fmt\"\nfunc f(id string) { q := fmt.Sprintf(\"SELECT a FROM t WHERE b = %d\", id); db.Query(q) }",
        ),
        (
            "PHP",
            "php.command-injection",
            "<?php\nfunction cmd($x) { return \"ls \" . $x; }\nsystem(cmd($_GET['a']));\n",
            "<?php\nforeach (['a', 'b'] as $x) { system('ls ' . $x); }\n",
        ),
        (
            "Java",
            "java.sql-injection",
            "class A { void f(@RequestParam(\"n\") String n) { st.executeQuery(\"SELECT a FROM t WHERE b = '\" + n + \"'\"); } }",
            "class A { void f(@RequestParam(\"n\") int n) { st.executeQuery(\"SELECT a FROM t WHERE b = \" + n); } }",
        ),
    ];
    for (language, rule, text, twin) in twins {
        assert!(fires(language, text, rule), "{rule} is silent on {text}");
        assert!(!fires(language, twin, rule), "{rule} fires on {twin}");
    }
}

#[test]
fn what_is_only_guessed_is_low() {
    let severity = |text: &str| {
        let findings = syntax("JavaScript", text).findings;
        findings.iter().find(|finding| finding.rule == "js.command-injection").map(|finding| finding.severity)
    };
    let guessed = severity("const cp = require('child_process'); function f(a) { cp.exec('ls ' + a); }");
    let known = severity(
        "const cp = require('child_process'); app.get('/', (req) => { cp.exec('ls ' + req.query.a); });",
    );
    assert_eq!(guessed, Some(crate::report::Severity::Low));
    assert_eq!(known, Some(crate::report::Severity::Critical));
    assert_eq!(
        severity("const cp = require('child_process'); function f(a) { cp.exec('ls ' + a); } // nosec"),
        None
    );
}

#[test]
fn what_comes_from_a_request_is_said() {
    let message = |text: &str| {
        let findings = syntax("JavaScript", text).findings;
        findings.into_iter().find(|finding| finding.rule == "js.eval").map(|finding| finding.message)
    };
    let known = message("app.post('/', (req) => { eval(req.body.preTax); });");
    assert_eq!(
        known.as_deref(),
        Some("`eval` runs text that is not fixed as code; a value in it comes from a request")
    );
    assert_eq!(
        message("function f(x) { eval(x); }").as_deref(),
        Some("`eval` runs text that is not fixed as code")
    );
}

#[test]
fn one_place_is_told_once_by_the_rule_that_says_most() {
    let text = "from flask import request\nimport subprocess\ndef f():\n    subprocess.run(request.form['a'], shell=True)\n";
    let rules: Vec<String> =
        syntax("Python", text).findings.into_iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["py.shell-injection"]);
}

#[test]
fn parts_of_a_request_are_taken_out_of_the_parameter() {
    let opens = |parameters: &str| {
        let text = format!("app.get('/f', ({parameters}) => {{ res.sendFile('logs/' + params.file); }});");
        fires("JavaScript", &text, "js.path-traversal")
    };
    assert!(opens("{ params }, res"));
    assert!(opens("{ query, params }, res, next"));
    // Neither a request nor a handler.
    assert!(!opens("{ params }"));
    assert!(!opens("params, res"));
}

#[test]
fn checks_that_are_switched_off_are_known() {
    let hash = "class A { byte[] HashPassword(byte[] p) { return MD5.HashData(p); } }\n";
    let rule = "cs.weak-hash-for-password";
    assert!(fires("C#", hash, rule));
    assert!(!fires("C#", &format!("#pragma warning disable CA5350\n\n{hash}"), rule));
    assert!(fires(
        "C#",
        &format!("#pragma warning disable CA5350\nx();\n#pragma warning restore CA5350\n\n{hash}"),
        rule
    ));
    assert!(fires("C#", &format!("#pragma warning disable CS0618\n\n{hash}"), rule));
    // Of another kind, one of two switched on again, in a comment, and in another language.
    assert!(fires("C#", &format!("#pragma warning disable CA5394, CA3001\n\n{hash}"), rule));
    assert!(fires("C#", &format!("#pragma warning disable CA5351\n#pragma warning restore\n\n{hash}"), rule));
    let one_left = "#pragma warning disable CA5350, CA5351 // old\n#pragma warning restore CA5351\n\n";
    assert!(!fires("C#", &format!("{one_left}{hash}"), rule));
    assert!(fires("C#", &format!("/*\n#pragma warning disable CA5350\n*/\n{hash}"), rule));
    let text = "#pragma warning disable CA3003\n\nfrom flask import request\ndef f():\n    return open('/data/' + request.args['f'])\n";
    assert!(fires("Python", text, "py.path-traversal"));
    let inside = "class A { byte[] HashPassword(byte[] p) {\n#pragma warning disable CA5351\n  var h = MD5.HashData(p);\n#pragma warning restore CA5351\n  return h; } }\n";
    assert!(!fires("C#", inside, rule));
}

#[test]
fn what_the_source_accepts_is_kept_apart_with_its_mark() {
    let seen = |language: &str, text: &str| {
        let syntax = syntax(language, text);
        assert_eq!(syntax.findings, []);
        syntax.accepted.into_iter().map(|one| (one.finding.rule, one.by, one.line)).collect::<Vec<_>>()
    };
    let run = "const cp = require('child_process');\n// NOSONAR: of our own\nfunction f(a) { cp.exec('ls ' + a); }\n";
    assert_eq!(seen("JavaScript", run), [("js.command-injection".into(), "NOSONAR".into(), 2)]);
    let python = "import os\ndef f(a):\n    os.system('ls ' + a)  # nosec\n";
    assert_eq!(seen("Python", python), [("py.shell-injection".into(), "nosec".into(), 3)]);
    let hash = "class A {\n#pragma warning disable CA5350 // old\n\n\nbyte[] HashPassword(byte[] p) { return MD5.HashData(p); } }\n";
    let by = "#pragma warning disable CA5350".to_owned();
    assert_eq!(seen("C#", hash), [("cs.weak-hash-for-password".into(), by, 2)]);
}

#[test]
fn a_line_is_told_once_for_what_is_wrong_with_it() {
    let lines = |text: &str| {
        let found = syntax("PHP", text).findings.into_iter();
        found.map(|finding| (finding.rule, finding.start)).collect::<Vec<_>>()
    };
    let salt = "<?php\nfunction makeSalt() {\n  return sha1(uniqid('' . mt_rand(), true));\n}\n";
    assert_eq!(lines(salt), [("php.insecure-random".to_owned(), 3)]);
    // Of another weakness, and on another line.
    let two = "<?php\necho $_GET['a']; readfile($_GET['a']);\necho $_GET['b'];\n";
    let path = "php.path-traversal".to_owned();
    let html = || "php.reflected-html".to_owned();
    assert_eq!(lines(two), [(html(), 2), (path, 2), (html(), 3)]);
}

#[test]
fn many_small_ones_of_a_file_are_told_together() {
    let text = |count: usize| {
        "def g():\n    try:\n        f()\n    except Exception:\n        pass\n\n".repeat(count)
    };
    let found = |count: usize| syntax("Python", &text(count)).findings;
    assert_eq!(found(2).len(), 2);
    let together = found(6);
    let messages: Vec<&str> = together.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "Every exception is dropped without a word; and so at 5 more places of this file (lines 10, 16, 22 and others)"
        ]
    );
    assert_eq!(together[0].anchor, found(5)[0].anchor, "one more or less is the same finding");
}

#[test]
fn a_value_that_is_held_against_what_is_meant_is_clean() {
    let goes = |check: &str| {
        let text = format!("app.get('/', (req, res) => {{ const to = req.query.to; {check} }});");
        fires("JavaScript", &text, "js.open-redirect")
    };
    let go = "res.redirect(to);";
    assert!(goes(go));
    assert!(!goes(&format!("if (PAGES.includes(to)) {{ {go} }}")));
    assert!(!goes(&format!("if (!PAGES.includes(to)) {{ return; }} {go}")));
    assert!(!goes(&format!("if (PAGES.includes(to) && user) {{ {go} }}")));
    assert!(!goes(&format!("if (!user || !PAGES.includes(to)) {{ throw e; }} {go}")));
    // Either may hold, the other way round, of another value, and of a part alone.
    assert!(goes(&format!("if (PAGES.includes(to) || user) {{ {go} }}")));
    assert!(goes(&format!("if (PAGES.includes(to)) {{ return; }} {go}")));
    assert!(goes(&format!("if (PAGES.includes(from)) {{ {go} }}")));
    assert!(goes(&format!("if (to.includes('http')) {{ {go} }}")));
    assert!(goes(&format!("if (to !== '') {{ {go} }}")));
    assert!(goes("if (PAGES.includes(to)) { res.redirect(to + req.query.more); }"));
}

#[test]
fn texts_made_to_be_followed_for_ever_end() {
    let many = |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<String>();
    let texts = [
        many(4_000, &|n| format!("x{} = x{n} + x{n};\n", n + 1)) + "eval(x4000);",
        many(4_000, &|n| format!("function f{n}(a) {{ return f{}(a) + f{}(a); }}\n", n + 1, n + 2))
            + "eval(f0(1));",
        "let x = 1;".to_owned() + &many(4_000, &|n| format!("if (a{n}) {{ x = x + b{n}; eval(x); }}\n")),
        "const list = [];".to_owned()
            + &many(4_000, &|n| format!("list.push(unknown_value_{n});\neval(list[{n}]);\n")),
        "function f() {".to_owned() + &"if (a) { x = b;\n".repeat(60) + "eval(x);" + &"}\n".repeat(61),
        many(2_000, &|n| {
            format!("function g{n}(a) {{ eval(a); g{}(a); g{}(a); }}\n", (n * 7) % 2_000, (n * 13) % 2_000)
        }),
        many(6_000, &|n| format!("fs.readFile(\"/d/\" + req.query.a{n}, done);\n")),
    ];
    // Each is as large as the parser takes it, and has findings: it is followed to its end. The last one took minutes when
    // what is asked before each call was looked for without bound.
    for text in texts {
        assert!(!syntax("JavaScript", &text).findings.is_empty(), "{}", &text[..80]);
    }
}

#[test]
fn numbers_and_elements_of_a_list_can_do_no_harm() {
    let js = |value: &str| {
        let text = format!(
            "const {{ exec }} = require('child_process');\nfunction f(n, m) {{ exec(`sleep ${{{value}}}`); }}"
        );
        count("JavaScript", &text, "js.command-injection")
    };
    assert_eq!(["n", "n + m", "n || 1"].map(js), [1, 1, 1]);
    assert_eq!(["+n", "n - m", "n | 0", "n * 60", "n === m", "!n", "-n"].map(js), [0; 7]);

    let php = |list: &str| {
        let text = format!(
            "<?php\nfunction f($n) {{ {list}\nforeach ($all as $one) {{ exec('which ' . $one); }} }}\n"
        );
        count("PHP", &text, "php.command-injection")
    };
    assert_eq!(php("$all = ['curl', 'git'];"), 0);
    assert_eq!(php("$all = ['curl', $n];"), 1);
    assert_eq!(php("$all = ['curl']; if ($n) { $all = $n; }"), 1);
}

fn count(language: &str, text: &str, rule: &str) -> usize {
    syntax(language, text).findings.iter().filter(|finding| finding.rule == rule).count()
}
