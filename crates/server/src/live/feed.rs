//! One client's place in the event log, whatever carries it.

use std::collections::BTreeSet;

use base::Actor;
use base::id::SessionId;
use events::{Channel, Delivery, Ended, Epoch, Event, Position, Subscription};

use crate::live::frame;
use crate::problem::Problem;
use crate::state::AppState;

/// What one client may hear and wants to hear.
pub(super) struct Feed {
    subscription: Subscription,
    epoch: Epoch,
    /// The channels this client may subscribe to.
    allowed: [Channel; 2],
    /// Those it did subscribe to.
    wanted: BTreeSet<Channel>,
    /// Who listens, and where: when they are no longer in the workspace, this ends.
    actor: Actor,
    /// Its session: when that ends, so does this.
    session: SessionId,
}

/// Why a feed is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// The client reads too slowly. It may come back to its position.
    Slow,
    /// The server stops.
    Stopping,
    /// The session ended.
    SignedOut,
    /// The person is no longer in the workspace.
    Left,
    /// Whether the session lives cannot be found out. The client may come back to its position.
    Unsure,
}

impl Over {
    /// The code a WebSocket is closed with.
    pub(super) fn close_code(self) -> u16 {
        match self {
            // Service restart: come back soon.
            Self::Stopping => 1012,
            // Try again later.
            Self::Slow | Self::Unsure => 1013,
            // Policy violation.
            Self::SignedOut | Self::Left => 1008,
        }
    }

    /// The reason that goes with it.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Stopping => "stopping",
            Self::SignedOut => "signed_out",
            Self::Left => "left",
            Self::Unsure => "unavailable",
        }
    }
}

impl Feed {
    /// A feed without channels. The person's own channel is heard from the start, because it tells when the session
    /// ends; it is passed on only once the client subscribes to it. What happened before is not heard, so whoever
    /// opens a feed asks [`Self::check`] next.
    pub(super) async fn open(
        app: &AppState,
        actor: &Actor,
        session: SessionId,
    ) -> Result<Self, storage::Error> {
        let own = Channel::user(actor.user);
        let mut subscription = app.hub.open();
        subscription.join(own, None).await?;
        Ok(Self {
            subscription,
            epoch: app.hub.epoch().clone(),
            allowed: [Channel::workspace(actor.workspace), own],
            wanted: BTreeSet::new(),
            actor: *actor,
            session,
        })
    }

    /// The channels this client may subscribe to.
    pub(super) fn channels(&self) -> &[Channel] {
        &self.allowed
    }

    /// Asks whether the session behind it still lives, and its person is still in the workspace. A doubt ends the feed: nobody may go on listening because the
    /// database does not answer.
    pub(super) async fn check(&self, app: &AppState) -> Result<(), Over> {
        let (session, Actor { user, workspace, .. }) = (self.session, self.actor);
        let stays = async {
            let lives = app.identity.is_live(session).await?;
            Ok::<_, storage::Error>((lives, lives && app.identity.is_member(user, workspace).await?))
        };
        match stays.await {
            Ok((true, true)) => Ok(()),
            Ok((false, _)) => Err(Over::SignedOut),
            Ok((true, false)) => Err(Over::Left),
            Err(error) => {
                tracing::warn!(
                    error = crate::problem::chain(&error),
                    "a live channel's session is not known"
                );
                Err(Over::Unsure)
            }
        }
    }

    /// The life of the event log.
    pub(super) fn epoch(&self) -> &str {
        &self.epoch.0
    }

    /// Subscribes, from that position or from now on. Others' channels answer like ones that do not exist.
    pub(super) async fn subscribe(&mut self, channel: &str, since: Option<Position>) -> Result<(), Problem> {
        let channel: Channel = channel.parse().map_err(|_| Problem::not_found())?;
        if !self.allowed.contains(&channel) {
            return Err(Problem::not_found());
        }
        self.subscription.leave(channel);
        self.subscription.join(channel, since).await?;
        self.wanted.insert(channel);
        Ok(())
    }

    /// Waits for the next thing to pass on.
    pub(super) async fn next(&mut self) -> Result<Delivery, Over> {
        loop {
            let delivery = self.subscription.next().await.map_err(|ended| match ended {
                Ended::Slow => Over::Slow,
                Ended::Stopped => Over::Stopping,
            })?;
            if let Some(over) = self.ended_by(&delivery) {
                return Err(over);
            }
            if self.wanted.contains(&channel_of(&delivery)) {
                return Ok(delivery);
            }
        }
    }

    /// The delivery as a frame.
    pub(super) fn frame(&self, delivery: &Delivery) -> Option<String> {
        frame::delivery(self.epoch(), delivery)
    }

    fn ended_by(&self, delivery: &Delivery) -> Option<Over> {
        let Delivery::Event(envelope) = delivery else { return None };
        // Only a person's own channel tells of sessions and roles, and little else is said there.
        if !matches!(envelope.channel, Channel::User(_)) {
            return None;
        }
        match serde_json::from_str(&envelope.body) {
            Ok(Event::SessionRevoked { session }) if session == self.session => Some(Over::SignedOut),
            Ok(Event::RoleChanged { workspace, role: None }) if workspace == self.actor.workspace => {
                Some(Over::Left)
            }
            _ => None,
        }
    }
}

fn channel_of(delivery: &Delivery) -> Channel {
    match delivery {
        Delivery::Joined { channel, .. } | Delivery::Tick { channel, .. } => *channel,
        Delivery::Event(envelope) => envelope.channel,
    }
}
