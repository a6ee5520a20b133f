//! Instants as people and programs read them.

use base::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

/// An instant in RFC 3339, in UTC: `2026-11-22T09:12:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-22T09:12:00Z")]
pub struct Time(Timestamp);

impl Time {
    /// The instant itself.
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl std::fmt::Display for Time {
    /// Commit times come from repositories and may lie outside the calendar; they stop at its ends.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = if self.0.as_micros() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        jiff::Timestamp::from_microsecond(self.0.as_micros()).unwrap_or(end).fmt(f)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at: jiff::Timestamp = text.parse().map_err(de::Error::custom)?;
        Ok(Self(Timestamp::from_micros(at.as_microsecond())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_survives_its_text() {
        let time = Time::from(Timestamp::from_micros(1_795_339_920_000_001));
        let text = serde_json::to_string(&time).unwrap();
        assert_eq!(text, "\"2026-11-22T09:32:00.000001Z\"");
        assert_eq!(serde_json::from_str::<Time>(&text).unwrap(), time);
    }

    #[test]
    fn a_commit_time_outside_the_calendar_is_still_shown() {
        assert!(Time::from(Timestamp::from_micros(i64::MAX)).to_string().starts_with("9999-"));
        assert!(Time::from(Timestamp::from_micros(i64::MIN)).to_string().starts_with("-009999-"));
    }
}
