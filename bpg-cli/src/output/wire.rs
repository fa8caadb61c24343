//! The octets behind what is told: those of packets that were read and not told of yet.
//!
//! The file, what armor holds, and what a packet decompresses to each count positions of their own, and what is in one of
//! them is told while the one around it waits, so that there is a stack of them. Octets are forgotten as soon as they were
//! told of: what is held is a packet, or a piece of a payload, and what was read ahead.

use bpg_core::octets::Span;
use bpg_core::secret::Wiped;

/// How many octets of a payload are kept while it is read.
pub(crate) const KEPT: usize = 1024;

/// What was read and not told of yet.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    spaces: Vec<Space>,
}

/// Octets with positions of their own.
struct Space {
    /// The position of the first octet that was not told of.
    position: u64,
    /// All octets in memory, of which those in front of `told` were told of.
    octets: Wiped<Vec<u8>>,
    told: usize,
    /// The start of a payload whose other octets are forgotten, and its position.
    kept: Option<(u64, Wiped<Vec<u8>>)>,
}

impl Wire {
    /// Goes inside of what has positions of its own, which count on from `position`, and returns its level.
    pub(crate) fn enter(&mut self, position: u64) -> usize {
        self.spaces.push(Space { position, octets: Wiped::default(), told: 0, kept: None });
        self.spaces.len() - 1
    }

    /// Comes out of what was entered last, and forgets all octets of it.
    pub(crate) fn leave(&mut self) {
        self.spaces.pop();
    }

    /// The level of what was entered last.
    pub(crate) fn level(&self) -> usize {
        self.spaces.len().saturating_sub(1)
    }

    /// Takes the next octets that were read at a level.
    pub(crate) fn read(&mut self, level: usize, octets: &[u8]) {
        let Some(space) = self.spaces.get_mut(level) else { return };
        if space.told > 0 {
            let left = space.octets.len() - space.told;
            space.octets.copy_within(space.told.., 0);
            space.octets.truncate(left);
            space.told = 0;
        }
        space.octets.extend_from_slice(octets);
    }

    /// The position of the first octet at a level that was not told of.
    pub(crate) fn position(&self, level: usize) -> Option<u64> {
        self.spaces.get(level).map(|space| space.position)
    }

    /// As many octets as there are up to `end`, from the first one at that level on that was not told of.
    pub(crate) fn up_to(&self, level: usize, end: u64) -> &[u8] {
        let Some(space) = self.spaces.get(level) else { return &[] };
        let octets = &space.octets[space.told..];
        let count = usize::try_from(end.saturating_sub(space.position)).unwrap_or(usize::MAX);
        &octets[..count.min(octets.len())]
    }

    /// The octets of a field in the innermost space, as many as are still there.
    pub(crate) fn field(&self, span: Span) -> &[u8] {
        let Some(space) = self.spaces.last() else { return &[] };
        if let Some((start, kept)) = &space.kept
            && *start == span.start
        {
            return kept;
        }
        let Some(skipped) = span.start.checked_sub(space.position) else { return &[] };
        let octets = self.up_to(self.level(), span.end);
        usize::try_from(skipped).ok().and_then(|skipped| octets.get(skipped..)).unwrap_or_default()
    }

    /// Forgets what is in front of `end` at a level.
    pub(crate) fn forget(&mut self, level: usize, end: u64) {
        let count = self.up_to(level, end).len();
        if let Some(space) = self.spaces.get_mut(level) {
            space.told += count;
            space.position = space.position.max(end);
            space.kept = None;
        }
    }

    /// Forgets what is in front of `end` at a level, but for the first octets, which are those of a payload.
    pub(crate) fn keep_start(&mut self, level: usize, end: u64) {
        let octets = self.up_to(level, end);
        let Some(space) = self.spaces.get(level) else { return };
        let mut kept = Wiped::from(Vec::with_capacity(KEPT));
        let start = match &space.kept {
            Some((start, before)) => {
                kept.extend_from_slice(before);
                *start
            }
            None => space.position,
        };
        let room = KEPT - kept.len();
        kept.extend_from_slice(&octets[..octets.len().min(room)]);
        self.forget(level, end);
        if let Some(space) = self.spaces.get_mut(level) {
            space.kept = Some((start, kept));
        }
    }
}

/// Shows no octet of the input.
impl std::fmt::Debug for Space {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Space").field("position", &self.position).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_space_has_positions_of_its_own() {
        let mut wire = Wire::default();
        let file = wire.enter(100);
        wire.read(file, b"abcdef");
        wire.forget(file, 102);
        let inner = wire.enter(0);
        wire.read(inner, b"xyz");
        // The one around it is read on for the inner one.
        wire.read(file, b"ghi");
        assert_eq!(wire.field(Span { start: 1, end: 3 }), b"yz");
        wire.leave();
        assert_eq!(wire.field(Span { start: 103, end: 108 }), b"defgh");
        assert_eq!(wire.up_to(file, u64::MAX), b"cdefghi");
        assert_eq!((wire.position(file), wire.position(inner)), (Some(102), None));
        // What is forgotten, or was never there.
        assert_eq!(wire.field(Span { start: 101, end: 103 }), b"");
        assert_eq!(wire.field(Span { start: 109, end: 111 }), b"");
    }

    #[test]
    fn of_a_payload_the_start_is_kept() {
        let mut wire = Wire::default();
        let level = wire.enter(0);
        wire.read(level, &[1; 1000]);
        wire.keep_start(level, 900);
        wire.read(level, &[2; 5000]);
        wire.keep_start(level, 5000);
        let span = Span { start: 0, end: 6000 };
        assert_eq!(wire.field(span), [&[1; 900][..], &[1; 100], &[2; 24]].concat());
        wire.forget(level, 6000);
        assert_eq!((wire.field(span), wire.up_to(level, 9000)), (&b""[..], &b""[..]));
    }
}
