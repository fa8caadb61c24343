//! Signatures verified from RFC 9580 alone: nothing of the code that makes them is used here.

use bpg_core::framing;
use bpg_core::material::{FieldValue, Material};
use bpg_core::packet::signature::{Area, SubpacketValue};
use bpg_core::packet::{Packet, PublicKey, Signature};
use bpg_core::registry::{HashAlgorithm, PublicKeyAlgorithm, SignatureType, SubpacketType};
use num_bigint_dig::BigUint;
use sha2::{Digest, Sha256, Sha512};

/// What a signature is made over.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    Key(PublicKey<'a>),
    UserId(PublicKey<'a>, &'a [u8]),
    Subkey(PublicKey<'a>, PublicKey<'a>),
}

/// The key of a key packet, without its secret.
pub(crate) fn public<'a>(packet: &Packet<'a>) -> Option<PublicKey<'a>> {
    match packet {
        Packet::SecretKey(key) | Packet::SecretSubkey(key) => Some(key.public()),
        Packet::PublicKey(key) | Packet::PublicSubkey(key) => Some(*key),
        _ => None,
    }
}

/// The packets, each of which has to be interpreted.
pub(crate) fn packets(octets: &[u8]) -> Vec<Packet<'_>> {
    framing::packets(octets).map(|raw| raw.unwrap().interpret().unwrap()).collect()
}

/// Verifies all signatures of one transferable key, embedded ones included, and gives their types in order.
pub(crate) fn all(octets: &[u8]) -> Vec<SignatureType> {
    let packets = packets(octets);
    let primary = public(&packets[0]).expect("a key comes first");
    let (mut target, mut types) = (Target::Key(primary), Vec::new());
    for packet in &packets[1..] {
        match packet {
            Packet::UserId(user_id) => target = Target::UserId(primary, user_id.octets().as_slice()),
            Packet::Signature(signature) => {
                assert!(is_good(signature, target, primary), "{:?}", signature.signature_type());
                assert!(fits(signature.signature_type(), target), "{:?}", signature.signature_type());
                types.push(signature.signature_type());
                if let Some(back) = embedded(signature) {
                    let Target::Subkey(_, subkey) = target else { panic!("a back-signature without a subkey") };
                    assert!(is_good(&back, target, subkey), "the back-signature");
                    assert_eq!(back.signature_type(), SignatureType::PRIMARY_KEY_BINDING);
                    types.push(back.signature_type());
                }
            }
            packet => target = Target::Subkey(primary, public(packet).expect("a subkey")),
        }
    }
    types
}

fn fits(signature_type: SignatureType, target: Target<'_>) -> bool {
    match target {
        Target::Key(_) => matches!(signature_type, SignatureType::DIRECT_KEY | SignatureType::KEY_REVOCATION),
        Target::UserId(..) => signature_type == SignatureType::POSITIVE_CERTIFICATION,
        Target::Subkey(..) => signature_type == SignatureType::SUBKEY_BINDING,
    }
}

/// The signature in an Embedded Signature subpacket of the hashed area.
pub(crate) fn embedded<'a>(signature: &Signature<'a>) -> Option<Signature<'a>> {
    let subpackets = signature.hashed_area().into_iter().flat_map(Area::subpackets);
    let mut found = subpackets
        .map(Result::unwrap)
        .filter(|subpacket| subpacket.subpacket_type() == SubpacketType::EMBEDDED_SIGNATURE)
        .map(|subpacket| match subpacket.value().unwrap() {
            SubpacketValue::EmbeddedSignature(embedded) => embedded.open().unwrap().expect("a version that is known"),
            value => panic!("{value:?}"),
        });
    let first = found.next();
    assert!(found.next().is_none());
    first
}

/// Whether `signature` is one of `issuer` over `target`, and says so.
pub(crate) fn is_good(signature: &Signature<'_>, target: Target<'_>, issuer: PublicKey<'_>) -> bool {
    let digest = match signature.hash_algorithm() {
        HashAlgorithm::SHA2_256 => Sha256::digest(hashed(signature, target)).to_vec(),
        HashAlgorithm::SHA2_512 => Sha512::digest(hashed(signature, target)).to_vec(),
        other => panic!("{other:?} is not to be used"),
    };
    // "The first two octets are placed in the Signature packet."
    digest[..2] == *signature.digest_prefix().as_slice()
        && signature.public_key_algorithm() == issuer.algorithm()
        && names(signature, issuer)
        && is_signed(&digest, signature, issuer)
}

/// "If the version of the issuing key is 4, … the fingerprint is 20 octets; if 6, 32." The key ID is for version 4 only.
fn names(signature: &Signature<'_>, issuer: PublicKey<'_>) -> bool {
    let areas = [signature.hashed_area().unwrap(), signature.unhashed_area().unwrap()];
    let fingerprint = [&[issuer.version()], issuer.fingerprint().unwrap().as_slice()].concat();
    let has_fingerprint = areas[0].subpackets().map(Result::unwrap).any(|subpacket| {
        subpacket.subpacket_type() == SubpacketType::ISSUER_FINGERPRINT
            && subpacket.body().as_slice() == fingerprint.as_slice()
    });
    let key_ids: Vec<_> = (areas.iter())
        .flat_map(|area| area.subpackets().map(Result::unwrap))
        .filter(|subpacket| subpacket.subpacket_type() == SubpacketType::ISSUER_KEY_ID)
        .map(|subpacket| subpacket.body().as_slice().to_vec())
        .collect();
    let due = if issuer.version() == 4 { vec![fingerprint[13..].to_vec()] } else { Vec::new() };
    has_fingerprint && key_ids == due
}

/// Section 5.2.4: all octets that are hashed.
fn hashed(signature: &Signature<'_>, target: Target<'_>) -> Vec<u8> {
    let version = signature.version();
    let mut out = Vec::new();
    // "When creating or verifying a version 6 signature, the salt is fed into the hash context before any other data."
    match (version, signature.salt(), signature.hash_algorithm()) {
        (4, None, _) => {}
        // Table 23: the salt size of each hash algorithm.
        (6, Some(salt), HashAlgorithm::SHA2_256) if salt.len() == 16 => out.extend_from_slice(salt.as_slice()),
        (6, Some(salt), HashAlgorithm::SHA2_512) if salt.len() == 32 => out.extend_from_slice(salt.as_slice()),
        other => panic!("{other:?}"),
    }
    // "The hash data starts with the octet 0x99, followed by a 2-octet length of the key, followed by the body of the key
    // packet." "Octet 0x9B, followed by a 4-octet length."
    let key = |key: PublicKey<'_>, out: &mut Vec<u8>| {
        let body = key.wire().as_slice();
        if version == 6 {
            out.push(0x9b);
            out.extend_from_slice(&u32::try_from(body.len()).unwrap().to_be_bytes());
        } else {
            out.push(0x99);
            out.extend_from_slice(&u16::try_from(body.len()).unwrap().to_be_bytes());
        }
        out.extend_from_slice(body);
    };
    match target {
        Target::Key(primary) => key(primary, &mut out),
        Target::UserId(primary, user_id) => {
            key(primary, &mut out);
            // "The constant 0xB4 for User ID certifications, followed by a 4-octet number giving the length."
            out.push(0xb4);
            out.extend_from_slice(&u32::try_from(user_id.len()).unwrap().to_be_bytes());
            out.extend_from_slice(user_id);
        }
        Target::Subkey(primary, subkey) => {
            key(primary, &mut out);
            key(subkey, &mut out);
        }
    }
    let area = signature.hashed_area().unwrap().octets().as_slice();
    let (algorithm, hash) = (signature.public_key_algorithm().0, signature.hash_algorithm().0);
    let mut fields = vec![version, signature.signature_type().0, algorithm, hash];
    if version == 6 {
        fields.extend_from_slice(&u32::try_from(area.len()).unwrap().to_be_bytes());
    } else {
        fields.extend_from_slice(&u16::try_from(area.len()).unwrap().to_be_bytes());
    }
    fields.extend_from_slice(area);
    out.extend_from_slice(&fields);
    // "A second version octet, a single octet 0xFF, and a number representing the length of the hashed data from the
    // Signature packet through the hashed subpacket body."
    out.extend_from_slice(&[version, 0xff]);
    out.extend_from_slice(&u32::try_from(fields.len()).unwrap().to_be_bytes());
    out
}

/// The values of fields, without the lengths in front of them.
pub(crate) fn values(material: Material<'_>) -> Vec<&[u8]> {
    let value = |value| match value {
        FieldValue::Mpi(mpi) => mpi.octets().as_slice(),
        FieldValue::Octets(octets) => octets.as_slice(),
        FieldValue::Curve(curve) => curve.octets().as_slice(),
        FieldValue::Kdf(kdf) => kdf.octets().as_slice(),
        other => panic!("{other:?}"),
    };
    material.fields().map(|field| value(field.value)).collect()
}

/// An integer in as many octets as asked for.
pub(crate) fn padded(integer: &[u8], size: usize) -> Vec<u8> {
    let mut out = vec![0; size.checked_sub(integer.len()).expect("an integer that is not too large")];
    out.extend_from_slice(integer);
    out
}

fn is_signed(digest: &[u8], signature: &Signature<'_>, issuer: PublicKey<'_>) -> bool {
    let (key, values) = (values(issuer.material()), values(signature.material()));
    match issuer.algorithm() {
        PublicKeyAlgorithm::RSA => is_signed_rsa(digest, values[0], key[0], key[1]),
        PublicKeyAlgorithm::ED25519 => is_signed_ed25519(digest, values[0], key[0]),
        PublicKeyAlgorithm::EDDSA_LEGACY => {
            let signature = [padded(values[0], 32), padded(values[1], 32)].concat();
            assert_eq!(key[1][0], 0x40, "a point in the native form");
            is_signed_ed25519(digest, &signature, &key[1][1..])
        }
        PublicKeyAlgorithm::ECDSA => {
            // Section 9.2: the object identifiers.
            match key[0] {
                [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07] => is_signed_p256(digest, &values, key[1]),
                [0x2b, 0x81, 0x04, 0x00, 0x22] => is_signed_p384(digest, &values, key[1]),
                [0x2b, 0x81, 0x04, 0x00, 0x23] => is_signed_p521(digest, &values, key[1]),
                curve => panic!("curve {curve:x?}"),
            }
        }
        other => panic!("{other:?} does not sign"),
    }
}

/// RFC 8017 section 8.2.2, with the encoding of section 9.2 and the prefixes of RFC 9580 section 5.2.3.1.
fn is_signed_rsa(digest: &[u8], signature: &[u8], modulus: &[u8], exponent: &[u8]) -> bool {
    const SHA256: [u8; 19] = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x20,
    ];
    const SHA512: [u8; 19] = [
        0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04,
        0x40,
    ];
    let prefix = if digest.len() == 32 { SHA256 } else { SHA512 };
    let padding = vec![0xff; modulus.len() - 3 - prefix.len() - digest.len()];
    let encoded = [&[0x00, 0x01], padding.as_slice(), &[0x00], &prefix, digest].concat();
    let [signature, exponent, modulus] = [signature, exponent, modulus].map(BigUint::from_bytes_be);
    signature < modulus && signature.modpow(&exponent, &modulus) == BigUint::from_bytes_be(&encoded)
}

/// "The digest is what EdDSA signs."
fn is_signed_ed25519(digest: &[u8], signature: &[u8], point: &[u8]) -> bool {
    let key = ed25519_dalek::VerifyingKey::from_bytes(point.try_into().unwrap()).unwrap();
    let signature = ed25519_dalek::Signature::from_bytes(signature.try_into().unwrap());
    key.verify_strict(digest, &signature).is_ok()
}

macro_rules! ecdsa {
    ($($function:ident: $krate:ident, $size:literal;)*) => {$(
        fn $function(digest: &[u8], values: &[&[u8]], point: &[u8]) -> bool {
            use $krate::ecdsa::signature::hazmat::PrehashVerifier;

            let key = $krate::ecdsa::VerifyingKey::from_sec1_bytes(point).unwrap();
            let signature = [padded(values[0], $size), padded(values[1], $size)].concat();
            let signature = $krate::ecdsa::Signature::from_slice(&signature).unwrap();
            key.verify_prehash(digest, &signature).is_ok()
        }
    )*};
}

ecdsa! {
    is_signed_p256: p256, 32;
    is_signed_p384: p384, 48;
    is_signed_p521: p521, 66;
}
