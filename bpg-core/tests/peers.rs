//! What other OpenPGP programs say about the same octets.
//!
//! Two things are compared: over the keyrings of Debian and Arch Linux, every packet and subpacket with
//! `gpg --list-packets` and every key with `gpg --show-keys`; over testdata/, the packets at the top level with what each of
//! gpg, sq, rnp and pgpdump lists.
//!
//! The tests are ignored because they need these programs, and they fail where one is missing. The tables of disagreements
//! are those of the versions in Debian 12: gpg 2.2.40, sq 0.27.0, rnp 0.16.3, pgpdump 0.34.
//!
//! ```text
//! apt install gpg sq rnp pgpdump debian-keyring debian-archive-keyring archlinux-keyring
//! cargo test -p bpg-core --test peers -- --ignored
//! ```
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod common;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bpg_core::error::Error;
use bpg_core::framing::{self, Length, RawPacket};
use bpg_core::keybox;
use bpg_core::material::{Field, FieldValue};
use bpg_core::packet::signature::{Area, SubpacketValue};
use bpg_core::packet::user_attribute::AttributeSubpacket;
use bpg_core::packet::{Packet, PublicKey, Signature};

use common::{File, Input};

// ---------------------------------------------------------------------------------------------------------------------
// Keyrings

const KEYRINGS: &str = "/usr/share/keyrings";

/// The keyrings of the packages debian-keyring and archlinux-keyring; those of debian-archive-keyring are found by their
/// names.
const NAMED_KEYRINGS: &[&str] =
    &["debian-keyring.gpg", "debian-maintainers.gpg", "debian-nonupload.gpg", "debian-role-keys.gpg", "archlinux.gpg"];

/// How many packets debian-keyring.gpg has in debian-keyring 2022.12.24, which is that of Debian 12.
const DEBIAN_KEYRING_PACKETS: usize = 55_139;

/// No packet is opaque, and no subpacket of a signature or user attribute is wrong.
#[test]
#[ignore = "needs gpg and the Debian keyrings"]
fn keyrings_are_interpreted_whole() {
    for keyring in keyrings() {
        let mut report = |error: Error| panic!("{}: {error}", keyring.name);
        let mut count: usize = 0;
        for packet in keyring.packets() {
            count += 1;
            match packet {
                Packet::Opaque(opaque) => panic!("{}: {opaque:?}", keyring.name),
                Packet::Signature(signature) => subpacket_errors(&signature, &mut report),
                Packet::UserAttribute(attribute) => {
                    let images = attribute.subpackets().map(|subpacket| subpacket.and_then(AttributeSubpacket::image));
                    images.filter_map(Result::err).for_each(&mut report);
                }
                _ => {}
            }
        }
        assert!(count > 0, "{} holds no packet", keyring.name);
        if keyring.name == "debian-keyring.gpg" {
            assert_eq!(count, DEBIAN_KEYRING_PACKETS, "is this the keyring of another Debian?");
        }
    }
}

/// Every packet that gpg lists, at its place, with its length; of every key its head and the sizes of its fields, and of
/// every signature these and all subpackets, with their areas, types and lengths.
#[test]
#[ignore = "needs gpg and the Debian keyrings"]
fn keyrings_are_read_as_by_gpg() {
    let home = Home::new();
    for keyring in keyrings() {
        let mut ours = Vec::new();
        for (frame, packet) in frames(&keyring.inputs).iter().zip(keyring.packets()) {
            ours.push(gpg_line(frame));
            match packet {
                Packet::PublicKey(key) | Packet::PublicSubkey(key) => gpg_key_lines(key, &mut ours),
                Packet::Signature(signature) => gpg_signature_lines(&signature, &mut ours),
                _ => {}
            }
        }
        let output = home.run(GPG, &keyring.path);
        let theirs: Vec<_> = output.lines().filter_map(gpg_detail).map(str::to_owned).collect();
        compare_in_order(&keyring, &ours, &theirs);
    }
}

/// `version 4, algo 1, created 1415232117, expires 0` and `pkey[0]: [4096 bits]` for each field.
fn gpg_key_lines(key: PublicKey<'_>, lines: &mut Vec<String>) {
    let (version, algorithm, created) = (key.version(), key.algorithm().0, key.created().0);
    lines.push(format!("version {version}, algo {algorithm}, created {created}, expires 0"));
    for (index, field) in key.material().fields().enumerate() {
        lines.push(format!("pkey[{index}]: [{} bits]", gpg_bits(&field)));
    }
}

/// `version 4, created 1415232117, md5len 0, sigclass 0x13`, `digest algo 8, begin of digest 6b 3b`,
/// `critical hashed subpkt 2 len 4` for each subpacket, and `data: [4095 bits]` for each field.
fn gpg_signature_lines(signature: &Signature<'_>, lines: &mut Vec<String>) {
    let created = signature.created().map_or(0, |created| created.0);
    let hashed_length = if signature.version() <= 3 { 5 } else { 0 };
    lines.push(format!(
        "version {}, created {created}, md5len {hashed_length}, sigclass 0x{:02x}",
        signature.version(),
        signature.signature_type().0
    ));
    let [first, second] = signature.digest_prefix().as_slice().try_into().expect("two octets");
    lines.push(format!("digest algo {}, begin of digest {first:02x} {second:02x}", signature.hash_algorithm().0));
    for (area, hashed) in [(signature.hashed_area(), "hashed "), (signature.unhashed_area(), "")] {
        for subpacket in area.into_iter().flat_map(Area::subpackets) {
            let subpacket = subpacket.unwrap_or_else(|error| panic!("{error}"));
            let critical = if subpacket.is_critical() { "critical " } else { "" };
            let (subpacket_type, length) = (subpacket.subpacket_type().0, subpacket.body().len());
            lines.push(format!("{critical}{hashed}subpkt {subpacket_type} len {length}"));
        }
    }
    for field in signature.material().fields() {
        lines.push(format!("data: [{} bits]", gpg_bits(&field)));
    }
}

/// The size of a field as gpg gives it: what is not an MPI counts with its length octet.
fn gpg_bits(field: &Field<'_>) -> usize {
    match field.value {
        FieldValue::Mpi(mpi) => mpi.bits().into(),
        _ => field.wire.len() * 8,
    }
}

/// What of a line of `gpg --list-packets` is compared, if anything.
fn gpg_detail(line: &str) -> Option<&str> {
    if let Some(header) = line.strip_prefix("# ") {
        return Some(header);
    }
    let line = line.strip_prefix('\t')?;
    if line.starts_with("pkey[") || line.starts_with("data: ") {
        // The name of a curve may follow.
        line.split_inclusive(" bits]").next()
    } else if line.starts_with("version ") || line.starts_with("digest algo ") {
        Some(line)
    } else {
        line.split_once(" (").map(|(subpacket, _)| subpacket).filter(|subpacket| subpacket.contains("subpkt "))
    }
}

/// What `gpg --show-keys` says of a key: fields 1, 4, 5 and 6 of its `pub` or `sub` line, field 10 of its `fpr` line.
#[derive(Debug, PartialEq, Eq)]
struct Key {
    record: &'static str,
    algorithm: u8,
    key_id: String,
    created: u32,
    fingerprint: String,
}

impl Key {
    fn new(record: &'static str, key: PublicKey<'_>) -> Self {
        Self {
            record,
            algorithm: key.algorithm().0,
            key_id: key.key_id().map_or_else(String::new, |key_id| key_id.to_string().to_uppercase()),
            created: key.created().0,
            fingerprint: key.fingerprint().map_or_else(String::new, |print| print.to_string().to_uppercase()),
        }
    }
}

/// In the order of the keyring. gpg would merge a key that is there twice and drop what it cannot read, but these keyrings
/// have neither, so that its keys are all that there are.
#[test]
#[ignore = "needs gpg and the Debian keyrings"]
fn keys_of_keyrings_are_those_of_gpg() {
    let home = Home::new();
    for keyring in keyrings() {
        let ours: Vec<_> = keyring
            .packets()
            .filter_map(|packet| match packet {
                Packet::PublicKey(key) => Some(Key::new("pub", key)),
                Packet::PublicSubkey(key) => Some(Key::new("sub", key)),
                _ => None,
            })
            .collect();
        let theirs = shown_keys(&home.run(GPG_SHOW_KEYS, &keyring.path));
        compare_in_order(&keyring, &ours, &theirs);
    }
}

fn compare_in_order<T: PartialEq + fmt::Debug>(keyring: &Keyring, ours: &[T], theirs: &[T]) {
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert_eq!(ours, theirs, "{}", keyring.name);
    }
    assert_eq!(ours.len(), theirs.len(), "{}", keyring.name);
}

/// The keys of `gpg --with-colons --show-keys`, in its order.
fn shown_keys(output: &str) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for line in output.lines() {
        let fields: Vec<_> = line.split(':').collect();
        let field = |number: usize| fields.get(number - 1).copied().unwrap_or_default();
        let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("not a number in {line}"));
        match field(1) {
            record @ ("pub" | "sub") => keys.push(Key {
                record: if record == "pub" { "pub" } else { "sub" },
                algorithm: u8::try_from(number(field(4))).expect("algorithm"),
                key_id: field(5).to_owned(),
                created: number(field(6)),
                fingerprint: String::new(),
            }),
            "fpr" => field(10).clone_into(&mut keys.last_mut().expect("a key in front of fpr").fingerprint),
            _ => {}
        }
    }
    keys
}

/// Calls `report` with what is wrong with the subpackets of `signature` and of those embedded in it.
fn subpacket_errors(signature: &Signature<'_>, report: &mut impl FnMut(Error)) {
    let areas = [signature.hashed_area(), signature.unhashed_area()];
    for subpacket in areas.into_iter().flatten().flat_map(Area::subpackets) {
        match subpacket.and_then(|subpacket| subpacket.value()) {
            Ok(SubpacketValue::EmbeddedSignature(embedded)) => match embedded.open() {
                Ok(Some(embedded)) => subpacket_errors(&embedded, report),
                Ok(None) => {}
                Err(error) => report(error),
            },
            Ok(_) => {}
            Err(error) => report(error),
        }
    }
}

struct Keyring {
    name: String,
    path: PathBuf,
    inputs: Vec<Input>,
}

impl Keyring {
    fn packets(&self) -> impl Iterator<Item = Packet<'_>> {
        self.inputs.iter().flat_map(|input| framing::packets(&input.octets)).map(|packet| {
            let packet = packet.and_then(|packet| packet.interpret());
            packet.unwrap_or_else(|error| panic!("{}: {error}", self.name))
        })
    }
}

fn keyrings() -> Vec<Keyring> {
    let mut names: Vec<_> = NAMED_KEYRINGS.iter().map(|&name| name.to_owned()).collect();
    let folder = fs::read_dir(KEYRINGS).unwrap_or_else(|error| panic!("{KEYRINGS}: {error}"));
    let mut archive: Vec<_> = folder
        .filter_map(|entry| entry.expect(KEYRINGS).file_name().into_string().ok())
        .filter(|name| name.starts_with("debian-archive-") && name.ends_with(".gpg"))
        .collect();
    assert!(
        !archive.is_empty(),
        "no {KEYRINGS}/debian-archive-*.gpg: install the Debian package debian-archive-keyring"
    );
    archive.sort();
    names.append(&mut archive);
    names.into_iter().map(keyring).collect()
}

fn keyring(name: String) -> Keyring {
    let path = Path::new(KEYRINGS).join(&name);
    let octets = fs::read(&path).unwrap_or_else(|error| {
        let package = if name == "archlinux.gpg" { "archlinux-keyring" } else { "debian-keyring" };
        panic!("{}: {error}: install the Debian package {package}", path.display())
    });
    let file = File { name, octets };
    Keyring { inputs: file.inputs(), name: file.name, path }
}

// ---------------------------------------------------------------------------------------------------------------------
// testdata/

/// Where a program's listing of a file of testdata/ parts from ours, and how. Up to there the two are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parting {
    /// The program lists this many packets and no more, we do.
    Ends(usize),
    /// We list this many packets and no more, the program does.
    GoesOn(usize),
    /// Behind this many packets, both list different ones.
    Differs(usize),
}
use Parting::{Differs, Ends, GoesOn};

/// Files of testdata/ of which a program's listing is not ours, with the reason.
struct Disagreement {
    reason: &'static str,
    files: &'static [(&'static str, Parting)],
}

const GPG_DISAGREEMENTS: &[Disagreement] = &[
    Disagreement {
        reason: "gpg reads packets or armor, and not both in one file",
        files: &[
            ("armor/binary-blank-lines-block-text.asc", Ends(5)),
            ("armor/binary-then-block.asc", Ends(5)),
            ("armor/block-then-binary.asc", Ends(5)),
            ("armor/block-then-cut-binary.asc", Ends(5)),
        ],
    },
    Disagreement {
        reason: "gpg does not read armor that is quoted or indented like that",
        files: &[
            ("armor/indented-tabs.asc", Ends(0)),
            ("armor/indented.asc", Ends(0)),
            ("armor/quoted-bad-character.asc", Ends(0)),
            ("armor/quoted-bar.asc", Ends(0)),
            ("armor/quoted-cut.asc", Ends(0)),
            ("armor/quoted-trimmed.asc", Ends(0)),
            ("armor/quoted-twice.asc", Ends(0)),
            ("armor/quoted.asc", Ends(0)),
        ],
    },
    Disagreement {
        reason: "gpg does not read armor in UTF-16 or quoted-printable",
        files: &[
            ("armor/quoted-printable-soft-breaks.asc", Ends(2)),
            ("armor/quoted-printable-utf-16.asc", Ends(0)),
            ("armor/utf-16-bad-character.asc", Differs(0)),
            ("armor/utf-16-be.asc", Ends(0)),
            ("armor/utf-16-le-no-mark.asc", Ends(0)),
            ("armor/utf-16-le.asc", Ends(0)),
        ],
    },
    Disagreement {
        reason: "gpg makes packets of its own of a text signed in the clear, and lists nothing behind the last of them",
        files: &[
            ("peers/pgpainless.cleartext.asc", Differs(0)),
            ("peers/rnp.cleartext.asc", Differs(0)),
            ("peers/sq.cleartext.asc", Differs(0)),
            ("rfc9580/a6-cleartext.asc", Differs(0)),
            ("signatures/cleartext-crlf.asc", Differs(0)),
            ("signatures/cleartext-empty.asc", Differs(0)),
            ("signatures/cleartext-not-dash-escaped.asc", Differs(0)),
            ("signatures/cleartext-sha1.asc", Differs(0)),
            ("signatures/cleartext-three.asc", Differs(0)),
            ("signatures/cleartext.asc", Differs(0)),
        ],
    },
    Disagreement {
        reason: "gpg lists nothing behind literal data in partial lengths",
        files: &[("messages/partial-signed.gpg", Ends(2))],
    },
    Disagreement {
        reason: "gpg does not know the label",
        files: &[("armor/message-part.asc", Ends(0)), ("armor/unknown-label.asc", Ends(0))],
    },
    Disagreement { reason: "gpg ends lines at LF only", files: &[("armor/cr.asc", Ends(0))] },
    Disagreement {
        reason: "gpg does not pass over a byte order mark",
        files: &[("armor/byte-order-mark.asc", Ends(0))],
    },
    Disagreement {
        reason: "gpg wants a colon and a space in an armor header, and decodes a line that has none",
        files: &[("armor/header-no-colon.asc", GoesOn(0)), ("armor/header-no-space.asc", Differs(0))],
    },
    Disagreement {
        reason: "gpg skips characters that are not base64, where we stop",
        files: &[
            ("armor/bad-character.asc", GoesOn(1)),
            ("armor/base64url.asc", GoesOn(0)),
            ("armor/non-ascii-character.asc", GoesOn(1)),
            ("armor/nul-in-data.asc", GoesOn(1)),
        ],
    },
    Disagreement {
        reason: "gpg decodes the BEGIN line of a second block, where we start another",
        files: &[("armor/begin-twice.asc", Differs(1))],
    },
    Disagreement {
        reason: "gpg decodes the END line where neither padding nor a checksum is in front of it",
        files: &[
            ("armor/end-on-data-line.asc", GoesOn(5)),
            ("armor/last-group-1-no-padding.asc", GoesOn(7)),
            ("armor/last-group-2-no-padding.asc", GoesOn(6)),
            ("armor/no-checksum.asc", GoesOn(5)),
            ("armor/no-data.asc", GoesOn(0)),
            ("armor/one-letter-left.asc", GoesOn(5)),
            ("rfc9580/a12-1-argon2-aes128.asc", GoesOn(2)),
            ("rfc9580/a2-v4-ed25519legacy-signature.asc", GoesOn(1)),
            ("rfc9580/a5-v6.sec-protected.asc", GoesOn(4)),
        ],
    },
    Disagreement {
        reason: "gpg does not know version 2 of the integrity protected data, and goes on inside of it",
        files: &[
            ("peers/rpgp.encrypted-eax.gpg", GoesOn(2)),
            ("peers/rpgp.encrypted-gcm.gpg", GoesOn(2)),
            ("peers/rpgp.encrypted-ocb-hidden.gpg", GoesOn(3)),
            ("peers/rpgp.symmetric-argon2.gpg", GoesOn(2)),
            ("peers/rpgp.symmetric-iterated.gpg", GoesOn(2)),
            ("peers/rpgp.symmetric-partial.gpg", GoesOn(2)),
            ("peers/sequoia.symmetric-v6.gpg", GoesOn(2)),
            ("pqc/ml-dsa-65.encrypted.gpg", GoesOn(2)),
            ("pqc/ml-dsa-87.encrypted.gpg", GoesOn(2)),
            ("rfc9580/a10-3-ocb-seipd.gpg", GoesOn(1)),
            ("rfc9580/a10-5-ocb.asc", GoesOn(2)),
            ("rfc9580/a11-3-gcm-seipd.gpg", GoesOn(1)),
            ("rfc9580/a11-5-gcm.asc", GoesOn(2)),
            ("rfc9580/a8-3-ocb-seipd.gpg", GoesOn(1)),
            ("rfc9580/a8-5-x25519-ocb.asc", GoesOn(2)),
            ("rfc9580/a9-3-eax-seipd.gpg", GoesOn(1)),
            ("rfc9580/a9-5-eax.asc", GoesOn(2)),
        ],
    },
    Disagreement {
        reason: "gpg lists a packet before it misses the end of its body",
        files: &[
            ("armor/no-end-no-checksum.asc", GoesOn(2)),
            ("malformed/header-length-4-gib.gpg", GoesOn(0)),
            ("malformed/header-length-past-end.gpg", GoesOn(0)),
            ("malformed/partial-huge.gpg", GoesOn(0)),
            ("malformed/partial-no-end.gpg", GoesOn(0)),
            ("malformed/partial-truncated.gpg", GoesOn(0)),
            ("malformed/truncated-in-mpi.gpg", GoesOn(0)),
            ("malformed/truncated-in-user-id.gpg", GoesOn(1)),
        ],
    },
    Disagreement {
        reason: "gpg takes the version of a key without a body from the next packet",
        files: &[("malformed/header-length-zero.gpg", Ends(1))],
    },
    Disagreement {
        reason: "gpg takes a file that starts with a key of unknown length for text",
        files: &[("malformed/indeterminate-key.gpg", Ends(0)), ("malformed/partial-key.gpg", Ends(0))],
    },
    Disagreement {
        reason: "gpg does not accept a signature of unknown length, and goes on inside of it",
        files: &[("malformed/indeterminate-signature.gpg", Differs(1))],
    },
    Disagreement {
        reason: "gpg does not list packets of type 0",
        files: &[("malformed/type-0-new.gpg", Differs(1)), ("malformed/type-0-old.gpg", Differs(1))],
    },
];
const SQ_DISAGREEMENTS: &[Disagreement] = &[
    Disagreement {
        reason: "sq reads packets or armor, and not both in one file",
        files: &[
            ("armor/binary-blank-lines-block-text.asc", Ends(5)),
            ("armor/binary-then-block.asc", Ends(5)),
            ("armor/block-then-binary.asc", Ends(5)),
            ("armor/block-then-cut-binary.asc", Ends(5)),
        ],
    },
    Disagreement {
        reason: "sq does not read armor that is quoted or indented like that",
        files: &[("armor/quoted-cut.asc", GoesOn(3)), ("armor/quoted-trimmed.asc", Ends(0))],
    },
    Disagreement {
        reason: "sq does not read armor in UTF-16 or quoted-printable",
        files: &[
            ("armor/quoted-printable-soft-breaks.asc", Ends(0)),
            ("armor/quoted-printable-utf-16.asc", Ends(0)),
            ("armor/utf-16-bad-character.asc", Ends(0)),
            ("armor/utf-16-be.asc", Ends(0)),
            ("armor/utf-16-le-no-mark.asc", Ends(0)),
            ("armor/utf-16-le.asc", Ends(0)),
        ],
    },
    Disagreement {
        reason: "sq reads one block of armor",
        files: &[
            ("armor/two-blocks.asc", Ends(5)),
            ("armor/two-blocks-text-between.asc", Ends(5)),
            ("keyrings/public-blocks.asc", Ends(5)),
        ],
    },
    Disagreement {
        reason: "sq finds a BEGIN line with more or fewer dashes, or behind other characters",
        files: &[("armor/begin-four-dashes.asc", GoesOn(0)), ("armor/begin-six-dashes.asc", GoesOn(0))],
    },
    Disagreement {
        reason: "sq decodes the text behind a BEGIN line, and then panics",
        files: &[("armor/begin-trailing-text.asc", GoesOn(0))],
    },
    Disagreement {
        reason: "sq gives up at the BEGIN line of a second block, where we start another",
        files: &[("armor/begin-twice.asc", Ends(1))],
    },
    Disagreement {
        reason: "sq does not know the label",
        files: &[("armor/message-part.asc", Ends(0)), ("armor/unknown-label.asc", Ends(0))],
    },
    Disagreement {
        reason: "sq does not pass over a byte order mark",
        files: &[("armor/byte-order-mark.asc", Ends(0))],
    },
    Disagreement {
        reason: "sq decodes an armor header that has no space",
        files: &[("armor/header-no-space.asc", Ends(0))],
    },
    Disagreement {
        reason: "sq wants an empty line behind armor headers",
        files: &[("armor/headers-no-blank-line.asc", Ends(0))],
    },
    Disagreement { reason: "sq decodes what follows padding", files: &[("armor/data-after-padding.asc", GoesOn(7))] },
    Disagreement {
        reason: "sq refuses bits behind the last octet",
        files: &[("armor/last-group-1-loose-bits.asc", Ends(0))],
    },
    Disagreement {
        reason: "sq lists a packet before it misses the end of its body",
        files: &[
            ("armor/base64url.asc", GoesOn(0)),
            ("armor/no-end-no-checksum.asc", GoesOn(2)),
            ("malformed/garbage-ff-after-key.gpg", GoesOn(2)),
            ("malformed/header-length-past-end.gpg", GoesOn(0)),
            ("malformed/partial-huge.gpg", GoesOn(0)),
            ("malformed/partial-no-end.gpg", GoesOn(0)),
            ("malformed/partial-truncated.gpg", GoesOn(0)),
            ("malformed/truncated-in-mpi.gpg", GoesOn(0)),
            ("malformed/truncated-in-user-id.gpg", GoesOn(1)),
        ],
    },
    Disagreement {
        reason: "sq takes a file whose first packet is not plausible for text",
        files: &[
            ("malformed/compressed-no-algorithm.gpg", Ends(0)),
            ("malformed/header-length-zero.gpg", Ends(0)),
            ("malformed/indeterminate-key.gpg", Ends(0)),
            ("malformed/literal-date-missing.gpg", Ends(0)),
            ("malformed/one-pass-long.gpg", Ends(0)),
            ("malformed/one-pass-short.gpg", Ends(0)),
            ("malformed/partial-first-short.gpg", Ends(0)),
            ("malformed/partial-key.gpg", Ends(0)),
            ("malformed/pkesk-truncated.gpg", Ends(0)),
            ("malformed/truncated-after-version.gpg", Ends(0)),
            ("malformed/type-63-private.gpg", Ends(0)),
            ("peers/rpgp.signed-v6.gpg", Ends(0)),
            ("peers/sequoia.signed-v6.gpg", Ends(0)),
        ],
    },
];
const RNP_DISAGREEMENTS: &[Disagreement] = &[
    Disagreement {
        reason: "rnp reads packets or armor, and not both in one file",
        files: &[
            ("armor/binary-blank-lines-block-text.asc", Ends(5)),
            ("armor/binary-then-block.asc", Ends(5)),
            ("armor/block-then-binary.asc", Ends(5)),
            ("armor/block-then-cut-binary.asc", Ends(5)),
        ],
    },
    Disagreement {
        reason: "rnp does not read armor that is quoted or indented like that",
        files: &[
            ("armor/indented-tabs.asc", Ends(0)),
            ("armor/indented.asc", Ends(0)),
            ("armor/quoted-bad-character.asc", Ends(0)),
            ("armor/quoted-bar.asc", Ends(0)),
            ("armor/quoted-cut.asc", Ends(0)),
            ("armor/quoted-trimmed.asc", Ends(0)),
            ("armor/quoted-twice.asc", Ends(0)),
            ("armor/quoted.asc", Ends(0)),
        ],
    },
    Disagreement {
        reason: "rnp does not read armor in UTF-16 or quoted-printable",
        files: &[
            ("armor/quoted-printable-soft-breaks.asc", Ends(0)),
            ("armor/quoted-printable-utf-16.asc", Differs(0)),
            ("armor/quoted-printable.asc", Ends(0)),
            ("armor/utf-16-bad-character.asc", Differs(0)),
            ("armor/utf-16-be.asc", Differs(0)),
            ("armor/utf-16-le-no-mark.asc", Ends(0)),
            ("armor/utf-16-le.asc", Differs(0)),
        ],
    },
    Disagreement {
        reason: "rnp reads one block of armor",
        files: &[
            ("armor/two-blocks.asc", Ends(5)),
            ("armor/two-blocks-text-between.asc", Ends(5)),
            ("keyrings/public-blocks.asc", Ends(5)),
        ],
    },
    Disagreement {
        reason: "rnp finds a BEGIN line behind other characters",
        files: &[
            ("armor/begin-colon.asc", GoesOn(0)),
            ("armor/mail-headers.asc", Ends(0)),
            ("certificates/revocation-stored.asc", GoesOn(0)),
        ],
    },
    Disagreement {
        reason: "rnp does not know the label",
        files: &[("armor/message-part.asc", Ends(0)), ("armor/unknown-label.asc", Ends(0))],
    },
    Disagreement { reason: "rnp ends lines at LF only", files: &[("armor/cr.asc", Ends(0))] },
    Disagreement {
        reason: "rnp passes over an armor header that has no colon",
        files: &[("armor/header-no-colon.asc", GoesOn(0))],
    },
    Disagreement {
        reason: "rnp lists nothing of a block that is not base64 to its end",
        files: &[
            ("armor/bad-character.asc", Ends(0)),
            ("armor/begin-twice.asc", Ends(0)),
            ("armor/data-after-padding.asc", Ends(0)),
            ("armor/non-ascii-character.asc", Ends(0)),
            ("armor/nul-in-data.asc", Ends(0)),
            ("armor/one-letter-left.asc", Ends(0)),
        ],
    },
    Disagreement {
        reason: "rnp wants padding",
        files: &[("armor/last-group-1-no-padding.asc", Ends(0)), ("armor/last-group-2-no-padding.asc", Ends(0))],
    },
    Disagreement {
        reason: "rnp wants one line with the checksum, of four letters and no white space, if there is a checksum",
        files: &[
            ("armor/short-checksum.asc", Ends(0)),
            ("armor/trailing-whitespace.asc", Ends(0)),
            ("armor/two-checksums.asc", Ends(0)),
        ],
    },
    Disagreement {
        reason: "rnp wants an END line with the label of the BEGIN line",
        files: &[
            ("armor/end-other-label.asc", Ends(0)),
            ("armor/no-end.asc", Ends(0)),
            ("armor/no-end-no-checksum.asc", Ends(0)),
        ],
    },
    Disagreement {
        reason: "rnp lists a packet before it misses the end of its body",
        files: &[
            ("malformed/garbage-ff-after-key.gpg", GoesOn(2)),
            ("malformed/header-length-4-gib.gpg", GoesOn(0)),
            ("malformed/header-length-past-end.gpg", GoesOn(0)),
            ("malformed/partial-huge.gpg", GoesOn(0)),
            ("malformed/partial-no-end.gpg", GoesOn(0)),
            ("malformed/partial-truncated.gpg", GoesOn(0)),
            ("malformed/truncated-in-mpi.gpg", GoesOn(0)),
            ("malformed/truncated-in-user-id.gpg", GoesOn(1)),
        ],
    },
    Disagreement {
        reason: "rnp wants a second octet behind any first one",
        files: &[("malformed/indeterminate-empty.gpg", Ends(0))],
    },
    Disagreement {
        reason: "rnp does not accept a key in partial lengths, and goes on inside of it",
        files: &[("malformed/partial-key.gpg", Ends(1))],
    },
];
const PGPDUMP_DISAGREEMENTS: &[Disagreement] = &[
    Disagreement {
        reason: "pgpdump reads packets or armor, and not both in one file",
        files: &[
            ("armor/binary-blank-lines-block-text.asc", Differs(5)),
            ("armor/binary-then-block.asc", Differs(5)),
            ("armor/block-then-binary.asc", Ends(5)),
            ("armor/block-then-cut-binary.asc", Ends(5)),
        ],
    },
    Disagreement {
        reason: "pgpdump does not read armor that is quoted or indented like that",
        files: &[
            ("armor/indented-tabs.asc", Ends(0)),
            ("armor/indented.asc", Ends(0)),
            ("armor/quoted-bad-character.asc", Ends(0)),
            ("armor/quoted-bar.asc", Ends(0)),
            ("armor/quoted-cut.asc", Ends(0)),
            ("armor/quoted-trimmed.asc", Ends(0)),
            ("armor/quoted-twice.asc", Ends(0)),
            ("armor/quoted.asc", Ends(0)),
        ],
    },
    Disagreement {
        reason: "pgpdump does not read armor in UTF-16 or quoted-printable",
        files: &[
            ("armor/quoted-printable-soft-breaks.asc", Ends(2)),
            ("armor/quoted-printable-utf-16.asc", Differs(0)),
            ("armor/utf-16-bad-character.asc", Differs(0)),
            ("armor/utf-16-be.asc", Differs(0)),
            ("armor/utf-16-le-no-mark.asc", Ends(0)),
            ("armor/utf-16-le.asc", Differs(0)),
        ],
    },
    Disagreement {
        reason: "pgpdump reads one block of armor",
        files: &[
            ("armor/two-blocks.asc", Ends(5)),
            ("armor/two-blocks-text-between.asc", Ends(5)),
            ("keyrings/public-blocks.asc", Ends(5)),
        ],
    },
    Disagreement {
        reason: "pgpdump does not look at the end of a BEGIN line",
        files: &[("armor/begin-trailing-text.asc", GoesOn(0))],
    },
    Disagreement {
        reason: "pgpdump decodes the BEGIN line of a second block, where we start another",
        files: &[("armor/begin-twice.asc", Differs(1))],
    },
    Disagreement {
        reason: "pgpdump wants an empty line in front of the base64",
        files: &[("armor/headers-no-blank-line.asc", Ends(0)), ("armor/no-blank-line.asc", Ends(0))],
    },
    Disagreement {
        reason: "pgpdump passes over all lines up to the first empty one",
        files: &[("armor/header-no-colon.asc", GoesOn(0))],
    },
    Disagreement {
        reason: "pgpdump ends the base64 at an empty line",
        files: &[("armor/blank-lines-in-data.asc", Ends(1))],
    },
    Disagreement { reason: "pgpdump ends lines at LF only", files: &[("armor/cr.asc", Ends(0))] },
    Disagreement {
        reason: "pgpdump takes a file that does not start in ASCII for packets",
        files: &[("armor/byte-order-mark.asc", Differs(0))],
    },
    Disagreement {
        reason: "pgpdump passes over characters that are not ASCII in base64",
        files: &[("armor/non-ascii-character.asc", GoesOn(1))],
    },
    Disagreement {
        reason: "pgpdump lists a packet, or half a line of it, before it misses the end",
        files: &[
            ("armor/bad-character.asc", GoesOn(1)),
            ("armor/base64url.asc", GoesOn(0)),
            ("armor/no-end-no-checksum.asc", GoesOn(2)),
            ("armor/nul-in-data.asc", GoesOn(1)),
            ("malformed/header-length-past-end.gpg", GoesOn(0)),
            ("malformed/header-second-truncated.gpg", GoesOn(1)),
            ("malformed/header-tag-after-key.gpg", GoesOn(1)),
            ("malformed/header-tag-only.gpg", GoesOn(0)),
            ("malformed/header-truncated-new-2.gpg", GoesOn(0)),
            ("malformed/header-truncated-new-5.gpg", GoesOn(0)),
            ("malformed/header-truncated-old-2.gpg", GoesOn(0)),
            ("malformed/header-truncated-old-4.gpg", GoesOn(0)),
            ("malformed/partial-huge.gpg", GoesOn(0)),
            ("malformed/partial-no-end.gpg", GoesOn(0)),
            ("malformed/partial-truncated.gpg", GoesOn(0)),
            ("malformed/truncated-in-mpi.gpg", GoesOn(0)),
            ("malformed/truncated-in-user-id.gpg", GoesOn(1)),
        ],
    },
    Disagreement {
        reason: "pgpdump takes a length of 0xffffffff for none",
        files: &[("malformed/garbage-ff-after-key.gpg", GoesOn(2)), ("malformed/header-length-4-gib.gpg", GoesOn(0))],
    },
    Disagreement {
        reason: "pgpdump reads packets at octets that have bit 7 clear",
        files: &[
            ("malformed/garbage-newline-after-key.gpg", GoesOn(2)),
            ("malformed/garbage-nul-after-key.gpg", GoesOn(2)),
            ("malformed/garbage-text-after-key.gpg", GoesOn(2)),
        ],
    },
    Disagreement {
        reason: "pgpdump ends at a key of a version that it does not know",
        files: &[
            ("keys/v5-curves.pub.gpg", Ends(1)),
            ("keys/v5-kyber.pub.gpg", Ends(1)),
            ("keys/v5-kyber.sec.gpg", Ends(1)),
            ("keys/v5-rsa1024.pub.gpg", Ends(1)),
            ("keys/v5-rsa1024.sec.gpg", Ends(1)),
            ("keys/v6-unsigned.pub.gpg", Ends(1)),
            ("malformed/header-length-zero.gpg", Ends(1)),
            ("malformed/key-version-0.gpg", Ends(1)),
            ("malformed/key-version-1.gpg", Ends(1)),
            ("malformed/key-version-255.gpg", Ends(1)),
            ("malformed/key-version-5.gpg", Ends(1)),
            ("malformed/key-version-7.gpg", Ends(1)),
            ("peers/rpgp-v6-448.pub.gpg", Ends(1)),
            ("peers/rpgp-v6-448.sec-protected.gpg", Ends(1)),
            ("peers/rpgp-v6-448.sec.gpg", Ends(1)),
            ("peers/sequoia-v6.pub.gpg", Ends(1)),
            ("peers/sequoia-v6.sec.gpg", Ends(1)),
            ("pqc/ml-dsa-65.pub.gpg", Ends(1)),
            ("pqc/ml-dsa-65.sec.gpg", Ends(1)),
            ("pqc/ml-dsa-87.pub.gpg", Ends(1)),
            ("pqc/ml-dsa-87.sec.gpg", Ends(1)),
            ("pqc/slh-dsa-shake-128f.pub.gpg", Ends(1)),
            ("pqc/slh-dsa-shake-128f.sec.gpg", Ends(1)),
            ("pqc/slh-dsa-shake-128s.pub.gpg", Ends(1)),
            ("pqc/slh-dsa-shake-128s.sec.gpg", Ends(1)),
            ("pqc/slh-dsa-shake-256s.pub.gpg", Ends(1)),
            ("pqc/slh-dsa-shake-256s.sec.gpg", Ends(1)),
            ("rfc9580/a3-v6.pub.asc", Ends(1)),
            ("rfc9580/a4-v6.sec.asc", Ends(1)),
            ("rfc9580/a5-v6.sec-protected.asc", Ends(1)),
            ("secret/v5-usage-253.sec.gpg", Ends(1)),
            ("secret/v5-usage-254.sec.gpg", Ends(1)),
            ("secret/v6-usage-254.sec.gpg", Ends(1)),
        ],
    },
    Disagreement {
        reason: "pgpdump reads a curve and a point where the secret part of an ECC key is, and so loses its place",
        files: &[
            ("certificates/subkeys.sec.gpg", Ends(1)),
            ("keyrings/secret.gpg", Ends(6)),
            ("keys/brainpoolp256r1.sec.asc", Ends(1)),
            ("keys/brainpoolp384r1.sec.asc", Ends(1)),
            ("keys/brainpoolp512r1.sec.asc", Ends(1)),
            ("keys/ed25519.sec.asc", Ends(1)),
            ("keys/ed25519.sec.gpg", Ends(1)),
            ("keys/nistp256.sec.asc", Ends(1)),
            ("keys/nistp256.sec.gpg", Ends(1)),
            ("keys/nistp384.sec.asc", Ends(1)),
            ("keys/nistp521.sec.asc", Ends(1)),
            ("keys/secp256k1.sec.asc", Ends(1)),
            ("peers/pgpainless.sec.asc", Ends(1)),
            ("peers/rnp.sec.asc", Ends(1)),
            ("peers/sq.attested.sec.gpg", Ends(1)),
            ("peers/sq.sec.asc", Ends(1)),
            ("secret/gnu-dummy-primary.sec.gpg", Ends(4)),
            ("secret/gnu-dummy-subkey.sec.gpg", Ends(1)),
            ("secret/unprotected.sec.gpg", Ends(1)),
        ],
    },
    Disagreement {
        reason: "pgpdump tells the length of a compressed packet if it is a partial one",
        files: &[("peers/rpgp.compressed-partial.gpg", Differs(0))],
    },
    Disagreement {
        reason: "pgpdump does not know the algorithm, and so loses its place",
        files: &[
            ("peers/rnp-sm2.sec.asc", Differs(1)),
            ("peers/rpgp-v4.sec-protected.gpg", Differs(1)),
            ("peers/rpgp-v4.sec.gpg", Differs(1)),
            ("pqc/v4-ml-kem-768.sec.gpg", Differs(1)),
        ],
    },
    Disagreement {
        reason: "pgpdump reads fields across chunk headers, and so loses its place",
        files: &[("malformed/partial-key.gpg", Differs(0))],
    },
    Disagreement {
        reason: "pgpdump goes on where it stopped to read a body, which is not where the packet ends",
        files: &[
            ("malformed/curve-length-past-end.gpg", Ends(1)),
            ("malformed/kdf-parameters-long.gpg", Differs(1)),
            ("malformed/kdf-parameters-missing.gpg", Differs(1)),
            ("malformed/kdf-parameters-short.gpg", Differs(1)),
            ("malformed/key-trailing-octet.gpg", Differs(1)),
            ("malformed/key-version-2.gpg", Ends(1)),
            ("malformed/mpi-missing.gpg", Ends(1)),
            ("malformed/mpi-too-long.gpg", Ends(1)),
            ("malformed/one-pass-long.gpg", GoesOn(1)),
            ("malformed/secret-checksum-missing.gpg", Differs(1)),
            ("malformed/secret-gnu-serial-past-end.gpg", Differs(1)),
            ("malformed/secret-gnu-truncated.gpg", Differs(1)),
            ("malformed/secret-iv-truncated.gpg", Differs(1)),
            ("malformed/secret-mpi-missing.gpg", Ends(1)),
            ("malformed/secret-s2k-truncated.gpg", Differs(1)),
            ("malformed/secret-trailing-octet.gpg", Differs(1)),
            ("malformed/secret-usage-missing.gpg", Differs(1)),
            ("malformed/signature-trailing-octet.gpg", GoesOn(1)),
            ("malformed/subpacket-length-past-area.gpg", GoesOn(1)),
            ("malformed/subpacket-length-truncated-2.gpg", GoesOn(1)),
            ("malformed/subpacket-length-truncated-5.gpg", GoesOn(1)),
            ("malformed/subpacket-length-zero.gpg", GoesOn(1)),
            ("malformed/subpacket-wrong-sizes.gpg", GoesOn(1)),
            ("peers/rpgp.signed-v4-v6.gpg", Differs(2)),
            ("peers/rpgp.signed-v6.gpg", Differs(1)),
            ("peers/sequoia.signed-v6.gpg", Differs(1)),
            ("rfc9580/a7-inline.asc", Differs(1)),
        ],
    },
];

#[test]
#[ignore = "needs gpg"]
fn testdata_is_framed_as_by_gpg() {
    compare(GPG, gpg_line, gpg_listing, GPG_DISAGREEMENTS);
}

#[test]
#[ignore = "needs sq"]
fn testdata_is_framed_as_by_sq() {
    compare(SQ, sq_line, sq_listing, SQ_DISAGREEMENTS);
}

#[test]
#[ignore = "needs rnp"]
fn testdata_is_framed_as_by_rnp() {
    compare(RNP, rnp_line, rnp_listing, RNP_DISAGREEMENTS);
}

#[test]
#[ignore = "needs pgpdump"]
fn testdata_is_framed_as_by_pgpdump() {
    compare(PGPDUMP, pgpdump_line, pgpdump_listing, PGPDUMP_DISAGREEMENTS);
}

/// Requires for every file of testdata/ that `program` lists the packets that we frame, in the form of `line`, or that
/// `disagreements` says where it does not. A row that is not true any more is a failure, too.
fn compare(
    program: Program,
    line: fn(&Frame) -> String,
    listing: fn(&str) -> Vec<Listed>,
    disagreements: &[Disagreement],
) {
    let mut known = BTreeMap::new();
    for Disagreement { reason, files } in disagreements {
        for (file, parting) in *files {
            let twice = known.insert(*file, (*parting, *reason));
            assert!(twice.is_none(), "{file} is in the table twice");
        }
    }
    let home = Home::new();
    let (mut report, mut versions) = (String::new(), 0);
    // No program lists what is in a keybox.
    for file in common::testdata().into_iter().filter(|file| !keybox::is_keybox(&file.octets)) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(&file.name);
        let name = file.name.strip_prefix("testdata/").expect("a file of testdata/");
        let frames = frames(&file.inputs());
        let ours: Vec<_> = frames.iter().map(line).collect();
        let mut theirs = listing(&home.run(program, &path));
        if program.lists_contents && frames.last().is_some_and(|frame| frame.packet_type == COMPRESSED_DATA) {
            theirs.truncate(ours.len());
        }
        for (frame, (_, version)) in frames.iter().zip(&theirs).filter(|(frame, listed)| line(frame) == listed.0) {
            if let (Some(ours), Some(theirs)) = (frame.version, version) {
                versions += 1;
                if ours != *theirs {
                    let _ = writeln!(report, "{name}: version {ours}, {theirs} for {}: {}", program.name, line(frame));
                }
            }
        }
        let theirs: Vec<_> = theirs.into_iter().map(|(line, _)| line).collect();
        let found = parting(&ours, &theirs);
        let expected = known.remove(name).map(|(parting, _)| parting);
        if found != expected {
            let _ = writeln!(report, "(\"{name}\", {found:?}), expected {expected:?}");
            let agreed = ours.iter().zip(&theirs).take_while(|(ours, theirs)| ours == theirs).count();
            for (name, lines) in [("bpg", &ours), (program.name, &theirs)] {
                for line in lines.iter().skip(agreed).take(3) {
                    let _ = writeln!(report, "    {name}: {line}");
                }
            }
        }
    }
    for (file, row) in known {
        let _ = writeln!(report, "{file}: no such file, but in the table: {row:?}");
    }
    assert!(report.is_empty(), "{}:\n{report}", program.name);
    assert!(versions > 500, "{} told {versions} versions", program.name);
}

/// A line for a packet, and the version that follows it, if the program tells one.
type Listed = (String, Option<u8>);

/// The number that `line` has behind `marker`.
fn version_behind(line: &str, marker: &str) -> Option<u8> {
    let (_, behind) = line.split_once(marker)?;
    behind.split(|digit: char| !digit.is_ascii_digit()).next()?.parse().ok()
}

/// Adds what `line` tells of the version of the last packet, unless that is known already.
fn add_version(packets: &mut [Listed], line: &str, marker: &str) {
    if let Some((_, version @ None)) = packets.last_mut() {
        *version = version_behind(line, marker);
    }
}

const COMPRESSED_DATA: u8 = 8;

fn parting(ours: &[String], theirs: &[String]) -> Option<Parting> {
    let agreed = ours.iter().zip(theirs).take_while(|(ours, theirs)| ours == theirs).count();
    match (ours.len() == agreed, theirs.len() == agreed) {
        (true, true) => None,
        (false, true) => Some(Ends(agreed)),
        (true, false) => Some(GoesOn(agreed)),
        (false, false) => Some(Differs(agreed)),
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// What we frame

/// What a listing says of a packet, and a bit more.
struct Frame {
    /// Where the packet starts, in the octets that the armor holds if there is armor.
    offset: u64,
    header: Vec<u8>,
    packet_type: u8,
    length: Length,
    /// The lengths of the pieces of the body.
    chunks: Vec<u64>,
    /// The version, if the type has one and it is known.
    version: Option<u8>,
}

impl Frame {
    fn new(packet: &RawPacket<'_>, base: u64) -> Self {
        Self {
            offset: base + packet.wire().start(),
            header: packet.header().as_slice().to_vec(),
            packet_type: packet.packet_type().0,
            length: packet.length(),
            chunks: packet.body().chunks().map(|chunk| chunk.span().len()).collect(),
            version: version(packet),
        }
    }

    fn format(&self) -> &'static str {
        if self.length.is_legacy() { "old" } else { "new" }
    }

    fn body_length(&self) -> u64 {
        self.chunks.iter().sum()
    }
}

fn version(packet: &RawPacket<'_>) -> Option<u8> {
    let body = packet.body().to_cow();
    match Packet::parse(packet.packet_type(), body.as_ref().into()) {
        Ok(Packet::Opaque(_)) | Err(_) => None,
        Ok(_) => body.first().copied().filter(|_| packet.packet_type().has_version()),
    }
}

/// The packets up to the first error of each input, as if the inputs stood one behind the other.
fn frames(inputs: &[Input]) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut base = 0;
    for input in inputs {
        let packets = framing::packets(&input.octets).map_while(Result::ok);
        frames.extend(packets.map(|packet| Frame::new(&packet, base)));
        base += u64::try_from(input.octets.len()).expect("64 bits");
    }
    frames
}

// ---------------------------------------------------------------------------------------------------------------------
// What the programs list

/// A program and how to make it list the packets of the file that follows its arguments.
#[derive(Clone, Copy)]
struct Program {
    name: &'static str,
    /// The Debian package.
    package: &'static str,
    args: &'static [&'static str],
    /// Whether it lists what is inside a compressed packet like what is behind it. In testdata/, nothing is behind one.
    lists_contents: bool,
}

/// gpg that reads no configuration and starts no agent, so that it cannot ask for a passphrase and decrypts nothing.
const GPG: Program = Program {
    name: "gpg",
    package: "gpg",
    args: &["--batch", "--no-tty", "--no-options", "--no-autostart", "--list-only", "--list-packets"],
    lists_contents: true,
};
const GPG_SHOW_KEYS: Program =
    Program { args: &["--batch", "--no-tty", "--no-options", "--no-autostart", "--with-colons", "--show-keys"], ..GPG };
const SQ: Program = Program { name: "sq", package: "sq", args: &["packet", "dump"], lists_contents: false };
/// Not as JSON: then rnp says nothing at all about a file in which it finds an error.
const RNP: Program = Program { name: "rnp", package: "rnp", args: &["--list-packets"], lists_contents: false };
const PGPDUMP: Program = Program { name: "pgpdump", package: "pgpdump", args: &[], lists_contents: true };

/// An empty home for the programs, removed at the end.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        // In /tmp, because gpg puts sockets there, whose paths must be short.
        Self(tempfile::Builder::new().prefix("bpg.").tempdir_in("/tmp").expect("a folder in /tmp"))
    }

    /// Standard output of `program` for the file at `path`, whatever its exit status: most of testdata/ makes no sense.
    fn run(&self, program: Program, path: &Path) -> String {
        let output = Command::new(program.name)
            .args(program.args)
            .arg(path)
            .env("HOME", self.0.path())
            .env("GNUPGHOME", self.0.path())
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .output();
        match output {
            Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
            Err(error) => {
                panic!("cannot run {}: {error}: install the Debian package {}", program.name, program.package)
            }
        }
    }
}

/// `off=0 ctb=99 tag=6 hlen=3 plen=814`
fn gpg_line(frame: &Frame) -> String {
    let (length, remark) = match frame.length {
        Length::Partial { .. } => (0, " partial"),
        Length::Indeterminate => (0, " indeterminate"),
        _ => (frame.body_length(), ""),
    };
    let tag = frame.header.first().copied().unwrap_or_default();
    let format = if frame.length.is_legacy() { "" } else { " new-ctb" };
    let Frame { offset, packet_type, header, .. } = frame;
    format!("off={offset} ctb={tag:02x} tag={packet_type} hlen={} plen={length}{remark}{format}", header.len())
}

/// The version is in the line behind that of the offset, or in the next.
fn gpg_listing(output: &str) -> Vec<Listed> {
    let (mut packets, mut behind): (Vec<Listed>, _) = (Vec::new(), 0);
    for line in output.lines() {
        behind += 1;
        if let Some(line) = line.strip_prefix("# ") {
            packets.push((line.to_owned(), None));
            behind = 0;
        } else if behind <= 2 {
            add_version(&mut packets, line, "version ");
        }
    }
    packets
}

/// `type 6, old CTB, 141 bytes`
fn sq_line(frame: &Frame) -> String {
    let length = match frame.length {
        Length::Partial { first } => format!("partial length, {first} bytes in first chunk"),
        Length::Indeterminate => "indeterminate length".to_owned(),
        _ => format!("{} bytes", frame.body_length()),
    };
    format!("type {}, {} CTB, {length}", frame.packet_type, frame.format())
}

/// The packets at the left margin; those inside others are drawn as a tree.
fn sq_listing(output: &str) -> Vec<Listed> {
    let mut lines = output.lines();
    let mut packets = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with("    Version: ") {
            add_version(&mut packets, line, "Version: ");
        }
        let Some((name, rest)) = line.split_once(", ") else { continue };
        if !(rest.starts_with("old CTB, ") || rest.starts_with("new CTB, ")) || line.starts_with(['│', '├', '└', ' '])
        {
            continue;
        }
        let name = match name {
            "Unknown or Unsupported Packet" => lines.next().and_then(|line| line.trim().strip_prefix("Tag: ")),
            name => Some(name),
        };
        let packet_type = name.map_or_else(String::new, sq_type);
        packets.push((format!("type {packet_type}, {rest}"), None));
    }
    packets
}

/// The number of a packet type that sq names.
fn sq_type(name: &str) -> String {
    if let Some((_, number)) = name.rsplit_once(" Packet ") {
        return number.to_owned();
    }
    let number = match name.strip_suffix(" Packet").unwrap_or(name) {
        "Reserved - a packet tag MUST NOT have this value" => 0,
        "Public-Key Encrypted Session Key" => 1,
        "Signature" => 2,
        "Symmetric-Key Encrypted Session Key" => 3,
        "One-Pass Signature" => 4,
        "Secret-Key" => 5,
        "Public-Key" => 6,
        "Secret-Subkey" => 7,
        "Compressed Data" => 8,
        "Symmetrically Encrypted Data" => 9,
        "Marker" => 10,
        "Literal Data" => 11,
        "Trust" => 12,
        "User ID" => 13,
        "Public-Subkey" => 14,
        "User Attribute" => 17,
        "Sym. Encrypted and Integrity Protected Data" => 18,
        "Modification Detection Code" => 19,
        "AEAD Encrypted Data" => 20,
        name => return format!("called {name}"),
    };
    number.to_string()
}

/// `off 0: packet header 0x99032e (tag 6, len 814)`
fn rnp_line(frame: &Frame) -> String {
    let length = match frame.length {
        Length::Partial { .. } => "partial len".to_owned(),
        Length::Indeterminate => "indeterminate len".to_owned(),
        _ => format!("len {}", frame.body_length()),
    };
    let header = Hex(&frame.header);
    format!("off {}: packet header 0x{header} (tag {}, {length})", frame.offset, frame.packet_type)
}

/// The packets at the left margin; those inside others are indented.
fn rnp_listing(output: &str) -> Vec<Listed> {
    let mut packets: Vec<Listed> = Vec::new();
    for line in output.lines() {
        match line.strip_prefix(':').filter(|line| line.starts_with("off ")) {
            Some(line) => packets.push((line.to_owned(), None)),
            None if line.starts_with("    version: ") => add_version(&mut packets, line, "version: "),
            None => {}
        }
    }
    packets
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// `Old: (tag 6)(814 bytes)`, with the lengths of all chunks if there are several.
fn pgpdump_line(frame: &Frame) -> String {
    let format = if frame.length.is_legacy() { "Old" } else { "New" };
    let length = match frame.length {
        _ if frame.packet_type == COMPRESSED_DATA => String::new(),
        Length::Indeterminate => "(until eof)".to_owned(),
        _ => frame.chunks.iter().fold(String::new(), |text, chunk| format!("{text}({chunk} bytes)")),
    };
    format!("{format}: (tag {}){length}", frame.packet_type)
}

fn pgpdump_listing(output: &str) -> Vec<Listed> {
    let mut packets: Vec<Listed> = Vec::new();
    for line in output.lines() {
        if !(line.starts_with("Old: ") || line.starts_with("New: ")) {
            if let Some(marker) = ["\tVer ", "version("].into_iter().find(|marker| line.contains(marker)) {
                add_version(&mut packets, line, marker);
            }
            continue;
        }
        let line = line.trim_end_matches(" partial start");
        let chunk = line.trim_end_matches(" partial continue").trim_end_matches(" partial end");
        match (chunk.strip_prefix("New: \t"), packets.last_mut(), line.split_once('(')) {
            (Some(chunk), Some((packet, _)), _) => packet.push_str(chunk),
            (_, _, Some((name, rest))) => {
                let format = name.get(..5).unwrap_or_default();
                packets.push((format!("{format}({rest}"), None));
            }
            _ => packets.push((line.to_owned(), None)),
        }
    }
    packets
}
