//! How severe sightings are: each text stands beside a twin of which more is known, or less.

use super::syntax;
use crate::report::Severity;

fn severities(language: &str, text: &str, rule: &str) -> Vec<Severity> {
    let found = syntax(language, text).findings;
    found.iter().filter(|finding| finding.rule == rule).map(|finding| finding.severity).collect()
}

#[test]
fn a_parameter_weighs_little_in_a_shell_whatever_its_name() {
    let shell = |statements: &str| {
        let text = format!("import subprocess, shlex\ndef f(url, kind, cwd):\n    {statements}\n");
        severities("Python", &text, "py.shell-injection")
    };
    assert_eq!(shell("subprocess.run(f'get {url}', shell=True)"), [Severity::Low]);
    assert_eq!(shell("c = f\"get '{url}' -o x\"; subprocess.run(c, shell=True)"), [Severity::Low]);
    assert_eq!(shell("subprocess.run(f'get {kind}', shell=True)"), [Severity::Low]);
    // It stands beside the command, or is quoted.
    assert_eq!(shell("subprocess.run(f'get {kind}', cwd=url, shell=True)"), [Severity::Low]);
    assert_eq!(shell("subprocess.run(f'get {kind} {shlex.quote(url)}', shell=True)"), [Severity::Low]);
    let asked =
        "import os\nfrom flask import request\ndef f(url):\n    os.system(f'x {url} ' + request.args['a'])\n";
    assert_eq!(severities("Python", asked, "py.shell-injection"), [Severity::Critical]);
}

#[test]
fn the_settings_of_one_window_are_one_finding() {
    let window = |load: &str| {
        format!(
            "const w = new BrowserWindow({{\n  webPreferences: {{\n    nodeIntegration: true,\n    \
             nodeIntegrationInSubFrames: true,\n    contextIsolation: false,\n  }},\n}});\n{load}\n\n"
        )
    };
    let found = |text: &str| severities("JavaScript", text, "js.electron-exposed");
    let (own, others) = ("mainWindow.loadFile('a.html');", "mainWindow.loadURL(address);");
    assert_eq!(found(&window(others)), [Severity::High]);
    assert_eq!(found(&window(own)), [Severity::Medium]);
    assert_eq!(found(&(window(own) + &window(others))), [Severity::High, Severity::High]);
}

#[test]
fn a_hash_that_a_protocol_demands_weighs_little() {
    let hash =
        |text: &str| severities("PHP", &format!("<?php\n$key = md5({text});"), "php.weak-hash-for-password");
    assert_eq!(hash("$password"), [Severity::Medium]);
    assert_eq!(hash("$salt . $password"), [Severity::Medium]);
    assert_eq!(hash("\"{$name}:{$passwordPlain}\""), [Severity::Low]);
    assert_eq!(hash("$name . ':' . $password"), [Severity::Low]);
    let provider = |name: &str| {
        let text =
            format!("class A {{ void F(P i, byte[] p) {{ i.Password = SHA1.HashData(p); {name}(); }} }}");
        severities("C#", &text, "cs.weak-hash-for-password")
    };
    assert_eq!(provider("Save"), [Severity::Medium]);
    assert_eq!(provider("SchedulesDirect"), [Severity::Low]);
    // The leaked passwords are asked for by SHA-1, not by MD5.
    let leaked = "<?php\n$a = sha1($password); ask('api.pwnedpasswords.com');\n$b = md5($password);";
    assert_eq!(severities("PHP", leaked, "php.weak-hash-for-password"), [Severity::Medium]);
}

#[test]
fn what_an_administrator_alone_may_set_weighs_little() {
    let set = |before: &str| {
        let text =
            format!("class A < B\n{before}\n  def f\n    User.new(params[:user].permit!)\n  end\nend\n");
        severities("Ruby", &text, "ruby.mass-assignment")
    };
    assert_eq!(set(""), [Severity::Medium]);
    assert_eq!(set("  before_action :require_admin"), [Severity::Low]);
    assert_eq!(set("  before_action { Admin::Notifier.ping }"), [Severity::Medium], "it only speaks of one");
    let below = |class: &str| {
        let text = format!("class {class}\n  def f\n    User.new(params[:user].permit!)\n  end\nend\n");
        severities("Ruby", &text, "ruby.mass-assignment")
    };
    for class in ["Admin::UsersController", "AdminUsersController", "UsersController < Admin::Base"] {
        assert_eq!(below(class), [Severity::Low], "{class}");
    }
}

#[test]
fn a_token_that_is_only_looked_at_weighs_little() {
    let rust = |verified: &str| {
        let text = format!(
            "fn id(t: &str) {{ jsonwebtoken::dangerous::insecure_decode(t); }} fn f() {{ {verified} }}"
        );
        severities("Rust", &text, "rust.jwt-unverified")
    };
    assert_eq!(rust(""), [Severity::High]);
    assert_eq!(rust("jsonwebtoken::decode::<Claims>(t, &key, &rules)"), [Severity::Low]);
    let python = |name: &str| {
        let text = format!(
            "import jwt\ndef {name}(t):\n    return jwt.decode(t, options={{'verify_signature': False}})\ndef f(t):\n    return jwt.decode(t, key, algorithms=ALL)\n"
        );
        severities("Python", &text, "py.jwt-unverified")
    };
    assert_eq!(python("user_of"), [Severity::High]);
    assert_eq!(python("is_own_token"), [Severity::Low]);
}

#[test]
fn a_cookie_without_any_protection_is_a_hint() {
    let js = |how: &str| {
        let text =
            format!("app.get('/', (req, res) => {{ res.cookie('session', sign(req.body.name){how}); }});");
        severities("JavaScript", &text, "js.cookie-readable")
    };
    assert_eq!((js(""), js(", { httpOnly: false }")), (vec![Severity::Low], vec![Severity::Medium]));
    assert_eq!(js(", { maxAge: 9 /* httpOnly: true */ }"), [Severity::Low]);
    assert_eq!(js(", { maxAge: 9, httpOnly: true }"), []);
}

#[test]
fn a_mark_for_another_linter_accepts_where_it_says_why() {
    let accepted = |mark: &str| {
        let found = syntax("JavaScript", &format!("function f(x) {{\n  // {mark}\n  eval(x);\n}}\n"));
        (found.findings.len(), found.accepted.len())
    };
    assert_eq!(accepted("a note"), (1, 0));
    assert_eq!(accepted("eslint-disable-next-line no-eval"), (1, 0), "a style, and no reason");
    assert_eq!(accepted("eslint-disable-next-line no-eval -- own text only"), (0, 1));
    assert_eq!(accepted("biome-ignore lint/security/noGlobalEval: own text only"), (0, 1));
    assert_eq!(accepted("biome-ignore lint/style/useConst: own text only"), (1, 0));
    assert_eq!(accepted("rubocop:disable Security/Eval"), (0, 1));
}

#[test]
fn what_somebody_chose_or_something_else_demands_weighs_little() {
    let verify = |condition: &str| {
        let text = format!("<?php\nif ({condition}) {{ curl_setopt($c, CURLOPT_SSL_VERIFYPEER, false); }}");
        severities("PHP", &text, "php.tls-not-verified")
    };
    assert_eq!(verify("HTTP_VERIFY_SSL_CERTIFICATE === false"), [Severity::Low]);
    assert_eq!(verify("!$this->verify"), [Severity::Low]);
    assert_eq!(verify("$url === 'x'"), [Severity::High]);
    assert_eq!(verify("$options['verify']"), [Severity::Low]);
    assert_eq!(verify("verify($payment)"), [Severity::High]);
    assert_eq!(verify("$action === 'verify'"), [Severity::High]);
    // What a function verifies, or is strict about, need not be the certificate.
    let within = |name: &str| {
        let text = format!("import requests\ndef {name}(u):\n    requests.get(u, verify=False)\n");
        severities("Python", &text, "py.tls-not-verified")
    };
    for name in ["verify", "verify_license", "verifyPaypalIpn", "disable_user_verification", "restrict"] {
        assert_eq!(within(name), [Severity::High], "{name}");
    }
    for name in ["skip_verify", "get_unverified_ssl", "tls_verify_off", "verify_ssl_off", "insecure_get"] {
        assert_eq!(within(name), [Severity::Low], "{name}");
    }
    let mail = |key: &str| {
        let text = format!("if (config['{key}']) {{ o.tls = {{ rejectUnauthorized: false }}; }}");
        severities("JavaScript", &text, "js.tls-not-verified")
    };
    assert_eq!(mail("email:allow-self-signed"), [Severity::Low]);
    assert_eq!(mail("email:secure"), [Severity::High]);
    let hash = |name: &str| {
        let text = format!(
            "package p\nimport \"crypto/sha1\"\nfunc HashPassword(p string, {name} bool) {{ if {name} {{ h := sha1.New(); use(h) }} }}"
        );
        severities("Go", &text, "go.weak-hash-for-password")
    };
    assert_eq!(hash("useOldHash"), [Severity::Low]);
    assert_eq!(hash("holds"), [Severity::Medium]);
    let cipher = |class: &str| {
        let text = format!(
            "<?php\nclass {class} {{ function encrypt($d, $k) {{ return openssl_encrypt($d, \"des-ecb\", $k); }} }}"
        );
        severities("PHP", &text, "php.weak-cipher")
    };
    assert_eq!(cipher("NTLMAuthenticator"), [Severity::Low]);
    assert_eq!(cipher("Store"), [Severity::Medium]);
}

#[test]
fn both_settings_of_one_connection_are_one_finding() {
    let text = "<?php\ncurl_setopt($c, CURLOPT_SSL_VERIFYHOST, 0);\ncurl_setopt($c, CURLOPT_SSL_VERIFYPEER, false);\n";
    assert_eq!(severities("PHP", text, "php.tls-not-verified"), [Severity::High]);
}

#[test]
fn a_kept_password_is_compared_by_who_signs_in_and_by_few_others() {
    let rule = "any.plain-password";
    let java = |name: &str, code: &str| {
        let text = format!("class A {{ boolean {name}(User user, String password) {{ return {code}; }} }}");
        severities("Java", &text, rule)
    };
    assert_eq!(java("login", "user.getPassword().equals(password)"), [Severity::Medium]);
    assert_eq!(java("isRight", "user.getPassword().equals(password)"), [Severity::Low]);
    assert_eq!(java("equals", "user.getPassword().equals(password)"), []);
    let servlet = "import javax.servlet.http.*;\nclass A { void doPost(HttpServletRequest request) { String password = \
                   request.getParameter(\"p\"); if (dbPass.equals(password)) go();\n if (password.equals(dbPass)) go(); } }";
    assert_eq!(severities("Java", servlet, rule), [Severity::Medium, Severity::Medium]);
    let python = |name: &str, raised: &str| {
        let text =
            format!("def {name}(user, data):\n    if user.password == data.password:\n        {raised}\n");
        severities("Python", &text, rule)
    };
    assert_eq!(python("g", "raise SamePassword()"), [Severity::Low]);
    assert_eq!(python("authenticate", "return user"), [Severity::Medium]);
    let php = "<?php\n$password = $_POST['password'];\nif ($row['password'] == $password) { go(); }\n";
    assert_eq!(severities("PHP", php, rule), [Severity::Medium]);
    let js = "app.post('/in', async (req, res) => { const { password } = req.body; if (user.password !== password) no(); });";
    assert_eq!(severities("JavaScript", js, rule), [Severity::Medium]);
}

#[test]
fn an_administrator_may_choose_the_role_of_whom_they_register() {
    let rule = "any.role-from-sign-up";
    let js = |before: &str| {
        let text =
            format!("app.post({before}, (req, res) => {{ User.create({{ role: req.body.role }}); }});");
        severities("JavaScript", &text, rule)
    };
    assert_eq!(js("'/register'"), [Severity::High]);
    assert_eq!(js("'/register', limit(5)"), [Severity::High]);
    assert_eq!(js("'/admin/register', json()"), [Severity::High]);
    assert_eq!(js("'/register', requireAdmin"), [Severity::Low]);
    assert_eq!(js("'/users'"), []);
    let python = |guard: &str| {
        let text = format!(
            "from flask import request\n@app.post('/users')\n{guard}def register():\n    user.role = request.form['role']\n"
        );
        severities("Python", &text, rule)
    };
    assert_eq!((python(""), python("@admin_required\n")), (vec![Severity::High], vec![Severity::Low]));
}
