//! Memories between domain and wire.

use base::{Actor, Permission};
use memory::{Evidence, EvidenceKind, Kind, Origin, State, Trust};

pub(super) fn new_from(body: api::NewMemory) -> memory::NewMemory {
    memory::NewMemory {
        kind: body.kind.map_or(Kind::Note, kind_from),
        title: body.title,
        text: body.text.unwrap_or_default(),
        tags: body.tags.unwrap_or_default(),
        evidence: evidence_from(body.evidence.unwrap_or_default()),
        private: body.scope == Some(api::MemoryScope::Private),
        origin: Origin::Person,
        expires_at: body.expires_at.map(api::Time::timestamp),
    }
}

pub(super) fn facets(facets: Vec<memory::Facet>) -> Vec<api::Facet> {
    facets.into_iter().map(|facet| api::Facet { value: facet.value, count: facet.count }).collect()
}

pub(super) fn recalled_to_api(found: memory::Recalled, actor: &Actor) -> api::RecalledMemory {
    let why = found.why;
    api::RecalledMemory {
        memory: memory_to_api(found.memory, actor),
        score: found.score,
        why: api::RecallReasons {
            meaning: why.fit.map_or(0.0, |fit| fit.from_meaning),
            words: why.fit.map_or(0.0, |fit| fit.from_words),
            terms: why.terms,
            neighbours: why.neighbours,
            recency: why.recency,
            trust: why.trust,
        },
        same: found.same,
    }
}

/// The memory as the actor sees it.
pub(super) fn memory_to_api(memory: memory::Memory, actor: &Actor) -> api::Memory {
    let writes = actor.may(Permission::MemoryWrite);
    api::Memory {
        id: memory.id,
        kind: kind_to_api(memory.kind),
        title: memory.title,
        text: memory.text,
        tags: memory.tags,
        scope: match memory.owner {
            Some(_) => api::MemoryScope::Private,
            None => api::MemoryScope::Workspace,
        },
        evidence: memory.evidence.into_iter().map(evidence_to_api).collect(),
        state: state_to_api(memory.state),
        trust: match memory.trust {
            Trust::Low => api::MemoryTrust::Low,
            Trust::Normal => api::MemoryTrust::Normal,
            Trust::High => api::MemoryTrust::High,
        },
        origin: match memory.origin {
            Origin::Person => api::MemoryOrigin::Person,
            Origin::Repository => api::MemoryOrigin::Repository,
            Origin::Model => api::MemoryOrigin::Model,
            Origin::Import => api::MemoryOrigin::Import,
        },
        superseded_by: memory.superseded_by,
        used: u64::try_from(memory.used).unwrap_or(0),
        confirmed_at: memory.confirmed_at.map(Into::into),
        expires_at: memory.expires_at.map(Into::into),
        created_at: memory.created_at.into(),
        updated_at: memory.updated_at.into(),
        version: memory.version,
        can: api::MemoryCan { edit: writes && memory.state != State::Superseded, forget: writes },
    }
}

pub(super) fn evidence_from(evidence: Vec<api::MemoryEvidence>) -> Vec<Evidence> {
    let piece = |piece: api::MemoryEvidence| Evidence {
        kind: match piece.kind {
            api::MemoryEvidenceKind::File => EvidenceKind::File,
            api::MemoryEvidenceKind::Commit => EvidenceKind::Commit,
            api::MemoryEvidenceKind::Task => EvidenceKind::Task,
            api::MemoryEvidenceKind::Finding => EvidenceKind::Finding,
            api::MemoryEvidenceKind::Url => EvidenceKind::Url,
        },
        target: piece.target,
        repo: piece.repo,
        commit: piece.commit,
    };
    evidence.into_iter().map(piece).collect()
}

fn evidence_to_api(piece: Evidence) -> api::MemoryEvidence {
    api::MemoryEvidence {
        kind: match piece.kind {
            EvidenceKind::File => api::MemoryEvidenceKind::File,
            EvidenceKind::Commit => api::MemoryEvidenceKind::Commit,
            EvidenceKind::Task => api::MemoryEvidenceKind::Task,
            EvidenceKind::Finding => api::MemoryEvidenceKind::Finding,
            EvidenceKind::Url => api::MemoryEvidenceKind::Url,
        },
        target: piece.target,
        repo: piece.repo,
        commit: piece.commit,
    }
}

fn kind_to_api(kind: Kind) -> api::MemoryKind {
    match kind {
        Kind::Note => api::MemoryKind::Note,
        Kind::Decision => api::MemoryKind::Decision,
        Kind::ErrorFix => api::MemoryKind::ErrorFix,
        Kind::Discussion => api::MemoryKind::Discussion,
        Kind::Bookmark => api::MemoryKind::Bookmark,
        Kind::Pattern => api::MemoryKind::Pattern,
    }
}

pub(super) fn kind_from(kind: api::MemoryKind) -> Kind {
    match kind {
        api::MemoryKind::Note => Kind::Note,
        api::MemoryKind::Decision => Kind::Decision,
        api::MemoryKind::ErrorFix => Kind::ErrorFix,
        api::MemoryKind::Discussion => Kind::Discussion,
        api::MemoryKind::Bookmark => Kind::Bookmark,
        api::MemoryKind::Pattern => Kind::Pattern,
    }
}

fn state_to_api(state: State) -> api::MemoryState {
    match state {
        State::Active => api::MemoryState::Active,
        State::NeedsReview => api::MemoryState::NeedsReview,
        State::Superseded => api::MemoryState::Superseded,
        State::Archived => api::MemoryState::Archived,
        State::Expired => api::MemoryState::Expired,
    }
}

pub(super) fn state_from(state: api::MemoryState) -> State {
    match state {
        api::MemoryState::Active => State::Active,
        api::MemoryState::NeedsReview => State::NeedsReview,
        api::MemoryState::Superseded => State::Superseded,
        api::MemoryState::Archived => State::Archived,
        api::MemoryState::Expired => State::Expired,
    }
}
