//! One's own second factor.

use api::{ConfirmSecondFactor, OfferSecondFactor, ProveSecondFactor};
use axum::extract::State;
use axum::http::StatusCode;
use base::{Clock, Secret};
use identity::Identity;
use identity::second_factor::{FactorError, SecondFactor};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::account_problem;
use crate::extract::{Caller, Json, SignedIn};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::auth::second_step::code_refused;
use crate::state::AppState;

/// Pixels of a picture's side, at least; it is scaled without loss.
const PICTURE: u32 = 240;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(my_second_factor, offer_second_factor, remove_second_factor))
        .routes(routes!(confirm_second_factor))
        .routes(routes!(renew_recovery_codes))
        .routes(routes!(forget_trusted_browsers))
}

/// How one's second factor is.
#[utoipa::path(
    get,
    path = "/me/second-factor",
    tag = "me",
    responses((status = 200, description = "Whether codes are asked for", body = api::Answer<api::SecondFactor>))
)]
async fn my_second_factor(
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    SignedIn(session): SignedIn,
) -> Result<Reply<api::Answer<api::SecondFactor>>, Problem> {
    let data = second_factor_to_api(identity.second_factor(session.user.id).await?);
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Offers a key for an app. Nothing changes until a code of it is given back; asking again offers another key.
#[utoipa::path(
    post,
    path = "/me/second-factor",
    tag = "me",
    request_body = api::OfferSecondFactor,
    responses((status = 201, description = "The key, shown this once", body = api::SecondFactorOffer))
)]
async fn offer_second_factor(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Json(body): Json<OfferSecondFactor>,
) -> Result<(StatusCode, Json<api::SecondFactorOffer>), Problem> {
    let password = body.current.map(Secret::new);
    let offer = identity.enrol(&session, password.as_ref(), &client).await.map_err(factor_problem)?;
    let address = offer.address.expose().to_owned();
    let picture = picture(&address).map_err(Problem::internal)?;
    let offer = api::SecondFactorOffer { key: offer.key.expose().to_owned(), address, picture };
    Ok((StatusCode::CREATED, Json(offer)))
}

/// Asks for codes from now on, once the app has shown one. The answer has the recovery codes.
#[utoipa::path(
    post,
    path = "/me/second-factor/confirm",
    tag = "me",
    request_body = api::ConfirmSecondFactor,
    responses((status = 201, description = "Codes are asked for; the recovery codes are shown this once", body = api::RecoveryCodes))
)]
async fn confirm_second_factor(
    State(app): State<AppState>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Json(body): Json<ConfirmSecondFactor>,
) -> Result<(StatusCode, Json<api::RecoveryCodes>), Problem> {
    let confirmed = app.identity.confirm_factor(&session, &body.code, &app.config.origin(), &client).await;
    Ok((StatusCode::CREATED, recovery_to_api(&confirmed.map_err(factor_problem)?)))
}

/// Asks for no codes any more.
#[utoipa::path(
    delete,
    path = "/me/second-factor",
    tag = "me",
    request_body = api::ProveSecondFactor,
    responses((status = 204, description = "The password alone signs in again"))
)]
async fn remove_second_factor(
    State(app): State<AppState>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Json(body): Json<ProveSecondFactor>,
) -> Result<StatusCode, Problem> {
    let (password, origin) = (body.current.map(Secret::new), app.config.origin());
    let removed = app.identity.remove_factor(&session, password.as_ref(), &body.code, &origin, &client).await;
    removed.map_err(factor_problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives ten other recovery codes; those before work no longer.
#[utoipa::path(
    post,
    path = "/me/second-factor/recovery-codes",
    tag = "me",
    request_body = api::ProveSecondFactor,
    responses((status = 201, description = "The codes, shown this once", body = api::RecoveryCodes))
)]
async fn renew_recovery_codes(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Json(body): Json<ProveSecondFactor>,
) -> Result<(StatusCode, Json<api::RecoveryCodes>), Problem> {
    let password = body.current.map(Secret::new);
    let renewed = identity.renew_recovery(&session, password.as_ref(), &body.code, &client).await;
    Ok((StatusCode::CREATED, recovery_to_api(&renewed.map_err(factor_problem)?)))
}

/// Asks for codes in every browser again.
#[utoipa::path(
    delete,
    path = "/me/second-factor/browsers",
    tag = "me",
    responses((status = 204, description = "No browser is trusted any more"))
)]
async fn forget_trusted_browsers(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
) -> Result<StatusCode, Problem> {
    identity.forget_browsers(session.user.id, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn factor_problem(error: FactorError) -> Problem {
    match error {
        FactorError::Account(error) => account_problem(error),
        FactorError::Code => code_refused(),
        FactorError::On => Problem::conflict(
            "second_factor_on",
            "Codes are asked for already. Remove the second factor first.",
        ),
        FactorError::Off => {
            Problem::conflict("second_factor_off", "There is no second factor. Set one up first.")
        }
        FactorError::Unavailable => Problem::internal(error),
        FactorError::Keys(error) => Problem::internal(error),
    }
}

fn second_factor_to_api(factor: SecondFactor) -> api::SecondFactor {
    api::SecondFactor {
        since: factor.since.map(Into::into),
        recovery_left: factor.recovery_left,
        trusted_browsers: factor.trusted_browsers,
    }
}

fn recovery_to_api(codes: &[Secret]) -> Json<api::RecoveryCodes> {
    Json(api::RecoveryCodes { codes: codes.iter().map(|code| code.expose().to_owned()).collect() })
}

/// A QR code (ISO/IEC 18004) as an SVG document, dark on light whatever the page's theme: not every app reads the other.
fn picture(text: &str) -> Result<String, qrcode::types::QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let mut image = code.render::<svg::Color<'_>>();
    image.min_dimensions(PICTURE, PICTURE).dark_color(svg::Color("#000")).light_color(svg::Color("#fff"));
    Ok(image.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_an_svg_document_with_its_quiet_zone() {
        let image = picture("otpauth://totp/DevMentor:ana%40example.org?secret=JBSWY3DPEHPK3PXP").unwrap();
        assert!(image.contains("<svg") && image.trim_end().ends_with("</svg>"), "{image}");
        assert!(image.contains("#fff") && image.contains("#000"));
        assert!(picture(&"x".repeat(5_000)).is_err(), "more than a code holds");
    }
}
