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
use bpg_core::registry::{KeyboxBlobType, PacketType};
use chacha20::ChaCha20Rng;
use getrandom::SysRng;
use rand_core::SeedableRng;
use zeroize::Zeroizing;

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
}

impl<'a> KeyFile<'a> {
    /// Finds the keys in `data`, the content of the file at `path`.
    fn new(path: &'a Path, data: &'a [u8]) -> Result<Self, Failure> {
        let name = input::name(path);
        let places = if container::is_armored(data) { Places::in_text(data) } else { Places::in_binary() };
        let mut file = Self { name, form: Form::Binary, parts: Vec::new(), places };
        let mut has_found = false;
        for part in container::parts(data) {
            has_found |= !matches!(part, container::Part::Skipped(_));
            match part {
                container::Part::Packets(octets) => {
                    let packets = Zeroizing::new(octets.as_slice().to_vec());
                    file.parts.push(Part { packets, block: None });
                }
                container::Part::Armor(block) => file.add_armor(block)?,
                container::Part::Keybox(octets) => {
                    let blobs =
                        keybox::blobs(octets).flatten().filter(|blob| blob.blob_type() == KeyboxBlobType::OPENPGP);
                    for blob in blobs {
                        let Ok(Contents::Key(key)) = blob.interpret() else { continue };
                        let packets = Zeroizing::new(key.key_block().as_slice().to_vec());
                        file.parts.push(Part { packets, block: None });
                    }
                }
                container::Part::Encoded(encoded) => {
                    let place = file.places.place(encoded.wire().start());
                    return Err(Failure::about(name, format_args!("{place}: {}", encoded.encoding().rule())));
                }
                _ => {}
            }
        }
        let starts_with_key = |part: &Part<'_>| {
            let first = framing::packets(&part.packets).next();
            first.is_some_and(|packet| packet.is_ok_and(|packet| is_primary_key(packet.packet_type())))
        };
        if !file.parts.is_empty() && file.parts.iter().all(starts_with_key) {
            Ok(file)
        } else {
            let reason =
                if has_found { "no OpenPGP key, or something else beside it" } else { no_data(data.is_empty()) };
            Err(Failure::about(name, reason))
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
        self.parts.push(Part { packets: decoded.octets, block: Some(block) });
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
        let position = error.span().start;
        let place = match part.block {
            Some(block) => self.places.place_in_armor(&Symbols::new(block), position),
            None => self.places.place(position),
        };
        Failure::malformed(self.name, format_args!("{place}: {}", error.reason()))
    }
}
