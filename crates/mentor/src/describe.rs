//! How an insight reads as a task.

use analysis::report::{Evidence, Severity, Span};
use projects::task::TITLE_LIMIT;
use projects::{NewTask, Origin, Priority};
use repos::Insight;

/// The task that would settle an insight: its title, and a description with the reason, the evidence and the check.
pub fn task_of(insight: &Insight) -> NewTask {
    let body = &insight.body;
    let evidence = body.evidence.iter().map(line).collect::<Vec<_>>().join("\n- ");
    let text = format!(
        "{}\n\n**Evidence**\n- {evidence}\n\n**Effort:** {}\n\n\
         **Done when** the insight's check passes at the next analysis.\n",
        body.why,
        format_args!("{}: {}", body.effort.range(), body.effort.reason)
    );
    NewTask {
        title: body.title.chars().take(TITLE_LIMIT).collect(),
        description: text.chars().take(projects::task::DESCRIPTION_LIMIT).collect(),
        priority: priority(body.severity),
        origin: Some(Origin {
            kind: "insight".into(),
            id: insight.id.to_string(),
            repo: Some(insight.repo.to_string()),
        }),
    }
}

fn priority(severity: Severity) -> Priority {
    match severity {
        Severity::Critical => Priority::Urgent,
        Severity::High => Priority::High,
        Severity::Medium => Priority::Medium,
        Severity::Low | Severity::Info => Priority::Low,
    }
}

fn line(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Span { span, note } => format!("{}: {note}", code(&place(span))),
        Evidence::Advisory { id, note } => format!("{}: {note}", code(id)),
        Evidence::Commit { id, note } => format!("{}: {note}", code(id.get(..10).unwrap_or(id))),
        Evidence::Metric { name, note } => format!("{name}: {note}"),
    }
}

fn place(span: &Span) -> String {
    match (span.start, span.end) {
        (0, _) => span.path.clone(),
        (start, end) if start == end => format!("{}:{start}", span.path),
        (start, end) => format!("{}:{start}-{end}", span.path),
    }
}

/// Text of a repository as inline code: the fence is longer than any run of backticks inside (`CommonMark` 6.1).
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_cannot_leave_their_code_span() {
        assert_eq!(code("a.rs:3"), "`a.rs:3`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`x\n"), "`` `x  ``");
    }
}
