//! Why gpg 2.2.40 lists other packets than bpg-core frames, as far as that is known.

use crate::listing::{Line, Ours, Theirs};

/// A place where the two part.
#[derive(Clone, Copy)]
pub(crate) struct Parting<'a> {
    /// The octets that both read.
    pub(crate) input: &'a [u8],
    /// The last packet that both have, if it is what is in front of the place.
    pub(crate) last: Option<(Ours<'a>, &'a Theirs)>,
    /// The position of what is next to bpg-core.
    pub(crate) position: u64,
    /// What is next to bpg-core.
    pub(crate) ours: Ours<'a>,
    /// What is next to gpg.
    pub(crate) theirs: Option<&'a Theirs>,
}

/// What is still comparable behind a disagreement.
pub(crate) enum Then {
    /// What is at this position, where gpg goes on.
    Resume(u64),
    /// Nothing: gpg reads at other places, or not at all.
    Stop,
}

/// A disagreement that is understood.
pub(crate) struct Cause {
    /// What happens.
    pub(crate) name: &'static str,
    /// Why it does, and who is right.
    pub(crate) reason: &'static str,
    /// What comes of it, if this is it.
    pub(crate) then: fn(&Parting<'_>) -> Option<Then>,
}

/// The first that applies is the cause. What the last packet makes gpg do comes in front of what the next does.
pub(crate) const CAUSES: &[Cause] = &[
    Cause {
        name: "what is in a compressed packet",
        reason: "gpg decompresses it and lists the packets in it, at positions of their own; so it does with what is \
            behind it.",
        then: |parting| parting.last_that_says(&[8], "").map(|_| Then::Stop),
    },
    Cause {
        name: "the end of partial lengths",
        reason: "gpg takes the end of the body for the end of the input, and lists nothing behind it.",
        then: |parting| {
            let last = parting.last_that_says(&[9, 11, 18, 20], "")?;
            (last.is_partial && parting.theirs.is_none()).then_some(Then::Stop)
        },
    },
    Cause {
        name: "an unknown version of encrypted data",
        reason: "gpg passes over the octet of the version alone, and goes on inside of the packet.",
        then: |parting| {
            let last = parting.last_that_says(&[18, 20], "[unknown version]")?;
            // Behind a part of partial lengths it goes on elsewhere.
            if last.is_partial { Some(Then::Stop) } else { parting.resume_in(last.body() + 1) }
        },
    },
    Cause {
        name: "literal data that is too short",
        reason: "gpg does not pass over the body of less than 6 octets, and goes on inside of it.",
        then: |parting| parting.resume_in(parting.last_that_says(&[11], "[too short]")?.body()),
    },
    Cause {
        name: "a modification detection code of another length",
        reason: "gpg does not pass over a body of other than 20 octets or behind a header in the legacy format.",
        then: |parting| {
            let last = parting.last_that_says(&[19], "")?;
            let is_such = last.body_length != 20 || !last.is_new;
            is_such.then(|| parting.resume_in(last.body())).flatten()
        },
    },
    Cause {
        name: "a marker that is not PGP",
        reason: "gpg counts one octet of those that it has compared, and so takes up to two of the next packet.",
        then: |parting| {
            let last = parting.last_that_says(&[10], "[invalid]")?;
            let body = parting.input.get(last.body() as usize..)?;
            let same = body.iter().zip(b"PGP").take_while(|(octet, due)| octet == due).count() as u64;
            let end = last.body() + u64::from(last.body_length) + same;
            (last.body_length == 3 && same > 0).then(|| parting.resume_in(end)).flatten()
        },
    },
    Cause {
        name: "a packet of gpg's own type",
        reason: "gpg uses type 63, which is private, for itself. What is longer than its mark of 16 octets it compares \
            with that, and takes one octet too many if it differs.",
        then: |parting| {
            let last = parting.last_that_says(&[63], "")?;
            (last.body_length > 16).then(|| parting.resume_in(last.end() + 1)).flatten()
        },
    },
    Cause {
        name: "a key of no octets",
        reason: "gpg takes away the octet of the version from a length of 0, and passes over all that follows.",
        then: |parting| {
            let last = parting.last_that_says(&[5, 6, 7, 14], "")?;
            (last.body_length == 0 && parting.theirs.is_none()).then_some(Then::Stop)
        },
    },
    Cause {
        name: "octets behind a GNU stub",
        reason: "gpg reads its extension in the place of a secret key, and goes on at what of the body is behind it.",
        then: |parting| {
            let last = parting.last_that_says(&[5, 7], "")?;
            let next = parting.theirs?.line.offset;
            let read = parting.input.get(last.body() as usize..next as usize)?;
            // S2K 101, a hash algorithm, and in front of the mode the name.
            let is_stub = read.windows(5).any(|octets| matches!(octets, [101, _, b'G', b'N', b'U']));
            (is_stub && next < last.end()).then_some(Then::Stop)
        },
    },
    Cause {
        name: "an octet that starts no packet",
        reason: "RFC 9580 section 4.2 sets bit 7 of the first octet. bpg-core stops where it is clear; gpg, when it \
            lists, looks for a packet at the next octet.",
        then: |parting| {
            let rest = &parting.input[parting.position as usize..];
            let count = rest.iter().take_while(|octet| **octet & 0x80 == 0).count() as u64;
            (count > 0).then_some(Then::Resume(parting.position + count))
        },
    },
    Cause {
        name: "partial lengths of what is no data",
        reason: "RFC 9580 section 4.2.1.4 has them for data packets alone. gpg reads on behind the length octet; \
            bpg-core frames the packet all the same.",
        then: |parting| parting.skips_header(|line| line.is_partial && ![8, 9, 11, 18, 20].contains(&line.packet_type)),
    },
    Cause {
        name: "an indeterminate length of what is no data",
        reason: "RFC 9580 section 4.2.2 forbids to make it and allows to read it, of any packet. gpg reads on behind \
            the type octet, bpg-core frames the packet.",
        then: |parting| parting.skips_header(|line| line.is_indeterminate && ![8, 9, 11].contains(&line.packet_type)),
    },
    Cause {
        name: "type 0",
        reason: "RFC 9580 section 5 reserves it: gpg passes over the packet in silence, bpg-core frames it.",
        then: |parting| match parting.ours {
            Ours::Packet(line, raw) if line.packet_type == 0 => Some(Then::Resume(raw.wire().end())),
            Ours::Cut(line) if line.packet_type == 0 => Some(Then::Resume(parting.input.len() as u64)),
            _ => None,
        },
    },
];

impl Parting<'_> {
    /// The last packet, if it is of one of these types and gpg says this at the end of the line about its body.
    fn last_that_says(&self, types: &[u8], said: &str) -> Option<Line> {
        let (_, theirs) = self.last?;
        (types.contains(&theirs.line.packet_type) && theirs.body.ends_with(said)).then_some(theirs.line)
    }

    /// gpg goes on at `place`, which a packet that is cut short may not have.
    fn resume_in(&self, place: u64) -> Option<Then> {
        Some(Then::Resume(place.min(self.input.len() as u64)))
    }

    /// gpg does not list a packet with a header such as this, and goes on behind the header.
    fn skips_header(&self, is_such: impl Fn(&Line) -> bool) -> Option<Then> {
        let line = self.ours.line().filter(|line| is_such(line))?;
        Some(Then::Resume(self.position + line.header_length))
    }
}
