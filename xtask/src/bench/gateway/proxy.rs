//! A reverse proxy that does nothing but pass on: what any gateway costs at least.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Uri, server::conn::http1};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::shell::complain;

/// The hidden command.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where it listens.
    here: SocketAddr,
    /// Where everything goes.
    there: SocketAddr,
}

/// Serves until it is ended.
pub(crate) fn run(args: &Args) -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(serve(args))
}

async fn serve(args: &Args) -> Result<()> {
    let listener = TcpListener::bind(args.here).await.context("the address is taken")?;
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client: Client<_, Incoming> = Client::builder(TokioExecutor::new()).build(connector);
    let there = args.there;
    let mut serving = JoinSet::new();
    loop {
        // Those that ended are let go of.
        while serving.try_join_next().is_some() {}
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let client = client.clone();
        let passed_on = service_fn(move |mut request: Request<Incoming>| {
            let client = client.clone();
            async move {
                let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
                *request.uri_mut() = format!("http://{there}{path}").parse::<Uri>()?;
                anyhow::Ok(client.request(request).await?)
            }
        });
        serving.spawn(async move {
            if let Err(error) = http1::Builder::new().serve_connection(TokioIo::new(stream), passed_on).await
            {
                complain(&format!("the proxy: {error}"));
            }
        });
    }
}
