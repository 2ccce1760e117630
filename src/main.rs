//! `central`: see `central --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    central::cli::run()
}
