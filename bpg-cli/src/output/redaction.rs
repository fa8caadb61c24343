//! What is hidden where the output goes to strangers, as with a bug report.
//!
//! What is shown is what is known to identify nobody by itself: numbers of registries, lengths, places, flags and
//! times. Whatever else a field holds is hidden, so that a field that is added later is hidden, too.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bpg_core::inspect::{Armor, Container, Event, Field, Frame, Group, Remainder, VALUE, Value};
use bpg_core::octets::Octets;
use bpg_core::registry::{ArmorWord, PacketType, SubpacketType};

/// How many keys and how many user IDs are told apart. The others are called alike.
const MOST: usize = 10_000;
/// How many octets a user ID has at most that is told apart from others.
const LONGEST_USER_ID: usize = 1024;
/// How many octets a list of numbers has at most that is taken for what it should be.
const LONGEST_LIST: usize = 32;
/// Likewise, of flags.
const LONGEST_FLAGS: usize = 8;

/// Text that is the same for everybody: markers, and the names of algorithms.
const WORDS: [&str; 28] = [
    "GNU",
    "gpg",
    "KBXf",
    "PGP",
    "rsa",
    "dsa",
    "elg",
    "ecc",
    "Ed25519",
    "Ed448",
    "Curve25519",
    "X448",
    "NIST P-256",
    "NIST P-384",
    "NIST P-521",
    "brainpoolP256r1",
    "brainpoolP384r1",
    "brainpoolP512r1",
    "private-key",
    "protected-private-key",
    "shadowed-private-key",
    "openpgp-s2k3-sha1-aes-cbc",
    "openpgp-s2k3-ocb-aes",
    "openpgp-native",
    "Hash: SHA1",
    "Hash: SHA256",
    "Hash: SHA384",
    "Hash: SHA512",
];

/// Puts stand-ins in the place of what tells whose keys and messages these are: the same ones for the same keys and user
/// IDs, in all that is printed.
#[derive(Debug, Default)]
pub(crate) struct Redaction {
    /// The keys by their key IDs.
    keys: Numbered<[u8; 8]>,
    /// The numbers of keys of version 3 by their fingerprints, of which the key ID is no part.
    old_keys: BTreeMap<[u8; 16], Option<usize>>,
    user_ids: Numbered<Vec<u8>>,
    /// The number of the key whose key ID was told last.
    last: Option<usize>,
    /// The packet whose fields are told.
    packet: Option<PacketType>,
    /// What is open, the groups among it with what they are.
    open: Vec<Option<Group>>,
    /// What is told in the place of something.
    stand_in: String,
}

/// Things in the order in which they appeared, counted from 1.
#[derive(Debug)]
struct Numbered<T>(BTreeMap<T, usize>);

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord> Numbered<T> {
    /// The number of a thing; `None` if there are too many.
    fn number(&mut self, thing: T) -> Option<usize> {
        let next = self.0.len() + 1;
        if next > MOST {
            return self.0.get(&thing).copied();
        }
        Some(*self.0.entry(thing).or_insert(next))
    }
}

impl Redaction {
    /// A file starts. What is in it is called as it was in those before.
    pub(crate) fn file(&mut self) {
        (self.packet, self.last) = (None, None);
        self.open.clear();
    }

    /// The event with nothing in it that tells whose it is.
    pub(crate) fn event<'e>(&'e mut self, event: Event<'e>) -> Event<'e> {
        match event {
            Event::Packet(frame) => {
                (self.packet, self.last) = (Some(frame.packet_type), None);
                self.open.push(None);
                Event::Packet(Frame { octets: without(frame.octets), ..frame })
            }
            Event::Armor(armor) => {
                self.open.push(None);
                Event::Armor(self.armor(armor))
            }
            Event::ArmorEnd(armor) => {
                self.open.push(None);
                Event::ArmorEnd(self.armor(armor))
            }
            Event::Container(container) => {
                self.packet = None;
                self.open.push(None);
                Event::Container(Container { octets: without(container.octets), ..container })
            }
            Event::Remainder(remainder) => {
                self.open.push(None);
                Event::Remainder(Remainder { octets: without(remainder.octets), ..remainder })
            }
            Event::Decompressed(_) => {
                self.open.push(None);
                event
            }
            Event::Open(group) => {
                self.open.push(Some(group));
                event
            }
            Event::Close => {
                self.open.pop();
                event
            }
            Event::Field(field) => Event::Field(Field { value: self.value(&field), ..field }),
            Event::Unknown | Event::Payload | Event::Error(_) => event,
        }
    }

    /// A label that everybody uses tells nothing.
    fn armor<'e>(&'e mut self, armor: Armor<'e>) -> Armor<'e> {
        let is_known = ArmorWord::HEADER_LINES.iter().any(|word| word.word.as_bytes() == armor.label.as_slice());
        if is_known {
            return armor;
        }
        self.hide(armor.label.len(), "octet", "");
        Armor { label: Octets::new(self.stand_in.as_bytes(), armor.label.start()), ..armor }
    }

    fn value<'e>(&'e mut self, field: &Field<'e>) -> Value<'e> {
        let value = field.value;
        match value {
            Value::Number(_)
            | Value::Name(_)
            | Value::Id { .. }
            | Value::Boolean(_)
            | Value::Time(_)
            | Value::Seconds(..)
            | Value::Days(..)
            | Value::MemoryExponent(_)
            | Value::HashedOctets(_)
            | Value::ChunkSize(_)
            | Value::Pixels(..)
            // Its octets are not shown, as nobody can ask for them at the same time.
            | Value::Secret(_) => return value,
            Value::Ids(ids) if ids.octets().len() <= LONGEST_LIST => return value,
            Value::Ciphersuites(octets) if octets.len() <= LONGEST_LIST => return value,
            Value::Flags(flags) if flags.octets().len() <= LONGEST_FLAGS => return value,
            Value::Curve(curve) if curve.curve().is_some() => return value,
            Value::Kdf(parameters) if parameters.algorithms().is_some() => return value,
            // All zeros stand for any key (RFC 9580 section 5.1).
            Value::KeyId(key_id) if key_id.0 == [0; 8] => return value,
            Value::Data(body) => return Value::Payload { length: body.len(), first: Octets::new(&[], 0) },
            Value::Payload { length, first } => return Value::Payload { length, first: without(first) },
            Value::Text(octets) if self.packet.is_none() && is_time(field.name, octets.as_slice()) => return value,
            Value::Text(octets) if self.is_user_id(field.name) => self.user_id(octets.as_slice()),
            Value::Text(octets) => match WORDS.iter().find(|word| word.as_bytes() == octets.as_slice()) {
                Some(word) => return Value::Name(word),
                None => self.hide(octets.len(), "octet", ""),
            },
            Value::KeyId(key_id) => {
                self.last = self.keys.number(key_id.0);
                self.key(self.last);
            }
            Value::Fingerprint(fingerprint) => {
                if let Ok(octets) = fingerprint.as_slice().try_into() {
                    self.old_key(octets);
                }
                self.fingerprint(fingerprint.as_slice());
            }
            // In keyboxes, some flags have no names.
            Value::Hex(octets) if field.name == "flags" && octets.len() <= LONGEST_FLAGS => return value,
            Value::Hex(octets) if self.is_fingerprint(field.name) => self.fingerprint(octets.as_slice()),
            Value::Hex(octets) | Value::Ciphersuites(octets) => self.hide(octets.len(), "octet", ""),
            Value::Ids(ids) => self.hide(ids.octets().len(), "octet", ""),
            Value::Flags(flags) => self.hide(flags.octets().len(), "octet", ""),
            Value::Mpi(mpi) => {
                let remark = if mpi.is_canonical() { "" } else { " declared, which is not its length" };
                self.hide(mpi.bits().into(), "bit", remark);
            }
            Value::Curve(curve) => self.hide(curve.octets().len(), "octet", ""),
            Value::Kdf(parameters) => self.hide(parameters.octets().len(), "octet", ""),
            Value::Checksum { stored, due, width } => {
                let remark = match (stored, due) {
                    (None, _) => ", malformed",
                    (_, None) => "",
                    (stored, due) if stored == due => ", right",
                    _ => ", wrong",
                };
                self.hide(width.into(), "octet", remark);
            }
            _ => self.hide(0, "octet", ""),
        }
        Value::Text(Octets::new(self.stand_in.as_bytes(), 0))
    }

    /// The group that is told of.
    fn group(&self) -> Option<&Group> {
        self.open.last()?.as_ref()
    }

    fn is_in_subpacket(&self, types: &[SubpacketType]) -> bool {
        let number = self.group().and_then(|group| group.number).map(|number| number.number);
        self.packet == Some(PacketType::SIGNATURE) && types.iter().any(|known| number == Some(known.0.into()))
    }

    /// Whether the text of a field is a user ID: of a packet, of a signature, or of a keybox.
    fn is_user_id(&self, name: &str) -> bool {
        let is_in_keybox = || self.packet.is_none() && self.group().is_some_and(|group| group.name == "user ID");
        self.packet == Some(PacketType::USER_ID) && self.group().is_none()
            || name == VALUE && (self.is_in_subpacket(&[SubpacketType::SIGNERS_USER_ID]) || is_in_keybox())
    }

    /// Whether the octets of a field are a fingerprint.
    fn is_fingerprint(&self, name: &str) -> bool {
        let types = [SubpacketType::ISSUER_FINGERPRINT, SubpacketType::INTENDED_RECIPIENT_FINGERPRINT];
        let is_in_keybox = || self.packet.is_none() && self.group().is_some_and(|group| group.name == "key");
        name == "fingerprint" || name == VALUE && (self.is_in_subpacket(&types) || is_in_keybox())
    }

    /// The key ID is a part of the fingerprint, but for keys of version 3 (RFC 9580 section 5.5.4).
    fn fingerprint(&mut self, fingerprint: &[u8]) {
        let number = match fingerprint.len() {
            20 => fingerprint.last_chunk().and_then(|key_id| self.keys.number(*key_id)),
            32 => fingerprint.first_chunk().and_then(|key_id| self.keys.number(*key_id)),
            16 => fingerprint.first_chunk().and_then(|octets| self.old_keys.get(octets).copied().flatten()),
            length => return self.hide(length, "octet", ""),
        };
        self.key(number);
    }

    /// This is the fingerprint of a key of version 3, whose key ID was told in front of it.
    fn old_key(&mut self, fingerprint: [u8; 16]) {
        if self.old_keys.len() < MOST {
            self.old_keys.entry(fingerprint).or_insert(self.last);
        }
    }

    fn key(&mut self, number: Option<usize>) {
        self.called("key", number);
    }

    fn user_id(&mut self, user_id: &[u8]) {
        let is_short = user_id.len() <= LONGEST_USER_ID;
        let number = is_short.then(|| self.user_ids.number(user_id.to_vec())).flatten();
        self.called("user ID", number);
    }

    fn called(&mut self, name: &str, number: Option<usize>) {
        self.stand_in.clear();
        // Writing to a string does not fail.
        let _ = match number {
            Some(number) => write!(self.stand_in, "{name} {number}"),
            None => write!(self.stand_in, "{name} ?"),
        };
    }

    fn hide(&mut self, count: usize, unit: &str, remark: &str) {
        self.stand_in.clear();
        let plural = if count == 1 { "" } else { "s" };
        // As above.
        let _ = write!(self.stand_in, "[hidden: {count} {unit}{plural}{remark}]");
    }
}

/// Whether a text of a key of gpg-agent is a point in time, such as `20240131T120000`, alone or behind its name. Times are
/// shown.
pub(super) fn is_time(name: &str, text: &[u8]) -> bool {
    let time = match name {
        "line" => text.strip_prefix(b"Created:").map(<[u8]>::trim_ascii),
        "created at" | "protected at" => Some(text),
        _ => None,
    };
    let parts = time.and_then(|time| time.split_first_chunk::<8>());
    parts.is_some_and(|(date, clock)| match clock {
        [b'T', clock @ ..] => clock.len() == 6 && date.iter().chain(clock).all(u8::is_ascii_digit),
        _ => false,
    })
}

/// None of the octets, where they were.
fn without(octets: Octets<'_>) -> Octets<'_> {
    Octets::new(&[], octets.start())
}
