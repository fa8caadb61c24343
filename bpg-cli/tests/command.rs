//! The laws of the whole command, over all files.

use std::path::Path;

#[path = "laws/command.rs"]
mod command;
mod common;

/// Larger files take long, as each is read eleven times and more.
const LARGEST: u64 = 64 * 1024;

fn laws(_path: &Path, file: &[u8]) -> usize {
    command::OPTIONS.into_iter().for_each(|options| command::laws(file, options));
    1
}

#[test]
fn every_file_of_testdata() {
    common::check_testdata(LARGEST, 570, laws);
}

/// What the fuzzer found once.
#[test]
fn regressions() {
    let files = common::inputs(&common::top().join("fuzz/regressions"), common::ANY_SIZE);
    common::check_files(&files, 12, laws);
}

/// Signed text is something, even if its signature is nothing.
#[test]
fn signed_text_with_an_empty_signature_is_no_empty_armor() {
    let signature = "-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n";
    let text = format!("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n{signature}");
    let printed = common::parse(&[], text.as_bytes());
    assert_eq!((printed.status, &*printed.errors), (0, ""));
    let printed = common::parse(&[], signature.as_bytes());
    assert_eq!((printed.status, &*printed.errors), (2, "bpg: input: no OpenPGP data: the armor is empty\n"));
}
