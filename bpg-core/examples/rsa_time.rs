//! Makes certificates of two RSA keys each, as `bpg key gen rsa BITS` does, and prints what one key costs.
//!
//! ```text
//! cargo run --release -p bpg-core --features generate --example rsa_time -- [BITS [COUNT [SEED]]]
//! ```
//!
//! Without SEED, a number, every run makes other keys; with it the same ones, to count instructions.
//!
//! One line for each certificate: processor time in milliseconds of one of its two keys, in steps of five as the kernel
//! counts in hundredths of a second, and clock time of the whole. The last line has the medians.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement that fails has nothing to say")]

use std::time::Instant;

use bpg_core::generate::{Algorithm, KeyBuilder};
use bpg_core::time::Timestamp;
use chacha20::ChaCha20Rng;
use rand_core::SeedableRng;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u32>().unwrap());
    let (bits, count) = (arguments.next().unwrap_or(3072), arguments.next().unwrap_or(30));
    let mut rng = arguments.next().map_or_else(unseeded, |seed| ChaCha20Rng::seed_from_u64(seed.into()));
    let builder = KeyBuilder::new(Algorithm::Rsa(bits), Timestamp(1_700_000_000)).user_id("Alice");
    let (mut processor, mut clock) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let (ticks, start) = (user_ticks(), Instant::now());
        builder.generate(&mut rng, &|_| {}).unwrap();
        // A tick is a hundredth of a second on Linux; a certificate has two keys.
        processor.push((user_ticks() - ticks) * 10.0 / 2.0);
        clock.push(start.elapsed().as_secs_f64() * 1000.0);
        println!("{:8.1} {:8.1}", processor.last().unwrap(), clock.last().unwrap());
    }
    println!(
        "median of {count}, {bits} bits: {:.1} ms a key, {:.1} ms a certificate",
        median(processor),
        median(clock)
    );
}

/// From the operating system, so that every run makes other keys.
fn unseeded() -> ChaCha20Rng {
    let mut seed = [0; 32];
    std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom").unwrap(), &mut seed).unwrap();
    ChaCha20Rng::from_seed(seed)
}

/// Time spent by all threads outside the kernel, ended ones included: field 14 of /proc/self/stat.
fn user_ticks() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The name of the program, field 2, may have spaces in it.
    stat.rsplit(')').next().unwrap().split_whitespace().nth(11).unwrap().parse().unwrap()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
