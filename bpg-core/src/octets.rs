//! Octets that know where they came from.

use core::fmt;

/// A borrowed run of octets together with the absolute position of its first octet in the input it was cut from.
///
/// `Octets` is the parser's only input type, so every value that is parsed from it has an address. It is a slice and an
/// offset: copying it copies no data. There is no indexing; cutting goes through [`split_at`](Self::split_at), which
/// answers `None` instead of panicking.
#[derive(Clone, Copy)]
pub struct Octets<'a> {
    data: &'a [u8],
    /// The position behind the last octet, and not that of the first one: it stays as it is for the octets that are left when
    /// some were read, which is what happens most. It is never less than the number of octets, so that subtracting that from
    /// it does not wrap.
    end: u64,
}

impl<'a> Octets<'a> {
    /// Octets whose first octet is at position `start` of the input they belong to.
    #[inline]
    #[must_use]
    pub const fn new(data: &'a [u8], start: u64) -> Self {
        Self { data, end: start.saturating_add(u64_from(data.len())) }
    }

    /// The octets themselves.
    #[inline]
    #[must_use]
    pub const fn as_slice(self) -> &'a [u8] {
        self.data
    }

    /// The number of octets.
    #[inline]
    #[must_use]
    pub const fn len(self) -> usize {
        self.data.len()
    }

    /// Whether there are no octets.
    #[inline]
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.data.is_empty()
    }

    /// The absolute position of the first octet.
    #[inline]
    #[must_use]
    pub const fn start(self) -> u64 {
        self.end.wrapping_sub(u64_from(self.data.len()))
    }

    /// The absolute position behind the last octet.
    #[inline]
    #[must_use]
    pub const fn end(self) -> u64 {
        self.end
    }

    /// The place of these octets in the input.
    #[inline]
    #[must_use]
    pub fn span(self) -> Span {
        Span { start: self.start(), end: self.end }
    }

    /// The first `count` octets and the rest, or `None` if there are fewer than `count`.
    #[inline]
    #[must_use]
    pub fn split_at(self, count: usize) -> Option<(Self, Self)> {
        let (head, tail) = self.data.split_at_checked(count)?;
        let head_end = self.end.wrapping_sub(u64_from(tail.len()));
        Some((Self { data: head, end: head_end }, Self { data: tail, end: self.end }))
    }

    /// The first `N` octets by value and the rest, or `None` if there are fewer than `N`.
    #[inline]
    #[must_use]
    pub(crate) fn split_array<const N: usize>(self) -> Option<([u8; N], Self)> {
        let (head, tail) = self.data.split_first_chunk::<N>()?;
        Some((*head, Self { data: tail, end: self.end }))
    }

    /// The octets from this position on: all of them if it is in front of the first one, none if it is behind the last one.
    #[inline]
    #[must_use]
    pub fn starting_at(self, position: u64) -> Self {
        self.behind(usize::try_from(position.saturating_sub(self.start())).unwrap_or(usize::MAX))
    }

    /// `count` octets behind the first `skip`. Whoever asks knows that they are there.
    #[inline]
    pub(crate) fn part(self, skip: usize, count: usize) -> Self {
        let part = self.split_at(skip).and_then(|(_, rest)| rest.split_at(count));
        part.map_or_else(|| Self::new(&[], self.end()), |(part, _)| part)
    }

    /// The octets behind the first `skip`, none if there are not so many.
    #[inline]
    pub(crate) fn behind(self, skip: usize) -> Self {
        self.split_at(skip).map_or_else(|| Self::new(&[], self.end()), |(_, rest)| rest)
    }

    /// The octets of `self` in front of `rest`, which has to be a tail of `self`.
    #[inline]
    pub(crate) fn before(self, rest: Self) -> Self {
        let count = self.len().saturating_sub(rest.len());
        match self.split_at(count) {
            Some((head, _)) => head,
            None => self,
        }
    }

    /// The number of octets, in the width that positions have.
    #[inline]
    #[must_use]
    pub fn len_u64(self) -> u64 {
        u64_from(self.len())
    }
}

impl<'a> From<&'a [u8]> for Octets<'a> {
    /// Octets at position 0.
    #[inline]
    fn from(data: &'a [u8]) -> Self {
        Self::new(data, 0)
    }
}

/// Shows the place and the length, never the contents: octets may be secret.
impl fmt::Debug for Octets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} octets at {}]", self.len(), self.start())
    }
}

/// A range of positions in the input, in octets: `start` is the first, `end` the one behind the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The position of the first octet.
    pub start: u64,
    /// The position behind the last octet.
    pub end: u64,
}

impl Span {
    /// The number of octets in the range.
    #[must_use]
    pub const fn len(self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Whether the range holds no octet.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether every position of `other` is one of `self`.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// `12..20`, the form used in the tool's output.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A number of octets as a length of memory. One that memory cannot hold is longer than what is there, whatever is there.
#[inline]
pub(crate) fn in_memory(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// A length of memory as a position. The conversions of the standard library are no constant functions.
#[cfg(target_pointer_width = "64")]
#[inline]
pub(crate) const fn u64_from(length: usize) -> u64 {
    u64::from_le_bytes(length.to_le_bytes())
}

/// A length of memory as a position. The conversions of the standard library are no constant functions.
#[cfg(target_pointer_width = "32")]
#[inline]
pub(crate) const fn u64_from(length: usize) -> u64 {
    let [a, b, c, d] = length.to_le_bytes();
    u64::from_le_bytes([a, b, c, d, 0, 0, 0, 0])
}
