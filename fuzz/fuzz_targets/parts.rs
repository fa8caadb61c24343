#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| bpg_fuzz::parts::laws(input));
