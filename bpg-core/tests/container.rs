//! What files hold, and what happens to armor on its way.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use common::about;
use common::laws::container::{Mangling, laws, mangled};
use proptest::prelude::*;

/// Each choice that can be made about armor, alone and with any one other.
#[test]
fn every_two_manglings_give_the_same_octets_or_none() {
    let octets: Vec<u8> = (0..=255).collect();
    let choices: Vec<(usize, u8)> = (1..5).flat_map(|at| (0..=255).map(move |choice| (at, choice))).collect();
    for length in [0, 1, 2, 3, 56, 57, 58, 255] {
        for (at, choice) in &choices {
            // Checksum, padding and blank line are there but for what the choice says.
            let mut seed = [63, 0, 0x0f, 0, 0];
            seed[*at] = *choice;
            mangled(&Mangling::new(seed), &octets[..length]);
        }
    }
}

#[test]
fn every_width_is_read_with_every_ending() {
    let octets: Vec<u8> = (0..200).collect();
    for width in 0..80 {
        for looks in 0..=255 {
            for encodings in [0, 1, 4, 7] {
                mangled(&Mangling::new([width, looks, 0x0f, 0, encodings]), &octets);
            }
        }
    }
}

/// Quoted-printable breaks long lines, and padding makes them longer.
#[test]
fn every_length_of_the_last_line_is_read() {
    for width in 0..80 {
        for length in 0..120 {
            for looks in [0, 20] {
                mangled(&Mangling::new([width, looks, 0x42, 0, 55]), &vec![0; length]);
            }
        }
    }
}

#[test]
fn every_file_is_made_of_its_parts() {
    for file in common::testdata().iter().chain(&common::vectors()).chain(&common::regressions()) {
        about(&file.name, || laws(&file.octets));
    }
}

#[test]
fn every_prefix_of_mangled_armor_obeys_the_laws() {
    let octets: Vec<u8> = (0..100).collect();
    for seed in [[63, 4, 15, 5, 0], [79, 0, 15, 0, 1], [63, 0, 15, 5, 12], [79, 4, 63, 10, 7], [63, 0, 15, 48, 0]] {
        let text = Mangling::new(seed).apply(&octets);
        about(&format!("{seed:?}"), || (0..text.len()).for_each(|length| laws(&text[..length])));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_mangling_gives_the_same_octets_or_none(
        seed in any::<[u8; 5]>(),
        octets in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        mangled(&Mangling::new(seed), &octets);
    }

    #[test]
    fn any_octets_are_made_of_their_parts(pieces in prop::collection::vec(
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..9),
            any::<([u8; 5], [u8; 7])>().prop_map(|(seed, octets)| Mangling::new(seed).apply(&octets)),
            Just(vec![0xca, 0x03, b'P', b'G', b'P']),
            Just(b"-----BEGIN PGP MESSAGE-----\n".to_vec()),
            Just(b"\n> ".to_vec()),
            Just(b"=\n=3D=\n".to_vec()),
        ],
        0..9,
    )) {
        laws(&pieces.concat());
    }
}
