//! A repository that cannot be analysed, as the end of a command: the exit code, and what to do next.

use std::path::Path;

use repos::{Failure as Refusal, FailureCode as Code};

use crate::exit::{Exit, Failure};

/// A refusal of the repository's side as the end of a command.
pub(super) fn refused(refusal: Refusal) -> Failure {
    Failure {
        exit: exit(refusal.code),
        error: anyhow::anyhow!(refusal.detail),
        hint: next_step(refusal.code).map(str::to_owned),
    }
}

/// The same of a folder: one inside a repository needs no repository of its own.
pub(super) fn refused_folder(folder: &Path, refusal: Refusal) -> Failure {
    let inside = refusal.code == Code::NotARepository;
    let above = folder.ancestors().skip(1).find(|above| inside && above.join(".git").exists());
    let failure = refused(refusal);
    match above {
        Some(above) => {
            failure.hint(format!("`devmentor analyze {}` analyses the whole repository", above.display()))
        }
        None => failure,
    }
}

fn exit(code: Code) -> Exit {
    match code {
        Code::NotARepository
        | Code::EmptyRepository
        | Code::NoSuchBranch
        | Code::UrlInvalid
        | Code::UrlRefused
        | Code::OutsideRoots => Exit::Usage,
        Code::TooLarge | Code::Timeout | Code::AnalysisLimit => Exit::Limit,
        Code::Cancelled => Exit::Interrupted,
        Code::Unreadable
        | Code::Unsupported
        | Code::OutsideReference
        | Code::AuthRequired
        | Code::NotFound
        | Code::Unreachable
        | Code::Certificate
        | Code::AnalysisCrashed
        | Code::GitMissing
        | Code::Internal => Exit::Failed,
    }
}

/// What the user of a terminal can do about it. Settings are named as `devmentor config` names them.
fn next_step(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::NotARepository => {
            "name the top folder of a Git repository; a folder that is in none becomes one by `git init` and a commit"
        }
        Code::EmptyRepository => "only what is committed is read: make a first commit",
        Code::NoSuchBranch => {
            "`git branch --all` lists the branches; without --branch the default one is analysed"
        }
        Code::Unreadable => "check who may read the folder, and whether `git fsck` finds damage",
        Code::Unsupported => "a fresh clone in Git's default format can be analysed",
        Code::OutsideReference => "a full clone holds everything itself: `git clone --no-local FOLDER COPY`",
        Code::UrlInvalid => {
            "write https://HOST/OWNER/NAME, ssh://git@HOST/OWNER/NAME, or the path of a folder"
        }
        Code::UrlRefused => {
            "only https and ssh addresses of public hosts are fetched, and those in `repositories.allowed_hosts`"
        }
        Code::AuthRequired => {
            "check the spelling; a private repository needs a token in `repositories.tokens` \
             (`devmentor config --template` shows how) or an ssh address"
        }
        Code::NotFound => {
            "check the spelling; some hosts say the same of private repositories without a token"
        }
        Code::Unreachable => "check the host's name and your network, and try again",
        Code::Certificate => "the certificate of an authority of your own goes into `repositories.ca_file`",
        Code::TooLarge => "`repositories.max_copy_mib` is the limit for a copy",
        Code::Timeout => "`repositories.fetch_seconds` and `analysis.wall_seconds` are the limits of time",
        Code::AnalysisLimit => {
            "`analysis.memory_mib`, `analysis.cpu_seconds` and `analysis.wall_seconds` are the limits of one analysis"
        }
        Code::AnalysisCrashed => "`devmentor doctor` looks whether an analysis can be started at all",
        Code::GitMissing => "install git 2.37 or newer; folders on this machine are read without it",
        Code::OutsideRoots | Code::Cancelled | Code::Internal => return None,
    })
}
