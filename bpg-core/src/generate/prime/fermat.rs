//! Fermat's test, which throws out nearly every number that is not prime.
//!
//! An odd prime n divides 2^(n − 1) − 1, and hardly another number does. The number that passes is tested in full
//! afterwards, so all that is asked of this test is to be quick: numbers of the usual sizes are not on the heap, and
//! powers of two take squarings and doublings only. The same steps are taken whichever bits of the number are set, as
//! one of the numbers becomes a secret; only what is calculated of the number in advance may take longer for some, as in
//! the full test.

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{BoxedUint, Choice, CtAssign, MontyForm, MontyMultiplier, Odd, U1024, U1536, U2048, Uint, Word};

/// Whether the number may be prime. Of sizes other than those of the primes for keys of 2048, 3072 and 4096 bits, any
/// may.
pub(super) fn may_be_prime(number: &BoxedUint) -> bool {
    let passes = match number.bits() {
        U1024::BITS => fixed(number).map(|number| passes::<{ U1024::LIMBS }>(&number)),
        U1536::BITS => fixed(number).map(|number| passes::<{ U1536::LIMBS }>(&number)),
        U2048::BITS => fixed(number).map(|number| passes::<{ U2048::LIMBS }>(&number)),
        _ => None,
    };
    passes.unwrap_or(true)
}

/// An odd number of as many words as this.
fn fixed<const LIMBS: usize>(number: &BoxedUint) -> Option<Odd<Uint<LIMBS>>> {
    let words: [Word; LIMBS] = number.as_words().try_into().ok()?;
    Uint::from_words(words).to_odd().into()
}

/// Whether 2^(number − 1) leaves 1 if divided by the number, whose highest bit is set.
fn passes<const LIMBS: usize>(number: &Odd<Uint<LIMBS>>) -> bool {
    let params = FixedMontyParams::new_vartime(*number);
    power_of_two(&number.wrapping_sub(&Uint::ONE), &params) == FixedMontyForm::one(&params)
}

/// 2^exponent, reduced by a modulus whose highest bit is set. The time does not depend on the exponent.
fn power_of_two<const LIMBS: usize>(exponent: &Uint<LIMBS>, params: &FixedMontyParams<LIMBS>) -> FixedMontyForm<LIMBS> {
    let mut multiplier = <FixedMontyForm<LIMBS> as MontyForm>::Multiplier::from(params);
    let mut power = FixedMontyForm::one(params);
    for index in (0..Uint::<LIMBS>::BITS).rev() {
        // The library squares in the time of a multiplication.
        if LIMBS == U1024::LIMBS {
            square(&mut power, params);
        } else {
            multiplier.square_assign(&mut power);
        }
        let double = power.as_montgomery().double_mod(params.modulus().as_nz_ref());
        power.as_montgomery_mut().ct_assign(&double, Choice::from_u8_lsb(exponent.bit_vartime(index).into()));
    }
    power
}

/// Squares, and reduces afterwards. For 1024 bits this is quicker than to do both at once, for more it is not.
#[inline(always)]
fn square<const LIMBS: usize>(form: &mut FixedMontyForm<LIMBS>, params: &FixedMontyParams<LIMBS>) {
    let modulus = params.modulus().as_nz_ref();
    let (low, high) = form.as_montgomery().widening_square();
    // With R = 2^BITS, the square of aR is to become a²R: one R too many has to go. The higher half loses it by its
    // place, and the lower one as any number in Montgomery form does. As the highest bit of the modulus is set, the
    // lower half is less than twice the modulus.
    *form.as_montgomery_mut() = low.sub_mod(modulus.as_ref(), modulus);
    *form.as_montgomery_mut() = high.add_mod(&form.retrieve(), modulus);
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use chacha20::ChaCha20Rng;
    use crypto_bigint::Resize;
    use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
    use crypto_primes::hazmat::{SetBits, random_odd_integer};
    use rand_core::SeedableRng;

    use super::*;

    /// 2^bits − less: one of the largest numbers of a size.
    fn below_power(bits: u32, less: u64) -> BoxedUint {
        BoxedUint::zero_with_precision(bits).wrapping_sub(BoxedUint::from(less))
    }

    /// 2^(bits − 1) + more: one of the smallest numbers of a size.
    fn above_power(bits: u32, more: u64) -> BoxedUint {
        let one = BoxedUint::one().resize(bits);
        one.shl(bits.saturating_sub(1)).wrapping_add(BoxedUint::from(more))
    }

    #[test]
    fn primes_pass_and_their_neighbours_do_not() {
        // The largest and the smallest prime of each size.
        for (bits, less, more) in [(1024, 105, 1155), (1536, 3453, 699), (2048, 1557, 1919)] {
            assert!(may_be_prime(&below_power(bits, less)), "2^{bits} - {less}");
            assert!(may_be_prime(&above_power(bits, more)), "2^({bits} - 1) + {more}");
            for number in 1..10 {
                assert!(!may_be_prime(&below_power(bits, less - 2 * number)), "2^{bits} - {less} + 2 * {number}");
                assert!(!may_be_prime(&above_power(bits, more - 2 * number)), "2^({bits} - 1) + {more} - 2 * {number}");
            }
        }
    }

    #[test]
    fn numbers_of_other_sizes_pass() {
        // Powers of two.
        for bits in [1023, 1025, 1472, 2112, 4096] {
            assert!(may_be_prime(&above_power(bits, 0)), "{bits}");
        }
    }

    #[test]
    fn powers_are_those_of_the_library() {
        compare::<{ U1024::LIMBS }>();
        compare::<{ U1536::LIMBS }>();
        compare::<{ U2048::LIMBS }>();
    }

    /// The other way is that of numbers on the heap, in windows of the exponent.
    fn compare<const LIMBS: usize>() {
        let bits = Uint::<LIMBS>::BITS;
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let mut random = || random_odd_integer::<BoxedUint, _>(&mut rng, bits.try_into().unwrap(), SetBits::Msb);
        let mut numbers: Vec<Odd<BoxedUint>> = (0..20).map(|_| random().unwrap()).collect();
        numbers.extend([below_power(bits, 1), above_power(bits, 1)].map(|number| number.to_odd().unwrap()));
        for number in numbers {
            let exponent = number.wrapping_sub(BoxedUint::one());
            let two = BoxedUint::from(2_u8).resize(bits);
            let expected = BoxedMontyForm::new(two, &BoxedMontyParams::new(number.clone())).pow(&exponent).retrieve();
            let params = FixedMontyParams::new(fixed::<LIMBS>(&number).unwrap());
            let power = power_of_two(&Uint::from_words(exponent.as_words().try_into().unwrap()), &params);
            assert_eq!(power.retrieve().as_words(), expected.as_words(), "{number}");
        }
    }
}
