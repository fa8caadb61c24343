//! Files of packets, changed at random and the same way every time.

use bpg_core::framing::{RawPacket, packets};

/// Mutants are no longer than this, so that gpg takes a few milliseconds for each.
const MAX_OCTETS: usize = 16 << 10;

/// Random numbers that follow from a seed (splitmix64).
pub(crate) struct Random(u64);

impl Random {
    /// The numbers of mutant `number` of the run of `seed`.
    pub(crate) fn of(seed: u64, number: u64) -> Self {
        let mut random = Self(seed);
        random.0 = random.next() ^ number;
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `limit`, which must not be 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn octet(&mut self) -> u8 {
        self.next() as u8
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// A mutant of one of `seeds`, or of one joined with another.
pub(crate) fn mutant(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut parts = window(split(&seeds[random.below(seeds.len())]), random);
    if random.below(4) == 0 {
        parts.extend(window(split(&seeds[random.below(seeds.len())]), random));
    }
    for _ in 0..random.below(3) {
        change_packets(&mut parts, random);
    }
    let mut starts = Vec::new();
    let mut octets = Vec::new();
    for part in parts {
        starts.push(octets.len());
        octets.extend(part);
    }
    // Now and then none: what is only in another order must be read, too.
    for _ in 0..random.below(4) {
        change_octets(&mut octets, &starts, random);
    }
    octets.truncate(MAX_OCTETS);
    octets
}

/// The packets of a file, and what is left as a last one.
fn split(file: &[u8]) -> Vec<Vec<u8>> {
    let mut framed = packets(file);
    let mut parts: Vec<_> = framed.by_ref().flatten().map(|raw| raw.wire().as_slice().to_vec()).collect();
    parts.push(framed.remaining().as_slice().to_vec());
    parts.retain(|part| !part.is_empty());
    parts
}

/// Packets that follow one another, a limited number of octets of them.
fn window(parts: Vec<Vec<u8>>, random: &mut Random) -> Vec<Vec<u8>> {
    let total: usize = parts.iter().map(Vec::len).sum();
    let first = if total <= MAX_OCTETS / 2 { 0 } else { random.below(parts.len()) };
    let mut left = MAX_OCTETS / 2;
    let fits = |part: &Vec<u8>| {
        left = left.saturating_sub(part.len());
        left > 0
    };
    parts.into_iter().skip(first).take_while(fits).collect()
}

fn change_packets(parts: &mut Vec<Vec<u8>>, random: &mut Random) {
    if parts.is_empty() {
        return;
    }
    let (one, other) = (random.below(parts.len()), random.below(parts.len()));
    match random.below(8) {
        0 => parts.swap(one, other),
        1 => parts.insert(other, parts[one].clone()),
        2 => drop(parts.remove(one)),
        3 => {
            let end = 1 + random.below(parts[one].len());
            parts[one].truncate(end);
        }
        _ => {
            if let Some(changed) = encoded_again(&parts[one], random) {
                parts[one] = changed;
            }
        }
    }
}

/// The packet with a header of another format, type or length, which may be wrong.
fn encoded_again(wire: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let (raw, _) = RawPacket::parse_prefix(wire.into()).ok()?;
    let body = raw.body().to_cow();
    let packet_type = match random.below(4) {
        0 => random.octet() & 0x3f,
        1 => random.pick(&[0, 8, 9, 10, 11, 18, 20, 63]),
        _ => raw.packet_type().0,
    };
    let length = match random.below(6) {
        0 => body.len().saturating_sub(1 + random.below(4)),
        1 => body.len() + 1 + random.below(4),
        _ => body.len(),
    };
    let mut octets = Vec::new();
    if raw.length().is_legacy() != (random.below(3) == 0) {
        legacy_header(packet_type, length, random, &mut octets);
    } else {
        octets.push(0xc0 | packet_type);
        if random.below(3) == 0 {
            in_parts(&body, random, &mut octets);
            return Some(octets);
        }
        openpgp_length(length, random, &mut octets);
    }
    octets.extend_from_slice(&body);
    Some(octets)
}

/// A header in the legacy format, whose length type need not be the shortest.
fn legacy_header(packet_type: u8, length: usize, random: &mut Random, octets: &mut Vec<u8>) {
    let length_type = random.below(4);
    octets.push(0x80 | (packet_type & 0x0f) << 2 | length_type as u8);
    let counted = (length as u32).to_be_bytes();
    octets.extend_from_slice(match length_type {
        0 => &counted[3..],
        1 => &counted[2..],
        2 => &counted,
        _ => &[],
    });
}

/// A length of one, two or five octets that can hold it.
fn openpgp_length(length: usize, random: &mut Random, octets: &mut Vec<u8>) {
    let length = length as u32;
    match (length, random.below(3)) {
        (0..192, 0) => octets.push(length as u8),
        (192..8384, 0 | 1) => {
            let [.., high, low] = (length - 192).to_be_bytes();
            octets.extend([high + 192, low]);
        }
        _ => {
            octets.push(255);
            octets.extend(length.to_be_bytes());
        }
    }
}

/// The body behind partial lengths of a size that may be shorter than the first may be.
fn in_parts(body: &[u8], random: &mut Random, octets: &mut Vec<u8>) {
    let mut rest = body;
    let power = random.pick(&[0, 1, 4, 6, 9]);
    while rest.len() >= 1 << power && random.below(8) != 0 {
        let (part, behind) = rest.split_at(1 << power);
        octets.push(224 + power);
        octets.extend_from_slice(part);
        rest = behind;
    }
    openpgp_length(rest.len(), random, octets);
    octets.extend_from_slice(rest);
}

fn change_octets(octets: &mut Vec<u8>, starts: &[usize], random: &mut Random) {
    if octets.is_empty() {
        return;
    }
    // Every other change is in or just behind a header.
    let start = if starts.is_empty() { 0 } else { random.pick(starts) };
    let place = match random.below(2) {
        0 => (start + random.below(8)).min(octets.len() - 1),
        _ => random.below(octets.len()),
    };
    let end = (place + 1 + random.below(16)).min(octets.len());
    match random.below(8) {
        0 | 1 => octets[place] ^= 1 << random.below(8),
        2 => octets[place] = random.octet(),
        // Where one kind of length ends and the next begins.
        3 => octets[place] = random.pick(&[0, 1, 0x7f, 0x80, 191, 192, 223, 224, 254, 255]),
        4 => octets.insert(place, random.octet()),
        5 => drop(octets.drain(place..end)),
        6 => {
            let copied = octets[place..end].to_vec();
            octets.splice(place..place, copied);
        }
        _ => octets.truncate(place),
    }
}
