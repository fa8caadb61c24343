//! Building packets.

use std::io::Write;

use flate2::Compression;

/// A packet with a length of five octets.
pub(crate) fn packet(packet_type: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = header(packet_type, u32::try_from(body.len()).unwrap());
    packet.extend_from_slice(body);
    packet
}

/// The header of one whose body has this length.
pub(crate) fn header(packet_type: u8, length: u32) -> Vec<u8> {
    let mut header = vec![0xc0 | packet_type, 0xff];
    header.extend_from_slice(&length.to_be_bytes());
    header
}

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
