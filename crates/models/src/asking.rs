//! A question to whoever the workspace asks, and the books about it.

use std::sync::Arc;

use base::Actor;
use base::id::{UserId, WorkspaceId};
use llm::{Account, Answer, Ask, Limit, Record, Redactor, Request};
use storage::Db;
use tokio_util::task::TaskTracker;

use crate::model::{Which, narrower};
use crate::{DAY, Error, Models, Whose, store};

/// Tokens that a prompt is read at least, for each second: what a small machine without a graphics card reaches.
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

/// What one account spent on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// `workspace`, `user:` and an id, `feature:` and a word, `model:` with provider and model.
    pub account: String,
    /// Days since 1970, in UTC.
    pub day: i64,
    /// Questions, those without an answer too.
    pub questions: u64,
    /// Tokens of prompts.
    pub input: u64,
    /// Tokens of answers.
    pub output: u64,
    /// What that cost, in millionths of the currency of the prices.
    pub micros: u64,
}

/// The accounts of a question in the books; the gateway's have the workspace in front of that.
fn accounts(user: UserId, feature: Feature) -> [String; 3] {
    ["workspace".to_owned(), format!("user:{user}"), format!("feature:{}", feature.as_str())]
}

fn account(workspace: WorkspaceId, name: &str) -> Account {
    Account::new(&workspace.to_string(), name)
}

impl Models {
    /// What takes secrets and personal data out of prompts.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Who would answer in a workspace: whom it decided on, or else whom the operator did. Providers that are switched off
    /// or cannot be asked are left out.
    pub async fn line(&self, workspace: WorkspaceId) -> Result<Line, Error> {
        let own = store::providers(&self.db, workspace).await?;
        let decided = store::settings(&self.db, workspace).await?.routes;
        let routes = if decided.is_empty() { self.server.routes.clone() } else { decided };
        let mut line = Line { routes: Vec::new(), context: u32::MAX };
        for route in routes {
            // The operator may have taken it out since, or changed what it costs.
            let Some(route) = self.server.current(&route) else { continue };
            let (kind, provider) = match &route.provider {
                Which::Own(id) => {
                    let held = own.iter().find(|held| held.provider.id == *id && held.provider.enabled);
                    let Some(held) = held else { continue };
                    let whose = Whose::Own(held.provider.id, held.provider.version);
                    (held.provider.kind, self.of(workspace, held, whose))
                }
                Which::Server(name) => {
                    let found = self.server.providers.iter().find(|provider| provider.name == *name);
                    let Some(found) = found else { continue };
                    (found.kind, self.of_server(found))
                }
            };
            let Ok(provider) = provider else { continue };
            line.context = line.context.min(route.context_tokens.unwrap_or(kind.usual_context()));
            line.routes.push(llm::Route {
                provider,
                price: route.price(),
                first_word: route.first_word(),
                model: route.model,
                for_token: READING,
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
        let names = accounts(user, question.feature);
        let (budgets, today) = (self.gateway.budgets(), self.today());
        for (name, limit) in names.iter().zip(limits) {
            let account = account(workspace, name);
            if limit != Limit::default() {
                budgets.know(&account, store::spent(&self.db, workspace, name, today).await?);
            }
            budgets.limit(account, limit);
        }
        let ask = Ask {
            workspace,
            routes: line.routes,
            request: question.request,
            accounts: names.iter().map(|name| account(workspace, name)).collect(),
            cited: question.cited,
            reuse: question.reuse,
        };
        Ok(self.gateway.ask(ask).await)
    }

    /// What was spent in the last `days`, the newest first: by everybody, or without `everybody` what is the actor's and
    /// what is no person's.
    pub async fn spent(&self, actor: &Actor, days: u16, everybody: bool) -> Result<Vec<Day>, Error> {
        let mine = (!everybody).then(|| format!("user:{}", actor.user));
        let since = self.today() - i64::from(days) + 1;
        let rows = store::days(&self.db, actor, since, mine.as_deref()).await?;
        let number = |value| u64::try_from(value).unwrap_or(0);
        let day = |row: store::DayRow| Day {
            account: row.account,
            day: row.day,
            questions: number(row.questions),
            input: number(row.input_tokens),
            output: number(row.output_tokens),
            micros: number(row.micros),
        };
        Ok(rows.into_iter().map(day).collect())
    }

    /// What the workspace and the actor have spent today.
    pub async fn today_spent(&self, actor: &Actor) -> Result<[llm::Spend; 2], Error> {
        let [workspace, person, _] = accounts(actor.user, Feature::Chat);
        let today = self.today();
        Ok([
            store::spent(&self.db, actor.workspace, &workspace, today).await?,
            store::spent(&self.db, actor.workspace, &person, today).await?,
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
pub(crate) fn books(db: Db, tracker: TaskTracker) -> Arc<dyn Fn(Record) + Send + Sync> {
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
    let before = format!("{workspace}:");
    let names = record.accounts.iter().filter_map(|account| account.as_str().strip_prefix(&before));
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    if let Ok(outcome) = &record.over {
        names.push(format!("model:{}/{}", outcome.provider, outcome.model));
    }
    // In one order everywhere, so that two nodes never wait for each other.
    names.sort();
    let day = record.at.as_seconds().div_euclid(DAY);
    let mut tx = db.begin().await?;
    for name in &names {
        store::spend(&mut tx, workspace, name, day, record.usage, record.micros).await?;
    }
    tx.commit().await
}
