//! Keyboxes and keys of gpg-agent: the laws over damaged files, and what the files of the corpus hold.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::ops::ControlFlow;
use std::process::{Command, Stdio};

use allocation_counter::measure;
use bpg_core::agent_key::{AgentKey, Format, Kind, PartValue};
use bpg_core::error::ErrorKind;
use bpg_core::framing::Packets;
use bpg_core::inspect::{self, Event, Field, VALUE, Value};
use bpg_core::keybox::{Blob, Contents, Header, KeyBlob, blobs, is_keybox};
use bpg_core::octets::Octets;
use bpg_core::packet::Packet;
use bpg_core::registry::KeyboxBlobType;

use common::{File, about, laws};

/// Every keybox of the corpus.
fn keyboxes() -> Vec<File> {
    let files: Vec<_> = common::testdata().into_iter().filter(|file| file.name.ends_with(".kbx")).collect();
    assert!(files.len() >= 8, "{} keyboxes", files.len());
    files
}

/// Every key of gpg-agent in the corpus.
fn agent_keys() -> Vec<File> {
    let files: Vec<_> = common::testdata().into_iter().filter(|file| file.name.ends_with(".key")).collect();
    assert_eq!(files.len(), 7);
    files
}

fn interpreted(octets: &[u8]) -> Vec<Contents<'_>> {
    blobs(octets.into()).map(|blob| blob.unwrap().interpret().unwrap()).collect()
}

fn keys(octets: &[u8]) -> Vec<KeyBlob<'_>> {
    let keys = interpreted(octets).into_iter();
    keys.filter_map(|contents| if let Contents::Key(key) = contents { Some(key) } else { None }).collect()
}

fn header(octets: &[u8]) -> Header<'_> {
    match interpreted(octets)[0] {
        Contents::Header(header) => header,
        contents => panic!("{contents:?} is first"),
    }
}

#[test]
fn every_file_obeys_the_laws() {
    for file in common::testdata().into_iter().chain(common::vectors()) {
        about(&file.name, || laws::keybox::laws(&file.octets));
    }
}

#[test]
fn every_prefix_and_flipped_bit_of_small_files_obeys_the_laws() {
    let small = keyboxes().into_iter().chain(agent_keys()).filter(|file| file.octets.len() < 900);
    let mut count = 0;
    for File { name, octets } in small {
        count += 1;
        about(&name, || {
            (0..octets.len()).for_each(|length| laws::keybox::laws(&octets[..length]));
            let mut damaged = octets.clone();
            for bit in 0..octets.len() * 8 {
                damaged[bit / 8] ^= 1 << (bit % 8);
                laws::keybox::laws(&damaged);
                damaged[bit / 8] ^= 1 << (bit % 8);
            }
        });
    }
    assert!(count >= 7, "{count} files are small");
}

#[test]
fn positions_at_the_end_of_the_number_range_do_not_overflow() {
    let mut told = 0;
    for File { octets, .. } in keyboxes() {
        for blob in blobs(Octets::new(&octets, u64::MAX - 20)).flatten() {
            let _ = inspect::keybox_blob(&blob, &mut |_: Event<'_>| {
                told += 1;
                ControlFlow::<()>::Continue(())
            });
        }
    }
    assert!(told >= 900, "{told} events");
}

#[test]
fn only_keyboxes_are_keyboxes() {
    for file in common::testdata().into_iter().chain(common::vectors()) {
        assert_eq!(is_keybox(&file.octets), file.name.ends_with(".kbx"), "{}", file.name);
        let is_key = AgentKey::recognise(file.octets.as_slice().into()).is_some();
        let folders = ["testdata/gnupg/", "/privkeys/"];
        let is_named_so = file.name.ends_with(".key") && folders.iter().any(|folder| file.name.contains(folder));
        assert_eq!(is_key, is_named_so, "{}", file.name);
    }
}

/// The fingerprints that a blob lists are those of the keys in its key block, and so are the user IDs.
#[test]
fn a_blob_lists_what_its_key_block_holds() {
    let mut count = 0;
    for File { name, octets } in keyboxes().iter().filter(|file| !file.name.ends_with("malformed.kbx")) {
        for blob in blobs(octets.as_slice().into()).map(Result::unwrap) {
            let Contents::Key(key) = blob.interpret().unwrap() else { continue };
            assert!(key.checksum().is_right(), "{name}");
            if blob.blob_type() == KeyboxBlobType::X509 {
                continue;
            }
            let (mut fingerprints, mut user_ids, mut signatures) = (Vec::new(), Vec::new(), 0);
            for raw in Packets::new(key.key_block()).map(Result::unwrap) {
                match raw.interpret().unwrap() {
                    Packet::PublicKey(key) | Packet::PublicSubkey(key) => {
                        fingerprints.push(key.fingerprint().unwrap().as_slice().to_vec());
                    }
                    Packet::UserId(user_id) => user_ids.push(user_id.octets().span()),
                    Packet::Signature(_) => signatures += 1,
                    _ => {}
                }
            }
            let listed: Vec<_> = key.keys().map(|key| key.fingerprint.as_slice().to_vec()).collect();
            assert_eq!(listed, fingerprints, "{name}");
            let listed: Vec<_> = key.user_ids().map(|user_id| user_id.text.unwrap().span()).collect();
            assert_eq!(listed, user_ids, "{name}");
            assert_eq!(key.signatures().len(), signatures, "{name}");
            count += 1;
        }
    }
    assert!(count > 15, "{count} keys");
}

#[test]
fn a_keybox_of_gpg() {
    let octets = common::testdata_file("gnupg/one.kbx");
    let header = header(&octets);
    assert_eq!(
        (header.version(), header.flags().as_slice(), header.magic().as_slice()),
        (1, &[0, 2][..], &b"KBXf"[..])
    );
    assert_eq!(header.created(), header.maintained());
    let [key] = keys(&octets)[..] else { panic!("one key") };
    assert_eq!((key.version(), key.key_block_offset(), key.key_block().start()), (1, 94, 126));
    let user_id = key.user_ids().next().unwrap();
    assert_eq!(user_id.text.unwrap().as_slice(), b"Alice Example <alice@example.com>");
    // gpg creates a keybox at the machine's time, and keys at that of testdata/.
    assert_eq!(key.created().to_string(), "2024-01-01T00:00:00Z");
    let info = key.keys().next().unwrap();
    assert_eq!((info.key_id_offset, info.keygrip.is_none(), info.filler.len()), (Some(32), true, 0));
    assert!(!key.checksum().is_md5 && key.unhashed().is_empty() && key.serial_number().is_empty());
}

#[test]
fn a_blob_of_version_2_has_keygrips() {
    let octets = common::testdata_file("gnupg/version-2.kbx");
    let [key] = keys(&octets)[..] else { panic!("one key") };
    assert_eq!((key.version(), key.key_size()), (2, 56));
    let info = key.keys().next().unwrap();
    assert_eq!((info.fingerprint.len(), info.padding.as_slice(), info.key_id_offset), (20, &[0; 12][..], None));
    assert_eq!(info.keygrip.unwrap().as_slice(), (0..20).collect::<Vec<u8>>());
    // Flag 15 says that the fingerprint has 32 octets.
    let mut long = octets.clone();
    long[32 + 20 + 32 + 1] |= 0x80;
    let [key] = keys(&long)[..] else { panic!("one key") };
    let info = key.keys().next().unwrap();
    assert_eq!((info.fingerprint.len(), info.padding.len()), (32, 0));
}

#[test]
fn an_old_blob_has_an_md5() {
    let octets = common::testdata_file("gnupg/md5.kbx");
    let [key] = keys(&octets)[..] else { panic!("one key") };
    assert_eq!((key.unhashed().len(), key.checksum().is_md5, key.checksum().is_right()), (44, true, true));
}

#[test]
fn an_x509_blob_has_names_and_a_certificate() {
    let octets = common::testdata_file("gnupg/x509.kbx");
    let blob = blobs(octets.as_slice().into()).map(Result::unwrap).last().unwrap();
    assert_eq!(blob.blob_type(), KeyboxBlobType::X509);
    let Contents::Key(key) = blob.interpret().unwrap() else { panic!("{blob:?}") };
    let names: Vec<_> = key.user_ids().map(|user_id| user_id.text.unwrap().as_slice()).collect();
    assert_eq!(names, [&b"CN=Carol,O=Example"[..], b"CN=Carol,O=Example", b"<carol@example.com>"]);
    // A sequence, whose length has two octets.
    assert!(key.key_block().as_slice().starts_with(&[0x30, 0x82]) && !key.serial_number().is_empty());
}

#[test]
fn a_deleted_blob_is_empty_and_keeps_its_place() {
    let octets = common::testdata_file("gnupg/deleted.kbx");
    let types: Vec<_> = blobs(octets.as_slice().into()).map(|blob| blob.unwrap().blob_type()).collect();
    let [header, deleted, openpgp] = [KeyboxBlobType::HEADER, KeyboxBlobType::EMPTY, KeyboxBlobType::OPENPGP];
    assert_eq!(types, [header, openpgp, deleted, openpgp]);
}

/// A malformed blob does not cost its neighbours, and an error says where it is.
#[test]
fn malformed_blobs_are_told() {
    let octets = common::testdata_file("gnupg/malformed.kbx");
    let mut found = blobs(octets.as_slice().into());
    let mut next = || found.next().unwrap();
    assert!(matches!(next().unwrap().interpret(), Ok(Contents::Header(_))));
    let error = next().unwrap().interpret().unwrap_err();
    assert_eq!(
        error.to_string(),
        "at octet 40: OpenPGP blob: key block: 270 octets at offset 384 are not inside of their place"
    );
    let unknown = next().unwrap();
    assert!(matches!(unknown.interpret(), Ok(Contents::Opaque)));
    assert_eq!((unknown.blob_type(), unknown.contents().as_slice()), (KeyboxBlobType(42), &b"what"[..]));
    let is_right = |blob: Blob<'_>| matches!(blob.interpret(), Ok(Contents::Key(key)) if key.checksum().is_right());
    assert!(!is_right(next().unwrap()));
    assert!(is_right(next().unwrap()));
    let error = next().unwrap_err();
    assert_eq!(error.to_string(), "at octet 1193: keybox blob: need 384 octets, have 192");
    assert!(found.next().is_none());
    assert_eq!(found.remaining().len(), 192);
    let too_short = blobs([0, 0, 0, 4].as_slice().into()).next().unwrap().unwrap_err();
    assert_eq!(too_short.kind(), ErrorKind::BlobTooShort { length: 4 });
}

/// User IDs that lie on each other are told as often as they fit in the blob: output stays in proportion to the file.
#[test]
fn a_blob_is_not_told_once_for_every_user_id() {
    let key_block = [b'a'; 1000];
    let mut blob = vec![2, 1, 0, 0]; // type, version, flags
    blob.extend([0, 0, 0, 0, 0, 0, 3, 232]); // key block: offset 0, which is set below, length 1000
    blob.extend([0, 0, 0, 28, 0, 0]); // no keys of 28 octets, no serial number
    blob.extend([0, 100, 0, 12]); // 100 user IDs of 12 octets
    let place = 4 + blob.len() + 100 * 12 + 4 + 4 + 12 + 4;
    let place = u32::try_from(place).unwrap().to_be_bytes();
    blob.splice(4..8, place);
    for _ in 0..100 {
        blob.extend(place);
        blob.extend([0, 0, 3, 232, 0, 0, 0, 0]); // length 1000, flags, validity, reserved
    }
    blob.extend([0, 0, 0, 4]); // no signatures of 4 octets
    blob.extend([0; 4 + 12 + 4]); // owner trust to reserved, times, no reserved space
    blob.extend(key_block);
    blob.extend([0; 20]); // checksum
    let length = u32::try_from(blob.len() + 4).unwrap();
    let octets = [&length.to_be_bytes()[..], &blob].concat();
    let blob = blobs(octets.as_slice().into()).next().unwrap().unwrap();
    let (mut told, mut counted) = (0, 0);
    let _ = inspect::keybox_blob(&blob, &mut |event: Event<'_>| -> ControlFlow<()> {
        match event {
            Event::Field(Field { value: Value::Text(text), .. }) => told += text.len(),
            Event::Field(Field { name: VALUE, value: Value::Data(_), .. }) => counted += 1,
            Event::Error(error) => panic!("{error}"),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    assert_eq!((told, counted), (2000, 98), "of {} octets", octets.len());
}

#[test]
fn reading_does_not_allocate() {
    for File { name, octets } in keyboxes().iter().chain(&agent_keys()) {
        let info = measure(|| {
            let mut fields = 0_u32;
            let mut count = |event: Event<'_>| -> ControlFlow<()> {
                fields += u32::from(matches!(event, Event::Field(_)));
                ControlFlow::Continue(())
            };
            for blob in blobs(octets.as_slice().into()).flatten() {
                let _ = inspect::keybox_blob(&blob, &mut count);
            }
            if let Some(key) = AgentKey::recognise(octets.as_slice().into()) {
                let _ = inspect::agent_key(&key, &mut count);
            }
            assert!(fields > 5, "{name}");
        });
        assert_eq!(info.count_total, 0, "{name}");
    }
}

/// The key blocks are what gpg exports of the same file.
#[test]
#[ignore = "needs gpg"]
fn a_keybox_holds_what_gpg_exports() {
    for name in ["keyrings/pubring.kbx", "gnupg/one.kbx", "gnupg/three.kbx", "gnupg/deleted.kbx", "gnupg/x509.kbx"] {
        let octets = common::testdata_file(name);
        let home = tempfile::Builder::new().prefix("bpg.").tempdir_in("/tmp").unwrap();
        std::fs::write(home.path().join("pubring.kbx"), &octets).unwrap();
        let output = Command::new("gpg")
            .args(["--batch", "--no-options", "--no-autostart", "--export-options"])
            .args(["export-local-sigs,export-sensitive-revkeys", "--export"])
            .env("GNUPGHOME", home.path())
            .stdin(Stdio::null())
            .output()
            .expect("gpg runs");
        let exported: Vec<_> = packets_in(&output.stdout).map(<[u8]>::to_vec).collect();
        let mut ours = Vec::new();
        for blob in blobs(octets.as_slice().into()).map(Result::unwrap) {
            match blob.interpret().unwrap() {
                Contents::Key(key) if blob.blob_type() == KeyboxBlobType::OPENPGP => {
                    ours.extend(packets_in(key.key_block().as_slice()).map(<[u8]>::to_vec));
                }
                _ => {}
            }
        }
        assert!(!ours.is_empty());
        assert_eq!(ours, exported, "{name}");
    }
}

/// The packets of `octets`, without the trust packets that gpg keeps and does not export.
fn packets_in(octets: &[u8]) -> impl Iterator<Item = &[u8]> {
    let packets = Packets::new(octets.into()).map(Result::unwrap);
    packets.filter(|raw| !matches!(raw.interpret(), Ok(Packet::Trust(_)))).map(|raw| raw.wire().as_slice())
}

#[test]
fn keys_of_gpg_agent_are_recognised() {
    let of = |name: &str| {
        let octets = common::testdata_file(&format!("gnupg/{name}.key"));
        let key = AgentKey::recognise(octets.as_slice().into()).unwrap();
        let text = |octets: Option<Octets<'_>>| octets.map(|text| String::from_utf8(text.as_slice().to_vec()).unwrap());
        let lines = key.lines().map(|line| text(Some(line)).unwrap()).collect::<Vec<_>>();
        (key.kind(), key.format(), text(key.algorithm()).unwrap(), text(key.protection_mode()), lines)
    };
    let created = || vec!["Created: 20240101T000000".to_string()];
    let cbc = Some("openpgp-s2k3-sha1-aes-cbc".to_string());
    let ocb = Some("openpgp-s2k3-ocb-aes".to_string());
    let shadowed = [
        "Created: 20240101T000000",
        "Token: D2760001240102000005000011730000 OPENPGP.1 - -",
        "Label: The card\n that Alice has",
    ];
    let (canonical, extended) = (Format::Canonical, Format::Extended);
    assert_eq!(of("private-canonical"), (Kind::Private, canonical, "ecc".to_string(), None, Vec::new()));
    assert_eq!(of("private"), (Kind::Private, extended, "ecc".to_string(), None, created()));
    let (kind, format, algorithm, mode, lines) = of("protected-canonical");
    assert_eq!((kind, format, algorithm.as_str(), lines.len()), (Kind::Protected, canonical, "rsa", 0));
    assert!(mode == cbc || mode == ocb, "{mode:?}");
    let (kind, format, algorithm, mode, lines) = of("protected");
    assert_eq!((kind, format, algorithm.as_str(), lines), (Kind::Protected, extended, "rsa", created()));
    assert!(mode == cbc || mode == ocb, "{mode:?}");
    let native = Some("openpgp-native".to_string());
    assert_eq!(of("protected-native"), (Kind::Protected, extended, "ecc".to_string(), native, created()));
    assert_eq!(of("shadowed-canonical"), (Kind::Shadowed, canonical, "rsa".to_string(), None, Vec::new()));
    let lines = shadowed.map(str::to_string).to_vec();
    assert_eq!(of("shadowed"), (Kind::Shadowed, extended, "ecc".to_string(), None, lines));
}

/// What is shown of the keys is known by name: no parameter that is secret is told as anything but a secret.
#[test]
fn no_secret_of_a_key_is_shown() {
    let [mut secrets, mut others] = [0, 0];
    for File { name, octets } in agent_keys() {
        let key = AgentKey::recognise(octets.as_slice().into()).unwrap();
        for part in key.parts().map(Result::unwrap) {
            let is_secret = matches!(part.value, PartValue::Secret(_));
            *(if is_secret { &mut secrets } else { &mut others }) += 1;
            let must_be = ["d", "p", "u", "x", "encrypted secret key"].contains(&part.name)
                || part.name == "q" && key.algorithm().unwrap().as_slice() == b"rsa";
            assert_eq!(is_secret, must_be, "{name}: {}", part.name);
        }
    }
    assert!(secrets >= 5 && others >= 50, "{secrets} secret parts, {others} others");
    // Half of it is too much.
    let secret = b"hunter2";
    for text in [
        &b"Key: (private-key (rsa (n #00#)(q #hunter2hunter2#)))\n"[..],
        b"Key: (private-key (new (zz hunter2hunter2)))\nPassword: hunter2hunter2\n",
        b"Password: hunter2hunter2\nKey: (private-key (rsa (d hunter2hunter2)",
        b"(11:private-key(3:rsa(1:d14:hunter2hunter2)))",
        b"(11:private-key(3:rsa(1:n4:0000)(1:d99:hunter2hunter2)))",
        b"(11:private-key(3:rsa(1:n4:0000))(7:comment4:abcd)(3:new14:hunter2hunter2))hunter2hunter2",
        // 10 octets of the curve's name became 30.
        b"(11:private-key(3:ecc(5:curve30:Curve25519)(1:d14:hunter2hunter2)))",
    ] {
        let key = AgentKey::recognise(text.into()).unwrap();
        let mut hidden = 0;
        let _ = inspect::agent_key(&key, &mut |event: Event<'_>| -> ControlFlow<()> {
            if let Event::Field(field) = event {
                let shown = laws::inspect::octets(field.value);
                let is_there = shown.windows(secret.len()).any(|window| window == secret);
                assert!(!is_there || matches!(field.value, Value::Secret(_)), "{}", field.name);
                hidden += usize::from(is_there);
            }
            ControlFlow::Continue(())
        });
        assert!(hidden > 0, "the secret is not told of in {}", String::from_utf8_lossy(text));
    }
}
