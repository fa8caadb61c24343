//! Laws of the whole command: see `laws/command.rs` of bpg-cli's tests.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../bpg-cli/tests/laws/command.rs"]
mod command;

// The input chooses the options: with all of them, each would be tried with few inputs.
fuzz_target!(|input: &[u8]| {
    let sum = input.iter().fold(0_usize, |sum, octet| sum.wrapping_add(usize::from(*octet)));
    command::laws(input, command::OPTIONS[sum % command::OPTIONS.len()]);
});
