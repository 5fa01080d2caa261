//! The program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Err(error) = color_eyre::install() {
        eprintln!("frontdesk: {error}");
    }
    frontdesk::runtime::run(std::env::args_os())
}
