//! Checks that guard a value, beside those that look as if they did.

use super::syntax;
use crate::report::Severity;

fn severities(language: &str, text: &str, rule: &str) -> Vec<Severity> {
    let found = syntax(language, text).findings;
    found.iter().filter(|finding| finding.rule == rule).map(|finding| finding.severity).collect()
}

/// How severe a command is in a handler of JavaScript that `cmd` of the request comes to.
fn node(statements: &str) -> Vec<Severity> {
    let text = format!(
        "const {{ exec }} = require('child_process');
        app.get('/', (req, res) => {{ let cmd = req.query.c; {statements} }});"
    );
    severities("JavaScript", &text, "js.command-injection")
}

fn python(statements: &str) -> Vec<Severity> {
    let text = format!(
        "import os\nfrom flask import request\ndef f():\n    cmd = request.args['c']\n    {statements}\n"
    );
    severities("Python", &text, "py.shell-injection")
}

fn php(statements: &str, rule: &str) -> Vec<Severity> {
    severities("PHP", &format!("<?php\n$cmd = $_GET['c'];\n{statements}\n"), rule)
}

fn go(statements: &str) -> Vec<Severity> {
    let text = format!(
        "package p\nimport (\"net/http\"; \"os/exec\")\nfunc f(w http.ResponseWriter, r *http.Request) {{\n\
         cmd := r.FormValue(\"c\")\n{statements}\n}}"
    );
    severities("Go", &text, "go.command-injection")
}

const CRITICAL: [Severity; 1] = [Severity::Critical];
/// Of what something looks at that says too little of it to leave it out: it is told, but only a reader can tell more.
const LOW: [Severity; 1] = [Severity::Low];
const CHECK: &str = "if (!ALLOWED.includes(cmd)) { return; }";

#[test]
fn a_check_says_nothing_of_what_the_name_is_given_behind_it() {
    assert_eq!(node("exec(cmd);"), CRITICAL);
    assert_eq!(node(&format!("{CHECK} exec(cmd);")), []);
    assert_eq!(node(&format!("{CHECK} cmd = req.query.other; exec(cmd);")), CRITICAL);
    assert_eq!(node(&format!("{CHECK} if (x) {{ cmd = req.query.other; }} exec(cmd);")), CRITICAL);
    assert_eq!(node(&format!("{CHECK} cmd += req.query.other; exec(cmd);")), CRITICAL);
    assert_eq!(node(&format!("{CHECK} cmd = req.query.a; cmd = cmd + ' -l'; exec(cmd);")), CRITICAL);
    assert_eq!(node("if (ALLOWED.includes(cmd)) { cmd = req.query.other; exec(cmd); }"), CRITICAL);
    // Before the check, of something fixed, and of what was checked.
    assert_eq!(node(&format!("cmd = req.query.other; {CHECK} exec(cmd);")), []);
    assert_eq!(node(&format!("{CHECK} if (x) {{ cmd = 'ls'; }} exec(cmd);")), []);
    assert_eq!(node(&format!("{CHECK} cmd = cmd.trim(); exec(cmd);")), []);
    assert_eq!(node(&format!("{CHECK} cmd += ' -l'; exec(cmd);")), []);

    // However often it is made of itself, an end is come to.
    let again = "if (a) { cmd = cmd + b.trim(); } ".repeat(23);
    assert_eq!(node(&format!("{CHECK} {again} exec(cmd);")), LOW);

    let leave = "if cmd not in ALLOWED:\n        return\n    ";
    assert_eq!(python(&format!("{leave}os.system(cmd)")), []);
    assert_eq!(python(&format!("{leave}cmd = request.args['d']\n    os.system(cmd)")), CRITICAL);

    let leave = "if (!in_array($cmd, LIST)) { exit; }";
    let rule = "php.command-injection";
    assert_eq!(php(&format!("{leave} system($cmd);"), rule), []);
    assert_eq!(php(&format!("{leave} $cmd = $_GET['d']; system($cmd);"), rule), CRITICAL);
    assert_eq!(php("if (ctype_xdigit($cmd)) { $cmd = strtolower($cmd); system('x' . $cmd); }", rule), []);

    let opens = |between: &str| {
        let text = format!(
            "class A {{ void f(@RequestParam String p, @RequestParam String q) {{
            if (p.contains(\"..\")) throw new X(); {between} new java.io.File(DIR, p); }} }}"
        );
        severities("Java", &text, "java.path-traversal").len()
    };
    assert_eq!([opens(""), opens("p = p.trim();"), opens("p = q;")], [0, 0, 1]);
}

#[test]
fn a_value_is_checked_where_it_is_one_of_a_list() {
    assert_eq!(node("if (cmd.includes(PREFIX)) exec(cmd);"), LOW);
    assert_eq!(node("if (cmd.includes(PREFIX)) exec(PREFIX + cmd);"), LOW);
    assert_eq!(node("if (ALLOWED.includes(cmd)) exec(cmd);"), []);
    assert_eq!(node("if (Object.hasOwn(COMMANDS, cmd)) exec(cmd);"), []);
    assert_eq!(node("if (Object.hasOwn(cmd, KEY)) exec(cmd);"), LOW);
    // What is known is the key, and not what it leads to.
    assert_eq!(node("if (req.query.hasOwnProperty(key)) exec(req.query[key]);"), CRITICAL);
    let goes =
        "app.get('/', (req, res) => { const u = req.query.u; if (u.includes(HOST)) res.redirect(u); });";
    assert_eq!(severities("JavaScript", goes, "js.open-redirect").len(), 1);

    assert_eq!(python("if PREFIX in cmd:\n        os.system(cmd)"), LOW);
    assert_eq!(python("if cmd in COMMANDS:\n        os.system(cmd)"), []);

    assert_eq!(go("if slices.Contains(allowed, cmd) { exec.Command(\"sh\", \"-c\", cmd).Run() }"), []);
    assert_eq!(go("if slices.Contains(cmds(cmd), x) { exec.Command(\"sh\", \"-c\", cmd).Run() }").len(), 1);
    assert_eq!(go("if isWithinQuota(cmd) { exec.Command(\"sh\", \"-c\", cmd).Run() }").len(), 1);

    let java = |check: &str| {
        let text = format!(
            "class A {{ void f(@RequestParam String p) {{ if ({check}) {{ Runtime.getRuntime().exec(p); }} }} }}"
        );
        severities("Java", &text, "java.command-injection").len()
    };
    assert_eq!([java("p.contains(PREFIX)"), java("ALLOWED.contains(p)")], [1, 0]);

    let ruby = |check: &str| {
        let text = format!("def f\n  p = params[:p]\n  if {check}\n    system(p)\n  end\nend\n");
        severities("Ruby", &text, "ruby.command-injection").len()
    };
    assert_eq!([ruby("p.include?(PREFIX)"), ruby("ALLOWED.include?(p)")], [1, 0]);
}

#[test]
fn what_lets_signs_of_a_shell_through_checks_nothing() {
    let run = |check: &str| php(&format!("if ({check}) {{ system($cmd); }}"), "php.command-injection");
    for none in
        ["ctype_print($cmd)", "ctype_graph($cmd)", "filter_var($cmd)", "filter_var($cmd, FILTER_DEFAULT)"]
    {
        assert_eq!(run(none), LOW, "{none}");
    }
    for check in [
        "ctype_xdigit($cmd)",
        "ctype_alnum($cmd)",
        "is_numeric($cmd)",
        "filter_var($cmd, FILTER_VALIDATE_INT)",
    ] {
        assert_eq!(run(check), [], "{check}");
    }
}

#[test]
fn plain_text_is_what_was_said_to_be_on_every_way() {
    let shows = |before: &str| php(&format!("{before} echo \"<p>\" . $cmd;"), "php.reflected-html");
    let plain = "header('Content-Type: text/plain');";
    assert_eq!(shows(""), [Severity::High]);
    assert_eq!(shows(plain), []);
    assert_eq!(shows(&format!("{plain} if ($x) {{ exit; }}")), []);
    assert_eq!(shows(&format!("if (isset($_GET['raw'])) {{ {plain} echo 'ok'; exit; }}")), [Severity::High]);
    assert_eq!(shows(&format!("// {plain}\n")), [Severity::High]);
    assert_eq!(shows(&format!("function raw() {{ {plain} }}")), [Severity::High]);
    assert_eq!(shows(&format!("{plain} header('Content-Type: text/html');")), [Severity::Low]);
}

#[test]
fn only_a_function_whose_own_type_says_so_never_comes_back() {
    let rule = "js.command-injection";
    let typescript = |functions: &str| {
        let text = format!(
            "import {{ exec }} from 'child_process';\n{functions}
            app.get('/', (req, res) => {{ const cmd = req.query.c;
            if (!ALLOWED.includes(cmd)) {{ log(cmd); }} exec(cmd); }});"
        );
        severities("TypeScript", &text, rule)
    };
    assert_eq!(typescript("function log(x: string) { a(x); }"), LOW);
    assert_eq!(typescript("export function log(x: string): never { throw x; }"), []);
    assert_eq!(
        typescript("function log(x) { a(x); }\nconst fail = (m: string): never => { throw m; };"),
        LOW
    );
    assert_eq!(typescript("function log(x) { a(x); }\nclass A { log(m: string): never { throw m; } }"), LOW);
    assert_eq!(typescript("// function log(x): never\nfunction log(x) { a(x); }"), LOW);

    let run = |functions: &str| {
        php(
            &format!("{functions} if (!ctype_xdigit($cmd)) {{ log($cmd); }} system($cmd);"),
            "php.command-injection",
        )
    };
    assert_eq!(run("function log($x): never { exit; }"), []);
    assert_eq!(run("function log($x) {} $f = fn($x): never => throw $x;"), LOW);
    assert_eq!(run("class A { public function log($x): never { exit; } }"), LOW);
}

#[test]
fn a_loop_over_many_fixed_things_is_no_handful() {
    let found = |count: usize| {
        let ids = (0..count).map(|id| id.to_string()).collect::<Vec<_>>().join(", ");
        let text = format!("def f():\n    for i in [{ids}]:\n        User.objects.get(id=i)\n");
        severities("Python", &text, "py.query-in-loop").len()
    };
    assert_eq!([found(2), found(10), found(200)], [0, 0, 1]);
}

#[test]
fn how_a_name_ends_says_nothing_of_the_rest() {
    for check in [
        "if (!ALLOWED.includes(path.extname(cmd))) { return; }",
        "if (!/^.+\\.png$/.test(cmd)) { return; }",
        "if (!isAllowedExtension(cmd)) { return; }",
        "if (!ALLOWED.has(cmd.split('.').pop())) { return; }",
        "if (!SIZES.includes(cmd.length)) { return; }",
    ] {
        assert_eq!(node(&format!("{check} exec('convert ' + cmd);")), LOW, "{check}");
    }
    assert_eq!(node("if (!isSafeText(cmd)) { return; } exec('convert ' + cmd);"), [], "no ending is named");
    // What is checked is what is used.
    let ending = "const ending = path.extname(cmd); if (!ALLOWED.includes(ending)) { return; }";
    assert_eq!(node(&format!("{ending} exec('convert x' + ending);")), []);
    assert_eq!(node(&format!("{ending} exec('convert x' + cmd);")), LOW);
    assert_eq!(node("if (!/^[a-z]+\\.png$/.test(cmd)) { return; } exec('convert ' + cmd);"), []);

    for check in ["cmd.rsplit('.', 1)[1].lower() not in ALLOWED", "os.path.splitext(cmd)[1] not in ALLOWED"] {
        let text = format!("if {check}:\n        return\n    os.system('convert ' + cmd)");
        assert_eq!(python(&text), LOW, "{check}");
    }
    let rule = "php.command-injection";
    let check = "if (!in_array(pathinfo($cmd, PATHINFO_EXTENSION), LIST)) { exit; }";
    assert_eq!(php(&format!("{check} system('convert ' . $cmd);"), rule), LOW);
    assert_eq!(php("if (!preg_match('/^.*\\.png$/', $cmd)) { exit; } system($cmd);", rule), LOW);

    let reads = |check: &str| {
        let text = format!(
            "const fs = require('fs'), path = require('path');
            app.get('/', (req, res) => {{ const f = req.query.f; if ({check}) return; fs.readFile('/data/' + f); }});"
        );
        severities("JavaScript", &text, "js.path-traversal").len()
    };
    assert_eq!(reads("!KINDS.includes(path.extname(f))"), 1);
    assert_eq!(reads("!f.includes('.png')"), 1);
    assert_eq!(reads("f.includes('..')"), 0);
    assert_eq!(reads("f.includes('..') || !KINDS.includes(path.extname(f))"), 0);
}

#[test]
fn what_a_request_calls_a_length_is_no_number() {
    assert_eq!(node("exec('ls ' + req.query.length);"), CRITICAL);
    assert_eq!(node("const q = req.query; exec('ls ' + q.length);"), CRITICAL);
    assert_eq!(node("const { body } = req; exec('ls ' + body.length);"), CRITICAL);
    assert_eq!(node("exec('ls ' + req.query.DIR);"), CRITICAL);
    // Of one value of it, and of what is no request.
    assert_eq!(node("exec('ls ' + cmd.length);"), []);
    assert_eq!(node("exec('ls ' + req.query.name.length);"), []);
    assert_eq!(node("exec('ls ' + list.length + limits.MAX);"), []);
}

#[test]
fn what_a_file_only_says_excuses_nothing() {
    let calls = |more: &str| {
        let text = format!("app.get('/a', async (req, res) => {{ await fetch(req.query.url); }});\n{more}");
        severities("JavaScript", &text, "js.ssrf").len()
    };
    let told = "app.get('/b', (req, res) => { res.send('<script>window.location = \"/\"</script>'); });";
    assert_eq!(calls(told), 1);
    assert_eq!(calls("// HTMLElement"), 1);
    assert_eq!(calls("window.location = '/';"), 0);
    assert_eq!(calls("const load = (p) => p.evaluate(() => document.querySelector('a'));"), 0);
    // A server may well read pages.
    let server = "const app = require('express')(); document.querySelector('a');";
    assert_eq!(calls(server), 1);

    let run = |above: &str| {
        let text = format!("<?php\n{above}\nclass A {{ function f($n) {{ system(\"convert $n\"); }} }}\n");
        severities("PHP", &text, "php.command-injection").len()
    };
    assert_eq!([run(""), run("// nothing here extends Command"), run("$x = 'extends Command';")], [1, 1, 1]);
    assert_eq!(run("use Symfony\\Component\\Console\\Command\\Command;"), 0);

    let run = |above: &str| {
        severities(
            "Ruby",
            &format!("{above}\ndef f(n); system(\"convert #{{n}}\"); end\n"),
            "ruby.command-injection",
        )
        .len()
    };
    assert_eq!(
        [run(""), run("# like the task :build"), run("x = 'Rake'"), run("y = '#!/bin/sh'")],
        [1, 1, 1, 1]
    );
    assert_eq!([run("#!/usr/bin/env ruby"), run("task :build do; end"), run("Rake.application")], [0, 0, 0]);
}

#[test]
fn a_server_of_files_refuses_its_own_path_alone() {
    let serves = |statements: &str| {
        let text = format!(
            "package p\nimport (\"net/http\"; \"path/filepath\"; \"strings\")\n\
             func f(w http.ResponseWriter, r *http.Request) {{ {statements} }}\n\
             func of(r *http.Request) string {{ return r.FormValue(\"f\") }}"
        );
        severities("Go", &text, "go.path-traversal").len()
    };
    assert_eq!(serves("http.ServeFile(w, r, \"/srv/\"+r.URL.Path)"), 0);
    assert_eq!(serves("p := strings.TrimPrefix(r.URL.Path, \"/\"); http.ServeFile(w, r, \"/srv/\"+p)"), 0);
    assert_eq!(serves("p := filepath.Join(root, r.URL.Path); http.ServeFile(w, r, p)"), 0);
    let base = "filepath.Base(r.FormValue(\"f\"))";
    assert_eq!(serves(&format!("http.ServeFile(w, r, \"/srv\"+r.URL.Path+{base})")), 0);

    assert_eq!(serves("http.ServeFile(w, r, \"/srv\"+r.URL.Query().Get(\"f\"))"), 1);
    assert_eq!(serves("http.ServeFile(w, r, \"/srv\"+r.URL.Path+\"/\"+r.URL.Query().Get(\"f\"))"), 1);
    assert_eq!(serves("p := filepath.Join(r.URL.Path, r.FormValue(\"f\")); http.ServeFile(w, r, p)"), 1);
    assert_eq!(serves("p := r.URL.Path; p += r.FormValue(\"f\"); http.ServeFile(w, r, p)"), 1);
    assert_eq!(serves("http.ServeFile(w, r, r.URL.Path+of(r))"), 1);
}

#[test]
fn a_call_on_its_own_is_a_check_only_where_it_throws() {
    let opens = |call: &str| {
        let text = format!(
            "const fs = require('fs'); app.get('/f', async (req, res) => {{
            const p = '/data/' + req.query.name; {call} fs.readFile(p, done); }});"
        );
        severities("JavaScript", &text, "js.path-traversal")
    };
    for check in
        ["assertPath(p);", "await paths.ensureInside(p);", "checkSafePath(p);", "requireRedirectUrl(p);"]
    {
        assert_eq!(opens(check), [], "{check}");
    }
    // What it gives back is thrown away, or it throws.
    for perhaps in ["checkPath(p);", "validate_url(p);", "verifyHost(p);"] {
        assert_eq!(opens(perhaps), [Severity::Low], "{perhaps}");
    }
    for other in
        ["", "await ensurePathExists(p);", "ensurePath(p);", "checkPathExists(p);", "assertDirPath(p);"]
    {
        assert_eq!(opens(other), [Severity::High], "{other}");
    }
}
