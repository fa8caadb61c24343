//! How far hostile input may go.

use std::cell::Cell;

use crate::suggest;

/// The deepest that compressed packets may nest, whatever the user says: each level takes its share of the stack.
const DEEPEST: u64 = 256;

/// The limits on what is read and printed of one file.
///
/// What is in the plain in a file takes time and output in proportion to the file, so that it needs no limit. A few octets
/// of compressed data can stand for as many packets as somebody wants, however. What may come of a file is therefore a
/// fixed amount and so much for each of its octets, unless the user sets an amount.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// How deep compressed packets may be inside of each other. Thirty levels of 1,000 to 1 go beyond any memory, and a
    /// packet can even decompress to itself.
    pub(super) depth: u64,
    /// The octets of a packet that is held in memory: a user ID could be endless.
    pub(super) packet: usize,
    /// The octets that come out of compressed packets, at all levels.
    pub(super) decompressed: Allowance,
    /// The packets: an empty one is two octets, and takes a line or two.
    pub(super) packets: Allowance,
    /// The octets that are printed.
    pub(super) output: Allowance,
}

/// How much there may be of something.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Allowance {
    /// So much, and so much more for each octet of the file that was read.
    Growing(u64, u64),
    /// So much.
    Fixed(u64),
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 16,
            packet: 3 << 20,
            decompressed: Allowance::Growing(1 << 30, 100),
            packets: Allowance::Growing(1_000_000, 1),
            output: Allowance::Growing(64 << 20, 1000),
        }
    }
}

impl Limits {
    /// The limits with those that the user set.
    pub(crate) fn with(set: &[Limit]) -> Self {
        let mut limits = Self::default();
        for limit in set {
            match limit.name {
                Name::Depth => limits.depth = limit.value,
                Name::Packet => limits.packet = usize::try_from(limit.value).unwrap_or(usize::MAX),
                Name::Decompressed => limits.decompressed = Allowance::Fixed(limit.value),
                Name::Packets => limits.packets = Allowance::Fixed(limit.value),
                Name::Output => limits.output = Allowance::Fixed(limit.value),
            }
        }
        limits
    }
}

/// A limit that the user sets: `NAME=NUMBER`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    name: Name,
    value: u64,
}

/// The limit on what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Depth,
    Packet,
    Decompressed,
    Packets,
    Output,
}

impl Name {
    /// All of them, as the help has them.
    pub(crate) const ALL: [Self; 5] = [Self::Depth, Self::Packet, Self::Decompressed, Self::Packets, Self::Output];

    /// What the user calls it.
    fn word(self) -> &'static str {
        self.with_sign().trim_end_matches('=')
    }

    /// What the user calls it, with the sign that a number follows: `depth=`.
    pub(crate) const fn with_sign(self) -> &'static str {
        match self {
            Self::Depth => "depth=",
            Self::Packet => "packet=",
            Self::Decompressed => "decompressed=",
            Self::Packets => "packets=",
            Self::Output => "output=",
        }
    }
}

impl Limit {
    /// Reads a limit with one of these names.
    pub(crate) fn parse(text: &str, names: &[Name]) -> Result<Self, String> {
        let (word, value) = text.split_once('=').ok_or("this is not NAME=NUMBER, such as packet=4M")?;
        let name = *names.iter().find(|name| name.word() == word).ok_or_else(|| unknown(word, names))?;
        match number(value) {
            Some(value) if name != Name::Depth || value <= DEEPEST => Ok(Self { name, value }),
            _ if name == Name::Depth => Err(format!("the depth is a number from 0 to {DEEPEST}")),
            _ => Err(format!("{} is a number, such as 1000 or 4M (K, M, G or T), or none", name.word())),
        }
    }
}

fn unknown(word: &str, names: &[Name]) -> String {
    let words: Vec<_> = names.iter().map(|name| name.word()).collect();
    let similar = suggest::similar(word, words.iter().map(|word| (word, *word)));
    // What another command has is not mistyped.
    let is_other = Name::ALL.iter().any(|name| name.word() == word);
    let hint = similar.filter(|_| !is_other).map_or_else(String::new, |word| format!("; a similar one is {word}"));
    let (last, others) = words.split_last().map_or(("", &[][..]), |(last, others)| (*last, others));
    format!("the limits are {} and {last}{hint}", others.join(", "))
}

/// Digits, with or without a binary prefix behind them, or `none`.
fn number(text: &str) -> Option<u64> {
    if text == "none" {
        return Some(u64::MAX);
    }
    let text = text.to_ascii_uppercase();
    let digits = text.trim_end_matches(['K', 'M', 'G', 'T']);
    let shift = match &text[digits.len()..] {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return None,
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_digit());
    let number = digits.parse::<u64>().ok().filter(|_| is_number)?;
    number.checked_mul(1 << shift)
}

/// What was spent of the limits on one file.
#[derive(Debug)]
pub(super) struct Spent<'l> {
    limits: &'l Limits,
    /// The octets of the file that were read.
    read: Cell<u64>,
    decompressed: Cell<u64>,
    packets: Cell<u64>,
    /// The limit that decompression stopped at, so that what it cuts short is no fault of the input.
    stopped_at: Cell<Option<u64>>,
}

impl<'l> Spent<'l> {
    pub(super) const fn new(limits: &'l Limits) -> Self {
        let [read, decompressed, packets] = [const { Cell::new(0) }; 3];
        Self { limits, read, decompressed, packets, stopped_at: Cell::new(None) }
    }

    pub(super) const fn limits(&self) -> &'l Limits {
        self.limits
    }

    /// Octets of the file were read.
    pub(super) fn read(&self, count: u64) {
        self.read.set(self.read.get().saturating_add(count));
    }

    /// How many octets of the file were read.
    pub(super) const fn octets(&self) -> u64 {
        self.read.get()
    }

    /// Whether no packet was read.
    pub(super) const fn is_without_packets(&self) -> bool {
        self.packets.get() == 0
    }

    /// Whether the file has no octets that were read.
    pub(super) const fn is_unread(&self) -> bool {
        self.read.get() == 0
    }

    /// Octets were decompressed. The error is the limit, and repeats itself.
    pub(super) fn decompressed(&self, count: u64) -> Result<(), u64> {
        let result = self.spend(&self.decompressed, self.limits.decompressed, count);
        self.stopped_at.set(result.err());
        result
    }

    /// How many octets more may be decompressed.
    pub(super) fn decompressible(&self) -> u64 {
        self.limit(self.limits.decompressed).saturating_sub(self.decompressed.get())
    }

    /// A packet was read. The error is the limit.
    pub(super) fn packet(&self) -> Result<(), u64> {
        self.spend(&self.packets, self.limits.packets, 1)
    }

    /// How much may be printed after what was read so far.
    pub(super) fn printable(&self) -> u64 {
        self.limit(self.limits.output)
    }

    /// The limit that decompression stopped at.
    pub(super) fn stopped_at(&self) -> Option<u64> {
        self.stopped_at.get()
    }

    fn spend(&self, spent: &Cell<u64>, allowance: Allowance, count: u64) -> Result<(), u64> {
        spent.set(spent.get().saturating_add(count));
        self.within(spent.get(), allowance)
    }

    fn within(&self, count: u64, allowance: Allowance) -> Result<(), u64> {
        let limit = self.limit(allowance);
        if count > limit { Err(limit) } else { Ok(()) }
    }

    fn limit(&self, allowance: Allowance) -> u64 {
        match allowance {
            Allowance::Growing(start, each) => self.read.get().saturating_mul(each).saturating_add(start),
            Allowance::Fixed(limit) => limit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_binary_prefixes() {
        for (text, value) in [
            ("0", Some(0)),
            ("12", Some(12)),
            ("3K", Some(3072)),
            ("5M", Some(5 << 20)),
            ("1G", Some(1 << 30)),
            ("2T", Some(2 << 40)),
            ("none", Some(u64::MAX)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("16777216T", None),
            ("", None),
            ("K", None),
            ("1KK", None),
            ("+1", None),
            ("-1", None),
            ("3k", Some(3072)),
            ("5m", Some(5 << 20)),
            ("1g", Some(1 << 30)),
            ("2t", Some(2 << 40)),
            ("k", None),
            ("1kb", None),
            ("NONE", None),
        ] {
            assert_eq!(number(text), value, "{text}");
        }
    }

    #[test]
    fn a_wrong_number_is_answered_with_a_right_one() {
        let message = |text: &str| Limit::parse(text, &Name::ALL).unwrap_err();
        for text in ["depth=none", "depth=257", "depth=1K", "depth=", "depth=x"] {
            assert_eq!(message(text), "the depth is a number from 0 to 256", "{text}");
        }
        for text in ["packet=", "packet=4MB", "packet=-1", "packet=1e6"] {
            let right = "packet is a number, such as 1000 or 4M (K, M, G or T), or none";
            assert_eq!(message(text), right, "{text}");
        }
        assert_eq!(message("packet"), "this is not NAME=NUMBER, such as packet=4M");
        for name in Name::ALL {
            let limit = Limit::parse(&format!("{}=256", name.word()), &Name::ALL).unwrap();
            assert_eq!((limit.name, limit.value), (name, 256));
        }
    }

    #[test]
    fn a_limit_that_a_command_has_not_is_refused() {
        let names = [Name::Packet, Name::Packets];
        assert_eq!(Limit::parse("packets=3", &names).unwrap().name, Name::Packets);
        for (text, message) in [
            ("depth=3", "the limits are packet and packets"),
            ("output=1K", "the limits are packet and packets"),
            ("pakcet=1", "the limits are packet and packets; a similar one is packet"),
            ("detph=1", "the limits are packet and packets"),
        ] {
            assert_eq!(Limit::parse(text, &names).unwrap_err(), message, "{text}");
        }
    }

    #[test]
    fn what_grows_with_the_file_and_what_does_not() {
        let limits = Limits::with(&[Limit::parse("packets=10", &Name::ALL).unwrap()]);
        let spent = Spent::new(&limits);
        for _ in 0..10 {
            spent.packet().unwrap();
        }
        spent.read(1 << 20);
        assert_eq!(spent.packet(), Err(10));
        assert_eq!(spent.decompressed(1 << 30), Ok(()));
        assert_eq!(spent.decompressed(100 << 20), Ok(()));
        assert_eq!(spent.stopped_at(), None);
        assert_eq!(spent.decompressed(1), Err((1 << 30) + (100 << 20)));
        assert_eq!(spent.stopped_at(), Some((1 << 30) + (100 << 20)));
    }
}
