//! Conversations, as they travel.

use base::{Actor, Permission};
use chat::{
    Attachment, Facts, Message, Mode, NoWriter, Rating, Source, SourceKind, Speaker, State, Thread, Writer,
};
use mentor::answer::{Destination, SentPrompt, Step, StepState};

pub(super) fn thread_to_api(thread: Thread, actor: &Actor) -> api::ChatThread {
    let own = thread.author == actor.user && actor.may(Permission::MentorAsk);
    api::ChatThread {
        id: thread.id,
        title: thread.title,
        repo: thread.repo,
        pinned: thread.pinned,
        archived: thread.archived,
        shared: thread.shared,
        author: thread.author,
        created_at: thread.created_at.into(),
        updated_at: thread.updated_at.into(),
        version: thread.version,
        can: api::ChatThreadCan { ask: own, edit: own, delete: own },
    }
}

pub(super) fn message_to_api(message: Message) -> api::ChatMessage {
    api::ChatMessage {
        id: message.id,
        speaker: speaker_to_api(message.speaker),
        question: message.question,
        text: message.text,
        mode: match message.mode {
            Mode::Answer => api::ChatMode::Answer,
            Mode::Guide => api::ChatMode::Guide,
            Mode::Review => api::ChatMode::Review,
        },
        state: match message.state {
            State::Answering => api::ChatState::Answering,
            State::Done => api::ChatState::Done,
            State::Partial => api::ChatState::Partial,
            State::Stopped => api::ChatState::Stopped,
            State::Failed => api::ChatState::Failed,
        },
        attached: message.asked.attached.into_iter().map(attachment_to_api).collect(),
        excluded: message.asked.excluded,
        answer: (message.speaker == Speaker::Mentor).then(|| answer_to_api(message.facts)),
        rating: message.rating.map(|rating| match rating {
            Rating::Up => api::ChatRating::Up,
            Rating::Down => api::ChatRating::Down,
        }),
        reasons: message.reasons,
        created_at: message.created_at.into(),
        ended_at: message.ended_at.map(Into::into),
    }
}

fn answer_to_api(facts: Facts) -> api::ChatAnswer {
    let missed = |missed: chat::Missed| api::ChatMissed {
        provider: missed.provider,
        model: missed.model,
        why: missed.why,
    };
    let citation = |citation: chat::Citation| api::ChatCitation {
        number: citation.number,
        supported: citation.supported,
    };
    api::ChatAnswer {
        template: facts.template,
        writer: facts.writer.map(writer_to_api),
        missed: facts.missed.into_iter().map(missed).collect(),
        sources: facts.sources.into_iter().map(source_to_api).collect(),
        direct: facts.direct,
        citations: facts.citations.into_iter().map(citation).collect(),
        left_out: left_out_to_api(facts.left_out),
        removed: facts.removed.into_iter().map(removed_to_api).collect(),
        note: facts.note,
        first_word_ms: facts.first_word_ms,
        took_ms: facts.took_ms,
    }
}

fn writer_to_api(writer: Writer) -> api::ChatWriter {
    match writer {
        Writer::Model { provider, model, input, output, micros, kept } => {
            let (input_tokens, output_tokens) = (input, output);
            api::ChatWriter::Model { provider, model, input_tokens, output_tokens, micros, kept }
        }
        Writer::Nobody { why, words, retry_after } => {
            let why = match why {
                NoWriter::NoModel => api::ChatNoWriter::NoModel,
                NoWriter::Unanswered => api::ChatNoWriter::Unanswered,
                NoWriter::OverBudget => api::ChatNoWriter::OverBudget,
                NoWriter::Evidence => api::ChatNoWriter::Evidence,
            };
            api::ChatWriter::Nobody { why, words, retry_after }
        }
    }
}

fn removed_to_api(removed: chat::Removed) -> api::ChatRemoved {
    let chat::Removed { what, placeholder, times } = removed;
    api::ChatRemoved { what, placeholder, times: times as u64 }
}

/// The names of what did not fit.
pub(super) fn left_out_to_api(left_out: Vec<chat::LeftOut>) -> Vec<String> {
    left_out.into_iter().map(|it| it.name).collect()
}

pub(super) fn source_to_api(source: Source) -> api::ChatSource {
    api::ChatSource {
        number: source.number,
        kind: match source.kind {
            SourceKind::Code => api::ChatSourceKind::Code,
            SourceKind::Memory => api::ChatSourceKind::Memory,
            SourceKind::Finding => api::ChatSourceKind::Finding,
            SourceKind::Insight => api::ChatSourceKind::Insight,
            SourceKind::Task => api::ChatSourceKind::Task,
            SourceKind::Report => api::ChatSourceKind::Report,
            SourceKind::Snippet => api::ChatSourceKind::Snippet,
        },
        hidden: source.is_hidden(),
        key: source.key,
        name: source.name,
        why: source.why,
        terms: source.terms,
        added: if source.by_person { api::ChatAdded::You } else { api::ChatAdded::Auto },
        score: source.score,
        tokens: source.tokens,
        text: source.text,
        place: source.place.map(|place| api::ChatPlace {
            repo: place.repo,
            commit: place.commit,
            path: place.path,
            start: place.start,
            end: place.end,
        }),
        id: source.id,
    }
}

fn speaker_to_api(speaker: Speaker) -> api::ChatSpeaker {
    match speaker {
        Speaker::Person => api::ChatSpeaker::Person,
        Speaker::Mentor => api::ChatSpeaker::Mentor,
    }
}

pub(super) fn step_to_api(step: Step) -> api::ChatEvent {
    let state = match step.state {
        StepState::Begun => api::ChatStepState::Begun,
        StepState::Done => api::ChatStepState::Done,
        StepState::Failed => api::ChatStepState::Failed,
    };
    api::ChatEvent::Step { what: step.what, state, detail: step.detail }
}

pub(super) fn prompt_to_api(prompt: SentPrompt) -> api::ChatPrompt {
    let turn = |turn: mentor::answer::SentTurn| api::ChatTurn {
        speaker: if turn.by_person { api::ChatSpeaker::Person } else { api::ChatSpeaker::Mentor },
        text: turn.text,
    };
    api::ChatPrompt {
        system: prompt.system,
        turns: prompt.turns.into_iter().map(turn).collect(),
        most_tokens: prompt.most_tokens,
        removed: prompt.removed.into_iter().map(removed_to_api).collect(),
    }
}

pub(super) fn destination_to_api(to: Destination) -> api::ChatDestination {
    let Destination { provider, model, host, leaves, most_micros } = to;
    api::ChatDestination { provider, model, host, leaves, most_micros }
}

pub(super) fn mode_from(mode: Option<api::ChatMode>) -> Mode {
    match mode.unwrap_or_default() {
        api::ChatMode::Answer => Mode::Answer,
        api::ChatMode::Guide => Mode::Guide,
        api::ChatMode::Review => Mode::Review,
    }
}

pub(super) fn rating_from(rating: api::ChatRating) -> Rating {
    match rating {
        api::ChatRating::Up => Rating::Up,
        api::ChatRating::Down => Rating::Down,
    }
}

fn attachment_to_api(attachment: Attachment) -> api::ChatAttachment {
    match attachment {
        Attachment::Snippet { name, text } => api::ChatAttachment::Snippet { name, text },
        Attachment::File { path, start, end } => api::ChatAttachment::File { path, start, end },
        Attachment::Memory { id } => api::ChatAttachment::Memory { id },
        Attachment::Finding { id } => api::ChatAttachment::Finding { id },
        Attachment::Insight { id } => api::ChatAttachment::Insight { id },
        Attachment::Task { key } => api::ChatAttachment::Task { key },
    }
}

fn attachment_from(attachment: api::ChatAttachment) -> Attachment {
    match attachment {
        api::ChatAttachment::Snippet { name, text } => Attachment::Snippet { name, text },
        api::ChatAttachment::File { path, start, end } => Attachment::File { path, start, end },
        api::ChatAttachment::Memory { id } => Attachment::Memory { id },
        api::ChatAttachment::Finding { id } => Attachment::Finding { id },
        api::ChatAttachment::Insight { id } => Attachment::Insight { id },
        api::ChatAttachment::Task { key } => Attachment::Task { key },
    }
}

pub(super) fn asked_from(
    attached: Option<Vec<api::ChatAttachment>>,
    excluded: Option<Vec<String>>,
) -> chat::Asked {
    let attached = attached.unwrap_or_default().into_iter().map(attachment_from).collect();
    chat::Asked { attached, excluded: excluded.unwrap_or_default() }
}
