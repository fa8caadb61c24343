//! Parts of files that are streams.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use common::about;
use common::laws::container::Mangling;
use common::laws::parts::laws;
use proptest::prelude::*;

#[test]
fn every_file_has_the_same_parts_as_a_stream() {
    for file in common::testdata().iter().chain(&common::vectors()).chain(&common::regressions()) {
        about(&file.name, || laws(&file.octets));
    }
}

/// A file of pieces that are near to armor, and of cuts in it.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..9),
        any::<([u8; 5], [u8; 7])>().prop_map(|(seed, octets)| Mangling::new(seed).apply(&octets)),
        any::<([u8; 5], [u8; 32])>().prop_map(|(seed, octets)| Mangling::new(seed).apply(&octets)),
        prop::sample::select(&PIECES[..]).prop_map(<[u8]>::to_vec),
        prop::sample::select(&PIECES[..]).prop_map(<[u8]>::to_vec),
    ];
    (prop::collection::vec(piece, 0..12), any::<prop::sample::Index>(), any::<bool>()).prop_map(
        |(pieces, at, is_cut)| {
            let mut octets = pieces.concat();
            if is_cut {
                octets.truncate(at.index(octets.len().saturating_add(1)));
            }
            octets
        },
    )
}

/// What parts are made of.
const PIECES: [&[u8]; 40] = [
    b"\xca\x03PGP",
    b"\xcd\x05Alice",
    b"\xcd\x24",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"-----BEGIN PGP MESSAGE-----\n",
    b"-----BEGIN PGP MESSAGE-----\n\n",
    b"-----BEGIN PGP MESSAGE-----\r",
    b"-----BEGIN PGP SIGNATURE-----\n",
    b"-----BEGIN PGP SIGNED MESSAGE-----\n",
    b"-----BEGIN PGP SIGNED MESSAGE-----\r\n",
    b"-----BEGIN PGP SIGNED MESSAGE-----\r",
    b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n",
    b"-----BEGIN PGP SIGNED MESSAGE-----\nNotDashEscaped: x\n\n",
    b"-----END PGP MESSAGE-----\n",
    b"-----END PGP MESSAGE-----",
    b"-----END PGP SIGNATURE-----\r\n",
    b"-----BEGIN PGP ",
    b"-----",
    b"-",
    b"- ",
    b"\n",
    b"\r",
    b"\r\n",
    b" ",
    b" \t",
    b"> ",
    b"\n> ",
    b"|",
    b"Comment: a\n",
    b"Comment=\n",
    b"zQFi",
    b"zQFi\n",
    b"zQF",
    b"z\n",
    b"=\n",
    b"==\n",
    b"=3D",
    b"=njUN\n",
    b"abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn any_pieces_are_the_same_parts_as_a_stream(octets in pieces()) {
        about(&octets.escape_ascii().to_string(), || laws(&octets));
    }
}
