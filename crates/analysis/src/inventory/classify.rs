//! What a path and the first bytes say about a file.
pub(crate) fn is_lfs_pointer(_bytes: &[u8]) -> bool {
    false
}
pub(crate) fn is_vendored(_path: &str) -> bool {
    false
}
pub(crate) fn is_documentation(_path: &str) -> bool {
    false
}
pub(crate) fn is_test(_path: &str) -> bool {
    false
}
pub(crate) fn is_binary(_path: &str, bytes: &[u8]) -> bool {
    memchr::memchr(0, bytes).is_some()
}
pub(crate) fn is_fixture(_path: &str) -> bool {
    false
}
