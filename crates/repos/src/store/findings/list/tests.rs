//! Every list is held against the plain way: all rows, one after the other.

use std::collections::BTreeMap;

use base::Ids;
use storage::testing::each_engine;

use super::*;
use crate::context::narrow::narrow;
use crate::model::{FindingFacet, FindingState, SuppressionMark, is_below};
use crate::store::KINDS;
use crate::store::findings::{NEVER, root_folder};

const NOW: i64 = 1_790_000_000_000_000;

/// Numbers that are always the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())].clone()
    }

    /// Often none, sometimes one or two.
    fn some<T: Clone>(&mut self, of: &[T]) -> Vec<T> {
        let count = [0, 0, 0, 1, 2][self.roll(5)];
        (0..count).map(|_| self.one(of)).collect()
    }

    fn chance(&mut self) -> bool {
        self.roll(4) == 0
    }
}

const PATHS: [&str; 9] = [
    "a.js",
    "src/a.rs",
    "src/b/É.rs",
    "src0/x.py",
    "lib/Ünder/y.go",
    "tests/T_1.js",
    "s%/a_b.rs",
    "src",
    "lib/z",
];
const MESSAGES: [&str; 5] = ["Calls EVAL", "L'École", "100% sure_", "two\nlines", "100 sure"];
const RULES: [&str; 3] = ["js.eval", "Py.Exec", "rule-é"];
const LANGUAGES: [Option<&str>; 4] = [Some("Rust"), Some("C#"), Some("Go"), None];
const PEOPLE: [&str; 4] = ["Ada", "Grace", "Ada", "Lin, Xu"];

struct Made {
    finding: Finding,
    person: Option<usize>,
}

fn made(dice: &mut Dice, ids: &Ids, repo: RepoId, analyses: &[AnalysisId]) -> Made {
    let days = dice.one(&[0, 0, 1, 3, 7, 29, 30, 60, 92, 400]);
    let first_seen_at = Timestamp::from_micros(NOW - days * DAY + dice.one(&[-1, 0, 1, 500]));
    let first_analysis = dice.one(analyses);
    let back = dice.chance();
    let until = dice.one(&[NOW - 1, NOW, NOW + 1, NEVER]);
    let person = dice.chance().then(|| dice.roll(PEOPLE.len()));
    let finding = Finding {
        id: ids.new_id(),
        repo,
        fingerprint: format!("{:016x}{:016x}", dice.roll(1 << 30), dice.roll(1 << 30)),
        rule: dice.one(&RULES).to_owned(),
        kind: dice.one(&KINDS).0,
        severity: dice.one(&Severity::ALL),
        path: dice.one(&PATHS).to_owned(),
        line: 1,
        message: dice.one(&MESSAGES).to_owned(),
        in_test: dice.chance(),
        state: if dice.chance() { FindingState::Gone } else { FindingState::Open },
        first_analysis,
        last_analysis: first_analysis,
        first_seen_at,
        last_seen_at: Timestamp::from_micros(NOW),
        opened_at: if back { Timestamp::from_micros(NOW - DAY / 2) } else { first_seen_at },
        opened_in: if back { dice.one(analyses) } else { first_analysis },
        place: u32::try_from(dice.roll(20)).unwrap(),
        suppression: dice.chance().then(|| SuppressionMark {
            id: ids.new_id(),
            until: (until != NEVER).then(|| Timestamp::from_micros(until)),
        }),
        detail: None,
        language: dice.one(&LANGUAGES).map(str::to_owned),
        owner: person.map(|person| PEOPLE[person].to_owned()),
        is_new: false,
    };
    Made { finding, person }
}

async fn keep(db: &Db, workspace: WorkspaceId, rows: &[Made]) {
    let mut tx = db.begin().await.unwrap();
    let repo = rows[0].finding.repo;
    tx.query(
        "INSERT INTO repo_repository (id, workspace_id, name, slug, source_kind, source, created_at, created_by, version)
         VALUES ($1, $2, 'n', 'n', 'local', '/', 1, 'u', 1)",
    )
    .bind(repo)
    .bind(workspace)
    .execute()
    .await
    .unwrap();
    for Made { finding, person } in rows {
        let mut insert = SqlBuilder::new(
            "INSERT INTO repo_finding (id, workspace_id, repo_id, fingerprint, rule, kind, severity, rank, path, folder,
                 line, message, in_test, language, owner, place, state, first_analysis, last_analysis, first_seen_at,
                 last_seen_at, opened_at, opened_in, suppressed_by, suppressed_until) VALUES (",
        );
        insert.bind(finding.id).push(", ").bind(workspace).push(", ").bind(repo).push(", ");
        insert.bind(&finding.fingerprint).push(", ").bind(&finding.rule).push(", ");
        insert.bind(kind_name(finding.kind)).push(", ").bind(finding.severity.as_str()).push(", ");
        insert.bind(rank(finding.severity)).push(", ").bind(&finding.path).push(", ");
        insert.bind(root_folder(&finding.path)).push(", 1, ").bind(&finding.message).push(", ");
        insert.bind(finding.in_test).push(", ").bind(finding.language.as_ref()).push(", ");
        insert.bind(person.map(|person| u32::try_from(person).unwrap())).push(", ").bind(finding.place);
        insert.push(", ").bind(finding.state.as_str()).push(", ").bind(finding.first_analysis).push(", ");
        insert.bind(finding.last_analysis).push(", ").bind(finding.first_seen_at).push(", ");
        insert.bind(finding.last_seen_at).push(", ");
        let back = finding.opened_at != finding.first_seen_at;
        insert.bind(back.then_some(finding.opened_at)).push(", ").bind(back.then_some(finding.opened_in));
        let mark = finding.suppression;
        insert.push(", ").bind(mark.map(|mark| mark.id)).push(", ");
        insert.bind(mark.map_or(0, |mark| mark.until.map_or(NEVER, Timestamp::as_micros))).push(")");
        tx.query(insert).execute().await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn filter(dice: &mut Dice) -> FindingFilter {
    let owned = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let kinds = KINDS.map(|(kind, _)| kind);
    FindingFilter {
        severities: dice.some(&Severity::ALL),
        kinds: dice.some(&kinds),
        rules: owned(dice.some(&RULES)),
        in_test: if dice.chance() { Some(dice.chance()) } else { None },
        folders: owned(dice.some(&["", "src", "lib", "s%", "none"])),
        languages: owned(dice.some(&["Rust", "C#", "Cobol"])),
        owners: owned(dice.some(&["Ada", "Lin, Xu", "Nobody"])),
        ages: dice.some(FindingAge::ALL),
        new: dice.chance(),
        before_baseline: dice.chance(),
        path: dice
            .chance()
            .then(|| dice.one(&["src", "src/", "src/a.rs", "a.js", "", "lib/Ünder", "SRC"]).to_owned()),
        text: dice
            .chance()
            .then(|| dice.one(&["", "eVaL", "École", "école", "%", "_", "no", "src"]).to_owned()),
        state: dice.one(&[
            None,
            Some(FindingStand::Open),
            Some(FindingStand::Open),
            Some(FindingStand::Suppressed),
            Some(FindingStand::Gone),
        ]),
    }
}

fn stand(row: &Finding, now: Timestamp) -> FindingStand {
    match row.state {
        FindingState::Gone => FindingStand::Gone,
        FindingState::Open if row.is_suppressed(now) => FindingStand::Suppressed,
        FindingState::Open => FindingStand::Open,
    }
}

fn is_found(row: &Finding, filter: &FindingFilter) -> bool {
    let text = filter.text.as_ref().map(|text| text.to_ascii_lowercase());
    let in_text = text.is_none_or(|text| {
        [&row.message, &row.path, &row.rule].iter().any(|field| field.to_ascii_lowercase().contains(&text))
    });
    in_text && filter.path.as_ref().is_none_or(|path| row.path == *path || is_below(&row.path, path))
}

fn is_hidden(row: &Finding, filter: &FindingFilter, baseline: Option<Timestamp>) -> bool {
    !filter.before_baseline && baseline.is_some_and(|before| row.opened_at <= before)
}

fn passes(row: &Finding, facet: FindingFacet, filter: &FindingFilter, now: Timestamp) -> bool {
    let named = |wanted: &[String], value: Option<&str>| {
        wanted.is_empty() || value.is_some_and(|value| wanted.iter().any(|it| it == value))
    };
    match facet {
        FindingFacet::Severity => filter.severities.is_empty() || filter.severities.contains(&row.severity),
        FindingFacet::Kind => filter.kinds.is_empty() || filter.kinds.contains(&row.kind),
        FindingFacet::Rule => named(&filter.rules, Some(&row.rule)),
        FindingFacet::Code => filter.in_test.is_none_or(|in_test| row.in_test == in_test),
        FindingFacet::Folder => named(&filter.folders, Some(root_folder(&row.path))),
        FindingFacet::Language => named(&filter.languages, row.language.as_deref()),
        FindingFacet::Owner => named(&filter.owners, row.owner.as_deref()),
        FindingFacet::Age => {
            filter.ages.is_empty() || filter.ages.contains(&FindingAge::of(row.first_seen_at, now))
        }
        FindingFacet::New => !filter.new || row.is_new,
        FindingFacet::State => filter.state.is_none_or(|wanted| stand(row, now) == wanted),
    }
}

fn value(row: &Finding, facet: FindingFacet, now: Timestamp) -> Option<String> {
    Some(match facet {
        FindingFacet::Severity => row.severity.as_str().to_owned(),
        FindingFacet::Kind => kind_name(row.kind).to_owned(),
        FindingFacet::Rule => row.rule.clone(),
        FindingFacet::Code => if row.in_test { "tests" } else { "shipped" }.to_owned(),
        FindingFacet::Folder => root_folder(&row.path).to_owned(),
        FindingFacet::Language => row.language.clone()?,
        FindingFacet::Owner => row.owner.clone()?,
        FindingFacet::Age => FindingAge::of(row.first_seen_at, now).as_str().to_owned(),
        FindingFacet::New => row.is_new.then(|| "true".to_owned())?,
        FindingFacet::State => stand(row, now).as_str().to_owned(),
    })
}

/// What each facet counts: rows that pass all the others.
fn facets(
    rows: &[Finding],
    filter: &FindingFilter,
    baseline: Option<Timestamp>,
    now: Timestamp,
) -> BTreeMap<(FindingFacet, String), u64> {
    let mut counts = BTreeMap::new();
    for row in rows.iter().filter(|row| !is_hidden(row, filter, baseline)) {
        for facet in FindingFacet::ALL.iter().copied() {
            let mut others = FindingFacet::ALL.iter().filter(|other| **other != facet);
            if let Some(value) = value(row, facet, now)
                && others.all(|other| passes(row, *other, filter, now))
            {
                *counts.entry((facet, value)).or_default() += 1;
            }
        }
    }
    counts
}

#[tokio::test]
async fn any_list_is_what_the_plain_way_gives() {
    each_engine(|test| async move {
        let db = test.open().await;
        let (ids, mut dice) = (Ids::counted(), Dice(7));
        let (workspace, repo): (WorkspaceId, RepoId) = (ids.new_id(), ids.new_id());
        let analyses: [AnalysisId; 3] = [ids.new_id(), ids.new_id(), ids.new_id()];
        let rows: Vec<Made> = (0..400).map(|_| made(&mut dice, &ids, repo, &analyses)).collect();
        keep(&db, workspace, &rows).await;
        let now = Timestamp::from_micros(NOW);
        let people = PEOPLE.map(str::to_owned);
        let mut shown = 0;
        for _ in 0..150 {
            let filter = filter(&mut dice);
            let listed = Listed {
                workspace,
                repo,
                now,
                baseline: dice
                    .one(&[None, Some(NOW - DAY), Some(NOW - 30 * DAY)])
                    .map(Timestamp::from_micros),
                newest: dice.one(&[None, Some(analyses[0])]),
                people: &people,
            };
            let mut plain: Vec<Finding> = rows
                .iter()
                .map(|Made { finding, .. }| Finding {
                    is_new: listed.newest == Some(finding.opened_in),
                    ..finding.clone()
                })
                .filter(|row| is_found(row, &filter))
                .collect();

            let narrowed = narrow(listed.groups(&db, &filter).await.unwrap(), &filter);
            let counted: BTreeMap<(FindingFacet, String), u64> = narrowed
                .facets
                .into_iter()
                .flat_map(|(facet, values)| {
                    values.into_iter().map(move |(value, count)| ((facet, value), count))
                })
                .collect();
            assert_eq!(counted, facets(&plain, &filter, listed.baseline, now), "{filter:?}");
            plain.retain(|row| FindingFacet::ALL.iter().all(|facet| passes(row, *facet, &filter, now)));
            let hidden = plain.iter().filter(|row| is_hidden(row, &filter, listed.baseline)).count();
            assert_eq!(narrowed.before_baseline, hidden as u64, "{filter:?}");

            plain.retain(|row| !is_hidden(row, &filter, listed.baseline));
            assert_eq!(narrowed.total, plain.len() as u64, "{filter:?}");
            plain.sort_by_key(Place::of);
            let size = 1 + dice.roll(40);
            let mut pages: Vec<Finding> = Vec::new();
            loop {
                let after = pages.last().map(Place::of);
                let page = listed.rows(&db, &filter, after.as_ref(), Some(size)).await.unwrap();
                let last = page.len() < size;
                pages.extend(page);
                if last {
                    break;
                }
            }
            assert_eq!(pages, plain, "{filter:?}");
            assert_eq!(listed.rows(&db, &filter, None, None).await.unwrap().len(), plain.len());
            let some: Vec<FindingId> = rows.iter().step_by(3).map(|row| row.finding.id).collect();
            plain.retain(|row| some.contains(&row.id));
            assert_eq!(listed.among(&db, &filter, &some).await.unwrap(), plain);
            shown += pages.len();
        }
        assert!(shown > 500, "most filters let something pass: {shown}");
    })
    .await;
}
