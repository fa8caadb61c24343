//! The search for primes.
//!
//! Testing a number for being prime costs thousands of times what it costs to find a small factor, so all numbers of a
//! stretch with a factor below a million are crossed out at first. That leaves a third fewer to test than the sieve of the
//! crate that tests them does.

use alloc::vec::Vec;
use std::sync::OnceLock;

use crypto_bigint::{BoxedUint, Limb, NonZero, Word};
use crypto_primes::hazmat::{SetBits, random_odd_integer};
use crypto_primes::{Flavor, is_prime};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{Error, Step};

/// The bound of the factors that are looked for. Twice the bound finds few more, and costs twice as much.
const LIMIT: usize = 1 << 20;
/// How many odd numbers are looked at from one random start: of 4096 bits, one in some fourteen hundred is prime.
const STRETCH: usize = 1 << 14;

/// A random prime of exactly `bits` bits, the highest two of them set so that the product of two has exactly twice as many.
pub(super) fn random(
    bits: u32,
    rng: &mut impl CryptoRng,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Zeroizing<BoxedUint>, Error> {
    let length = bits.try_into().map_err(|_| Error::KeyGeneration)?;
    loop {
        let start = random_odd_integer::<BoxedUint, _>(rng, length, SetBits::TwoMsb);
        let start = Zeroizing::new(start.map_err(|_| Error::KeyGeneration)?.get());
        let has_factor = sieve(&start);
        let survivors = (0_u64..).zip(has_factor.iter()).filter(|(_, has_factor)| !**has_factor);
        for (index, _) in survivors {
            let offset = BoxedUint::from(index.saturating_mul(2));
            let candidate = Zeroizing::new(start.wrapping_add(&offset));
            // Behind the last number of this size, the sum has wrapped around or is longer.
            if candidate.bits() != bits || *candidate < *start {
                break;
            }
            progress(Step::Candidate);
            if is_prime(Flavor::Any, &*candidate) {
                progress(Step::Prime);
                return Ok(candidate);
            }
        }
    }
}

/// Of every odd number from `start` on, whether it has a factor below [`LIMIT`]. What is returned tells much of the prime.
fn sieve(start: &BoxedUint) -> Zeroizing<Vec<bool>> {
    let mut has_factor = Zeroizing::new(Vec::new());
    has_factor.resize(STRETCH, false);
    for product in small_primes() {
        let remainder = product.divisor.map_or(Limb::ZERO, |divisor| start.rem_limb(divisor)).0;
        for &prime in &product.primes {
            let steps = steps_to_multiple(remainder.checked_rem(prime).unwrap_or(0), prime);
            let (Ok(first), Ok(step)) = (usize::try_from(steps), usize::try_from(prime)) else { continue };
            has_factor.iter_mut().skip(first).step_by(step.max(1)).for_each(|has_factor| *has_factor = true);
        }
    }
    has_factor
}

/// How many steps of 2 lead from a number with this remainder to the next multiple of an odd prime.
fn steps_to_multiple(remainder: Word, prime: Word) -> Word {
    match prime.saturating_sub(remainder) {
        distance if distance == prime => 0,
        distance if distance % 2 == 0 => distance / 2,
        distance => distance.saturating_add(prime) / 2,
    }
}

/// A few odd primes, and their product: one division of a long number gives its remainders by all of them.
struct Product {
    divisor: Option<NonZero<Limb>>,
    primes: Vec<Word>,
}

/// The odd primes below [`LIMIT`].
fn small_primes() -> &'static [Product] {
    static PRODUCTS: OnceLock<Vec<Product>> = OnceLock::new();
    PRODUCTS.get_or_init(|| {
        let mut products = Vec::new();
        let (mut product, mut primes): (Word, _) = (1, Vec::new());
        for prime in odd_primes_below(LIMIT) {
            match product.checked_mul(prime) {
                Some(larger) => product = larger,
                None => {
                    products.push(Product { divisor: NonZero::new(Limb(product)).into(), primes });
                    (product, primes) = (prime, Vec::new());
                }
            }
            primes.push(prime);
        }
        products.push(Product { divisor: NonZero::new(Limb(product)).into(), primes });
        products
    })
}

/// The sieve of Eratosthenes.
fn odd_primes_below(limit: usize) -> Vec<Word> {
    let mut is_composite = Vec::new();
    is_composite.resize(limit, false);
    let mut primes = Vec::new();
    for number in (3..limit).step_by(2) {
        if is_composite.get(number).is_none_or(|is_composite| *is_composite) {
            continue;
        }
        primes.extend(Word::try_from(number));
        let first = number.saturating_mul(number);
        is_composite.iter_mut().skip(first).step_by(number).for_each(|is_composite| *is_composite = true);
    }
    primes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_primes_are_all_there() {
        let primes: Vec<Word> = small_primes().iter().flat_map(|product| product.primes.iter().copied()).collect();
        // The number of primes below 2^20, without 2: OEIS A007053.
        assert_eq!(primes.len(), 82_025 - 1);
        assert_eq!((primes[..5].to_vec(), primes.last()), (Vec::from([3, 5, 7, 11, 13]), Some(&1_048_573)));
        for product in small_primes() {
            let divisor = product.primes.iter().product::<Word>();
            assert_eq!(product.divisor.map(|limb| limb.0), Some(divisor));
        }
    }

    #[test]
    fn what_is_crossed_out_has_a_small_factor_and_nothing_else_has() {
        // Above the square of the limit, so that no small prime is crossed out itself.
        let start: Word = (1 << 40) + 12_345;
        let has_factor = sieve(&BoxedUint::from(start));
        let primes = odd_primes_below(LIMIT);
        for (number, crossed_out) in (start..).step_by(2).zip(has_factor.iter()).take(600) {
            assert_eq!(*crossed_out, primes.iter().any(|prime| number % prime == 0), "{number}");
        }
    }
}
