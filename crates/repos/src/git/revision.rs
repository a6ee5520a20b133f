//! Names of commits as people type them: the part of Git's own notation that names one commit.
//!
//! `HEAD` and `@`; tags, branches, branches of other repositories (`origin/main`) and full names below `refs/`; the
//! beginning of an object id; each followed by any number of `~N`, `^` and `^N`.

use std::collections::{BinaryHeap, HashMap};

use gix::ObjectId;

use super::objects::{Ambiguous, ObjectError};
use super::refs;
use super::repository::{Repository, object_failure};
use crate::failure::{Failure, FailureCode};

/// The fewest digits of an id that name an object, as for Git itself.
const FEWEST_DIGITS: usize = 4;

/// Longer names are no names.
const LONGEST: usize = 1_024;

/// A step from a commit to one that came before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// So many times to the first parent.
    Back(usize),
    /// To the parent of that number, from 1; 0 is the commit itself.
    Parent(usize),
}

impl Repository {
    /// The commit that a revision names.
    pub fn revision(&self, text: &str) -> Result<ObjectId, Failure> {
        let missing = || no_such(text);
        let (name, steps) = parse(text).ok_or_else(missing)?;
        let mut id = self.peel(self.named(name)?.ok_or_else(missing)?)?;
        let mut buffer = Vec::new();
        let mut parent = |id: ObjectId, number: usize| {
            let commit =
                self.commit(&id, &mut buffer).map_err(|error| object_failure("commit", &id, error))?;
            commit.parents.get(number).copied().ok_or_else(missing)
        };
        for step in steps {
            match step {
                Step::Back(count) => {
                    for _ in 0..count {
                        id = parent(id, 0)?;
                    }
                }
                Step::Parent(0) => {}
                Step::Parent(number) => id = parent(id, number - 1)?,
            }
        }
        Ok(id)
    }

    /// The newest commit that both follow: the older of the two where the other follows it; `None` where they have
    /// none in common, or its commit is not here.
    pub fn common_ancestor(&self, a: ObjectId, b: ObjectId) -> Result<Option<ObjectId>, Failure> {
        let mut seen_from: HashMap<ObjectId, u8> = HashMap::new();
        let mut newest_first = BinaryHeap::new();
        let mut buffer = Vec::new();
        for (id, side) in [(a, 1), (b, 2)] {
            *seen_from.entry(id).or_default() |= side;
            newest_first.push((self.head_commit(&id)?.time, id));
        }
        while let Some((_, id)) = newest_first.pop() {
            let sides = seen_from.get(&id).copied().unwrap_or_default();
            if sides == 3 {
                return Ok(Some(id));
            }
            let commit = match self.commit(&id, &mut buffer) {
                Ok(commit) => commit,
                Err(ObjectError::Missing) => continue,
                Err(error) => return Err(object_failure("commit", &id, error)),
            };
            for parent in commit.parents {
                let known = seen_from.entry(parent).or_default();
                if *known | sides != *known {
                    *known |= sides;
                    // One that is missing is where a clone ends; it is told when it is popped.
                    let time = self.commit(&parent, &mut buffer).map_or(i64::MIN, |commit| commit.time);
                    newest_first.push((time, parent));
                }
            }
        }
        Ok(None)
    }

    /// The object of a name without steps: what Git would find first.
    fn named(&self, name: &str) -> Result<Option<ObjectId>, Failure> {
        if let Ok(id) = ObjectId::from_hex(name.as_bytes()) {
            return Ok(self.objects().header(&id).is_ok().then_some(id));
        }
        if name == "HEAD" || name == "@" {
            return Ok(refs::head(self.dirs())?.id);
        }
        for full in [
            name.to_owned(),
            format!("refs/tags/{name}"),
            format!("refs/heads/{name}"),
            format!("refs/remotes/{name}"),
            format!("refs/remotes/{name}/HEAD"),
        ] {
            if let Some(id) = refs::full(self.dirs(), &full)? {
                return Ok(Some(id));
            }
        }
        let digits = name.len() >= FEWEST_DIGITS && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !digits {
            return Ok(None);
        }
        self.objects().beginning_with(name).map_err(|Ambiguous| {
            let said = format!("Several objects begin with `{name}`; write more digits.");
            Failure::new(FailureCode::NoSuchBranch, said)
        })
    }
}

fn no_such(text: &str) -> Failure {
    let shown: String = text.chars().take(100).collect();
    Failure::new(FailureCode::NoSuchBranch, format!("There is no commit `{}`.", shown.escape_debug()))
}

/// The name and the steps behind it.
fn parse(text: &str) -> Option<(&str, Vec<Step>)> {
    let end = text.find(['~', '^']).unwrap_or(text.len());
    let (name, mut rest) = text.split_at_checked(end)?;
    if name.is_empty() || text.len() > LONGEST {
        return None;
    }
    let mut steps = Vec::new();
    while let Some(mark) = rest.chars().next() {
        let after = rest.strip_prefix(['~', '^'])?;
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (number, next) = after.split_at_checked(digits)?;
        let number = if number.is_empty() { 1 } else { number.parse().ok()? };
        steps.push(if mark == '~' { Step::Back(number) } else { Step::Parent(number) });
        rest = next;
    }
    Some((name, steps))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_steps_are_told_apart() {
        let parsed = |text| parse(text).map(|(name, steps)| (name.to_owned(), steps));
        assert_eq!(parsed("main"), Some(("main".to_owned(), vec![])));
        assert_eq!(parsed("HEAD~"), Some(("HEAD".to_owned(), vec![Step::Back(1)])));
        assert_eq!(
            parsed("v1.2^2~10^"),
            Some(("v1.2".to_owned(), vec![Step::Parent(2), Step::Back(10), Step::Parent(1)]))
        );
        for wrong in ["", "~1", "HEAD~x", "HEAD^{tree}", "HEAD~99999999999999999999999", "a^-1"] {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
    }
}
