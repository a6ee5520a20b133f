//! Which passwords are taken: long ones that are hard to guess. Nothing is asked of the kinds of characters.
//!
//! How hard one is to guess is told by zxcvbn (Wheeler, USENIX Security 2016), which knows some 30,000 passwords from
//! published breaches, words, names, dates and keyboard runs. The list is inside the program: no password is sent
//! anywhere to be looked up.

use zxcvbn::feedback::Warning;
use zxcvbn::{Entropy, Score, zxcvbn};

/// The fewest characters of a password.
pub const SHORTEST: usize = 12;
/// The most characters of a password.
pub const LONGEST: usize = 128;

/// Why a password is not taken. The text says what would be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It has too few characters.
    #[error("use at least {SHORTEST} characters; a few words are easy to remember")]
    Short,
    /// It has too many.
    #[error("use at most {LONGEST} characters")]
    Long,
    /// It is one of those that are tried first, because others had it.
    #[error("it is on lists of stolen passwords; choose one that nobody else has")]
    Breached,
    /// It can be guessed.
    #[error("it is easy to guess: {0}; a few unrelated words are harder")]
    Weak(&'static str),
}

/// Whether it has the right length, in characters as people count them.
pub(super) fn length(password: &str) -> Result<(), Refused> {
    match password.chars().count() {
        ..SHORTEST => Err(Refused::Short),
        SHORTEST..=LONGEST => Ok(()),
        _ => Err(Refused::Long),
    }
}

/// Whether it is hard to guess for somebody who knows these words about the person.
pub(super) fn strength(password: &str, about: &[String]) -> Result<(), Refused> {
    const BETWEEN: [char; 3] = ['@', '.', ' '];
    let joined: Vec<String> = about.iter().map(|text| text.replace(BETWEEN, "")).collect();
    let mut words: Vec<&str> = about.iter().flat_map(|text| text.split(BETWEEN)).collect();
    words.extend(about.iter().chain(&joined).map(String::as_str));
    words.push("devmentor");
    let found = zxcvbn(password, &words);
    if found.score() >= Score::Three { Ok(()) } else { Err(reason(&found)) }
}

fn reason(found: &Entropy) -> Refused {
    let warning = found.feedback().and_then(zxcvbn::feedback::Feedback::warning);
    match warning {
        Some(
            Warning::ThisIsATop10Password | Warning::ThisIsATop100Password | Warning::ThisIsACommonPassword,
        ) => Refused::Breached,
        Some(Warning::ThisIsSimilarToACommonlyUsedPassword) => {
            Refused::Weak("it is close to a password that many had")
        }
        Some(Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess) => {
            Refused::Weak("it follows the keys of the keyboard")
        }
        Some(
            Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess,
        ) => Refused::Weak("it repeats itself"),
        Some(Warning::SequencesLikeAbcAreEasyToGuess) => Refused::Weak("it counts on"),
        Some(Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess) => {
            Refused::Weak("it is a date")
        }
        Some(Warning::AWordByItselfIsEasyToGuess) => Refused::Weak("it is one word"),
        Some(
            Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
            | Warning::CommonNamesAndSurnamesAreEasyToGuess,
        ) => Refused::Weak("it is a name"),
        None => Refused::Weak("it is made of what others try first"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str) -> Result<(), Refused> {
        length(password)?;
        strength(password, &["Ana Lopez".to_owned(), "ana.lopez@example.org".to_owned()])
    }

    #[test]
    fn what_is_easy_to_guess_is_refused_with_the_reason() {
        assert_eq!(verdict("short"), Err(Refused::Short));
        assert_eq!(verdict(&"é".repeat(129)), Err(Refused::Long));
        assert_eq!(verdict("123456789987654321"), Err(Refused::Breached));
        for weak in [
            "aaaaaaaaaaaaaa",
            "qwertyuiopasdfgh",
            "abcdefghijklmnop",
            "ana.lopez@example.org",
            "analopez1987",
            "devmentordevmentor",
        ] {
            assert!(
                matches!(verdict(weak), Err(Refused::Weak(_) | Refused::Breached)),
                "{weak}: {:?}",
                verdict(weak)
            );
        }
    }

    #[test]
    fn no_kind_of_character_is_asked_for() {
        for good in ["orbit lantern quarry seven", "kühler regen über brücken", "zVq9#mTr2$wLp"] {
            assert_eq!(verdict(good), Ok(()), "{good}");
        }
    }
}
