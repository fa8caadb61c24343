//! Packets whose body is not interpreted.

use crate::framing::Body;
use crate::registry::{PacketType, PublicKeyAlgorithm};

/// A packet of a type or version that is not interpreted: its type and its body, as framed.
#[derive(Clone, Copy, Debug)]
pub struct Opaque<'a> {
    packet_type: PacketType,
    body: Body<'a>,
}

impl<'a> Opaque<'a> {
    pub(crate) const fn new(packet_type: PacketType, body: Body<'a>) -> Self {
        Self { packet_type, body }
    }

    /// The packet type.
    #[must_use]
    pub const fn packet_type(self) -> PacketType {
        self.packet_type
    }

    /// The body.
    #[must_use]
    pub const fn body(self) -> Body<'a> {
        self.body
    }

    /// Of a key of version 2, 3 or 4, its algorithm: of a secret key of an algorithm that is not known, nobody knows where
    /// the secret starts. It is the octet behind the version and the creation time, and up to version 3 a validity of two
    /// octets (RFC 9580 section 5.5.2). `None` for other packets, other versions, and where the octet is not in the first
    /// chunk of the body.
    #[must_use]
    pub fn public_key_algorithm(self) -> Option<PublicKeyAlgorithm> {
        if !matches!(
            self.packet_type,
            PacketType::PUBLIC_KEY | PacketType::PUBLIC_SUBKEY | PacketType::SECRET_KEY | PacketType::SECRET_SUBKEY
        ) {
            return None;
        }
        match *self.body.first_piece().as_slice() {
            [2 | 3, _, _, _, _, _, _, algorithm, ..] | [4, _, _, _, _, algorithm, ..] => {
                Some(PublicKeyAlgorithm(algorithm))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::octets::Octets;

    #[test]
    fn algorithms_of_keys_are_behind_what_precedes_them() {
        // A version, a creation time, up to version 3 a validity, and the algorithm.
        let [old, new] = [&[3, 0, 0, 0, 1, 0, 9, 99][..], &[4, 0, 0, 0, 1, 98]];
        let algorithm = |packet_type, body: &[u8]| {
            Opaque::new(packet_type, Body::from(Octets::from(body))).public_key_algorithm().map(|algorithm| algorithm.0)
        };
        for packet_type in [PacketType::SECRET_KEY, PacketType::SECRET_SUBKEY, PacketType::PUBLIC_KEY] {
            assert_eq!([old, new].map(|body| algorithm(packet_type, body)), [Some(99), Some(98)]);
        }
        // Other versions, what ends too early, and what is no key.
        for body in [&[5, 0, 0, 0, 1, 98, 0, 0, 0, 0][..], &old[..7], &new[..5], &[]] {
            assert_eq!(algorithm(PacketType::SECRET_KEY, body), None);
        }
        assert_eq!(algorithm(PacketType::SIGNATURE, new), None);
    }
}
