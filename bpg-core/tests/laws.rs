//! The laws of the design, over every file of both corpora.
mod common;
use common::laws;
use std::collections::HashSet;

#[test]
fn measure() {
    let limit: usize = std::env::var("LIMIT").unwrap().parse().unwrap();
    let mut seen = HashSet::new();
    let inputs: Vec<_> =
        common::inputs().into_iter().filter(|i| i.octets.len() <= limit && seen.insert(i.octets.clone())).collect();
    let t = std::time::Instant::now();
    eprintln!("{} inputs, {} octets", inputs.len(), inputs.iter().map(|i| i.octets.len()).sum::<usize>());
    for input in &inputs {
        for n in 0..input.octets.len() {
            laws::check(&input.octets[..n]);
        }
    }
    eprintln!("prefixes {:?}", t.elapsed());
    let t = std::time::Instant::now();
    for input in &inputs {
        let r = std::panic::catch_unwind(|| {
            let mut o = input.octets.clone();
            for n in 0..o.len() * 8 {
                o[n / 8] ^= 1 << (n % 8);
                laws::check(&o);
                o[n / 8] ^= 1 << (n % 8);
            }
        });
        if r.is_err() {
            eprintln!("FAIL {}", input.name);
        }
    }
    eprintln!("flips {:?}", t.elapsed());
}
