//! What the imports of Go files say about the modules in `go.mod`.

use std::collections::BTreeSet;

use super::Input;
use super::parts::{go_imports, is_go};
use crate::inventory;
use crate::report::Dependency;

/// Gives the scope of development to modules that only tests and examples import, where every Go file was read.
pub(super) fn narrow_scopes(input: &Input, dependencies: &mut [Dependency]) {
    if go_imports(input).is_none() {
        return;
    }
    let (mut shipped, mut tested) = (BTreeSet::new(), BTreeSet::new());
    for file in input.files.iter().filter(|file| is_go(&file.path) && !file.facts.inventory.vendored) {
        let imports = file.facts.rare().go_imports.iter().flatten().map(String::as_str);
        let of = if file.facts.inventory.test { &mut tested } else { &mut shipped };
        of.extend(imports);
    }
    inventory::narrow_go_scopes(dependencies, &shipped, &tested);
}
