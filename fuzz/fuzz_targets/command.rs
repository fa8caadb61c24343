//! Laws of the whole command: see `laws/command.rs` of bpg-cli's tests.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../bpg-cli/tests/laws/command.rs"]
mod command;

fuzz_target!(|input: &[u8]| command::laws(input));
