//! `bpg debug armor` and `bpg debug dearmor`, over all of testdata/.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use bpg_core::armor::{self, Footer};
use bpg_core::container::{self, Part};

/// Armor and back is the identity, and armor is what the library makes in one piece.
#[test]
fn armor_and_back() {
    let mut count = 0;
    for path in files() {
        let octets = fs::read(&path).unwrap();
        let armored = bpg(&["debug", "armor", "--checksum"], &octets);
        if armored.status.code() == Some(2) {
            assert!(armored.stdout.is_empty(), "{}", path.display());
            continue;
        }
        let text = String::from_utf8(armored.stdout).unwrap();
        let label = text.lines().next().unwrap().trim_matches('-').strip_prefix("BEGIN PGP ").unwrap();
        assert!(text == **armor::encode(label, &[], &octets, Footer::Crc24), "{}", path.display());
        let back = bpg(&["debug", "dearmor", "--strict"], text.as_bytes());
        assert_eq!((back.status.code(), back.stderr.is_empty()), (Some(0), true), "{}", path.display());
        assert!(back.stdout == octets, "{}", path.display());
        count += 1;
    }
    assert!(count > 200, "only {count} files are packets");
}

/// What the library finds in memory comes out of the stream.
#[test]
fn dearmor_gives_what_blocks_hold() {
    let mut count = 0;
    for path in files() {
        let octets = fs::read(&path).unwrap();
        let parts: Vec<_> = container::parts(&octets).collect();
        let is_plain = |part: &Part<'_>| matches!(part, Part::Armor(_) | Part::Skipped(_) | Part::Cleartext(_));
        if !parts.iter().all(is_plain) {
            continue;
        }
        let mut expected = Vec::new();
        for part in parts {
            if let Part::Armor(block) = part {
                expected.extend_from_slice(&block.decode_prefix().0.octets);
            }
        }
        let output = bpg(&["debug", "dearmor"], &octets);
        assert!(output.stdout == expected, "{}", path.display());
        count += usize::from(!expected.is_empty());
    }
    assert!(count > 50, "only {count} files are armored");
}

/// Where `bpg debug parse` finds armor, and nothing is wrong with its packets, both think the same of it.
#[test]
fn dearmor_thinks_of_armor_as_parse_does() {
    for path in files().iter().filter(|path| path.parent().unwrap().ends_with("armor")) {
        let octets = fs::read(path).unwrap();
        for strict in [&[][..], &["--strict"]] {
            let parsed = bpg(&[&["debug", "parse"], strict].concat(), &octets);
            let output = bpg(&[&["debug", "dearmor"], strict].concat(), &octets);
            // What is wrong with the packets, only the one of them knows.
            if output.status != parsed.status {
                let decoded = bpg(&["debug", "parse"], &output.stdout);
                assert_ne!(decoded.status.code(), Some(0), "{} {strict:?}", path.display());
                assert!(output.status.code() < parsed.status.code(), "{} {strict:?}", path.display());
            }
        }
    }
}

/// What is written does not wait for the end of the input.
#[test]
fn streams_of_any_size() {
    for arguments in [&["debug", "armor"][..], &["debug", "dearmor"]] {
        let mut child = spawn(arguments);
        let mut stdin = child.stdin.take().unwrap();
        // Marker packets, again and again, until nobody reads them: there is no end of the input.
        let block = [0xca, 0x03, b'P', b'G', b'P'].repeat(64 * 1024);
        let writer = std::thread::spawn(move || while stdin.write_all(&block).is_ok() {});
        child.stdout.take().unwrap().read_exact(&mut [0; 64 * 1024]).unwrap();
        // The pipe is closed, which ends it quietly.
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        writer.join().unwrap();
    }
}

fn spawn(arguments: &[&str]) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_bpg"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn bpg(arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = spawn(arguments);
    let mut pipe = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // The command need not read what it is given.
        scope.spawn(move || pipe.write_all(stdin));
        child.wait_with_output().unwrap()
    })
}

/// The files of testdata/ but for large ones and for what is expected of others.
fn files() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if !["dump", "stderr", "md", "sh", "py"].contains(&extension) {
                files.push(path);
            }
        }
    }
    files.retain(|path| fs::metadata(path).unwrap().len() < 256 * 1024);
    assert!(files.len() > 400, "testdata/ is not there");
    files
}
