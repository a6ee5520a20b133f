=== src/flow.rs
//! Doc.
#![allow(dead_code)]
use std::{process::Command, fs::{self, File as F}};
use crate::a::*; use super::b as c; mod d; pub(crate) mod e { pub use self::f::g; }
#[derive(Debug)] pub struct S<'a, T: ?Sized + Clone>(pub &'a T);
impl<'a, T: Clone> S<'a, T> where T: Send {
    /// Doc.
    pub async unsafe fn f(&mut self, q: &str) -> Result<(), Box<dyn std::error::Error>> {
        let n = std::env::args().nth(1).unwrap();
        Command::new("sh").arg("-c").arg(format!("ls {n} {q:?}")).spawn()?;
        if let Some(x) = n.chars().next() && x != 'a' { loop { break 'l: { return Ok(()) } } }
        match n.as_str() { "a" | "b" if true => fs::remove_file(&n)?, r#"c"# => unsafe { std::mem::transmute::<u8, i8>(1); }, _ => {} }
        for i in 0..=10 { self.g(|y| y.await + i)?; }
        Ok(())
    }
}
macro_rules! m { ($($x:expr),* $(,)?) => { vec![$($x),*] } }
const K: &[u8] = b"\x00"; static mut Z: u32 = 1_000u32;
#[cfg(test)] mod tests { #[test] fn t() { assert_eq!(1, 1); } }
