//! `devmentor login`, `logout`, `whoami` and `task`: a server, as one of its people.

mod client;
mod kept;

use std::time::Duration;

use api::{Answer, Listing, Problem, Session};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::cli;
use crate::exit::{Exit, Failure, Outcome};
use crate::render::text::date;
use crate::terminal::{self, Look, clean};
use crate::{Context, one_thread};
use client::{Remote, SERVER, TOKEN, said};

/// What the person is told that asks to be signed in.
const NAME: &str = "DevMentor command line";
/// How much longer is waited after each time that a server asks for that, or that it does not answer (RFC 8628, 3.5).
const SLOWER: Duration = Duration::from_secs(5);

/// `devmentor login`: shows a code, and waits until somebody who is signed in approves it (RFC 8628).
pub(crate) fn login(context: &Context, args: &cli::Login) -> Outcome {
    if context.environment.get(TOKEN).is_some() {
        return Err(Failure::usage(format!("{TOKEN} is set, and would be used instead of a session"))
            .hint(format!("unset {TOKEN}, or leave it and use the other commands as they are")));
    }
    one_thread()?.block_on(async {
        let mut remote = Remote::new(context, args.server.as_deref())?;
        let begin = api::BeginDevice { client: NAME.to_owned() };
        let code: api::DeviceCode =
            remote.ask("/auth/device", &begin).await?.map_err(|problem| said(&problem))?;
        // On the error output, so that it is seen also where the answer goes into a file.
        terminal::note(&format!(
            "Open this address where you are signed in, and approve the code {}:",
            clean(&code.user_code)
        ));
        terminal::note(&format!("  {}", clean(&code.verification_uri_complete)));
        let session = tokio::select! {
            session = approved(&remote, &code) => session?,
            _ = crate::stop_requested() => return Ok(Exit::Interrupted),
        };
        let shown = session.clone();
        // Who signs in again leaves no session behind that nobody uses, here or at another server.
        if remote.has_session() {
            let _ = sign_out(&mut remote).await;
        }
        if let Some(mut left) = remote.left_behind(context)?
            && sign_out(&mut left).await.is_err()
        {
            terminal::note(&format!(
                "The session at {} could not be ended: end it under Sessions in your settings there.",
                clean(&left.server)
            ));
        }
        let tokens = remote.tokens(session)?;
        remote.keep(Some(tokens))?;
        tell(context, &remote, &shown, args.json)
    })
}

/// The session, once the code was approved.
async fn approved(remote: &Remote, code: &api::DeviceCode) -> Result<Session, Failure> {
    let body = api::PollDevice { device_code: code.device_code.clone() };
    let end = Instant::now() + Duration::from_secs(code.expires_in.into());
    let mut pause = Duration::from_secs(code.interval.max(1).into());
    while Instant::now() < end {
        sleep(pause).await;
        match remote.ask::<serde_json::Value>("/auth/device/token", &body).await {
            // The code is used up by now: asking again would only wait for nothing.
            Ok(Ok(session)) => return serde_json::from_value(session).map_err(|_| remote.strange()),
            Ok(Err(problem)) => pause = waits(&problem, pause)?,
            // It may be back before the code runs out.
            Err(_) => pause += SLOWER,
        }
    }
    Err(expired())
}

/// How long to wait until the next question, after a server that has not signed anybody in yet.
fn waits(problem: &Problem, pause: Duration) -> Result<Duration, Failure> {
    match problem.code.as_str() {
        "authorization_pending" => Ok(pause),
        "slow_down" => {
            let asked = problem.retry_after.map(|seconds| Duration::from_secs(seconds.into()));
            Ok(asked.unwrap_or(pause + SLOWER).max(pause))
        }
        "too_many_tries" | "rate_limited" | "busy" => Ok(pause + SLOWER),
        "access_denied" => Err(Failure::failed("the sign-in was denied")
            .hint("`devmentor login` asks again, if that was a mistake")),
        "expired_token" => Err(expired()),
        _ => Err(said(problem)),
    }
}

fn expired() -> Failure {
    Failure::failed("nobody approved the code in time").hint("`devmentor login` shows another one")
}

/// `devmentor logout`: ends the session at the server and forgets its tokens.
pub(crate) fn logout(context: &Context, args: cli::Json) -> Outcome {
    one_thread()?.block_on(async {
        let mut remote = Remote::new(context, None)?;
        if remote.has_token() {
            return Err(Failure::usage(format!("{TOKEN} is set: there is no session to end"))
                .hint("a token is revoked under API tokens in your settings on the server"));
        }
        let was_in = remote.has_session();
        // What is remembered of another server stays: nobody else could end the session there.
        if was_in {
            let ended = sign_out(&mut remote).await;
            remote.keep(None)?;
            ended.map_err(|failure| {
                failure.hint(
                    "the tokens are gone from this machine; end the session under Sessions in your settings",
                )
            })?;
        }
        if args.json {
            terminal::print_json(&json!({ "server": remote.server, "signed_out": was_in }))?;
        } else if was_in {
            terminal::print(&format!("Signed out of {}.\n", clean(&remote.server)))?;
        } else {
            terminal::print(&format!("Nobody was signed in at {}.\n", clean(&remote.server)))?;
        }
        Ok(Exit::Done)
    })
}

async fn sign_out(remote: &mut Remote) -> Result<(), Failure> {
    let body = api::SignOut { which: api::SignOutWhich::This };
    remote.post::<api::SignedOut>("/auth/sign-out", &body).await.map(|_| ())
}

/// `devmentor whoami`: who is signed in, and where.
pub(crate) fn whoami(context: &Context, args: cli::Json) -> Outcome {
    one_thread()?.block_on(async {
        let mut remote = Remote::new(context, None)?;
        let session: Answer<Session> = remote.get("/session").await?;
        tell(context, &remote, &session.data, args)
    })
}

fn tell(context: &Context, remote: &Remote, session: &Session, json: cli::Json) -> Outcome {
    if json.json {
        terminal::print_json(&json!({
            "server": remote.server,
            "user": session.user,
            "workspace": session.workspace,
            "role": session.role,
            "expires_at": session.expires_at,
        }))?;
        return Ok(Exit::Done);
    }
    let name = context.style().paint(Look::Heading, &clean(&session.user.name));
    terminal::print(&format!(
        "{name} ({}) at {}\nWorkspace {}; signed in until {}.\n",
        clean(&session.user.handle),
        clean(&remote.server),
        clean(&session.workspace.slug),
        date(session.expires_at.timestamp().as_seconds()),
    ))?;
    Ok(Exit::Done)
}

/// `devmentor task`.
pub(crate) fn task(context: &Context, command: &cli::Task) -> Outcome {
    let cli::Task::List(args) = command;
    one_thread()?.block_on(async {
        let mut remote = Remote::new(context, None)?;
        let workspace = match &args.workspace {
            Some(name) => name.clone(),
            None if remote.has_token() => {
                return Err(Failure::usage("a token acts in one workspace: name it with --workspace").hint(
                    format!("{TOKEN} is set, so that nobody is signed in; {SERVER} names the server"),
                ));
            }
            None => remote.get::<Answer<Session>>("/session").await?.data.workspace.slug,
        };
        if !workspace.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
            return Err(Failure::usage("a workspace's name has small letters, digits and hyphens"));
        }
        let path = format!("/w/{workspace}/tasks?limit={}", args.limit);
        let found: Listing<api::Task> = remote.get(&path).await?;
        if args.json.json {
            terminal::print_json(&json!({ "tasks": found.items, "total": found.total }))?;
            return Ok(Exit::Done);
        }
        if found.items.is_empty() {
            terminal::print(&format!("No tasks in {workspace}.\n"))?;
            return Ok(Exit::Done);
        }
        let style = context.style();
        let widest = found.items.iter().map(|task| task.key.chars().count()).max().unwrap_or(0);
        let mut text = found.items.iter().fold(String::new(), |text, task| {
            let gap = " ".repeat(widest - task.key.chars().count() + 2);
            let key = style.paint(Look::Name, &clean(&task.key));
            let state = style.paint(Look::Dim, &format!("{:<11}", state(task.status)));
            text + &key + &gap + &state + "  " + &clean(&task.title) + "\n"
        });
        let more = found.total.saturating_sub(found.items.len() as u64);
        if more > 0 {
            text += &more.to_string();
            text += " more; --limit shows them.\n";
        }
        terminal::print(&text)?;
        Ok(Exit::Done)
    })
}

fn state(status: api::TaskStatus) -> &'static str {
    match status {
        api::TaskStatus::Todo => "to do",
        api::TaskStatus::InProgress => "in progress",
        api::TaskStatus::Review => "review",
        api::TaskStatus::Done => "done",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: &str, retry_after: Option<u32>) -> Problem {
        Problem {
            r#type: format!("/problems/{code}"),
            title: String::new(),
            status: 400,
            detail: "as the server says".to_owned(),
            code: code.to_owned(),
            request_id: String::new(),
            retry_after,
            errors: Vec::new(),
            grantors: Vec::new(),
            permission: None,
        }
    }

    #[test]
    fn who_is_told_to_slow_down_does() {
        let (five, ten) = (Duration::from_secs(5), Duration::from_secs(10));
        assert_eq!(waits(&problem("authorization_pending", None), five).unwrap(), five);
        assert_eq!(waits(&problem("slow_down", Some(10)), five).unwrap(), ten);
        assert_eq!(waits(&problem("slow_down", None), five).unwrap(), ten);
        assert_eq!(waits(&problem("slow_down", Some(1)), ten).unwrap(), ten, "never faster");
        for (code, said) in [
            ("access_denied", "the sign-in was denied"),
            ("expired_token", "nobody approved the code in time"),
            ("anything", "as the server says"),
        ] {
            assert_eq!(waits(&problem(code, None), five).unwrap_err().error.to_string(), said);
        }
    }
}
