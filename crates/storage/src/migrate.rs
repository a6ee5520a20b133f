//! The schema, step by step.
//!
//! Steps are files of `migrations/`, applied once and in order, never changed after a release and never undone.
//! An older program may work on a newer schema, so that two releases can run side by side during an update.

use std::borrow::Cow;

use sqlx::SqlStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Every step: its number, its name, its SQL.
const STEPS: &[(i64, &str, &str)] = &[
    (1, "create foundation", include_str!("../migrations/0001_create_foundation.sql")),
    (2, "place findings", include_str!("../migrations/0002_place_findings.sql")),
    (3, "keep settings", include_str!("../migrations/0003_keep_settings.sql")),
    (4, "judge findings", include_str!("../migrations/0004_judge_findings.sql")),
    (5, "reopen findings", include_str!("../migrations/0005_reopen_findings.sql")),
    (6, "order findings", include_str!("../migrations/0006_order_findings.sql")),
    (7, "keep accounts", include_str!("../migrations/0007_keep_accounts.sql")),
    (8, "connect hosts", include_str!("../migrations/0008_connect_hosts.sql")),
    (9, "keep memories", include_str!("../migrations/0009_keep_memories.sql")),
    (10, "invite people", include_str!("../migrations/0010_invite_people.sql")),
    (11, "ask for codes", include_str!("../migrations/0011_ask_for_codes.sql")),
    (12, "sign in elsewhere", include_str!("../migrations/0012_sign_in_elsewhere.sql")),
    (13, "set up models", include_str!("../migrations/0013_set_up_models.sql")),
    (14, "show pictures", include_str!("../migrations/0014_show_pictures.sql")),
    (15, "name the issuer", include_str!("../migrations/0015_name_the_issuer.sql")),
    (16, "keep conversations", include_str!("../migrations/0016_keep_conversations.sql")),
    (17, "bound models", include_str!("../migrations/0017_bound_models.sql")),
];

/// What brings a database to the current schema.
pub(crate) fn migrator() -> Migrator {
    up_to(i64::MAX)
}

/// The same, stopping after a step: for tests of one step on top of the rows of the one before.
fn up_to(last: i64) -> Migrator {
    let steps = STEPS.iter().filter(|(version, ..)| *version <= last).map(|&(version, name, sql)| {
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, SqlStr::from_static(sql), false)
    });
    let mut migrator = Migrator::with_migrations(steps.collect());
    migrator.set_ignore_missing(true);
    migrator
}

#[cfg(test)]
mod tests;
