use std::collections::BTreeMap;

use super::*;

struct Sent {
    headers: BTreeMap<&'static str, String>,
    body: &'static str,
}

impl Sent {
    fn new<const N: usize>(headers: [(&'static str, &str); N], body: &'static str) -> Self {
        Self { headers: headers.map(|(name, value)| (name, value.to_owned())).into(), body }
    }

    fn verified(&self, kind: Kind, secret: &str) -> bool {
        verify(kind, &|name| self.headers.get(name).cloned(), self.body.as_bytes(), &Secret::new(secret))
    }

    fn read(&self, kind: Kind) -> Option<Delivery> {
        read(kind, &|name| self.headers.get(name).cloned(), self.body.as_bytes())
    }

    fn delivery(&self, kind: Kind) -> Option<String> {
        delivery(kind, &|name| self.headers.get(name).cloned())
    }
}

/// The example of GitHub's own documentation ("Validating webhook deliveries").
const SECRET: &str = "It's a Secret to Everybody";
const SIGNATURE: &str = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

#[test]
fn only_who_knows_the_secret_is_believed() {
    let hello = "Hello, World!";
    let github = |value: &str| Sent::new([("x-hub-signature-256", value)], hello);
    assert!(github(&format!("sha256={SIGNATURE}")).verified(Kind::GitHub, SECRET));
    assert!(!github(&format!("sha256={SIGNATURE}")).verified(Kind::GitHub, "another"));
    for wrong in [
        "",
        "sha256=",
        SIGNATURE,
        &format!("sha1={SIGNATURE}"),
        &format!("sha256={}", &SIGNATURE[2..]),
        "sha256=zz",
    ] {
        assert!(!github(wrong).verified(Kind::GitHub, SECRET), "{wrong}");
    }
    let changed = Sent::new([("x-hub-signature-256", &*format!("sha256={SIGNATURE}"))], "Hello, World?");
    assert!(!changed.verified(Kind::GitHub, SECRET));

    assert!(Sent::new([("x-gitea-signature", SIGNATURE)], hello).verified(Kind::Gitea, SECRET));
    assert!(!Sent::new([("x-gitea-signature", SIGNATURE)], "Hello").verified(Kind::Gitea, SECRET));

    assert!(Sent::new([("x-gitlab-token", SECRET)], hello).verified(Kind::GitLab, SECRET));
    for wrong in ["", "It's a Secret", "It's a Secret to Everybody!", SIGNATURE] {
        assert!(!Sent::new([("x-gitlab-token", wrong)], hello).verified(Kind::GitLab, SECRET), "{wrong}");
    }
    // The proof of one host is none for another, and no header is no proof.
    assert!(!Sent::new([("x-gitlab-token", SECRET)], hello).verified(Kind::GitHub, SECRET));
    for kind in Kind::ALL {
        assert!(!Sent::new([], hello).verified(kind, SECRET));
    }
}

const GITHUB_PUSH: &str = r#"{"ref":"refs/heads/main","before":"6113728f27ae82c7b1a177c8d03f9e96e0adf246",
    "after":"76ae82c7b1a177c8d03f9e96e0adf2466113728f","created":false,"deleted":false,"forced":false,
    "repository":{"id":186853002,"full_name":"octo/hello","private":false}}"#;

fn what(kind: Kind, event: (&'static str, &str), body: &'static str) -> What {
    Sent::new([event], body).read(kind).unwrap().what
}

#[test]
fn a_push_names_its_branch_and_its_repository() {
    let pushed = Sent::new([("x-github-event", "push")], GITHUB_PUSH).read(Kind::GitHub).unwrap();
    assert_eq!(pushed.repo, Some(("186853002".to_owned(), "octo/hello".to_owned())));
    assert_eq!(pushed.what, What::Pushed { branch: "main".to_owned() });
    let gitea = Sent::new([("x-gitea-event", "push")], GITHUB_PUSH).read(Kind::Gitea).unwrap();
    assert_eq!(gitea, pushed);
    let gitlab = r#"{"object_kind":"push","ref":"refs/heads/feature/x","after":"da1560886d4f","project_id":15,
        "project":{"id":15,"path_with_namespace":"group/below/tool"}}"#;
    let gitlab = Sent::new([("x-gitlab-event", "Push Hook")], gitlab).read(Kind::GitLab).unwrap();
    assert_eq!(gitlab.repo, Some(("15".to_owned(), "group/below/tool".to_owned())));
    assert_eq!(gitlab.what, What::Pushed { branch: "feature/x".to_owned() });
}

#[test]
fn the_default_branch_is_what_the_host_calls_so_now() {
    let told = |kind, event, body| Sent::new([event], body).read(kind).unwrap().default_branch;
    let edited = r#"{"action":"edited","changes":{"default_branch":{"from":"master"}},
        "repository":{"id":1,"full_name":"octo/hello","default_branch":"main"}}"#;
    let main = Some("main".to_owned());
    assert_eq!(told(Kind::GitHub, ("x-github-event", "repository"), edited), main);
    assert_eq!(told(Kind::Gitea, ("x-gitea-event", "push"), edited), main);
    let gitlab = r#"{"ref":"refs/heads/x","project_id":15,"repository":{"default_branch":"other"},
        "project":{"path_with_namespace":"group/tool","default_branch":"main"}}"#;
    assert_eq!(told(Kind::GitLab, ("x-gitlab-event", "Push Hook"), gitlab), main);
    assert_eq!(told(Kind::GitHub, ("x-github-event", "push"), GITHUB_PUSH), None);
    let empty = r#"{"repository":{"default_branch":""}}"#;
    assert_eq!(told(Kind::Gitea, ("x-gitea-event", "repository"), empty), None);
}

#[test]
fn tags_and_deleted_branches_are_nothing() {
    let event = ("x-github-event", "push");
    assert_eq!(what(Kind::GitHub, event, r#"{"ref":"refs/tags/v1","after":"76ae"}"#), What::Nothing);
    assert_eq!(what(Kind::GitHub, event, r#"{"ref":"refs/heads/x","deleted":true}"#), What::Nothing);
    let gone = r#"{"ref":"refs/heads/x","after":"0000000000000000000000000000000000000000"}"#;
    assert_eq!(what(Kind::GitLab, ("x-gitlab-event", "Push Hook"), gone), What::Nothing);
    assert_eq!(what(Kind::GitHub, ("x-github-event", "ping"), "{}"), What::Nothing);
}

#[test]
fn what_becomes_of_a_repository_is_told() {
    let event = ("x-github-event", "repository");
    for (body, expected) in [
        (r#"{"action":"renamed"}"#, What::Renamed),
        (r#"{"action":"transferred"}"#, What::Renamed),
        (r#"{"action":"deleted"}"#, What::Deleted),
        (r#"{"action":"privatized"}"#, What::MadePrivate),
        (r#"{"action":"publicized"}"#, What::MadePublic),
        (r#"{"action":"edited"}"#, What::Nothing),
    ] {
        assert_eq!(what(Kind::GitHub, event, body), expected, "{body}");
    }
}

#[test]
fn what_is_no_delivery_is_none() {
    for body in ["", "[]", "null", "{\"ref\":1}"] {
        assert_eq!(Sent::new([("x-github-event", "push")], body).read(Kind::GitHub), None, "{body}");
    }
    assert_eq!(Sent::new([], "{}").read(Kind::GitHub), None);
    let id = |value: &str| Sent::new([("x-github-delivery", value)], "").delivery(Kind::GitHub);
    assert_eq!(id("72d3162e-cc78"), Some("72d3162e-cc78".to_owned()));
    assert_eq!((id(""), id("a b"), id(&"x".repeat(101))), (None, None, None));
}
