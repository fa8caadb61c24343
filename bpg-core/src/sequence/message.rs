//! Messages (RFC 9580 section 10.3).

use core::iter::FusedIterator;

use super::OutOfPlace;
use super::walk::{Kind, Walk};
use crate::framing::RawPacket;
use crate::octets::Octets;

/// A message: "Encrypted Message | Signed Message | Compressed Message | Literal Message".
///
/// What is encrypted or compressed is a message again, which is not opened here.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    wire: Octets<'a>,
    outline: Outline<'a>,
    /// The number of octets of ignored packets at the end.
    ignored: usize,
}

/// What a message has, and what it has not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outline<'a> {
    content: Option<Content<'a>>,
    /// How many one-pass signatures there are for which no signature is.
    unmatched: usize,
}

impl<'a> Outline<'a> {
    /// Steps over a message, `None` if it is nothing but signatures.
    pub(super) fn read(walk: &mut Walk<'a>) -> Option<Self> {
        let mut unmatched: usize = 0;
        let mut begins = false;
        // "One-Pass Signed Message: One-Pass Signature Packet, OpenPGP Message, Corresponding Signature Packet." "Signed
        // Message: Signature Packet, OpenPGP Message | One-Pass Signed Message."
        while let Some(kind @ (Kind::Signature | Kind::OnePassSignature | Kind::Ignored | Kind::Padding)) = walk.kind()
        {
            if kind == Kind::OnePassSignature {
                unmatched = unmatched.saturating_add(1);
                begins = true;
            }
            walk.advance();
        }
        // "Encrypted Message: Encrypted Data | ESK Sequence, Encrypted Data."
        let is_encrypted = walk.kind() == Some(Kind::SessionKey);
        walk.skip_while(|kind| kind == Kind::SessionKey || kind.is_ignored());
        let content = walk.packet().and_then(Content::of);
        let content = content.filter(|content| !is_encrypted || matches!(content, Content::Encrypted(_)));
        if content.is_none() {
            return (begins || is_encrypted).then_some(Self { content, unmatched });
        }
        walk.advance();
        walk.skip_while(Kind::is_ignored);
        while unmatched > 0 && walk.kind() == Some(Kind::Signature) {
            unmatched = unmatched.saturating_sub(1);
            walk.advance();
            walk.skip_while(Kind::is_ignored);
        }
        Some(Self { content, unmatched })
    }
}

impl<'a> Message<'a> {
    /// The message from `start` to where `walk` is.
    pub(super) fn new(start: Octets<'a>, walk: &Walk<'a>, outline: Outline<'a>) -> Self {
        Self { wire: start.before(walk.rest()), outline, ignored: walk.ignored() }
    }

    /// The octets of all packets of the message.
    #[must_use]
    pub const fn wire(&self) -> Octets<'a> {
        self.wire
    }

    /// The packet that holds what the message is about, `None` if it is [missing](Self::missing).
    #[must_use]
    pub const fn content(&self) -> Option<Content<'a>> {
        self.outline.content
    }

    /// What the grammar asks for and the message has not.
    #[must_use]
    pub const fn missing(&self) -> Option<Missing> {
        match self.outline {
            Outline { content: None, .. } => Some(Missing::Content),
            Outline { unmatched: 0, .. } => None,
            Outline { unmatched, .. } => Some(Missing::Signatures(unmatched)),
        }
    }

    /// All packets of the message in order, each with what it is in there.
    #[must_use]
    pub fn parts(&self) -> Parts<'a> {
        Parts { walk: Walk::new(self.wire), ignored: self.ignored, has_content: false }
    }

    /// The packets of session keys, encrypted to a public key or with a passphrase.
    pub fn session_keys(&self) -> impl Iterator<Item = RawPacket<'a>> + use<'a> {
        self.of(|part| part == Part::SessionKey)
    }

    /// The one-pass signature packets. The last of them corresponds to the first signature behind the content, and so on:
    /// signatures surround the message like brackets.
    pub fn one_pass_signatures(&self) -> impl Iterator<Item = RawPacket<'a>> + use<'a> {
        self.of(|part| part == Part::OnePassSignature)
    }

    /// The signature packets, those in front of the content and those behind it. One that is malformed is among them:
    /// interpreting it gives its error.
    pub fn signatures(&self) -> impl Iterator<Item = RawPacket<'a>> + use<'a> {
        self.of(|part| matches!(part, Part::PrefixedSignature | Part::CorrespondingSignature))
    }

    fn of(&self, is_wanted: fn(Part) -> bool) -> impl Iterator<Item = RawPacket<'a>> + use<'a> {
        self.parts().filter_map(move |(raw, part)| is_wanted(part).then_some(raw))
    }
}

/// The packet that holds what a message is about.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// Encrypted data: Symmetrically Encrypted Data, Symmetrically Encrypted and Integrity Protected Data, or LibrePGP's OCB
    /// Encrypted Data.
    Encrypted(RawPacket<'a>),
    /// Compressed Data.
    Compressed(RawPacket<'a>),
    /// Literal Data.
    Literal(RawPacket<'a>),
}

impl<'a> Content<'a> {
    fn of(raw: RawPacket<'a>) -> Option<Self> {
        match Kind::of(raw.packet_type()) {
            Kind::Encrypted => Some(Self::Encrypted(raw)),
            Kind::Compressed => Some(Self::Compressed(raw)),
            Kind::Literal => Some(Self::Literal(raw)),
            _ => None,
        }
    }

    /// The packet.
    #[must_use]
    pub const fn packet(&self) -> RawPacket<'a> {
        match self {
            Self::Encrypted(raw) | Self::Compressed(raw) | Self::Literal(raw) => *raw,
        }
    }
}

/// What a message has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Missing {
    /// The content, or, behind session keys, encrypted data: one-pass signatures or session keys stand alone.
    Content,
    /// Signatures: there are so many more one-pass signatures than signatures behind the content.
    Signatures(usize),
}

/// What a packet is in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// A signature in front of the content.
    PrefixedSignature,
    /// A one-pass signature.
    OnePassSignature,
    /// An encrypted session key.
    SessionKey,
    /// The content.
    Content,
    /// A signature behind the content, which corresponds to a one-pass signature.
    CorrespondingSignature,
    /// A marker, a trust packet, padding at the end, or a packet of an unknown type that is not critical.
    Ignored,
    /// A packet that should not be there: padding that is not at the end.
    OutOfPlace(OutOfPlace),
}

/// Iterates over the packets of a message: see [`Message::parts`].
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    walk: Walk<'a>,
    ignored: usize,
    has_content: bool,
}

impl<'a> Iterator for Parts<'a> {
    type Item = (RawPacket<'a>, Part);

    fn next(&mut self) -> Option<Self::Item> {
        let raw = self.walk.packet()?;
        let part = match Kind::of(raw.packet_type()) {
            Kind::Signature if self.has_content => Part::CorrespondingSignature,
            Kind::Signature => Part::PrefixedSignature,
            Kind::OnePassSignature => Part::OnePassSignature,
            Kind::SessionKey => Part::SessionKey,
            Kind::Padding if self.walk.rest().len() > self.ignored => Part::OutOfPlace(OutOfPlace::Padding),
            Kind::Padding | Kind::Ignored => Part::Ignored,
            // A message is delimited before it ever gets here, so what is left is its content.
            _ => {
                self.has_content = true;
                Part::Content
            }
        };
        self.walk.advance();
        Some((raw, part))
    }
}

impl FusedIterator for Parts<'_> {}
