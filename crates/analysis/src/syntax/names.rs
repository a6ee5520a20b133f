//! Full names of what a file defines, and the names it uses: in the languages that refer to types by their name,
//! these lead from file to file where no import says so.

use std::collections::BTreeSet;

/// Names one file is seen to define or to use, at most.
const MAX_NAMES: usize = 2_000;

/// Longer names are not kept.
const MAX_LENGTH: usize = 200;

/// The names of one file, gathered during the walk.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The namespaces around the current node, segments joined by dots.
    spaces: Vec<String>,
    defines: BTreeSet<String>,
    uses: BTreeSet<String>,
}

impl Names {
    /// Enters a namespace; the caller leaves it again.
    pub(super) fn enter(&mut self, space: &str) {
        self.spaces.push(dotted(space));
    }

    pub(super) fn leave(&mut self) {
        self.spaces.pop();
    }

    /// The namespace of everything that follows.
    pub(super) fn begin(&mut self, space: &str) {
        self.spaces.clear();
        self.enter(space);
    }

    /// Notes a definition inside the namespaces and classes around it.
    pub(super) fn define(&mut self, parts: &[&str]) {
        let mut parts: Vec<&str> =
            self.spaces.iter().map(String::as_str).chain(parts.iter().copied()).collect();
        parts.retain(|part| !part.is_empty());
        keep(&mut self.defines, parts.join("."));
    }

    /// Notes a name as it is written.
    pub(super) fn uses(&mut self, name: &str) {
        if name.len() <= MAX_LENGTH && !self.uses.contains(name) {
            keep(&mut self.uses, name.to_owned());
        }
    }

    /// What is defined, and what is used of it elsewhere; both in order.
    pub(super) fn finish(self) -> (Vec<String>, Vec<String>) {
        let own: BTreeSet<&str> = self.defines.iter().filter_map(|name| name.rsplit('.').next()).collect();
        let uses = self.uses.into_iter().filter(|name| {
            let head = name.split(['.', '\\', ':']).next().unwrap_or(name);
            // A single capital is the parameter of a generic type.
            let generic = name.len() == 1;
            !generic && !own.contains(head)
        });
        let uses = uses.collect();
        (self.defines.into_iter().collect(), uses)
    }
}

fn keep(names: &mut BTreeSet<String>, name: String) {
    if !name.is_empty() && name.len() <= MAX_LENGTH && names.len() < MAX_NAMES {
        names.insert(name);
    }
}

/// A namespace as the language writes it (`A\B`, `A.B`), segments joined by dots.
fn dotted(space: &str) -> String {
    space.trim_matches('\\').replace('\\', ".").split_whitespace().collect()
}
