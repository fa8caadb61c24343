//! The stack, on which private-key mathematics leaves copies of secrets that nobody owns.

use core::hint::black_box;

use zeroize::Zeroize;

/// More than what is called here takes: the deepest, P-521, takes less than a quarter of it without optimizations.
const SIZE: usize = 128 * 1024;

/// Calls `secretive`, and overwrites the stack that it used before giving back its result, which is not to hold secrets
/// itself but to point to them.
///
/// There is no way to be certain in safe Rust, as the compiler may use the stack as it likes; a test of the tool looks for
/// secrets in a memory image.
#[inline(never)]
pub(super) fn wiped<T>(secretive: impl FnOnce() -> T) -> T {
    let result = below(secretive);
    wipe();
    result
}

/// Keeps the variables of `secretive` out of the frame of [`wiped`].
#[inline(never)]
fn below<T>(secretive: impl FnOnce() -> T) -> T {
    secretive()
}

#[inline(never)]
fn wipe() {
    let mut octets = [0_u8; SIZE];
    octets.zeroize();
    black_box(&octets);
}
