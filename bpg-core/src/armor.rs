//! ASCII armor: OpenPGP data as lines of text (RFC 9580 section 6).
//!
//! Armor is found wherever it starts a line, also where all its lines are indented or quoted, as with `> `; text around it
//! is passed over. Reading is lenient where nothing can be misread by that: any line ending, any line length, white space
//! at the end of lines, padding or checksum missing, the empty line behind the headers missing. A checksum is checked and
//! reported, and never decides anything: "An implementation MUST NOT reject an OpenPGP object when the CRC24 footer is
//! present, missing, malformed, or disagrees with the computed CRC24 sum".
//!
//! Whoever wants armor as section 6 has it, and no other, asks [`Block::check_strict`].
//!
//! This module reads text that is known to be such, in ASCII or what extends it. What a file holds, [`crate::container`]
//! tells.

mod block;
mod decode;
#[cfg(feature = "alloc")]
mod encode;
mod places;
mod rows;
#[cfg(feature = "std")]
mod runs;
#[cfg(feature = "std")]
mod stream;
mod strict;
#[cfg(feature = "std")]
mod write;

pub use block::{Block, Blocks, Header, Headers, blocks};
#[cfg(feature = "alloc")]
pub use decode::Decoded;
pub use decode::{Checksum, End};
#[cfg(feature = "alloc")]
pub use encode::{Footer, encode};
#[cfg(feature = "alloc")]
pub use places::{Lines, Symbols};
#[cfg(feature = "std")]
pub use runs::{LocatedError, Place, Places};
#[cfg(feature = "std")]
pub use write::Writer;

pub(crate) use block::{BEGIN, BYTE_ORDER_MARK, END, split_line};
#[cfg(feature = "std")]
pub(crate) use block::{DASHES, Margin, header_lines, is_label, label, margin_at_end};
#[cfg(feature = "std")]
pub(crate) use stream::{Decoder, LineStart, Piece};

#[cfg(test)]
mod tests;
