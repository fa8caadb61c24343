//! `bpg key`: making keys and looking after them.

mod encoded;
pub(super) mod generate;
pub(super) mod protect;
pub(super) mod public;
pub(super) mod show;
mod summary;

use std::cell::{Cell, OnceCell};
use std::ops::ControlFlow;
use std::path::Path;

use bpg_core::armor::{self, Block, Footer, Symbols};
use bpg_core::container::{self, Encoded as EncodedText, Encoding};
use bpg_core::framing;
use bpg_core::generate::Error;
use bpg_core::keybox::{self, Contents};
use bpg_core::octets::Octets;
use bpg_core::packet::Packet;
use bpg_core::registry::{KeyboxBlobType, PacketType};
use bpg_core::secret::Wiped;
use chacha20::ChaCha20Rng;
use getrandom::SysRng;
use rand_core::SeedableRng;

use self::summary::is_key_revocation;
use crate::error::{Failure, diagnose};
use crate::input::{self, Places, WRONG_CHECKSUM, no_data};

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
    Text(Wiped<String>),
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
    /// For how many places more the line is looked for in texts that have to be decoded.
    searches: Cell<u32>,
}

/// How many such places there are. For each of them all of the text is decoded again, and files with an error a line are
/// made on purpose.
const SEARCHES: u32 = 16;

/// The packets of a binary file, or of a block of armor.
struct Part<'a> {
    packets: Wiped<Vec<u8>>,
    origin: Origin<'a>,
    /// Where it, or the encoded text that it is in, starts in the file.
    start: u64,
}

/// What packets come from.
enum Origin<'a> {
    Binary,
    /// A block with what finds places in it, once somebody has to be told of one.
    Armor(Block<'a>, OnceCell<Box<Symbols<'a>>>),
    /// The block of this number, from 0, of a text that has to be decoded. It is found again when somebody has to be told of
    /// a place.
    Encoded(EncodedText<'a>, usize),
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
        let mut file = Self { name, form: Form::Binary, parts: Vec::new(), places, searches: Cell::new(SEARCHES) };
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
                container::Part::Encoded(encoded) => file.add_encoded(encoded)?,
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
        let packets = decode(self.name, block, |position| self.places.place(position))?;
        self.form = Form::Armor;
        self.parts.push(Part { packets, origin: Origin::Armor(block, OnceCell::new()), start: block.wire().start() });
        Ok(())
    }

    /// Adds what the armor in a text holds that has to be decoded.
    fn add_encoded(&mut self, encoded: EncodedText<'a>) -> Result<(), Failure> {
        if encoded.encoding() != Encoding::QuotedPrintable {
            // It is all of the file, whose octets have no lines before they are decoded.
            self.places = Places::in_binary();
        }
        self.form = Form::Armor;
        let Self { name, places, parts, .. } = self;
        let mut index = 0;
        let outer = |armored, position| encoded::locate(places, armored, position, position);
        let result = encoded::blocks(encoded, &outer, &mut |block, place| {
            let packets = match decode(name, block, |position| place(None, position)) {
                Ok(packets) => packets,
                Err(failure) => return ControlFlow::Break(failure),
            };
            parts.push(Part { packets, origin: Origin::Encoded(encoded, index), start: encoded.wire().start() });
            index += 1;
            ControlFlow::Continue(())
        });
        result.break_value().map_or(Ok(()), Err)
    }

    fn has_secrets(&self) -> bool {
        let has_secret =
            |part: &Part<'_>| framing::packets(&part.packets).flatten().any(|raw| raw.packet_type().is_secret());
        self.parts.iter().any(has_secret)
    }

    /// Fails if there is a secret key of which nobody knows where the secret starts.
    fn check_secrets_are_known(&self) -> Result<(), Failure> {
        for part in &self.parts {
            for raw in framing::packets(&part.packets).flatten().filter(|raw| raw.packet_type().is_secret()) {
                if let Some(key) = unknown_key(&raw) {
                    let place = self.place(part, raw.wire().start());
                    let message = format_args!("{place}: {key}: nobody knows where its secret starts");
                    return Err(Failure::about(self.name, message));
                }
            }
        }
        Ok(())
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
        match &part.origin {
            Origin::Binary => self.places.place(part.start.saturating_add(position)),
            Origin::Armor(block, symbols) => {
                self.places.place_in_armor(symbols.get_or_init(|| Box::new(Symbols::new(*block))), position)
            }
            Origin::Encoded(encoded, index) => self.place_in_encoded(*encoded, *index, position),
        }
    }

    /// The place of an octet of the packets of the block number `index` in `encoded`.
    fn place_in_encoded(&self, encoded: EncodedText<'_>, index: usize, position: u64) -> String {
        let Some(left) = self.searches.get().checked_sub(1) else {
            return Places::in_binary().place_of_armored(position, 0);
        };
        self.searches.set(left);
        let outer = |armored, position| encoded::locate(&self.places, armored, position, position);
        let mut before = index;
        let result = encoded::blocks(encoded, &outer, &mut |block, place| match before.checked_sub(1) {
            Some(left) => {
                before = left;
                ControlFlow::Continue(())
            }
            None => ControlFlow::Break(place(Some(position), Symbols::new(block).position(position))),
        });
        result.break_value().unwrap_or_else(|| self.places.place(encoded.wire().start()))
    }
}

/// The octets that a block of armor in the file `name` holds; `place` says where positions in its text are.
fn decode(name: &[u8], block: Block<'_>, place: impl Fn(u64) -> String) -> Result<Wiped<Vec<u8>>, Failure> {
    let decoded = block.decode().map_err(|error| {
        let place = place(error.span().start);
        Failure::malformed(name, format_args!("{place}: {}", error.reason()))
    })?;
    if decoded.checksum.is_some_and(|checksum| !checksum.is_right()) {
        let place = place(block.wire().start());
        diagnose(name, format_args!("{place}: {WRONG_CHECKSUM}"));
    }
    Ok(decoded.octets)
}

/// Names the key of a packet that cannot be interpreted, by what is not known of it: its version or, of a secret key up to
/// version 4, its algorithm.
fn unknown_key(raw: &framing::RawPacket<'_>) -> Option<String> {
    let Ok(Packet::Opaque(key)) = raw.interpret() else { return None };
    if !is_key(raw.packet_type()) {
        return None;
    }
    let what = if is_primary_key(raw.packet_type()) { "key" } else { "subkey" };
    let version = key.body().contiguous()?.as_slice().first()?;
    Some(match key.public_key_algorithm() {
        Some(algorithm) => format!("a {what} of algorithm {}, which is not known", algorithm.0),
        None => format!("a {what} of version {version}, which is not known"),
    })
}

impl Part<'_> {
    fn binary(packets: Octets<'_>) -> Self {
        Self { packets: Wiped::from(packets.as_slice().to_vec()), origin: Origin::Binary, start: packets.start() }
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
