//! What packets are called: `3` is the third packet of a file, whatever armor or container it is in, and `3.1` is the first
//! packet in it.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use bpg_core::inspect::Event;

/// The number of a packet among those of its file, and behind it that of one among those it holds, and so on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PacketNumber(Vec<u64>);

/// Counts the packets of a file as they are told of.
#[derive(Debug)]
pub(crate) struct Numbers {
    /// What is open but for groups of fields, the outermost first.
    open: Vec<Open>,
    /// How many groups of fields are open, which have nothing else in them.
    groups: usize,
    /// How many packets there are so far: in the file, in the packet that is opened, in the one opened in that, and so on.
    counts: Vec<u64>,
    /// How many packets are open.
    depth: usize,
}

/// Something that a later event closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Packet,
    /// What a packet decompresses to.
    Contents,
    Other,
}

impl Numbers {
    /// In front of a file.
    pub(crate) fn new() -> Self {
        Self { open: Vec::new(), groups: 0, counts: vec![0], depth: 0 }
    }

    /// Takes the next event.
    #[inline(always)]
    pub(crate) fn event(&mut self, event: &Event<'_>) {
        match event {
            // Most events are of these.
            Event::Field(_) => {}
            Event::Open(_) => self.groups += 1,
            Event::Close if self.groups > 0 => self.groups -= 1,
            Event::Packet(_) => {
                if let Some(count) = self.counts.last_mut() {
                    *count += 1;
                }
                self.depth += 1;
                self.open.push(Open::Packet);
            }
            Event::Close if self.open.last() == Some(&Open::Packet) => {
                self.open.pop();
                self.depth -= 1;
            }
            _ => self.around_packets(event),
        }
    }

    fn around_packets(&mut self, event: &Event<'_>) {
        let open = match event {
            Event::Decompressed(_) => {
                self.counts.push(0);
                Open::Contents
            }
            Event::Armor(_) | Event::ArmorEnd(_) | Event::Container(_) | Event::Remainder(_) => Open::Other,
            Event::Close => {
                if self.open.pop() == Some(Open::Contents) {
                    self.counts.pop();
                }
                return;
            }
            _ => return,
        };
        self.open.push(open);
    }

    /// The number of the innermost packet that is open, empty if none is.
    pub(crate) fn innermost(&self) -> &[u64] {
        self.counts.get(..self.depth).unwrap_or_default()
    }

    /// How much is open, packets and everything else.
    pub(crate) const fn open(&self) -> usize {
        self.open.len() + self.groups
    }
}

impl PacketNumber {
    /// Whether the packet of this number is that one, or holds it.
    pub(crate) fn holds(&self, number: &[u64]) -> bool {
        number.starts_with(&self.0)
    }

    /// Its place in the file, in the packet that it is in, and so on.
    pub(crate) fn counts(&self) -> &[u64] {
        &self.0
    }

    /// Whether the packet of this number is in the one of that number.
    pub(crate) fn is_inside(&self, number: &[u64]) -> bool {
        self.0.len() > number.len() && self.0.starts_with(number)
    }
}

/// Writes a number as it is read.
pub(crate) fn write(to: &mut impl fmt::Write, number: &[u64]) -> fmt::Result {
    number.iter().enumerate().try_for_each(|(level, count)| {
        let separator = if level > 0 { "." } else { "" };
        write!(to, "{separator}{count}")
    })
}

impl fmt::Display for PacketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, &self.0)
    }
}

impl FromStr for PacketNumber {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let counts = text.split('.').map(|count| count.parse::<NonZeroU64>().map(NonZeroU64::get));
        counts.collect::<Result<_, _>>().map(Self).map_err(|_| "a packet is called by its number, such as 3 or 3.1")
    }
}

#[cfg(test)]
mod tests {
    use bpg_core::framing::RawPacket;
    use bpg_core::inspect::Frame;
    use bpg_core::registry::CompressionAlgorithm;

    use super::*;

    #[test]
    fn armor_does_not_count_and_contents_count_from_one() {
        // Old format, type 13 (user ID), of no octets.
        let (raw, _) = RawPacket::parse_prefix([0xb4, 0].as_slice().into()).unwrap();
        let packet = Event::Packet(Frame::from(&raw));
        let armor = Event::Armor(bpg_core::inspect::Armor { label: (&[][..]).into(), start: 0, end: None });
        let inside = Event::Decompressed(CompressionAlgorithm::ZIP);
        let mut numbers = Numbers::new();
        let mut told = Vec::new();
        for event in [
            armor,
            Event::Close,
            packet,
            Event::Close,
            packet,
            inside,
            packet,
            Event::Close,
            packet,
            inside,
            packet,
            Event::Close,
            Event::Close,
            Event::Close,
            Event::Close,
            Event::Close,
            packet,
            Event::Close,
        ] {
            numbers.event(&event);
            told.push(PacketNumber(numbers.innermost().to_vec()).to_string());
        }
        let due = ["", "", "1", "", "2", "2", "2.1", "2", "2.2", "2.2", "2.2.1", "2.2", "2.2", "2", "2", "", "3", ""];
        assert_eq!(told, due);
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for text in ["1", "17", "3.1", "2.2.1"] {
            assert_eq!(text.parse::<PacketNumber>().map(|number| number.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "0", ".", "1.", ".1", "1.0", "-1", "a", "1..2"] {
            assert!(text.parse::<PacketNumber>().is_err(), "{text}");
        }
    }
}
