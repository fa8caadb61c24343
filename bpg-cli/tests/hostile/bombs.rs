//! A few octets that stand for many.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use crate::build::{LITERAL, compress, compress_written, compressed, nested, user_id};
use crate::common::{self, packet};
use crate::run::{Run, parse};

/// What is printed where nothing is wrong but a limit.
fn assert_limit(run: &Run, notice: &str) {
    assert_eq!(run.status, 1, "{}", run.errors);
    assert!(run.errors.lines().all(|line| line.contains(notice)), "{}", run.errors);
    let notice = notice.split_once(" (see").map_or(notice, |(notice, _)| notice);
    assert!(run.output.lines().any(|line| line.contains("error: ") && line.contains(notice)), "{}", run.output);
}

#[test]
fn nesting() {
    for algorithm in 0..4 {
        let run = parse(&[], &nested(algorithm, 16));
        assert_eq!((run.status, &*run.errors), (0, ""));
        assert!(run.output.contains("content: deep"));
        for depth in [17, 128] {
            let run = parse(&[], &nested(algorithm, depth));
            assert_limit(
                &run,
                "more levels of compressed packets than the limit of 16, not read on (see --limit depth)",
            );
            assert_eq!(run.headings().len(), 17);
            assert!(!run.output.contains("content: deep"));
        }
        let run = parse(&["--limit", "depth=256"], &nested(algorithm, 256));
        assert_eq!((run.status, &*run.errors), (0, ""));
        assert!(run.output.contains("content: deep"));
    }
    let run = parse(&["--limit", "depth=0"], &nested(2, 1));
    assert_limit(&run, "more levels of compressed packets than the limit of 0, not read on (see --limit depth)");
}

/// A quarter of the stack that Linux gives a process is enough for the deepest nesting that can be asked for.
#[test]
fn a_small_stack() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("nested");
    std::fs::write(&file, nested(2, 256)).unwrap();
    let output = std::process::Command::new("sh")
        .args(["-c", r#"ulimit -s 2048; exec "$0" debug parse --limit depth=256 "$1""#, env!("CARGO_BIN_EXE_bpg")])
        .arg(&file)
        .output()
        .unwrap();
    assert_eq!((output.status.code(), common::stderr(&output)), (Some(0), String::new()));
}

/// Armor that looks quoted-printable as far as anything is known, and does not as a whole: a line ends with an equals sign, and
/// only of the first 64 KiB the characters are a whole number of groups. What the first is held for is not looked for again.
#[test]
fn armor_that_is_quoted_printable_by_its_start_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("armor");
    for key in 4..7 {
        for count in 20_000..20_004 {
            let head = format!("-----BEGIN PGP MESSAGE-----\r\nC{}: 1\r\n\r\nzQ=\r\n", "c".repeat(key));
            let text = [&head, "A1C\r\n".repeat(count).as_str(), "-----END PGP MESSAGE-----\r\n"].concat();
            for args in [&["-v"][..], &["--hex"], &["--count", "--strict"]] {
                let run = parse(args, text.as_bytes());
                assert_eq!(run.status, 1, "{args:?} {key} {count}: {}", run.errors);
                let is_encoded = run.errors.contains("quoted-printable");
                assert_eq!(is_encoded, count == 20_002, "{args:?} {key} {count}: {}", run.errors);
            }
            std::fs::write(&file, &text).unwrap();
            let output = common::bpg(&["debug", "dearmor"]).arg(&file).output().unwrap();
            assert_eq!(
                output.status.code(),
                Some(i32::from(count != 20_002)),
                "{key} {count}: {}",
                common::stderr(&output)
            );
        }
    }
}

#[test]
fn a_flood_of_packets() {
    let empty = b"\xcd\x00".repeat(1_000_000);
    let contents = compress_written(2, |to| (0..100).for_each(|_| to.write_all(&empty).unwrap()));
    let flood = packet(8, &[&[2][..], &contents].concat());
    let start = Instant::now();
    let run = parse(&[], &flood);
    assert!(run.errors.contains(" of the ZLIB data of the packet at octet 0: more packets than "), "{}", run.errors);
    assert_limit(&run, ", not read on (see --limit packets)");
    run.assert_small();
    let run = parse(&["--limit", "packets=none", "--limit", "output=1M"], &flood);
    assert_limit(&run, "more octets of output than the limit of 1048576, not read on (see --limit output)");
    assert!(run.output.len() < (1 << 20) + 1000);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn each_limit_at_its_edge() {
    let two = [user_id("a"), user_id("b")].concat();
    let literal = packet(11, &[LITERAL, &[0; 94]].concat());
    let zipped = compressed(1, &literal);
    let long = packet(13, &[b'a'; 94]);
    let printed = parse(&[], &two).output.len();
    for (name, enough, input, notice) in [
        ("packets", 2, &two, "more packets than the limit of 1, not read on (see --limit packets)"),
        ("packet", 100, &long, "more octets in a packet than the limit of 99, not read on (see --limit packet)"),
        (
            "decompressed",
            106,
            &zipped,
            "more octets of decompressed data than the limit of 105, not read on (see --limit decompressed)",
        ),
        ("depth", 1, &zipped, "more levels of compressed packets than the limit of 0, not read on (see --limit depth)"),
        ("output", printed, &two, "more octets of output than the limit of "),
    ] {
        let run = parse(&["--limit", &format!("{name}={enough}")], input);
        assert_eq!((run.status, &*run.errors), (0, ""), "{name}");
        assert_limit(&parse(&["--limit", &format!("{name}={}", enough - 1)], input), notice);
        // The last one counts.
        let run = parse(&["--limit", &format!("{name}=0"), "--limit", &format!("{name}={enough}")], input);
        assert_eq!(run.status, 0, "{name}");
        if name != "depth" {
            assert_eq!(parse(&["--limit", &format!("{name}=none")], input).status, 0, "{name}");
        }
    }
}

/// Gives an octet at a time.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = out.len().min(1);
        self.0.read(&mut out[..most])
    }
}

/// Exactly as much is decompressed as may be, however the input comes.
#[test]
fn decompressed_octets_end_at_their_limit() {
    let one = user_id("0123456789");
    let options = &["--limit", "decompressed=1605"];
    for algorithm in 0..4 {
        let input = compressed(algorithm, &one.repeat(10_000));
        let printed = common::parse(options, &input[..]);
        assert_eq!(printed.output.matches("content: 0123456789\n").count(), 1605 / one.len(), "{algorithm}");
        assert_eq!(printed, common::parse(options, Trickle(&input)), "{algorithm}");
        let records = common::records(options, &input);
        let packets = records.iter().filter(|record| record["space"] == "decompressed");
        assert!(packets.clone().count() > 100);
        assert!(packets.rev().skip(1).all(|record| record["status"] == "ok"));
    }
}

/// A packet that was read to its end is malformed for reasons of its own.
#[test]
fn errors_in_front_of_a_limit_stay_what_they_are() {
    let malformed = [
        &[0xc2, 6][..], // Signature, 6 octets
        &[4, 0, 1, 8],  // version 4, of a binary document, with RSA and SHA2-256
        &[0, 100],      // 100 octets of hashed subpackets, none of which are there
    ];
    let input = compressed(2, &[malformed.concat(), user_id("a").repeat(5000)].concat());
    let printed = common::parse(&["--limit", "decompressed=1000"], &input[..]);
    assert!(printed.output.contains("hashed area: need 100 octets, have 0"), "{}", printed.output);
    assert_eq!(printed.errors.lines().count(), 2, "{}", printed.errors);
}

#[test]
fn what_is_no_limit() {
    for limit in [
        "",
        "packets",
        "packets=",
        "packets=-1",
        "packets=1kB",
        "packets=1 ",
        "packets=0x10",
        "files=1",
        "depth=257",
        "depth=none",
        "output=99999999999999999999",
        "=1",
        "Packets=1",
    ] {
        let run = parse(&["--limit", limit], b"\xcd\x01a");
        assert_eq!((run.status, &*run.output), (2, ""), "{limit}");
        assert!(run.errors.contains("--limit"), "{}", run.errors);
    }
}

#[test]
fn compressed_data_of_each_algorithm() {
    for (algorithm, name) in [(0, "Uncompressed"), (1, "ZIP"), (2, "ZLIB"), (3, "BZip2")] {
        let run = parse(&[], &[compressed(algorithm, &user_id("inside")), user_id("behind")].concat());
        assert_eq!((run.status, &*run.errors), (0, ""), "{name}");
        assert_eq!(run.headings().len(), 3);
        assert!(
            run.output.contains(&format!("algorithm: {name}\n")) && run.output.contains("        content: inside\n")
        );
    }
    let run = parse(&[], &[packet(8, b"\x09abc"), user_id("behind")].concat());
    assert_eq!((run.status, run.headings().len()), (0, 2), "{}", run.errors);
    assert!(run.output.contains("algorithm: unknown (9)\n"));
}

#[test]
fn compressed_data_that_is_damaged() {
    let inside = user_id(&"inside ".repeat(20));
    for algorithm in 1..4 {
        let whole = compress(algorithm, &inside);
        let with = |data: &[u8]| [packet(8, &[&[algorithm][..], data].concat()), user_id("behind")].concat();
        // Cut short, in a packet that is whole.
        for cut in 0..whole.len() {
            let run = parse(&[], &with(&whole[..cut]));
            assert_eq!(run.status, 1, "{algorithm}, {cut}");
            assert!(run.errors.contains("at octet 7: the compressed data ends early\n"), "{cut}: {}", run.errors);
            assert!(run.output.contains("content: behind"), "{}", run.output);
        }
        // Octets behind its end.
        let run = parse(&[], &with(&[&whole[..], b"abc"].concat()));
        let end = 7 + whole.len();
        assert_eq!((run.status, run.errors), (1, format!("bpg: standard input: at octet {end}: 3 octets left over\n")));
        assert!(run.output.contains("content: inside") && run.output.contains("content: behind"), "{}", run.output);
        // Something else from the start.
        let run = parse(&[], &with(&[0xff; 20]));
        assert_eq!(run.errors, "bpg: standard input: at octet 7: this does not decompress\n", "{algorithm}");
        assert_eq!((run.status, run.output.contains("content: behind")), (1, true));
        // A flipped bit is never silent where there is a check, unless it changes nothing, and never costs what is behind.
        let sound = parse(&[], &with(&whole)).output;
        for position in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[position] ^= 0x10;
            let run = parse(&[], &with(&flipped));
            assert!(run.output.contains("content: behind"), "{algorithm}, {position}: {}", run.output);
            assert!(
                run.status == 1 || algorithm == 1 || run.output == sound,
                "{algorithm}, {position}: {}",
                run.output
            );
        }
    }
}

#[test]
fn errors_name_the_path() {
    let inner = compressed(2, &[user_id("deep"), b"\xcd\x05b".to_vec()].concat());
    let input = [user_id("first"), compressed(1, &[user_id("second"), inner].concat())].concat();
    let run = parse(&[], &input);
    assert_eq!(
        run.errors,
        "bpg: standard input: at octet 12 of the ZLIB data of the packet at octet 12 of the ZIP data of the packet at \
         octet 11: User ID: body: need 5 octets, have 1\n"
    );
    assert_eq!(run.status, 1);
}

#[test]
fn compressed_packets_stay_closed_if_asked_to() {
    let run = parse(&["--no-recurse"], &[nested(2, 100), packet(8, b"\x02damaged")].concat());
    assert_eq!((run.status, &*run.errors), (0, ""));
    assert_eq!(run.headings().len(), 2);
}

#[test]
fn embedded_signatures_stay_closed_if_asked_to() {
    let key = &common::testdata_file("certificates/signing-subkey.pub.gpg");
    let embedded = |run: &Run| run.output.lines().filter(|line| line.contains("Embedded Signature")).count();
    let (open, closed) = (parse(&[], key), parse(&["--no-recurse"], key));
    assert_eq!((embedded(&open), embedded(&closed)), (1, 1));
    assert!(closed.output.contains("Embedded Signature: [117 octets]"), "{}", closed.output);
    assert!(open.output.contains("Primary Key Binding Signature"), "{}", open.output);
    assert!(!closed.output.contains("Primary Key Binding Signature"), "{}", closed.output);
}

/// What compressed data holds is packets, and armor in those is data.
#[test]
fn armor_inside_is_not_opened() {
    let armor = b"-----BEGIN PGP MESSAGE-----\n\nzQFh\n-----END PGP MESSAGE-----\n";
    let run = parse(&[], &compressed(2, &packet(11, &[LITERAL, armor].concat())));
    assert_eq!((run.status, run.headings().len()), (0, 2));
    let run = parse(&[], &compressed(2, armor));
    assert_eq!(run.status, 1);
    assert!(!run.output.contains("User ID"), "{}", run.output);
}

/// The budget is one for all compressed packets of a file.
#[test]
fn many_bombs_in_a_row() {
    let one = compressed(2, &packet(11, &[LITERAL, &vec![0; 9 << 20]].concat()));
    let start = Instant::now();
    let run = parse(&["--limit", "decompressed=10M"], &one.repeat(100));
    assert_limit(
        &run,
        "more octets of decompressed data than the limit of 10485760, not read on (see --limit decompressed)",
    );
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    run.assert_small();
}

/// Each file has its own.
#[test]
fn files_have_limits_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("two");
    std::fs::write(&file, [user_id("a"), user_id("b")].concat()).unwrap();
    let name = file.to_str().unwrap();
    let run = parse(&["--limit", "packets=2", name, "/", name], b"");
    assert_eq!((run.status, &*run.errors), (2, "bpg: /: Is a directory (os error 21)\n"));
    let headings: Vec<_> = run.output.lines().filter(|line| line.starts_with("==> ")).collect();
    assert_eq!(headings, [format!("==> {name} <=="), "==> / <==".to_string(), format!("==> {name} <==")]);
    assert_eq!(run.headings().len(), 4);
}

/// What has no end is read only as far as it is printed.
#[test]
fn an_endless_file() {
    let run = crate::run::parse_fed(&["--limit", "output=10K"], |pipe| {
        io::copy(&mut io::repeat(0xcd).take(100 << 20), pipe).map(|_| ())
    });
    // Each packet is a user ID of 3,542 octets.
    assert_limit(&run, "more octets of output than the limit of 10240, not read on (see --limit output)");
}

/// Octets that decompress to themselves: a padding packet, and a packet in ZIP.
///
/// A DEFLATE stream is made of units of five octets: stored blocks, whose header is a unit, and blocks that copy the last
/// four units. What the blocks give is, unit by unit, what is in front of them and what they are.
fn quine() -> Vec<u8> {
    // The header of a stored block of so many units.
    let stored = |units: u16| {
        let length = units * 5;
        let [[low, high], [inverse_low, inverse_high]] = [length.to_le_bytes(), (!length).to_le_bytes()];
        vec![0, low, high, inverse_low, inverse_high]
    };
    // Bits, the lowest of each octet first: 010, a block with fixed codes; twice 0001000 01000 110, ten octets from 20 octets
    // before; 0000000, its end.
    let copy = || vec![0x42, 0x88, 0x21, 0xc4, 0x00];
    let last = vec![1, 0, 0, 0xff, 0xff];
    let stream = |start: &[u8]| {
        let [four, one, none] = [4, 1, 0].map(stored);
        let rest = [copy(), none.clone(), none, last.clone()].concat();
        [
            &four,
            start,
            &four,
            &copy(),
            &one,
            &copy(),
            &one,
            &one,
            &four,
            &copy(),
            &one,
            &one,
            &four,
            &copy(),
            &four,
            &copy(),
            &four,
            &copy(),
            &four,
            &copy(),
            &four,
            &rest,
            &rest,
        ]
        .into_iter()
        .flatten()
        .copied()
        .collect::<Vec<u8>>()
    };
    let length = u32::try_from(stream(&[0; 15]).len() + 1).unwrap();
    // Padding of six octets, so that it is three units with the header of the compressed packet: its length, and ZIP.
    let start = [&b"\xd5\x06quine \xc8\xff"[..], &length.to_be_bytes(), &[1]].concat();
    [&start[..], &stream(&start)].concat()
}

#[test]
fn a_quine() {
    let quine = quine();
    let start = Instant::now();
    let run = parse(&[], &quine);
    assert_limit(&run, "more levels of compressed packets than the limit of 16, not read on (see --limit depth)");
    // It is one: each level holds what the one around it does.
    assert_eq!(run.headings().iter().filter(|line| line.contains("Compressed Data")).count(), 17, "{}", run.output);
    assert_eq!(run.headings().iter().filter(|line| line.contains("Padding")).count(), 17);
    assert!(!run.output.contains("decompress\n"), "{}", run.output);
    run.assert_small();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
