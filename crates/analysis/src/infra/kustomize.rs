//! Kustomize: the images whose versions it sets in the manifests of its folder and those below.

use crate::inventory::tree::Node;

/// The names of images that get a tag or a digest.
pub(super) fn images(documents: &[Node]) -> Vec<String> {
    let all = documents.iter().flat_map(|document| document.list("images"));
    let set = all.filter(|image| image.get("newTag").is_some() || image.get("digest").is_some());
    set.filter_map(|image| image.text_of("name")).map(str::to_owned).collect()
}
