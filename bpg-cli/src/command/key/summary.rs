//! What is to be known of a key: its names, dates, capabilities and protection, as its newest self-signatures have them.
//!
//! Nothing is verified. A signature counts as one by the key itself if it names the key as its issuer.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use bpg_core::error::Error;
use bpg_core::fingerprint::{Fingerprint, KeyId};
use bpg_core::framing;
use bpg_core::material::{FieldValue, Material};
use bpg_core::packet::signature::SubpacketValue;
use bpg_core::packet::{Packet, PublicKey, SecretKey, Signature};
use bpg_core::registry::{DottedOid, GnuS2kMode, KeyFlag, S2kUsage, SignatureType};
use bpg_core::s2k::{S2k, S2kParameters, decode_count};
use bpg_core::time::Timestamp;
use serde::Serialize;

use super::{is_key, is_primary_key};

/// The number of the form that JSON has. It changes when a member changes its meaning or is removed, not when one is added.
pub(super) const FORMAT: u32 = 1;

/// A primary key with what belongs to it.
#[derive(Serialize)]
pub(super) struct Summary {
    #[serde(flatten)]
    pub(super) key: KeySummary,
    pub(super) user_ids: Vec<UserId>,
    pub(super) user_attributes: Vec<UserAttribute>,
    pub(super) subkeys: Vec<KeySummary>,
}

/// A key or subkey.
#[derive(Serialize)]
pub(super) struct KeySummary {
    /// Whether the packet is one of a secret key.
    pub(super) secret: bool,
    pub(super) version: u8,
    pub(super) fingerprint: Option<String>,
    pub(super) key_id: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) created: String,
    /// `None` if there is no date; a subkey expires with its primary key at the latest.
    pub(super) expires: Option<String>,
    pub(super) expiration: Expiration,
    /// Whether there is a signature by the primary key that binds it. A primary key needs none.
    pub(super) bound: bool,
    /// `None` if there is no word about it.
    pub(super) capabilities: Option<Vec<String>>,
    /// Of a secret key.
    pub(super) protection: Option<Protection>,
    pub(super) revoked: Option<Revocation>,
}

/// Whether a key expires.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Expiration {
    /// At the date that is told.
    Date,
    /// It does not, as its self-signature, or in version 3 the key itself, says.
    Never,
    /// There is no self-signature that could say so.
    Unknown,
}

#[derive(Serialize)]
pub(super) struct Algorithm {
    pub(super) number: u8,
    pub(super) name: String,
    pub(super) bits: Option<u16>,
    pub(super) curve: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Protection {
    /// `none`, `passphrase`, `elsewhere` or `unknown`.
    pub(super) kind: &'static str,
    /// The same and more, in words.
    pub(super) text: String,
    /// `None` if there is no checksum, or none that can be told without a passphrase.
    pub(super) checksum_is_right: Option<bool>,
}

impl Protection {
    fn new(kind: &'static str, text: String) -> Self {
        Self { kind, text, checksum_is_right: None }
    }

    /// That of a secret in the clear.
    fn none(key: SecretKey<'_>) -> Self {
        let checksum = key.secret().checksum();
        let checksum_is_right = checksum.and_then(|checksum| Some(checksum.due? == checksum.stored));
        let remark = if checksum_is_right == Some(false) { ", and its checksum is wrong" } else { "" };
        Self { checksum_is_right, ..Self::new("none", format!("none: the secret is in the clear{remark}")) }
    }
}

#[derive(Serialize)]
pub(super) struct Revocation {
    pub(super) created: Option<String>,
    pub(super) code: Option<u8>,
    pub(super) reason: String,
    pub(super) text: String,
    #[serde(skip)]
    pub(super) text_octets: Vec<u8>,
}

#[derive(Serialize)]
pub(super) struct UserId {
    /// Octets that are not UTF-8 are replaced.
    pub(super) text: String,
    #[serde(skip)]
    pub(super) octets: Vec<u8>,
    pub(super) primary: bool,
    /// Whether there is a certification by the key itself.
    pub(super) bound: bool,
    pub(super) revoked: Option<Revocation>,
}

#[derive(Serialize)]
pub(super) struct UserAttribute {
    pub(super) length: usize,
}

/// The keys in the parts of a file. What is to be said of a part is told to `report`, with the index of the part.
pub(super) fn keys<'p>(
    parts: impl IntoIterator<Item = &'p [u8]>,
    mut report: impl FnMut(usize, Remark),
) -> Vec<Summary> {
    let mut certificates: Vec<Certificate<'_>> = Vec::new();
    let mut revocations = Vec::new();
    for (index, packets) in parts.into_iter().enumerate() {
        let start = certificates.len();
        for raw in framing::packets(packets) {
            let packet = match raw.and_then(|raw| Ok((raw.interpret()?, raw.wire().start()))) {
                Ok((Packet::Signature(signature), at))
                    if is_key_revocation(&signature)
                        && !certificates[start..].last().is_some_and(|last| last.is_issuer_of(&signature)) =>
                {
                    revocations.push((index, at, signature));
                    continue;
                }
                Ok((packet, _)) => packet,
                Err(error) => {
                    report(index, Remark::Malformed(error));
                    continue;
                }
            };
            match (packet, certificates[start..].last_mut()) {
                (Packet::PublicKey(key), _) => certificates.push(Certificate::new(Key::public(key))),
                (Packet::SecretKey(key), _) => certificates.push(Certificate::new(Key::secret(key))),
                (packet, Some(certificate)) => certificate.add(packet),
                (_, None) => {}
            }
        }
    }
    revoke(&mut certificates, &revocations, report);
    certificates.iter().map(Certificate::summary).collect()
}

/// What is to be said of the packets of a file.
pub(super) enum Remark {
    /// A packet is malformed, and passed over.
    Malformed(Error),
    /// At this position there is a revocation that is of no key in the file.
    OfNone(u64),
    /// At this position there is a revocation by a key that another one names as its revoker.
    ByRevoker(u64),
}

/// Lets the revocations that the keys in front of them did not issue, in parts and at positions, count for the keys that did,
/// wherever those are. A key may revoke others, and only a digest could tell which one; it revokes itself unless another one
/// names it as a revoker.
fn revoke<'a>(
    certificates: &mut [Certificate<'a>],
    revocations: &[(usize, u64, Signature<'a>)],
    mut report: impl FnMut(usize, Remark),
) {
    // Of each issuer the newest one, so that the time it takes does not grow with the product of what there is.
    let mut newest = BTreeMap::new();
    for (_, _, signature) in revocations {
        if let Some(issuer) = issuer(signature) {
            let known = newest.entry(issuer).or_insert(*signature);
            if signature.created() >= known.created() {
                *known = *signature;
            }
        }
    }
    let revokers: BTreeSet<_> = certificates.iter().flat_map(Certificate::revokers).collect();
    // A revoker has a version 4 key, whose key ID is the end of the fingerprint.
    let key_ids: BTreeSet<_> = revokers.iter().filter_map(|fingerprint| fingerprint.last_chunk::<8>()).collect();
    let is_revoker = |issuer: &Vec<u8>| {
        revokers.contains(issuer) || <&[u8; 8]>::try_from(issuer.as_slice()).is_ok_and(|id| key_ids.contains(id))
    };
    let mut counted = BTreeSet::new();
    for certificate in certificates {
        let fingerprint = certificate.fingerprint.map(|fingerprint| fingerprint.as_slice().to_vec());
        let key_id = certificate.key_id.map(|key_id| key_id.0.to_vec());
        if fingerprint.as_ref().is_some_and(|fingerprint| revokers.contains(fingerprint)) {
            continue;
        }
        for name in fingerprint.into_iter().chain(key_id) {
            if let Some(signature) = newest.get(&name) {
                certificate.direct.push(*signature);
                counted.insert(name);
            }
        }
    }
    for (part, at, signature) in revocations {
        match issuer(signature) {
            Some(issuer) if counted.contains(&issuer) => {}
            Some(issuer) if is_revoker(&issuer) => report(*part, Remark::ByRevoker(*at)),
            _ => report(*part, Remark::OfNone(*at)),
        }
    }
}

/// The fingerprint or else the key ID by which a signature names its issuer. They differ in length.
fn issuer(signature: &Signature<'_>) -> Option<Vec<u8>> {
    let fingerprint = signature.issuer_fingerprint().map(|issuer| issuer.fingerprint.as_slice().to_vec());
    fingerprint.or_else(|| signature.issuer_key_id().map(|key_id| key_id.0.to_vec()))
}

/// Whether a signature revokes a primary key.
pub(super) fn is_key_revocation(signature: &Signature<'_>) -> bool {
    signature.signature_type() == SignatureType::KEY_REVOCATION
}

#[derive(Clone, Copy)]
struct Key<'a> {
    public: PublicKey<'a>,
    secret: Option<SecretKey<'a>>,
}

impl<'a> Key<'a> {
    const fn public(public: PublicKey<'a>) -> Self {
        Self { public, secret: None }
    }

    fn secret(key: SecretKey<'a>) -> Self {
        Self { public: key.public(), secret: Some(key) }
    }
}

/// A primary key with what follows it, each part with the signatures by the key itself.
struct Certificate<'a> {
    key: Key<'a>,
    fingerprint: Option<Fingerprint>,
    key_id: Option<KeyId>,
    direct: Vec<Signature<'a>>,
    parts: Vec<(Part<'a>, Vec<Signature<'a>>)>,
    /// Whether a primary key follows that is not known: what is behind that belongs to it.
    is_over: bool,
}

enum Part<'a> {
    UserId(&'a [u8]),
    UserAttribute(usize),
    Subkey(Box<Key<'a>>),
    /// A subkey that is not known. It is here for its signatures, which are not those of the part in front of it.
    Unknown,
}

impl<'a> Certificate<'a> {
    fn new(key: Key<'a>) -> Self {
        let fingerprint = key.public.fingerprint();
        let key_id = match &fingerprint {
            Some(fingerprint) => key.public.key_id_of(fingerprint),
            None => key.public.key_id(),
        };
        Self { key, fingerprint, key_id, direct: Vec::new(), parts: Vec::new(), is_over: false }
    }

    fn add(&mut self, packet: Packet<'a>) {
        self.is_over |= matches!(packet, Packet::Opaque(key) if is_primary_key(key.packet_type()));
        if self.is_over {
            return;
        }
        let part = match packet {
            Packet::Signature(signature) => {
                if self.is_issuer_of(&signature) {
                    self.add_own(signature);
                }
                return;
            }
            Packet::UserId(user_id) => Part::UserId(user_id.octets().as_slice()),
            Packet::UserAttribute(attribute) => Part::UserAttribute(attribute.octets().len()),
            Packet::PublicSubkey(key) => Part::Subkey(Box::new(Key::public(key))),
            Packet::SecretSubkey(key) => Part::Subkey(Box::new(Key::secret(key))),
            Packet::Opaque(key) if is_key(key.packet_type()) => Part::Unknown,
            _ => return,
        };
        self.parts.push((part, Vec::new()));
    }

    /// Adds a signature by the key itself.
    fn add_own(&mut self, signature: Signature<'a>) {
        let signatures = match self.parts.last_mut() {
            // It belongs right behind the key (RFC 9580 section 10.1), but it is made to be kept by itself, and is put behind
            // all of the key when it is needed.
            Some((_, signatures)) if !is_key_revocation(&signature) => signatures,
            _ => &mut self.direct,
        };
        signatures.push(signature);
    }

    /// The fingerprints of the keys that may revoke this one.
    fn revokers(&self) -> impl Iterator<Item = Vec<u8>> {
        let signatures = self.parts.iter().flat_map(|(_, signatures)| signatures).chain(&self.direct);
        signatures.flat_map(hashed).filter_map(|value| match value {
            SubpacketValue::RevocationKey(revoker) => Some(revoker.fingerprint.as_slice().to_vec()),
            _ => None,
        })
    }

    /// Whether `signature` names this key as its issuer, by fingerprint or else by key ID.
    fn is_issuer_of(&self, signature: &Signature<'_>) -> bool {
        match (signature.issuer_fingerprint().map(|issuer| issuer.fingerprint.as_slice()), self.fingerprint) {
            (Some(issuer), Some(fingerprint)) => issuer == fingerprint.as_slice(),
            _ => signature.issuer_key_id().is_some_and(|issuer| Some(issuer) == self.key_id),
        }
    }

    fn summary(&self) -> Summary {
        let primary = self.primary_user_id();
        let certification = primary.and_then(|index| newest(&self.parts[index].1, is_certification));
        let direct = newest(&self.direct, |kind| kind == SignatureType::DIRECT_KEY);
        // "In a version 6 key, … the Direct Key self-signature" tells of the key; in older ones that over the primary user
        // ID does, and the direct one tells what that does not (RFC 9580 section 5.2.3.10).
        let claims = match self.key.public.version() {
            6.. => [direct, None],
            _ => [certification, direct],
        };
        let revocation = newest(&self.direct, |kind| kind == SignatureType::KEY_REVOCATION);
        let key = key_summary(self.key, &claims, true, revocation);
        let mut summary = Summary { key, user_ids: Vec::new(), user_attributes: Vec::new(), subkeys: Vec::new() };
        for (index, (part, signatures)) in self.parts.iter().enumerate() {
            match part {
                Part::UserId(octets) => summary.user_ids.push(UserId {
                    text: String::from_utf8_lossy(octets).into_owned(),
                    octets: octets.to_vec(),
                    primary: primary == Some(index),
                    bound: newest(signatures, is_certification).is_some(),
                    revoked: certification_revocation(signatures).map(revocation_of),
                }),
                Part::UserAttribute(length) => summary.user_attributes.push(UserAttribute { length: *length }),
                Part::Subkey(key) => {
                    let binding = newest(signatures, |kind| kind == SignatureType::SUBKEY_BINDING);
                    let revocation = newest(signatures, |kind| kind == SignatureType::SUBKEY_REVOCATION);
                    summary.subkeys.push(key_summary(**key, &[binding], binding.is_some(), revocation));
                }
                Part::Unknown => {}
            }
        }
        summary
    }

    /// The index of the user ID that says it is the primary one, newest first, or else of the one that was certified last of
    /// those that are not revoked, as GnuPG has it; of several, the first.
    fn primary_user_id(&self) -> Option<usize> {
        let valid = || {
            let user_ids = self.parts.iter().enumerate().filter(|(_, (part, _))| matches!(part, Part::UserId(_)));
            user_ids.filter(|(_, (_, signatures))| certification_revocation(signatures).is_none())
        };
        let certified =
            |signatures: &[Signature<'_>]| newest(signatures, is_certification).and_then(Signature::created);
        let is_primary = |signature: &Signature<'_>| {
            hashed(signature).any(|value| matches!(value, SubpacketValue::PrimaryUserId(1..)))
        };
        let claimed = valid().filter_map(|(index, (_, signatures))| {
            let signature = newest(signatures, is_certification).filter(|signature| is_primary(signature))?;
            Some((signature.created(), Reverse(index)))
        });
        let newest = || valid().map(|(index, (_, signatures))| (certified(signatures), Reverse(index))).max();
        claimed.max().or_else(newest).map(|(_, Reverse(index))| index)
    }
}

/// The well-formed subpackets that a signature covers.
fn hashed<'a>(signature: &Signature<'a>) -> impl Iterator<Item = SubpacketValue<'a>> {
    let subpackets = signature.hashed_area().into_iter().flat_map(|area| area.subpackets());
    subpackets.filter_map(|subpacket| subpacket.ok()?.value().ok())
}

/// The newest signature of a kind; of several, the last.
fn newest<'s, 'a>(
    signatures: &'s [Signature<'a>],
    is_kind: impl Fn(SignatureType) -> bool,
) -> Option<&'s Signature<'a>> {
    signatures
        .iter()
        .filter(|signature| is_kind(signature.signature_type()))
        .max_by_key(|signature| signature.created())
}

fn is_certification(kind: SignatureType) -> bool {
    (SignatureType::GENERIC_CERTIFICATION..=SignatureType::POSITIVE_CERTIFICATION).contains(&kind)
}

/// The revocation of a user ID, unless a newer certification takes it back.
fn certification_revocation<'s, 'a>(signatures: &'s [Signature<'a>]) -> Option<&'s Signature<'a>> {
    let revocation = newest(signatures, |kind| kind == SignatureType::CERTIFICATION_REVOCATION)?;
    let certification = newest(signatures, is_certification).and_then(Signature::created);
    (revocation.created() >= certification).then_some(revocation)
}

/// What `claims`, the more important first, say of a key.
fn key_summary(
    key: Key<'_>,
    claims: &[Option<&Signature<'_>>],
    bound: bool,
    revocation: Option<&Signature<'_>>,
) -> KeySummary {
    let public = key.public;
    let fingerprint = public.fingerprint();
    let key_id = match &fingerprint {
        Some(fingerprint) => public.key_id_of(fingerprint),
        None => public.key_id(),
    };
    let is_stated = public.validity_days().is_some() || claims.iter().any(Option::is_some);
    let claims = || claims.iter().copied().flatten().flat_map(hashed);
    let validity = claims().find_map(|value| match value {
        SubpacketValue::KeyExpirationTime(seconds) => Some(seconds.into()),
        _ => None,
    });
    let validity: Option<u64> = validity.or_else(|| public.validity_days().map(|days| u64::from(days) * 86_400));
    // "If this is not present or has a value of zero, the key never expires" (RFC 9580 section 5.2.3.13).
    let expires = validity.filter(|seconds| *seconds != 0).map(|seconds| expiration(public.created(), seconds));
    let capabilities = claims().find_map(|value| match value {
        SubpacketValue::KeyFlags(flags) => Some(capabilities(flags.as_slice())),
        _ => None,
    });
    KeySummary {
        secret: key.secret.is_some(),
        version: public.version(),
        fingerprint: fingerprint.map(|fingerprint| fingerprint.to_string()),
        key_id: key_id.map(|key_id| key_id.to_string()),
        algorithm: Algorithm {
            number: public.algorithm().0,
            name: public.algorithm().to_string(),
            bits: bits(public.material()),
            curve: curve(public.material()),
        },
        created: public.created().to_string(),
        expiration: match (&expires, is_stated) {
            (Some(_), _) => Expiration::Date,
            (None, true) => Expiration::Never,
            (None, false) => Expiration::Unknown,
        },
        expires,
        bound,
        capabilities,
        protection: key.secret.map(protection),
        revoked: revocation.map(revocation_of),
    }
}

fn expiration(created: Timestamp, seconds: u64) -> String {
    match u32::try_from(u64::from(created.0) + seconds) {
        Ok(time) => Timestamp(time).to_string(),
        Err(_) => format!("after {}", Timestamp(u32::MAX)),
    }
}

fn capabilities(flags: &[u8]) -> Vec<String> {
    let bits = flags.iter().flat_map(|octet| (0..8).map(move |bit| octet >> bit & 1 == 1));
    let set = (0_u16..).zip(bits).filter(|(_, is_set)| *is_set);
    set.map(|(flag, _)| KeyFlag(flag).name().map_or_else(|| format!("flag {flag}"), Into::into)).collect()
}

/// The size of the first integer: RSA's modulus, the prime of DSA and Elgamal.
fn bits(material: Material<'_>) -> Option<u16> {
    match material.fields().next()?.value {
        FieldValue::Mpi(integer) => Some(integer.bits()),
        _ => None,
    }
}

fn curve(material: Material<'_>) -> Option<String> {
    let curve = material.curve()?;
    Some(match curve.curve() {
        Some(curve) => curve.name.into(),
        None => DottedOid(curve.octets().as_slice()).to_string(),
    })
}

fn revocation_of(signature: &Signature<'_>) -> Revocation {
    let reason = hashed(signature).find_map(|value| match value {
        SubpacketValue::ReasonForRevocation(reason) => Some(reason),
        _ => None,
    });
    let text = reason.map_or(&[][..], |reason| reason.text.as_slice());
    Revocation {
        created: signature.created().map(|created| created.to_string()),
        code: reason.map(|reason| reason.code.0),
        reason: reason.map_or_else(|| "no reason stated".into(), |reason| reason.code.to_string()),
        text: String::from_utf8_lossy(text).into_owned(),
        text_octets: text.to_vec(),
    }
}

fn protection(key: SecretKey<'_>) -> Protection {
    let protection = key.protection();
    if protection.usage() == S2kUsage::UNPROTECTED {
        return Protection::none(key);
    }
    if let Some(S2kParameters::Gnu { mode, serial, .. }) = protection.s2k().map(S2k::parameters) {
        let text = match mode {
            GnuS2kMode::GNU_DIVERT_TO_CARD => format!("the secret is on the card {}", hex(serial.as_slice())),
            GnuS2kMode::GNU_DUMMY => "the secret is not here".into(),
            mode => format!("the secret is kept elsewhere: {mode}"),
        };
        return Protection::new("elsewhere", text);
    }
    let cipher = match (protection.cipher(), protection.aead()) {
        (Some(cipher), Some(aead)) => format!("{cipher} in {aead} mode"),
        (Some(cipher), None) => format!("{cipher} in CFB mode"),
        (None, _) => "an unknown cipher".into(),
    };
    let weakness = match protection.usage() {
        S2kUsage::AEAD | S2kUsage::CFB => "",
        _ => ", with a weak checksum",
    };
    let derivation = match protection.s2k().map(S2k::parameters) {
        None => "MD5".into(),
        Some(S2kParameters::Simple { hash }) => format!("{hash}"),
        Some(S2kParameters::Salted { hash, .. }) => format!("salted {hash}"),
        Some(S2kParameters::IteratedSalted { hash, count, .. }) => {
            format!("salted {hash} over {} octets", decode_count(count))
        }
        Some(S2kParameters::Argon2 { passes, parallelism, memory_exponent, .. }) => {
            format!("Argon2 with {passes} passes, {parallelism} lanes and 2^{memory_exponent} KiB")
        }
        Some(_) => return Protection::new("unknown", format!("{cipher}, in an unknown way")),
    };
    Protection::new("passphrase", format!("passphrase: {cipher}{weakness}, by {derivation}"))
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
