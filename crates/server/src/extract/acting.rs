//! Proofs of permission: a handler that asks for one of these cannot run without it.
//!
//! The layers of a workspace's routes (`layers::workspace`) find out who acts there, once; these types only look at
//! the result and ask for one permission.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base::{Actor, Permission};
use identity::Client;

use crate::extract::Caller;
use crate::problem::Problem;
use crate::state::AppState;

/// The session of the request, where there is one. Put there by the layer that reads cookies and tokens.
#[derive(Debug, Clone)]
pub(crate) struct CurrentSession(pub(crate) Option<identity::Session>);

/// The token of a program that the request came with, where it came with one.
#[derive(Debug, Clone)]
pub(crate) struct CurrentToken(pub(crate) identity::api_tokens::ApiToken);

/// Somebody is signed in. A program with a token is not: it acts in one workspace and has no account to look after.
pub(crate) struct SignedIn(pub(crate) identity::Session);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if parts.extensions.get::<CurrentToken>().is_some() {
            return Err(Problem::session_needed());
        }
        match parts.extensions.get::<CurrentSession>() {
            Some(CurrentSession(Some(session))) => Ok(Self(session.clone())),
            Some(CurrentSession(None)) => Err(Problem::signed_out()),
            None => Err(Problem::internal("a route without the session layer asks for a session")),
        }
    }
}

/// Somebody who runs this server. Others learn nothing, not even that there is something.
pub(crate) struct Operator(pub(crate) identity::Session);

impl<S: Send + Sync> FromRequestParts<S> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let SignedIn(session) = SignedIn::from_request_parts(parts, state).await?;
        if session.user.operator { Ok(Self(session)) } else { Err(Problem::not_found()) }
    }
}

/// A member of the workspace in the path who has the permission `P`.
pub(crate) struct Permitted<P> {
    actor: Actor,
    permission: PhantomData<fn() -> P>,
}

/// A permission as a type.
pub(crate) trait Needs {
    /// The permission.
    const PERMISSION: Permission;
}

/// Permissions as types, for [`Permitted`].
pub(crate) mod may {
    use base::Permission;

    use super::Needs;

    macro_rules! types {
        ($($name:ident)*) => {$(
            #[doc = concat!("[`Permission::", stringify!($name), "`].")]
            pub(crate) struct $name;

            impl Needs for $name {
                const PERMISSION: Permission = Permission::$name;
            }
        )*};
    }

    types! {
        WorkspaceRead RepoRead TaskRead MemoryRead MemoryWrite MentorRead MentorAsk RepoConnect RepoAnalyze FindingTriage TaskWrite MembersManage HostManage
        WorkspaceManage AuditRead WorkspaceDelete
    }
}

impl<P> Permitted<P> {
    /// Who acts, in which workspace.
    pub(crate) fn actor(&self) -> &Actor {
        &self.actor
    }
}

impl<P: Needs> FromRequestParts<AppState> for Permitted<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let actor = *parts
            .extensions
            .get::<Actor>()
            .ok_or_else(|| Problem::internal("a route outside a workspace asks for its member"))?;
        if actor.may(P::PERMISSION) {
            return Ok(Self { actor, permission: PhantomData });
        }
        let Caller(client) = Caller::from_request_parts(parts, app).await?;
        Err(refuse(app, &actor, P::PERMISSION, &client).await?)
    }
}

/// What somebody is told who may not do that, and a note of it in the audit log.
pub(crate) async fn refuse(
    app: &AppState,
    actor: &Actor,
    permission: Permission,
    client: &Client,
) -> Result<Problem, Problem> {
    app.identity.note_refused(actor, permission, client).await?;
    let grantors = app.identity.grantors(actor, permission).await?;
    Ok(Problem::permission_needed(actor, permission, grantors))
}
