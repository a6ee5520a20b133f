//! A running child: what is said to it, what it says, and its end.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio_util::sync::CancellationToken;

use super::{unexpected, unreadable};
use crate::child::protocol::{MESSAGE_BYTES, Message};
use crate::child::sandbox::SandboxReport;
use crate::failure::{Failure, FailureCode};

/// What is kept of the child's error output, for the log.
const STDERR_BYTES: u64 = 16 << 10;

/// Room that is made at once for what a child announces: more has to come first.
const EXPECTED_BYTES: u64 = 16 << 20;

/// A child and its pipes.
pub(super) struct Running {
    pub(super) child: Child,
    pub(super) input: ChildStdin,
    pub(super) output: BufReader<ChildStdout>,
    pub(super) errors: ChildStderr,
}

impl Running {
    pub(super) async fn answer(&mut self, answer: &impl serde::Serialize) -> Result<(), Failure> {
        let mut line = serde_json::to_vec(answer)
            .map_err(|_| Failure::new(FailureCode::Internal, "An answer could not be written."))?;
        line.push(b'\n');
        // A child that died early shows in what it says next: nothing.
        let _ = self.input.write_all(&line).await;
        Ok(())
    }

    pub(super) async fn hello(&mut self) -> Result<SandboxReport, Failure> {
        match self.message().await? {
            Message::Hello { sandbox } => Ok(sandbox),
            Message::Failed(failure) => Err(failure),
            other => Err(unexpected(&other)),
        }
    }

    pub(super) async fn message(&mut self) -> Result<Message, Failure> {
        let mut line = Vec::new();
        let read = (&mut self.output).take(MESSAGE_BYTES).read_until(b'\n', &mut line).await;
        if read.is_err() || line.last() != Some(&b'\n') {
            return Err(self.died().await);
        }
        serde_json::from_slice(&line).map_err(|_| unreadable())
    }

    /// The bytes that follow a message.
    pub(super) async fn bytes(&mut self, length: u64) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::with_capacity(usize::try_from(length.min(EXPECTED_BYTES)).unwrap_or(0));
        let read = (&mut self.output).take(length).read_to_end(&mut bytes).await;
        if read.is_ok() && bytes.len() as u64 == length { Ok(bytes) } else { Err(self.died().await) }
    }

    /// What the end of a child without an answer means.
    async fn died(&mut self) -> Failure {
        let mut errors = Vec::new();
        let _ = (&mut self.errors).take(STDERR_BYTES).read_to_end(&mut errors).await;
        let errors = String::from_utf8_lossy(&errors).into_owned();
        let status = self.child.wait().await.ok();
        tracing::warn!(?status, stderr = ?errors, "the analysis process ended without an answer");
        cause(status, &errors)
    }

    /// Waits for `work`, but no longer than the limit and not beyond cancellation; the child is dead afterwards.
    pub(super) async fn finish_within<T>(
        &mut self,
        limit: Duration,
        cancel: &CancellationToken,
        work: impl AsyncFnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let result = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Failure::new(FailureCode::Cancelled, "The analysis was cancelled.")),
            result = tokio::time::timeout(limit, work(self)) => result.unwrap_or_else(|_| {
                Err(Failure::new(
                    FailureCode::AnalysisLimit,
                    format!("The analysis took longer than {} seconds.", limit.as_secs()),
                ))
            }),
        };
        self.end().await;
        result
    }

    async fn end(&mut self) {
        if let Some(group) = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait().await;
    }
}

fn cause(status: Option<ExitStatus>, errors: &str) -> Failure {
    const SIGABRT: i32 = 6;
    const SIGKILL: i32 = 9;
    const SIGXCPU: i32 = 24;
    let limit = |what: &str| {
        Failure::new(FailureCode::AnalysisLimit, format!("The analysis used up its {what} and was ended."))
    };
    match status.and_then(|status| status.signal()) {
        Some(SIGXCPU) => limit("processor time"),
        Some(SIGABRT) if errors.contains("memory allocation of") => limit("memory"),
        Some(SIGKILL) => limit("memory or processor time"),
        Some(signal) => Failure::new(
            FailureCode::AnalysisCrashed,
            format!("The analysis process ended by signal {signal}; the server is not affected."),
        ),
        None => Failure::new(
            FailureCode::AnalysisCrashed,
            "The analysis process ended without an answer; the server is not affected.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deaths_are_told_apart() {
        let code = |raw, errors| cause(Some(ExitStatus::from_raw(raw)), errors).code;
        assert_eq!(code(24, ""), FailureCode::AnalysisLimit);
        assert_eq!(code(6, "memory allocation of 9 bytes failed"), FailureCode::AnalysisLimit);
        assert_eq!(code(6, "thread has overflowed its stack"), FailureCode::AnalysisCrashed);
        assert_eq!(code(1 << 8, ""), FailureCode::AnalysisCrashed);
    }
}
