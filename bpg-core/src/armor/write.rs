//! Writing ASCII armor of data that comes in pieces.

use alloc::string::String;
use alloc::vec::Vec;
use core::{fmt, mem};
use std::io::{self, Write};

use crc::{Digest, Table};

use super::decode::CRC_24;
use super::encode::{CHARACTERS_PER_LINE, Footer, OCTETS_PER_LINE, push_head, push_lines, push_tail};
use crate::secret::Wiped;

/// How many lines are written at once, and the octets that they hold.
const LINES: usize = 256;
const BLOCK: usize = LINES * OCTETS_PER_LINE;

/// Puts what is written to it into armor, in memory that does not grow with it and that is wiped when it is dropped.
///
/// What comes out is what [`encode`](super::encode) gives for the same data. Armor has to be ended:
/// [`finish`](Self::finish).
///
/// ```
/// use bpg_core::armor::{Footer, Writer};
/// use std::io::Write;
///
/// let mut armor = Writer::new(Vec::new(), "PUBLIC KEY BLOCK", &[], Footer::None)?;
/// armor.write_all(&[0xcd, 0x01])?;
/// armor.write_all(b"a")?;
/// let text = armor.finish()?;
/// assert_eq!(text, b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nzQFh\n-----END PGP PUBLIC KEY BLOCK-----\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Writer<W> {
    output: W,
    label: String,
    /// Whole lines of octets, and the start of another one, that are not written yet.
    octets: Wiped<Vec<u8>>,
    /// The lines as text, while they are being written.
    text: Wiped<String>,
    digest: Option<Digest<'static, u32, Table<16>>>,
}

impl<W: Write> Writer<W> {
    /// Starts armor: writes the header line that is labelled `label`, such as `PUBLIC KEY BLOCK`, and the armor headers.
    ///
    /// Label and headers are text without line breaks; control characters in them become spaces.
    ///
    /// # Errors
    ///
    /// Those of `output`.
    pub fn new(mut output: W, label: &str, headers: &[(&str, &str)], footer: Footer) -> io::Result<Self> {
        let mut head = String::new();
        push_head(&mut head, label, headers);
        output.write_all(head.as_bytes())?;
        Ok(Self {
            output,
            label: label.into(),
            octets: Wiped::default(),
            text: Wiped::default(),
            digest: (footer == Footer::Crc24).then(|| CRC_24.digest()),
        })
    }

    /// Ends the armor, and gives back what it was written to.
    ///
    /// # Errors
    ///
    /// Those of the output. The armor is not complete then.
    pub fn finish(mut self) -> io::Result<W> {
        self.write_held()?;
        let mut tail = String::new();
        push_tail(&mut tail, &self.label, self.digest.map(|digest| digest.finalize()));
        self.output.write_all(tail.as_bytes())?;
        self.output.flush()?;
        Ok(self.output)
    }

    /// Writes what is held.
    fn write_held(&mut self) -> io::Result<()> {
        let octets = mem::take(&mut self.octets);
        let result = self.write_lines(&octets);
        self.octets = octets;
        self.octets.clear();
        result
    }

    fn write_lines(&mut self, octets: &[u8]) -> io::Result<()> {
        if let Some(digest) = &mut self.digest {
            digest.update(octets);
        }
        self.text.clear();
        let size = octets.len().div_ceil(OCTETS_PER_LINE).saturating_mul(CHARACTERS_PER_LINE.saturating_add(1));
        if self.text.capacity() < size {
            // It is empty, and what was in it is wiped.
            self.text = Wiped::from(String::with_capacity(size));
        }
        push_lines(&mut self.text, octets);
        self.output.write_all(self.text.as_bytes())
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        if self.octets.len() == BLOCK {
            self.write_held()?;
        }
        if let (true, Some(block)) = (self.octets.is_empty(), octets.get(..BLOCK)) {
            return self.write_lines(block).map(|()| BLOCK);
        }
        let room = BLOCK.saturating_sub(self.octets.len());
        let taken = octets.get(..room).unwrap_or(octets);
        self.octets.extend_from_slice(taken);
        Ok(taken.len())
    }

    /// Does nothing: whatever is written now would end a line, perhaps in the middle.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Shows no octet of the data.
impl<W> fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("label", &self.label).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::armor::encode;

    /// However the data is cut, the armor is that of all of it.
    #[test]
    fn pieces_give_the_same_armor_as_the_whole() {
        let data: Vec<u8> = (0..=250_u8).cycle().take(2 * BLOCK + 100).collect();
        for length in [0, 1, 47, 48, 49, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, data.len()] {
            for piece in [1, 7, 48, 1000, BLOCK, data.len()] {
                for footer in [Footer::None, Footer::Crc24] {
                    let headers = [("Comment", "a\nb")];
                    let mut armor = Writer::new(Vec::new(), "MESSAGE", &headers, footer).unwrap();
                    data[..length].chunks(piece).for_each(|piece| armor.write_all(piece).unwrap());
                    armor.flush().unwrap();
                    let expected = encode("MESSAGE", &headers, &data[..length], footer);
                    assert!(armor.finish().unwrap() == expected.as_bytes(), "{length} octets in pieces of {piece}");
                }
            }
        }
    }

    #[test]
    fn an_output_that_fails_is_told_of() {
        let mut room = [0; 40];
        let mut armor = Writer::new(&mut room[..], "MESSAGE", &[], Footer::None).unwrap();
        armor.write_all(&[0; 100]).unwrap();
        assert_eq!(armor.finish().unwrap_err().kind(), io::ErrorKind::WriteZero);
    }
}
