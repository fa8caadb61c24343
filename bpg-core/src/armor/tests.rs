use base64::engine::Engine;

use super::decode::{BASE64, BLOCK, CRC_24};
use super::*;
use crate::error::ErrorKind;
use crate::octets::u64_from;
use std::format;
use std::string::{String, ToString};
use std::time::{Duration, Instant};
use std::vec::Vec;

fn armor(body: &str) -> String {
    format!("-----BEGIN PGP MESSAGE-----\n\n{body}\n-----END PGP MESSAGE-----\n")
}

fn only(text: &str) -> Block<'_> {
    let mut blocks = blocks(text.as_bytes());
    let block = blocks.next().unwrap();
    assert!(blocks.next().is_none());
    block
}

#[test]
fn headers_are_pairs() {
    let text = "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\nVersion: 1 \r\nComment:two: three\r\n\r\nzQFh\r\n\
                -----END PGP PUBLIC KEY BLOCK-----\r\n";
    let block = only(text);
    let headers: Vec<_> = block.headers().map(|header| (header.key.as_slice(), header.value.as_slice())).collect();
    assert_eq!(headers, [(&b"Version"[..], &b"1"[..]), (b"Comment", b"two: three")]);
    assert!(block.has_empty_line() && block.has_tail());
    assert_eq!(*block.decode().unwrap().octets, [0xcd, 0x01, b'a']);
}

#[test]
fn text_around_and_between_is_passed_over() {
    let one = armor("zQFh");
    let text = format!("Dear Bob,\n{one}and\n  -----BEGIN PGP MESSAGE-----\n{one}Bye");
    let starts: Vec<_> = blocks(text.as_bytes()).map(|block| block.wire().start()).collect();
    assert_eq!(starts, [10, 10 + u64_from(one.len()) + 34]);
    let mut all = blocks(text.as_bytes());
    all.by_ref().for_each(drop);
    assert_eq!(all.remaining().as_slice(), b"Bye");
}

#[test]
fn what_cannot_be_misread_is_accepted() {
    for body in ["zQFhzQFi", "zQFh\nzQFi", "zQFh \t\r\nzQ\r\rFi", "zQ FhzQ Fi", "\nzQFhzQFi\n\n"] {
        let text = armor(body);
        assert_eq!(*only(&text).decode().unwrap().octets, b"\xcd\x01a\xcd\x01b", "{body:?}");
    }
    let text = "-----BEGIN PGP MESSAGE-----\nzQFh\n-----END PGP MESSAGE-----";
    let block = only(text);
    assert!(!block.has_empty_line());
    assert_eq!(*block.decode().unwrap().octets, [0xcd, 0x01, b'a']);
}

#[test]
fn padding_may_be_missing_but_not_a_character() {
    for (body, octets, has_padding) in [
        ("YWJj", &b"abc"[..], true),
        ("YWI=", b"ab", true),
        ("YWI", b"ab", false),
        ("YQ==", b"a", true),
        ("YQ\n==", b"a", true),
        ("YQ=", b"a", false),
        ("YQ", b"a", false),
        ("", b"", true),
    ] {
        let text = armor(body);
        let decoded = only(&text).decode().unwrap();
        assert_eq!((decoded.octets.as_slice(), decoded.has_padding), (octets, has_padding), "{body:?}");
    }
    let text = armor("YWJjY");
    let (decoded, error) = only(&text).decode_prefix();
    assert_eq!(*decoded.octets, b"abc");
    assert_eq!(error.unwrap().to_string(), "at octet 33: base64 ends with a single character, which encodes no octet");
}

#[test]
fn the_checksum_is_reported() {
    // CRC-24 of "abc", from the crc24 crate.
    let due = crc24::hash_raw(b"abc");
    let [_, high, middle, low] = due.to_be_bytes();
    let right = BASE64.encode([high, middle, low]);
    for (body, stored) in [
        (format!("YWJj\n={right}"), Some(Some(due))),
        (format!("YWJj={right}"), Some(Some(due))),
        ("YWJj\n=AAAA".to_string(), Some(Some(0))),
        ("YWJj\n=AAA".to_string(), Some(None)),
        ("YWJj".to_string(), None),
    ] {
        let text = armor(&body);
        let decoded = only(&text).decode().unwrap();
        assert_eq!(*decoded.octets, b"abc");
        assert_eq!(decoded.checksum, stored.map(|stored| Checksum { stored, due }), "{body:?}");
    }
    let text = armor(&format!("YWI=={right}"));
    assert!(only(&text).decode().unwrap().has_padding, "padding and checksum on one line");
}

#[test]
fn errors_have_a_place_and_lose_nothing_before_it() {
    for (body, octets, message) in [
        ("YWJjYW\nJj!WJj", &b"abcabc"[..], "at octet 38: the octet 0x21 is not base64"),
        ("YWJj!", b"abc", "at octet 33: the octet 0x21 is not base64"),
        ("YWI=\nYWJj", b"ab", "at octet 34: characters behind the end of the base64"),
        ("YWJj\n=AAAA\nYWJj", b"abc", "at octet 40: characters behind the end of the base64"),
    ] {
        let text = armor(body);
        let (decoded, error) = only(&text).decode_prefix();
        assert_eq!(error.unwrap().to_string(), message);
        assert_eq!(*decoded.octets, octets);
    }
    let block = only("-----BEGIN PGP MESSAGE-----\n\nYWJj\n");
    let (decoded, error) = block.decode_prefix();
    assert_eq!(*decoded.octets, b"abc");
    assert_eq!(error.unwrap().to_string(), "at octet 34: armor ends without its END line");
}

#[test]
fn a_block_larger_than_the_buffer() {
    let octets: Vec<u8> = (0..=255).cycle().take(3 * BLOCK + 1).collect();
    let encoded = BASE64.encode(&octets);
    let lines: Vec<_> = encoded.as_bytes().chunks(61).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let text = armor(&lines.join("\n"));
    let block = only(&text);
    assert_eq!(*block.decode().unwrap().octets, octets);
    let (lines, symbols) = (Lines::new(text.as_bytes()), Symbols::new(block));
    for offset in [0, 1, 2, 3, 3071, 3072, 12_288, 3 * u64_from(BLOCK)] {
        let (line, column) = lines.line_and_column(symbols.position(offset));
        let symbol = (line - 3) * 61 + column - 1;
        assert_eq!(symbol, offset / 3 * 4 + offset % 3);
    }
}

/// White space is found when a block is full, at its end, and behind others: here it starts with the line `from`.
#[test]
fn white_space_inside_of_lines_of_large_blocks() {
    let octets: Vec<u8> = (0..=255).cycle().take(3 * BLOCK + 1).collect();
    let encoded = BASE64.encode(&octets);
    for (from, space) in [(0, " "), (0, "\t  \t"), (1, " "), (3 * BLOCK / 48 - 1, " "), (BLOCK / 64, "   ")] {
        let mut text = String::new();
        for (number, line) in encoded.as_bytes().chunks(64).enumerate() {
            let (start, end) = line.split_at(if number < from { 0 } else { number % line.len() });
            let middle = if number < from { "" } else { space };
            text.extend([std::str::from_utf8(start).unwrap(), middle, std::str::from_utf8(end).unwrap(), "\n"]);
        }
        let good = armor(text.trim_end());
        let start = "-----BEGIN PGP MESSAGE-----\n\n".len();
        let decoded = only(&good).decode().unwrap();
        assert_eq!(*decoded.octets, octets, "{from} {space:?}");
        // One wrong character in each block, in front of white space and behind it.
        for wrong in [5, BLOCK / 2, BLOCK + 7, 3 * BLOCK - 1, text.len() - 100] {
            let place = start + wrong;
            let mut bad = good.clone().into_bytes();
            if bad[place].is_ascii_whitespace() {
                continue;
            }
            bad[place] = b'!';
            let (decoded, error) = blocks(&bad).next().unwrap().decode_prefix();
            let error = error.unwrap();
            assert_eq!((error.kind(), error.span().start), (ErrorKind::NotBase64 { octet: b'!' }, u64_from(place)));
            let before = good.as_bytes()[start..place].iter().filter(|octet| !octet.is_ascii_whitespace()).count();
            assert_eq!(decoded.octets.len(), before / 4 * 3 + [0, 0, 1, 2][before % 4], "{from} {space:?} {wrong}");
        }
    }
}

/// A block that is nearly full of characters has room for few of them, however much white space follows on the line; and lines
/// of white space alone fill no block. Each octet of that once cost a block, which is minutes; it takes well under a second.
#[test]
fn white_space_costs_no_block_an_octet() {
    let on_a_line = format!("{}{}A", "A".repeat(BLOCK - 1), " ".repeat(1 << 20));
    let on_its_own = format!("{}{}", " \n".repeat(1 << 19), "A".repeat(BLOCK));
    for body in [on_a_line, on_its_own] {
        let text = armor(&body);
        let started = Instant::now();
        assert_eq!(only(&text).decode().unwrap().octets.len(), BLOCK / 4 * 3);
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }
}

/// What the processor does with many characters at a time is what is done with one after another, errors included.
#[cfg(feature = "std")]
#[test]
fn base64_agrees_with_the_engine_without_vectors() {
    use super::decode::CONFIG;

    let scalar = base64::engine::GeneralPurpose::new(&base64::alphabet::STANDARD, CONFIG);
    let octets: Vec<u8> = (0..600_u32).map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    let (mut good, mut bad) = (0, 0);
    for length in 0..octets.len() {
        let mut text = scalar.encode(&octets[..length]).into_bytes();
        assert_eq!(BASE64.encode(&octets[..length]).as_bytes(), text);
        let symbols = text.iter().position(|octet| *octet == b'=').unwrap_or(text.len());
        text.truncate(symbols);
        let mut agree = |text: &[u8]| {
            let [mut one, mut other] = [[0; 1024]; 2];
            let due = scalar.decode_slice(text, &mut other);
            assert_eq!(BASE64.decode_slice(text, &mut one), due, "{text:?}");
            match due {
                Ok(count) => {
                    assert_eq!(one[..count], other[..count]);
                    good += 1;
                }
                Err(_) => bad += 1,
            }
        };
        agree(&text);
        for wrong in 0..=u8::MAX {
            let Some(place) = (usize::from(wrong) * 31 + length).checked_rem(text.len()) else { continue };
            let right = std::mem::replace(&mut text[place], wrong);
            agree(&text);
            text[place] = right;
        }
    }
    assert!(good > 30_000 && bad > 90_000, "{good} {bad}");
}

#[test]
fn the_checksum_agrees_with_the_crc24_crate() {
    let mut octets = Vec::new();
    for length in 0..200_u8 {
        assert_eq!(CRC_24.checksum(&octets), crc24::hash_raw(&octets));
        octets.push(length.wrapping_mul(151));
    }
}

#[test]
fn strict_armor_keeps_to_the_specification() {
    for text in [
        armor("YWJj"),
        armor("YW Jj \t\n\nYWI="),
        armor(&format!("{}\nYWJj=AAA", "A".repeat(76))),
        armor("YWJj\n\n=AAAA\n=AAAA"),
        armor("YWJj").replace("-----\n\n", "----- \t\r\nComment: \nX-Unknown: 1\n \t\n"),
    ] {
        assert_eq!(only(&text).check_strict(), Ok(()), "{text}");
    }
    for (text, position, reason) in [
        (
            armor("YWJj").replace("-----BEGIN", " -----BEGIN").replace("\nYW", "\n YW"),
            0,
            "the armor is indented or quoted",
        ),
        (armor("YWI"), 33, "the armor's padding is not what its data asks for"),
        (armor("YW\nJ="), 35, "the armor's last character has bits that belong to no octet"),
        (armor(&"A".repeat(80)), 29, "the line has more than 76 characters of base64"),
        (
            armor("YWJj").replace("\n\n", "\nComment:1\n\n"),
            28,
            "the armor header is not a key, a colon, a space and a value",
        ),
        (armor("YWJj").replace("\n\n", "\n"), 28, "the armor has no empty line in front of its data"),
        (
            armor("YWJj").replace("END PGP MESSAGE", "END PGP SIGNATURE"),
            47,
            "the armor's END line is not that of its BEGIN line",
        ),
        (armor("YWJj").replace("MESSAGE", "LETTER"), 15, "the armor's BEGIN line has a label that is not registered"),
    ] {
        let error = only(&text).check_strict().unwrap_err();
        assert_eq!((error.span().start, error.reason().to_string().as_str()), (position, reason), "{text}");
    }
}

#[test]
fn margins_are_no_part_of_the_data() {
    let quoted = |body: &str| armor(body).lines().map(|line| format!("> {line}\n")).collect::<String>();
    let text = quoted("zQFhzQ\nFi").replace("> \n", ">\n");
    let block = only(&text);
    assert_eq!(block.prefix().as_slice(), b"> ");
    assert_eq!(*block.decode().unwrap().octets, b"\xcd\x01a\xcd\x01b");
    assert_eq!(Symbols::new(block).position(5), 43);
    for (text, message) in [
        (quoted("zQ>h"), "at octet 37: the octet 0x3e is not base64"),
        (quoted("zQFh").replace("> zQ", "zQ"), "at octet 33: armor ends without its END line"),
    ] {
        assert_eq!(only(&text).decode().unwrap_err().to_string(), message);
    }
}
