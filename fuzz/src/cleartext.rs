//! What the cleartext signature framework promises.

use bpg_core::armor::Footer;
use bpg_core::cleartext::{self, Cleartext, messages};
use bpg_core::error::ErrorKind;
use bpg_core::inspect;
use bpg_core::octets::Octets;
use bpg_core::registry::HashAlgorithm;

use super::keybox::Walk;
use super::{Tiles, assert_error, assert_in_place};

/// What reading cleartext promises: of `input` as text that holds messages, and of `input` as the text of one.
pub fn laws(input: &[u8]) {
    text(input);
    round_trip(input);
}

/// What finding and reading the messages in `text` promises.
pub fn text(text: &[u8]) {
    let whole = Octets::from(text);
    let mut tiles = Tiles::of(whole);
    let mut found = messages(text);
    for message in found.by_ref() {
        tiles.skip(message.wire().start().checked_sub(tiles.position).expect("messages do not overlap"));
        tiles.lay(message.wire());
        structure(whole, &message);
    }
    tiles.lay(found.remaining());
    tiles.assert_full();
}

fn structure(whole: Octets<'_>, message: &Cleartext<'_>) {
    let wire = message.wire();
    assert!(wire.as_slice().starts_with(b"-----BEGIN PGP SIGNED MESSAGE-----"));
    assert_eq!(message.signed_part().end(), message.text().end());
    for header in message.headers() {
        assert_in_place(message.signed_part(), header.wire);
        assert_in_place(header.wire, header.key);
        assert_in_place(header.wire, header.value);
    }
    let mut end = message.text().end();
    for block in message.signatures() {
        assert_in_place(wire, block.wire());
        assert!(block.label().as_slice() == b"SIGNATURE" && block.wire().start() >= end);
        end = block.wire().end();
    }
    assert_eq!(end, wire.end());

    // The lines are all of the text, and the digest is over what they say.
    let mut tiles = Tiles::of(message.text());
    let mut hashed = Vec::new();
    for line in message.lines() {
        tiles.lay(line.wire);
        assert_in_place(line.wire, line.text);
        let escape = line.text.start() - line.wire.start();
        assert!(escape == 0 || escape == 2 && line.wire.as_slice().starts_with(b"- "));
        let is_trimmed = !line.text.as_slice().ends_with(b" ") && !line.text.as_slice().ends_with(b"\t");
        assert!(is_trimmed || !message.is_dash_escaped());
        assert!([&b""[..], b"\n", b"\r\n"].contains(&line.ending.as_slice()));
        let is_dash = message.is_dash_escaped() && line.wire.as_slice().starts_with(b"-");
        assert_eq!(line.is_unescaped_dash, is_dash && !line.wire.as_slice().starts_with(b"- "));
        tiles.lay(line.ending);
        if line.wire.start() > message.text().start() {
            hashed.extend_from_slice(b"\r\n");
        }
        hashed.extend_from_slice(line.text.as_slice());
    }
    tiles.assert_full();
    let hashed = if message.is_dash_escaped() { &hashed } else { message.text().as_slice() };
    assert_eq!(hashed, hashed_of(message));

    let errors: Vec<_> = message.errors().collect();
    errors.iter().for_each(|error| assert_error(wire.span(), error));
    let count = |kind| errors.iter().filter(|error| error.kind() == kind).count();
    assert_eq!(count(ErrorKind::NoEmptyLine), usize::from(!message.has_empty_line()));
    assert_eq!(count(ErrorKind::CleartextWithoutSignature), usize::from(message.signatures().next().is_none()));
    let mut walk = Walk::of(whole, message.signed_part());
    walk.follow(|mut visitor| inspect::cleartext(message, &mut visitor));
    assert_eq!(walk.errors, errors.len());
}

fn hashed_of(message: &Cleartext<'_>) -> Vec<u8> {
    let mut hashed = Vec::new();
    message.for_each_hashed(|octets| hashed.extend_from_slice(octets));
    hashed
}

/// Reading what was written gives the same canonical text and the same signatures.
fn round_trip(input: &[u8]) {
    const SIGNATURES: &[u8] = &[0xc2, 0x01, 0x04];
    let message = cleartext::encode(input, &[HashAlgorithm::SHA2_256], SIGNATURES, Footer::None);
    let mut found = messages(&message);
    let cleartext = found.next().expect("a message was written");
    assert_eq!((cleartext.wire().start(), found.remaining().as_slice()), (0, &b""[..]));
    assert_eq!(cleartext.errors().next(), None);
    let blocks: Vec<_> = cleartext.signatures().collect();
    assert_eq!(blocks.len(), 1);
    assert_eq!(*blocks[0].decode().expect("it was encoded").octets, SIGNATURES);
    let mut hashed = Vec::new();
    cleartext::hashed(input, |octets| hashed.extend_from_slice(octets));
    assert_eq!(hashed_of(&cleartext), hashed);
    // What is not changed by that is changed by nothing.
    let mut again = Vec::new();
    cleartext::hashed(&hashed, |octets| again.extend_from_slice(octets));
    assert!(again == hashed || hashed.ends_with(b"\r\n"));
}
