//! What one file says about services, before the files are joined.

use serde::{Deserialize, Serialize};

use super::program::Started;
use crate::report::CallKind;
use crate::source::join;

/// Things that one file may describe; more would be generated.
const MOST: usize = 500;
/// Addresses, needs and other names of one thing.
const MOST_NAMES: usize = 100;

/// Something that runs, or that stands for something that does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// What kind of statement it is.
    pub source: UnitSource,
    /// Its name where it is described; empty where it has none.
    pub name: String,
    /// The line it starts on.
    pub line: u32,
    /// The image it runs or becomes, as written.
    pub image: Option<String>,
    /// Folder of its sources, from the root; empty for the root itself.
    pub folder: Option<String>,
    /// Path of its Dockerfile, from the root.
    pub dockerfile: Option<String>,
    /// Other names by which it can be reached.
    pub aliases: Vec<String>,
    /// Things that it names as needed, by their names in the same place.
    pub needs: Vec<Need>,
    /// Hosts whose addresses are in its configuration.
    pub hosts: Vec<Host>,
    /// Labels of what runs (Kubernetes).
    pub labels: Vec<(String, String)>,
    /// Labels of what it stands for (a Service of Kubernetes).
    pub selector: Vec<(String, String)>,
    /// Names of the configuration it takes (Kubernetes), or of the variables that a file beside it fills in (compose).
    pub configs: Vec<String>,
    /// What the image of a Dockerfile starts, or the folder it starts in, where that has a name of its own.
    #[serde(default)]
    pub program: Option<String>,
    /// What its command may start, each with its line (Dockerfiles, Procfiles, compose, Kubernetes).
    #[serde(default)]
    pub starts: Vec<(u32, Started)>,
    /// Whether it says that it runs as another user than root.
    pub limited: bool,
}

/// What kind of statement a [`Unit`] is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitSource {
    /// A service of a compose file.
    #[default]
    Compose,
    /// A workload of Kubernetes: Deployment, `StatefulSet`, `DaemonSet`, Job, `CronJob`, Pod.
    Workload,
    /// A Service of Kubernetes: a name for workloads.
    Name,
    /// An Ingress of Kubernetes: what lets requests in.
    Ingress,
    /// Configuration that workloads of Kubernetes take.
    Config,
    /// A Dockerfile that builds something that runs.
    Dockerfile,
    /// A step of continuous integration that builds an image from a folder.
    Build,
    /// A process of a Procfile.
    Process,
    /// A variable of the file that compose reads beside its own.
    Variable,
}

/// A thing that is named as needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Need {
    /// Its name.
    pub name: String,
    /// The line that says so.
    pub line: u32,
    /// How it says so.
    pub kind: CallKind,
}

/// A host in an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Host {
    /// Its name, in lower case; never with a user or a password.
    pub name: String,
    /// The line of the address.
    pub line: u32,
}

/// The units, no more than a person could have written.
pub(super) fn bounded(mut units: Vec<Unit>) -> Vec<Unit> {
    units.truncate(MOST);
    for unit in &mut units {
        unit.hosts.sort();
        unit.hosts.dedup_by(|a, b| a.name == b.name);
        unit.hosts.truncate(MOST_NAMES);
        unit.needs.truncate(MOST_NAMES);
        unit.aliases.truncate(MOST_NAMES);
        unit.configs.truncate(MOST_NAMES);
        unit.starts.truncate(MOST_NAMES);
    }
    units
}

/// The path that a relative one leads to from a folder; `None` when it leaves the repository or is not fixed.
pub(super) fn resolve(folder: &str, relative: &str) -> Option<String> {
    if relative.starts_with(['/', '~']) || relative.contains(['$', ':', '{']) {
        return None;
    }
    join(folder, relative)
}
