//! What reaches the terminal, and when.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use bpg_core::armor::{self, Footer};

use crate::build::user_id;
use crate::common::{self, packet};
use crate::run::parse;

/// Moves the cursor, reorders text, ends lines, and looks like a packet.
const HOSTILE: &str = "a\x1b[2J\x1b]0;t\x07\r\n\n## 05 : New format Secret-Key packet (9 bytes)\n        \
                       keyid: 0\u{202e}\u{2066}\u{200b}\u{9b}31m\u{2028}\u{85}\x7f";

fn assert_harmless(text: &str) {
    let is_harmful = |character: char| {
        character != '\n' && character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(is_harmful), "{text:?}");
    assert!(!text.lines().any(|line| line.trim_start().starts_with("## 05") || line.trim_start() == "keyid: 0"));
}

/// A signature of version 4 with this hashed subpacket.
fn signature(subpacket_type: u8, data: &[u8]) -> Vec<u8> {
    let mut area = vec![0xff];
    area.extend_from_slice(&u32::try_from(data.len() + 1).unwrap().to_be_bytes());
    area.push(subpacket_type);
    area.extend_from_slice(data);
    let length = u16::try_from(area.len()).unwrap().to_be_bytes();
    // Version 4, binary, EdDSALegacy, SHA2-256, the areas, the left 16 bits of the hash, two MPIs of 1.
    let end = &[0, 0, 0xab, 0xcd, 0, 1, 1, 0, 1, 1];
    packet(2, &[&[4, 0, 22, 8][..], &length, &area, end].concat())
}

#[test]
fn no_text_of_a_packet_reaches_the_terminal_as_it_is() {
    let text = HOSTILE.as_bytes();
    let length = u8::try_from(text.len()).unwrap();
    let notation = [&[0x80, 0, 0, 0, 0, length, 0, length][..], text, text].concat();
    let literal = [b"b", &[length][..], text, &[0; 4], b"data"].concat();
    for (what, input) in [
        ("user ID", user_id(HOSTILE)),
        ("notation", signature(20, &notation)),
        ("policy URI", signature(26, text)),
        ("preferred key server", signature(24, text)),
        ("signer's user ID", signature(28, text)),
        ("reason for revocation", signature(29, &[b"\0", text].concat())),
        ("regular expression", signature(6, text)),
        ("file name", packet(11, &literal)),
        ("unknown", packet(60, text)),
        ("comment", packet(61, text)),
    ] {
        for flags in [&[][..], &["--verbose"], &["--show-secrets"], &["--recover"], &["--strict"]] {
            let run = parse(flags, &input);
            assert_eq!((run.status, &*run.errors), (0, ""), "{what}: {}", run.output);
            assert_eq!(run.headings().len(), 1, "{what}: {}", run.output);
            assert_harmless(&run.output);
        }
    }
}

#[test]
fn no_text_around_packets_reaches_the_terminal_as_it_is() {
    let line = HOSTILE.replace(['\n', '\r'], "");
    let good = armor::encode("MESSAGE", &[], &user_id("a"), Footer::None);
    let header = good.replacen("\n\n", &format!("\nComment: {line}\n{line}: x\n\n"), 1);
    let label = good.replace("MESSAGE", &line);
    let keybox = {
        let mut keybox = common::testdata_file("keyrings/pubring.kbx");
        let text = b"example";
        let place = keybox.windows(text.len()).position(|window| window == text).unwrap();
        keybox[place..place + 7].copy_from_slice(b"\x1b[2J\r\n\x9b");
        keybox
    };
    let text = format!("{HOSTILE}\n{}{HOSTILE}\n", *good);
    for input in [header.as_bytes(), label.as_bytes(), text.as_bytes(), &keybox, HOSTILE.as_bytes()] {
        for flags in [&["--verbose"][..], &["--strict"], &["--recover"]] {
            let run = parse(flags, input);
            assert!(run.output.contains("## ") || !run.errors.is_empty(), "{run:?}");
            assert_harmless(&run.output);
            assert_harmless(&run.errors);
        }
    }
}

#[test]
fn no_file_name_reaches_the_terminal_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    // There can be no slash in it.
    let name = std::ffi::OsStr::from_bytes(HOSTILE.as_bytes());
    std::fs::write(folder.path().join(name), b"\xcd\x05b").unwrap();
    let mut command = common::bpg(&["debug", "parse"]);
    let output = command.args([name, name, "missing\x1b[m".as_ref()]).current_dir(&folder).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let errors = common::stderr(&output);
    assert_harmless(&common::stdout(&output));
    assert_harmless(&errors);
    assert_eq!(errors.lines().count(), 3, "{errors}");
}

/// Each packet is printed before the next one is there.
#[test]
fn a_slow_pipe() {
    let names = ["one", "two", "three"];
    let packets = names.map(user_id);
    for options in [&[][..], &["--recover"]] {
        assert_prompt(options, &packets.each_ref().map(Vec::as_slice), names);
    }
    // In armor, four characters are three octets; the padding of the names makes each packet so many.
    let names = ["one", "two", "six"];
    let lines = names.map(|name| {
        let text = armor::encode("MESSAGE", &[], &user_id(name), Footer::None);
        text.lines().nth(2).unwrap().to_owned() + "\n"
    });
    let first = format!("-----BEGIN PGP MESSAGE-----\n\n{}", lines[0]);
    assert_prompt(&[], &[first.as_bytes(), lines[1].as_bytes(), lines[2].as_bytes()], names);
}

/// What follows each piece is only written when the name in it was printed.
fn assert_prompt(options: &[&str], pieces: &[&[u8]; 3], names: [&str; 3]) {
    let mut command = common::bpg(&["debug", "parse"]);
    let mut child =
        command.args(options).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let (sender, receiver) = mpsc::channel();
    let reader = thread::spawn(move || output.lines().try_for_each(|line| sender.send(line.unwrap())));
    for (piece, name) in pieces.iter().zip(names) {
        pipe.write_all(piece).unwrap();
        while !receiver.recv_timeout(Duration::from_secs(20)).expect(name).ends_with(&format!("content: {name}")) {}
    }
    drop((pipe, receiver));
    child.wait().unwrap();
    let _ = reader.join().unwrap();
}

/// `bpg debug parse F | head -c 100`
#[test]
fn a_reader_that_has_seen_enough() {
    let mut child = common::spawn(&mut common::bpg(&["debug", "parse"]));
    let mut pipe = child.stdin.take().unwrap();
    let writer = thread::spawn(move || {
        // It fails as soon as nobody reads.
        while pipe.write_all(&b"\xcd\x01a".repeat(1000)).is_ok() {}
    });
    child.stdout.take().unwrap().read_exact(&mut [0; 100]).unwrap();
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

/// A secret key in partial lengths that ends too early is told of as octets, and these are no less secret for that.
#[test]
fn a_secret_key_that_is_cut_is_not_shown() {
    let key = common::testdata_file("keys/ed25519.sec.gpg");
    let (raw, _) = bpg_core::framing::RawPacket::parse_prefix(key.as_slice().into()).unwrap();
    let body = raw.body().to_cow();
    // New format, type 5, a first chunk of 32 octets, which are the last ones of the key, and where the next one would be,
    // the end.
    let cut = [&b"\xc5\xe5"[..], &body[body.len() - 32..]].concat();
    let secret: String = body[body.len() - 16..][..4].iter().map(|octet| format!("{octet:02x}")).collect();
    let shows = |args: &[&str]| {
        let run = parse(args, &cut);
        assert_eq!(run.status, 1, "{args:?}");
        run.output.replace([' ', '\n'], "").contains(&secret)
    };
    for args in [&["-v"][..], &["-vv"], &["--hex"], &["--json"], &["--recover", "-v"], &["--recover", "--hex"]] {
        assert!(!shows(args), "{args:?}");
    }
    for args in [&["--hex", "--show-secrets"][..], &["--show-secrets"], &["--json", "--show-secrets"]] {
        assert!(shows(args), "{args:?}");
    }
    // Whoever takes files apart gets all of it.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cut.pgp");
    std::fs::write(&file, &cut).unwrap();
    let parts = folder.path().join("parts");
    let output = common::bpg(&["debug", "split", "--directory"]).args([&parts, &file]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let parts = common::files(&parts);
    assert_eq!((parts.len(), std::fs::read(&parts[0]).unwrap()), (1, cut));
}

/// What is written in front of a read may be all there is.
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let key = common::testdata().join("keys/ed25519.pub.gpg");
    for args in [&[][..], &["--json"], &["--hex"], &["--summary"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = common::bpg(&["debug", "parse"]).arg(&key).args(args).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let errors = common::stderr(&output);
        assert!(errors.starts_with("bpg: standard output: "), "{errors}");
    }
}

/// What the limits leave open of one file is not open in the next.
#[test]
fn each_file_starts_anew() {
    let folder = tempfile::tempdir().unwrap();
    let [compressed, key] = ["compressed", "key"].map(|name| folder.path().join(name));
    std::fs::write(&compressed, packet(8, &[&b"\0"[..], &user_id("inside"), &user_id("more")].concat())).unwrap();
    std::fs::write(&key, user_id("alice")).unwrap();
    for args in [&["--limit", "packets=2"][..], &["--limit", "packets=2", "--hex"]] {
        let output = common::bpg(&["debug", "parse"]).args(args).args([&compressed, &key]).output().unwrap();
        let text = common::stdout(&output);
        assert!(text.contains("\n## 0d : New format User ID packet (5 bytes)"), "{args:?}\n{text}");
    }
}
