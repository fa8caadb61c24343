//! The grammar over packets: transferable keys, messages and detached signatures (RFC 9580 section 10).
//!
//! [`items`] divides octets into [`Item`]s, one after another, each of which is a run of packets that belong together.
//! Nothing is lost: the octets of all items, in order, are those of all packets. Nothing is copied either, and nothing is
//! allocated: an item is the region of its packets, and what it is made of is found by walking over them again.
//!
//! The keys, user IDs and subkeys of a keyring:
//!
//! ```
//! use bpg_core::packet::Packet;
//! use bpg_core::sequence::{self, ComponentKind, Issuer, Item};
//!
//! # let keyring = include_bytes!("../../testdata/keyrings/public.gpg");
//! for item in sequence::items(keyring) {
//!     let Item::Key(key) = item? else { continue };
//!     for component in key.components() {
//!         match component.packet() {
//!             Ok(Packet::PublicKey(key)) => println!("{:?}", key.fingerprint()),
//!             Ok(Packet::UserId(user_id)) => println!("  user ID {:?}", user_id.text()),
//!             Ok(Packet::PublicSubkey(subkey)) => println!("  subkey {:?}", subkey.key_id()),
//!             Ok(_) => println!("  {:?}", component.kind()),
//!             Err(error) => println!("  malformed: {error}"),
//!         }
//!         let (own, others) = (component.self_signatures().count(), component.certifications().count());
//!         println!("    {own} by the key itself, {others} by others");
//!     }
//! }
//! # let keys = sequence::items(keyring).filter(|item| matches!(item, Ok(Item::Key(_)))).count();
//! # assert!(keys > 3);
//! # Ok::<(), bpg_core::error::Error>(())
//! ```
//!
//! # What belongs to what
//!
//! Packet types alone divide the packets into items, so that a malformed body never costs more than its own packet:
//!
//! * A primary key begins a key. To it belong all user IDs, user attributes, subkeys and signatures that follow.
//! * A message is what the grammar of RFC 9580 section 10.3 says: signatures and one-pass signatures, then literal or
//!   compressed data, or encrypted data behind its session keys, and at last a signature for each one-pass signature. What
//!   is compressed or encrypted is not opened.
//! * Signatures that no message follows are detached.
//! * Everything else is [out of place](Item::OutOfPlace), and says [why](OutOfPlace).
//!
//! Marker packets, padding, trust packets and packets of unknown types that are not critical belong to what they follow; at
//! the start, to what follows them.
//!
//! RFC 9580 demands that a sequence with an unexpected packet is rejected. That is left to the caller: what is unexpected is
//! named, and everything around it stays where it is.

mod key;
mod message;
mod walk;

pub use key::{Component, ComponentKind, Components, Issuer, KeySignature, Member, Members, Role, TransferableKey};
pub use message::{Content, Message, Missing, Part, Parts};

use core::iter::FusedIterator;

use self::message::Outline;
use self::walk::{Kind, Walk};
use crate::encode::encode_as_received;
use crate::error::Error;
use crate::framing::{Packets, RawPacket};
use crate::octets::Octets;

/// The items of `input`, one after another.
///
/// The iterator ends after its first error, which is one of framing: what is wrong inside packets is found where they are
/// interpreted. The packets in front of the error are part of the last item before it. [`Items::remaining`] then gives the
/// octets that were not framed.
///
/// ```
/// use bpg_core::sequence::{self, Item, OutOfPlace};
///
/// // A User ID packet of one octet, and the first octets of another.
/// let mut items = sequence::items(&[0xcd, 0x01, b'a', 0xcd, 0x05, b'b']);
/// let Some(Ok(Item::OutOfPlace(run))) = items.next() else { panic!("a user ID needs a key") };
/// assert_eq!(run.reason(), OutOfPlace::NoPrimaryKey);
/// assert_eq!(run.wire().as_slice(), [0xcd, 0x01, b'a']);
/// assert!(items.next().is_some_and(|item| item.is_err()));
/// assert!(items.next().is_none());
/// assert_eq!(items.remaining().as_slice(), [0xcd, 0x05, b'b']);
/// ```
#[must_use]
pub fn items(input: &[u8]) -> Items<'_> {
    Items::new(Octets::from(input))
}

/// Iterates over items: see [`items`].
#[derive(Clone, Debug)]
pub struct Items<'a> {
    walk: Walk<'a>,
}

impl<'a> Items<'a> {
    /// The items of `input`, with positions counted from where `input` says it starts.
    #[must_use]
    pub fn new(input: Octets<'a>) -> Self {
        Self { walk: Walk::new(input) }
    }

    /// The octets that are not in an item yet, or could not be framed.
    #[must_use]
    pub const fn remaining(&self) -> Octets<'a> {
        self.walk.rest()
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Result<Item<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let walk = &mut self.walk;
        let start = walk.rest();
        walk.skip_while(Kind::is_ignored);
        let item = match walk.kind() {
            Some(Kind::PrimaryKey) => Item::Key(TransferableKey::read(start, walk)?),
            Some(Kind::Subkey | Kind::UserId | Kind::UserAttribute) => {
                walk.advance();
                walk.skip_while(|kind| kind == Kind::Signature || kind.is_ignored());
                Item::OutOfPlace(Run::new(start, walk, OutOfPlace::NoPrimaryKey))
            }
            Some(Kind::Foreign(reason)) => {
                walk.advance();
                walk.skip_while(Kind::is_ignored);
                Item::OutOfPlace(Run::new(start, walk, reason))
            }
            Some(_) => match Outline::read(walk) {
                Some(outline) => Item::Message(Message::new(start, walk, outline)),
                None => Item::Signatures(Signatures { wire: start.before(walk.rest()) }),
            },
            None if walk.rest().len() < start.len() => Item::OutOfPlace(Run::new(start, walk, OutOfPlace::Alone)),
            None => return walk.take_error().map(Err),
        };
        Some(Ok(item))
    }
}

impl FusedIterator for Items<'_> {}

/// A run of packets that belong together.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Item<'a> {
    /// A transferable public or secret key (RFC 9580 sections 10.1 and 10.2).
    Key(TransferableKey<'a>),
    /// A message (RFC 9580 section 10.3).
    Message(Message<'a>),
    /// Detached signatures (RFC 9580 section 10.4). A revocation that is distributed without its key is one too.
    Signatures(Signatures<'a>),
    /// Packets that are part of none of these.
    OutOfPlace(Run<'a>),
}

impl<'a> Item<'a> {
    /// The octets of all packets of the item.
    #[must_use]
    pub const fn wire(&self) -> Octets<'a> {
        match self {
            Self::Key(key) => key.wire(),
            Self::Message(message) => message.wire(),
            Self::Signatures(signatures) => signatures.wire(),
            Self::OutOfPlace(run) => run.wire(),
        }
    }

    /// All packets of the item, in order.
    pub fn packets(&self) -> impl Iterator<Item = RawPacket<'a>> + use<'a> {
        packets(self.wire())
    }
}

/// The packets of octets that were framed before, so there is no error among them.
fn packets(wire: Octets<'_>) -> impl Iterator<Item = RawPacket<'_>> {
    Packets::new(wire).map_while(Result::ok)
}

/// Detached signatures: "one or more Signature packets stored separately from the data for which they are a signature".
///
/// One that is distributed to revoke a version 4 key looks the same; the signatures' types tell.
#[derive(Clone, Copy, Debug)]
pub struct Signatures<'a> {
    wire: Octets<'a>,
}

impl<'a> Signatures<'a> {
    /// The octets of all packets, markers and padding among them.
    #[must_use]
    pub const fn wire(&self) -> Octets<'a> {
        self.wire
    }

    /// The signature packets. One that is malformed is among them: interpreting it gives its error.
    pub fn signatures(&self) -> impl Iterator<Item = RawPacket<'a>> + use<'a> {
        packets(self.wire).filter(|raw| Kind::of(raw.packet_type()) == Kind::Signature)
    }
}

/// Packets that are out of place, with the reason.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    wire: Octets<'a>,
    reason: OutOfPlace,
}

impl<'a> Run<'a> {
    /// The packets from `start` to where `walk` is.
    fn new(start: Octets<'a>, walk: &Walk<'a>, reason: OutOfPlace) -> Self {
        Self { wire: start.before(walk.rest()), reason }
    }

    /// The octets of all packets.
    #[must_use]
    pub const fn wire(&self) -> Octets<'a> {
        self.wire
    }

    /// Why they are out of place.
    #[must_use]
    pub const fn reason(&self) -> OutOfPlace {
        self.reason
    }
}

encode_as_received! {
    Item<'_>: wire,
    Run<'_>: wire,
    Signatures<'_>: wire,
    TransferableKey<'_>: wire,
    Component<'_>: wire,
    Message<'_>: wire,
}

/// Why a packet is out of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OutOfPlace {
    /// A user ID, user attribute or subkey, with the signatures that follow it, but without a primary key.
    NoPrimaryKey,
    /// A user ID or user attribute behind a subkey: "After the sequence of User ID packets and Attribute packets and their
    /// associated signatures, zero or more Subkey packets follow" (RFC 9580 section 10.1.5).
    BehindSubkey,
    /// A signature whose type does not say that it signs what it follows, such as one of a document in a key.
    SignatureType,
    /// Padding that is not at the end.
    Padding,
    /// A packet of a type that is part of no sequence, such as a modification detection code.
    PacketType,
    /// A packet of an unknown type that is critical (RFC 9580 section 4.3).
    UnknownType,
    /// Nothing but packets that are to be ignored.
    Alone,
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use super::*;
    use std::vec::Vec;

    std::thread_local! {
        /// How many packets were stepped over.
        pub(super) static STEPS: Cell<u64> = const { Cell::new(0) };
    }

    /// How many packets `work` steps over.
    fn steps(work: impl FnOnce()) -> u64 {
        STEPS.set(0);
        work();
        STEPS.get()
    }

    /// `count` packets of a type, without a body.
    fn flood(packet_type: u8, count: usize) -> Vec<u8> {
        [0xc0 | packet_type, 0x00].repeat(count)
    }

    const MANY: usize = 100_000;

    /// Walks over everything that there is.
    fn walk(input: &[u8]) {
        for item in items(input).flatten() {
            match item {
                Item::Key(key) => key.components().for_each(|component| assert!(component.members().count() > 0)),
                Item::Message(message) => assert!(message.parts().count() > 0),
                Item::Signatures(signatures) => assert!(signatures.signatures().count() > 0),
                Item::OutOfPlace(_) => {}
            }
        }
    }

    /// Whatever packets there are many of, an item is walked over once to delimit it, a key a second time to find its
    /// components, and their packets a last time.
    #[test]
    fn time_grows_with_the_number_of_packets() {
        for start in [&[][..], &[6], &[6, 13], &[6, 14], &[4], &[1], &[11], &[2], &[13]] {
            for repeated in
                [&[2][..], &[4], &[13], &[14], &[6], &[1], &[10], &[21], &[12], &[19], &[40], &[11], &[13, 2]]
            {
                let start: Vec<u8> = start.iter().flat_map(|packet_type| flood(*packet_type, 1)).collect();
                let repeated: Vec<u8> = repeated.iter().flat_map(|packet_type| flood(*packet_type, 1)).collect();
                let input = [start, repeated.repeat(MANY)].concat();
                let packets = crate::octets::u64_from(input.len() / 2);
                let steps = steps(|| walk(&input));
                assert!((packets..=3 * packets).contains(&steps), "{:02x?}: {steps} steps", &input[..6]);
            }
        }
    }
}
