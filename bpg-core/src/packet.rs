//! Packets: one file per packet type, one row per type in one table.
//!
//! [`RawPacket::interpret`] turns a frame into a [`Packet`]. An unknown packet type or version is a value,
//! [`Packet::Opaque`]; an error means that a body contradicts its specification.

mod marker;
mod opaque;
mod padding;
pub(crate) mod public_key;
mod secret_key;
pub mod signature;
mod subpacket_header;
mod trust;
pub mod user_attribute;
mod user_id;

pub use marker::Marker;
pub use opaque::Opaque;
pub use padding::Padding;
pub use public_key::PublicKey;
pub use secret_key::{Checksum, Protection, SecretField, SecretFields, SecretKey, SecretMaterial};
pub use signature::Signature;
pub use trust::Trust;
pub use user_attribute::UserAttribute;
pub use user_id::UserId;

use crate::error::{Error, ErrorKind};
use crate::framing::{Body, RawPacket};
use crate::octets::Octets;
use crate::registry::PacketType;

/// Declares [`Packet`] and its dispatch from one row per packet type.
///
/// A row names the packet type, the variant, and the type that reads the body. That type has
/// `parse(Octets) -> Result<Option<Self>, Error>`, where `None` stands for a version it does not know.
macro_rules! packets {
    ($($(#[$meta:meta])* $TYPE:ident => $Variant:ident($Body:ident);)*) => {
        /// An interpreted packet.
        #[derive(Clone, Copy, Debug)]
        #[non_exhaustive]
        pub enum Packet<'a> {
            $($(#[$meta])* $Variant($Body<'a>),)*
            /// A packet of a type or version that is not interpreted, or a secret key up to version 4 of an unknown algorithm,
            /// of which nobody knows where the secret starts.
            Opaque(Opaque<'a>),
        }

        impl<'a> Packet<'a> {
            /// Interprets a body that is in one piece as one of type `packet_type`. An unknown type or version gives
            /// [`Packet::Opaque`].
            ///
            /// # Errors
            ///
            /// What the body contradicts: most often a field that is longer than what is left of the body
            /// ([`ErrorKind::Truncated`]) or octets behind the last field ([`ErrorKind::Trailing`]).
            #[inline]
            pub fn parse(packet_type: PacketType, body: Octets<'a>) -> Result<Self, Error> {
                let known = match packet_type {
                    $(PacketType::$TYPE => $Body::parse(body)?.map(Self::$Variant),)*
                    _ => None,
                };
                Ok(known.unwrap_or(Self::Opaque(Opaque::new(packet_type, Body::from(body)))))
            }

            /// Whether packets of type `packet_type` are interpreted.
            const fn is_interpreted(packet_type: PacketType) -> bool {
                matches!(packet_type, $(PacketType::$TYPE)|*)
            }
        }
    };
}

packets! {
    /// A signature (type 2).
    SIGNATURE => Signature(Signature);
    /// A primary key with its secret part (type 5).
    SECRET_KEY => SecretKey(SecretKey);
    /// A primary key (type 6).
    PUBLIC_KEY => PublicKey(PublicKey);
    /// A subkey with its secret part (type 7).
    SECRET_SUBKEY => SecretSubkey(SecretKey);
    /// A marker (type 10).
    MARKER => Marker(Marker);
    /// Trust data of a keyring (type 12).
    TRUST => Trust(Trust);
    /// A user ID (type 13).
    USER_ID => UserId(UserId);
    /// A subkey (type 14).
    PUBLIC_SUBKEY => PublicSubkey(PublicKey);
    /// A user attribute (type 17).
    USER_ATTRIBUTE => UserAttribute(UserAttribute);
    /// Padding (type 21).
    PADDING => Padding(Padding);
}

impl<'a> RawPacket<'a> {
    /// Interprets the body. An unknown type or version gives [`Packet::Opaque`].
    ///
    /// # Errors
    ///
    /// Those of [`Packet::parse`], and [`ErrorKind::PartialBody`] if the type is interpreted but the body is not in one
    /// piece. [`Body::to_cow`] joins it for [`Packet::parse`].
    #[inline]
    pub fn interpret(&self) -> Result<Packet<'a>, Error> {
        let (packet_type, body) = (self.packet_type(), self.body());
        match body.contiguous() {
            Some(octets) => Packet::parse(packet_type, octets),
            None if Packet::is_interpreted(packet_type) => {
                Err(Error::new(ErrorKind::PartialBody, body.span()).within("body"))
            }
            None => Ok(Packet::Opaque(Opaque::new(packet_type, body))),
        }
    }
}
