//! The HTTP server: routes, problems, limits, live channels and the embedded web app.
//!
//! It turns requests into calls of the contexts and their results into wire types, and protects both sides: browsers
//! from foreign sites, the contexts from floods and from callers without permission. It deliberately does not know
//! how anything is decided or stored; handlers have no rule in them, and the only table here is the one that keeps
//! answers for `Idempotency-Key`.
//!
//! Reading order: [`state`](App) (what it is made of), `layers` (what every request passes, from the outside in),
//! `extract` (proofs of permission), `routes` (one file for each context: the handlers, and the functions between
//! domain and wire types), `live` (events as they happen), `problem` and `reply` (every failure, every read).

mod browse;
mod config;
mod extract;
mod health;
mod layers;
mod live;
mod openapi;
mod problem;
mod proxies;
mod reply;
mod routes;
mod run;
mod state;
mod web;

pub use config::{Config, Quotas};
pub use health::recorder;
pub use problem::Problem;
pub use run::{router, serve};
pub use state::App;

/// The OpenAPI document of every route.
pub fn openapi() -> utoipa::openapi::OpenApi {
    openapi::finish(routes::api_document())
}
