//! What is in compressed packets (RFC 9580 section 5.6).

use std::io::{self, Read};

use bpg_core::registry::CompressionAlgorithm;
use flate2::FlushDecompress;
use zeroize::Zeroizing;

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

enum Codec {
    /// Uncompressed data ends with its packet.
    Plain,
    Deflate(flate2::Decompress),
    Bzip2(bzip2::Decompress),
}

/// What came of one step of decompression.
struct Step {
    taken: usize,
    given: usize,
    is_end: bool,
}

impl Codec {
    // The state of a codec passes through the stack on its way to the heap, which must not be the stack of each level of
    // compressed packets.
    #[inline(never)]
    fn new(algorithm: CompressionAlgorithm) -> Option<Self> {
        match algorithm {
            CompressionAlgorithm::UNCOMPRESSED => Some(Self::Plain),
            CompressionAlgorithm::ZIP => Some(Self::Deflate(flate2::Decompress::new(false))),
            CompressionAlgorithm::ZLIB => Some(Self::Deflate(flate2::Decompress::new(true))),
            CompressionAlgorithm::BZIP2 => Some(Self::Bzip2(bzip2::Decompress::new(false))),
            _ => None,
        }
    }

    /// Decompresses what it can, `None` if the data is damaged.
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Option<Step> {
        match self {
            Self::Plain => {
                let count = input.len().min(out.len());
                out[..count].copy_from_slice(&input[..count]);
                Some(Step { taken: count, given: count, is_end: false })
            }
            Self::Deflate(raw) => {
                let (before_in, before_out) = (raw.total_in(), raw.total_out());
                let status = raw.decompress(input, out, FlushDecompress::None).ok()?;
                let is_end = status == flate2::Status::StreamEnd;
                Some(Step::of(raw.total_in() - before_in, raw.total_out() - before_out, is_end))
            }
            Self::Bzip2(raw) => {
                let (before_in, before_out) = (raw.total_in(), raw.total_out());
                let status = raw.decompress(input, out).ok()?;
                let is_end = status == bzip2::Status::StreamEnd;
                Some(Step::of(raw.total_in() - before_in, raw.total_out() - before_out, is_end))
            }
        }
    }
}

impl Step {
    fn of(taken: u64, given: u64, is_end: bool) -> Self {
        // Neither is more than the length of a slice.
        Self { taken: taken as usize, given: given as usize, is_end }
    }
}

impl<'r> Contents<'r> {
    /// The contents of `input`, unless nobody knows the algorithm.
    pub(super) fn new(algorithm: CompressionAlgorithm, input: &'r mut dyn Read, spent: &'r Spent<'r>) -> Option<Self> {
        let codec = Codec::new(algorithm)?;
        Some(Self { codec, input, spent, piece: Zeroizing::new(vec![0; CHUNK]), unread: 0..0, ended: None })
    }

    /// Decompresses to the end, to see how it ends, and how many octets of the packet that were read are behind the end.
    pub(super) fn finish(mut self) -> (End, u64) {
        let mut out = Zeroizing::new(vec![0; CHUNK]);
        while self.ended.is_none() {
            self.step(&mut out);
        }
        (self.ended.unwrap_or(End::Good), self.unread.len() as u64)
    }

    /// Decompresses at least one octet, unless it ends.
    fn step(&mut self, out: &mut [u8]) -> usize {
        while self.ended.is_none() {
            if self.unread.is_empty() && !self.fill() {
                // An end that is not marked, or one that is overdue.
                self.ended.get_or_insert(match self.codec {
                    Codec::Plain => End::Good,
                    Codec::Deflate(_) | Codec::Bzip2(_) => End::CutShort,
                });
                // The codec may hold octets back.
                return self.codec.step(&[], out).map_or(0, |step| step.given);
            }
            let Some(step) = self.codec.step(&self.piece[self.unread.clone()], out) else {
                self.ended = Some(End::Damaged);
                return 0;
            };
            self.unread.start += step.taken;
            if step.is_end {
                self.ended = Some(End::Good);
            }
            if let Err(limit) = self.spent.decompressed(step.given as u64) {
                self.ended = Some(End::OverLimit(limit));
            }
            if step.given > 0 {
                return step.given;
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
