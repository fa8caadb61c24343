//! The search for primes.
//!
//! Testing a number for being prime costs thousands of times what it costs to find a small factor, so all numbers of a
//! stretch with a small factor are crossed out at first. That leaves a sixth fewer to test for a key of 2048 bits, and
//! a quarter fewer for one of 4096, than the sieve of the crate that tests them does.

mod fermat;

use alloc::vec::Vec;

use crypto_bigint::{BoxedUint, Limb, NonZero, Reciprocal, Word};
use crypto_primes::hazmat::{SetBits, random_odd_integer};
use crypto_primes::{Flavor, is_prime};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{Error, Step};

/// How many odd numbers are looked at from one random start: of 4096 bits, one in some fourteen hundred is prime.
const STRETCH: usize = 1 << 14;

/// Finds primes of one size.
pub(super) struct Search {
    bits: u32,
    small_primes: Vec<Product>,
}

impl Search {
    /// For primes of exactly `bits` bits.
    pub(super) fn new(bits: u32) -> Self {
        Self { bits, small_primes: products(&odd_primes_below(limit(bits))) }
    }

    /// A random prime, the highest two bits of it set so that the product of two has exactly twice as many.
    pub(super) fn prime(
        &self,
        rng: &mut impl CryptoRng,
        progress: &(dyn Fn(Step) + Sync),
    ) -> Result<Zeroizing<BoxedUint>, Error> {
        let length = self.bits.try_into().map_err(|_| Error::KeyGeneration)?;
        loop {
            let start = random_odd_integer::<BoxedUint, _>(rng, length, SetBits::TwoMsb);
            let start = Zeroizing::new(start.map_err(|_| Error::KeyGeneration)?.get());
            let has_factor = self.sieve(&start);
            let survivors = (0_u64..).zip(has_factor.iter()).filter(|(_, has_factor)| !**has_factor);
            for (index, _) in survivors {
                let offset = BoxedUint::from(index.saturating_mul(2));
                let candidate = Zeroizing::new(start.wrapping_add(&offset));
                // Behind the last number of this size, the sum has wrapped around or is longer.
                if candidate.bits() != self.bits || *candidate < *start {
                    break;
                }
                progress(Step::Candidate);
                if fermat::may_be_prime(&candidate) && is_prime(Flavor::Any, &*candidate) {
                    progress(Step::Prime);
                    return Ok(candidate);
                }
            }
        }
    }

    /// Of every odd number from `start` on, whether it has a small factor. What is returned tells much of the prime.
    fn sieve(&self, start: &BoxedUint) -> Zeroizing<Vec<bool>> {
        let mut has_factor = Zeroizing::new(Vec::new());
        has_factor.resize(STRETCH, false);
        for product in &self.small_primes {
            let remainder = start.rem_limb_with_reciprocal(&product.divisor).0;
            for &prime in &product.primes {
                let steps = steps_to_multiple(remainder.checked_rem(prime).unwrap_or(0), prime);
                let (Ok(first), Ok(step)) = (usize::try_from(steps), usize::try_from(prime)) else { continue };
                has_factor.iter_mut().skip(first).step_by(step.max(1)).for_each(|has_factor| *has_factor = true);
            }
        }
        has_factor
    }
}

/// The bound of the factors that are looked for in numbers of `bits` bits. Twice the bound finds few more, and costs
/// twice as much; the longer the numbers, the more a test costs that a factor saves.
fn limit(bits: u32) -> usize {
    usize::try_from(bits).unwrap_or(0).saturating_pow(2) / 8
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
    divisor: Reciprocal,
    primes: Vec<Word>,
}

impl Product {
    fn new(product: Word, primes: &[Word]) -> Option<Self> {
        let divisor: Option<NonZero<Limb>> = NonZero::new(Limb(product)).into();
        Some(Self { divisor: Reciprocal::new(divisor?), primes: primes.into() })
    }
}

/// As many primes to a product as fit a word.
fn products(mut primes: &[Word]) -> Vec<Product> {
    let mut products = Vec::new();
    while !primes.is_empty() {
        let (mut product, mut count): (Word, _) = (1, 0_usize);
        for &prime in primes {
            let Some(larger) = product.checked_mul(prime) else { break };
            (product, count) = (larger, count.saturating_add(1));
        }
        let Some((factors, rest)) = primes.split_at_checked(count) else { break };
        products.extend(Product::new(product, factors));
        primes = rest;
    }
    products
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
        let (first, step) = (number.saturating_mul(number), number.saturating_mul(2));
        is_composite.iter_mut().skip(first).step_by(step).for_each(|is_composite| *is_composite = true);
    }
    primes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_primes_are_all_there() {
        // Primes for keys of 2048 and 4096 bits, and the numbers of primes below 2^17 and 2^19, without 2: OEIS
        // A007053.
        for (bits, count, last) in [(1024, 12_251 - 1, 131_071), (2048, 43_390 - 1, 524_287)] {
            let search = Search::new(bits);
            let primes: Vec<Word> =
                search.small_primes.iter().flat_map(|product| product.primes.iter().copied()).collect();
            assert_eq!(primes.len(), count);
            assert_eq!((primes[..5].to_vec(), primes.last()), (Vec::from([3, 5, 7, 11, 13]), Some(&last)));
            for product in &search.small_primes {
                let divisor = product.primes.iter().product::<Word>();
                assert_eq!(product.divisor, Reciprocal::new(NonZero::new(Limb(divisor)).unwrap()));
            }
        }
    }

    #[test]
    fn what_is_crossed_out_has_a_small_factor_and_nothing_else_has() {
        let search = Search::new(1024);
        let primes = odd_primes_below(limit(1024));
        // Above the square of the limit, so that no small prime is crossed out itself.
        let start: Word = (1 << 40) + 12_345;
        let has_factor = search.sieve(&BoxedUint::from(start));
        for (number, crossed_out) in (start..).step_by(2).zip(has_factor.iter()).take(600) {
            assert_eq!(*crossed_out, primes.iter().any(|prime| number % prime == 0), "{number}");
        }
    }
}
