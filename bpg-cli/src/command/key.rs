//! `bpg key`: making keys and looking after them.

pub(super) mod generate;
pub(super) mod protect;
pub(super) mod public;
pub(super) mod show;
mod summary;

use std::path::Path;

use bpg_core::armor::{self, Block, Footer, Symbols};
use bpg_core::container;
use bpg_core::framing;
use bpg_core::generate::Error;
use bpg_core::keybox::{self, Contents};
use bpg_core::octets::Octets;
use bpg_core::packet::Packet;
use bpg_core::registry::{KeyboxBlobType, PacketType};
use chacha20::ChaCha20Rng;
use getrandom::SysRng;
use rand_core::SeedableRng;
use zeroize::Zeroizing;

use self::summary::is_key_revocation;
use crate::error::{Failure, diagnose};
use crate::input::{self, Places, no_data};

/// Labels of armor (RFC 9580 section 6.2.1).
const PRIVATE_KEY: &str = "PRIVATE KEY BLOCK";
const PUBLIC_KEY: &str = "PUBLIC KEY BLOCK";

/// A generator that is seeded by the operating system. It is boxed, as its state is secret: whoever has it can make the key
/// again.
fn rng() -> Result<Box<ChaCha20Rng>, Failure> {
    ChaCha20Rng::try_from_rng(&mut SysRng)
        .map(Box::new)
        .map_err(|error| Failure::new(format_args!("the operating system gives no random numbers: {error}")))
}

/// How packets are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Armor,
    Binary,
}

impl Form {
    fn new(is_binary: bool) -> Self {
        if is_binary { Self::Binary } else { Self::Armor }
    }

    /// What is to be written for `packets`, without a copy that is not needed.
    fn encode<'p>(self, label: &str, headers: &[(&str, &str)], packets: &'p [u8]) -> Encoded<'p> {
        match self {
            Self::Binary => Encoded::Packets(packets),
            Self::Armor => Encoded::Text(armor::encode(label, headers, packets, footer(packets))),
        }
    }
}

/// Packets as they are written.
enum Encoded<'p> {
    Packets(&'p [u8]),
    Text(Zeroizing<String>),
}

impl Encoded<'_> {
    fn octets(&self) -> &[u8] {
        match self {
            Self::Packets(packets) => packets,
            Self::Text(text) => text.as_bytes(),
        }
    }
}

/// "An ASCII-armored keyring consisting of only version 6 keys MUST NOT contain a CRC24 footer", nor may "an ASCII-armored
/// sequence of Signature packets that only includes version 6 Signature packets" (RFC 9580 section 6.1). Older programs,
/// which read older versions only, may want one.
fn footer(packets: &[u8]) -> Footer {
    let is_old = |packet: framing::RawPacket<'_>| {
        let is_versioned = is_key(packet.packet_type()) || packet.packet_type() == PacketType::SIGNATURE;
        let version = packet.body().contiguous().and_then(|body| body.as_slice().first());
        is_versioned && version.is_some_and(|version| *version < 6)
    };
    if framing::packets(packets).flatten().any(is_old) { Footer::Crc24 } else { Footer::None }
}

fn is_key(packet_type: PacketType) -> bool {
    is_primary_key(packet_type) || [PacketType::PUBLIC_SUBKEY, PacketType::SECRET_SUBKEY].contains(&packet_type)
}

fn is_primary_key(packet_type: PacketType) -> bool {
    [PacketType::PUBLIC_KEY, PacketType::SECRET_KEY].contains(&packet_type)
}

/// A file with keys.
struct KeyFile<'a> {
    name: &'a [u8],
    form: Form,
    parts: Vec<Part<'a>>,
    places: Places<'a>,
}

/// The packets of a binary file, or of a block of armor.
struct Part<'a> {
    packets: Zeroizing<Vec<u8>>,
    /// The block, if it is one.
    block: Option<Block<'a>>,
    /// Where it starts in the file.
    start: u64,
}

/// What may stand in a file beside the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    Nothing,
    /// What revokes keys, in front of them or by itself.
    Revocations,
}

impl<'a> KeyFile<'a> {
    /// Finds the keys in `data`, the content of the file at `path`.
    fn new(path: &'a Path, data: &'a [u8], beside: Beside) -> Result<Self, Failure> {
        let name = input::name(path);
        let places = if container::is_armored(data) { Places::in_text(data) } else { Places::in_binary() };
        let mut file = Self { name, form: Form::Binary, parts: Vec::new(), places };
        let mut has_found = false;
        for part in container::parts(data) {
            has_found |= !matches!(part, container::Part::Skipped(_));
            match part {
                container::Part::Packets(octets) => {
                    file.parts.push(Part::binary(octets));
                }
                container::Part::Armor(block) => file.add_armor(block)?,
                container::Part::Keybox(octets) => {
                    let blobs =
                        keybox::blobs(octets).flatten().filter(|blob| blob.blob_type() == KeyboxBlobType::OPENPGP);
                    for blob in blobs {
                        let Ok(Contents::Key(key)) = blob.interpret() else { continue };
                        file.parts.push(Part::binary(key.key_block()));
                    }
                }
                container::Part::Encoded(encoded) => {
                    let place = file.places.place(encoded.wire().start());
                    return Err(Failure::about(name, format_args!("{place}: {}", encoded.encoding().rule())));
                }
                _ => {}
            }
        }
        if has_found { file.check(beside).map(|()| file) } else { Err(Failure::about(name, no_data(data.is_empty()))) }
    }

    /// Fails if there is no key, or something that may not be beside it.
    fn check(&self, beside: Beside) -> Result<(), Failure> {
        let mut has_key = false;
        let mut other = None;
        for part in &self.parts {
            match part.first(beside) {
                Some(Ok(packet_type)) if is_primary_key(packet_type) => has_key = true,
                Some(Ok(packet_type)) => other = other.or(Some((part, format!("a {packet_type} packet")))),
                Some(Err(error)) => return Err(self.malformed(part, &error)),
                None if beside == Beside::Revocations => {}
                None => other = other.or(Some((part, "a block with nothing in it".into()))),
            }
        }
        match other {
            Some((part, what)) if has_key => {
                let place = self.places.place(part.start);
                Err(Failure::about(self.name, format_args!("{place}: no key, but {what}, starts here")))
            }
            None if has_key => Ok(()),
            _ => Err(Failure::about(self.name, "no OpenPGP key")),
        }
    }

    /// Adds what a block of armor holds.
    fn add_armor(&mut self, block: Block<'a>) -> Result<(), Failure> {
        let decoded = block.decode().map_err(|error| {
            let place = self.places.place(error.span().start);
            Failure::malformed(self.name, format_args!("{place}: {}", error.reason()))
        })?;
        if decoded.checksum.is_some_and(|checksum| !checksum.is_right()) {
            let place = self.places.place(block.wire().start());
            diagnose(self.name, format_args!("{place}: the armor's CRC-24 is wrong"));
        }
        self.form = Form::Armor;
        self.parts.push(Part { packets: decoded.octets, block: Some(block), start: block.wire().start() });
        Ok(())
    }

    fn has_secrets(&self) -> bool {
        let has_secret =
            |part: &Part<'_>| framing::packets(&part.packets).flatten().any(|raw| raw.packet_type().is_secret());
        self.parts.iter().any(has_secret)
    }

    /// What went wrong with a part.
    fn failure(&self, part: &Part<'_>, error: Error) -> Failure {
        match error {
            Error::Malformed(error) => self.malformed(part, &error),
            error => Failure::about(self.name, error),
        }
    }

    /// What is wrong with a part.
    fn malformed(&self, part: &Part<'_>, error: &bpg_core::error::Error) -> Failure {
        let place = self.place(part, error.span().start);
        Failure::malformed(self.name, format_args!("{place}: {}", error.reason()))
    }

    /// The place of an octet of the packets of a part.
    fn place(&self, part: &Part<'_>, position: u64) -> String {
        match part.block {
            Some(block) => self.places.place_in_armor(&Symbols::new(block), position),
            None => self.places.place(part.start.saturating_add(position)),
        }
    }
}

impl Part<'_> {
    fn binary(packets: Octets<'_>) -> Self {
        Self { packets: Zeroizing::new(packets.as_slice().to_vec()), block: None, start: packets.start() }
    }

    /// The type of the first packet that may not be beside keys, or that is one.
    fn first(&self, beside: Beside) -> Option<Result<PacketType, bpg_core::error::Error>> {
        let is_passed_over = |packet: &framing::RawPacket<'_>| {
            let packet = packet.interpret();
            let is_revocation = matches!(packet, Ok(Packet::Signature(revocation)) if is_key_revocation(&revocation));
            beside == Beside::Revocations && is_revocation
        };
        let first = framing::packets(&self.packets).find(|packet| !packet.as_ref().is_ok_and(is_passed_over))?;
        Some(first.map(|packet| packet.packet_type()))
    }
}
