//! Shares of languages: bytes of the files that count, as GitHub Linguist adds them up.

use std::collections::BTreeMap;

use super::catalogue::catalogue;
use super::{Examined, FileInventory};
use crate::report::{LanguageShare, LineCount};

/// Languages of the files that count, the largest first, then by name. Variants of a language add to it.
pub fn languages(files: &[Examined]) -> Vec<LanguageShare> {
    let mut shares: BTreeMap<&str, LanguageShare> = BTreeMap::new();
    for (_, bytes, inventory) in files {
        let Some(name) = inventory.language.as_deref().filter(|_| adds(inventory)) else { continue };
        let group = catalogue().named(name).and_then(|language| language.group).unwrap_or(name);
        let share = shares.entry(group).or_insert_with(|| LanguageShare {
            name: group.to_owned(),
            bytes: 0,
            percent: 0.0,
            files: 0,
            lines: LineCount::default(),
        });
        share.bytes = share.bytes.saturating_add(*bytes);
        share.files += 1;
        add(&mut share.lines, inventory.lines);
    }
    let mut shares: Vec<LanguageShare> = shares.into_values().filter(|share| share.bytes > 0).collect();
    let total: u64 = shares.iter().map(|share| share.bytes).sum();
    for share in &mut shares {
        share.percent = (share.bytes as f64 * 10_000.0 / total as f64).round() / 100.0;
    }
    shares.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
    shares
}

/// Whether a file adds to the share of its language.
pub(super) fn adds(inventory: &FileInventory) -> bool {
    let Some(name) = inventory.language.as_deref() else { return false };
    let kind = || catalogue().named(name).is_some_and(|language| language.kind.counts());
    !(inventory.binary || inventory.lfs_pointer || inventory.left_out.any())
        && inventory.detectable.unwrap_or_else(kind)
}

/// Adds lines to others.
pub(super) fn add(lines: &mut LineCount, more: LineCount) {
    lines.code = lines.code.saturating_add(more.code);
    lines.comment = lines.comment.saturating_add(more.comment);
    lines.blank = lines.blank.saturating_add(more.blank);
}
