use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use base::{Clock, Ids, Secret};

use super::*;

fn ids() -> Ids {
    Ids::random(Clock::system())
}

fn ring(folder: &Path) -> Keyring {
    Keyring::from_file(folder.join("secrets.key"), ids()).unwrap()
}

fn place() -> Place {
    Place::new("workspace-a", "repo_host", "token", "row-1")
}

fn token() -> Secret {
    Secret::new("ghp_0123456789")
}

#[test]
fn what_was_sealed_opens_where_it_belongs_and_prints_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let keys = ring(folder.path());
    let sealed = keys.seal(&place(), &token()).unwrap();
    assert_eq!(keys.open(&place(), &sealed), Ok(token()));
    assert_eq!(format!("{sealed:?}"), "[sealed]");
    let kept = sealed.as_bytes();
    assert!(!kept.windows(4).any(|part| part == b"ghp_"), "the value is readable");
    // The same value sealed again looks different: nobody can tell that two rows hold one token.
    assert_ne!(keys.seal(&place(), &token()).unwrap().as_bytes(), kept);
    // A value of no length is a value.
    let empty = keys.seal(&place(), &Secret::new("")).unwrap();
    assert_eq!(keys.open(&place(), &empty), Ok(Secret::new("")));
}

#[test]
fn a_value_that_was_moved_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let keys = ring(folder.path());
    let sealed = keys.seal(&place(), &token()).unwrap();
    for elsewhere in [
        Place::new("workspace-b", "repo_host", "token", "row-1"),
        Place::new("workspace-a", "repo_hosts", "token", "row-1"),
        Place::new("workspace-a", "repo_host", "hook_secret", "row-1"),
        Place::new("workspace-a", "repo_host", "token", "row-2"),
        // The same letters, divided otherwise.
        Place::new("workspace-ar", "epo_host", "token", "row-1"),
        Place::new("workspace-a", "repo_host", "toke", "nrow-1"),
    ] {
        assert_eq!(keys.open(&elsewhere, &sealed), Err(OpenError::Damaged), "{elsewhere:?}");
    }
}

#[test]
fn a_value_that_was_changed_in_any_bit_or_cut_anywhere_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let keys = ring(folder.path());
    let sealed = keys.seal(&place(), &token()).unwrap();
    let bytes = sealed.as_bytes();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.to_vec();
            changed[at] ^= 1 << bit;
            assert!(keys.open(&place(), &Sealed::from(changed)).is_err(), "byte {at}, bit {bit}");
        }
        assert!(keys.open(&place(), &Sealed::from(bytes[..at].to_vec())).is_err(), "cut at {at}");
    }
    let mut longer = bytes.to_vec();
    longer.push(0);
    assert!(keys.open(&place(), &Sealed::from(longer)).is_err());
}

#[test]
fn parts_of_two_values_do_not_make_a_third() {
    let folder = tempfile::tempdir().unwrap();
    let keys = ring(folder.path());
    let (a, b) =
        (keys.seal(&place(), &token()).unwrap(), keys.seal(&place(), &Secret::new("other")).unwrap());
    // The data key of one with the value of the other: form, key id, nonce, wrapped key come first.
    let head = 1 + 8 + 12 + 48;
    let mixed: Vec<u8> = a.as_bytes()[..head].iter().chain(&b.as_bytes()[head..]).copied().collect();
    assert_eq!(keys.open(&place(), &Sealed::from(mixed)), Err(OpenError::Damaged));
}

#[test]
fn another_key_opens_nothing_and_names_the_one_that_is_missing() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let sealed = ring(one.path()).seal(&place(), &token()).unwrap();
    let error = ring(other.path()).open(&place(), &sealed).unwrap_err();
    assert_eq!(error, OpenError::UnknownKey(sealed.key().unwrap()));
    assert_eq!(
        ring(one.path()).open(&place(), &Sealed::from(b"ghp_plain".to_vec())),
        Err(OpenError::Damaged)
    );
}

#[test]
fn the_file_is_made_once_and_only_its_owner_may_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let made = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| ring(folder.path()).current().unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<BTreeSet<_>>()
    });
    assert_eq!(made.len(), 1, "processes that start together share one key");
    let file = folder.path().join("secrets.key");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_rotation_reaches_a_process_that_is_running() {
    let folder = tempfile::tempdir().unwrap();
    let (server, command) = (ring(folder.path()), ring(folder.path()));
    let before = server.seal(&place(), &token()).unwrap();
    let new = command.rotate().unwrap();
    assert_ne!(before.key(), Some(new));
    // The server opens what the command sealed under a key that it has never seen, and seals under it.
    let after = command.seal(&place(), &token()).unwrap();
    assert_eq!(server.open(&place(), &after), Ok(token()));
    assert_eq!(server.seal(&place(), &token()).unwrap().key(), Some(new));
    // The old key is kept while something needs it.
    let old = before.key().unwrap();
    assert!(command.prune(&BTreeSet::from([old])).unwrap().is_empty());
    assert_eq!(server.open(&place(), &before), Ok(token()));
    assert_eq!(command.prune(&BTreeSet::new()).unwrap(), [old]);
    assert_eq!(ring(folder.path()).open(&place(), &before), Err(OpenError::UnknownKey(old)));
    assert_eq!(ring(folder.path()).open(&place(), &after), Ok(token()));
    assert_eq!(
        std::fs::metadata(folder.path().join("secrets.key")).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn keys_that_were_handed_over_open_but_are_not_changed_here() {
    let (a, b) =
        ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=");
    let old = Keyring::from_text(&Secret::new(a), ids()).unwrap();
    let both = Keyring::from_text(&Secret::new(format!("{b},{a}")), ids()).unwrap();
    let sealed = old.seal(&place(), &token()).unwrap();
    assert_eq!(both.open(&place(), &sealed), Ok(token()));
    assert_ne!(both.seal(&place(), &token()).unwrap().key(), sealed.key());
    assert!(matches!(both.rotate(), Err(RotateError::Given)));
    assert!(!format!("{both:?}").contains("ICEi"), "{both:?}");
}

#[test]
fn a_file_that_is_damaged_says_which_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secrets.key");
    std::fs::write(&path, "# keys\nnonsense\n").unwrap();
    let error = Keyring::from_file(&path, ids()).unwrap_err().to_string();
    assert!(error.contains("line 2") && !error.contains("nonsense"), "{error}");
}

#[test]
fn changes_by_several_processes_at_once_lose_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let first = ring(folder.path()).current().unwrap();
    // Each has a ring of its own, as a process has.
    let rotating: Vec<_> = (0..8)
        .map(|_| {
            let ring = ring(folder.path());
            std::thread::spawn(move || (0..10).map(|_| ring.rotate().unwrap()).collect::<Vec<_>>())
        })
        .collect();
    let mut made: Vec<KeyId> = rotating.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    made.push(first);
    let kept = ring(folder.path()).key_ids().unwrap();
    assert_eq!(kept.len(), made.len());
    assert!(made.iter().all(|key| kept.contains(key)));
}
