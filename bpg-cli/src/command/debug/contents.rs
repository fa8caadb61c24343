//! What is in compressed packets (RFC 9580 section 5.6).

mod codec;

use std::io::{self, Read};

use bpg_core::registry::CompressionAlgorithm;
use zeroize::Zeroizing;

use self::codec::{Codec, Then};
use super::limits::Spent;

/// How much is read at once.
const CHUNK: usize = 32 * 1024;

/// Reads what compressed data decompresses to, as far as the limits go. What is wrong with the data looks like its end, so
/// that everything in front of it is shown, and is asked for behind that.
pub(super) struct Contents<'r> {
    codec: Codec,
    input: &'r mut dyn Read,
    spent: &'r Spent<'r>,
    piece: Zeroizing<Vec<u8>>,
    /// The octets of the piece that are not decompressed yet.
    unread: std::ops::Range<usize>,
    /// What the last step asked for.
    then: Then,
    ended: Option<End>,
}

/// How the contents ended.
#[derive(Debug)]
pub(super) enum End {
    /// Where the compressed data says that it ends.
    Good,
    /// Nowhere: the compressed data goes on where the packet ends.
    CutShort,
    /// Where the data cannot be decompressed.
    Damaged,
    /// Where the limit is.
    OverLimit(u64),
    /// The packet cannot be read on.
    Unreadable(io::Error),
}

impl<'r> Contents<'r> {
    /// The contents of `input`, unless nobody knows the algorithm.
    pub(super) fn new(algorithm: CompressionAlgorithm, input: &'r mut dyn Read, spent: &'r Spent<'r>) -> Option<Self> {
        let codec = Codec::new(algorithm)?;
        Some(Self {
            codec,
            input,
            spent,
            piece: Zeroizing::new(vec![0; CHUNK]),
            unread: 0..0,
            then: Then::Input,
            ended: None,
        })
    }

    /// Decompresses to the end, to see how it ends, and how many octets of the packet are behind the end, which `pass_on`
    /// gets.
    pub(super) fn finish(mut self, mut pass_on: impl FnMut(&[u8])) -> (End, u64) {
        let mut out = Zeroizing::new(vec![0; CHUNK]);
        while self.ended.is_none() {
            self.step(&mut out);
        }
        let mut left_over = 0;
        while matches!(self.ended, Some(End::Good)) {
            left_over += self.unread.len() as u64;
            pass_on(&self.piece[self.unread.clone()]);
            if !self.codec.has_end() || !self.fill() {
                break;
            }
        }
        (self.ended.unwrap_or(End::Good), left_over)
    }

    /// Decompresses at least one octet, unless it ends.
    fn step(&mut self, out: &mut [u8]) -> usize {
        while self.ended.is_none() {
            if self.then == Then::Input && self.unread.is_empty() && !self.fill() {
                // An end that is not marked, or one that is overdue.
                self.ended.get_or_insert(if self.codec.has_end() { End::CutShort } else { End::Good });
                return 0;
            }
            // An octet more, to see whether there is one.
            let allowed = usize::try_from(self.spent.decompressible()).unwrap_or(usize::MAX);
            let most = allowed.saturating_add(1).min(out.len());
            let step = self.codec.step(&self.piece[self.unread.clone()], &mut out[..most]);
            self.unread.start += step.taken;
            self.then = step.then;
            self.ended = match step.then {
                Then::End => Some(End::Good),
                Then::Damage => Some(End::Damaged),
                Then::Input | Then::Output => None,
            };
            if let Err(limit) = self.spent.decompressed(step.given as u64) {
                self.ended = Some(End::OverLimit(limit));
            }
            let given = step.given.min(allowed);
            if given > 0 {
                return given;
            }
        }
        0
    }

    /// Reads the next piece, `false` if there is none.
    fn fill(&mut self) -> bool {
        loop {
            match self.input.read(&mut self.piece) {
                Ok(count) => {
                    self.unread = 0..count;
                    return count > 0;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = Some(End::Unreadable(error));
                    return false;
                }
            }
        }
    }
}

impl Read for Contents<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        Ok(if out.is_empty() { 0 } else { self.step(out) })
    }
}
