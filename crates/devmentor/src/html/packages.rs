//! Packages in use, and what is known about them.

use analysis::report::{Dependency, Finding, Report, Role, Scope};

use super::markup::Html;
use super::{severity, spot};
use crate::render::View;
use crate::render::advisories::{sentences, title, warning};
use crate::render::text::{count, counted};

/// Affected package versions shown.
const AFFECTED: usize = 200;
/// Advisories shown for one package version.
const ADVISORIES: usize = 20;
/// Other packages shown.
const PACKAGES: usize = 300;

fn content(html: &mut Html, report: &Report, view: &View<'_>) {
    if report.dependencies.is_empty() {
        html.paragraph("", "None named by a manifest that is understood.");
        return;
    }
    html.paragraph("muted", &sentences(report).join(" "));
    if let Some((_, old)) = warning(report, view) {
        html.paragraph("warning", &old);
    }
    affected(html, report);
    all(html, report);
}

pub(super) fn section(html: &mut Html, report: &Report, view: &View<'_>) {
    let beside = format!(
        "{}, {} asked for by the project itself",
        counted(report.dependencies.len() as u64, "package version", "package versions"),
        counted(report.direct_dependencies() as u64, "package", "packages")
    );
    super::section(html, "dependencies", "Dependencies", &beside, |html| content(html, report, view));
}

/// Package versions with known vulnerabilities, the most severe first.
fn affected(html: &mut Html, report: &Report) {
    let known = report.advisories_by_package();
    if known.is_empty() {
        return;
    }
    let mut in_order: Vec<_> = known.iter().collect();
    in_order.sort_by_key(|(package, found)| (std::cmp::Reverse(worst(found)), **package));
    html.raw("<h3>With known vulnerabilities</h3>\n");
    html.table(&["Package", "In use", "Fixed in", "Through", "Advisories"], |html| {
        for ((ecosystem, name, version), found) in in_order.iter().take(AFFECTED) {
            html.raw("<tr><td>")
                .text(name)
                .raw("<br><small class=\"muted\">")
                .text(ecosystem)
                .raw("</small></td>");
            html.cell(version);
            let hits = || found.iter().filter_map(|finding| finding.package.as_ref());
            let fixed: Vec<&str> = hits().filter_map(|hit| hit.fixed.as_deref()).collect();
            html.cell(&newest(ecosystem, &fixed).unwrap_or_else(|| "not known".to_owned()));
            html.cell(&hits().next().map_or_else(String::new, |hit| hit.via.join(" → ")));
            html.raw("<td><ul class=\"plain\">");
            for finding in found.iter().take(ADVISORIES) {
                html.element("li", "", |html| advisory(html, finding));
            }
            html.raw("</ul>").cut(ADVISORIES, found.len(), "advisories of one package").raw("</td></tr>\n");
        }
    });
    html.cut(AFFECTED, known.len(), "package versions with known vulnerabilities");
}

fn worst(found: &[&Finding]) -> analysis::report::Severity {
    found.iter().map(|finding| finding.severity).max().unwrap_or(analysis::report::Severity::Info)
}

/// The version that mends all: the newest of those that each mend one.
fn newest(ecosystem: &str, versions: &[&str]) -> Option<String> {
    let newer = |a: &&&str, b: &&&str| {
        analysis::versions::compare(ecosystem, a, b).unwrap_or(std::cmp::Ordering::Equal)
    };
    versions.iter().max_by(newer).map(|version| (*version).to_owned())
}

fn advisory(html: &mut Html, finding: &Finding) {
    severity(html, finding.severity);
    html.raw(" ");
    if let Some(hit) = &finding.package {
        html.text_in("code", "", &hit.advisory).raw(" ");
    }
    html.prose(title(finding));
}

/// What manifests ask for, then what comes through others.
fn all(html: &mut Html, report: &Report) {
    html.raw("<h3>Packages by ecosystem</h3>\n");
    html.table(
        &["Ecosystem", "*Direct", "*Indirect", "*Not pinned", "*Of examples and tests alone"],
        |html| {
            for (ecosystem, of) in report.packages() {
                html.raw("<tr>").cell(ecosystem);
                for number in [of.direct, of.indirect, of.unpinned, of.apart] {
                    html.number_cell(&count(number));
                }
                html.raw("</tr>\n");
            }
        },
    );
    let mut in_order: Vec<&Dependency> = report.dependencies.iter().filter(|it| it.direct).collect();
    in_order.sort_by_key(|it| it.role.is_apart());
    let all = in_order.len();
    in_order.truncate(PACKAGES);
    if in_order.is_empty() {
        return;
    }
    html.raw("<details><summary>Packages that manifests ask for</summary>\n");
    html.table(&["Package", "Version", "Used for", "Licence", "Where"], |html| {
        for dependency in &in_order {
            package(html, dependency);
        }
    });
    html.raw("</details>\n").cut(in_order.len(), all, "packages that manifests ask for");
}

fn package(html: &mut Html, dependency: &Dependency) {
    html.raw("<tr><td>").text(&dependency.name).raw(" <small class=\"muted\">").text(&dependency.ecosystem);
    html.raw("</small></td>");
    let asked = dependency.requirement.as_deref().map(|requirement| format!("{requirement}, not pinned"));
    html.cell(&dependency.version.clone().or(asked).unwrap_or_else(|| "not pinned".to_owned()));
    html.cell(match dependency.scope {
        Scope::Runtime => "the program",
        Scope::Optional => "on demand",
        Scope::Build => "the build",
        Scope::Dev => match dependency.role {
            Role::Example => "an example",
            Role::Test => "tests",
            Role::Docs => "documentation",
            Role::Project | Role::Tool => "development",
        },
    });
    html.cell(dependency.license.as_deref().unwrap_or("")).raw("<td>");
    if let Some(span) = dependency.evidence.first() {
        spot(html, span);
    }
    html.raw("</td></tr>\n");
}
