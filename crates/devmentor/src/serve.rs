//! `devmentor serve` and `devmentor link`.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use base::{Clock, Ids};
use identity::Identity;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::exit::{Exit, Failure, Outcome};
use crate::wiring::{self, Outside, System};
use crate::{Context, cli, telemetry, terminal};

/// How long a stop waits for everything that is being worked on.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// Where, in the data folder, a running server says how it is reached.
const RUNNING: &str = "server.url";

pub(crate) fn run(context: &Context, args: &cli::Serve) -> Outcome {
    let config = context.config()?;
    let address = config.address().map_err(Failure::setting)?;
    telemetry::start(&config)?;
    let runtime = crate::runtime()?;
    let outcome = runtime.block_on(serve(context, &config, address, args.open));
    // Tasks that outlived the stop are not waited for twice.
    runtime.shutdown_timeout(Duration::from_millis(200));
    outcome
}

async fn serve(context: &Context, config: &Config, address: SocketAddr, open: bool) -> Outcome {
    let listener = TcpListener::bind(address).await.map_err(|error| {
        Failure::failed(format!("cannot listen on {address}: {error}"))
            .hint("another server may be running; choose another port with --listen 127.0.0.1:0")
    })?;
    let address = listener.local_addr()?;
    let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
    let clock = Clock::system();
    let ids = Ids::random(clock.clone());
    let outside = Outside::new(config, &context.environment, crate::program()?, &clock, &ids)?;
    let system = System::build(config, outside, clock, ids, &tracker, &stop).await?;
    let recorder = server::recorder()?;
    let metrics = recorder.handle();
    // A second recorder in one process can only mean that another server counts already; it keeps counting.
    let _ = metrics::set_global_recorder(recorder);

    let repos = system.repos.clone();
    tracker.spawn(async move {
        // Everything else works without it.
        if let Err(error) = repos.open_sample().await {
            tracing::warn!(%error, "the sample cannot be shown");
        }
    });
    tracker.spawn(system.runner(wiring::runner_options(config)).run(stop.clone()));
    tracker.spawn(system.repos.clone().watch(stop.clone()));
    let behavior = wiring::server_config(config, &context.environment, address)?;
    let app = system.app(behavior, Some(metrics));
    let server = tracker.spawn(server::serve(listener, app, stop.clone(), tracker.clone()));
    tracker.close();

    let base = base_url(config, address)?;
    let _running = Running::note(config, &base);
    let link = owner_link(&system.identity, &base).await?;
    announce(context, address, &base, &link)?;
    if open {
        open_browser(&link);
    }

    tokio::select! {
        _ = crate::stop_requested() => tracing::info!("stopping"),
        () = stop.cancelled() => {}
        ended = wait(server) => {
            stop.cancel();
            ended?;
        }
    }
    stop.cancel();
    let stopped = tokio::select! {
        stopped = tokio::time::timeout(STOP_TIMEOUT, tracker.wait()) => stopped.is_ok(),
        _ = crate::stop_requested() => false,
    };
    if !stopped {
        tracing::warn!("something was still being worked on; it resumes at the next start");
    }
    Ok(Exit::Done)
}

async fn wait(server: tokio::task::JoinHandle<std::io::Result<()>>) -> Result<(), Failure> {
    server.await?.map_err(|error| Failure::failed(format!("the server ended: {error}")))
}

/// A fresh link that signs the owner in, once.
async fn owner_link(identity: &Identity, base: &str) -> Result<String, Failure> {
    let owner = identity.ensure_owner().await?;
    let token = identity.new_link(owner.user).await?;
    // A fragment is never sent to a server, so the token reaches no access log.
    Ok(format!("{base}/enter#{}", token.expose()))
}

/// Where browsers find the server.
fn base_url(config: &Config, address: SocketAddr) -> Result<String, Failure> {
    if let Some(host) = config.public_host().map_err(Failure::setting)? {
        return Ok(format!("https://{host}"));
    }
    // Whoever listens everywhere is still opened from here.
    let host = if address.ip().is_unspecified() {
        SocketAddr::from(([127, 0, 0, 1], address.port()))
    } else {
        address
    };
    Ok(format!("http://{host}"))
}

fn announce(context: &Context, address: SocketAddr, base: &str, link: &str) -> Result<(), Failure> {
    let text = if context.global.quiet {
        format!("{link}\n")
    } else {
        let behind = if base.starts_with("https:") {
            format!(", behind a proxy that forwards to {address}")
        } else {
            String::new()
        };
        format!(
            "DevMentor is running at {base}{behind}\n\nThis link signs you in, once, within an hour:\n  {link}\n\nCtrl-C stops it.\n"
        )
    };
    terminal::print(&text)?;
    Ok(())
}

/// Opens the link. Its token is seen by this machine's users for as long as the opener runs; it works only once,
/// and the browser is first.
fn open_browser(link: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started = Command::new(opener)
        .arg(link)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if started.is_err() {
        terminal::note("no browser could be opened here; open the link yourself");
    }
}

/// The note of a running server in the data folder; gone when it ends in order.
struct Running(PathBuf);

impl Running {
    fn note(config: &Config, base: &str) -> Self {
        let file = config.data_dir.join(RUNNING);
        if let Err(error) = fs::write(&file, base) {
            tracing::warn!(%error, "`devmentor link` will not find this server");
        }
        Self(file)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// How the server is reached that runs over the data folder.
pub(crate) fn running(config: &Config) -> Option<String> {
    let noted = fs::read_to_string(config.data_dir.join(RUNNING)).ok();
    noted.filter(|url| url.starts_with("http"))
}

/// `devmentor link`: a fresh link for the server that uses this data folder.
pub(crate) fn link(context: &Context, json: crate::cli::Json) -> Outcome {
    let config = context.config()?;
    let Some(base) = running(&config) else {
        return Err(Failure::failed(format!("no server is running over {}", config.data_dir.display()))
            .hint("`devmentor serve` starts one and prints a link"));
    };
    crate::runtime()?.block_on(async {
        let clock = Clock::system();
        let ids = Ids::random(clock.clone());
        let db = storage::Db::open(&config.storage()).await?;
        let identity = wiring::identity_alone(db, clock, ids);
        let link = owner_link(&identity, &base).await?;
        if json.json {
            terminal::print_json(&serde_json::json!({ "link": link }))?;
        } else {
            terminal::print(&format!("{link}\n"))?;
        }
        Ok(Exit::Done)
    })
}
