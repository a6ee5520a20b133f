//! A provider that does what a test wrote down. It is part of the crate because every crate above tests with it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::provider::{Failure, Model, Part, Parts, Pending, Provider};
use crate::request::Request;

/// One thing that happens.
#[derive(Debug, Clone)]
pub enum Act {
    /// The next part of the answer.
    Say(Part),
    /// The answer fails here; as the first act, the call fails.
    Fail(Failure),
    /// Nothing more happens until the test says so.
    Wait(Arc<Notify>),
}

/// What a scripted provider saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// The requests, in order, with the model that each asked for.
    pub asked: Vec<(String, Request)>,
    /// Answers that were dropped before their end.
    pub dropped: usize,
    /// How often it kept somebody waiting for too long.
    pub silent: usize,
}

/// A provider with an answer for each call; the last one stays.
pub struct Scripted {
    name: String,
    acts: Mutex<VecDeque<Vec<Act>>>,
    seen: Arc<Mutex<Seen>>,
}

impl Scripted {
    /// With these answers, one for each call.
    pub fn new(name: impl Into<String>, acts: Vec<Vec<Act>>) -> Self {
        Self { name: name.into(), acts: Mutex::new(acts.into()), seen: Arc::default() }
    }

    /// What it saw so far. It is also readable while calls go on.
    pub fn seen(&self) -> Arc<Mutex<Seen>> {
        Arc::clone(&self.seen)
    }
}

impl Provider for Scripted {
    fn name(&self) -> &str {
        &self.name
    }

    fn ask<'a>(
        &'a self,
        model: &'a str,
        request: &'a Request,
    ) -> Pending<'a, Result<Box<dyn Parts>, Failure>> {
        Box::pin(async move {
            lock(&self.seen).asked.push((model.to_owned(), request.clone()));
            let acts = {
                let mut acts = lock(&self.acts);
                if acts.len() > 1 { acts.pop_front() } else { acts.front().cloned() }
            };
            let mut acts: VecDeque<Act> = acts.unwrap_or_default().into();
            match acts.front() {
                Some(Act::Fail(failure)) => Err(failure.clone()),
                Some(Act::Wait(until)) => {
                    until.notified().await;
                    acts.pop_front();
                    Ok(Box::new(Playing { acts, seen: Arc::clone(&self.seen) }) as Box<dyn Parts>)
                }
                _ => Ok(Box::new(Playing { acts, seen: Arc::clone(&self.seen) }) as Box<dyn Parts>),
            }
        })
    }

    fn silent(&self) {
        lock(&self.seen).silent += 1;
    }

    fn models(&self) -> Pending<'_, Result<Vec<Model>, Failure>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

struct Playing {
    acts: VecDeque<Act>,
    seen: Arc<Mutex<Seen>>,
}

impl Parts for Playing {
    fn next(&mut self) -> Pending<'_, Result<Option<Part>, Failure>> {
        Box::pin(async move {
            loop {
                match self.acts.front() {
                    None => return Ok(None),
                    Some(Act::Wait(until)) => {
                        until.notified().await;
                        self.acts.pop_front();
                    }
                    Some(Act::Say(part)) => {
                        let part = part.clone();
                        self.acts.pop_front();
                        return Ok(Some(part));
                    }
                    Some(Act::Fail(failure)) => {
                        let failure = failure.clone();
                        self.acts.clear();
                        return Err(failure);
                    }
                }
            }
        })
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        if !self.acts.is_empty() {
            lock(&self.seen).dropped += 1;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
