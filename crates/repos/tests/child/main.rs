//! The analysis child on its own, for tests.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(repos::child::main(std::io::stdin(), std::io::stdout()))
}
