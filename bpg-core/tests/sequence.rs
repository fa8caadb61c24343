//! Keys, messages and detached signatures of both corpora, and the digests of all signatures in them.
//!
//! That nothing is lost, whatever the input, is among the laws that `laws.rs` checks of every file and of what becomes of
//! it when it is damaged.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::BTreeMap;

use bpg_core::framing::{self, RawPacket};
use bpg_core::packet::signature::{Area, SignedOctets, SubpacketValue};
use bpg_core::packet::{Packet, Signature};
use bpg_core::registry::{HashAlgorithm, SignatureType};
use bpg_core::sequence::{self, Component, Content, Issuer, Item, Role};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use common::Input;

/// What became of the digests that were computed.
#[derive(Debug, Default)]
struct Digests {
    /// How many have the first two octets that the signature says, by what is signed.
    right: BTreeMap<&'static str, usize>,
    /// How many are not computed, by hash algorithm.
    skipped: BTreeMap<u8, usize>,
    /// Where those with other octets are.
    wrong: Vec<String>,
}

impl Digests {
    fn check(&mut self, kind: &'static str, place: &str, signature: &Signature<'_>, signed: &[SignedOctets<'_>]) {
        let mut input = Vec::new();
        signature.hashed_wire().write_around(signed, &mut |octets| input.extend_from_slice(octets));
        self.compare(kind, place, signature, &input);
    }

    /// The same for a document, which is hashed as it is.
    fn check_document(&mut self, kind: &'static str, place: &str, signature: &Signature<'_>, literal: &Literal<'_>) {
        let document = match signature.signature_type() {
            SignatureType::TEXT => canonical(literal.data),
            // It signs no more than itself.
            SignatureType::STANDALONE => Vec::new(),
            _ => literal.data.to_vec(),
        };
        let hashed = signature.hashed_wire().with_metadata(literal.metadata);
        let mut input = [hashed.salt().as_slice(), &document].concat();
        hashed.write_to(&mut |octets| input.extend_from_slice(octets));
        self.compare(kind, place, signature, &input);
    }

    fn check_signature(&mut self, kind: &'static str, name: &str, raw: &RawPacket<'_>, literal: &Literal<'_>) {
        let Ok(Packet::Signature(signature)) = raw.interpret() else { return };
        self.check_document(kind, &format!("{name} at {}", raw.wire().start()), &signature, literal);
    }

    fn compare(&mut self, kind: &'static str, place: &str, signature: &Signature<'_>, input: &[u8]) {
        let Some(digest) = digest(signature.hash_algorithm(), input) else {
            *self.skipped.entry(signature.hash_algorithm().0).or_default() += 1;
            return;
        };
        if digest.starts_with(signature.digest_prefix().as_slice()) {
            *self.right.entry(kind).or_default() += 1;
        } else {
            self.wrong.push(place.to_string());
        }
    }

    /// Everything is right but what is in `exceptions`, and nothing is there in vain. Without the other projects' files
    /// only the repository's own are in `exceptions`.
    fn assert_right_except(mut self, exceptions: &[(&str, usize, &str)]) -> BTreeMap<&'static str, usize> {
        let has_vectors = common::vectors_folder().is_some();
        for (file, count, reason) in exceptions {
            let before = self.wrong.len();
            self.wrong.retain(|place| !place.starts_with(file));
            let expected = if has_vectors || file.starts_with("testdata/") { *count } else { 0 };
            assert_eq!(before - self.wrong.len(), expected, "{file}: {reason}");
        }
        assert!(self.wrong.is_empty(), "{:#?}", self.wrong);
        // RIPEMD-160, SHA3-256, SHA3-512, SM3.
        assert!(self.skipped.keys().all(|algorithm| [3, 12, 14, 105].contains(algorithm)), "{:?}", self.skipped);
        println!("{:?}, of other algorithms {:?}", self.right, self.skipped);
        self.right
    }
}

fn digest(algorithm: HashAlgorithm, input: &[u8]) -> Option<Vec<u8>> {
    Some(match algorithm {
        HashAlgorithm::MD5 => Md5::digest(input).to_vec(),
        HashAlgorithm::SHA1 => Sha1::digest(input).to_vec(),
        HashAlgorithm::SHA2_224 => Sha224::digest(input).to_vec(),
        HashAlgorithm::SHA2_256 => Sha256::digest(input).to_vec(),
        HashAlgorithm::SHA2_384 => Sha384::digest(input).to_vec(),
        HashAlgorithm::SHA2_512 => Sha512::digest(input).to_vec(),
        _ => return None,
    })
}

/// Signatures over keys whose digests are not over what they follow, by file, with how many there are and why.
const NOT_OVER_WHAT_THEY_FOLLOW: [(&str, usize, &str); 10] = [
    ("testdata/peers/rnp-sm2.sec.asc", 2, "nobody knows where the public part of an SM2 key ends"),
    ("vectors/gpgpdump/testdata/dump-fail.asc", 1, "the primary key is malformed"),
    ("vectors/gnupg/openpgp/bug1223-bogus.asc", 1, "a signature that was altered"),
    ("vectors/gnupg/openpgp/forged-keyring.gpg", 4, "signatures of another key"),
    ("vectors/go-crypto-src/keys_test_data.go__L39.asc", 1, "a back-signature that is over another key"),
    ("vectors/google-openpgp-interop/keys/uid-003.asc", 1, "a signature over another user ID"),
    ("vectors/openpgp-haskell/data/pubring.gpg", 7, "certifications of other user IDs of the same key"),
    ("vectors/rpgp/eddsa/bp256.pub", 1, "signatures of another key"),
    ("vectors/rpgp/eddsa/bp256.sec", 2, "signatures of another key"),
    ("vectors/rpgp/key_pub_regression1.asc", 1, "a certification made up, of algorithm 99"),
];

#[test]
fn digests_over_keys_are_what_their_signatures_say() {
    let mut digests = Digests::default();
    let components = common::inputs().iter().map(|input| digest_keys(&mut digests, input)).sum::<usize>();
    let right = digests.assert_right_except(&NOT_OVER_WHAT_THEY_FOLLOW);
    assert!(components > 800, "{components} components");
    for (kind, least) in [("self-signature", 500), ("certification", 45), ("revocation", 25), ("back-signature", 20)] {
        assert!(right[kind] >= least, "{right:?}");
    }
}

fn digest_keys(digests: &mut Digests, input: &Input) -> usize {
    let mut components = 0;
    for item in sequence::items(&input.octets).flatten() {
        let Item::Key(key) = item else { continue };
        for component in key.components() {
            digest_component(digests, &input.name, &component);
            components += 1;
        }
    }
    components
}

fn digest_component(digests: &mut Digests, name: &str, component: &Component<'_>) {
    for key_signature in component.signatures() {
        let signature = key_signature.signature();
        let place = format!("{name} at {}", key_signature.raw().wire().start());
        let Some(signed) = component.signed_octets(signature.version()) else {
            digests.wrong.push(place);
            continue;
        };
        let kind = match key_signature.issuer() {
            _ if key_signature.is_revocation() => "revocation",
            Issuer::PrimaryKey => "self-signature",
            Issuer::AnotherKey => "certification",
            Issuer::Unknown => "of unknown issuer",
        };
        digests.check(kind, &place, signature, &signed);
        let areas = [signature.hashed_area(), signature.unhashed_area()];
        for back in areas.into_iter().flatten().flat_map(embedded) {
            let signed = component.signed_octets(back.version()).unwrap();
            digests.check("back-signature", &place, &back, &signed);
        }
    }
}

/// The signatures embedded in an area.
fn embedded(area: Area<'_>) -> impl Iterator<Item = Signature<'_>> {
    area.subpackets().flatten().filter_map(|subpacket| match subpacket.value() {
        Ok(SubpacketValue::EmbeddedSignature(embedded)) => embedded.open().ok().flatten(),
        _ => None,
    })
}

/// A document, and what a literal data packet says of it.
struct Literal<'a> {
    metadata: &'a [u8],
    data: &'a [u8],
}

impl<'a> Literal<'a> {
    /// A document that is not in a packet.
    fn detached(data: &'a [u8]) -> Self {
        Self { metadata: &[0; 6], data }
    }

    /// "A 1-octet field that describes how the data is formatted", the length of the file name, the file name, "a 4-octet
    /// number that indicates a date", and "the remainder of the packet is literal data".
    fn of(body: &'a [u8]) -> Option<Self> {
        let metadata = 6 + usize::from(*body.get(1)?);
        let (metadata, data) = body.split_at_checked(metadata)?;
        Some(Self { metadata, data })
    }
}

/// Text with every line ending as CR LF.
fn canonical(text: &[u8]) -> Vec<u8> {
    let mut canonical = Vec::new();
    let mut last = 0;
    for octet in text {
        if *octet == b'\n' && last != b'\r' {
            canonical.push(b'\r');
        }
        canonical.push(*octet);
        last = *octet;
    }
    canonical
}

/// Signatures over documents whose digests are not over the document alone.
const NOT_OVER_THE_DOCUMENT: [(&str, usize, &str); 2] = [
    ("testdata/peers/sq.notarized.gpg", 1, "the outer signature is over the inner one, too"),
    ("testdata/signatures/subpackets-none.sig", 1, "made up, with any digest"),
];

#[test]
fn digests_over_documents_are_what_their_signatures_say() {
    let mut digests = Digests::default();
    common::inputs().iter().for_each(|input| digest_messages(&mut digests, input));
    for folder in ["signatures", "peers"] {
        let document = common::testdata_file(&format!("{folder}/PLAINTEXT.txt"));
        let inputs =
            common::testdata().into_iter().filter(|file| file.name.starts_with(&format!("testdata/{folder}/")));
        // The text of a cleartext signature, the key of a revocation, and another signature are not the document.
        let others = ["cleartext", ".rev.", "third-party-confirmation"];
        let inputs = inputs.filter(|file| !others.iter().any(|other| file.name.contains(other)));
        inputs.flat_map(|file| file.inputs()).for_each(|input| digest_detached(&mut digests, &input, &document));
    }
    let right = digests.assert_right_except(&NOT_OVER_THE_DOCUMENT);
    assert!(right["message"] >= 10 && right["detached"] >= 30, "{right:?}");
}

#[test]
fn a_confirmation_is_over_another_signature() {
    let octets = common::testdata_file("signatures/third-party-confirmation.sig");
    let packets: Vec<_> = framing::packets(&octets).map(|raw| raw.unwrap().interpret().unwrap()).collect();
    let [Packet::Signature(confirmed), Packet::Signature(confirmation)] = &packets[..] else { panic!("{packets:?}") };
    assert_eq!(confirmation.signature_type(), SignatureType::THIRD_PARTY_CONFIRMATION);
    let mut input = Vec::new();
    let signed = SignedOctets::signature(confirmed).unwrap();
    confirmation.hashed_wire().write_around(&[signed], &mut |octets| input.extend_from_slice(octets));
    let digest = digest(confirmation.hash_algorithm(), &input).unwrap();
    assert!(digest.starts_with(confirmation.digest_prefix().as_slice()));
}

fn digest_messages(digests: &mut Digests, input: &Input) {
    for item in sequence::items(&input.octets).flatten() {
        let Item::Message(message) = item else { continue };
        let Some(Content::Literal(raw)) = message.content() else { continue };
        let body = raw.body().to_cow();
        let Some(literal) = Literal::of(&body) else { continue };
        message.signatures().for_each(|raw| digests.check_signature("message", &input.name, &raw, &literal));
    }
}

fn digest_detached(digests: &mut Digests, input: &Input, document: &[u8]) {
    for item in sequence::items(&input.octets).flatten() {
        let Item::Signatures(signatures) = item else { continue };
        let literal = Literal::detached(document);
        signatures.signatures().for_each(|raw| digests.check_signature("detached", &input.name, &raw, &literal));
    }
}

/// A revocation that is stored without its key is over that key.
#[test]
fn digests_of_revocations_that_stand_alone_are_over_their_key() {
    for (key, revocation) in [
        ("peers/rnp.pub.asc", "peers/rnp.rev.asc"),
        ("peers/sq.pub.asc", "peers/sq.rev.asc"),
        ("certificates/revoked-3-retired.pub.gpg", "certificates/revocation-3-retired.asc"),
    ] {
        let key = testdata_input(key);
        let Some(Ok(Item::Key(key))) = sequence::items(&key).next() else { panic!("a key") };
        let revocation = testdata_input(revocation);
        let Some(Ok(Item::Signatures(revocations))) = sequence::items(&revocation).next() else {
            panic!("a signature")
        };
        let raw = revocations.signatures().next().unwrap();
        let Ok(Packet::Signature(signature)) = raw.interpret() else { panic!("well-formed") };
        let primary = key.components().next().unwrap();
        let mut digests = Digests::default();
        digests.check("revocation", "here", &signature, &primary.signed_octets(signature.version()).unwrap());
        assert_eq!(digests.right["revocation"], 1);
    }
}

/// The first input of a file of the repository's corpus.
fn testdata_input(name: &str) -> Vec<u8> {
    let file = common::File { name: name.to_string(), octets: common::testdata_file(name) };
    file.inputs().swap_remove(0).octets
}

/// What the items of `octets` are, a line each, with the components of keys behind bars.
fn outline(octets: &[u8]) -> Vec<String> {
    let items = sequence::items(octets).map(|item| match item {
        Ok(Item::Key(key)) => {
            let components = key.components().map(|component| outline_component(&component));
            format!(
                "{}: {}",
                if key.is_secret() { "secret" } else { "public" },
                components.collect::<Vec<_>>().join(" | ")
            )
        }
        Ok(Item::Message(message)) => {
            let parts: Vec<_> = message.parts().map(|(_, part)| format!("{part:?}")).collect();
            let missing = message.missing().map(|missing| format!(", missing {missing:?}")).unwrap_or_default();
            format!("message: {}{missing}", parts.join(" "))
        }
        Ok(Item::Signatures(signatures)) => format!("signatures: {}", signatures.signatures().count()),
        Ok(item @ Item::OutOfPlace(run)) => format!("{:?}: {}", run.reason(), item.packets().count()),
        Ok(item) => panic!("{item:?} is unknown here"),
        Err(error) => format!("at octet {}: not framed", error.span().start),
    });
    items.collect()
}

/// A component as its kind and, in order, who signed it.
fn outline_component(component: &Component<'_>) -> String {
    let members = component.members().map(|member| match member.role() {
        Role::Head => format!("{:?}", component.kind()),
        Role::Signature(signature) => {
            let issuer = match signature.issuer() {
                Issuer::PrimaryKey => "own",
                Issuer::AnotherKey => "other",
                Issuer::Unknown => "unknown",
            };
            if signature.is_revocation() { format!("{issuer}-revocation") } else { issuer.to_string() }
        }
        Role::Malformed(_) => "malformed".to_string(),
        Role::OutOfPlace(reason) => format!("!{reason:?}"),
        role => format!("{role:?}"),
    });
    let members: Vec<_> = members.collect();
    let reason = component.out_of_place().map(|reason| format!("!{reason:?} ")).unwrap_or_default();
    format!("{reason}{}", members.join(" "))
}

/// Files of the repository's corpus, and what is in them.
const OUTLINES: [(&str, &[&str]); 29] = [
    (
        "certificates/certification-levels.pub.gpg",
        &["public: PrimaryKey | UserId own other | UserId own other | UserId own other | UserId own other"],
    ),
    ("certificates/certification-revoked.pub.gpg", &["public: PrimaryKey | UserId other-revocation own other"]),
    ("certificates/designated-revoker.pub.gpg", &["public: PrimaryKey own | UserId own"]),
    ("certificates/no-user-id.pub.gpg", &["public: PrimaryKey | Subkey own"]),
    ("certificates/photo.pub.gpg", &["public: PrimaryKey | UserId own | UserAttribute own"]),
    ("certificates/revocation-2-compromised.asc", &["signatures: 1"]),
    ("certificates/revoked-by-designated-revoker.pub.gpg", &["public: PrimaryKey other-revocation own | UserId own"]),
    (
        "certificates/revoked-subkey.pub.gpg",
        &["public: PrimaryKey | UserId own | Subkey own-revocation own | Subkey own"],
    ),
    ("certificates/revoked-user-id.pub.gpg", &["public: PrimaryKey | UserId own | UserId own-revocation own"]),
    (
        "certificates/subkeys.sec.gpg",
        &["secret: PrimaryKey | UserId own | Subkey own | Subkey own | Subkey own | Subkey own"],
    ),
    // Trust packets are everywhere in a keyring of GnuPG.
    ("malformed/trust-odd.gpg", &["public: PrimaryKey Ignored | UserId Ignored"]),
    ("malformed/header-length-zero.gpg", &["public: PrimaryKey | UserId malformed"]),
    ("malformed/order-signature-first.gpg", &["signatures: 1", "public: PrimaryKey | UserId"]),
    ("malformed/order-subkey-first.gpg", &["NoPrimaryKey: 1", "NoPrimaryKey: 1"]),
    ("malformed/order-user-id-first.gpg", &["NoPrimaryKey: 1", "public: PrimaryKey"]),
    ("malformed/truncated-in-user-id.gpg", &["public: PrimaryKey", "at octet 145: not framed"]),
    ("malformed/type-16-comment.gpg", &["public: PrimaryKey !UnknownType | UserId"]),
    ("malformed/type-40-unknown.gpg", &["public: PrimaryKey Ignored | UserId"]),
    ("messages/compressed-zip.gpg", &["message: Content"]),
    ("messages/encrypted-two.gpg", &["message: SessionKey SessionKey Content"]),
    ("messages/marker.gpg", &["message: Ignored Content"]),
    ("messages/padding.gpg", &["message: Content Ignored"]),
    ("messages/partial-signed.gpg", &["message: OnePassSignature Content CorrespondingSignature"]),
    ("peers/rnp.encrypted-ocb.gpg", &["message: SessionKey Content"]),
    // The primary key is an SM2 key, of which nobody knows where the secret part starts.
    ("peers/rnp-sm2.sec.asc", &["secret: PrimaryKey | UserId unknown | Subkey unknown"]),
    ("peers/sq.attested.sec.gpg", &["secret: PrimaryKey own | UserId own own | Subkey own | Subkey own | Subkey own"]),
    (
        "peers/sq.notarized.gpg",
        &["message: OnePassSignature OnePassSignature Content CorrespondingSignature CorrespondingSignature"],
    ),
    ("signatures/detached-three.sig", &["signatures: 3"]),
    ("mission/rsa2048.bpg", &["secret: PrimaryKey | UserId"]),
];

#[test]
fn files_are_what_they_are() {
    for (name, expected) in OUTLINES {
        assert_eq!(outline(&testdata_input(name)), expected, "{name}");
    }
}

#[test]
fn keyrings_are_keys_and_nothing_else() {
    for (name, count, kind) in [
        ("public.gpg", 41, "public"),
        ("export.asc", 7, "public"),
        ("backup.gpg", 7, "public"),
        ("pubring.gpg", 38, "public"),
        ("secret.gpg", 6, "secret"),
    ] {
        let lines = outline(&testdata_input(&format!("keyrings/{name}")));
        assert_eq!(lines.len(), count, "{name}: {lines:#?}");
        for line in lines {
            assert!(line.starts_with(&format!("{kind}: PrimaryKey")), "{name}: {line}");
            let is_odd = ["!", "malformed", "unknown", "UnknownVersion"].iter().any(|odd| line.contains(odd));
            assert!(!is_odd && line.contains(" own"), "{name}: {line}");
        }
    }
}

/// A packet with a body of up to 191 octets.
fn packet(packet_type: u8, body: &[u8]) -> Vec<u8> {
    [&[0xc0 | packet_type, u8::try_from(body.len()).unwrap()], body].concat()
}

/// Packets with a body that is of no interest, by type.
fn packets(packet_types: &[u8]) -> Vec<u8> {
    packet_types.iter().flat_map(|packet_type| packet(*packet_type, &[])).collect()
}

/// What makes up hostile sequences, by packet type.
const SESSION_KEY: u8 = 1;
const SIGNATURE: u8 = 2;
const ONE_PASS: u8 = 4;
const SECRET_SUBKEY: u8 = 7;
const KEY: u8 = 6;
const MARKER: u8 = 10;
const LITERAL: u8 = 11;
const USER_ID: u8 = 13;
const SUBKEY: u8 = 14;
const ATTRIBUTE: u8 = 17;
const ENCRYPTED: u8 = 18;
const DETECTION_CODE: u8 = 19;
const PADDING: u8 = 21;

#[test]
fn what_fits_nowhere_is_named() {
    for (packet_types, expected) in [
        (
            &[SUBKEY, SIGNATURE, SUBKEY, KEY, USER_ID][..],
            &["NoPrimaryKey: 2", "NoPrimaryKey: 1", "public: PrimaryKey | UserId"][..],
        ),
        (&[ATTRIBUTE, MARKER, SIGNATURE, PADDING], &["NoPrimaryKey: 4"]),
        (&[SIGNATURE, SIGNATURE, KEY, SIGNATURE], &["signatures: 2", "public: PrimaryKey malformed"]),
        (&[KEY, KEY, SECRET_SUBKEY], &["public: PrimaryKey", "secret: PrimaryKey | Subkey"]),
        (
            &[KEY, SUBKEY, USER_ID, SIGNATURE, ATTRIBUTE],
            &["public: PrimaryKey | Subkey | !BehindSubkey UserId malformed | !BehindSubkey UserAttribute"],
        ),
        (&[KEY, USER_ID, LITERAL, SUBKEY], &["public: PrimaryKey | UserId", "message: Content", "NoPrimaryKey: 1"]),
        (
            &[KEY, SESSION_KEY, ENCRYPTED, KEY],
            &["public: PrimaryKey", "message: SessionKey Content", "public: PrimaryKey"],
        ),
        (&[KEY, DETECTION_CODE, 22, 41], &["public: PrimaryKey !PacketType !UnknownType Ignored"]),
        (&[DETECTION_CODE, MARKER, 22, KEY], &["PacketType: 2", "UnknownType: 1", "public: PrimaryKey"]),
        (&[MARKER, PADDING, 63], &["Alone: 3"]),
        (
            &[MARKER, KEY, PADDING, USER_ID, PADDING, SIGNATURE, PADDING, MARKER, PADDING],
            &["public: Ignored PrimaryKey !Padding | UserId !Padding malformed Ignored Ignored Ignored"],
        ),
        (&[PADDING, KEY], &["public: !Padding PrimaryKey"]),
    ] {
        assert_eq!(outline(&packets(packet_types)), expected);
    }
}

#[test]
fn messages_follow_their_grammar() {
    for (packet_types, expected) in [
        (&[LITERAL, SIGNATURE][..], &["message: Content", "signatures: 1"][..]),
        (&[LITERAL, LITERAL], &["message: Content", "message: Content"]),
        (&[SIGNATURE, MARKER, SIGNATURE, LITERAL], &["message: PrefixedSignature Ignored PrefixedSignature Content"]),
        (
            &[SIGNATURE, ONE_PASS, SESSION_KEY, ENCRYPTED, SIGNATURE],
            &["message: PrefixedSignature OnePassSignature SessionKey Content CorrespondingSignature"],
        ),
        (
            &[ONE_PASS, ONE_PASS, LITERAL, SIGNATURE],
            &["message: OnePassSignature OnePassSignature Content CorrespondingSignature, missing Signatures(1)"],
        ),
        (
            &[ONE_PASS, LITERAL, SIGNATURE, SIGNATURE],
            &["message: OnePassSignature Content CorrespondingSignature", "signatures: 1"],
        ),
        (&[ONE_PASS, USER_ID], &["message: OnePassSignature, missing Content", "NoPrimaryKey: 1"]),
        // Session keys are those of encrypted data, and signatures precede them.
        (&[SESSION_KEY, LITERAL], &["message: SessionKey, missing Content", "message: Content"]),
        (
            &[SESSION_KEY, SIGNATURE, LITERAL],
            &["message: SessionKey, missing Content", "message: PrefixedSignature Content"],
        ),
        (
            &[ONE_PASS, PADDING, LITERAL, PADDING, SIGNATURE, PADDING],
            &[
                "message: OnePassSignature OutOfPlace(Padding) Content OutOfPlace(Padding) CorrespondingSignature Ignored",
            ],
        ),
        (&[SIGNATURE, PADDING, MARKER], &["signatures: 1"]),
        (&[], &[]),
    ] {
        assert_eq!(outline(&packets(packet_types)), expected);
    }
    // The packet that cannot be framed ends the message in front of it.
    let cut = [packets(&[ONE_PASS]), vec![0xc0 | LITERAL, 9, b'b']].concat();
    assert_eq!(outline(&cut), ["message: OnePassSignature, missing Content", "at octet 4: not framed"]);
}

/// Signatures of a key that has none of them, in the place of its own.
#[test]
fn signatures_are_told_apart() {
    let key = testdata_input("keys/ed25519.pub.gpg");
    let raw: Vec<_> = framing::packets(&key).map(Result::unwrap).collect();
    let Ok(Packet::PublicKey(public)) = raw[0].interpret() else { panic!("a key comes first") };
    let fingerprint = public.fingerprint().unwrap();
    let own_fingerprint = [&[22, 33, 4][..], fingerprint.as_slice()].concat(); // length, Issuer Fingerprint, version 4
    let other_fingerprint = [&[22, 33, 4][..], &[7; 20]].concat();
    let own_id = [&[9, 16][..], &public.key_id().unwrap().0].concat(); // length, Issuer Key ID
    let other_id = [&[9, 16][..], &[7; 8]].concat();
    let no_id = [&[9, 16][..], &[0; 8]].concat();
    for (signature_type, hashed, unhashed, expected) in [
        (0x13, &own_fingerprint, &[][..], "own"),
        (0x13, &own_id, &[], "own"),
        (0x13, &vec![], &own_id, "own"),
        (0x13, &other_fingerprint, &own_id, "other"),
        (0x13, &other_id, &own_fingerprint, "own"),
        (0x13, &other_id, &own_id, "own"),
        (0x10, &other_id, &[], "other"),
        (0x10, &no_id, &[], "unknown"),
        (0x10, &vec![], &[], "unknown"),
        (0x30, &other_id, &[], "other-revocation"),
        (0x30, &vec![], &[], "unknown-revocation"),
        (0x16, &own_id, &[], "own"),
        (0x18, &own_id, &[], "!SignatureType"),
        (0x00, &own_id, &[], "!SignatureType"),
        (0x1f, &own_id, &[], "!SignatureType"),
    ] {
        let area = |octets: &[u8]| [&u16::try_from(octets.len()).unwrap().to_be_bytes()[..], octets].concat();
        let body = [
            &[4, signature_type, 22, 8][..], // version, type, EdDSALegacy, SHA2-256
            &area(hashed),
            &area(unhashed),
            &[0xab, 0xcd],       // left 16 bits of the hash
            &[0, 1, 1, 0, 1, 1], // two MPIs
        ]
        .concat();
        let input = [raw[0].wire().as_slice(), &packet(USER_ID, b"alice"), &packet(SIGNATURE, &body)].concat();
        assert_eq!(outline(&input), [format!("public: PrimaryKey | UserId {expected}")], "{signature_type:#04x}");
    }
    let unknown = [raw[0].wire().as_slice(), &packet(USER_ID, b"alice"), &packet(SIGNATURE, &[7])].concat();
    assert_eq!(outline(&unknown), ["public: PrimaryKey | UserId UnknownVersion"]);
}

/// Nothing is allocated, however many signatures a key is flooded with: neither for a packet nor for an item.
#[test]
fn nothing_is_allocated() {
    let key = testdata_input("certificates/certified.pub.gpg");
    let last = framing::packets(&key).last().unwrap().unwrap();
    let flooded = [&key[..], &last.wire().as_slice().repeat(100_000)].concat();
    let message = testdata_input("signatures/inline-three.gpg");
    for input in [&flooded, &message, &testdata_input("keyrings/public.gpg")] {
        let mut count = 0;
        let info = allocation_counter::measure(|| {
            for item in sequence::items(input).flatten() {
                match item {
                    Item::Key(key) => {
                        count += key.components().map(|component| component.members().count()).sum::<usize>()
                    }
                    Item::Message(message) => count += message.parts().count(),
                    item => count += item.packets().count(),
                }
            }
        });
        assert_eq!((info.count_total, count), (0, framing::packets(input).count()));
    }
}

/// Places are meaningless there, but what there is does not depend on them.
#[test]
fn positions_at_the_end_of_the_number_range_change_nothing() {
    for Input { name, octets } in common::inputs() {
        let count = |items: sequence::Items<'_>| {
            let lengths = items.map(|item| item.map(|item| (item.wire().len(), item.packets().count())).ok());
            lengths.collect::<Vec<_>>()
        };
        let late = bpg_core::octets::Octets::new(&octets, u64::MAX - 20);
        assert_eq!(count(sequence::Items::new(late)), count(sequence::items(&octets)), "{name}");
    }
}
