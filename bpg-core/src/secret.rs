//! Octets that must not be shown.

use core::fmt;

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
    pub fn to_zeroizing(self) -> zeroize::Zeroizing<alloc::vec::Vec<u8>> {
        zeroize::Zeroizing::new(self.0.as_slice().to_vec())
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} octets]", self.len())
    }
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
}
