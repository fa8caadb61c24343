//! The examples, run on files of testdata/.
#![allow(
    unreachable_pub,
    dead_code,
    missing_docs,
    reason = "each example is a program of its own, with a main function"
)]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "../examples/hash_signed.rs"]
mod hash_signed;
#[path = "../examples/keep_unknown.rs"]
mod keep_unknown;
#[path = "../examples/list_keys.rs"]
mod list_keys;
#[path = "../examples/one_job.rs"]
mod one_job;
#[path = "../examples/open_armor.rs"]
mod open_armor;
#[path = "../examples/read_socket.rs"]
mod read_socket;
#[path = "../examples/walk_packets.rs"]
mod walk_packets;

use std::io::Read;
use std::path::Path;

fn testdata(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(name)).unwrap()
}

/// What an example prints.
fn printed(run: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    run(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn walk_packets() {
    let key = testdata("keys/ed25519.pub.gpg");
    let text = printed(|out| walk_packets::run(&key, out).unwrap());
    assert_eq!(text.lines().count(), 5, "{text}");
    assert_eq!(text.lines().next(), Some("0: Public-Key, 51 octets"));
    assert!(walk_packets::run(&[0xcd, 0x02], &mut Vec::new()).is_err());
}

#[test]
fn list_keys() {
    let text = printed(|out| list_keys::run(&testdata("keys/ed25519.pub.gpg"), out).unwrap());
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines.first().unwrap().starts_with("EdDSALegacy "), "{text}");
    assert!(lines.last().unwrap().starts_with("    \""), "{text}");
}

/// Gives one octet at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = out.len().min(1);
        self.0.read(out.get_mut(..count).unwrap())
    }
}

#[test]
fn read_socket() {
    let key = testdata("keys/ed25519.pub.gpg");
    let text = printed(|out| read_socket::run(Slow(&key), out).unwrap());
    assert_eq!(text.lines().next(), Some("Public-Key, 51 octets"));
    assert_eq!(text, printed(|out| read_socket::run(key.as_slice(), out).unwrap()));
    let literal = b"\xcb\x08b\x00\0\0\0\0Hi";
    assert_eq!(printed(|out| read_socket::run(&literal[..], out).unwrap()), "Literal Data, 8 octets of data\n");
}

#[test]
fn keep_unknown() {
    // A user ID, a packet of an unknown type, and a user attribute.
    let packets = [&b"\xcd\x01a"[..], b"\xe8\x02??", b"\xd1\x00"].concat();
    let mut out = Vec::new();
    assert_eq!(keep_unknown::run(&packets, &mut out).unwrap(), 1);
    assert_eq!(out, b"\xcd\x01a\xe8\x02??");
}

#[test]
fn open_armor() {
    let mut out = Vec::new();
    open_armor::run(&testdata("keys/ed25519.pub.asc"), &mut out).unwrap();
    assert!(list_keys::run(&out, &mut Vec::new()).is_ok() && !out.is_empty());
}

#[test]
fn one_job() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/keys");
    let (binary, armored) = (folder.join("ed25519.pub.gpg"), folder.join("ed25519.pub.asc"));
    for (job, count) in [("lazily", 5), ("subpackets", 5), ("kept", 5), ("streamed", 5), ("grouped", 1)] {
        assert_eq!(one_job::run(job, &binary).unwrap(), count, "{job}");
    }
    let octets = one_job::run("nothing", &binary).unwrap();
    assert_eq!(one_job::run("dearmor", &armored).unwrap(), octets);
    assert!(one_job::run("armor", &binary).unwrap() > octets * 4 / 3);
    assert!(one_job::run("none of these", &binary).is_err());
}

#[test]
fn hash_signed() {
    for name in ["keys/ed25519.pub.gpg", "keys/nistp256.pub.gpg"] {
        let text = printed(|out| hash_signed::run(&testdata(name), out).unwrap());
        assert!(!text.is_empty() && text.lines().all(|line| line.ends_with("starts as it should")), "{name}: {text}");
    }
}
