//! A question to whoever the workspace asks, and the books about it.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::Actor;
use base::id::{UserId, WorkspaceId};
use llm::{Account, Answer, Ask, Charge, Limit, Record, Redactor, Request};
use storage::Db;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::model::{Route, Which, narrower};
use crate::store::{self, books};
use crate::{DAY, Error, Models, Whose};

/// How long reading a token of the prompt may take: a small machine without a graphics card reads 40 in a second.
const READING: std::time::Duration = std::time::Duration::from_millis(25);

/// What a question is asked for: the books count by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// A conversation with the mentor.
    Chat,
    /// Another program, through the interface for those.
    Gateway,
}

impl Feature {
    /// The word in the books.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Gateway => "gateway",
        }
    }
}

/// Who would answer now, the first one first.
#[derive(Clone, Default)]
pub struct Line {
    /// The models, as the gateway asks them.
    pub routes: Vec<llm::Route>,
    /// Where each of them is asked, in the same order.
    pub addresses: Vec<Url>,
    /// Tokens that a prompt and its answer may have together, for every one of them.
    pub context: u32,
}

/// A question.
pub struct Question {
    /// What it is asked for.
    pub feature: Feature,
    /// What.
    pub request: Request,
    /// The contents it quotes, by their hashes.
    pub cited: Vec<String>,
    /// Whether an answer to the same question may be given again.
    pub reuse: bool,
}

/// What questions came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    /// Questions, those without an answer too.
    pub questions: u64,
    /// Tokens of prompts.
    pub input: u64,
    /// Tokens of answers.
    pub output: u64,
    /// What that cost, in millionths of the currency of the prices.
    pub micros: u64,
}

/// What was spent in a workspace over some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    /// By everybody together on each day on which something was asked: days since 1970 in UTC, the newest first.
    pub days: Vec<(i64, Used)>,
    /// Over all of them by account, in the order of their names: `user:` and an id, `feature:` and a word, `model:` with
    /// provider and model.
    pub accounts: Vec<(String, Used)>,
}

/// The names of a question's accounts in the books of its workspace.
fn names(user: UserId, feature: Feature) -> [String; 3] {
    ["workspace".to_owned(), format!("user:{user}"), format!("feature:{}", feature.as_str())]
}

/// What people are told whose budget is used up, in the order of [`names`].
const CALLED: [&str; 3] =
    ["the budget of this workspace", "your budget in this workspace", "the budget of this feature"];

/// An account in the gateway, which knows those of all workspaces.
fn account(workspace: WorkspaceId, name: &str, called: &'static str) -> Account {
    Account::new(&workspace.to_string(), name).called(called)
}

/// What stands before the name of the account that counts what a person asked of the server's providers, whatever the
/// workspace: everybody can make more of those.
const HOUSE: &str = "house";

fn house(user: UserId) -> Account {
    Account::new(HOUSE, user).called("what you may use of the server's models, in all workspaces together,")
}

impl Models {
    /// What takes secrets and personal data out of prompts.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Who would answer in a workspace: whom it decided on, perhaps nobody, or else whom the operator did. Providers that are
    /// switched off or cannot be asked are left out.
    pub async fn line(&self, workspace: WorkspaceId) -> Result<Line, Error> {
        self.line_where(workspace, |_| true).await
    }

    /// The same, of the models with that name alone: several providers may have it.
    pub async fn line_of(&self, workspace: WorkspaceId, model: &str) -> Result<Line, Error> {
        self.line_where(workspace, |route| route.model == model).await
    }

    async fn line_where(
        &self,
        workspace: WorkspaceId,
        wanted: impl Fn(&Route) -> bool,
    ) -> Result<Line, Error> {
        let own = store::providers(&self.db, workspace).await?;
        let decided = store::settings(&self.db, workspace).await?.routes;
        let routes = decided.unwrap_or_else(|| self.server.routes.clone());
        let mut line = Line { routes: Vec::new(), addresses: Vec::new(), context: u32::MAX };
        for route in routes.into_iter().filter(wanted) {
            // The operator may have taken it out since, or changed what it costs.
            let Some(route) = self.server.current(&route) else { continue };
            let (kind, address, provider) = match &route.provider {
                Which::Own(id) => {
                    let held = own.iter().find(|held| held.provider.id == *id && held.provider.enabled);
                    let Some(held) = held else { continue };
                    let whose = Whose::Own(held.provider.id, held.provider.version);
                    (held.provider.kind, &held.provider.address, self.of(workspace, held, whose))
                }
                Which::Server(name) => {
                    let found = self.server.providers.iter().find(|provider| provider.name == *name);
                    let Some(found) = found else { continue };
                    (found.kind, &found.address, self.of_server(found))
                }
            };
            let Ok(provider) = provider else { continue };
            line.context = line.context.min(route.context_tokens.unwrap_or(kind.usual_context()));
            line.addresses.push(address.clone());
            line.routes.push(llm::Route {
                provider,
                price: route.price(),
                first_word: route.first_word(),
                model: route.model,
                for_token: READING,
                house: matches!(route.provider, Which::Server(_)),
            });
        }
        Ok(line)
    }

    /// Asks, on the actor's account. Budgets are those of this moment, and so is what was spent, on all nodes.
    pub async fn ask(&self, actor: &Actor, line: Line, question: Question) -> Result<Answer, Error> {
        let Actor { workspace, user, .. } = *actor;
        let decided = store::settings(&self.db, workspace).await?.allowance;
        let most = self.server.allowance;
        let limits = [
            narrower(decided.workspace, most.workspace),
            narrower(decided.person, most.person),
            Limit::default(),
        ];
        let names = names(user, question.feature);
        let (budgets, today) = (self.gateway.budgets(), self.today());
        let mut accounts = Vec::with_capacity(names.len());
        for ((name, called), limit) in names.iter().zip(CALLED).zip(limits) {
            let account = account(workspace, name, called);
            if limit != Limit::default() {
                budgets.know(&account, today, books::spent(&self.db, workspace, name, today).await?);
            }
            budgets.limit(account.clone(), limit);
            accounts.push(account);
        }
        let house = house(user);
        if most.person != Limit::default() {
            budgets.know(&house, today, books::spent_of_house(&self.db, user, today).await?);
        }
        budgets.limit(house.clone(), most.person);
        let ask = Ask {
            workspace,
            routes: line.routes,
            request: question.request,
            accounts,
            house: vec![house],
            cited: question.cited,
            reuse: question.reuse,
        };
        Ok(self.gateway.ask(ask).await)
    }

    /// What was spent in the last `days`: by everybody together on each of them, and over all of them by account. Without
    /// `everybody` only those accounts that are the actor's or no person's.
    pub async fn spent(&self, actor: &Actor, days: u16, everybody: bool) -> Result<Spent, Error> {
        let since = self.today() - i64::from(days) + 1;
        let mine = (!everybody).then(|| format!("user:{}", actor.user));
        let days = books::days(&self.db, actor.workspace, "workspace", since).await?;
        let accounts = books::sums(&self.db, actor.workspace, since, mine.as_deref()).await?;
        Ok(Spent {
            days: days.into_iter().map(|row| (row.day, row.sum.used())).collect(),
            accounts: accounts.into_iter().map(|row| (row.account, row.sum.used())).collect(),
        })
    }

    /// What the workspace and the actor have spent today.
    pub async fn today_spent(&self, actor: &Actor) -> Result<[llm::Spend; 2], Error> {
        let [workspace, person, _] = names(actor.user, Feature::Chat);
        let today = self.today();
        Ok([
            books::spent(&self.db, actor.workspace, &workspace, today).await?,
            books::spent(&self.db, actor.workspace, &person, today).await?,
        ])
    }

    /// What may be spent in a day: the narrower of what the workspace and the operator decided.
    pub async fn allowance(&self, actor: &Actor) -> Result<crate::Allowance, Error> {
        let decided = store::settings(&self.db, actor.workspace).await?.allowance;
        let most = self.server.allowance;
        Ok(crate::Allowance {
            workspace: narrower(decided.workspace, most.workspace),
            person: narrower(decided.person, most.person),
        })
    }
}

/// What writes into the books what questions came to. It runs on `tracker`, so that a stop waits for it.
pub(crate) fn recorder(db: Db, tracker: TaskTracker) -> Arc<dyn Fn(Record) + Send + Sync> {
    Arc::new(move |record: Record| {
        let db = db.clone();
        tracker.spawn(async move {
            if let Err(error) = enter(&db, &record).await {
                tracing::warn!(%error, "what a question came to is not in the books");
            }
        });
    })
}

async fn enter(db: &Db, record: &Record) -> Result<(), storage::Error> {
    let workspace = record.workspace;
    let day = record.at.as_seconds().div_euclid(DAY);
    let (within, house) = (format!("{workspace}:"), format!("{HOUSE}:"));
    let all = Charge { usage: record.usage, micros: record.micros };
    let model =
        record.over.as_ref().ok().map(|over| (format!("model:{}/{}", over.provider, over.model), all));
    let charged = record
        .charges
        .iter()
        .filter_map(|(account, charge)| Some((account.as_str().strip_prefix(&within)?.to_owned(), *charge)));
    // In one order everywhere, so that two nodes never wait for each other.
    let charged: BTreeMap<String, Charge> = charged.chain(model).collect();
    let mut tx = db.begin().await?;
    for (name, charge) in &charged {
        books::spend(&mut tx, workspace, name, day, *charge).await?;
    }
    for (account, charge) in &record.charges {
        if let Some(user) = account.as_str().strip_prefix(&house) {
            books::spend_of_house(&mut tx, user, day, *charge).await?;
        }
    }
    tx.commit().await
}
