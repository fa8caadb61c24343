//! Building packets.

use std::io::Write;

use flate2::Compression;

use crate::common::packet;

pub(crate) fn user_id(text: &str) -> Vec<u8> {
    packet(13, text.as_bytes())
}

/// The fields of literal data in front of the data: binary, no name, no date.
pub(crate) const LITERAL: &[u8] = b"b\0\0\0\0\0";

/// A Compressed Data packet.
pub(crate) fn compressed(algorithm: u8, contents: &[u8]) -> Vec<u8> {
    packet(8, &[&[algorithm][..], &compress(algorithm, contents)].concat())
}

pub(crate) fn compress(algorithm: u8, contents: &[u8]) -> Vec<u8> {
    compress_written(algorithm, |to| to.write_all(contents).unwrap())
}

/// What `write` writes, compressed.
pub(crate) fn compress_written(algorithm: u8, write: impl FnOnce(&mut dyn Write)) -> Vec<u8> {
    match algorithm {
        0 => {
            let mut out = Vec::new();
            write(&mut out);
            out
        }
        1 => {
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
            write(&mut encoder);
            encoder.finish().unwrap()
        }
        2 => {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::best());
            write(&mut encoder);
            encoder.finish().unwrap()
        }
        _ => {
            let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
            write(&mut encoder);
            encoder.finish().unwrap()
        }
    }
}

/// A User ID packet with `depth` compressed packets around it.
pub(crate) fn nested(algorithm: u8, depth: u32) -> Vec<u8> {
    (0..depth).fold(user_id("deep"), |inner, _| compressed(algorithm, &inner))
}
