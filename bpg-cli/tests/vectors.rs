//! The exit status of `bpg debug parse` for other projects' files is what their manifest expects.
//!
//! The files are not part of the project; without them nothing is tested, unless `BPG_REQUIRE_VECTORS` is set.

use std::collections::BTreeMap;
use std::fmt::Write as _;

mod common;

/// Files that the manifest calls valid and we malformed, or the other way round, and why.
const DIFFERENCES: &[(&str, &[&str])] = &[
    (
        "malformed: a subpacket or a packet is longer or shorter than what is in it",
        &[
            "go-crypto-src/packet__signature_test.go__L64.asc",
            "go-crypto-src/read_test.go__L549.bin",
            "go-crypto-src/read_write_test_data.go__L107.bin",
            "go-crypto-src/read_write_test_data.go__L109.bin",
            "rpgp/sig_odd.asc",
            "rpgp/unit-tests/signed_public_key_subkey_write_len_expect.asc",
        ],
    ),
    (
        "malformed: the lines of a test program, among them signed texts that are meant to be refused",
        &[
            "go-crypto-src/clearsign__clearsign_test.go__L326.asc",
            "golang-crypto-src/clearsign__clearsign_test.go__L211.asc",
        ],
    ),
    (
        "malformed: version 5 of an abandoned draft, whose fields were others than LibrePGP's",
        &["gpgpdump/testdata/v5/v5-pubkey-20221130.txt", "gpgpdump/testdata/v5/v5-seckey-20221130.txt"],
    ),
    (
        "well-formed: the armored message that stands indented in the section",
        &[
            "rfc9580/A.12.1_v4-skesk-argon2-aes128.section.txt",
            "rfc9580/A.12.2_v4-skesk-argon2-aes192.section.txt",
            "rfc9580/A.12.3_v4-skesk-argon2-aes256.section.txt",
        ],
    ),
    (
        "well-formed as far as it is looked into: what is compressed is not opened yet",
        &["rpgp/fuzz/minimized-from-e2a02fea22523e47a4d74b66bda8f455533bcfbb"],
    ),
    ("well-formed: an unknown packet type is a value, and no error", &["rpgp/perturbed.pub.asc"]),
    (
        "well-formed: the key that is encoded as quoted-printable",
        &["tng-validation/test/mails/signed_request_enigmail.eml", "tng-validation/test/signatures/signed.txt"],
    ),
];

#[test]
fn exit_status_is_what_the_manifest_expects() {
    let Some(folder) = common::vectors() else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.csv")).unwrap();
    let mut known: BTreeMap<_, _> =
        DIFFERENCES.iter().flat_map(|(reason, files)| files.iter().map(move |file| (*file, *reason))).collect();
    let (mut report, mut compared) = (String::new(), 0);
    for line in manifest.lines().skip(1) {
        let path = line.split(',').next().unwrap();
        let expected = match () {
            () if line.contains(",valid,") => 0,
            () if line.contains(",malformed/partial,") => 1,
            // Not an OpenPGP file, or one of which the manifest does not say.
            () => continue,
        };
        let output = common::bpg(&["debug", "parse"]).arg(folder.join(path)).output().unwrap();
        let stderr = common::stderr(&output);
        compared += 1;
        let agrees = match (expected, output.status.code()) {
            (1, Some(1)) => stderr.contains(": at octet "),
            // What the manifest calls malformed may as well be something else than OpenPGP data.
            (1, Some(2)) => stderr.contains(": no OpenPGP data: "),
            (expected, status) => Some(expected) == status,
        };
        if agrees == known.remove(path).is_some() {
            let _ = writeln!(report, "{path}: expected {expected}, {}\n    {}", output.status, stderr.trim_end());
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(known.is_empty() && compared >= 1040, "{compared} files, {known:?}");
}
