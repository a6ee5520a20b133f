//! Commits that were written down, looked up and damaged.

use super::*;

fn id(number: u8) -> ObjectId {
    ObjectId::from([number; 20])
}

fn commit(number: u8, parents: &[u8]) -> CommitInfo {
    CommitInfo {
        tree: id(100 + number),
        parents: parents.iter().map(|parent| id(*parent)).collect(),
        time: 1_000 - i64::from(number),
        authored: -i64::from(number),
        author_name: vec![number; 3],
        author_email: b"a@example.org".to_vec(),
        subject: format!("Change {number}"),
    }
}

fn changes(path: &str) -> Changes {
    let hunks = vec![Hunk { before: 1, removed: 2, after: 3, added: 4 }];
    let file = FileChange { path: path.to_owned(), added: 4, removed: 2, hunks, before: 8, after: u64::MAX };
    Changes { files: vec![file], cut: true, sure: true }
}

fn kept(commits: &[(u8, &[u8], Option<&Changes>)]) -> Vec<u8> {
    let infos: Vec<CommitInfo> =
        commits.iter().map(|(number, parents, _)| commit(*number, parents)).collect();
    let fresh = commits.iter().zip(&infos).map(|((number, _, changes), info)| (id(*number), info, *changes));
    encode(&fresh.collect::<Vec<_>>()).expect("there are some")
}

fn paths(known: &KnownCommits<'_>, number: u8) -> Option<Vec<String>> {
    let changes = known.changes(&id(number))?;
    Some(changes.files.iter().map(|file| file.path.to_owned()).collect())
}

#[test]
fn commits_of_several_pieces_are_found_with_all_that_was_known_of_them() {
    let (first, second) = (changes("a.rs"), changes("b.rs"));
    let one = kept(&[(9, &[7], None)]);
    let many = kept(&[(8, &[7, 5], Some(&first)), (5, &[], None), (7, &[5, 5, 3], None)]);
    let again = kept(&[(7, &[5, 5, 3], Some(&second)), (4, &[9, 8], None)]);
    let mut known = KnownCommits::default();
    assert!(known.add(&one) && known.add(&many) && known.add(&again));
    for (number, parents) in [(9, &[7][..]), (8, &[7, 5]), (5, &[]), (7, &[5, 5, 3]), (4, &[9, 8])] {
        assert_eq!(known.commit(&id(number)), Some(commit(number, parents)), "{number}");
        assert_eq!(known.tree(&id(number)), Some(id(100 + number)));
    }
    assert_eq!(known.commit(&id(3)), None, "only a parent");
    assert_eq!(paths(&known, 8), Some(vec!["a.rs".to_owned()]));
    assert_eq!(paths(&known, 7), Some(vec!["b.rs".to_owned()]), "compared later");
    assert_eq!(paths(&known, 9), None);
    assert!(known.has(&id(7), true) && known.has(&id(9), false) && !known.has(&id(9), true));
    let row = known.table.find(&id(7)).expect("it is in the largest piece");
    assert!(known.changes_of(row, &id(7)).is_some());
}

#[test]
fn nothing_that_is_damaged_is_looked_up_beyond_its_end() {
    let some = changes("a.rs");
    let sound = kept(&[(8, &[7, 5], Some(&some)), (5, &[], None), (7, &[5, 3], None)]);
    let ask_all = |bytes: &[u8]| {
        let mut known = KnownCommits::default();
        let taken = known.add(bytes);
        for number in 0..=u8::MAX {
            let (commit, changes) = (known.commit(&id(number)), known.changes(&id(number)));
            assert!(taken || (commit.is_none() && changes.is_none()));
        }
    };
    for length in 0..sound.len() {
        ask_all(&sound[..length]);
    }
    for at in 0..sound.len() {
        for bit in [0x01, 0x80, 0xff] {
            let mut damaged = sound.clone();
            damaged[at] ^= bit;
            ask_all(&damaged);
        }
    }
    assert!(!KnownCommits::default().add(&[0xff; 64]), "sizes that are none");
}
