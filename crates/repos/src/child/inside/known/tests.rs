use analysis::duplication::Tokens;
use analysis::source::SourceFile;

use super::*;

const KEY: Key = [7; 32];

impl Shelf for Vec<u8> {
    fn read(&self, start: u64, length: usize) -> Option<Vec<u8>> {
        let start = usize::try_from(start).ok()?;
        self.get(start..start.checked_add(length)?).map(<[u8]>::to_vec)
    }
}

fn known(bytes: &[u8], key: &Key) -> Known {
    Known::read(Some(Arc::new(bytes.to_vec())), key)
}

/// Nobody can bring what is damaged.
fn far(known: &Known) -> Arc<dyn FarSource> {
    known.far(Box::new(|_| None))
}

fn file(path: &str, content: u8) -> TreeFile {
    TreeFile { path: path.to_owned(), id: ObjectId::from([content; 20]), bytes: 1, executable: false }
}

fn facts(text: &str) -> FileFacts {
    pipeline::examine(&SourceFile { path: "a.py", executable: false, bytes: text.as_bytes() })
}

/// What is kept after two analyses: of two files, then of a third.
fn kept() -> Vec<u8> {
    let (one, other, third) = (file("a.py", 1), file("b.py", 2), file("c.py", 3));
    let fresh = |text: &str| facts(text).encode();
    let files = [(&one, fresh("import a\n")), (&other, fresh("import b\n"))];
    let (joining, mut bytes) = Known::default().additions(&KEY, &files, &Besides::default()).unwrap();
    assert_eq!(joining, Joining::Replace);
    let known = known(&bytes, &KEY);
    let files = [(&one, None), (&other, None), (&third, fresh("import c\n"))];
    let besides = Besides { folders: &[(ObjectId::from([4; 20]), b"folder".to_vec())], ..Besides::default() };
    let (joining, more) = known.additions(&KEY, &files, &besides).unwrap();
    assert_eq!(joining, Joining::Append { at: bytes.len() as u64 });
    bytes.extend(more);
    bytes
}

/// What is known of a file, if it is still the same.
fn facts_of(known: &Known, file: &TreeFile) -> Option<FileFacts> {
    known.same(file)?.facts(&far(known))
}

#[test]
fn facts_are_known_of_the_same_content_at_the_same_place_under_the_same_key() {
    let bytes = kept();
    let known = known(&bytes, &KEY);
    assert_eq!(facts_of(&known, &file("a.py", 1)), Some(facts("import a\n")));
    assert_eq!(facts_of(&known, &file("c.py", 3)), Some(facts("import c\n")));
    assert_eq!(facts_of(&known, &file("a.py", 2)), None, "other content");
    assert_eq!(facts_of(&known, &file("d.py", 1)), None, "elsewhere");
    assert_eq!(facts_of(&known, &TreeFile { executable: true, ..file("a.py", 1) }), None, "another mode");
    let (one, other) = (file("a.py", 1), file("b.py", 2));
    assert_eq!(
        known.additions(&KEY, &[(&one, None), (&other, None)], &Besides::default()),
        None,
        "nothing new"
    );
    assert_eq!(known.folder(&ObjectId::from([4; 20])), Some(b"folder".as_slice()));
    assert_eq!(known.folder(&ObjectId::from([1; 20])), None);
    let elsewhen = self::known(&bytes, &[8; 32]);
    assert_eq!(facts_of(&elsewhen, &file("a.py", 1)), None, "another version");
    assert_eq!(elsewhen.end, 0, "what follows replaces it");
}

#[test]
fn tokens_that_nobody_can_bring_are_noticed() {
    let one = file("a.py", 1);
    let fresh = [(&one, facts("x = 1\n").encode())];
    let (_, mut bytes) = Known::default().additions(&KEY, &fresh, &Besides::default()).unwrap();
    // What is far comes last.
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let known = known(&bytes, &KEY);
    let facts = facts_of(&known, &one).expect("what is near is sound");
    assert!(!known.has_lost(), "nobody has asked");
    assert_eq!(facts.syntax.map(|syntax| syntax.tokens == Tokens::default()), Some(true));
    assert!(known.has_lost());
}

#[test]
fn folders_of_long_ago_do_not_stay() {
    let one = file("a.py", 1);
    let mut bytes = Known::default()
        .additions(&KEY, &[(&one, facts("import a\n").encode())], &Besides::default())
        .map(|(_, bytes)| bytes)
        .unwrap();
    let (mut longest, mut last) = (0, ObjectId::from([0; 20]));
    for number in 1..=40_u8 {
        // Each time the folder is another one, and the one before is met no more.
        let known = known(&bytes, &KEY);
        last = ObjectId::from([number; 20]);
        let besides = Besides { folders: &[(last, vec![number; 200_000])], ..Besides::default() };
        match known.additions(&KEY, &[(&one, None)], &besides).unwrap() {
            (Joining::Append { at }, more) => {
                bytes.truncate(usize::try_from(at).unwrap());
                bytes.extend(more);
            }
            (Joining::Replace, all) => bytes = all,
        }
        longest = longest.max(bytes.len());
    }
    assert!(longest < 2_000_000, "{longest}");
    let known = known(&bytes, &KEY);
    assert!(known.folder(&last).is_some() && facts_of(&known, &one).is_some());
}

/// Whether facts are the same, but for functions and tokens that are damaged and that nobody can bring again.
fn same(facts: &FileFacts, other: &FileFacts) -> bool {
    let mut lost = other.clone();
    if let Some(syntax) = &mut lost.syntax {
        (syntax.functions, syntax.tokens) = (Vec::new().into(), Tokens::default());
    }
    facts == other || *facts == lost
}

#[test]
fn whatever_is_damaged_is_unknown_and_never_something_else() {
    let bytes = kept();
    let expected = [("a.py", 1, "import a\n"), ("b.py", 2, "import b\n"), ("c.py", 3, "import c\n")]
        .map(|(path, content, text)| (file(path, content), facts(text)));
    let check = |damaged: &[u8]| {
        let known = known(damaged, &KEY);
        let right =
            |(file, facts): &(TreeFile, FileFacts)| facts_of(&known, file).is_none_or(|it| same(&it, facts));
        assert!(expected.iter().all(right));
        assert!(known.folder(&ObjectId::from([4; 20])).is_none_or(|folder| folder == b"folder"));
        assert!(known.end <= damaged.len());
    };
    for length in 0..bytes.len() {
        check(&bytes[..length]);
    }
    for at in 0..bytes.len() {
        for bit in [0x01, 0x80] {
            let mut damaged = bytes.clone();
            damaged[at] ^= bit;
            check(&damaged);
        }
    }
}
