//! Packets: one file per packet type, one row per type in one table.
//!
//! [`RawPacket::interpret`] turns a frame into a [`Packet`]. An unknown packet type or version is a value,
//! [`Packet::Opaque`]; an error means that a body contradicts its specification.

/// Declares a packet whose contents are octets that this level knows nothing more of.
macro_rules! octets_packet {
    ($(#[$meta:meta])* pub struct $Name:ident; $(#[$octets_meta:meta])* octets) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        pub struct $Name<'a> {
            octets: $crate::octets::Octets<'a>,
        }

        impl<'a> $Name<'a> {
            // Every row of the packet table has this form.
            pub(crate) const fn parse(
                octets: $crate::octets::Octets<'a>,
            ) -> Result<Option<Self>, $crate::error::Error> {
                Ok(Some(Self { octets }))
            }

            $(#[$octets_meta])*
            #[must_use]
            pub const fn octets(self) -> $crate::octets::Octets<'a> {
                self.octets
            }
        }
    };
}

mod comment;
mod compressed_data;
mod data;
mod integrity_protected_data;
mod literal_data;
mod marker;
mod modification_detection_code;
mod ocb_encrypted_data;
mod one_pass_signature;
mod opaque;
mod padding;
pub(crate) mod public_key;
mod public_key_encrypted_session_key;
mod secret_key;
pub mod signature;
pub(crate) mod subpacket_header;
mod symmetric_key_encrypted_session_key;
mod symmetrically_encrypted_data;
mod trust;
pub mod user_attribute;
mod user_id;

pub use comment::Comment;
pub use compressed_data::CompressedData;
pub use integrity_protected_data::{AeadParameters, IntegrityProtectedData};
pub use literal_data::LiteralData;
pub use marker::Marker;
pub use modification_detection_code::ModificationDetectionCode;
pub use ocb_encrypted_data::OcbEncryptedData;
pub use one_pass_signature::{OnePassIssuer, OnePassSignature};
pub use opaque::Opaque;
pub use padding::Padding;
pub use public_key::PublicKey;
pub use public_key_encrypted_session_key::{PublicKeyEncryptedSessionKey, Recipient};
pub use secret_key::{Checksum, Protection, SecretField, SecretFields, SecretKey, SecretMaterial};
pub use signature::Signature;
pub use symmetric_key_encrypted_session_key::SymmetricKeyEncryptedSessionKey;
pub use symmetrically_encrypted_data::SymmetricallyEncryptedData;
pub use trust::{GnuPgTrust, Trust};
pub use user_attribute::UserAttribute;
pub use user_id::UserId;

use crate::encode::{Encode, encode_as_received};
use crate::error::{Error, ErrorKind};
use crate::framing::{Body, RawPacket};
use crate::octets::Octets;
use crate::registry::PacketType;

/// Declares [`Packet`] and its dispatch from one row per packet type.
///
/// A row names the packet type, the variant, and the type that reads the body. That type has
/// `parse(Octets) -> Result<Option<Self>, Error>`, where `None` stands for a version it does not know. The types of data
/// packets, whose payload may be in partial lengths, have `parse(Body)` instead.
macro_rules! packets {
    (
        whole { $($(#[$meta:meta])* $TYPE:ident => $Variant:ident($Body:ident);)* }
        data { $($(#[$data_meta:meta])* $DATA_TYPE:ident => $DataVariant:ident($Data:ident);)* }
    ) => {
        /// An interpreted packet.
        #[derive(Clone, Copy, Debug)]
        #[non_exhaustive]
        pub enum Packet<'a> {
            $($(#[$meta])* $Variant($Body<'a>),)*
            $($(#[$data_meta])* $DataVariant($Data<'a>),)*
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
                // Each arm ends in the value that is returned: moving one of this size on costs as much as reading it.
                match packet_type {
                    $(PacketType::$TYPE => match $Body::parse(body) {
                        Ok(Some(packet)) => Ok(Self::$Variant(packet)),
                        Ok(None) => Ok(Self::opaque(packet_type, Body::from(body))),
                        Err(error) => Err(error),
                    },)*
                    _ => Self::parse_data(packet_type, Body::from(body)),
                }
            }

            const fn opaque(packet_type: PacketType, body: Body<'a>) -> Self {
                Self::Opaque(Opaque::new(packet_type, body))
            }

            /// Interprets the body of a data packet, and of any that is not interpreted.
            fn parse_data(packet_type: PacketType, body: Body<'a>) -> Result<Self, Error> {
                match packet_type {
                    $(PacketType::$DATA_TYPE => match $Data::parse(body) {
                        Ok(Some(packet)) => Ok(Self::$DataVariant(packet)),
                        Ok(None) => Ok(Self::opaque(packet_type, body)),
                        Err(error) => Err(error),
                    },)*
                    _ => Ok(Self::opaque(packet_type, body)),
                }
            }

            /// Passes on the octets of the body.
            fn encode_body(&self, sink: &mut dyn FnMut(&[u8])) {
                match self {
                    $(Self::$Variant(packet) => packet.encode(sink),)*
                    $(Self::$DataVariant(packet) => packet.encode(sink),)*
                    Self::Opaque(packet) => packet.encode(sink),
                }
            }

            /// Whether packets of type `packet_type` have to be in one piece to be interpreted.
            const fn is_whole(packet_type: PacketType) -> bool {
                matches!(packet_type, $(PacketType::$TYPE)|*)
            }

            /// Whether packets of type `packet_type` are data packets (compressed, encrypted or literal data), whose payload
            /// may be of any size and come in partial lengths (RFC 9580 section 4.2.1.4).
            #[must_use]
            pub const fn is_data(packet_type: PacketType) -> bool {
                matches!(packet_type, $(PacketType::$DATA_TYPE)|*)
            }
        }
    };
}

packets! {
    whole {
        /// A session key encrypted to a public key (type 1).
        PUBLIC_KEY_ENCRYPTED_SESSION_KEY => PublicKeyEncryptedSessionKey(PublicKeyEncryptedSessionKey);
        /// A signature (type 2).
        SIGNATURE => Signature(Signature);
        /// A session key encrypted with a passphrase (type 3).
        SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY => SymmetricKeyEncryptedSessionKey(SymmetricKeyEncryptedSessionKey);
        /// What a verifier has to know of a signature before it reads the signed data (type 4).
        ONE_PASS_SIGNATURE => OnePassSignature(OnePassSignature);
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
        /// The digest that ends version 1 of the integrity protected data (type 19).
        MODIFICATION_DETECTION_CODE => ModificationDetectionCode(ModificationDetectionCode);
        /// Padding (type 21).
        PADDING => Padding(Padding);
        /// A comment of GnuPG's (type 61, private).
        GNUPG_COMMENT => Comment(Comment);
    }
    data {
        /// Compressed packets (type 8).
        COMPRESSED_DATA => CompressedData(CompressedData);
        /// Encrypted packets without integrity protection (type 9).
        SYMMETRICALLY_ENCRYPTED_DATA => SymmetricallyEncryptedData(SymmetricallyEncryptedData);
        /// The data of a message (type 11).
        LITERAL_DATA => LiteralData(LiteralData);
        /// Encrypted packets with integrity protection (type 18).
        SYMMETRICALLY_ENCRYPTED_AND_INTEGRITY_PROTECTED_DATA => IntegrityProtectedData(IntegrityProtectedData);
        /// LibrePGP's encrypted packets with authentication (type 20).
        OCB_ENCRYPTED_DATA => OcbEncryptedData(OcbEncryptedData);
    }
}

impl<'a> RawPacket<'a> {
    /// Interprets the body. An unknown type or version gives [`Packet::Opaque`].
    ///
    /// # Errors
    ///
    /// Those of [`Packet::parse`], and [`ErrorKind::PartialBody`] if partial lengths divide what is to be interpreted: the
    /// body, or in the case of a data packet the fields in front of its payload. [`Body::to_cow`] joins it for
    /// [`Packet::parse`].
    #[inline]
    pub fn interpret(&self) -> Result<Packet<'a>, Error> {
        // Most packets are signatures. Those of today that are well-formed are read apart from all else, so that they go from
        // registers into the value that is returned: compilers keep in memory what several ways share.
        if self.packet_type() == PacketType::SIGNATURE
            && let Some(signature) = self.contiguous().and_then(Signature::parse_well_formed)
        {
            return Ok(Packet::Signature(signature));
        }
        self.interpret_any()
    }

    #[inline(never)]
    fn interpret_any(&self) -> Result<Packet<'a>, Error> {
        match self.contiguous() {
            Some(octets) => Packet::parse(self.packet_type(), octets),
            None => self.interpret_divided(),
        }
    }

    /// Interprets a body that is divided by partial lengths.
    #[cold]
    fn interpret_divided(&self) -> Result<Packet<'a>, Error> {
        let (packet_type, body) = (self.packet_type(), self.body());
        if Packet::is_whole(packet_type) {
            return Err(Error::new(ErrorKind::PartialBody, body.span()).within("body"));
        }
        Packet::parse_data(packet_type, body)
    }
}

impl Encode for Packet<'_> {
    /// The octets of the body: what a packet is framed in is not part of its contents.
    fn encode(&self, sink: &mut dyn FnMut(&[u8])) {
        self.encode_body(sink);
    }
}

encode_as_received! {
    Comment<'_>: octets,
    CompressedData<'_>: body,
    IntegrityProtectedData<'_>: body,
    LiteralData<'_>: body,
    Marker<'_>: octets,
    ModificationDetectionCode<'_>: octets,
    OcbEncryptedData<'_>: body,
    OnePassSignature<'_>: wire,
    Opaque<'_>: body,
    Padding<'_>: octets,
    Protection<'_>: wire,
    PublicKey<'_>: wire,
    PublicKeyEncryptedSessionKey<'_>: wire,
    SecretKey<'_>: wire,
    Signature<'_>: wire,
    signature::Area<'_>: octets,
    signature::Subpacket<'_>: wire,
    SymmetricKeyEncryptedSessionKey<'_>: wire,
    SymmetricallyEncryptedData<'_>: body,
    Trust<'_>: octets,
    UserAttribute<'_>: octets,
    user_attribute::AttributeSubpacket<'_>: wire,
    UserId<'_>: octets,
}
