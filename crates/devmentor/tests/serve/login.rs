//! The command line as one of a server's people: a code that is approved, a session that goes on, and its end.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::time::timeout;

use crate::program::{LONG, Running, devmentor, home, run};

/// Runs a command that asks for a code, and gives the code to `answer` as soon as it is shown.
async fn login(home: &Path, args: &[&str], server: &Running, allow: bool) -> Output {
    login_at(home, args, (server, home), allow).await
}

/// The same at a server whose own folder is another one.
async fn login_at(home: &Path, args: &[&str], (server, its_home): (&Running, &Path), allow: bool) -> Output {
    let mut command = devmentor(home);
    command.arg("login").args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let code = loop {
        let line = timeout(LONG, lines.next_line()).await.unwrap().unwrap().expect("no code was shown");
        if let Some((_, code)) = line.split_once("/device#") {
            break code.to_owned();
        }
    };
    let owner = server.new_owner(its_home).await;
    owner.decide(&code, allow).await;
    let mut said = String::new();
    let rest = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            said.push_str(&line);
        }
        child.wait_with_output().await.unwrap()
    };
    let mut output = timeout(LONG, rest).await.expect("it never ends");
    output.stderr = said.into_bytes();
    output
}

async fn fails(home: &Path, args: &[&str], token: Option<&str>) -> (i32, String) {
    let mut command = devmentor(home);
    if let Some(token) = token {
        command.env("DEVMENTOR_TOKEN", token);
    }
    let done = timeout(LONG, command.args(args).output()).await.unwrap().unwrap();
    (done.status.code().unwrap(), String::from_utf8(done.stderr).unwrap())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn a_code_that_is_approved_signs_the_command_line_in_until_it_signs_out() {
    let home = home();
    let server = Running::start(home.path(), &[]).await;
    let address = format!("http://{}", server.address);
    let (code, said) = fails(home.path(), &["whoami"], None).await;
    assert!(code == 3 && said.contains("nobody is signed in") && said.contains("devmentor login"), "{said}");

    let done = login(home.path(), &[&address, "--json"], &server, true).await;
    assert!(done.status.success(), "{}", text(&done.stderr));
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&told["server"], &told["workspace"]["slug"]), (&json!(address), &json!("home")));
    let file = home.path().join(".config/devmentor/server.json");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    // A token that is about to run out is refreshed, once, and what came back is kept.
    let mut kept: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let before = kept["tokens"]["refresh"].clone();
    kept["tokens"]["access_expires_at"] = json!("2026-01-01T00:00:00Z");
    fs::write(&file, kept.to_string()).unwrap();
    assert!(run(home.path(), &["whoami"]).await.contains(&address));
    let kept: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_ne!(kept["tokens"]["refresh"], before);

    let owner = server.new_owner(home.path()).await;
    owner.post("/api/v1/w/home/tasks", json!({ "title": "Mend it" })).await;
    let tasks: Value = serde_json::from_str(&run(home.path(), &["task", "list", "--json"]).await).unwrap();
    assert_eq!((&tasks["total"], &tasks["tasks"][0]["title"]), (&json!(1), &json!("Mend it")));
    assert!(run(home.path(), &["task", "list"]).await.contains("to do        Mend it"));

    run(home.path(), &["logout"]).await;
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(&address) && text.contains("\"tokens\": null"), "{text}");
    assert_eq!(fails(home.path(), &["task", "list"], None).await.0, 3);
}

/// The sessions of programs that the owner of that server has.
async fn sessions(server: &Running, home: &Path) -> usize {
    let listed = server.new_owner(home).await.get("/api/v1/me/sessions").await;
    let all = listed["data"].as_array().unwrap();
    all.iter().filter(|session| session["means"] == "device").count()
}

#[tokio::test]
async fn a_session_at_another_server_is_ended_there_or_stays() {
    let far = home();
    let home = home();
    let near = Running::start(home.path(), &[]).await;
    let other = Running::start(far.path(), &[]).await;
    let addresses = [&near, &other].map(|server| format!("http://{}", server.address));
    assert!(login(home.path(), &[&addresses[0]], &near, true).await.status.success());

    let mut command = devmentor(home.path());
    command.env("DEVMENTOR_URL", &addresses[1]).arg("logout");
    let done = timeout(LONG, command.output()).await.unwrap().unwrap();
    assert!(text(&done.stdout).contains("Nobody was signed in"), "{}", text(&done.stderr));
    assert!(run(home.path(), &["whoami"]).await.contains(&addresses[0]));
    assert_eq!(sessions(&near, home.path()).await, 1);

    // Signing in elsewhere ends it, since its tokens go.
    assert!(login_at(home.path(), &[&addresses[1]], (&other, far.path()), true).await.status.success());
    assert_eq!(sessions(&near, home.path()).await, 0);
    assert!(run(home.path(), &["whoami"]).await.contains(&addresses[1]));
}

#[tokio::test]
async fn who_is_denied_or_alone_is_told_so() {
    let home = home();
    let server = Running::start(home.path(), &[]).await;
    let address = format!("http://{}", server.address);
    let done = login(home.path(), &[&address], &server, false).await;
    assert_eq!(done.status.code(), Some(3));
    assert!(text(&done.stderr).contains("the sign-in was denied"), "{}", text(&done.stderr));

    for (args, token, code, said) in [
        (&["login", "http://mentor.example.org"][..], None, 2, "could read your token along"),
        (&["login", "http://127.0.0.1:9"], None, 3, "cannot be reached"),
        (&["login", &address], Some("dm_x"), 2, "DEVMENTOR_TOKEN is set"),
        (&["task", "list"], Some("dm_x"), 2, "name it with --workspace"),
        (&["task", "list", "--workspace", "home"], Some("dm_x"), 3, "token"),
    ] {
        let (ended, text) = fails(home.path(), args, token).await;
        assert!(ended == code && text.contains(said), "{args:?}: {ended} {text}");
    }

    // A token of a program needs no session.
    let owner = server.new_owner(home.path()).await;
    let body = json!({ "name": "CI", "workspace": "home", "scopes": ["task.read"] });
    let made = owner.post("/api/v1/me/tokens", body).await;
    let mut command = devmentor(home.path());
    command.env("DEVMENTOR_TOKEN", made["secret"].as_str().unwrap()).env("DEVMENTOR_URL", &address);
    let done =
        timeout(LONG, command.args(["task", "list", "--workspace", "home"]).output()).await.unwrap().unwrap();
    assert_eq!(text(&done.stdout), "No tasks in home.\n", "{}", text(&done.stderr));
}
