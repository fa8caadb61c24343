//! What files are found to hold, and what is said of the rest of them.

mod common;

use common::{Printed, parse};

fn text(name: &str) -> String {
    String::from_utf8(common::testdata_file(name)).expect("armor is ASCII")
}

/// A key, armored.
fn armor() -> String {
    text("armor/plain.asc")
}

/// The same key, as packets.
fn packets() -> Vec<u8> {
    common::testdata_file("keys/ed25519.pub.gpg")
}

/// How many packets the key has.
const PACKETS: usize = 5;

fn count(printed: &Printed) -> usize {
    printed.output.lines().filter(|line| line.starts_with("## ")).count()
}

/// What is said on standard error, without the name of the file.
fn errors(printed: &Printed) -> Vec<&str> {
    printed.errors.lines().map(|line| line.strip_prefix("bpg: input: ").expect("it is about the file")).collect()
}

/// The status and the packets that `bpg debug dearmor` makes of a file, and what it says.
fn dearmor(options: &[&str], octets: &[u8]) -> (Option<i32>, Vec<u8>, String) {
    let output = common::feed(&mut common::bpg(&[&["debug", "dearmor"], options].concat()), octets);
    let errors = common::stderr(&output);
    (output.status.code(), output.stdout, errors)
}

#[test]
fn utf_16_is_read_however_large_it_is() {
    let text = "Hello, here is text.\r\n".repeat(4000);
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        let utf16 = |text: &str| text.encode_utf16().flat_map(unit).collect::<Vec<_>>();
        let file = utf16(&["\u{feff}", &text, &armor(), &text].concat());
        let printed = parse(&[], file.as_slice());
        assert_eq!((printed.status, count(&printed)), (0, PACKETS));
        let behind = 2 + 2 * (text.len() + armor().len());
        let lines = 4001 + armor().lines().count();
        assert_eq!(
            errors(&printed),
            [
                "at octet 0 (line 1, column 1): the armor is in UTF-16".to_owned(),
                "at octet 2 (line 1, column 4): skipped 176000 octets that are not armor".to_owned(),
                format!("at octet {behind} (line {lines}, column 1): skipped 176000 octets that are not armor"),
            ]
        );
        assert_eq!(dearmor(&[], &file).1, packets());
        // What is wrong has its place in the file.
        let sign = utf16("*");
        let mut damaged = file.clone();
        let at = 2 + 2 * (text.len() + armor().find("\n\n").unwrap() + 2);
        damaged[at..at + 2].copy_from_slice(&sign);
        let printed = parse(&[], damaged.as_slice());
        let due = format!("at octet {at} (line 4003, column 1): the octet 0x2a is not base64");
        assert!(errors(&printed).contains(&&*due), "{}", printed.errors);
        // What is beyond the limit is said, and not passed over.
        let printed = parse(&["--limit", "packet=200K"], file.as_slice());
        let due =
            "at octet 204800: more octets of encoded text than the limit of 204800, not read on (see --limit packet)";
        assert_eq!((printed.status, errors(&printed).last()), (1, Some(&due)));
    }
}

/// Text around armor is allowed everywhere. What is no text may be packets, which nobody shall think were read.
#[test]
fn what_is_skipped_and_no_text_is_told_and_not_strict() {
    let (armor, packets) = (armor(), packets());
    let binary = ", and not only text: packets among them, if any, were not read";
    for (behind, said) in [
        (&b"Bye\n"[..], ""),
        ("Gr\u{fc}\u{df}e\r\n\x0c".as_bytes(), ""),
        (b"Gr\xfc\xdfe\n", ""),
        (b"\0\0\0\0", binary),
        (b"Bye\n\x1b[0m\n", binary),
        (&[b"Bye\n", packets.as_slice()].concat(), binary),
    ] {
        for file in [[armor.as_bytes(), behind].concat(), [armor.as_bytes(), behind, b"\n", armor.as_bytes()].concat()]
        {
            let blocks = if file.len() > 2 * armor.len() { 2 } else { 1 };
            let count_skipped = file.len() - blocks * armor.len();
            let due = format!("skipped {count_skipped} octets that are not armor{said}");
            let printed = parse(&[], file.as_slice());
            assert_eq!((printed.status, count(&printed)), (0, blocks * PACKETS));
            assert_eq!(errors(&printed), [format!("at octet {} (line 14, column 1): {due}", armor.len())]);
            let strict = if said.is_empty() { 0 } else { 1 };
            assert_eq!(parse(&["--strict"], file.as_slice()).status, strict, "{due}");
            let (status, octets, errors) = dearmor(&[], &file);
            assert_eq!((status, octets.len()), (Some(0), blocks * packets.len()));
            assert!(errors.contains(&due), "{errors}");
            assert_eq!(dearmor(&["--strict"], &file).0, Some(i32::from(strict)));
        }
    }
}

/// Packets behind armor are read, too, where the armor is encoded so that all of the file is held.
#[test]
fn packets_behind_armor_are_read_whatever_it_is_encoded_in() {
    let encoded = common::testdata_file("armor/quoted-printable-soft-breaks.asc");
    for (pieces, blocks) in [
        (&[&encoded, packets().as_slice()][..], 2),
        (&[&encoded, armor().as_bytes(), &packets()], 3),
        (&[&encoded, &packets(), armor().as_bytes()], 3),
    ] {
        let file = pieces.concat();
        let printed = parse(&[], file.as_slice());
        assert_eq!((printed.status, count(&printed)), (0, blocks * PACKETS), "{}", printed.errors);
        assert!(!printed.errors.contains("skipped"), "{}", printed.errors);
        assert_eq!(dearmor(&[], &file).1, packets().repeat(blocks));
        // What is wrong with them is told.
        let cut = &file[..file.len() - 2];
        let printed = parse(&[], cut);
        assert_eq!((printed.status, parse(&["--json"], cut).status), (1, 1), "{}", printed.errors);
    }
}

/// What armor had to be made good is told where it is, as it is with `--strict`.
#[test]
fn notes_on_armor_have_their_place() {
    let armor = armor();
    let base64_end = armor.find("-----END").unwrap();
    let (sign, line) = (armor.rfind("\n=").unwrap() + 1, armor.lines().count() - 1);
    let encoded = armor.replace('=', "=3D");
    let quoted: String = armor.lines().map(|line| format!("> {line}\n")).collect();
    for (file, place, reason, is_strict) in [
        (quoted, "at octet 0 (line 1, column 1)".to_owned(), "the armor is indented or quoted", true),
        (
            armor.replacen("\n\n", "\n", 1),
            "at octet 37 (line 2, column 1)".to_owned(),
            "the armor has no empty line in front of its data",
            true,
        ),
        (
            text("armor/last-group-1-no-padding.asc"),
            "at octet 630 (line 13, column 1)".to_owned(),
            "the armor's padding is not what its data asks for",
            true,
        ),
        (
            armor.replace("END PGP PUBLIC", "END PGP PRIVATE"),
            format!("at octet {} (line {}, column 14)", base64_end + 13, line + 1),
            "the armor's END line is not that of its BEGIN line",
            true,
        ),
        (
            encoded.clone(),
            format!("at octet {} (line {line}, column 1)", encoded.find('=').unwrap()),
            "the armor is encoded as quoted-printable",
            true,
        ),
        (
            [&armor[..sign], "=AAAA\n", &armor[base64_end..]].concat(),
            format!("at octet {sign} (line {line}, column 1)"),
            "the armor's CRC-24 is wrong",
            false,
        ),
    ] {
        let due = format!("{place}: {reason}");
        let printed = parse(&[], file.as_bytes());
        assert_eq!((printed.status, errors(&printed)), (0, vec![due.as_str()]));
        let strict = parse(&["--strict"], file.as_bytes());
        assert_eq!((strict.status, errors(&strict)), (u8::from(is_strict), vec![due.as_str()]));
        for options in [&[][..], &["--strict"]] {
            assert!(dearmor(options, file.as_bytes()).2.contains(&due), "{due}");
        }
    }
}

/// Armor that is passed over because of its headers is not text to whoever wants to read it.
#[test]
fn armor_with_too_many_headers_is_an_error() {
    let long = armor().replacen("-----\n", &["-----\n", &"Comment: a\n".repeat(6000)].concat(), 1);
    let reason =
        "more octets of armor headers than the limit of 65536, not read on (remove some to have the armor read)";
    let printed = parse(&[], long.as_bytes());
    let skipped = format!("at octet 0 (line 1, column 1): skipped {} octets that are not armor", long.len());
    assert_eq!((printed.status, count(&printed)), (1, 0));
    assert_eq!(errors(&printed), [skipped, format!("at octet 0 (line 1, column 1): {reason}")]);
    assert_eq!(dearmor(&[], long.as_bytes()).0, Some(1));

    let file = [&armor(), "Text\n", &long].concat();
    let printed = parse(&[], file.as_bytes());
    assert_eq!((printed.status, count(&printed)), (1, PACKETS));
    let place = format!("at octet {} (line 15, column 1)", armor().len() + 5);
    assert_eq!(errors(&printed).last(), Some(&&*format!("{place}: {reason}")));
    let (status, octets, errors) = dearmor(&[], file.as_bytes());
    assert_eq!((status, octets), (Some(1), packets()));
    assert!(errors.contains(&format!("{place}: {reason}")), "{errors}");
}

/// Secrets of gpg-agent are text where the file is, with all of its white space, and hexadecimal where they are octets, which
/// may look like text. The one is never taken for the other.
#[test]
fn the_format_of_an_agent_key_tells_how_secrets_are_shown() {
    for (key, shown) in [
        (&b"(11:private-key(3:ecc(5:curve7:Ed25519)(1:d4:4a4b)))"[..], "d: 343a34613462"),
        (b"(11:private-key(3:ecc(5:curve7:Ed25519)(1:d4: 4a )))", "d: 343a20346120"),
        (b"Key: (private-key (ecc (curve Ed25519)(d #4A4B#)))\n", "d:  #4A4B#"),
        (b"Key: (private-key (ecc (curve Ed25519)(d 4:4a  )))\n", "d:  4:4a  "),
        (b"Key: (private-key (ecc (curve \" ;4a \")(d #4A#)))\n", "curve:  ;4a "),
        (b"Key: (private-key (ecc (curve Ed25519)(d 2:\xff\n)))\n", r"d:  2:\xff\n"),
    ] {
        let printed = parse(&["--show-secrets"], key).output;
        let line = format!("        {shown}  [");
        assert_eq!(printed.lines().filter(|printed| printed.starts_with(&line)).count(), 1, "{printed}");
    }
}
