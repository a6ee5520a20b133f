//! What is said of a value that plainly comes from a request, and of one that something on its way may have changed,
//! chosen or checked.

use super::syntax;
use crate::report::{Confidence, Severity};
use crate::spent::spent;

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
        "const {{ exec, execSync }} = require('child_process');\napp.get('/a', (req, res) => {{\n{body}\n}});\n\
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
        "const d = req.query.d; if (execSync('ls ' + d).length > 3) { done(); }",
        "const d = req.query.d; do { exec('ls ' + d); } while (d.length > 3);",
        "const errors = valid(session); if (!errors.isEmpty()) return; exec('ls ' + req.query.d);",
        "const d = req.query.d; if (d.length > 255) return; exec('ls ' + d);",
        "const d = req.query.d; if (d === 'help') { return usage(); } exec('ls ' + d);",
        "const d = req.query.d; if (d === 'a' || d === 'b') { return usage(); } exec('ls ' + d);",
        "const d = req.query.d; if (d !== 'help') { exec('ls ' + d); }",
        "const d = req.query.d; console.log(d === 'x' ? 1 : 2); exec('ls ' + d);",
        "const d = req.query.d; const child = execSync('ls ' + d); if (child.pid) { log(1); } exec('rm ' + d);",
        "const d = req.query.d; for (let i = 0; i < 3 && d !== last; i++) { exec('ls ' + d); }",
        "let d; if ((d = req.query.d)) { exec('ls ' + d); }",
        "if ('d' in req.query) { exec('ls ' + req.query.d); }",
        "if (!isValidToken(req)) return; exec('ls ' + req.query.d);",
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
        (
            "const errors = validationResult(req);\nif (!errors.isEmpty()) return;\nexec('ls ' + req.query.d);",
            "line 4 looks at it first",
        ),
        (
            "if (!validationResult(req).isEmpty()) return; exec('ls ' + req.query.d);",
            "line 3 looks at it first",
        ),
        ("const d = req.query.d; check(d) && exec('ls ' + d) && done();", "line 3 looks at it first"),
        ("const d = req.query.d; if (d !== other) { return; } exec('ls ' + d);", "line 3 looks at it first"),
        ("const d = req.query.d; if (d === 'a' || odd(d)) { exec('ls ' + d); }", "line 3 looks at it first"),
        (
            "const d = req.query.d; if (d.length > 255 || odd(d)) return; exec('ls ' + d);",
            "line 3 looks at it first",
        ),
        (
            "const d = req.query.d; const s = d === 'x' ? d : 'y'; exec('ls ' + d);",
            "line 3 looks at it first",
        ),
        (
            "const d = req.query.d; const u = await db.query('select ?', [d]);\nif (!u) { return; }\nexec('rm ' + d);",
            "line 4 looks at it first",
        ),
        (
            "const d = req.query.d; if (![...d].every(ok)) return; exec('ls ' + d);",
            "line 3 looks at it first",
        ),
        ("const q = req.query; if (!wary2(q)) return; exec('ls ' + q.d);", "line 3 looks at it first"),
        (
            "const q = req.query; if (!wary2(q)) return; const { d } = q; exec('ls ' + d);",
            "line 3 looks at it first",
        ),
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

/// The severities of the findings of one rule, in the order of the text.
fn severities(language: &str, text: &str, rule: &str) -> Vec<Severity> {
    let found = syntax(language, text).findings.into_iter();
    found.filter(|finding| finding.rule == rule).map(|finding| finding.severity).collect()
}

#[test]
fn what_is_asked_of_the_outcome_is_no_check() {
    for (language, rule, text) in [
        (
            "Go",
            "go.command-injection",
            "package a\nimport (\"net/http\"; \"os/exec\")\nfunc f(w http.ResponseWriter, r *http.Request) {\n\tn := r.FormValue(\"n\")\n\tif out, err := exec.Command(\"sh\", \"-c\", \"ls \"+n).Output(); err != nil {\n\t\treturn\n\t}\n}\n",
        ),
        (
            "PHP",
            "php.sql-injection",
            "<?php\nfunction f($conn) {\n$sql = \"DELETE FROM a WHERE id=\" . $_GET['id'];\nif ($conn->query($sql) === TRUE) { echo 'gone'; }\n}",
        ),
        (
            "Python",
            "py.shell-injection",
            "import os\nfrom flask import request\ndef f():\n    n = request.args.get('n')\n    if os.system('ping ' + n) == 0:\n        return 'up'\n",
        ),
        (
            "Java",
            "java.command-injection",
            "import javax.servlet.http.HttpServletRequest;\nclass A {\nvoid f(HttpServletRequest request) throws Exception {\nString n = request.getParameter(\"n\");\nif (Runtime.getRuntime().exec(\"ls \" + n).waitFor() > 0) { return; }\n}\n}",
        ),
    ] {
        let found = severities(language, text, rule);
        assert!(found.first().is_some_and(|found| *found >= Severity::High), "{language}: {found:?}");
    }
}

#[test]
fn whether_a_file_exists_is_no_check_of_its_path() {
    type Case =
        (&'static str, &'static str, &'static str, &'static str, &'static [&'static str], &'static str);
    let cases: &[Case] = &[
        (
            "Python",
            "py.path-traversal",
            "import os\nfrom flask import request\ndef f():\n    p = os.path.join('/data', request.args['n'])\n",
            "    return open(p).read()\n",
            &[
                "    if not os.path.exists(p):\n        return\n",
                "    there = os.path.isfile(p)\n    if not there:\n        return\n",
            ],
            "    if not os.path.exists(p) or not p.startswith('/data/'):\n        return\n",
        ),
        (
            "PHP",
            "php.file-inclusion",
            "<?php\nfunction f() {\n$p = $_GET['p'];\n",
            "include($p);\n}",
            &["if (!file_exists($p)) { die(); }\n", "if (!is_file($p) || !is_readable($p)) { die(); }\n"],
            "if (!file_exists($p) || strpos($p, 'a') !== 0) { die(); }\n",
        ),
        (
            "JavaScript",
            "js.path-traversal",
            "const fs = require('fs');\nconst path = require('path');\napp.get('/a', (req, res) => {\nconst p = path.join('/data', req.query.n);\n",
            "res.send(fs.readFileSync(p));\n});\n",
            &["if (!fs.existsSync(p)) return;\n", "if (!fs.statSync(p).isFile()) return;\n"],
            "if (!table.exists(p)) return;\n",
        ),
        (
            "Go",
            "go.path-traversal",
            "package a\nimport (\"net/http\"; \"os\"; \"path/filepath\")\nfunc f(w http.ResponseWriter, r *http.Request) {\n\tp := filepath.Join(\"/data\", r.FormValue(\"n\"))\n",
            "\tb, _ := os.ReadFile(p)\n\tw.Write(b)\n}\n",
            &[
                "\tif _, err := os.Stat(p); os.IsNotExist(err) {\n\t\treturn\n\t}\n",
                "\tinfo, err := os.Stat(p)\n\tif err != nil || info.IsDir() {\n\t\treturn\n\t}\n",
            ],
            "\tif _, ok := known[p]; !ok {\n\t\treturn\n\t}\n",
        ),
    ];
    for (language, rule, before, after, there, check) in cases {
        let bare = severities(language, &format!("{before}{after}"), rule);
        assert!(bare.first().is_some_and(|found| *found >= Severity::High), "{language}: {bare:?}");
        for asked in *there {
            assert_eq!(
                severities(language, &format!("{before}{asked}{after}"), rule),
                bare,
                "{language}: {asked}"
            );
        }
        let checked = severities(language, &format!("{before}{check}{after}"), rule);
        assert!(checked.iter().all(|found| *found == Severity::Low), "{language}: {checked:?}");
    }
}

#[test]
fn a_name_in_parentheses_is_followed_to_what_asks_about_it() {
    for check in [
        "if (!checked($p)) { die(); }\ninclude($p);",
        "if ($p === 'home' || $p === 'b') { include($p); }",
        "if ($p === 'home') { include ($p); }",
    ] {
        let text = format!("<?php\nfunction f() {{\n$p = $_GET['p'];\n{check}\n}}");
        let found = severities("PHP", &text, "php.file-inclusion");
        assert!(found.iter().all(|found| *found == Severity::Low), "{check}: {found:?}");
    }
    let found = severities("PHP", "<?php\n$p = $_GET['p'];\ninclude($p);\n", "php.file-inclusion");
    assert!(found.first().is_some_and(|found| *found >= Severity::High), "{found:?}");
}

#[test]
fn other_names_and_cases_of_go_are_looked_at() {
    let of = |body: &str| {
        format!(
            "package a\nimport (\"net/http\"; \"os/exec\"; \"strconv\")\nfunc f(w http.ResponseWriter, r *http.Request) {{\n\tn := r.FormValue(\"n\")\n{body}\n}}\n"
        )
    };
    let run = "exec.Command(\"sh\", \"-c\", \"ls \"+n).Run()";
    for (body, low) in [
        (format!("\t_, err := strconv.Atoi(n)\n\tif err != nil {{ return }}\n\t{run}"), true),
        (format!("\t_, found := allowed[n]\n\tif !found {{ return }}\n\t{run}"), true),
        (format!("\tswitch {{\n\tcase n == \"a\":\n\t\t{run}\n\t}}"), true),
        (format!("\tswitch {{\n\tcase n != \"\":\n\t\t{run}\n\t}}"), false),
        (format!("\trows, err := db.Query(n)\n\tif err != nil {{ return }}\n\t{run}"), false),
        (format!("\tu, err := url.Parse(n)\n\tif err != nil {{ return }}\n\t{run}"), false),
    ] {
        let found = severities("Go", &of(&body), "go.command-injection");
        let first = found.first().map(|found| *found == Severity::Low);
        assert_eq!(first, Some(low), "{body}: {found:?}");
    }
}

#[test]
fn what_kotlin_requires_is_looked_at() {
    let run = "Runtime.getRuntime().exec(\"ls \" + n)";
    for (body, low) in [
        (format!("require(n in allowed)\n{run}"), true),
        (format!("require(n in allowed) {{ \"no\" }}\n{run}"), true),
        (format!("when (n) {{ \"a\" -> {run} }}"), true),
        (format!("when {{ n == \"a\" -> {run} }}"), true),
        (format!("require(n != null)\n{run}"), false),
        (format!("when (kind) {{ \"a\" -> {run} }}"), false),
    ] {
        let text = format!(
            "fun Application.m() {{ routing {{\nget(\"/a\") {{ val n = call.parameters[\"n\"]!!\n{body} }}\n}} }}\n"
        );
        let found = severities("Kotlin", &text, "kotlin.command-injection");
        let first = found.first().map(|found| *found == Severity::Low);
        assert_eq!(first, Some(low), "{body}: {found:?}");
    }
}

#[test]
fn long_chains_of_conditions_cost_what_they_are_long() {
    let chain: Vec<String> = (0..2000).map(|at| format!("kkkkkkkkkk{at}.a")).collect();
    let text = format!("const z = {};\n{}", chain.join(" &&\n"), "exec('a' + req.query.d);\n".repeat(100));
    let (found, took) = spent(|| syntax("JavaScript", &handler(&text)).findings);
    assert!(!found.is_empty());
    assert!(took < std::time::Duration::from_secs(30), "{took:?}");
}

#[test]
fn a_name_given_in_a_condition_is_only_there() {
    let mut low = Vec::new();
    for (language, rule, text) in [
        (
            "Go",
            "go.command-injection",
            "package a\nimport (\"net/http\"; \"os/exec\")\nfunc f(w http.ResponseWriter, r *http.Request) {\n\tif n := r.FormValue(\"n\"); n != \"\" {\n\t\texec.Command(\"sh\", \"-c\", \"ls \"+n).Run()\n\t}\n}\n",
        ),
        ("PHP", "php.command-injection", "<?php\nif ($n = $_GET['n']) { system('ls ' . $n); }\n"),
        ("PHP", "php.command-injection", "<?php\nif (($n = $_GET['n']) != '') { system('ls ' . $n); }\n"),
        ("PHP", "php.command-injection", "<?php\nif (!empty($n = $_GET['n'])) { system('ls ' . $n); }\n"),
        (
            "PHP",
            "php.command-injection",
            "<?php\n$n = $_GET['n'];\nif (strlen($n) > 50) { die(); }\nsystem('ls ' . $n);\n",
        ),
        (
            "PHP",
            "php.sql-injection",
            "<?php\nfunction f($c) {\n$id = $_GET['id'];\n$r = mysqli_query($c, \"select a from b where c = $id\");\nif (mysqli_num_rows($r) == 0) { die(); }\nmysqli_query($c, \"delete from b where c = $id\");\n}",
        ),
        (
            "Java",
            "java.command-injection",
            "import javax.servlet.http.HttpServletRequest;\nclass A {\nvoid f(HttpServletRequest request) throws Exception {\nString n;\nif ((n = request.getParameter(\"n\")) != null) { Runtime.getRuntime().exec(\"ls \" + n); }\n}\n}",
        ),
        (
            "Ruby",
            "ruby.command-injection",
            "class A\ndef f\n  if (n = params[:n])\n    system(\"ls #{n}\")\n  end\nend\nend\n",
        ),
        (
            "Python",
            "py.shell-injection",
            "import os\nfrom flask import request\ndef f():\n    if (n := request.args.get('n')):\n        os.system('ping ' + n)\n",
        ),
        (
            "Python",
            "py.shell-injection",
            "import os\nfrom flask import request\ndef f():\n    if 'n' not in request.args:\n        return\n    n = request.args['n']\n    os.system('ping ' + n)\n",
        ),
    ] {
        let found = severities(language, text, rule);
        let high = !found.is_empty() && found.iter().all(|found| *found >= Severity::High);
        if !high {
            low.push((text, found));
        }
    }
    assert!(low.is_empty(), "{low:#?}");
}

#[test]
fn texts_joined_in_a_check_are_looked_at() {
    let text =
        "<?php\n$p = $_GET['p'];\nif (!preg_match('/^a\\w+$/D', 'a' . $p)) { die(); }\nsystem('ls ' . $p);\n";
    let found = severities("PHP", text, "php.command-injection");
    assert!(found.iter().all(|found| *found == Severity::Low), "{found:?}");
}
