//! Decompression, a piece at a time.
//!
//! Where the data is damaged, everything in front of the damage is given, however the data came: bpg shows it.

use bpg_core::registry::CompressionAlgorithm;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_PARSE_ZLIB_HEADER};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use zeroize::Zeroizing;

/// How far back repeated data may be (RFC 1951 section 2).
const WINDOW: usize = 32 * 1024;

/// Decompresses data of one algorithm.
pub(super) enum Codec {
    /// Uncompressed data ends with its packet.
    Plain,
    Deflate(Box<Deflate>),
    Bzip2(bzip2::Decompress),
}

/// The state of decompressing deflated data (RFC 1951, RFC 1950).
pub(super) struct Deflate {
    state: DecompressorOxide,
    flags: u32,
    /// What was decompressed last, written around and around.
    window: Zeroizing<Vec<u8>>,
    /// What was not given yet.
    unread: std::ops::Range<usize>,
    status: TINFLStatus,
}

/// What came of one step of decompression.
pub(super) struct Step {
    /// How many octets of the input are done with.
    pub(super) taken: usize,
    /// How many octets were decompressed.
    pub(super) given: usize,
    pub(super) then: Then,
}

/// What follows a step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// More input is needed.
    Input,
    /// There may be more, whether there is input or not.
    Output,
    /// Nothing: this is the end.
    End,
    /// Something that cannot be decompressed.
    Damage,
}

impl Codec {
    // The state of a codec passes through the stack on its way to the heap, which must not be the stack of each level of
    // compressed packets.
    #[inline(never)]
    pub(super) fn new(algorithm: CompressionAlgorithm) -> Option<Self> {
        match algorithm {
            CompressionAlgorithm::UNCOMPRESSED => Some(Self::Plain),
            CompressionAlgorithm::ZIP => Some(Self::Deflate(Box::new(Deflate::new(0)))),
            CompressionAlgorithm::ZLIB => Some(Self::Deflate(Box::new(Deflate::new(TINFL_FLAG_PARSE_ZLIB_HEADER)))),
            CompressionAlgorithm::BZIP2 => Some(Self::Bzip2(bzip2::Decompress::new(false))),
            _ => None,
        }
    }

    /// Whether data of this algorithm says where it ends.
    pub(super) const fn has_end(&self) -> bool {
        !matches!(self, Self::Plain)
    }

    /// Decompresses what it can.
    pub(super) fn step(&mut self, input: &[u8], out: &mut [u8]) -> Step {
        match self {
            Self::Plain => {
                let count = input.len().min(out.len());
                out[..count].copy_from_slice(&input[..count]);
                Step { taken: count, given: count, then: Then::Input }
            }
            Self::Deflate(deflate) => deflate.step(input, out),
            Self::Bzip2(raw) => {
                let (before_in, before_out) = (raw.total_in(), raw.total_out());
                let status = raw.decompress(input, out);
                // Neither is more than the length of a slice.
                let (taken, given) = ((raw.total_in() - before_in) as usize, (raw.total_out() - before_out) as usize);
                let then = match status {
                    Ok(bzip2::Status::StreamEnd) => Then::End,
                    Ok(_) if given == out.len() => Then::Output,
                    Ok(_) => Then::Input,
                    Err(_) => Then::Damage,
                };
                Step { taken, given, then }
            }
        }
    }
}

impl Deflate {
    fn new(flags: u32) -> Self {
        Self {
            state: DecompressorOxide::new(),
            flags: flags | TINFL_FLAG_HAS_MORE_INPUT,
            window: Zeroizing::new(vec![0; WINDOW]),
            unread: 0..0,
            status: TINFLStatus::NeedsMoreInput,
        }
    }

    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Step {
        let goes_on = matches!(self.status, TINFLStatus::NeedsMoreInput | TINFLStatus::HasMoreOutput);
        let mut taken = 0;
        if self.unread.is_empty() && goes_on {
            let start = self.unread.end % WINDOW;
            let (status, count, given) = decompress(&mut self.state, input, &mut self.window, start, self.flags);
            (self.status, self.unread, taken) = (status, start..start + given, count);
        }
        let given = self.unread.len().min(out.len());
        out[..given].copy_from_slice(&self.window[self.unread.start..self.unread.start + given]);
        self.unread.start += given;
        let then = match self.status {
            _ if !self.unread.is_empty() => Then::Output,
            TINFLStatus::Done => Then::End,
            TINFLStatus::NeedsMoreInput => Then::Input,
            TINFLStatus::HasMoreOutput => Then::Output,
            _ => Then::Damage,
        };
        Step { taken, given, then }
    }
}
