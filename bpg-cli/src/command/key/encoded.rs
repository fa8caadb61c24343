//! Armor in an encoding that has to be undone before it can be read.

use std::ops::ControlFlow;

use bpg_core::armor::Block;
use bpg_core::container::{Encoded, Encoding, Part};

use crate::input::Places;

/// Says where a position in a text is: as an octet of the file, or, if one is given, as that octet of the armored data.
pub(super) type Locate<'l> = dyn Fn(Option<u64>, u64) -> String + 'l;

/// Locates positions in a text that has lines of its own, given where in the file they are.
pub(super) fn locate(places: &Places<'_>, armored: Option<u64>, in_file: u64, in_text: u64) -> String {
    match armored {
        Some(position) => places.place_of_armored(position, in_text),
        None => places.place_in_text(in_file, in_text),
    }
}

/// Calls `see` with each block of armor in `encoded`, and with what says where positions in its text are, until that is
/// enough. `outer` says it of the text that `encoded` is in.
pub(super) fn blocks<B>(
    encoded: Encoded<'_>,
    outer: &Locate<'_>,
    see: &mut dyn FnMut(Block<'_>, &Locate<'_>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let transcoded = encoded.decode();
    let places = Places::in_text(transcoded.text());
    // Quoted-printable makes lines of its own, so that those of what it is in are told.
    let has_lines_of_outer = encoded.encoding() == Encoding::QuotedPrintable;
    let place = |armored: Option<u64>, position: u64| {
        let wire = transcoded.position(position);
        if has_lines_of_outer { outer(armored, wire) } else { locate(&places, armored, wire, position) }
    };
    for part in transcoded.parts() {
        match part {
            Part::Armor(block) => see(block, &place)?,
            // There are never more than two inside of each other.
            Part::Encoded(inner) => blocks(inner, &place, see)?,
            _ => {}
        }
    }
    ControlFlow::Continue(())
}
