//! Which language models a workspace asks, and what it may spend.

mod wire;

use api::{AddModelProvider, SetModels, UpdateModelProvider};
use axum::extract::State;
use axum::http::StatusCode;
use base::id::ProviderId;
use base::{Actor, Clock, Permission, Secret};
use identity::Identity;
use models::{Allowance, Error, Invalid, Models, NewProvider, ProviderChange, Route, Which};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Json, Path, Permitted, Query, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::audit::note;
use crate::routes::tasks::VersionQuery;
use crate::state::AppState;
use wire::{
    account_to_api, budget_to_api, check_to_api, day_to_api, kind_from, limit_from, provider_to_api,
    route_from, route_to_api, server_provider_to_api,
};

/// Days of the books that are shown.
const DAYS: u16 = 30;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(models, set_models))
        .routes(routes!(add_model_provider))
        .routes(routes!(update_model_provider, remove_model_provider))
        .routes(routes!(check_model_provider))
        .routes(routes!(model_use))
}

/// The names of the acts, in the audit log.
mod action {
    /// A provider was set up.
    pub(super) const ADDED: &str = "model_provider.added";
    /// A provider was changed, perhaps its key.
    pub(super) const CHANGED: &str = "model_provider.changed";
    /// A provider was removed, with its key.
    pub(super) const REMOVED: &str = "model_provider.removed";
    /// Somebody decided whom to ask and what may be spent.
    pub(super) const DECIDED: &str = "models.decided";
}

/// Which provider.
#[derive(Deserialize)]
struct ProviderPath {
    id: String,
}

impl ProviderPath {
    /// What is not written like an id is the id of nothing.
    fn id(&self) -> Result<ProviderId, Problem> {
        self.id.parse().map_err(|_| Problem::not_found())
    }
}

/// Which models the workspace asks, who else could be asked, and what may be spent. No key is ever part of it.
#[utoipa::path(
    get,
    path = "/models",
    tag = "models",
    responses((status = 200, description = "Models", body = api::Answer<api::ModelSettings>))
)]
async fn models(
    State(models): State<Models>,
    State(clock): State<Clock>,
    reader: Permitted<may::WorkspaceRead>,
) -> Result<Reply<api::Answer<api::ModelSettings>>, Problem> {
    let data = settings(&models, reader.actor()).await?;
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Decides whom the workspace asks, in which order, and what may be spent in a day.
#[utoipa::path(
    put,
    path = "/models",
    tag = "models",
    request_body = SetModels,
    responses((status = 200, description = "Decided", body = api::ModelSettings))
)]
async fn set_models(
    State(models): State<Models>,
    State(identity): State<Identity>,
    admin: Permitted<may::WorkspaceManage>,
    Caller(client): Caller,
    Json(body): Json<SetModels>,
) -> Result<Json<api::ModelSettings>, Problem> {
    let actor = admin.actor();
    let route = |(at, route): (usize, &api::ModelRoute)| route_from(route, at);
    let routes = body.routes.map(|all| all.iter().enumerate().map(route).collect::<Result<Vec<Route>, _>>());
    let routes = routes.transpose()?;
    let allowance = Allowance { workspace: limit_from(body.workspace), person: limit_from(body.person) };
    models.decide(actor, body.version, routes, allowance).await.map_err(models_problem)?;
    note(&identity, actor, &client, action::DECIDED, "").await?;
    Ok(Json(settings(&models, actor).await?))
}

/// Sets up a provider. It is asked once the workspace decides on one of its models.
#[utoipa::path(
    post,
    path = "/models/providers",
    tag = "models",
    request_body = AddModelProvider,
    responses((status = 201, description = "Set up", body = api::ModelProvider))
)]
async fn add_model_provider(
    State(models): State<Models>,
    State(identity): State<Identity>,
    admin: Permitted<may::WorkspaceManage>,
    Caller(client): Caller,
    Json(body): Json<AddModelProvider>,
) -> Result<(StatusCode, Json<api::ModelProvider>), Problem> {
    let new = NewProvider {
        kind: kind_from(body.kind),
        name: body.name,
        address: body.address.filter(|address| !address.trim().is_empty()),
        key: body.key.filter(|key| !key.is_empty()).map(Secret::new),
    };
    let added = models.add(admin.actor(), new).await.map_err(models_problem)?;
    note(&identity, admin.actor(), &client, action::ADDED, &added.name).await?;
    Ok((StatusCode::CREATED, Json(provider_to_api(added))))
}

/// Changes a provider: what is left out stays.
#[utoipa::path(
    patch,
    path = "/models/providers/{id}",
    tag = "models",
    request_body = UpdateModelProvider,
    responses((status = 200, description = "Changed", body = api::ModelProvider))
)]
async fn update_model_provider(
    State(models): State<Models>,
    State(identity): State<Identity>,
    admin: Permitted<may::WorkspaceManage>,
    Caller(client): Caller,
    Path(path): Path<ProviderPath>,
    Json(body): Json<UpdateModelProvider>,
) -> Result<Json<api::ModelProvider>, Problem> {
    let change = ProviderChange {
        name: body.name,
        address: body.address,
        key: body.key.map(|key| (!key.is_empty()).then(|| Secret::new(key))),
        enabled: body.enabled,
    };
    let (actor, id) = (admin.actor(), path.id()?);
    let changed = models.change(actor, id, body.version, change).await.map_err(models_problem)?;
    note(&identity, actor, &client, action::CHANGED, &changed.name).await?;
    Ok(Json(provider_to_api(changed)))
}

/// Removes a provider, with its key, and takes its models out of the order.
#[utoipa::path(
    delete,
    path = "/models/providers/{id}",
    tag = "models",
    params(VersionQuery),
    responses((status = 204, description = "Removed"))
)]
async fn remove_model_provider(
    State(models): State<Models>,
    State(identity): State<Identity>,
    admin: Permitted<may::WorkspaceManage>,
    Caller(client): Caller,
    Path(path): Path<ProviderPath>,
    Query(query): Query<VersionQuery>,
) -> Result<StatusCode, Problem> {
    let (actor, id) = (admin.actor(), path.id()?);
    models.remove(actor, id, query.version).await.map_err(models_problem)?;
    note(&identity, actor, &client, action::REMOVED, &path.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which provider to ask.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct CheckQuery {
    /// `provider` of one that is there.
    provider: String,
}

/// Asks a provider for its models, which says whether it can be reached and takes its key. Nothing of anybody is sent.
#[utoipa::path(
    post,
    path = "/models/check",
    tag = "models",
    params(CheckQuery),
    responses((status = 200, description = "What came of it", body = api::ModelCheck))
)]
async fn check_model_provider(
    State(models): State<Models>,
    admin: Permitted<may::WorkspaceManage>,
    Query(query): Query<CheckQuery>,
) -> Result<Json<api::ModelCheck>, Problem> {
    let which = Which::parse(&query.provider).ok_or_else(Problem::not_found)?;
    let checked = models.check(admin.actor(), &which).await.map_err(models_problem)?;
    Ok(Json(check_to_api(checked)))
}

/// What was asked and spent in the last 30 days: by day, and by account over all of them.
#[utoipa::path(
    get,
    path = "/models/use",
    tag = "models",
    responses((status = 200, description = "The books", body = api::ModelUse))
)]
async fn model_use(
    State(models): State<Models>,
    State(clock): State<Clock>,
    reader: Permitted<may::WorkspaceRead>,
) -> Result<Reply<api::ModelUse>, Problem> {
    let actor = reader.actor();
    let everybody = actor.may(Permission::WorkspaceManage);
    let spent = models.spent(actor, DAYS, everybody).await.map_err(models_problem)?;
    Ok(Reply(api::ModelUse {
        meta: api::Meta::live(clock.now()),
        days: spent.days.into_iter().map(day_to_api).collect(),
        accounts: spent.accounts.into_iter().filter_map(account_to_api).collect(),
    }))
}

async fn settings(models: &Models, actor: &Actor) -> Result<api::ModelSettings, Problem> {
    let own = models.providers(actor).await.map_err(models_problem)?;
    let decided = models.settings(actor).await.map_err(models_problem)?;
    let limits = models.allowance(actor).await.map_err(models_problem)?;
    let [workspace, person] = models.today_spent(actor).await.map_err(models_problem)?;
    let line = models.line(actor.workspace).await.map_err(models_problem)?;
    let server = models.server();
    let manage = actor.may(Permission::WorkspaceManage);
    let own = own.into_iter().map(provider_to_api);
    let theirs = server.providers.iter().map(|provider| server_provider_to_api(provider, manage));
    Ok(api::ModelSettings {
        providers: own.chain(theirs).collect(),
        routes: decided.routes.map(|routes| routes.iter().map(route_to_api).collect()),
        server_routes: server.routes.iter().map(route_to_api).collect(),
        answers: !line.routes.is_empty(),
        workspace: budget_to_api(decided.allowance.workspace, limits.workspace, workspace),
        person: budget_to_api(decided.allowance.person, limits.person, person),
        version: decided.version,
        can: api::ModelSettingsCan { manage },
    })
}

/// Why nothing was done, for who asked.
pub(crate) fn models_problem(error: Error) -> Problem {
    match error {
        Error::NotFound => Problem::not_found(),
        Error::Conflict => Problem::changed(),
        Error::Invalid(invalid) => Problem::invalid(field(&invalid), invalid),
        Error::Keys(error) => Problem::internal(error),
        Error::Storage(error) => error.into(),
    }
}

fn field(invalid: &Invalid) -> &'static str {
    match invalid {
        Invalid::Name | Invalid::Taken => "/name",
        Invalid::Address | Invalid::NotEncrypted => "/address",
        Invalid::Key | Invalid::KeyMoves | Invalid::NoKey => "/key",
        Invalid::Providers => "",
        Invalid::Routes
        | Invalid::Unknown(_)
        | Invalid::NotOffered(..)
        | Invalid::Model
        | Invalid::Bound(..) => "/routes",
    }
}
