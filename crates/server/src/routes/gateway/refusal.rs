//! Why a program gets no answer, in OpenAI's words.

use axum::Json;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base::Timestamp;
use llm::{Failure, Helps, Outcome, Refusal};

use super::{ANY, wire};
use crate::problem::Problem;

/// The code of a budget that is used up.
const OVER_BUDGET: &str = "insufficient_quota";

/// The code of an answer that has a beginning and no end.
const BROKE_OFF: &str = "broke_off";

/// Seconds of a day.
const DAY: i64 = 86_400;

/// What OpenAI's clients read of a failure.
pub(crate) fn in_its_words(problem: &api::Problem) -> Response {
    let mut told = Json(wire::error(problem)).into_response();
    // Clients ask again by themselves after a 429 and a 502. Tomorrow's budget is nothing to wait for, and an answer that broke
    // off was paid for: whether to pay again is for a person to say.
    if matches!(problem.code.as_str(), OVER_BUDGET | BROKE_OFF) {
        told.headers_mut().insert("x-should-retry", HeaderValue::from_static("false"));
    }
    told
}

/// The request shows no token for programs.
pub(super) fn no_token() -> Problem {
    let detail = "Send an API token with the scope `model.use` as the API key: people make them in their settings, under \
                  API tokens.";
    Problem::new(StatusCode::UNAUTHORIZED, "invalid_api_key", "No API token", detail)
}

/// The person's programs have as many answers on their way as they may.
pub(super) fn too_many(most: usize) -> Problem {
    let detail = format!("Your programs wait for {most} answers already: ask again when one is there.");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded", "Too many at once", detail)
        .retry_after(1)
}

/// Nobody can be asked.
pub(super) fn no_model() -> Problem {
    let told = format!("{}.", Refusal::NoModel);
    Problem::new(StatusCode::NOT_FOUND, "model_not_found", "No model", told)
}

/// Nobody of that name.
pub(super) fn no_such_model(model: &str) -> Problem {
    let model: String = model.chars().take(100).collect();
    let detail = format!(
        "There is no model `{model}` here: name one of `GET /v1/models`, or `{ANY}` for all in their order."
    );
    Problem::new(StatusCode::NOT_FOUND, "model_not_found", "No such model", detail)
        .with_error("/model", "name one of the list")
}

/// The prompt and an answer do not fit.
pub(super) fn too_long(what: &str) -> Problem {
    let detail = format!("The prompt is too long: {what}.");
    Problem::new(StatusCode::BAD_REQUEST, "context_length_exceeded", "Prompt too long", detail)
        .with_error("/messages", "send less")
}

/// Nobody answered.
pub(super) fn refused(refusal: &Refusal, now: Timestamp) -> Problem {
    let told = format!("{refusal}.");
    match refusal {
        Refusal::NoModel => no_model(),
        Refusal::OverBudget(over) => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            match over.helps() {
                Helps::Waiting => {
                    Problem::new(status, "rate_limit_exceeded", "Too much at once", told).retry_after(1)
                }
                Helps::Less => {
                    let told = format!("{told} `max_tokens` bounds the answer.");
                    let problem = Problem::new(status, OVER_BUDGET, "Too little left", told);
                    problem.with_error("/max_tokens", "set it lower")
                }
                Helps::Tomorrow => {
                    let midnight = u32::try_from(DAY - now.as_seconds().rem_euclid(DAY)).unwrap_or(1);
                    Problem::new(status, OVER_BUDGET, "Budget used up", told).retry_after(midnight)
                }
            }
        }
        Refusal::Unanswered(missed) => {
            let all = |is: fn(&Failure) -> bool| missed.iter().all(|missed| is(&missed.failure));
            if all(|failure| matches!(failure, Failure::TooLong(_))) {
                return too_long(&told);
            }
            if all(|failure| matches!(failure, Failure::Refused { status: 400 | 422, .. })) {
                return Problem::new(
                    StatusCode::BAD_REQUEST,
                    "invalid_request",
                    "Refused by the model",
                    told,
                );
            }
            if all(|failure| matches!(failure, Failure::Busy { .. })) {
                let waits = missed.iter().filter_map(|missed| match missed.failure {
                    Failure::Busy { retry_after, .. } => retry_after,
                    _ => None,
                });
                let wait =
                    waits.min().map_or(1, |wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).max(1));
                let status = StatusCode::TOO_MANY_REQUESTS;
                return Problem::new(status, "rate_limit_exceeded", "Too much to do", told).retry_after(wait);
            }
            Problem::new(StatusCode::BAD_GATEWAY, "upstream_failed", "No model answered", told)
        }
        Refusal::Stopped => stopping(),
    }
}

/// The answer has a beginning and no end.
pub(super) fn broke_off(outcome: &Outcome) -> Problem {
    let why = outcome.missed.last().map_or_else(String::new, |missed| format!(": {}", missed.failure));
    let detail = format!("The answer broke off{why}. Ask again; a stream shows its beginning.");
    Problem::new(StatusCode::BAD_GATEWAY, BROKE_OFF, "Broke off", detail)
}

/// The question does not come.
pub(super) fn late() -> Problem {
    let detail = "The question did not come in time: send it in one go.";
    Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", "Took too long", detail)
}

/// The server goes.
pub(super) fn stopping() -> Problem {
    let detail = "The server stops, and the answer with it. Ask again in a moment.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "Stopping", detail).retry_after(2)
}
