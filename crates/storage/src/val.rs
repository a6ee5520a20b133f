//! Values bound to a statement's placeholders.

use base::Timestamp;
use base::id::{
    AccessRequestId, AnalysisId, AuditId, EventId, FindingId, HostId, IdempotencyId, InsightId, InviteId,
    JobId, MailId, MemoryId, MessageId, ProjectId, ProviderId, RepoId, RequestId, SessionId, SuppressionId,
    TaskId, ThreadId, TokenId, UserId, WorkspaceId,
};

/// One bound value. The five column types of the schema; a missing value keeps its type, because PostgreSQL
/// refuses a NULL of another one.
#[derive(Debug, Clone, PartialEq)]
pub enum Val {
    /// TEXT: words, ids, JSON.
    Text(Option<String>),
    /// BIGINT: numbers, and instants in microseconds.
    Int(Option<i64>),
    /// DOUBLE PRECISION.
    Float(Option<f64>),
    /// BOOLEAN.
    Bool(Option<bool>),
    /// BYTEA.
    Bytes(Option<Vec<u8>>),
}

/// Lets a type be bound, alone and as an `Option`.
macro_rules! bindable {
    ($($type:ty => $variant:ident, $turn:expr;)*) => {$(
        impl From<$type> for Val {
            fn from(value: $type) -> Self {
                Self::from(Some(value))
            }
        }

        impl From<Option<$type>> for Val {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map($turn))
            }
        }
    )*};
}

bindable! {
    &str => Text, str::to_owned;
    &String => Text, String::clone;
    String => Text, |text| text;
    i64 => Int, |number| number;
    i32 => Int, i64::from;
    u32 => Int, i64::from;
    u16 => Int, i64::from;
    u8 => Int, i64::from;
    f64 => Float, |number| number;
    bool => Bool, |truth| truth;
    Vec<u8> => Bytes, |bytes| bytes;
    &[u8] => Bytes, <[u8]>::to_vec;
    Timestamp => Int, Timestamp::as_micros;
    UserId => Text, String::from;
    WorkspaceId => Text, String::from;
    SessionId => Text, String::from;
    AuditId => Text, String::from;
    MailId => Text, String::from;
    RepoId => Text, String::from;
    HostId => Text, String::from;
    AccessRequestId => Text, String::from;
    InviteId => Text, String::from;
    TokenId => Text, String::from;
    AnalysisId => Text, String::from;
    FindingId => Text, String::from;
    InsightId => Text, String::from;
    SuppressionId => Text, String::from;
    ProjectId => Text, String::from;
    TaskId => Text, String::from;
    MemoryId => Text, String::from;
    ProviderId => Text, String::from;
    ThreadId => Text, String::from;
    MessageId => Text, String::from;
    JobId => Text, String::from;
    EventId => Text, String::from;
    RequestId => Text, String::from;
    IdempotencyId => Text, String::from;
}
