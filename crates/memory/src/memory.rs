//! What a memory is, and how it may change. Pure.

use base::Timestamp;
use base::id::{MemoryId, UserId};
use serde::{Deserialize, Serialize};

/// Titles are one line.
pub const TITLE_LIMIT: usize = 300;
/// Texts are Markdown.
pub const TEXT_LIMIT: usize = 20_000;
/// Tags of one memory.
pub const TAGS_LIMIT: usize = 20;
/// Letters of a tag.
pub const TAG_LIMIT: usize = 50;
/// Pieces of evidence of one memory.
pub const EVIDENCE_LIMIT: usize = 20;
/// Letters of one piece of evidence.
pub const TARGET_LIMIT: usize = 2_000;

/// Declares an enum with a name for each variant, as it is stored and sent.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in storage.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The value with that name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == name)
            }
        }
    };
}

named! {
    /// What kind of thing was learned.
    Kind {
        /// Anything.
        Note = "note",
        /// What was decided, and why.
        Decision = "decision",
        /// An error, and what resolved it.
        ErrorFix = "error_fix",
        /// What was said about something.
        Discussion = "discussion",
        /// A place worth finding again.
        Bookmark = "bookmark",
        /// How something is done here.
        Pattern = "pattern",
    }
}

named! {
    /// Whether a memory holds.
    State {
        /// It holds.
        Active = "active",
        /// What it rests on has changed: somebody should look.
        NeedsReview = "needs_review",
        /// Another one took its place.
        Superseded = "superseded",
        /// Put away.
        Archived = "archived",
        /// Its time is over.
        Expired = "expired",
    }
}

impl State {
    /// Whether memories in this state are recalled.
    pub fn is_recalled(self) -> bool {
        matches!(self, Self::Active | Self::NeedsReview)
    }
}

named! {
    /// How far a memory can be relied on, the least first.
    Trust {
        /// Nobody has looked at it: it comes from a repository or a model.
        Low = "low",
        /// A person wrote it.
        Normal = "normal",
        /// A person confirmed it.
        High = "high",
    }
}

named! {
    /// Where a memory came from.
    Origin {
        /// A person wrote it.
        Person = "person",
        /// It was read in a repository.
        Repository = "repository",
        /// A model proposed it.
        Model = "model",
        /// It came with an import.
        Import = "import",
    }
}

named! {
    /// What a piece of evidence points at.
    EvidenceKind {
        /// A file, or lines of one.
        File = "file",
        /// A commit.
        Commit = "commit",
        /// A task.
        Task = "task",
        /// A finding.
        Finding = "finding",
        /// Another page.
        Url = "url",
    }
}

/// Something that a memory rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// Which: a path with its lines, an id, a key, an address.
    pub target: String,
    /// The repository it is in, where there is one.
    pub repo: Option<String>,
    /// The commit it was seen at, in hexadecimal, where there is one.
    pub commit: Option<String>,
}

/// Something that was learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    /// Which.
    pub id: MemoryId,
    /// The only person who may see it; without one, everybody in the workspace.
    pub owner: Option<UserId>,
    /// What kind of thing it is.
    pub kind: Kind,
    /// One line.
    pub title: String,
    /// Markdown; may be empty.
    pub text: String,
    /// In order, each once, in lower case.
    pub tags: Vec<String>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Whether it holds.
    pub state: State,
    /// How far it can be relied on.
    pub trust: Trust,
    /// Where it came from.
    pub origin: Origin,
    /// The one that took its place.
    pub superseded_by: Option<MemoryId>,
    /// How often it served somebody.
    pub used: i64,
    /// When somebody last said that it still holds.
    pub confirmed_at: Option<Timestamp>,
    /// When its time is over.
    pub expires_at: Option<Timestamp>,
    /// When it was saved.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: UserId,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Rises with each change.
    pub version: i64,
}

/// A memory to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMemory {
    /// What kind of thing it is.
    pub kind: Kind,
    /// One line.
    pub title: String,
    /// Markdown; may be empty.
    pub text: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Whether only who saves it may see it.
    pub private: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// When its time is over.
    pub expires_at: Option<Timestamp>,
}

/// What is to change; `None` leaves a field as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    /// What kind of thing it is.
    pub kind: Option<Kind>,
    /// One line.
    pub title: Option<String>,
    /// Markdown.
    pub text: Option<String>,
    /// All of its tags.
    pub tags: Option<Vec<String>>,
    /// All that it rests on.
    pub evidence: Option<Vec<Evidence>>,
    /// When its time is over; `Some(None)`: never.
    pub expires_at: Option<Option<Timestamp>>,
}

/// A change of a memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Some fields.
    Edit(Edit),
    /// Somebody says that it still holds.
    Confirm,
    /// What it rests on has changed.
    Doubt,
    /// Put it away.
    Archive,
    /// Bring one back that was put away or whose time was over.
    Restore,
}

/// The fields do not make a memory, or the change does not fit it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMemory {
    /// Nothing to read in the title.
    #[error("a memory needs a title")]
    NoTitle,
    /// The title is too long.
    #[error("a title has at most {TITLE_LIMIT} characters")]
    LongTitle,
    /// The text is too long.
    #[error("a memory has at most {TEXT_LIMIT} characters; save what matters, and link the rest as evidence")]
    LongText,
    /// Tags are too many or too long.
    #[error("a memory has at most {TAGS_LIMIT} tags of at most {TAG_LIMIT} characters")]
    Tags,
    /// Evidence is too much, too long or empty.
    #[error(
        "a memory has at most {EVIDENCE_LIMIT} pieces of evidence, each with 1 to {TARGET_LIMIT} characters"
    )]
    Evidence,
    /// It would be over before it began.
    #[error("the end of a memory lies in the future")]
    Expiry,
    /// What was superseded says what was true once, and stays as it was.
    #[error("a memory that was superseded stays as it was; change the one that took its place")]
    Superseded,
    /// What everybody saw cannot go on in private.
    #[error("what takes a memory's place is seen by everybody who saw that; save a private one of its own")]
    Private,
}

fn checked_title(title: &str) -> Result<String, InvalidMemory> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    match title.chars().count() {
        0 => Err(InvalidMemory::NoTitle),
        1..=TITLE_LIMIT => Ok(title),
        _ => Err(InvalidMemory::LongTitle),
    }
}

fn checked_text(text: String) -> Result<String, InvalidMemory> {
    if text.chars().count() > TEXT_LIMIT { Err(InvalidMemory::LongText) } else { Ok(text) }
}

fn checked_tags(tags: Vec<String>) -> Result<Vec<String>, InvalidMemory> {
    let mut tags: Vec<String> = tags
        .into_iter()
        .map(|tag| tag.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase())
        .filter(|tag| !tag.is_empty())
        .collect();
    tags.sort_unstable();
    tags.dedup();
    let fits = tags.len() <= TAGS_LIMIT && tags.iter().all(|tag| tag.chars().count() <= TAG_LIMIT);
    if fits { Ok(tags) } else { Err(InvalidMemory::Tags) }
}

fn checked_evidence(evidence: Vec<Evidence>) -> Result<Vec<Evidence>, InvalidMemory> {
    let sound = |text: &str| (1..=TARGET_LIMIT).contains(&text.chars().count());
    let fits = evidence.len() <= EVIDENCE_LIMIT
        && evidence.iter().all(|piece| {
            sound(&piece.target) && piece.repo.iter().chain(&piece.commit).all(|word| sound(word))
        });
    if fits { Ok(evidence) } else { Err(InvalidMemory::Evidence) }
}

fn checked_expiry(at: Option<Timestamp>, now: Timestamp) -> Result<Option<Timestamp>, InvalidMemory> {
    if at.is_some_and(|at| at <= now) { Err(InvalidMemory::Expiry) } else { Ok(at) }
}

impl NewMemory {
    /// The memory that these fields make.
    pub(crate) fn saved(self, id: MemoryId, by: UserId, now: Timestamp) -> Result<Memory, InvalidMemory> {
        let trust = match self.origin {
            Origin::Person => Trust::Normal,
            Origin::Repository | Origin::Model | Origin::Import => Trust::Low,
        };
        Ok(Memory {
            id,
            owner: self.private.then_some(by),
            kind: self.kind,
            title: checked_title(&self.title)?,
            text: checked_text(self.text)?,
            tags: checked_tags(self.tags)?,
            evidence: checked_evidence(self.evidence)?,
            state: State::Active,
            trust,
            origin: self.origin,
            superseded_by: None,
            used: 0,
            confirmed_at: None,
            expires_at: checked_expiry(self.expires_at, now)?,
            created_at: now,
            created_by: by,
            updated_at: now,
            version: 1,
        })
    }
}

impl Memory {
    /// The memory after a change.
    pub fn changed(&self, change: Change, now: Timestamp) -> Result<Self, InvalidMemory> {
        if self.state == State::Superseded {
            return Err(InvalidMemory::Superseded);
        }
        let mut memory = self.clone();
        match change {
            Change::Edit(edit) => memory.edit(edit, now)?,
            Change::Confirm => {
                memory.trust = Trust::High;
                memory.confirmed_at = Some(now);
                if memory.state == State::NeedsReview {
                    memory.state = State::Active;
                }
            }
            Change::Doubt if memory.state == State::Active => memory.state = State::NeedsReview,
            Change::Doubt => {}
            Change::Archive => memory.state = State::Archived,
            Change::Restore => {
                memory.state = State::Active;
                // Its time was over; it would be over again at once.
                memory.expires_at = memory.expires_at.filter(|at| *at > now);
            }
        }
        memory.updated_at = now;
        memory.version += 1;
        Ok(memory)
    }

    fn edit(&mut self, edit: Edit, now: Timestamp) -> Result<(), InvalidMemory> {
        self.kind = edit.kind.unwrap_or(self.kind);
        if let Some(title) = edit.title {
            self.title = checked_title(&title)?;
        }
        if let Some(text) = edit.text {
            self.text = checked_text(text)?;
        }
        if let Some(tags) = edit.tags {
            self.tags = checked_tags(tags)?;
        }
        if let Some(evidence) = edit.evidence {
            self.evidence = checked_evidence(evidence)?;
        }
        if let Some(expiry) = edit.expires_at {
            self.expires_at = checked_expiry(expiry, now)?;
        }
        Ok(())
    }

    /// The memory after another one took its place.
    pub(crate) fn superseded(&self, by: MemoryId, now: Timestamp) -> Result<Self, InvalidMemory> {
        if self.state == State::Superseded {
            return Err(InvalidMemory::Superseded);
        }
        Ok(Self {
            state: State::Superseded,
            superseded_by: Some(by),
            updated_at: now,
            version: self.version + 1,
            ..self.clone()
        })
    }

    /// What is searched.
    pub fn searched(&self) -> String {
        format!("{}\n{}\n{}", self.title, self.text, self.tags.join(" "))
    }

    /// What a search can ask for.
    pub(crate) fn keys(&self) -> Vec<String> {
        let mut keys = vec![format!("kind:{}", self.kind.as_str()), seen_by(self.owner)];
        keys.extend(self.tags.iter().map(|tag| format!("tag:{tag}")));
        keys
    }
}

/// The key of what that person alone may see; without one, of what everybody may.
pub(crate) fn seen_by(owner: Option<UserId>) -> String {
    owner.map_or_else(|| "team".to_owned(), |owner| format!("user:{owner}"))
}
