//! Decoding the base64 of armored blocks.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

use base64::engine::{self, DecodePaddingMode, Engine, GeneralPurposeConfig};
use crc::{CRC_24_OPENPGP, Crc, Table};
use memchr::memchr;

use super::block::{Block, is_quote};
use super::places::position_of_symbol;
use super::rows::Rows;
use crate::error::{Error, ErrorKind};
use crate::octets::{Octets, u64_from};
#[cfg(feature = "alloc")]
use crate::secret::Wiped;
use crate::secret::wipe;

impl Block<'_> {
    /// Decodes the block into memory that is wiped when it is dropped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotBase64`], [`ErrorKind::IncompleteBase64`], [`ErrorKind::BehindBase64`], or
    /// [`ErrorKind::ArmorWithoutTail`], all at their place in the text.
    #[cfg(feature = "alloc")]
    pub fn decode(self) -> Result<Decoded, Error> {
        let (decoded, error) = self.decode_prefix();
        match error {
            Some(error) => Err(error),
            None => Ok(decoded),
        }
    }

    /// Decodes as much as can be decoded, and says what stopped it.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn decode_prefix(self) -> (Decoded, Option<Error>) {
        // Large enough never to grow: growing would leave copies behind that are not wiped.
        let mut octets = Wiped::from(Vec::with_capacity(self.body().len().div_ceil(4).saturating_mul(3)));
        let (end, error) = match self.decode_each(|chunk| octets.extend_from_slice(chunk)) {
            Ok(end) => (end, None),
            Err(error) => (End::default(), Some(error)),
        };
        (Decoded { octets, checksum: end.checksum, has_padding: end.has_padding }, error)
    }

    /// Decodes the block without allocating: `sink` gets the octets in pieces.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode); the sink then has all the octets in front of the error.
    pub fn decode_each(self, mut sink: impl FnMut(&[u8])) -> Result<End, Error> {
        // Room is cleared and wiped whether it is used or not, which takes as long as to decode some kilobytes.
        let end = if self.body().len() <= SMALL_BLOCK {
            let (mut symbols, mut octets) = ([0; SMALL_BLOCK], [0; SMALL_BLOCK / 4 * 3]);
            Decoder::new(self, &mut symbols, &mut octets).run(&mut sink)?
        } else {
            let (mut symbols, mut octets) = ([0; BLOCK], [0; BLOCK / 4 * 3]);
            Decoder::new(self, &mut symbols, &mut octets).run(&mut sink)?
        };
        if self.has_tail() {
            Ok(end)
        } else {
            let end = Octets::new(&[], self.wire().end());
            Err(Error::new(ErrorKind::ArmorWithoutTail, end.span()))
        }
    }
}

/// What armor held.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The octets, wiped when they are dropped.
    pub octets: Wiped<Vec<u8>>,
    /// The checksum, if there is one.
    pub checksum: Option<Checksum>,
    /// Whether the base64 has the padding that its length asks for.
    pub has_padding: bool,
}

/// What stood at the end of armored data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// The checksum, if there is one.
    pub checksum: Option<Checksum>,
    /// Whether the base64 has the padding that its length asks for.
    pub has_padding: bool,
    /// Whether the bits behind the last octet are zero: "When fewer than 24 input bits are available in an input group, bits
    /// with value zero are added (on the right) to form an integral number of 6-bit groups" (RFC 4648 section 4).
    pub is_canonical: bool,
}

impl End {
    /// Behind so many characters, of which `last` is the last one, and signs of padding.
    pub(super) fn of(symbols: u64, last: u8, padding: u64, checksum: Option<Checksum>) -> Self {
        let has_padding = padding == (4_u64.saturating_sub(symbols % 4)) % 4;
        let loose_bits = match symbols % 4 {
            2 => sextet(last) & 0x0f,
            3 => sextet(last) & 0x03,
            _ => 0,
        };
        Self { checksum, has_padding, is_canonical: loose_bits == 0 }
    }
}

/// The CRC-24 of armored data (RFC 9580 section 6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// The checksum as given, 24 bits; `None` if it is not four characters of base64.
    pub stored: Option<u32>,
    /// The checksum of the data, 24 bits.
    pub due: u32,
}

impl Checksum {
    /// Whether the checksum as given is that of the data.
    #[must_use]
    pub fn is_right(self) -> bool {
        self.stored == Some(self.due)
    }
}

/// How many base64 characters are decoded at once: as many as fit the first-level cache together with what they hold.
pub(super) const BLOCK: usize = 16 * 1024;

/// How many are, of armor that has no more, as that of most keys.
const SMALL_BLOCK: usize = 4 * 1024;

/// Padding is looked at separately, and bits behind the last octet are not.
pub(super) const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::RequireNone)
    .with_decode_allow_trailing_bits(true);

/// RFC 9580 section 6: the alphabet of RFC 4648. With the vector instructions of the processor, if it has them.
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(super) static BASE64: std::sync::LazyLock<engine::simd::Simd> =
    std::sync::LazyLock::new(|| engine::simd::Simd::standard(CONFIG));

/// RFC 9580 section 6: the alphabet of RFC 4648.
#[cfg(not(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub(super) static BASE64: engine::GeneralPurpose = engine::GeneralPurpose::new(&base64::alphabet::STANDARD, CONFIG);

pub(super) static CRC_24: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_24_OPENPGP);

/// Collects the characters of many lines into a block, and decodes and checks the block as a whole.
struct Decoder<'a, 's> {
    block: Block<'a>,
    /// Room for whole groups of four characters.
    symbols: &'s mut [u8],
    filled: usize,
    /// How many characters were decoded in earlier blocks.
    before: u64,
    /// Room for what `symbols` hold.
    octets: &'s mut [u8],
    crc: crc::Digest<'static, u32, Table<16>>,
    /// The last character that was decoded.
    last: u8,
    /// Whether there was white space among the characters.
    has_white_space: bool,
}

impl<'a, 's> Decoder<'a, 's> {
    fn new(block: Block<'a>, symbols: &'s mut [u8], octets: &'s mut [u8]) -> Self {
        Self { block, symbols, filled: 0, before: 0, octets, crc: CRC_24.digest(), last: b'A', has_white_space: false }
    }

    fn run(&mut self, sink: &mut impl FnMut(&[u8])) -> Result<End, Error> {
        let has_margin = !self.block.margin().is_empty();
        let mut rest = self.block.body();
        let mut padding: u64 = 0;
        let mut stored = None;
        let mut tried_at = None;
        while !rest.is_empty() {
            // Where rows are not regular, they are not tried again before something of them was decoded.
            let is_new = tried_at != Some(self.before);
            if is_new && self.filled == 0 && !has_margin && padding == 0 && stored.is_none() {
                rest = self.rows(rest, sink);
                tried_at = Some(self.before);
            }
            let (line, after) = self.block.margin().split_line(rest);
            rest = after;
            let Some(line) = line else { break };
            let data = memchr(b'=', line.as_slice()).unwrap_or(line.len());
            let Some((data, tail)) = line.split_at(data) else { break };
            if !data.is_empty() && (padding > 0 || stored.is_some()) {
                self.flush(sink)?;
                return Err(Error::new(ErrorKind::BehindBase64, data.span()));
            }
            if has_margin {
                self.refuse_quotes(data, sink)?;
            }
            self.collect(data.as_slice(), sink)?;
            if !tail.is_empty() {
                let (signs, checksum) = split_tail(tail);
                padding = padding.saturating_add(signs);
                if let Some(checksum) = checksum {
                    stored = Some(checksum_of(checksum.as_slice()));
                }
            }
        }
        self.flush(sink)?;
        let symbols = self.before;
        if symbols % 4 == 1 {
            let last = position_of_symbol(self.block, symbols.saturating_sub(1));
            return Err(Error::new(ErrorKind::IncompleteBase64, Octets::new(b"=", last).span()));
        }
        let due = self.crc.clone().finalize();
        Ok(End::of(symbols, self.last, padding, stored.map(|stored| Checksum { stored, due })))
    }

    /// Decodes blocks of lines that are all as long as the first, and returns what follows the last of them. A block in which
    /// there is anything but base64 is left to be read line by line.
    fn rows(&mut self, body: Octets<'a>, sink: &mut impl FnMut(&[u8])) -> Octets<'a> {
        let mut rest = body;
        let Some(rows) = Rows::at_start_of(body.as_slice()) else { return rest };
        loop {
            let count = rows.copy(rest.as_slice(), self.symbols);
            self.filled = count.saturating_mul(rows.width);
            let Some((_, behind)) = rest.split_at(count.saturating_mul(rows.stride())) else { return rest };
            if count == 0 || !self.decode(self.filled, sink) {
                self.filled = 0;
                return rest;
            }
            rest = behind;
        }
    }

    /// In a margin, signs of quoting are not counted as characters, so behind it they are told from these here.
    fn refuse_quotes(&mut self, line: Octets<'_>, sink: &mut impl FnMut(&[u8])) -> Result<(), Error> {
        let Some(quote) = line.as_slice().iter().position(|octet| is_quote(*octet)) else { return Ok(()) };
        let Some((good, bad)) = line.split_at(quote) else { return Ok(()) };
        self.collect(good.as_slice(), sink)?;
        self.flush(sink)?;
        match bad.split_array() {
            Some(([octet], rest)) => Err(Error::new(ErrorKind::NotBase64 { octet }, bad.before(rest).span())),
            None => Ok(()),
        }
    }

    /// Adds a line's characters, and the white space among them until it is known that there is some: hardly any armor has
    /// it, and looking for it costs as much as decoding.
    fn collect(&mut self, line: &[u8], sink: &mut impl FnMut(&[u8])) -> Result<(), Error> {
        let rest = if self.has_white_space { line } else { self.collect_word(line, sink)? };
        let mut words = rest.split(u8::is_ascii_whitespace);
        words.try_for_each(|word| self.collect_word(word, sink).map(|_| ()))
    }

    /// Adds what `word` starts with, and returns the rest: nothing, unless it is found that there is white space.
    fn collect_word<'w>(&mut self, word: &'w [u8], sink: &mut impl FnMut(&[u8])) -> Result<&'w [u8], Error> {
        let mut word = word;
        while !word.is_empty() {
            let free = self.symbols.get_mut(self.filled..).unwrap_or_default();
            let count = word.len().min(free.len());
            let (now, later) = word.split_at_checked(count).unwrap_or((word, &[]));
            if let Some(free) = free.get_mut(..count) {
                free.copy_from_slice(now);
            }
            self.filled = self.filled.saturating_add(count);
            word = later;
            if self.filled == self.symbols.len() && !self.decode(self.filled, sink) {
                // Without its white space, the block is not full.
                if self.leave_out_white_space() {
                    return Ok(word);
                }
                self.decode_good(sink)?;
            }
        }
        Ok(word)
    }

    /// Decodes all that was collected.
    fn flush(&mut self, sink: &mut impl FnMut(&[u8])) -> Result<(), Error> {
        if self.decode_all(sink) || self.leave_out_white_space() && self.decode_all(sink) {
            return Ok(());
        }
        self.decode_good(sink)
    }

    /// Decodes all that was collected, and says whether that was possible.
    fn decode_all(&mut self, sink: &mut impl FnMut(&[u8])) -> bool {
        let collected = self.symbols.get(..self.filled).unwrap_or_default();
        match collected.split_last() {
            // A character on its own at the end holds no whole octet.
            Some((last, whole)) if whole.len() % 4 == 0 => {
                let count = whole.len();
                is_base64(*last) && self.decode(count, sink)
            }
            _ => self.decode(self.filled, sink),
        }
    }

    /// Decodes the first `count` characters of what was collected, which then has been dealt with, and says whether that was
    /// possible.
    fn decode(&mut self, count: usize, sink: &mut impl FnMut(&[u8])) -> bool {
        let symbols = self.symbols.get(..count).unwrap_or_default();
        let Ok(count) = BASE64.decode_slice(symbols, self.octets) else { return false };
        let octets = self.octets.get(..count).unwrap_or_default();
        self.crc.update(octets);
        sink(octets);
        if let Some(last) = self.filled.checked_sub(1) {
            self.last = self.symbols.get(last).copied().unwrap_or(self.last);
        }
        self.before = self.before.saturating_add(u64_from(self.filled));
        self.filled = 0;
        true
    }

    /// Leaves out the white space of what was collected, now and from now on. Whether there was any.
    #[cold]
    fn leave_out_white_space(&mut self) -> bool {
        self.has_white_space = true;
        let collected = self.filled;
        self.filled = 0;
        for index in 0..collected {
            let symbol = self.symbols.get(index).copied().unwrap_or_default();
            if let Some(slot) = self.symbols.get_mut(self.filled).filter(|_| !symbol.is_ascii_whitespace()) {
                *slot = symbol;
                self.filled = self.filled.saturating_add(1);
            }
        }
        self.filled < collected
    }

    /// Decodes what precedes the first character that is none of base64, which is an error.
    #[cold]
    fn decode_good(&mut self, sink: &mut impl FnMut(&[u8])) -> Result<(), Error> {
        let symbols = self.symbols.get(..self.filled).unwrap_or_default();
        let bad = symbols.iter().position(|octet| !is_base64(*octet)).unwrap_or(symbols.len());
        let octet = symbols.get(bad).copied().unwrap_or_default();
        let place = position_of_symbol(self.block, self.before.saturating_add(u64_from(bad)));
        self.filled = bad;
        self.decode(if bad % 4 == 1 { bad.saturating_sub(1) } else { bad }, sink);
        Err(Error::new(ErrorKind::NotBase64 { octet }, Octets::new(&[octet], place).span()))
    }
}

/// The block may have held a secret key.
impl Drop for Decoder<'_, '_> {
    fn drop(&mut self) {
        wipe(self.symbols);
        wipe(self.octets);
    }
}

/// The six bits that a character of base64 stands for.
pub(super) fn sextet(symbol: u8) -> u8 {
    let mut octets = [0; 3];
    match BASE64.decode_slice([b'A', b'A', b'A', symbol], &mut octets) {
        Ok(_) => octets[2],
        Err(_) => 0,
    }
}

pub(super) const fn is_base64(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || octet == b'+' || octet == b'/'
}

/// Takes apart what starts with an equals sign at the end of base64: how much of it is padding, and the checksum.
///
/// "The checksum with its leading equal sign MAY appear on the first line after the base64 encoded data"; that line may
/// have been joined to the one before.
pub(super) fn split_tail(tail: Octets<'_>) -> (u64, Option<Octets<'_>>) {
    let signs = tail.as_slice().iter().take_while(|&&octet| octet == b'=').count();
    if signs == tail.len() {
        return (u64_from(signs), None);
    }
    let padding = signs.saturating_sub(1);
    let checksum = tail.split_at(signs).map(|(_, checksum)| checksum);
    (u64_from(padding), checksum)
}

/// The 24 bits of a checksum, prefixed by an equal sign, … and terminated by a new line.
pub(super) fn checksum_of(symbols: &[u8]) -> Option<u32> {
    let mut octets = [0; 3];
    let symbols: &[u8; 4] = symbols.try_into().ok()?;
    let count = BASE64.decode_slice(symbols, &mut octets).ok()?;
    let [high, middle, low] = octets;
    (count == 3).then(|| u32::from_be_bytes([0, high, middle, low]))
}
