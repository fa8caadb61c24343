//! `bpg key`: what is made can be read, nothing is lost or overwritten, and secrets stay secret.

use std::collections::HashSet;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use bpg_core::armor;
use bpg_core::framing;
use bpg_core::packet::Packet;
use tempfile::TempDir;

mod common;

use common::{feed, stderr, stdout};

const ALICE: &str = "Alice Example <alice@example.com>";

/// One of each kind: the fields are arguments, packet types of the key.
const KINDS: [(&str, &[u8]); 9] = [
    ("ed25519 --user-id alice@example.com", &[5, 13, 2, 7, 2]),
    ("rsa 2048 --user-id alice@example.com", &[5, 13, 2, 7, 2]),
    ("rsa 1024 --allow-weak --user-id alice@example.com", &[5, 13, 2, 7, 2]),
    ("p256 --user-id alice@example.com --user-id bob@example.com", &[5, 13, 2, 13, 2, 7, 2]),
    ("p384 --signing-subkey --user-id alice@example.com", &[5, 13, 2, 7, 2, 7, 2]),
    ("p521 --signing-subkey --authentication-subkey --user-id alice@example.com", &[5, 13, 2, 7, 2, 7, 2, 7, 2]),
    ("ed25519 --v6 --no-user-id", &[5, 2, 7, 2]),
    ("ed25519 --v6 --user-id alice@example.com", &[5, 2, 13, 2, 7, 2]),
    ("rsa 2048 --v6 --no-user-id", &[5, 2, 7, 2]),
];

/// The command of the mission, to the letter.
#[test]
fn mission() {
    let output = bpg(&["key", "gen", "rsa", "2048"]);
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    assert!(text.starts_with("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nx"), "{text}");
    assert!(text.ends_with("\n-----END PGP PRIVATE KEY BLOCK-----\n"), "{text}");
    let shown = stdout(&bpg_with(&["debug", "parse"], text.as_bytes()));
    // Numbers may happen to be an octet or two shorter than they mostly are.
    let is_right = (916..=920).any(|length| {
        shown.starts_with(&format!("## 05 : New format Secret-Key packet ({length} bytes)\n        version: 4\n"))
    });
    assert!(is_right, "{shown}");
    assert!(shown.contains("algorithm: RSA (encrypt or sign)\n"), "{shown}");
}

/// Law 6: what is made parses without a complaint, and encodes to itself.
#[test]
fn every_kind_of_key_parses() {
    for (kind, types) in KINDS {
        for protection in ["--no-passphrase", "--passphrase-fd=0"] {
            let args = format!("key gen --quiet {protection} {kind}");
            let args: Vec<_> = args.split(' ').collect();
            let output = bpg_with(&args, b"open sesame\n");
            assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()), "{kind}");
            let text = output.stdout;
            let parsed = bpg_with(&["debug", "parse", "--verbose"], &text);
            assert_eq!((parsed.status.code(), stderr(&parsed)), (Some(0), String::new()), "{kind}");
            assert!(!stdout(&parsed).contains("wrong"), "{kind}: a checksum");

            let block = armor::blocks(&text).next().unwrap();
            let decoded = block.decode().unwrap();
            // "The CRC24 footer MUST NOT be generated" for version 6 (RFC 9580 section 6.1).
            assert_eq!(decoded.checksum.is_none(), kind.contains("--v6"), "{kind}");
            let packets: Vec<_> = framing::packets(&decoded.octets).map(Result::unwrap).collect();
            assert_eq!(packets.iter().map(|packet| packet.packet_type().0).collect::<Vec<_>>(), types, "{kind}");
            let wire: Vec<u8> = packets.iter().flat_map(|packet| packet.wire().as_slice()).copied().collect();
            assert_eq!(wire, *decoded.octets, "{kind}");
            for packet in &packets {
                if let Packet::SecretKey(key) | Packet::SecretSubkey(key) = packet.interpret().unwrap() {
                    assert_eq!(key.secret().is_encrypted(), protection != "--no-passphrase", "{kind}");
                }
            }
        }
    }
}

#[test]
fn the_public_half_is_the_public_key_that_was_made() {
    let folder = Folder::new();
    for (index, (kind, types)) in KINDS.iter().enumerate() {
        let (secret, public) = (format!("{index}.sec"), format!("{index}.pub"));
        folder.run(&format!("key gen --output {secret} --public-out {public} {kind}"), b"");
        assert_eq!(folder.run(&format!("key public {secret}"), b""), folder.read(&public), "{kind}");
        let packets = folder.run(&format!("key public --binary {secret}"), b"");
        assert_eq!(*armor::blocks(&folder.read(&public)).next().unwrap().decode().unwrap().octets, packets);
        // It has no secret to be taken away, so it stays as it is.
        assert_eq!(folder.run(&format!("key public {public}"), b""), folder.read(&public));
        let packets: Vec<_> = framing::packets(&packets).map(Result::unwrap).collect();
        assert!(packets.iter().all(|packet| !packet.packet_type().is_secret()), "{kind}");
        assert_eq!(packets.len(), types.len(), "{kind}");
    }
}

#[test]
fn files_with_secrets_are_their_owners() {
    let folder = Folder::new();
    folder.run("key gen --output a --public-out b --revocation-out c --user-id alice@example.com", b"");
    let mode = |name: &str| fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o777;
    // The umask of whoever runs this decides what others may do with the public key.
    assert_eq!((mode("a"), mode("b") & 0o600, mode("c")), (0o600, 0o600, 0o600));
    folder.run("key protect a --no-passphrase --output d", b"");
    assert_eq!(mode("d"), 0o600);
    fs::set_permissions(folder.path("d"), fs::Permissions::from_mode(0o644)).unwrap();
    folder.run("key protect d --no-passphrase --in-place", b"");
    assert_eq!(mode("d"), 0o600);
    assert_eq!(folder.names(), ["a", "b", "c", "d"]);
}

#[test]
fn nothing_is_overwritten_and_nothing_is_left_behind() {
    let folder = Folder::new();
    fs::write(folder.path("there"), "mine").unwrap();
    for options in [
        "--output there",
        "--output new --public-out there",
        "--output new --revocation-out there",
        "--output new --public-out also-new --revocation-out there",
        "--public-out also-new --revocation-out there",
        "--output new --revocation-out no-such-folder/there",
        "--output new --passphrase-fd 123",
        "--output new --passphrase-file there --expires 2000-01-01",
    ] {
        let output = folder.command(&format!("key gen --user-id alice@example.com {options}"), b"");
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{options}");
        assert_eq!(stderr(&output).lines().filter(|line| !line.contains("as no algorithm")).count(), 1, "{options}");
        assert_eq!(folder.names(), ["there"], "{options}");
        assert_eq!(folder.read("there"), b"mine", "{options}");
    }
    folder.run("key gen --user-id alice@example.com --output there --force", b"");
    assert!(folder.read("there").starts_with(b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n"));
    assert_eq!(folder.names(), ["there"]);

    // Not even through a link.
    std::os::unix::fs::symlink("there", folder.path("link")).unwrap();
    let before = folder.read("there");
    for options in ["", "--force"] {
        let output = folder.command(&format!("key gen --output link {options}"), b"");
        assert_eq!(output.status.code(), Some(2));
    }
    assert_eq!(folder.read("there"), before);
}

#[test]
fn an_unwritable_standard_output_is_an_error_and_leaves_no_file() {
    let folder = Folder::new();
    for (redirection, message) in [
        (">/dev/full", "bpg: standard output: No space left on device (os error 28)\n"),
        // Whoever reads is gone before there is something to read.
        ("| :", "bpg: standard output: Broken pipe (os error 32)\n"),
    ] {
        let command = "\"$0\" key gen --quiet --user-id alice@example.com --public-out public";
        let script = format!("{{ sleep 0.1; {command}; echo $? >status; }} {redirection}");
        let output = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_bpg")])
            .current_dir(&folder.0)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(stderr(&output), message);
        assert_eq!(folder.read("status"), b"2\n", "{redirection}");
        assert_eq!(folder.names(), ["status"], "{redirection}");
    }
}

/// A key may be thrown away, as by a program that measures how long it takes to make one. That it is lost is told.
#[test]
fn a_key_for_nobody_is_told() {
    let folder = Folder::new();
    let told = "bpg: standard output is closed or the null device: what is written there is lost\n";
    for redirection in [">&-", "1<>/dev/null"] {
        for (options, is_told) in
            [("", true), ("--quiet", false), ("--output key", false), ("--output key --json", true)]
        {
            let script = format!("exec \"$0\" key gen --force --user-id alice@example.com {options} {redirection}");
            let mut command = Command::new("sh");
            command.args(["-c", &script, env!("CARGO_BIN_EXE_bpg")]).current_dir(&folder.0).stdin(Stdio::null());
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{options} {redirection}");
            assert_eq!(stderr(&output).starts_with(told), is_told, "{options} {redirection}: {}", stderr(&output));
        }
    }
    // What was asked for by the usual way needs no word.
    let mut command = common::bpg(&["key", "gen", "--user-id", "alice@example.com"]);
    let output = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let output = output.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(!stderr(&output).contains("lost"), "{}", stderr(&output));
}

/// What nobody asked for is said, on standard error.
#[test]
fn choices_are_told() {
    let output = bpg(&["key", "gen"]);
    let lines: Vec<_> = stderr(&output).lines().map(mask).collect();
    let [algorithm, user_id, protection, fingerprint, expires] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!(algorithm, "bpg: Ed25519, with X25519 for encryption, as no algorithm was given");
    assert!(user_id.starts_with("bpg: user ID ") && user_id.ends_with(", as none was given"), "{user_id}");
    assert!(user_id.contains('@'), "{user_id}");
    assert_eq!(protection, "bpg: the key is not protected: no passphrase was given, and standard input is no terminal");
    assert_eq!(fingerprint, "bpg: fingerprint FINGERPRINT");
    assert!(expires.starts_with("bpg: expires 2"), "{expires}");

    let output = bpg(&["key", "gen", "rsa", "--user-id", "Alice", "--no-passphrase", "--expires", "never"]);
    let lines: Vec<_> = stderr(&output).lines().map(mask).collect();
    assert_eq!(
        lines,
        [
            "bpg: RSA with 3072 bits, as no size was given",
            "bpg: the user ID Alice has no mail address, so mail programs will not find the key",
            "bpg: the key is not protected by a passphrase, as asked for",
            "bpg: fingerprint FINGERPRINT",
            "bpg: never expires",
        ]
    );
    // No progress is shown, as standard error is no terminal.
    assert!(stdout(&bpg_with(&["key", "show", "-"], &output.stdout)).contains("RSA (encrypt or sign), 3072 bits\n"));

    let output = bpg(&["key", "gen", "rsa", "--quiet"]);
    assert_eq!(stderr(&output), "");
}

#[test]
fn show_tells_what_was_asked_for() {
    let folder = Folder::new();
    folder.write("passphrase", b"open sesame\n");
    folder.run(
        "key gen p256 --created 2024-02-29T12:00:00Z --expires 4y --signing-subkey --user-id alice@example.com \
         --user-id bob@example.com --passphrase-file passphrase --output key --revocation-out revocation",
        b"",
    );
    let text = "\
Secret key
        fingerprint: FINGERPRINT
        key ID: KEYID
        version: 4
        algorithm: ECDSA over NIST P-256
        created: 2024-02-29T12:00:00Z
        expires: 2028-02-29T12:00:00Z
        capabilities: certify, sign
        protection: passphrase: AES-256 in CFB mode, by salted SHA2-256 over 65011712 octets
        user ID: alice@example.com (primary)
        user ID: bob@example.com

Secret subkey
        fingerprint: FINGERPRINT
        key ID: KEYID
        version: 4
        algorithm: ECDH over NIST P-256
        created: 2024-02-29T12:00:00Z
        expires: with the primary key
        capabilities: encrypt communications, encrypt storage
        protection: passphrase: AES-256 in CFB mode, by salted SHA2-256 over 65011712 octets

Secret subkey
        fingerprint: FINGERPRINT
        key ID: KEYID
        version: 4
        algorithm: ECDSA over NIST P-256
        created: 2024-02-29T12:00:00Z
        expires: with the primary key
        capabilities: sign
        protection: passphrase: AES-256 in CFB mode, by salted SHA2-256 over 65011712 octets
";
    assert_eq!(mask(&String::from_utf8(folder.run("key show key", b"")).unwrap()), text);

    // The public key with the revocation, as a program that imports both has them.
    let public = folder.run("key public --binary key", b"");
    let revocation = armor::blocks(&folder.read("revocation")).next().unwrap().decode().unwrap().octets.clone();
    let first = framing::packets(&public).next().unwrap().unwrap().wire().len();
    let revoked = [&public[..first], &revocation, &public[first..]].concat();
    let shown = String::from_utf8(folder.run("key show -", &revoked)).unwrap();
    assert!(
        shown.contains(
            "        revoked: 2024-02-29T12:00:00Z: No reason specified: Made together with the key\n        user ID"
        ),
        "{shown}"
    );
}

/// A revocation certificate counts wherever it stands in the file.
#[test]
fn a_revocation_beside_the_key_revokes_it() {
    let folder = Folder::new();
    folder.run(
        "key gen --user-id alice@example.com --signing-subkey --no-passphrase --output key --public-out public \
         --revocation-out revocation",
        b"",
    );
    folder.run("key gen --v6 --no-user-id --no-passphrase --output other --public-out other-public", b"");
    let [key, public, other, other_public, revocation] =
        ["key", "public", "other", "other-public", "revocation"].map(|name| folder.read(name));
    let packets = |text: &[u8]| folder.run("debug dearmor -", text);
    let revoked = "        revoked: 20";
    for (file, keys, revocations) in [
        ([&key[..], &revocation].concat(), 1, 1),
        ([&public[..], &revocation].concat(), 1, 1),
        ([&revocation[..], &public].concat(), 1, 1),
        ([packets(&public), packets(&revocation)].concat(), 1, 1),
        ([packets(&revocation), packets(&public)].concat(), 1, 1),
        ([&public[..], &packets(&revocation)].concat(), 1, 1),
        ([&public[..], &other_public, &revocation].concat(), 2, 1),
        ([&key[..], &public, &revocation].concat(), 2, 2),
        ([packets(&public), packets(&revocation), packets(&other_public)].concat(), 2, 1),
        ([packets(&public), packets(&other_public), packets(&revocation)].concat(), 2, 1),
    ] {
        let output = folder.command("key show -", &file);
        let shown = stdout(&output);
        assert_eq!((output.status.code(), stderr(&output).contains("revocation")), (Some(0), false));
        let headings = shown.lines().filter(|line| ["Secret key", "Public key"].contains(line));
        assert_eq!((headings.count(), shown.matches(revoked).count()), (keys, revocations), "{shown}");
        let first = shown.split("\n\n").next().unwrap();
        assert!(first.contains(revoked) && first.contains("alice"), "{shown}");
        let json = folder.run("key show --json -", &file);
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["keys"][0]["revoked"]["reason"], "No reason specified");
    }

    // What revokes another key is told, and does no harm.
    let output = folder.command("key show -", &[&other[..], &revocation].concat());
    assert_eq!((output.status.code(), stdout(&output).contains(revoked)), (Some(0), false));
    let line = other.iter().filter(|octet| **octet == b'\n').count() + 1;
    let place = format!("at octet 0 of the armored data (line {}, column 1)", line + 4);
    assert_eq!(
        stderr(&output),
        format!("bpg: standard input: {place}: a revocation that counts for none of the keys here\n")
    );

    // That is the same where it is behind the packets of that key.
    let key = packets(&other);
    let output = folder.command("key show -", &[&key[..], &packets(&revocation)].concat());
    assert_eq!((output.status.code(), stdout(&output).contains(revoked)), (Some(0), false));
    let message = "a revocation that counts for none of the keys here";
    assert_eq!(stderr(&output), format!("bpg: standard input: at octet {}: {message}\n", key.len()));

    // By itself it is no key, and no other command takes it for one.
    let message = "bpg: standard input: no OpenPGP key\n";
    for command in ["key show -", "key public -", "key protect --no-passphrase -"] {
        let output = folder.command(command, &revocation);
        assert_eq!((output.status.code(), stdout(&output), stderr(&output)), (Some(2), String::new(), message.into()));
    }
    let place = format!("at octet {} (line {line}, column 1)", other.len());
    let message = format!("bpg: standard input: {place}: no key, but a Signature packet, starts here\n");
    for command in ["key public -", "key protect --no-passphrase -"] {
        let output = folder.command(command, &[&other[..], &revocation].concat());
        assert_eq!((output.status.code(), stdout(&output), stderr(&output)), (Some(2), String::new(), message.clone()));
    }
}

/// A block of armor that holds nothing is no key, and none is written for it.
#[test]
fn an_empty_block_beside_a_key_is_refused() {
    let folder = Folder::new();
    let key = folder.run("key gen --no-passphrase", b"");
    let empty = b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n-----END PGP PRIVATE KEY BLOCK-----\n";
    let lines = key.iter().filter(|octet| **octet == b'\n').count();
    for (file, place) in [
        ([&key[..], empty].concat(), format!("at octet {} (line {}, column 1)", key.len(), lines + 1)),
        ([&empty[..], &key].concat(), "at octet 0 (line 1, column 1)".into()),
    ] {
        let message = format!("bpg: standard input: {place}: no key, but a block with nothing in it, starts here\n");
        for command in ["key public -", "key protect --no-passphrase -"] {
            let output = folder.command(command, &file);
            assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{command}");
            assert_eq!(stderr(&output), message, "{command}");
        }
        assert_eq!(folder.command("key show -", &file).status.code(), Some(0));
    }
    for command in ["key public -", "key protect --no-passphrase -", "key show -"] {
        let output = folder.command(command, empty);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{command}");
        assert_eq!(stderr(&output), "bpg: standard input: no OpenPGP key\n", "{command}");
    }
}

/// What a designated revoker issues revokes another key, and not that of the revoker.
#[test]
fn a_designated_revoker_is_not_revoked() {
    let revoker = common::testdata_file("certificates/bob.pub.gpg");
    let revoked = common::testdata_file("certificates/revoked-by-designated-revoker.pub.gpg");
    let wire = framing::packets(&revoked).nth(1).unwrap().unwrap().wire();
    let armored = |packets: &[u8]| armor::encode("PUBLIC KEY BLOCK", &[], packets, armor::Footer::None);
    let revocation = armored(wire.as_slice());
    let both = [armored(&revoker).as_bytes(), armored(&revoked).as_bytes()].concat();
    let message = ": a revocation by a designated revoker, which is not looked into: a key here may be revoked\n";
    for (parts, remarks) in [
        (vec![&revoker[..]], 0),
        (vec![&revoked[..]], 1),
        (vec![&revoker[..], &revoked], 1),
        (vec![&both[..]], 1),
        (vec![&both[..], revocation.as_bytes()], 2),
        (vec![revocation.as_bytes(), &both[..]], 2),
        (vec![armored(&revoked).as_bytes(), revocation.as_bytes()], 2),
    ] {
        let output = bpg_with(&["key", "show", "-"], &parts.concat());
        assert_eq!((output.status.code(), stderr(&output).matches(message).count()), (Some(0), remarks));
        assert!(stdout(&output).contains("user ID: ") && !stdout(&output).contains("revoked: "), "{}", stdout(&output));
    }
}

/// The certificates that GnuPG makes.
#[test]
fn a_revocation_by_gpg_revokes_the_key() {
    let folder = Folder::new();
    for name in ["0-no-reason", "1-superseded", "2-compromised", "3-retired"] {
        let revoked = common::testdata_file(&format!("certificates/revoked-{name}.pub.gpg"));
        let is_revocation = |packet: &framing::RawPacket<'_>| {
            let packet = packet.interpret().unwrap();
            matches!(packet, Packet::Signature(signature) if signature.signature_type().0 == 0x20)
        };
        let packets = framing::packets(&revoked).map(Result::unwrap);
        let valid: Vec<u8> = packets
            .filter(|packet| !is_revocation(packet))
            .flat_map(|packet| packet.wire().as_slice())
            .copied()
            .collect();
        assert!(valid.len() < revoked.len());
        let revocation = common::testdata_file(&format!("certificates/revocation-{name}.asc"));
        let armored = folder.run("debug armor -", &valid);
        let shown = folder.run("key show -", &[&armored[..], &revocation].concat());
        assert_eq!(String::from_utf8(shown), String::from_utf8(folder.run("key show -", &revoked)), "{name}");
    }
}

/// A packet that is cut short is malformed, also where it is the first one.
#[test]
fn a_key_that_is_cut_short_is_malformed() {
    let key = common::testdata_file("keys/ed25519.pub.gpg");
    for command in [&["key", "show", "-"][..], &["key", "public", "-"], &["key", "protect", "--no-passphrase", "-"]] {
        let output = bpg_with(command, &key[..20]);
        assert_eq!((output.status.code(), stdout(&output)), (Some(1), String::new()), "{command:?}");
        let message = "bpg: standard input: at octet 2: Public-Key: body: need 51 octets, have 18\n";
        assert_eq!(stderr(&output), message, "{command:?}");
    }
    // Behind something else the place is that in the file.
    let armored = common::testdata_file("keys/ed25519.pub.asc");
    let output = bpg_with(&["key", "show", "-"], &[&armored[..], &key[..60]].concat());
    assert_eq!((output.status.code(), stdout(&output).matches("Public key\n").count()), (Some(1), 2));
    let place = format!("at octet {}", armored.len() + 55);
    assert_eq!(stderr(&output), format!("bpg: standard input: {place}: User ID: body: need 45 octets, have 5\n"));
}

/// What does not need the passphrase is told of a secret.
#[test]
fn a_wrong_checksum_is_told() {
    let protection = |name: &str| {
        let path = common::testdata().join(name);
        let shown = bpg(&["key", "show", "--json", path.to_str().unwrap()]);
        assert_eq!((shown.status.code(), stderr(&shown)), (Some(0), String::new()));
        let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
        shown["keys"][0]["protection"].clone()
    };
    let clear = "none: the secret is in the clear";
    for name in ["mission/rsa2048.bpg", "malformed/secret-wrong-checksum.gpg"] {
        let text = format!("{clear}, and its checksum is wrong");
        let wrong = serde_json::json!({"kind": "none", "text": text, "checksum_is_right": false});
        assert_eq!(protection(name), wrong, "{name}");
    }
    let right = serde_json::json!({"kind": "none", "text": clear, "checksum_is_right": true});
    assert_eq!(protection("keys/ed25519.sec.gpg"), right);
    assert_eq!(protection("secret/s2k-iterated.sec.gpg")["checksum_is_right"], serde_json::Value::Null);
}

/// A secret whose checksum is wrong is not protected anew, which would hide that, wherever the passphrase comes from.
#[test]
fn a_wrong_checksum_is_not_made_right() {
    let folder = Folder::new();
    folder.write("passphrase", b"open sesame");
    let place = |position: u32, more: &str| format!("at octet {position}{more}: the checksum of the secret is wrong");
    for (name, place) in [
        ("mission/rsa2048.bpg", place(921, " of the armored data (line 21, column 5)")),
        ("malformed/secret-wrong-checksum.gpg", place(472, "")),
    ] {
        folder.write("key", &common::testdata_file(name));
        for options in ["--passphrase-file passphrase", "--no-passphrase", "--no-passphrase --in-place"] {
            let output = folder.command(&format!("key protect {options} key"), b"");
            assert_eq!((output.status.code(), stdout(&output)), (Some(1), String::new()), "{name}");
            assert_eq!(stderr(&output), format!("bpg: key: {place}\n"), "{name}");
            assert_eq!(folder.read("key"), common::testdata_file(name));
        }
    }
    // Beside a key that is whole, and with a right checksum.
    let [whole, damaged] = ["keys/ed25519.sec.gpg", "malformed/secret-wrong-checksum.gpg"].map(common::testdata_file);
    let output = folder.command("key protect --no-passphrase -", &[&whole[..], &damaged].concat());
    let place = place(472 + u32::try_from(whole.len()).unwrap(), "");
    assert_eq!((output.status.code(), stderr(&output)), (Some(1), format!("bpg: standard input: {place}\n")));
    folder.run("key protect --passphrase-file passphrase -", &whole);
}

/// It is the version or the algorithm for which a key cannot be protected, not a protection that it does not have.
#[test]
fn what_cannot_be_protected_is_named() {
    let armored = " of the armored data (line 3, column 1)";
    let unknown =
        format!("at octet 0{armored}: a key of algorithm 99, which is not known: nobody knows where its secret starts");
    let version = |version: u8| {
        format!("at octet 0: a key of version {version}: only those of versions 4 and 6 can be protected")
    };
    for (command, name, message) in [
        ("protect --no-passphrase", "keys/v3-rsa1024.sec.gpg", version(3)),
        ("protect --no-passphrase", "keys/v5-rsa1024.sec.gpg", version(5)),
        ("protect --no-passphrase", "peers/rnp-sm2.sec.asc", unknown.clone()),
        ("public", "peers/rnp-sm2.sec.asc", unknown),
    ] {
        let output = Folder::new().command(&format!("key {command} -"), &common::testdata_file(name));
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{name}");
        assert_eq!(stderr(&output), format!("bpg: standard input: {message}\n"), "{name}");
    }
}

/// What cannot be shown does not vanish, and what belongs to it is not taken for that of another key.
#[test]
fn a_key_that_is_not_known_is_told() {
    let folder = Folder::new();
    for (name, notices) in [
        (
            "peers/rnp-sm2.sec.asc",
            &[
                "at octet 0 of the armored data (line 3, column 1): a key of algorithm 99, which is not known, is left out",
                "at octet 297 of the armored data (line 8, column 17): a subkey of algorithm 99, which is not known, is left out",
            ][..],
        ),
        ("malformed/key-version-7.gpg", &["at octet 0: a key of version 7, which is not known, is left out"]),
    ] {
        let lines = notices.iter().chain(&["no other OpenPGP key"]);
        let message: String = lines.map(|line| format!("bpg: standard input: {line}\n")).collect();
        for command in ["key show -", "key show --json -"] {
            let output = folder.command(command, &common::testdata_file(name));
            let expected = (Some(2), String::new(), message.clone());
            assert_eq!((output.status.code(), stdout(&output), stderr(&output)), expected, "{name}");
        }
    }

    let known = common::testdata_file("keys/ed25519.pub.gpg");
    let alone = String::from_utf8(folder.run("key show -", &known)).unwrap();
    let mut packets: Vec<_> =
        framing::packets(&known).map(|packet| packet.unwrap().wire().as_slice().to_vec()).collect();
    // The version of the key, of a second one, and of the subkey.
    let (key, subkey) = (packets[0].clone(), packets[3].clone());
    let unknown = |packet: &[u8]| {
        let mut packet = packet.to_vec();
        packet[2] = 7;
        packet
    };
    packets.push(unknown(&key));
    packets.extend_from_within(1..5);
    let notice = |position: usize, what: &str| {
        format!("bpg: standard input: at octet {position}: a {what} of version 7, which is not known, is left out\n")
    };
    let output = folder.command("key show -", &packets.concat());
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), alone.clone()));
    assert_eq!(stderr(&output), notice(known.len(), "key"));

    // The signature that binds the subkey that is not known says nothing of the user ID.
    packets.truncate(5);
    packets[3] = unknown(&subkey);
    let output = folder.command("key show -", &packets.concat());
    let primary = format!("{}\n", alone.split("\n\n").next().unwrap());
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), primary));
    assert_eq!(stderr(&output), notice(packets[..3].concat().len(), "subkey"));
}

/// Armor that has to be decoded first is read as `bpg debug parse` reads it, and places are the same.
#[test]
fn encoded_armor_is_read() {
    let folder = Folder::new();
    let plain = common::testdata_file("armor/plain.asc");
    for name in [
        "utf-16-be",
        "utf-16-le",
        "utf-16-le-no-mark",
        "quoted-printable",
        "quoted-printable-soft-breaks",
        "quoted-printable-utf-16",
    ] {
        let encoded = common::testdata_file(&format!("armor/{name}.asc"));
        for command in ["key show -", "key public -"] {
            let output = folder.command(command, &encoded);
            assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()), "{name}");
            assert_eq!(stdout(&output).as_bytes(), folder.run(command, &plain), "{name}");
        }
    }
    let damaged = common::testdata_file("armor/utf-16-bad-character.asc");
    for command in ["key show -", "key public -"] {
        let output = folder.command(command, &damaged);
        let message = "bpg: standard input: at octet 278 (line 4, column 36): the octet 0xc3 is not base64\n";
        assert_eq!((output.status.code(), stderr(&output)), (Some(1), message.into()));
    }

    // A place in the second block of a text, with the lines that the text has.
    let cut = common::testdata_file("keys/ed25519.pub.gpg");
    let cut = armor::encode("PUBLIC KEY BLOCK", &[], &cut[..60], armor::Footer::None);
    let text = [&plain[..], cut.as_bytes()].concat();
    let lines = plain.iter().filter(|octet| **octet == b'\n').count();
    let utf_16: Vec<u8> = text.iter().flat_map(|octet| [*octet, 0]).collect();
    let quoted =
        String::from_utf8(text).unwrap().replace('=', "=3D").replace("KEY BLOCK-----\n\n", "KEY BLOCK-----\n=\n\n");
    for (encoded, line) in [(utf_16, lines + 4), (quoted.into_bytes(), lines + 6)] {
        let output = folder.command("key show -", &encoded);
        let place = format!("at octet 55 of the armored data (line {line}, column 10)");
        let message = format!("bpg: standard input: {place}: User ID: body: need 45 octets, have 5\n");
        assert_eq!((output.status.code(), stderr(&output)), (Some(1), message.clone()));
        let parsed = folder.command("debug parse -", &encoded);
        assert!(stderr(&parsed).ends_with(&message), "{}", stderr(&parsed));
    }
    let protected =
        folder.run("key protect --no-passphrase -", &to_utf_16(&common::testdata_file("keys/nistp256.sec.asc")));
    assert!(protected.starts_with(b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n"));
}

/// The lines of places are looked for a few times only, as that takes time in proportion to the file.
#[test]
fn many_places_in_encoded_armor() {
    let unknown = [0xc6, 6, 7, 0, 0, 0, 0, 1].repeat(20);
    let armored = armor::encode("PUBLIC KEY BLOCK", &[], &unknown, armor::Footer::None);
    let told = |text: &[u8]| {
        let output = bpg_with(&["key", "show", "-"], text);
        assert_eq!(output.status.code(), Some(2));
        let with_line = stderr(&output).lines().filter(|line| line.contains(" of the armored data (line ")).count();
        (with_line, stderr(&output).matches(" of the armored data").count())
    };
    assert_eq!(told(armored.as_bytes()), (20, 20));
    assert_eq!(told(&to_utf_16(armored.as_bytes())), (16, 20));
}

/// Big-endian, without a byte order mark.
fn to_utf_16(text: &[u8]) -> Vec<u8> {
    text.iter().flat_map(|octet| [0, *octet]).collect()
}

/// Whether there is a date or not, `expiration` says what that means.
#[test]
fn json_tells_why_there_is_no_date() {
    let expiration = |name: &str| {
        let shown = bpg(&["key", "show", "--json", common::testdata().join(name).to_str().unwrap()]);
        let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
        let key = &shown["keys"][0];
        // Lists are there, also where nothing is in them.
        for list in ["user_ids", "user_attributes", "subkeys"] {
            assert!(key[list].is_array(), "{name}: {list}");
        }
        let keys = std::iter::once(key).chain(key["subkeys"].as_array().unwrap());
        keys.map(|key| (key["expiration"].as_str().unwrap().to_owned(), key["expires"].is_null())).collect::<Vec<_>>()
    };
    let [date, never, unknown] = [("date", false), ("never", true), ("unknown", true)].map(|(s, b)| (s.to_owned(), b));
    assert_eq!(expiration("certificates/expiring.pub.gpg"), [date.clone(), date]);
    assert_eq!(expiration("keys/ed25519.pub.gpg"), [never.clone(), never.clone()]);
    assert_eq!(expiration("keys/v6-unsigned.pub.gpg"), [unknown.clone(), unknown.clone()]);
    assert_eq!(expiration("mission/rsa2048.bpg"), [unknown]);
    // The key itself says so in version 3.
    let old = "keys/v3-rsa1024.pub.gpg";
    assert_eq!(expiration(old), [never]);
}

#[test]
fn json_tells_what_was_made_but_no_secret() {
    let folder = Folder::new();
    let json = folder.run(
        "key gen ed25519 --v6 --created 2024-01-01 --expires never --user-id alice@example.com --json --output key \
         --public-out public",
        b"",
    );
    let json = String::from_utf8(json).unwrap();
    assert_eq!(
        mask(&json),
        r#"{
  "format": 1,
  "key": {
    "secret": true,
    "version": 6,
    "fingerprint": "FINGERPRINT",
    "key_id": "KEYID",
    "algorithm": {
      "number": 27,
      "name": "Ed25519",
      "bits": null,
      "curve": null
    },
    "created": "2024-01-01T00:00:00Z",
    "expires": null,
    "expiration": "never",
    "bound": true,
    "capabilities": [
      "certify",
      "sign"
    ],
    "protection": {
      "kind": "none",
      "text": "none: the secret is in the clear",
      "checksum_is_right": null
    },
    "revoked": null,
    "user_ids": [
      {
        "text": "alice@example.com",
        "primary": true,
        "bound": true,
        "revoked": null
      }
    ],
    "user_attributes": [],
    "subkeys": [
      {
        "secret": true,
        "version": 6,
        "fingerprint": "FINGERPRINT",
        "key_id": "KEYID",
        "algorithm": {
          "number": 25,
          "name": "X25519",
          "bits": null,
          "curve": null
        },
        "created": "2024-01-01T00:00:00Z",
        "expires": null,
        "expiration": "never",
        "bound": true,
        "capabilities": [
          "encrypt communications",
          "encrypt storage"
        ],
        "protection": {
          "kind": "none",
          "text": "none: the secret is in the clear",
          "checksum_is_right": null
        },
        "revoked": null
      }
    ]
  },
  "files": {
    "secret": "key",
    "public": "public",
    "revocation": null
  }
}
"#
    );
    let made: serde_json::Value = serde_json::from_str(&json).unwrap();
    let shown: serde_json::Value = serde_json::from_slice(&folder.run("key show --json key", b"")).unwrap();
    assert_eq!(made["key"], shown["keys"][0]);
}

/// A passphrase can be set, changed and removed, after which the secrets are those from the start.
#[test]
fn protect_there_and_back() {
    let folder = Folder::new();
    folder.write("one", b"one\n");
    folder.write("two", "zwei ü".as_bytes());
    for (index, (kind, _)) in KINDS.iter().enumerate().filter(|(index, _)| index % 3 != 2) {
        let name = |what: &str| format!("{index}.{what}");
        let (clear, set, changed, removed) = (name("clear"), name("set"), name("changed"), name("removed"));
        folder.run(&format!("key gen --output {clear} {kind}"), b"");
        folder.run(&format!("key protect {clear} --passphrase-file one --output {set}"), b"");
        folder
            .run(&format!("key protect {set} --old-passphrase-file one --passphrase-file two --output {changed}"), b"");
        assert!(!parse(&folder, &changed).contains("S2K usage: unprotected"));
        let wrong = folder.command(&format!("key protect {changed} --old-passphrase-file one --no-passphrase"), b"");
        assert_eq!((wrong.status.code(), stdout(&wrong)), (Some(2), String::new()));
        assert_eq!(stderr(&wrong), format!("bpg: {changed}: the passphrase is wrong\n"));
        let none = folder.command(&format!("key protect {changed} --no-passphrase"), b"");
        assert_eq!(stderr(&none), format!("bpg: {changed}: the secret is protected by a passphrase\n"));
        let in_the_way =
            folder.command(&format!("key protect {changed} --old-passphrase-file one --no-passphrase --in-place"), b"");
        assert_eq!(in_the_way.status.code(), Some(2));
        folder.run(
            &format!("key protect {changed} --old-passphrase-fd 0 --no-passphrase --output {removed}"),
            "zwei ü\n".as_bytes(),
        );
        assert_eq!(folder.read(&removed), folder.read(&clear), "{kind}");
    }
}

#[test]
fn protect_keeps_the_form_of_a_file_that_it_replaces() {
    let folder = Folder::new();
    folder.write("passphrase", b"open sesame");
    for (name, options) in [("text", ""), ("packets", "--binary")] {
        folder.run(&format!("key gen --output {name} --user-id alice@example.com {options}"), b"");
        let before = folder.read(name);
        folder.run(&format!("key protect {name} --in-place --passphrase-file passphrase"), b"");
        assert_ne!(folder.read(name), before);
        folder.run(&format!("key protect {name} --in-place --old-passphrase-file passphrase --no-passphrase"), b"");
        assert_eq!(folder.read(name), before);
    }
}

/// Keys that other programs protected open with the passphrase of testdata/, and are those that they say they are.
#[test]
fn protection_by_other_programs_is_removed() {
    let folder = Folder::new();
    folder.write("passphrase", b"bpg\n");
    let testdata = common::testdata();
    for name in ["dsa2048", "ed25519", "nistp256", "rsa1024", "rsa2048"] {
        let clear = testdata.join(format!("keys/{name}.sec.gpg"));
        let protected = testdata.join(format!("keys/{name}.sec-protected.gpg"));
        folder.run(&format!("key protect {} --no-passphrase --binary --output {name}", clear.display()), b"");
        let removed =
            format!("key protect {} --old-passphrase-file passphrase --no-passphrase --binary", protected.display());
        let clear = secrets(&folder.read(name));
        assert!(!clear.is_empty(), "{name}");
        assert_eq!(secrets(&folder.run(&removed, b"")), clear, "{name}");
    }
    // These are its primary key alone, whose fields are d, p, q and u.
    let plain = secrets(&common::testdata_file("keys/rsa1024.sec.gpg"))[..4].to_vec();
    let open = |name: &str| {
        let file = testdata.join(format!("secret/{name}.sec.gpg"));
        let args = format!("key protect {} --old-passphrase-file passphrase --no-passphrase --binary", file.display());
        folder.command(&args, b"")
    };
    for name in ["s2k-iterated", "s2k-salted", "s2k-simple", "usage-255-iterated", "usage-255-simple"] {
        let output = open(name);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
        assert_eq!(secrets(&output.stdout), plain, "{name}");
    }
    for (name, message) in [
        // TripleDES.
        ("usage-255-salted", "the secret is protected in a way that is not supported, as by a cipher other than AES\n"),
        // Its ciphertext is made up.
        ("usage-253-argon2", "the passphrase is wrong\n"),
    ] {
        let output = open(name);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{name}");
        assert!(stderr(&output).ends_with(message), "{name}");
    }
}

/// Several blocks of armor in one file stay several blocks.
#[test]
fn keys_one_after_another() {
    let folder = Folder::new();
    let one = folder.run("key gen --user-id alice@example.com --no-passphrase", b"");
    let two = folder.run("key gen --v6 --no-user-id --no-passphrase", b"");
    let both = [&one[..], b"\nand\n\n", &two].concat();
    let public = [folder.run("key public -", &one), folder.run("key public -", &two)].concat();
    assert_eq!(folder.run("key public -", &both), public);
    assert_eq!(folder.run("key protect - --no-passphrase", &both), [one, two].concat());
    assert_eq!(String::from_utf8(folder.run("key show -", &both)).unwrap().matches("Secret key\n").count(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn there_is_no_core_dump() {
    let mut child = common::spawn(&mut common::bpg(&["key", "show", "-"]));
    let limits = format!("/proc/{}/limits", child.id());
    // It takes a moment to start.
    let is_set = (0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        let limits = fs::read_to_string(&limits).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        core.split_whitespace().skip(4).take(2).all(|limit| limit == "0")
    });
    drop(child.stdin.take());
    child.wait_with_output().unwrap();
    assert!(is_set);
}

/// GnuPG takes the revocation certificate for what it is.
#[test]
#[ignore = "needs gpg"]
fn gpg_takes_the_revocation() {
    for kind in ["ed25519", "rsa 2048", "p384"] {
        let folder = Folder::new();
        folder.run(
            &format!(
                "key gen {kind} --user-id alice@example.com --no-passphrase --output key --revocation-out revocation"
            ),
            b"",
        );
        let run = |args: &str| {
            let mut gpg = Command::new("gpg");
            gpg.args(["--batch", "--no-autostart", "--homedir", "."]).args(args.split(' '));
            gpg.current_dir(&folder.0).output().unwrap()
        };
        let gpg = |args: &str| {
            let output = run(args);
            assert!(output.status.success(), "gpg {args}: {}", stderr(&output));
            stdout(&output)
        };
        folder.run("key public key --output public", b"");
        // In front of its key it has no effect there.
        folder.write("both", &[folder.read("revocation"), folder.read("public")].concat());
        assert_eq!(run("--import both").status.code(), Some(2), "{kind}");
        assert!(gpg("--with-colons --list-keys").contains("\npub:-:"), "{kind}");
        gpg("--import revocation");
        assert!(gpg("--with-colons --list-keys").contains("\npub:r:"), "{kind}");
    }
}

/// On a terminal the passphrase is asked for twice and not shown, and the search for primes is.
#[test]
#[ignore = "needs script (util-linux)"]
fn a_terminal_is_asked() {
    let folder = Folder::new();
    let shown = terminal(&folder, "key gen rsa 2048 --user-id alice@example.com --output key", "sesame\nsesame\n");
    assert!(shown.contains("New passphrase (empty for none): \r\nThe same passphrase again: \r\n"), "{shown:?}");
    assert!(shown.contains("+++") && shown.contains(".."), "{shown:?}");
    assert!(shown.ends_with("status 0\r\n"), "{shown:?}");
    folder.run("key protect key --old-passphrase-fd 0 --no-passphrase --output clear", b"sesame");

    let shown = terminal(&folder, "key gen --user-id alice@example.com --output other", "one\ntwo\nthree\nfour\n");
    assert_eq!(shown.matches("bpg: the passphrases differ\r\n").count(), 2, "{shown:?}");
    assert!(shown.ends_with("bpg: no passphrase was typed twice\r\nstatus 2\r\n"), "{shown:?}");
    let shown = terminal(&folder, "key gen --user-id alice@example.com --output empty", "\n\n");
    assert!(shown.contains("bpg: the key is not protected by a passphrase, as asked for\r\n"), "{shown:?}");

    let shown = terminal(&folder, "key protect key --no-passphrase --output wrong", "one\ntwo\n");
    assert!(shown.ends_with("bpg: the passphrase is wrong\r\nPassphrase of the key: \r\nbpg: key: the passphrase is wrong\r\nstatus 2\r\n"), "{shown:?}");
    terminal(&folder, "key protect key --in-place", "one\nsesame\nnew\nnew\n");
    folder.run("key protect key --old-passphrase-fd 0 --no-passphrase --output again", b"new");
    assert_eq!(folder.read("again"), folder.read("clear"));

    let shown = terminal(&folder, "key gen --binary --no-passphrase", "");
    assert_eq!(
        shown,
        "bpg: standard output: packets are not for a terminal; --output writes them to a file\r\nstatus 2\r\n"
    );
    assert_eq!(folder.names(), ["again", "clear", "empty", "key"]);
}

/// However a prompt ends, the terminal is as it was; what ends it by Ctrl-C is a signal, so that it ends scripts, too.
#[test]
#[ignore = "needs script (util-linux)"]
fn a_prompt_leaves_the_terminal_as_it_was() {
    const GEN: &str = "key gen --quiet --user-id alice@example.com --output new";
    const PROTECT: &str = "key protect key --no-passphrase --output new";
    let folder = Folder::new();
    folder.run("key gen --user-id alice@example.com --output clear", b"");
    folder.write("passphrase", b"sesame");
    folder.run("key protect clear --passphrase-file passphrase --output key", b"");
    for (command, typed, status, message) in [
        (GEN, &["\x03"][..], 130, ""),
        (GEN, &["sesa\x03"], 130, ""),
        (GEN, &["sesame\n", "ses\x03"], 130, ""),
        (GEN, &["\x04"], 2, "bpg: no passphrase was given\r\n"),
        (PROTECT, &["\x03"], 130, ""),
        (PROTECT, &["sesamy\n", "\x03"], 130, ""),
        (PROTECT, &["sesamy\x7fe\n"], 0, "bpg: the key is not protected by a passphrase, as asked for\r\n"),
    ] {
        let bpg = env!("CARGO_BIN_EXE_bpg");
        // What is typed in front of the prompt is no signal to the shell.
        let line = format!("stty -isig; stty -g; {bpg} {command}; echo status $?; stty -g");
        let shown = typed_at(&folder, &line, typed);
        let (before, after) = (shown.lines().next().unwrap(), shown.lines().last().unwrap());
        assert!(before.contains(':') && before == after, "{command}, {typed:?}: {shown:?}");
        let end = format!(": \r\n{message}status {status}\r\n{after}\r\n");
        assert!(shown.ends_with(&end), "{command}, {typed:?}: {shown:?}");
    }
    assert_eq!(folder.names(), ["clear", "key", "new", "passphrase"]);
}

/// When the key is written, no memory of the process holds a secret of it, nor the passphrase.
#[test]
#[ignore = "needs gdb, and to be root if the system restricts tracing"]
fn memory_holds_no_secret_when_the_key_is_written() {
    for kind in ["rsa 2048", "ed25519", "ed25519 --v6", "p256", "p384", "p521"] {
        for options in ["", "--passphrase-file passphrase --binary"] {
            let folder = Folder::new();
            let passphrase = b"correct horse battery staple";
            folder.write("passphrase", passphrase);
            let words = [kind, options].into_iter().flat_map(|words| words.split_whitespace());
            let output = Command::new("gdb")
                .args(["--quiet", "--batch", "-ex", "set debuginfod enabled off"])
                .args(["-ex", "catch syscall exit_group", "-ex", "run", "-ex", "gcore core", "-ex", "kill"])
                .args(["--args", env!("CARGO_BIN_EXE_bpg"), "key", "gen", "--signing-subkey"])
                .args(["--revocation-out", "revocation", "--user-id", ALICE, "--output", "key"])
                .args(words)
                .current_dir(&folder.0)
                .stdin(Stdio::null())
                .output()
                .unwrap();
            assert!(folder.path("core").exists(), "{}{}", stdout(&output), stderr(&output));

            let clear = folder.run("key protect key --old-passphrase-file passphrase --no-passphrase --binary", b"");
            let mut wanted = secrets(&clear);
            assert!(wanted.len() >= 3, "{kind}");
            wanted.push(passphrase.to_vec());
            let core = folder.read("core");
            assert!(core.len() > 1 << 20, "there are {} octets of memory", core.len());
            assert_eq!(leaks(&core, &wanted), Vec::<String>::new(), "{kind} {options}");
        }
    }
}

/// Where `core` has a part of a secret, in either order of octets.
fn leaks(core: &[u8], secrets: &[Vec<u8>]) -> Vec<String> {
    const PART: usize = 16;
    const PAGE: [u8; 4096] = [0; 4096];
    let mut parts = HashSet::new();
    let mut starts = vec![false; 1 << 16];
    for secret in secrets {
        let reversed: Vec<u8> = secret.iter().rev().copied().collect();
        for order in [secret, &reversed] {
            for part in order.windows(PART) {
                starts[usize::from(u16::from_be_bytes([part[0], part[1]]))] = true;
                parts.insert(part.to_vec());
            }
        }
    }
    let mut found = Vec::new();
    for start in (0..core.len()).step_by(PAGE.len()) {
        let page = &core[start..core.len().min(start + PAGE.len() + PART - 1)];
        // Most of a core is nothing.
        if page.starts_with(&PAGE) && page[PAGE.len()..].iter().all(|octet| *octet == 0) {
            continue;
        }
        for (place, part) in page.windows(PART).enumerate() {
            if starts[usize::from(u16::from_be_bytes([part[0], part[1]]))] && parts.contains(part) {
                found.push(format!("at {} of {}", start + place, core.len()));
            }
        }
    }
    found
}

/// The search above finds what is there.
#[test]
fn a_leak_would_be_found() {
    let secret: Vec<u8> = (0..64).map(|number| number * 3 + 1).collect();
    let reversed: Vec<u8> = secret.iter().rev().copied().collect();
    let mut core = vec![0; 10_000];
    assert!(leaks(&core, std::slice::from_ref(&secret)).is_empty());
    core[500..516].copy_from_slice(&secret[20..36]);
    core[8185..8201].copy_from_slice(&reversed[20..36]);
    assert_eq!(leaks(&core, &[secret]), ["at 500 of 10000", "at 8185 of 10000"]);
}

/// The secret fields of a key in the clear.
fn secrets(packets: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for packet in framing::packets(packets) {
        if let Packet::SecretKey(key) | Packet::SecretSubkey(key) = packet.unwrap().interpret().unwrap() {
            assert!(!key.secret().is_encrypted());
            all.extend(key.secret().fields().map(|field| field.value.expose().as_slice().to_vec()));
        }
    }
    all
}

fn parse(folder: &Folder, file: &str) -> String {
    String::from_utf8(folder.run(&format!("debug parse --verbose {file}"), b"")).unwrap()
}

/// Puts names in the place of fingerprints and key IDs.
fn mask(text: &str) -> String {
    let mut out = String::new();
    for part in text.split_inclusive(|character: char| !character.is_ascii_hexdigit()) {
        let word = part.trim_end_matches(|character: char| !character.is_ascii_hexdigit());
        let name = match word.len() {
            40 | 64 => "FINGERPRINT",
            16 => "KEYID",
            _ => word,
        };
        out.push_str(name);
        out.push_str(&part[word.len()..]);
    }
    out
}

/// A folder that is removed in the end, in which the command runs.
struct Folder(TempDir);

impl AsRef<Path> for Folder {
    fn as_ref(&self) -> &Path {
        self.0.path()
    }
}

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn write(&self, name: &str, octets: &[u8]) {
        fs::write(self.path(name), octets).unwrap();
    }

    /// All that is in the folder.
    fn names(&self) -> Vec<String> {
        common::names(self.0.path())
    }

    fn command(&self, args: &str, stdin: &[u8]) -> Output {
        let args: Vec<_> = args.split_whitespace().collect();
        feed(common::bpg(&args).current_dir(&self.0), stdin)
    }

    /// Runs the command, which has to succeed, and gives what it prints.
    fn run(&self, args: &str, stdin: &[u8]) -> Vec<u8> {
        let output = self.command(args, stdin);
        assert_eq!(output.status.code(), Some(0), "bpg {args}: {}", stderr(&output));
        output.stdout
    }
}

/// Runs the command on a terminal, on which `input` is typed, and gives what is seen there.
fn terminal(folder: &Folder, args: &str, input: &str) -> String {
    let line = format!("stty -echo; {} {args}; echo status $?", env!("CARGO_BIN_EXE_bpg"));
    stdout(&feed(&mut script(folder, &line), input.as_bytes()))
}

/// Runs a line of shell on a terminal, on which one of `inputs` is typed whenever there is a prompt, and gives what is seen
/// there.
fn typed_at(folder: &Folder, line: &str, inputs: &[&str]) -> String {
    let mut child = common::spawn(&mut script(folder, line));
    // The terminal is closed where this is.
    let mut keyboard = child.stdin.take().unwrap();
    let mut screen = child.stdout.take().unwrap();
    let mut shown = Vec::new();
    for input in inputs {
        let mut octet = [0];
        while !shown.ends_with(b": ") && screen.read(&mut octet).unwrap() > 0 {
            shown.extend_from_slice(&octet);
        }
        shown.extend_from_slice(b"\0");
        keyboard.write_all(input.as_bytes()).unwrap();
    }
    screen.read_to_end(&mut shown).unwrap();
    child.wait().unwrap();
    String::from_utf8(shown).unwrap().replace('\0', "")
}

/// A line of shell that will run on a terminal.
fn script(folder: &Folder, line: &str) -> Command {
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", line, "/dev/null"]).current_dir(&folder.0);
    script
}

fn bpg(args: &[&str]) -> Output {
    bpg_with(args, b"")
}

fn bpg_with(args: &[&str], stdin: &[u8]) -> Output {
    feed(&mut common::bpg(args), stdin)
}

/// Where no user ID claims to be the primary one, it is the one that was certified last, as GnuPG has it.
#[test]
fn the_primary_user_id_is_the_newest_one() {
    let key = [
        &[0xc6, 6, 4][..], // Public-Key, 6 octets, version 4
        &[0, 0, 0, 1],     // made one second after 1970 began
        &[99],             // an algorithm that is not known
    ]
    .concat();
    let raw = framing::packets(&key).next().unwrap().unwrap();
    let Packet::PublicKey(public) = raw.interpret().unwrap() else { panic!("a public key") };
    let key_id = public.key_id().unwrap().to_string();
    let key_id: Vec<u8> = (0..16).step_by(2).map(|at| u8::from_str_radix(&key_id[at..at + 2], 16).unwrap()).collect();
    let certified = |name: &str, created: u8, seconds: u8| {
        let signature = [
            &[0xc2, 36][..],           // Signature, 36 octets
            &[4, 0x13, 99, 8, 0, 12],  // version 4, positive certification, SHA2-256, 12 hashed octets
            &[5, 2, 0, 0, 0, created], // Signature Creation Time
            &[5, 9, 0, 0, 0, seconds], // Key Expiration Time
            &[0, 10, 9, 16],           // 10 octets that are not hashed: Issuer Key ID
            &key_id,                   // the key itself
            &[0, 0, 0, 0, 0, 0],       // the start of the digest, and what might be a signature
        ]
        .concat();
        [&[0xcd, 1][..], name.as_bytes(), &signature].concat()
    };
    for (first, second, newest, expires) in [(3, 2, "A", "11"), (2, 3, "B", "12"), (2, 2, "A", "11")] {
        let certificate = [&key[..], &certified("A", first, 10), &certified("B", second, 11)].concat();
        let output = feed(&mut common::bpg(&["key", "show", "--json", "-"]), &certificate);
        let shown: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let key = &shown["keys"][0];
        let user_ids = key["user_ids"].as_array().unwrap();
        let primary: Vec<_> = user_ids.iter().filter(|user_id| user_id["primary"] == true).collect();
        assert_eq!((primary.len(), &primary[0]["text"]), (1, &newest.into()), "{shown}");
        assert_eq!(key["expires"], format!("1970-01-01T00:00:{expires}Z"), "{shown}");
    }
}
