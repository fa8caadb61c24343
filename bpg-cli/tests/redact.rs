//! `bpg debug parse --redact`, over all files: nothing is left that tells whose they are, and what is the same is called
//! the same.

use std::collections::BTreeMap;

use serde_json::Value;

mod common;

use common::{parse, records};

/// Text that is shorter may be in a word that is the same for everybody.
const SHORTEST_TEXT: usize = 4;
/// Fewer digits may be those of a number.
const SHORTEST_HEX: usize = 10;

/// The text of fields that is the same for everybody, and shown.
const COMMON: [&str; 21] = [
    "KBXf",
    "Hash: SHA1",
    "Hash: SHA256",
    "Hash: SHA384",
    "Hash: SHA512",
    "Ed25519",
    "Ed448",
    "X448",
    "Curve25519",
    "NIST P-256",
    "NIST P-384",
    "NIST P-521",
    "brainpoolP256r1",
    "brainpoolP384r1",
    "brainpoolP512r1",
    "private-key",
    "protected-private-key",
    "shadowed-private-key",
    "openpgp-native",
    "openpgp-s2k3-ocb-aes",
    "openpgp-s2k3-sha1-aes-cbc",
];

/// Whether the text of a field is a time as gpg-agent writes it, with its name or without. Times are shown.
fn is_time(text: &str) -> bool {
    let octets = text.strip_prefix("Created: ").unwrap_or(text).as_bytes();
    octets.len() == 15
        && octets.iter().enumerate().all(|(at, octet)| if at == 8 { *octet == b'T' } else { octet.is_ascii_digit() })
}

/// What identifies somebody in a field or in a record, as text or in hexadecimal.
fn identifying(value: &Value, found: &mut Vec<String>) {
    let hex = |octets: &Value| octets.as_str().map(str::to_owned).filter(|hex| hex.len() >= SHORTEST_HEX);
    let text = |text: &Value| text.as_str().map(str::to_owned).filter(|text| text.chars().count() >= SHORTEST_TEXT);
    match value["type"].as_str() {
        Some("text") => found.extend(text(&value["value"]).filter(|text| !COMMON.contains(&&**text) && !is_time(text))),
        Some("hex" | "key-id" | "fingerprint") => found.extend(hex(&value["value"])),
        Some("mpi" | "data") => found.extend(hex(&value["value"]["hex"])),
        Some("checksum") => found.extend(hex(&value["value"]["stored"])),
        _ => found.extend(hex(&value["hex"])),
    }
    value["fields"].as_array().into_iter().flatten().for_each(|field| identifying(field, found));
}

#[test]
fn nothing_that_identifies_somebody_is_printed() {
    common::check_all(common::MODERATE_SIZE, [6_400, 20_000], |_, input| {
        let mut found = Vec::new();
        records(&[], input).iter().for_each(|record| identifying(record, &mut found));
        // A key ID of zeros is nobody's.
        found.retain(|hex| hex.bytes().any(|digit| digit != b'0'));
        for options in [&["--redact", "--verbose"][..], &["--redact", "--json"], &["--redact", "--recover"]] {
            let printed = parse(options, input);
            // Nor a part of it: nothing has more digits than the longest object identifier of a curve.
            let runs = printed.output.split(|character: char| !character.is_ascii_hexdigit());
            assert!(runs.map(str::len).max() <= Some(20), "octets are printed with {options:?}:\n{}", printed.output);
            for secret in &found {
                assert!(!printed.output.contains(secret), "{secret} is printed with {options:?}:\n{}", printed.output);
                assert!(!printed.errors.contains(secret), "{secret} is told with {options:?}:\n{}", printed.errors);
            }
        }
        found.len()
    });
}

/// What names a key is called as the key is, and what names another one is not.
#[derive(Default)]
struct Names {
    /// The stand-ins of keys by their key IDs, and of user IDs.
    called: BTreeMap<String, String>,
    meanings: BTreeMap<String, String>,
}

impl Names {
    fn name(&mut self, meaning: String, stand_in: &Value) {
        let stand_in = stand_in.as_str().expect("a stand-in is text").to_owned();
        let known = self.called.entry(meaning.clone()).or_insert_with(|| stand_in.clone());
        assert_eq!(*known, stand_in, "{meaning} has two stand-ins");
        let known = self.meanings.entry(stand_in.clone()).or_insert_with(|| meaning.clone());
        assert_eq!(*known, meaning, "{stand_in} stands for two things");
    }

    /// Compares fields with the same ones redacted.
    fn fields(&mut self, plain: &Value, redacted: &Value) {
        let [plain, redacted] = [plain, redacted].map(|of| of["fields"].as_array().map_or(&[][..], |fields| fields));
        assert_eq!(plain.len(), redacted.len());
        for (plain, redacted) in plain.iter().zip(redacted) {
            assert_eq!((&plain["name"], &plain["span"]), (&redacted["name"], &redacted["span"]));
            if redacted["type"] == "redacted" {
                self.field(&plain["value"], &redacted["value"]);
            } else if !["word", "data"].iter().any(|kind| redacted["type"] == *kind) && plain["type"] != "group" {
                assert_eq!(plain, redacted, "this is no stand-in");
            }
            self.fields(plain, redacted);
        }
    }

    fn field(&mut self, plain: &Value, redacted: &Value) {
        let stand_in = redacted.as_str().unwrap();
        if stand_in.starts_with("user ID ") {
            self.name(plain.as_str().unwrap().to_owned(), redacted);
        } else if stand_in.starts_with("key ") {
            let hex = plain.as_str().unwrap();
            let key_id = match hex.len() {
                16 => hex,
                40 => &hex[24..],
                64 => &hex[..16],
                // The key ID of a key of version 3 is no part of its fingerprint.
                length => return assert_eq!(length, 32, "{hex}"),
            };
            self.name(key_id.to_owned(), redacted);
        } else {
            assert!(stand_in.starts_with("[hidden: "), "{redacted}");
        }
    }
}

#[test]
fn the_same_is_called_the_same() {
    common::check_all(common::MODERATE_SIZE, [1_200, 3_200], |_, input| {
        let (plain, redacted) = (records(&[], input), records(&["--redact"], input));
        assert_eq!(plain.len(), redacted.len());
        let mut names = Names::default();
        for (plain, redacted) in plain.iter().zip(&redacted) {
            for name in ["record", "path", "packet_type", "length", "status", "span", "error", "octets", "message"] {
                assert_eq!(plain[name], redacted[name]);
            }
            names.fields(plain, redacted);
        }
        names.called.len()
    });
}

/// As the help says, also where GnuPG's own formats have flags that are not named, and times as text.
#[test]
fn flags_and_times_stay() {
    let files: [(&str, &[&str]); 5] = [
        ("one.kbx", &["flags: ", "creation time: ", "last maintenance: ", "blob creation time: "]),
        ("private.key", &["line: Created: "]),
        ("protected.key", &["line: Created: ", "protected at: "]),
        ("protected-canonical.key", &["protected at: "]),
        ("shadowed.key", &["line: Created: "]),
    ];
    for (name, starts) in files {
        let input = common::testdata_file(&format!("gnupg/{name}"));
        let [plain, redacted] =
            [&["--verbose"][..], &["--verbose", "--redact"]].map(|options| parse(options, &input[..]).output);
        for start in starts {
            let lines = |of: &str| -> Vec<String> {
                of.lines().map(str::trim_start).filter(|line| line.starts_with(start)).map(Into::into).collect()
            };
            assert!(!lines(&plain).is_empty(), "{name}: {start}");
            assert_eq!(lines(&redacted), lines(&plain), "{name}: {start}");
        }
    }
}

/// What stands in the place of a time need not be one.
#[test]
fn other_text_of_an_agent_key_is_hidden() {
    let key =
        "(private-key (ecc (curve Ed25519)(flags eddsa)(q #40#)(d #00#))(created-at alice)(comment 20240101T000000))";
    for line in
        ["Created: alice", "Created: 20240101T00000a", "Label: 20240101T000000", "Created: 20240101T000000\n alice"]
    {
        let input = format!("{line}\nKey: {key}\n");
        let printed = parse(&["--verbose", "--redact"], input.as_bytes()).output;
        assert!(printed.contains("        line: [hidden: "), "{printed}");
        assert!(printed.contains("        created at: [hidden: 5 octets]"), "{printed}");
        assert!(printed.contains("        comment: [hidden: 15 octets]"), "{printed}");
    }
}

/// Key ID and fingerprint of a key of version 3 have nothing in common but the packet that they are told of.
#[test]
fn an_old_key_is_one_key() {
    // Version 3, a creation time, no end, RSA, an integer of 64 bits, and 3.
    let key = b"\x03\x12\x34\x56\x78\0\0\x01\0\x40\x80\x11\x22\x33\x44\x55\x66\x77\0\x02\x03";
    let packet = [&[0xc6, key.len() as u8][..], key].concat();
    let printed = parse(&["--redact"], &packet[..]).output;
    assert!(printed.ends_with("        keyid: key 1\n        fingerprint: key 1\n"), "{printed}");
}

/// However many keys and user IDs there are, few are remembered.
#[test]
fn too_many_to_be_told_apart() {
    let user_ids: Vec<u8> =
        (0_u32..10_002).flat_map(|number| [&[0xcd, 4], &number.to_be_bytes()[..]].concat()).collect();
    let input = [&user_ids[..], &user_ids[..6]].concat();
    let printed = parse(&["--redact"], &input[..]).output;
    let told: Vec<&str> = printed.lines().filter_map(|line| line.trim_start().strip_prefix("content: ")).collect();
    assert_eq!(told.len(), 10_003);
    assert_eq!((told[0], told[9_999]), ("user ID 1", "user ID 10000"));
    assert_eq!(told[10_000..], ["user ID ?", "user ID ?", "user ID 1"]);
}

/// A label that not everybody uses may be anything, and so may the text of headers.
#[test]
fn armor_of_somebody() {
    let text = "-----BEGIN PGP ALICE-----\nComment: alice\n\nzQVhbGljZQ==\n-----END PGP ALICE-----\n";
    let printed = parse(&["--redact", "--verbose"], text.as_bytes());
    let hidden = ["## armor : [hidden: 5 octets]", "armor header: [hidden: 14 octets]", "content: user ID 1"];
    assert!(hidden.iter().all(|line| printed.output.contains(line)), "{}", printed.output);
    let told = [printed.output, printed.errors].concat().to_lowercase();
    assert!(!told.contains("alice"), "{told}");
}
