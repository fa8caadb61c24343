//! What the manifest of other projects' files says is in them is what is found in them.
//!
//! The files are not part of the project; without them nothing is tested, unless `BPG_REQUIRE_VECTORS` is set.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use bpg_core::framing;
use bpg_core::packet::Packet;

use common::{File, about};

/// What a packet is, in the words of the manifest: its type, its version, and its algorithms.
fn token(packet: &Packet<'_>) -> Option<String> {
    Some(match packet {
        Packet::Signature(it) => {
            let (version, hash) = (it.version(), it.hash_algorithm().0);
            format!("Sig:v{version}/t0x{:02x}/pk{}/h{hash}", it.signature_type().0, it.public_key_algorithm().0)
        }
        Packet::OnePassSignature(it) => {
            let (version, hash) = (it.version(), it.hash_algorithm().0);
            format!("OPS:v{version}/t0x{:02x}/h{hash}/pk{}", it.signature_type().0, it.public_key_algorithm().0)
        }
        Packet::PublicKey(it) => format!("PubKey:v{}/pk{}", it.version(), it.algorithm().0),
        Packet::PublicSubkey(it) => format!("PubSubkey:v{}/pk{}", it.version(), it.algorithm().0),
        Packet::SecretKey(it) => format!("SecKey:v{}/pk{}", it.public().version(), it.public().algorithm().0),
        Packet::SecretSubkey(it) => format!("SecSubkey:v{}/pk{}", it.public().version(), it.public().algorithm().0),
        Packet::PublicKeyEncryptedSessionKey(it) => format!("PKESK:v{}/pk{}", it.version(), it.algorithm().0),
        Packet::SymmetricKeyEncryptedSessionKey(it) => match it.aead() {
            None => format!("SKESK:v{}/s{}/s2k{}", it.version(), it.cipher().0, it.s2k().s2k_type().0),
            Some(aead) => format!("SKESK:v{}/s{}/aead{}", it.version(), it.cipher().0, aead.0),
        },
        Packet::IntegrityProtectedData(it) => match it.parameters() {
            None => format!("SEIPD:v{}", it.version()),
            Some(aead) => format!("SEIPD:v{}/s{}/aead{}", it.version(), aead.cipher.0, aead.aead.0),
        },
        Packet::OcbEncryptedData(it) => {
            format!("AEAD:v{}/s{}/aead{}", it.version(), it.parameters().cipher.0, it.parameters().aead.0)
        }
        Packet::CompressedData(it) => format!("Comp:z{}", it.algorithm().0),
        Packet::LiteralData(it) => format!("Literal:fmt'{}'", char::from(it.format().0)),
        _ => return None,
    })
}

/// The packet types and the tokens of a file.
#[derive(Default)]
struct Contents {
    types: BTreeSet<u8>,
    tokens: BTreeSet<String>,
}

fn contents(file: &File) -> Contents {
    let mut contents = Contents::default();
    for input in file.inputs() {
        for raw in framing::packets(&input.octets).flatten() {
            contents.types.insert(raw.packet_type().0);
            let body = raw.body().to_cow();
            let packet = Packet::parse(raw.packet_type(), body.as_ref().into());
            contents.tokens.extend(packet.ok().as_ref().and_then(token));
        }
    }
    contents
}

/// The manifest, by path: a row by its columns' names.
fn manifest(folder: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let text = std::fs::read_to_string(folder.join("MANIFEST.csv")).unwrap();
    let mut lines = text.lines().map(fields);
    let names = lines.next().unwrap();
    lines.map(|row| (row[0].clone(), names.iter().cloned().zip(row).collect())).collect()
}

/// The fields of a line, of which some are in quotation marks.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => fields.last_mut().unwrap().push(other),
        }
    }
    fields
}

/// Files of which the manifest and we say different things, and why.
const DIFFERENCES: &[(&str, &[&str])] = &[
    (
        "the packet is malformed, so that nothing is said of its algorithms",
        &[
            "go-crypto-src/read_test.go__L549.bin",
            "go-crypto-src/read_write_test_data.go__L107.bin",
            "go-crypto-src/read_write_test_data.go__L109.bin",
            "gpgpdump/testdata/dump-fail.asc",
        ],
    ),
    (
        "version 5 of an abandoned draft, whose fields were others than LibrePGP's",
        &["gpgpdump/testdata/v5/v5-pubkey-20221130.txt", "gpgpdump/testdata/v5/v5-seckey-20221130.txt"],
    ),
    (
        "the armored message stands indented in the section; the manifest did not look there",
        &[
            "rfc9580/A.12.1_v4-skesk-argon2-aes128.section.txt",
            "rfc9580/A.12.2_v4-skesk-argon2-aes192.section.txt",
            "rfc9580/A.12.3_v4-skesk-argon2-aes256.section.txt",
        ],
    ),
    (
        "what is hashed, and no packets: the length that seems to be there is longer than the file",
        &["rfc9580/A.3.1_v6-cert-hashed-streams.annotated2.bin", "rfc9580/A.3.1_v6-cert-hashed-streams.hexdump2.bin"],
    ),
    (
        "a secret key of an unknown algorithm: nobody knows where the secret starts",
        &["rpgp-src/tests__security.rs__L281.bin", "rpgp-src/tests__security.rs__L306.bin"],
    ),
    (
        "packets of versions that nobody specifies, whose algorithms cannot be known",
        &[
            "rpgp/fuzz/crash-1b1482d11c52075aabfc75256626a56c607787f3",
            "rpgp/fuzz/minimized-from-7585e756306047aba2218ebf70b24c6373e82e2a",
            "rpgp/fuzz/minimized-from-82b02bbac39a10c7b98d020f78153ffb75c94607",
        ],
    ),
    (
        "the key is encoded as quoted-printable, which the manifest did not undo",
        &["tng-validation/test/mails/signed_request_enigmail.eml", "tng-validation/test/signatures/signed.txt"],
    ),
];

#[test]
fn packets_are_those_of_the_manifest() {
    let Some(folder) = common::vectors_folder() else { return };
    let manifest = manifest(&folder);
    let mut known: BTreeMap<_, _> =
        DIFFERENCES.iter().flat_map(|(reason, files)| files.iter().map(move |file| (*file, *reason))).collect();
    let (mut report, mut compared) = (String::new(), 0);
    for file in common::vectors() {
        let path = file.name.strip_prefix("vectors/").unwrap();
        let Some(row) = manifest.get(path).filter(|row| row["expected"] != "companion") else { continue };
        let ours = about(path, || contents(&file));
        let types: BTreeSet<u8> = row["tags"].split_whitespace().map(|number| number.parse().unwrap()).collect();
        let tokens: BTreeSet<_> = row["versions"].split_whitespace().map(str::to_owned).collect();
        // The manifest looks into compressed data.
        let is_compressed = ours.types.contains(&8);
        let agrees = match is_compressed {
            true => ours.types.is_subset(&types) && ours.tokens.is_subset(&tokens),
            false => ours.types == types && ours.tokens == tokens,
        };
        compared += 1;
        if agrees == known.remove(path).is_some() {
            let not_there: Vec<_> = tokens.difference(&ours.tokens).collect();
            let only_ours: Vec<_> = ours.tokens.difference(&tokens).collect();
            let _ =
                writeln!(report, "{path}: types {types:?}, ours {:?}; {not_there:?}, ours {only_ours:?}", ours.types);
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(known.is_empty() && compared > 1000, "{compared} files, {known:?}");
}
