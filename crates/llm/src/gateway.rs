//! The one way to a model.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base::id::WorkspaceId;
use base::{Clock, Timestamp};
use moka::future::Cache;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::answer::{Answer, Missed, Outcome};
use crate::budget::{Account, Budgets, Hold, OverBudget, Spend};
use crate::cache::{self, Kept, Key};
use crate::flight::{self, Flights, Voice};
use crate::provider::{Failure, MOST, Part, Parts, Provider, Stop, Usage};
use crate::request::Request;

/// How long counts are waited for after the model said that it is done.
const COUNTS: Duration = Duration::from_secs(2);

/// How long a model may be silent in the middle of its answer.
const SILENCE: Duration = Duration::from_mins(2);

/// The longest time for a first word, whatever a route says.
const LONGEST: Duration = Duration::from_hours(1);

/// Bytes of an answer for each token, where nobody counted.
const BYTES_OF_TOKEN: usize = 4;

/// What one million tokens cost, in millionths of a currency: `3_000_000` is 3.00.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Price {
    /// Of a prompt.
    pub input: u64,
    /// Of an answer.
    pub output: u64,
}

impl Price {
    /// What that costs, rounded up, and no more than one call can.
    pub fn of(self, usage: Usage) -> Spend {
        let cost = (u128::from(usage.input) * u128::from(self.input))
            .saturating_add(u128::from(usage.output) * u128::from(self.output));
        Spend {
            tokens: usage.input.saturating_add(usage.output),
            micros: u64::try_from(cost.div_ceil(1_000_000)).unwrap_or(MOST).min(MOST),
        }
    }
}

/// A model that may be asked.
#[derive(Clone)]
pub struct Route {
    /// Whose it is.
    pub provider: Arc<dyn Provider>,
    /// Its name there.
    pub model: String,
    /// What it costs.
    pub price: Price,
    /// How long its first word may take for a short prompt.
    pub first_word: Duration,
    /// How much longer for each token of the prompt: small machines read slowly.
    pub for_token: Duration,
    /// Whether those pay for it who run the server.
    pub house: bool,
}

/// A question to the gateway.
#[derive(Clone)]
pub struct Ask {
    /// Whose data is in it. Nothing is shared between workspaces.
    pub workspace: WorkspaceId,
    /// Who is asked, the first one first; the others when those before do not answer.
    pub routes: Vec<Route>,
    /// What.
    pub request: Request,
    /// Who and what is charged.
    pub accounts: Vec<Account>,
    /// Who is charged besides, where those pay who run the server.
    pub house: Vec<Account>,
    /// The contents that the prompt quotes, by their hashes: the answer holds as long as they are the same.
    pub cited: Vec<String>,
    /// Whether an answer to the same question may be given again, and shared with who asks it at the same moment. Not
    /// where people ask for another one.
    pub reuse: bool,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No model is set up.
    #[error("no language model is set up: add a provider in the settings")]
    NoModel,
    /// An account has too little left.
    #[error(transparent)]
    OverBudget(#[from] OverBudget),
    /// Nobody answered; why, in the order they were asked.
    #[error("no model answered: {}", .0.iter().map(|missed| missed.failure.to_string()).collect::<Vec<_>>().join("; "))]
    Unanswered(Vec<Missed>),
    /// Nobody listened any more, or the program stops.
    #[error("the answer was stopped")]
    Stopped,
}

/// What one question came to: for the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Whose data was in it.
    pub workspace: WorkspaceId,
    /// Who and what was charged, and how much: accounts of the house only with what it paid for.
    pub charges: BTreeMap<Account, Charge>,
    /// When it was asked.
    pub at: Timestamp,
    /// Time until the first word, where there was one.
    pub first_word: Option<Duration>,
    /// Time until the end.
    pub took: Duration,
    /// What was used until somebody stopped it; otherwise that of the outcome.
    pub usage: Usage,
    /// What that costs.
    pub micros: u64,
    /// How it ended.
    pub over: Result<Outcome, Refusal>,
}

/// What an account was charged for a question.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Charge {
    /// Tokens.
    pub usage: Usage,
    /// What they cost.
    pub micros: u64,
}

/// What the gateway is made with.
pub struct Options {
    /// Who may spend what.
    pub budgets: Budgets,
    /// The clock of the records.
    pub clock: Clock,
    /// What the calls run on.
    pub tracker: TaskTracker,
    /// Takes each record; it must be quick.
    pub record: Arc<dyn Fn(Record) + Send + Sync>,
    /// Bytes of answers that are kept.
    pub kept_bytes: u64,
}

/// The way to the models. Cheap to clone.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    options: Options,
    kept: Cache<Key, Arc<Kept>>,
    flights: Flights,
}

/// What a call has used so far, so that it is counted even if nobody waits for its end.
#[derive(Default)]
struct Meter {
    hold: Option<Hold>,
    price: Price,
    counted: Usage,
    estimated: Usage,
    first_word: Option<Duration>,
    /// What was settled, of all calls together.
    used: Usage,
    spent: Spend,
    /// The same by account.
    charges: BTreeMap<Account, Charge>,
}

impl Meter {
    fn usage(&self) -> Usage {
        self.estimated.then(self.counted)
    }

    /// Counts what the call has used, and gives back what was held for it.
    fn settle(&mut self, usage: Usage) {
        let Some(hold) = self.hold.take() else { return };
        let spend = self.price.of(usage);
        for account in hold.accounts() {
            let charge = self.charges.entry(account.clone()).or_default();
            charge.usage = charge.usage.plus(usage);
            charge.micros = charge.micros.saturating_add(spend.micros);
        }
        hold.settle(spend);
        (self.used, self.spent) = (self.used.plus(usage), self.spent.plus(spend));
        (self.counted, self.estimated) = (Usage::default(), Usage::default());
    }
}

impl Gateway {
    /// A gateway that asked nobody yet.
    pub fn new(options: Options) -> Self {
        let kept = cache::cache(options.kept_bytes);
        Self(Arc::new(Inner { options, kept, flights: Flights::default() }))
    }

    /// The budgets that it holds callers to.
    pub fn budgets(&self) -> &Budgets {
        &self.0.options.budgets
    }

    /// Asks. The answer begins at once, and says itself why there is none.
    pub async fn ask(&self, ask: Ask) -> Answer {
        let key = ask.reuse.then(|| cache::key(&ask));
        let (answer, voice) = match key {
            None => {
                let (answer, voice) = flight::alone();
                (answer, Some(voice))
            }
            Some(key) => {
                if let Some(kept) = self.0.kept.get(&key).await {
                    return self.again(&ask, &kept);
                }
                self.0.flights.join(key)
            }
        };
        if let Some(voice) = voice {
            self.0.options.tracker.spawn(fly(Arc::clone(&self.0), ask, key, voice));
        }
        answer
    }

    /// An answer that was given before.
    fn again(&self, ask: &Ask, kept: &Kept) -> Answer {
        let (answer, voice) = flight::alone();
        let outcome = Outcome { micros: 0, kept: true, missed: Vec::new(), ..kept.outcome.clone() };
        voice.send_modify(|said| {
            said.text.clone_from(&kept.text);
            said.over = Some(Ok(outcome.clone()));
        });
        (self.0.options.record)(Record {
            workspace: ask.workspace,
            charges: uncharged(&ask.accounts),
            at: self.0.options.clock.now(),
            first_word: Some(Duration::ZERO),
            took: Duration::ZERO,
            usage: Usage::default(),
            micros: 0,
            over: Ok(outcome),
        });
        answer
    }
}

/// Accounts that count a question, whatever it comes to.
fn uncharged(accounts: &[Account]) -> BTreeMap<Account, Charge> {
    accounts.iter().map(|account| (account.clone(), Charge::default())).collect()
}

/// Carries one question to its end, or until nobody listens.
async fn fly(inner: Arc<Inner>, ask: Ask, key: Option<Key>, voice: Voice) {
    let (at, began) = (inner.options.clock.now(), Instant::now());
    let meter = Mutex::new(Meter { charges: uncharged(&ask.accounts), ..Meter::default() });
    let over = {
        let mut call = pin!(drive(&inner, &ask, &voice, &meter, began));
        loop {
            tokio::select! {
                biased;
                over = &mut call => break over,
                () = voice.closed() => {
                    if inner.flights.end_unheard(key, &voice) {
                        break Err(Refusal::Stopped);
                    }
                }
            }
        }
        // What is left of the call is dropped here, and ends upstream.
    };
    let (usage, micros, first_word, charges) = {
        let mut meter = lock(&meter);
        // Of a call that was stopped; any other is settled already.
        let usage = meter.usage();
        meter.settle(usage);
        (meter.used, meter.spent.micros, meter.first_word, std::mem::take(&mut meter.charges))
    };
    if let (Some(key), Ok(outcome)) = (key, &over)
        && outcome.stop == Some(Stop::Done)
    {
        let text = voice.borrow().text.clone();
        inner.kept.insert(key, Arc::new(Kept { text, outcome: outcome.clone() })).await;
    }
    if let Some(key) = key.filter(|_| over != Err(Refusal::Stopped)) {
        inner.flights.end(key);
    }
    (inner.options.record)(Record {
        workspace: ask.workspace,
        charges,
        at,
        first_word,
        took: began.elapsed(),
        usage,
        micros,
        over: over.clone(),
    });
    voice.send_modify(|said| said.over = Some(over));
}

/// Asks one after the other until one begins to answer, and passes its words on.
async fn drive(
    inner: &Inner,
    ask: &Ask,
    voice: &Voice,
    meter: &Mutex<Meter>,
    began: Instant,
) -> Result<Outcome, Refusal> {
    let input = ask.request.estimated_tokens();
    let most = Usage { input, output: ask.request.most_tokens.into() };
    let (mut missed, mut over) = (Vec::new(), None);
    for route in &ask.routes {
        let besides = if route.house { ask.house.as_slice() } else { &[] };
        // Time has passed and others have spent since the one before was asked.
        match inner.options.budgets.hold(&[&ask.accounts, besides].concat(), route.price.of(most)) {
            Ok(hold) => {
                let mut meter = lock(meter);
                (meter.hold, meter.price) = (Some(hold), route.price);
            }
            Err(refused) => {
                over.get_or_insert(refused);
                continue;
            }
        }
        let heard = listen(route, ask, voice, meter, began).await;
        let mut meter = lock(meter);
        let failure = match heard {
            Ok(stop) => {
                let usage = meter.usage();
                meter.settle(usage);
                return Ok(outcome(route, Some(stop), usage, meter.spent.micros, missed));
            }
            Err(failure) => failure,
        };
        tracing::info!(provider = route.provider.name(), model = route.model, %failure, "a model did not answer");
        missed.push(Missed {
            provider: route.provider.name().to_owned(),
            model: route.model.clone(),
            failure,
        });
        let broke_off = !voice.borrow().text.is_empty();
        // Of a call that never said a word only what the provider counted is charged.
        let usage = if broke_off { meter.usage() } else { meter.counted };
        meter.settle(usage);
        if broke_off {
            return Ok(outcome(route, None, usage, meter.spent.micros, missed));
        }
    }
    match over {
        Some(over) => Err(over.into()),
        None if ask.routes.is_empty() => Err(Refusal::NoModel),
        None => Err(Refusal::Unanswered(missed)),
    }
}

fn outcome(route: &Route, stop: Option<Stop>, usage: Usage, micros: u64, missed: Vec<Missed>) -> Outcome {
    Outcome {
        provider: route.provider.name().to_owned(),
        model: route.model.clone(),
        stop,
        usage,
        micros,
        missed,
        kept: false,
    }
}

/// Asks one model and passes its words on.
async fn listen(
    route: &Route,
    ask: &Ask,
    voice: &Voice,
    meter: &Mutex<Meter>,
    began: Instant,
) -> Result<Stop, Failure> {
    let input = ask.request.estimated_tokens();
    let reading = route.for_token.saturating_mul(u32::try_from(input).unwrap_or(u32::MAX));
    let patience = route.first_word.saturating_add(reading).min(LONGEST);
    let deadline = Instant::now() + patience;
    let late = |_| {
        route.provider.silent();
        Failure::Down {
            provider: route.provider.name().to_owned(),
            detail: format!("it said nothing for {} s", patience.as_secs()),
        }
    };
    let asked = tokio::time::timeout_at(deadline, route.provider.ask(&route.model, &ask.request));
    let mut parts: Box<dyn Parts> = asked.await.map_err(late)??;
    lock(meter).estimated.input = input;
    let (mut stop, mut bytes) = (None, 0);
    loop {
        let next = parts.next();
        let next = match (stop, bytes) {
            (Some(stop), _) => match tokio::time::timeout(COUNTS, next).await {
                Ok(Ok(part @ Some(_))) => Ok(part),
                // It said all it had to say; only its counts are missing.
                _ => return Ok(stop),
            },
            (None, 0) => tokio::time::timeout_at(deadline, next).await.map_err(late)?,
            (None, _) => tokio::time::timeout(SILENCE, next).await.unwrap_or_else(|_| {
                route.provider.silent();
                Err(Failure::BrokeOff(route.provider.name().to_owned()))
            }),
        };
        match next? {
            Some(Part::Text(text)) => {
                bytes += text.len();
                {
                    let mut meter = lock(meter);
                    meter.estimated.output = bytes.div_ceil(BYTES_OF_TOKEN) as u64;
                    meter.first_word.get_or_insert_with(|| began.elapsed());
                }
                voice.send_modify(|said| said.text.push_str(&text));
            }
            Some(Part::Used(usage)) => {
                let mut meter = lock(meter);
                meter.counted = meter.counted.then(usage).bounded();
            }
            Some(Part::Ended(ended)) => stop = Some(ended),
            None => return stop.ok_or_else(|| Failure::BrokeOff(route.provider.name().to_owned())),
        }
    }
}

fn lock(meter: &Mutex<Meter>) -> MutexGuard<'_, Meter> {
    meter.lock().unwrap_or_else(PoisonError::into_inner)
}
