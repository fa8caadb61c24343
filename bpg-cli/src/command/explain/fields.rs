//! What is known of a number besides its row.

use bpg_core::registry::layout::{FieldLayout, Layout};
use bpg_core::registry::{
    AeadAlgorithm, HashAlgorithm, LiteralFormat, PacketType, PublicKeyAlgorithm, Registry, S2kUsage,
    SymmetricKeyAlgorithm,
};

/// Another name that a number goes by.
pub(super) fn other_name(registry: &Registry, number: u32) -> Option<&'static str> {
    match registry.word {
        "hash" => HashAlgorithm::from_number(number)?.text_name(),
        _ => None,
    }
}

/// The number that `text` stands for, where numbers are characters.
pub(super) fn character(registry: &Registry, text: &str) -> Option<u32> {
    let is_literal = registry.word == "literal";
    let mut characters = text.chars();
    let (Some(character), None) = (characters.next(), characters.next()) else { return None };
    LiteralFormat::from_number(u32::from(character)).filter(|_| is_literal).map(|format| format.0.into())
}

/// Gives a name and a value for each thing that is known.
pub(super) fn fields(registry: &Registry, number: u32, mut give: impl FnMut(&str, &str)) {
    let octets = |count: Option<usize>| count.map(|count| format!("{count} octets"));
    let mut known = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            give(name, &value);
        }
    };
    match registry.word {
        "packet" => critical(number, give),
        "algorithm" => {
            let layout = PublicKeyAlgorithm::from_number(number).and_then(PublicKeyAlgorithm::layout);
            match layout {
                Some(layout) => wire(layout, give),
                None => give("fields", "no specification tells them"),
            }
        }
        "symmetric" => {
            let Some(algorithm) = SymmetricKeyAlgorithm::from_number(number) else { return };
            known("key", octets(algorithm.key_size()));
            known("block", octets(algorithm.block_size()));
        }
        "hash" => {
            let Some(algorithm) = HashAlgorithm::from_number(number) else { return };
            known("digest", octets(algorithm.digest_size()));
            known("salt in version 6 signatures", octets(algorithm.salt_size()));
            known("name in text", algorithm.text_name().map(Into::into));
        }
        "aead" => {
            let Some(algorithm) = AeadAlgorithm::from_number(number) else { return };
            known("nonce", octets(algorithm.nonce_size()));
            known("tag", octets(algorithm.tag_size()));
        }
        "literal" => {
            known("character", char::from_u32(number).map(Into::into));
        }
        _ => {}
    }
}

/// What can be said of a number without a row.
pub(super) fn unassigned(registry: &Registry, number: u32, mut give: impl FnMut(&str, &str)) {
    match registry.word {
        "packet" => critical(number, give),
        "s2k-usage" => {
            if let Some(cipher) = S2kUsage::from_number(number).and_then(S2kUsage::legacy_cipher) {
                give("symmetric algorithm of LegacyCFB", &cipher.to_string());
            }
        }
        _ => {}
    }
}

/// Whether a packet of a type that is not known makes what it is in unusable (RFC 9580 section 4.3).
fn critical(number: u32, mut give: impl FnMut(&str, &str)) {
    if let Some(packet_type) = PacketType::from_number(number) {
        give("critical", if packet_type.is_critical() { "yes" } else { "no" });
    }
}

/// What an algorithm puts on the wire, one line for each place.
fn wire(layout: &Layout, mut give: impl FnMut(&str, &str)) {
    for (name, fields) in [
        ("public key", layout.public),
        ("secret key", layout.secret),
        ("signature", layout.signature),
        ("session key, versions 2 and 3", layout.session_key_v3),
        ("session key, version 6", layout.session_key_v6),
    ] {
        let shown: Vec<_> = fields.iter().map(|FieldLayout { name, shape }| format!("{name} ({shape})")).collect();
        if !shown.is_empty() {
            give(name, &shown.join(", "));
        }
    }
}
