//! Proofs of permission: a handler that asks for one of these cannot run without it.
//!
//! The layers of a workspace's routes (`layers::workspace`) find out who acts there, once; these types only look at
//! the result and compare roles.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base::{Actor, Role};

use crate::problem::Problem;

/// The session of the request, where there is one. Put there by the layer that reads cookies and tokens.
#[derive(Debug, Clone)]
pub(crate) struct CurrentSession(pub(crate) Option<identity::Session>);

/// Somebody is signed in.
pub(crate) struct SignedIn(pub(crate) identity::Session);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
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

/// A member of the workspace in the path, with at least the role of `Level`.
pub(crate) struct Acting<Level> {
    actor: Actor,
    level: PhantomData<fn() -> Level>,
}

/// A role as a type.
pub(crate) trait AtLeast {
    /// The role.
    const ROLE: Role;
}

/// Levels of [`Acting`].
pub(crate) mod level {
    /// May read.
    pub(crate) struct Viewer;
    /// May work.
    pub(crate) struct Member;
    /// May manage.
    pub(crate) struct Admin;
}

impl AtLeast for level::Viewer {
    const ROLE: Role = Role::Viewer;
}

impl AtLeast for level::Member {
    const ROLE: Role = Role::Member;
}

impl AtLeast for level::Admin {
    const ROLE: Role = Role::Admin;
}

/// Somebody who may read in the workspace.
pub(crate) type Reader = Acting<level::Viewer>;
/// Somebody who may work in the workspace.
pub(crate) type Member = Acting<level::Member>;
/// Somebody who may manage the workspace.
pub(crate) type Admin = Acting<level::Admin>;

impl<Level> Acting<Level> {
    /// Who acts, in which workspace.
    pub(crate) fn actor(&self) -> &Actor {
        &self.actor
    }
}

impl<S: Send + Sync, Level: AtLeast> FromRequestParts<S> for Acting<Level> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = *parts
            .extensions
            .get::<Actor>()
            .ok_or_else(|| Problem::internal("a route outside a workspace asks for its member"))?;
        if actor.role < Level::ROLE {
            return Err(Problem::role_needed(Level::ROLE));
        }
        Ok(Self { actor, level: PhantomData })
    }
}
