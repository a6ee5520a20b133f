//! What callers may spend in a day.
//!
//! Before a model is asked, what the answer can cost at most is held back; afterwards what it did cost is counted
//! instead. So callers that ask one process at the same moment cannot pass a limit together, up to what the estimate of
//! the prompt's length is wrong. Another process knows nothing of what is held back here.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base::Clock;

/// Who or what is charged: `user:…`, `workspace:…`, `feature:chat`, `task:…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    name: String,
    called: &'static str,
}

impl Account {
    /// The account of a kind with that name.
    pub fn new(kind: &str, name: impl fmt::Display) -> Self {
        Self { name: format!("{kind}:{name}"), called: "the budget" }
    }

    /// The same with what people are told whose budget it is, such as `your budget`: its name is for programs.
    #[must_use]
    pub fn called(self, called: &'static str) -> Self {
        Self { called, ..self }
    }

    /// Its whole name.
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

/// An amount of use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spend {
    /// Tokens, of prompts and answers.
    pub tokens: u64,
    /// Money, in millionths of the currency of the prices.
    pub micros: u64,
}

impl Spend {
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            tokens: self.tokens.saturating_add(other.tokens),
            micros: self.micros.saturating_add(other.micros),
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            tokens: self.tokens.saturating_sub(other.tokens),
            micros: self.micros.saturating_sub(other.micros),
        }
    }
}

/// What an account may spend in a day, in UTC. What is left out has no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limit {
    /// Tokens.
    pub tokens: Option<u64>,
    /// Millionths of the currency of the prices.
    pub micros: Option<u64>,
}

impl Limit {
    fn holds(self, spend: Spend) -> bool {
        self.tokens.is_none_or(|most| spend.tokens <= most)
            && self.micros.is_none_or(|most| spend.micros <= most)
    }
}

/// What helps where an account has too little left: of more than one thing the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Helps {
    /// To wait for answers under way, which hold what is left.
    Waiting,
    /// To ask for less.
    Less,
    /// To wait for the next day: nothing is left.
    Tomorrow,
}

/// An account has too little left for a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct OverBudget {
    /// Which.
    pub account: Account,
    /// Its limit.
    pub limit: Limit,
    /// What it has spent today.
    pub spent: Spend,
    /// What is held back in it for answers under way.
    pub held: Spend,
    /// What the request can cost at most.
    pub most: Spend,
}

/// What is short, and what helps.
struct Short {
    helps: Helps,
    left: u64,
    most: u64,
    unit: &'static str,
    /// Whether the limit of a whole day is enough.
    fits_a_day: bool,
}

impl OverBudget {
    /// What helps.
    pub fn helps(&self) -> Helps {
        self.short().helps
    }

    fn short(&self) -> Short {
        let Self { limit, spent, held, most, .. } = self;
        let of = |limit: Option<u64>, spent: u64, held: u64, most: u64, unit| {
            let left = limit?.saturating_sub(spent);
            let helps = match left {
                0 => Helps::Tomorrow,
                _ if most > left => Helps::Less,
                _ => Helps::Waiting,
            };
            let wanted = spent.saturating_add(held).saturating_add(most);
            (wanted > limit?).then_some(Short { helps, left, most, unit, fits_a_day: most <= limit? })
        };
        let money =
            of(limit.micros, spent.micros, held.micros, most.micros, "millionths of the prices' currency");
        let tokens = of(limit.tokens, spent.tokens, held.tokens, most.tokens, "tokens");
        let short = money.into_iter().chain(tokens).max_by_key(|short| short.helps);
        short.unwrap_or(Short { helps: Helps::Waiting, left: 0, most: 0, unit: "tokens", fits_a_day: false })
    }
}

impl fmt::Display for OverBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (called, Short { helps, left, most, unit, fits_a_day }) = (self.account.called, self.short());
        match helps {
            Helps::Waiting => {
                write!(f, "{called} for today is held for answers under way: ask again when one is there")
            }
            Helps::Less => {
                let left = format!("of {called} {left} {unit} are left for today");
                let later = if fits_a_day { " or after midnight (UTC)" } else { "" };
                write!(f, "{left}, and this may take {most}: ask for less{later}, or have it raised")
            }
            Helps::Tomorrow => {
                write!(f, "{called} for today is used up: ask again after midnight (UTC), or have it raised")
            }
        }
    }
}

/// The accounts of this process. Cheap to clone.
#[derive(Clone)]
pub struct Budgets(Arc<Inner>);

struct Inner {
    clock: Clock,
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    day: i64,
    limits: BTreeMap<Account, Limit>,
    /// Spent today, and held back now.
    spent: BTreeMap<Account, Spend>,
    held: BTreeMap<Account, Spend>,
}

impl Budgets {
    /// Without limits.
    pub fn new(clock: Clock) -> Self {
        Self(Arc::new(Inner { clock, books: Mutex::default() }))
    }

    /// Sets the limit of an account.
    pub fn limit(&self, account: Account, limit: Limit) {
        self.books().limits.insert(account, limit);
    }

    /// Counts what an account spent today before this process began.
    pub fn count(&self, account: &Account, spend: Spend) {
        let mut books = self.books();
        let spent = books.spent.entry(account.clone()).or_default();
        *spent = spent.plus(spend);
    }

    /// Learns what an account spent on a day (since 1970, UTC) on all nodes together, from the books: never less than is
    /// known here. What was read of a day that is over meanwhile says nothing.
    pub fn know(&self, account: &Account, day: i64, spend: Spend) {
        let mut books = self.books();
        if books.day != day {
            return;
        }
        let spent = books.spent.entry(account.clone()).or_default();
        *spent = Spend { tokens: spent.tokens.max(spend.tokens), micros: spent.micros.max(spend.micros) };
    }

    /// What an account has spent today.
    pub fn spent(&self, account: &Account) -> Spend {
        self.books().spent.get(account).copied().unwrap_or_default()
    }

    /// Holds back what a request can cost at most, in every account or in none.
    pub(crate) fn hold(&self, accounts: &[Account], most: Spend) -> Result<Hold, OverBudget> {
        let mut books = self.books();
        for account in accounts {
            let Some(&limit) = books.limits.get(account) else { continue };
            let of = |book: &BTreeMap<Account, Spend>| book.get(account).copied().unwrap_or_default();
            let (spent, held) = (of(&books.spent), of(&books.held));
            if !limit.holds(spent.plus(held).plus(most)) {
                return Err(OverBudget { account: account.clone(), limit, spent, held, most });
            }
        }
        for account in accounts {
            let held = books.held.entry(account.clone()).or_default();
            *held = held.plus(most);
        }
        Ok(Hold { budgets: self.clone(), accounts: accounts.to_vec(), most })
    }

    /// The books of today.
    fn books(&self) -> MutexGuard<'_, Books> {
        const DAY: i64 = 86_400;
        let today = self.0.clock.now().as_seconds().div_euclid(DAY);
        let mut books = self.0.books.lock().unwrap_or_else(PoisonError::into_inner);
        if books.day != today {
            books.day = today;
            books.spent.clear();
        }
        books
    }
}

/// Something held back. Dropping it gives it back.
pub(crate) struct Hold {
    budgets: Budgets,
    accounts: Vec<Account>,
    most: Spend,
}

impl Hold {
    /// What it is held in.
    pub(crate) fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// Counts what was spent, and gives back what was held.
    pub(crate) fn settle(self, spend: Spend) {
        for account in &self.accounts {
            self.budgets.count(account, spend);
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut books = self.budgets.books();
        for account in &self.accounts {
            let left = books.held.get(account).copied().unwrap_or_default().minus(self.most);
            if left == Spend::default() {
                books.held.remove(account);
            } else {
                books.held.insert(account.clone(), left);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use base::Timestamp;

    use super::*;

    #[test]
    fn what_is_held_counts_until_it_is_settled_or_given_back_and_each_day_begins_anew() {
        let clock = Clock::manual(Timestamp::from_seconds(0));
        let budgets = Budgets::new(clock.clone());
        let (ann, team) = (Account::new("user", "ann"), Account::new("workspace", "team"));
        budgets.limit(team.clone(), Limit { tokens: Some(100), micros: None });
        let (accounts, most) = ([ann.clone(), team.clone()], Spend { tokens: 60, micros: 5 });
        let first = budgets.hold(&accounts, most).unwrap();
        let over = budgets.hold(&accounts, most).map(drop).unwrap_err();
        assert_eq!(
            over.to_string(),
            "the budget for today is held for answers under way: ask again when one is there"
        );
        assert_eq!((over.account, over.spent), (team.clone(), Spend::default()));
        drop(first);
        budgets.hold(&accounts, most).unwrap().settle(Spend { tokens: 30, micros: 2 });
        assert_eq!(budgets.spent(&ann), Spend { tokens: 30, micros: 2 });
        budgets.hold(&accounts, most).unwrap().settle(Spend { tokens: 41, micros: 0 });
        let over = budgets.hold(&accounts, most).map(drop).unwrap_err();
        assert_eq!((over.helps(), over.spent.tokens), (Helps::Less, 71));
        clock.advance(Duration::from_hours(24));
        // What was read of the books a moment before midnight.
        budgets.know(&team, 0, Spend { tokens: 99, micros: 0 });
        assert_eq!(budgets.spent(&team), Spend::default());
        assert!(budgets.hold(&accounts, most).is_ok());
    }

    #[test]
    fn what_costs_nothing_waits_for_the_next_day_as_well_once_a_limit_is_passed() {
        let budgets = Budgets::new(Clock::manual(Timestamp::from_seconds(0)));
        let ann = Account::new("user", "ann");
        budgets.limit(ann.clone(), Limit { tokens: None, micros: Some(10) });
        budgets.count(&ann, Spend { tokens: 3, micros: 11 });
        let over = budgets.hold(&[ann], Spend { tokens: 5, micros: 0 }).map(drop).unwrap_err();
        assert_eq!(over.helps(), Helps::Tomorrow);
    }
}
