//! Other commands beside a running server, over the same data folder and its one SQLite file.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::program::{Caller, Running, home, run};

const TASKS: &str = "/api/v1/w/home/tasks";
const ADVISORIES: &str = "/api/v1/w/home/advisories";

/// A repository that pins two packages.
pub(crate) fn repository(home: &Path) -> PathBuf {
    let folder = home.join("shop");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("requirements.txt"), "flask==0.12.2\nrequests==2.19.0\n").unwrap();
    fs::write(folder.join("app.py"), "def total(prices):\n    return sum(prices)\n").unwrap();
    let git = |args: &[&str]| {
        let done = Command::new("git")
            .args(["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "commit.gpgsign=false"])
            .args(args)
            .current_dir(&folder)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "Start"]);
    folder
}

/// A mirror in the layout of the OSV export that knows a vulnerability of each of these packages.
fn mirror(folder: &Path, packages: &[&str]) -> String {
    fs::create_dir_all(folder.join("PyPI")).unwrap();
    let mut archive = zip::ZipWriter::new(File::create(folder.join("PyPI/all.zip")).unwrap());
    for (number, package) in (1..).zip(packages) {
        let id = format!("TEST-2026-{number}");
        let record = json!({
            "id": id,
            "modified": "2026-01-02T00:00:00Z",
            "published": "2026-01-01T00:00:00Z",
            "summary": format!("{package} does what it should not"),
            "affected": [{
                "package": { "ecosystem": "PyPI", "name": package },
                "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": "99" }] }],
            }],
        });
        archive.start_file(format!("{id}.json"), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(record.to_string().as_bytes()).unwrap();
    }
    archive.finish().unwrap();
    folder.to_str().unwrap().to_owned()
}

/// Has the repository analysed, and reads the counts of its newest report.
async fn counts(owner: &Caller, slug: &str) -> Value {
    let repo = format!("/api/v1/w/home/repos/{slug}");
    let asked = owner.post(&format!("{repo}/analyses"), Value::Null).await;
    let run = format!("/api/v1/w/home/analyses/{}", asked["id"].as_str().unwrap());
    let ended = owner
        .wait_for(&run, |run| {
            !matches!(run["data"]["analysis"]["state"].as_str(), Some("queued" | "running"))
        })
        .await;
    assert_eq!(ended["data"]["analysis"]["state"], "done", "{ended:#}");
    owner.get(&format!("{repo}/report")).await["data"]["counts"].clone()
}

#[tokio::test]
async fn advisories_imported_beside_it_are_known_to_the_server_at_once() {
    let home = home();
    let repository = repository(home.path());
    let server = Running::start(home.path(), &[]).await;
    let owner = server.owner().await;
    let connected = owner.post("/api/v1/w/home/repos", json!({ "source": repository })).await;
    let slug = connected["slug"].as_str().unwrap();
    assert_eq!(owner.get(ADVISORIES).await["data"]["mode"], "undecided");
    assert_eq!(counts(&owner, slug).await["vulnerable_dependencies"], Value::Null);

    run(home.path(), &["advisories", "import", &mirror(&home.path().join("old"), &["flask"])]).await;
    let known = owner.get(ADVISORIES).await["data"].clone();
    assert_eq!(known["mode"], "mirror");
    assert_eq!(known["ecosystems"][0]["records"], 1, "{known:#}");
    // Although nothing in the repository changed, the day-old result no longer holds.
    assert_eq!(counts(&owner, slug).await["vulnerable_dependencies"], 1);

    run(home.path(), &["advisories", "import", &mirror(&home.path().join("new"), &["flask", "requests"])])
        .await;
    assert_eq!(owner.get(ADVISORIES).await["data"]["ecosystems"][0]["records"], 2);
    assert_eq!(counts(&owner, slug).await["vulnerable_dependencies"], 2);
}

#[tokio::test]
async fn commands_and_the_server_share_the_data_without_loss() {
    let home = home();
    let repository = repository(home.path());
    let server = Running::start(home.path(), &[]).await;
    let owner = server.owner().await;
    let data = mirror(&home.path().join("mirror"), &["flask", "requests"]);
    let path = repository.to_str().unwrap();

    // All at once: the server writes, one process imports, one reads what is imported, one signs links.
    let writes = async {
        for number in 0..60 {
            owner.post(TASKS, json!({ "title": format!("Task {number}") })).await;
        }
    };
    let imports = async {
        for _ in 0..3 {
            run(home.path(), &["advisories", "import", &data]).await;
        }
    };
    let analyses = async {
        for _ in 0..3 {
            let printed = run(home.path(), &["analyze", path, "--advisories", "mirror", "--json"]).await;
            let report: Value = serde_json::from_str(&printed).unwrap();
            assert_eq!(report["dependencies"].as_array().unwrap().len(), 2);
        }
    };
    let links = async {
        for _ in 0..3 {
            let link = run(home.path(), &["link"]).await;
            assert!(link.starts_with(&format!("http://{}/enter#", server.address)), "{link}");
        }
    };
    tokio::join!(writes, imports, analyses, links);

    assert_eq!(owner.get(TASKS).await["total"], 60);
    assert_eq!(owner.get(ADVISORIES).await["data"]["ecosystems"][0]["records"], 2);
    let printed = run(home.path(), &["analyze", path, "--advisories", "mirror", "--json"]).await;
    assert!(printed.contains("TEST-2026-1") && printed.contains("TEST-2026-2"), "the import is whole");

    // And it is all still there for the next server.
    let server = server.kill_and_restart().await;
    assert_eq!(owner.get(TASKS).await["total"], 60);
    assert!(!server.log().contains("locked"), "{}", server.log());
}
