//! Which packets are shown, for whoever asked for some of them.

use std::fmt;

use bpg_core::inspect::Event;
use bpg_core::registry::PacketType;

use super::numbers::{self, Numbers, PacketNumber};

/// What was asked for: packets of one of the types that have one of the numbers or are inside of such a packet. Where
/// there are no types, or no numbers, any will do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    pub(crate) types: Vec<PacketType>,
    pub(crate) numbers: Vec<PacketNumber>,
}

/// Finds what was asked for among the events of a file.
#[derive(Debug)]
pub(crate) struct Select {
    selection: Selection,
    /// How many packets there are on the way to each packet that was asked for by its number: in the file, in the packet
    /// that it is in, and so on.
    counts: Vec<Vec<u64>>,
    /// How much is open inside of the outermost packet that is shown, itself included.
    inside: Option<usize>,
    /// Whether what was told last is shown.
    was_shown: bool,
}

/// What becomes of an event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chosen<'n> {
    /// The number of the packet that it is of; empty outside of packets.
    pub(crate) number: &'n [u64],
    /// How much is open behind it, packets and everything else.
    pub(crate) open: usize,
    /// Whether it is shown.
    pub(crate) is_shown: bool,
    /// Whether it starts a packet that was asked for. What such a packet holds is shown, but need not be asked for.
    pub(crate) is_wanted: bool,
}

/// A packet that was asked for and is not there.
#[derive(Debug)]
pub(crate) struct Missing<'n> {
    number: &'n [u64],
    /// How many there are, where it would be one.
    count: u64,
}

impl Selection {
    /// Whether everything is shown, packets or not.
    pub(crate) const fn is_all(&self) -> bool {
        self.types.is_empty() && self.numbers.is_empty()
    }

    fn holds(&self, packet_type: PacketType, number: &[u64]) -> bool {
        (self.types.is_empty() || self.types.contains(&packet_type))
            && (self.numbers.is_empty() || self.numbers.iter().any(|wanted| wanted.holds(number)))
    }
}

impl Select {
    /// In front of a file.
    pub(crate) fn new(selection: Selection) -> Self {
        let counts = selection.numbers.iter().map(|number| vec![0; number.counts().len()]).collect();
        Self { selection, counts, inside: None, was_shown: false }
    }

    /// In front of another file.
    pub(crate) fn restart(&mut self) {
        (self.inside, self.was_shown) = (None, false);
        self.counts.iter_mut().for_each(|counts| counts.fill(0));
    }

    /// Takes the next event, which the numbers have taken already.
    #[inline(always)]
    pub(crate) fn event<'n>(&mut self, event: &Event<'_>, numbers: &'n Numbers) -> Chosen<'n> {
        let (number, open) = (numbers.innermost(), numbers.open());
        if self.selection.is_all() {
            let is_wanted = matches!(event, Event::Packet(_));
            return Chosen { number, open, is_shown: true, is_wanted };
        }
        self.choose(event, number, open)
    }

    fn choose<'n>(&mut self, event: &Event<'_>, number: &'n [u64], open: usize) -> Chosen<'n> {
        let is_wanted = match event {
            Event::Packet(frame) => {
                self.count(number);
                self.selection.holds(frame.packet_type, number)
            }
            _ => false,
        };
        if is_wanted && self.inside.is_none() {
            self.inside = Some(open);
        }
        let is_shown = self.is_shown();
        self.was_shown = is_shown;
        if self.inside.is_some_and(|inside| open < inside) {
            self.inside = None;
        }
        Chosen { number, open, is_shown, is_wanted }
    }

    /// Whether what is told now is shown.
    pub(crate) const fn is_shown(&self) -> bool {
        self.selection.is_all() || self.inside.is_some()
    }

    /// Whether what was told last is shown, which a packet is whose end was told.
    pub(crate) const fn was_shown(&self) -> bool {
        self.was_shown || self.selection.is_all()
    }

    /// Whether what is in the packet of this number may have been asked for.
    pub(crate) fn may_be_inside(&self, number: &[u64]) -> bool {
        self.selection.numbers.iter().any(|wanted| wanted.is_inside(number))
    }

    /// What is not in the file that was asked for by its number.
    pub(crate) fn missing(&self) -> impl Iterator<Item = Missing<'_>> {
        let wanted = self.selection.numbers.iter().zip(&self.counts);
        wanted.filter_map(|(wanted, counts)| {
            let mut levels = wanted.counts().iter().zip(counts);
            let level = levels.position(|(wanted, count)| count < wanted)?;
            Some(Missing { number: wanted.counts().get(..=level)?, count: *counts.get(level)? })
        })
    }

    /// A packet has this number.
    fn count(&mut self, number: &[u64]) {
        let Some((last, around)) = number.split_last() else { return };
        for (wanted, counts) in self.selection.numbers.iter().zip(&mut self.counts) {
            if let Some(count) = counts.get_mut(around.len()).filter(|_| wanted.counts().starts_with(around)) {
                *count = *last;
            }
        }
    }
}

impl fmt::Display for Missing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no packet ")?;
        numbers::write(f, self.number)?;
        match self.number.split_last() {
            Some((_, around @ [_, ..])) => {
                f.write_str(": packet ")?;
                numbers::write(f, around)?;
                write!(f, " holds {}", self.count)
            }
            _ => write!(f, ": the file has {}", self.count),
        }
    }
}

#[cfg(test)]
mod tests {
    use bpg_core::framing::RawPacket;
    use bpg_core::inspect::Frame;
    use bpg_core::registry::CompressionAlgorithm;

    use super::*;

    /// What is shown of packets 1, 2 with 2.1 and 2.2 inside, and 3, which are user IDs but for 2, and what is missing.
    fn chosen(types: &[PacketType], numbers: &[&str]) -> (Vec<String>, Vec<String>) {
        // Old format, user IDs of no octets, and a compressed data packet with an algorithm alone.
        let (user_id, _) = RawPacket::parse_prefix([0xb4, 0].as_slice().into()).unwrap();
        let (compressed, _) = RawPacket::parse_prefix([0xa0, 1, 0].as_slice().into()).unwrap();
        let [user_id, compressed] = [&user_id, &compressed].map(|raw| Event::Packet(Frame::from(raw)));
        let inside = Event::Decompressed(CompressionAlgorithm::UNCOMPRESSED);
        let selection = Selection {
            types: types.to_vec(),
            numbers: numbers.iter().map(|number| number.parse().unwrap()).collect(),
        };
        let mut numbers = Numbers::new();
        let mut select = Select::new(selection);
        let mut shown = Vec::new();
        let close = Event::Close;
        for event in [user_id, close, compressed, inside, user_id, close, user_id, close, close, close, user_id, close]
        {
            numbers.event(&event);
            let chosen = select.event(&event, &numbers);
            if matches!(event, Event::Packet(_)) && chosen.is_shown {
                let mut number = if chosen.is_wanted { String::new() } else { "in ".into() };
                numbers::write(&mut number, chosen.number).unwrap();
                shown.push(number);
            }
        }
        (shown, select.missing().map(|missing| missing.to_string()).collect())
    }

    #[test]
    fn a_packet_is_shown_with_what_it_holds() {
        let all = || vec!["1", "2", "2.1", "2.2", "3"];
        assert_eq!(chosen(&[], &[]).0, all());
        assert_eq!(chosen(&[PacketType::USER_ID], &[]).0, ["1", "2.1", "2.2", "3"]);
        assert_eq!(chosen(&[PacketType::COMPRESSED_DATA], &[]).0, ["2", "in 2.1", "in 2.2"]);
        assert_eq!(chosen(&[PacketType::COMPRESSED_DATA, PacketType::USER_ID], &[]).0, all());
        assert_eq!(chosen(&[PacketType::MARKER], &[]).0, [""; 0]);
        assert_eq!(chosen(&[], &["2"]).0, ["2", "2.1", "2.2"]);
        assert_eq!(chosen(&[], &["2.2", "1"]).0, ["1", "2.2"]);
        assert_eq!(chosen(&[PacketType::USER_ID], &["2"]).0, ["2.1", "2.2"]);
        assert_eq!(chosen(&[PacketType::COMPRESSED_DATA], &["2.1"]).0, [""; 0]);
    }

    #[test]
    fn what_is_missing_is_told() {
        assert_eq!(chosen(&[], &["1", "2.2", "3"]).1, [""; 0]);
        assert_eq!(chosen(&[], &["4"]).1, ["no packet 4: the file has 3"]);
        assert_eq!(
            chosen(&[], &["2.3", "1.1"]).1,
            ["no packet 2.3: packet 2 holds 2", "no packet 1.1: packet 1 holds 0"]
        );
        assert_eq!(chosen(&[], &["9.1.1"]).1, ["no packet 9: the file has 3"]);
    }
}
