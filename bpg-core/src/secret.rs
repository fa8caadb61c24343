//! Octets that must not be shown.

#[cfg(feature = "alloc")]
use alloc::{string::String, vec::Vec};
use core::fmt;
#[cfg(feature = "alloc")]
use core::{
    mem,
    ops::{Deref, DerefMut},
};

use crate::octets::{Octets, Span};

/// Secret octets, borrowed from the input.
///
/// The only way to the octets is [`expose`](Self::expose), so that a search for that word finds every place where a
/// secret is looked at. `Debug` prints `[N octets]`; there is no `Display`, no comparison and no dereferencing.
#[derive(Clone, Copy)]
pub struct Secret<'a>(Octets<'a>);

impl<'a> Secret<'a> {
    pub(crate) const fn new(octets: Octets<'a>) -> Self {
        Self(octets)
    }

    /// The secret itself, with its place.
    #[must_use]
    pub const fn expose(self) -> Octets<'a> {
        self.0
    }

    /// The number of secret octets.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there are no octets.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The place of the secret in the input.
    #[must_use]
    pub fn span(self) -> Span {
        self.0.span()
    }

    /// A copy of the secret in memory that is wiped when it is dropped.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_zeroizing(self) -> zeroize::Zeroizing<Vec<u8>> {
        zeroize::Zeroizing::new(self.0.as_slice().to_vec())
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} octets]", self.len())
    }
}

/// Octets (`Vec<u8>`) or text (`String`) in memory that is wiped as a whole when it is dropped.
///
/// It is what [`Zeroizing`](zeroize::Zeroizing) is, for what may be large: that writes octet by octet, which takes longer
/// than to decode them. `Debug` prints `[N octets]`.
///
/// Octets may grow by the methods here, which wipe what moves where it was. Any other way to have them grow, and every way to
/// have text grow, leaves copies behind that are not wiped.
///
/// ```
/// use bpg_core::secret::Wiped;
///
/// let mut octets = Wiped::from(vec![1, 2, 3]);
/// octets.extend_from_slice(&[4, 5]);
/// assert_eq!(*octets, [1, 2, 3, 4, 5]);
/// ```
#[cfg(feature = "alloc")]
#[derive(Clone, Default)]
pub struct Wiped<T: Default + Into<Vec<u8>>>(T);

#[cfg(feature = "alloc")]
impl Wiped<Vec<u8>> {
    /// Makes room for so many octets more, and mostly for others behind them, as [`Vec::reserve`] does.
    pub fn reserve(&mut self, additional: usize) {
        if !self.has_room(additional) {
            self.move_to(self.0.len().saturating_add(additional).max(self.0.capacity().saturating_mul(2)));
        }
    }

    /// Makes room for so many octets more, as [`Vec::reserve_exact`] does.
    pub fn reserve_exact(&mut self, additional: usize) {
        if !self.has_room(additional) {
            self.move_to(self.0.len().saturating_add(additional));
        }
    }

    /// Has `length` octets from now on: others are `value`. As [`Vec::resize`].
    pub fn resize(&mut self, length: usize, value: u8) {
        self.reserve(length.saturating_sub(self.0.len()));
        self.0.resize(length, value);
    }

    /// Adds `octets`, as [`Vec::extend_from_slice`] does.
    #[inline]
    pub fn extend_from_slice(&mut self, octets: &[u8]) {
        self.reserve(octets.len());
        self.0.extend_from_slice(octets);
    }

    const fn has_room(&self, additional: usize) -> bool {
        additional <= self.0.capacity().saturating_sub(self.0.len())
    }

    #[cold]
    fn move_to(&mut self, capacity: usize) {
        let mut larger = Self(Vec::with_capacity(capacity));
        larger.0.extend_from_slice(&self.0);
        *self = larger;
    }
}

#[cfg(feature = "alloc")]
impl From<Vec<u8>> for Wiped<Vec<u8>> {
    fn from(octets: Vec<u8>) -> Self {
        Self(octets)
    }
}

#[cfg(feature = "alloc")]
impl From<String> for Wiped<String> {
    fn from(text: String) -> Self {
        Self(text)
    }
}

#[cfg(feature = "alloc")]
impl<T: Default + Into<Vec<u8>>> Deref for Wiped<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

#[cfg(feature = "alloc")]
impl<T: Default + Into<Vec<u8>>> DerefMut for Wiped<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

#[cfg(feature = "alloc")]
impl<T: Default + Into<Vec<u8>>> Drop for Wiped<T> {
    fn drop(&mut self) {
        wipe_all(&mut mem::take(&mut self.0).into());
    }
}

#[cfg(feature = "alloc")]
impl<T: Default + Into<Vec<u8>> + AsRef<[u8]>> fmt::Debug for Wiped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} octets]", self.0.as_ref().len())
    }
}

/// Overwrites all the memory that `octets` has, also behind the last of them: it is full of zeros then.
#[cfg(feature = "alloc")]
fn wipe_all(octets: &mut Vec<u8>) {
    octets.clear();
    // It has room for as many, so that it stays where it is.
    octets.resize(octets.capacity(), 0);
    zeroize::optimization_barrier(octets.as_slice());
}

/// Overwrites octets with zeros, at once, and has the compiler not leave that out because nobody reads them any more.
pub(crate) fn wipe(octets: &mut [u8]) {
    octets.fill(0);
    zeroize::optimization_barrier(octets);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_length_only() {
        let secret = Secret::new(Octets::new(b"hunter2", 9));
        assert_eq!(std::format!("{secret:?}"), "[7 octets]");
        assert_eq!(secret.expose().as_slice(), b"hunter2");
        assert_eq!(*secret.to_zeroizing(), b"hunter2");
    }

    #[test]
    fn wiped_memory_is_shown_by_its_length() {
        assert_eq!(std::format!("{:?}", Wiped::from(std::vec![7; 3])), "[3 octets]");
        assert_eq!(std::format!("{:?}", Wiped::from(String::from("secret"))), "[6 octets]");
    }

    /// As those of the standard library do, to the octet, whatever room there is.
    #[test]
    fn octets_grow_like_those_that_are_not_wiped() {
        let (mut wiped, mut due) = (Wiped::<Vec<u8>>::default(), Vec::new());
        for count in [0, 1, 2, 3, 100, 5, 1000, 0, 4096] {
            let octets: Vec<u8> = (0..=u8::MAX).cycle().take(count).collect();
            wiped.extend_from_slice(&octets);
            due.extend_from_slice(&octets);
            assert_eq!(*wiped, due);
            wiped.resize(due.len() / 2, 7);
            due.resize(due.len() / 2, 7);
            assert_eq!(*wiped, due);
            wiped.resize(due.len() + count, 9);
            due.resize(due.len() + count, 9);
            assert_eq!(*wiped, due);
        }
        let place = wiped.as_ptr();
        wiped.reserve(wiped.capacity() - wiped.len());
        assert_eq!(wiped.as_ptr(), place, "there was room");
        let (length, room) = (wiped.len(), wiped.capacity());
        wiped.reserve(room - length + 1);
        assert!(wiped.capacity() >= 2 * room, "a little more takes as much again");
        let room = wiped.capacity();
        wiped.reserve_exact(room - length + 1);
        assert_eq!((wiped.capacity(), &**wiped), (room + 1, &*due));
    }

    /// Also what is behind the last octet, where earlier ones were, and without moving to other memory.
    #[test]
    fn all_of_the_memory_is_overwritten() {
        let mut octets = Vec::with_capacity(100);
        octets.resize(octets.capacity(), 0xa5);
        octets.truncate(3);
        let (place, room) = (octets.as_ptr(), octets.capacity());
        wipe_all(&mut octets);
        assert_eq!((octets.as_ptr(), octets.capacity(), octets.len()), (place, room, room));
        assert!(octets.iter().all(|octet| *octet == 0));
        let mut octets = [0xa5; 100];
        wipe(&mut octets[..99]);
        assert_eq!((octets[..99].iter().max(), octets[99]), (Some(&0), 0xa5));
    }
}
