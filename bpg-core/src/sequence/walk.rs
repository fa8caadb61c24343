//! Walking over packets with a look at the next one.

use super::OutOfPlace;
use crate::error::Error;
use crate::framing::{Packets, RawPacket};
use crate::octets::Octets;
use crate::registry::PacketType;

/// What a packet is to the grammar, by its type alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    PrimaryKey,
    Subkey,
    UserId,
    UserAttribute,
    Signature,
    OnePassSignature,
    SessionKey,
    Encrypted,
    Compressed,
    Literal,
    Padding,
    /// A packet to be ignored, wherever it is.
    Ignored,
    /// A packet that is part of no sequence.
    Foreign(OutOfPlace),
}

impl Kind {
    pub(super) const fn of(packet_type: PacketType) -> Self {
        match packet_type {
            PacketType::PUBLIC_KEY | PacketType::SECRET_KEY => Self::PrimaryKey,
            PacketType::PUBLIC_SUBKEY | PacketType::SECRET_SUBKEY => Self::Subkey,
            PacketType::USER_ID => Self::UserId,
            PacketType::USER_ATTRIBUTE => Self::UserAttribute,
            PacketType::SIGNATURE => Self::Signature,
            PacketType::ONE_PASS_SIGNATURE => Self::OnePassSignature,
            PacketType::PUBLIC_KEY_ENCRYPTED_SESSION_KEY | PacketType::SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY => {
                Self::SessionKey
            }
            PacketType::SYMMETRICALLY_ENCRYPTED_DATA
            | PacketType::SYMMETRICALLY_ENCRYPTED_AND_INTEGRITY_PROTECTED_DATA
            | PacketType::OCB_ENCRYPTED_DATA => Self::Encrypted,
            PacketType::COMPRESSED_DATA => Self::Compressed,
            PacketType::LITERAL_DATA => Self::Literal,
            PacketType::PADDING => Self::Padding,
            // Trust packets "SHOULD be ignored on any input other than local keyring files" (RFC 9580 section 5.10).
            PacketType::MARKER | PacketType::TRUST => Self::Ignored,
            PacketType::MODIFICATION_DETECTION_CODE => Self::Foreign(OutOfPlace::PacketType),
            // "Unknown non-critical packets can appear anywhere within any sequence."
            _ if packet_type.is_critical() => Self::Foreign(OutOfPlace::UnknownType),
            _ => Self::Ignored,
        }
    }

    /// Whether the packet says nothing about those around it.
    pub(super) fn is_ignored(self) -> bool {
        matches!(self, Self::Ignored | Self::Padding)
    }

    /// Whether the packet begins a component of a key.
    pub(super) fn is_head(self) -> bool {
        matches!(self, Self::PrimaryKey | Self::Subkey | Self::UserId | Self::UserAttribute)
    }
}

/// Packets, one of them ahead.
#[derive(Clone, Debug)]
pub(super) struct Walk<'a> {
    packets: Packets<'a>,
    /// The next packet.
    ahead: Option<Result<RawPacket<'a>, Error>>,
    /// The octets from the next packet on.
    rest: Octets<'a>,
    /// The octets behind the last packet that is not ignored.
    behind: Octets<'a>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(input: Octets<'a>) -> Self {
        let mut packets = Packets::new(input);
        let ahead = packets.next();
        Self { packets, ahead, rest: input, behind: input }
    }

    /// The octets from the next packet on.
    pub(super) const fn rest(&self) -> Octets<'a> {
        self.rest
    }

    /// The number of octets, up to here, of the packets that are ignored.
    pub(super) const fn ignored(&self) -> usize {
        self.behind.len().saturating_sub(self.rest.len())
    }

    /// The next packet, `None` at the end and in front of an error.
    pub(super) fn packet(&self) -> Option<RawPacket<'a>> {
        self.ahead.and_then(Result::ok)
    }

    /// What the next packet is, `None` at the end and in front of an error.
    pub(super) fn kind(&self) -> Option<Kind> {
        self.packet().map(|raw| Kind::of(raw.packet_type()))
    }

    /// Steps over the next packet.
    pub(super) fn advance(&mut self) {
        let Some(kind) = self.kind() else { return };
        #[cfg(test)]
        super::tests::STEPS.with(|steps| steps.set(steps.get().saturating_add(1)));
        self.rest = self.packets.remaining();
        self.ahead = self.packets.next();
        if !kind.is_ignored() {
            self.behind = self.rest;
        }
    }

    /// Steps over packets as long as `is_wanted` holds of the next one.
    pub(super) fn skip_while(&mut self, is_wanted: impl Fn(Kind) -> bool) {
        while self.kind().is_some_and(&is_wanted) {
            self.advance();
        }
    }

    /// The error of framing that is ahead, once.
    pub(super) fn take_error(&mut self) -> Option<Error> {
        self.ahead.take().and_then(Result::err)
    }
}
