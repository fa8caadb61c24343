//! What other OpenPGP programs make of generated keys of version 4: they import them, sign and decrypt with them, and accept
//! what others sign and encrypt. For version 6, which none of these versions reads, see `peers-v6`.
//!
//! The tests are ignored because they need these programs, and they fail where one is missing. They are right for the
//! versions in Debian 12: gpg 2.2.40, sq 0.27.0, sq-keyring-linter 1.0.0, rnp 0.16.3, pgpainless-cli 1.3.16, gosop of
//! 2022-11-15.
//!
//! ```text
//! apt install gpg sq sq-keyring-linter rnp pgpainless-cli gosop bsdutils
//! cargo test -p bpg-core --features generate --test generate_peers -- --ignored
//! ```
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bpg_core::framing;
use bpg_core::generate::{Algorithm, GeneratedKey, KeyBuilder};
use bpg_core::packet::Packet;
use bpg_core::registry::ReasonForRevocation;
use bpg_core::time::Timestamp;
use chacha20::ChaCha20Rng;
use rand_core::SeedableRng;

const CREATED: u32 = 1_700_000_000;
/// Twenty years.
const EXPIRES_AFTER: u32 = 20 * 365 * 86_400;
const USER_IDS: [&str; 2] = ["Alice Example <alice@example.com>", "Älice Wörk <alice@example.org>"];
const PASSPHRASE: &str = "correct horse battery";
const MESSAGE: &[u8] = b"Attack at dawn.\nOr later.\n";

const ALGORITHMS: [(Algorithm, &str); 6] = [
    (Algorithm::Rsa(2048), "rsa2048"),
    (Algorithm::Rsa(3072), "rsa3072"),
    (Algorithm::Curve25519, "curve25519"),
    (Algorithm::P256, "p256"),
    (Algorithm::P384, "p384"),
    (Algorithm::P521, "p521"),
];

fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

fn builder(algorithm: Algorithm) -> KeyBuilder {
    USER_IDS.iter().fold(KeyBuilder::new(algorithm, Timestamp(CREATED)), |builder, user_id| builder.user_id(user_id))
}

/// A key in files of a folder of its own, which is the programs' home, too.
struct Key {
    name: String,
    home: tempfile::TempDir,
    key: GeneratedKey,
    passphrase: Option<&'static str>,
    fingerprint: String,
}

impl Key {
    /// With subkeys for everything, two user IDs and an expiry.
    fn new(algorithm: Algorithm, name: &str, passphrase: Option<&'static str>) -> Self {
        let mut builder = builder(algorithm).expires_after(Some(EXPIRES_AFTER));
        builder = builder.signing_subkey().authentication_subkey();
        if let Some(passphrase) = passphrase {
            builder = builder.passphrase(passphrase.as_bytes());
        }
        let key = builder.generate(&mut rng(1), &|_| {}).unwrap();
        let name = if passphrase.is_some() { format!("{name} with a passphrase") } else { name.to_owned() };
        Self::of(key, name, passphrase)
    }

    fn of(key: GeneratedKey, name: String, passphrase: Option<&'static str>) -> Self {
        // In /tmp, because gpg puts sockets there, whose paths must be short; and it warns of folders that others can read.
        let mut folder = tempfile::Builder::new();
        let home = folder.prefix("bpg.").permissions(fs::Permissions::from_mode(0o700)).tempdir_in("/tmp");
        let home = home.expect("a folder in /tmp");
        let fingerprint = key.fingerprint().to_string().to_uppercase();
        let this = Self { name, home, key, passphrase, fingerprint };
        this.write("secret.asc", armor("PRIVATE KEY BLOCK", this.key.secret()).as_bytes());
        this.write("public.asc", armor("PUBLIC KEY BLOCK", this.key.public()).as_bytes());
        this.write("secret.gpg", this.key.secret());
        this.write("public.gpg", this.key.public());
        this.write("message", MESSAGE);
        this.write("passphrase", passphrase.unwrap_or_default().as_bytes());
        fs::create_dir(this.path("rnp")).unwrap();
        this
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn write(&self, name: &str, octets: &[u8]) {
        fs::write(self.path(name), octets).unwrap();
    }

    /// The fingerprints of primary key and subkeys.
    fn fingerprints(&self) -> Vec<String> {
        let keys = framing::packets(self.key.public()).filter_map(|raw| match raw.unwrap().interpret().unwrap() {
            Packet::PublicKey(key) | Packet::PublicSubkey(key) => Some(key.fingerprint().unwrap()),
            _ => None,
        });
        keys.map(|fingerprint| fingerprint.to_string().to_uppercase()).collect()
    }

    /// Runs a program, which has to succeed, in the key's folder.
    fn run(&self, line: &str, input: &[u8]) -> Ran {
        let ran = self.try_run(line, input);
        assert!(ran.is_success, "{}: {line}: {}{}", self.name, ran.stdout(), ran.stderr);
        ran
    }

    fn try_run(&self, line: &str, input: &[u8]) -> Ran {
        let mut command = self.command(line);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {line}: {error}: the Debian packages are listed above"));
        // A program that does not read its input is none the worse for it.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        Ran {
            is_success: output.status.success(),
            stdout: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The words of `line`, none of which has a space in it; `FPR` is the fingerprint.
    fn command(&self, line: &str) -> Command {
        let line = line.replace("FPR", &self.fingerprint);
        let mut words = line.split_whitespace();
        let mut command = Command::new(words.next().unwrap());
        command.args(words).current_dir(self.home.path());
        command.env("HOME", self.home.path()).env("GNUPGHOME", self.home.path()).env("LC_ALL", "C.UTF-8");
        command
    }

    /// Runs a program that insists on a terminal, and answers each of its questions with the passphrase.
    fn run_on_terminal(&self, line: &str) {
        let mut command = self.command("script --quiet --return --command");
        let mut child = command
            .args([line, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run script: {error}: install the Debian package bsdutils"));
        let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (mut said, mut buffer) = (Vec::new(), [0; 4096]);
        while let Ok(count @ 1..) = output.read(&mut buffer) {
            said.extend_from_slice(&buffer[..count]);
            if said.ends_with(b": ") {
                writeln!(input, "{}", self.passphrase.unwrap()).unwrap();
                input.flush().unwrap();
            }
        }
        assert!(child.wait().unwrap().success(), "{}: {line}: {}", self.name, String::from_utf8_lossy(&said));
    }

    fn gpg(&self, arguments: &str, input: &[u8]) -> Ran {
        let ask = "--pinentry-mode loopback --passphrase-file passphrase";
        self.run(&format!("gpg --batch {ask} --status-fd 2 {arguments}"), input)
    }

    fn is_in_gpg(&self) -> bool {
        self.path("pubring.kbx").exists()
    }

    fn import_into_gpg(&self) {
        if !self.is_in_gpg() {
            self.gpg("--import secret.asc", b"");
        }
    }

    fn rnp(&self, arguments: &str) -> Ran {
        let password = if self.passphrase.is_some() { "--pass-fd 0" } else { "" };
        let input = format!("{}\n", self.passphrase.unwrap_or_default());
        self.run(&format!("rnp --homedir rnp --notty {password} {arguments}"), input.as_bytes())
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        if self.is_in_gpg() {
            // The agent would end by itself, once it notices that its folder is gone.
            let _ = self.command("gpgconf --kill all").status();
        }
    }
}

struct Ran {
    is_success: bool,
    stdout: Vec<u8>,
    stderr: String,
}

impl Ran {
    fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

/// ASCII armor (RFC 9580 section 6), without which gosop reads no key.
fn armor(label: &str, octets: &[u8]) -> String {
    let mut out = format!("-----BEGIN PGP {label}-----\n\n");
    for line in octets.chunks(48) {
        out += &STANDARD.encode(line);
        out.push('\n');
    }
    let checksum = crc24::hash_raw(octets).to_be_bytes();
    out + &format!("={}\n-----END PGP {label}-----\n", STANDARD.encode(&checksum[1..]))
}

/// Runs `check` for a key of every algorithm, with and without a passphrase.
fn for_each_key(check: impl Fn(&Key)) {
    for (algorithm, name) in ALGORITHMS {
        for passphrase in [None, Some(PASSPHRASE)] {
            check(&Key::new(algorithm, name, passphrase));
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Every program accepts the key

#[test]
#[ignore = "needs gpg"]
fn gpg_imports_without_a_warning_and_lists_what_was_asked_for() {
    for_each_key(|key| {
        let Ran { stderr, .. } = key.gpg("--import secret.gpg", b"");
        let lower = stderr.to_lowercase();
        for complaint in ["warning", "error", "bad", "invalid", "skipped", "unknown", "missing", "not "] {
            assert!(!lower.contains(complaint), "{}: {stderr}", key.name);
        }
        // 1 for a new key, 16 for one that has a secret.
        assert!(stderr.contains(&format!("IMPORT_OK 17 {}", key.fingerprint)), "{}: {stderr}", key.name);

        let listing = key.gpg("--with-colons -K", b"").stdout();
        let records: Vec<Vec<_>> = listing.lines().map(|line| line.split(':').collect()).collect();
        let of = |names: &'static [&'static str]| records.iter().filter(move |record| names.contains(&record[0]));
        let expiry = (CREATED + EXPIRES_AFTER).to_string();
        let keys: Vec<_> = of(&["sec", "ssb"]).map(|record| (record[0], record[5], record[6], record[11])).collect();
        let created = CREATED.to_string();
        let due = [
            ("sec", created.as_str(), expiry.as_str(), "scESCA"),
            ("ssb", &created, "", "e"),
            ("ssb", &created, "", "s"),
            ("ssb", &created, "", "a"),
        ];
        assert_eq!(keys, due, "{}", key.name);
        assert_eq!(of(&["fpr"]).map(|record| record[9]).collect::<Vec<_>>(), key.fingerprints());
        assert_eq!(of(&["uid"]).map(|record| record[9]).collect::<Vec<_>>(), USER_IDS);
        // Field 2, "-": the validity is not known, for want of a trusted signature; "i" would be an invalid key.
        assert!(of(&["sec", "uid", "ssb"]).all(|record| matches!(record[1], "-" | "u" | "f")), "{listing}");
    });
}

#[test]
#[ignore = "needs gpg"]
fn gpg_finds_every_self_signature_good() {
    for_each_key(|key| {
        key.gpg("--import public.gpg", b"");
        let listing = key.gpg("--with-colons --check-sigs", b"").stdout();
        let signatures: Vec<_> = listing.lines().filter(|line| line.starts_with("sig:")).collect();
        assert_eq!(signatures.len(), 2 + 3, "{}: {listing}", key.name);
        assert!(signatures.iter().all(|line| line.starts_with("sig:!:")), "{}: {listing}", key.name);
    });
}

#[test]
#[ignore = "needs sq and sq-keyring-linter"]
fn sq_and_its_linter_find_nothing() {
    for_each_key(|key| {
        for file in ["secret.gpg", "public.gpg", "secret.asc", "public.asc"] {
            let ran = key.run(&format!("sq inspect --certifications {file}"), b"");
            let text = ran.stdout();
            for complaint in ["Invalid", "invalid", "Bad", "bad", "Unknown", "Revoked", "Error"] {
                assert!(!text.contains(complaint) && !ran.stderr.contains(complaint), "{}: {text}", key.name);
            }
            for fingerprint in key.fingerprints() {
                assert!(text.contains(&fingerprint), "{}: {text}", key.name);
            }
            assert_eq!(text.matches("Key flags:").count(), 4, "{}: {text}", key.name);
            assert!(USER_IDS.iter().all(|user_id| text.contains(user_id)), "{}: {text}", key.name);
            let lint = key.run(&format!("sq-keyring-linter {file}"), b"");
            assert!(lint.stdout().trim().is_empty(), "{}: {}", key.name, lint.stdout());
        }
    });
}

#[test]
#[ignore = "needs rnp"]
fn rnp_imports_the_key() {
    for_each_key(|key| {
        for file in ["public.gpg", "secret.gpg"] {
            let ran = key.run(&format!("rnpkeys --homedir rnp --notty --import-keys {file}"), b"");
            let text = ran.stdout() + &ran.stderr;
            assert!(!text.contains("INVALID") && !text.to_lowercase().contains("error"), "{}: {text}", key.name);
        }
        let ran = key.run("rnpkeys --homedir rnp --notty --list-keys --secret --with-sigs", b"");
        let text = ran.stdout() + &ran.stderr;
        for fingerprint in key.fingerprints() {
            assert!(text.contains(&fingerprint.to_lowercase()), "{}: {text}", key.name);
        }
        assert!(!text.contains("INVALID") && !text.contains("unknown"), "{}: {text}", key.name);
        assert!(USER_IDS.iter().all(|user_id| text.contains(user_id)), "{}: {text}", key.name);
    });
}

#[test]
#[ignore = "needs pgpainless-cli and gosop"]
fn pgpainless_and_gosop_extract_the_certificate() {
    for_each_key(|key| {
        for program in ["pgpainless-cli", "gosop"] {
            let ran = key.run(&format!("{program} extract-cert"), &fs::read(key.path("secret.asc")).unwrap());
            key.write("extracted.asc", &ran.stdout);
            let listing = key.gpg("--with-colons --show-keys extracted.asc", b"").stdout();
            let fingerprints: Vec<_> = listing.lines().filter_map(|line| line.strip_prefix("fpr:")).collect();
            assert_eq!(fingerprints.len(), 4, "{}: {program}: {listing}", key.name);
            assert!(fingerprints.iter().zip(key.fingerprints()).all(|(line, due)| line.contains(&due)));
        }
    });
}

// ---------------------------------------------------------------------------------------------------------------------
// Every program can use it

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Peer {
    Gpg,
    Sq,
    Rnp,
    Pgpainless,
    Gosop,
}
use Peer::{Gosop, Gpg, Pgpainless, Rnp, Sq};

impl Peer {
    /// Signs with the secret key, into `signature`.
    fn sign(self, key: &Key) {
        let _ = fs::remove_file(key.path("signature"));
        match self {
            Gpg => {
                key.import_into_gpg();
                key.gpg("--local-user FPR --output signature --detach-sign message", b"");
            }
            Sq if key.passphrase.is_some() => {
                key.run_on_terminal("sq sign --detached --signer-key secret.gpg --output signature message");
            }
            Sq => drop(key.run("sq sign --detached --signer-key secret.gpg --output signature message", b"")),
            Rnp => drop(key.rnp("--keyfile secret.gpg --sign --detach --userid FPR --output signature message")),
            Pgpainless => {
                let password = Self::sop_password(key);
                key.write("signature", &key.run(&format!("pgpainless-cli sign {password} secret.asc"), MESSAGE).stdout);
            }
            Gosop => key.write("signature", &key.run("gosop sign secret.asc", MESSAGE).stdout),
        }
    }

    /// Verifies `signature` with the public key.
    fn verify(self, key: &Key) {
        match self {
            Gpg => {
                key.import_into_gpg();
                let ran = key.gpg("--verify signature message", b"");
                assert!(ran.stderr.contains("[GNUPG:] GOODSIG "), "{}: {}", key.name, ran.stderr);
            }
            Sq => drop(key.run("sq verify --signer-cert public.gpg --detached signature message", b"")),
            Rnp => drop(key.run("rnp --keyfile public.gpg --verify signature --source message", b"")),
            Pgpainless => drop(key.run("pgpainless-cli verify signature public.asc", MESSAGE)),
            Gosop => drop(key.run("gosop verify signature public.asc", MESSAGE)),
        }
    }

    /// Encrypts to the public key, into `encrypted`.
    fn encrypt(self, key: &Key) {
        let _ = fs::remove_file(key.path("encrypted"));
        match self {
            Gpg => {
                key.import_into_gpg();
                key.gpg("--trust-model always --recipient FPR --output encrypted --encrypt message", b"");
            }
            Sq => drop(key.run("sq encrypt --recipient-cert public.gpg --output encrypted message", b"")),
            Rnp => drop(key.run("rnp --keyfile public.gpg --encrypt --recipient FPR --output encrypted message", b"")),
            Pgpainless => key.write("encrypted", &key.run("pgpainless-cli encrypt public.asc", MESSAGE).stdout),
            Gosop => key.write("encrypted", &key.run("gosop encrypt public.asc", MESSAGE).stdout),
        }
    }

    /// Decrypts `encrypted` with the secret key.
    fn decrypt(self, key: &Key) -> Vec<u8> {
        let _ = fs::remove_file(key.path("decrypted"));
        let encrypted = || fs::read(key.path("encrypted")).unwrap();
        match self {
            Gpg => {
                key.import_into_gpg();
                return key.gpg("--decrypt encrypted", b"").stdout;
            }
            Sq if key.passphrase.is_some() => {
                key.run_on_terminal("sq decrypt --recipient-key secret.gpg --output decrypted encrypted");
            }
            Sq => drop(key.run("sq decrypt --recipient-key secret.gpg --output decrypted encrypted", b"")),
            Rnp => drop(key.rnp("--keyfile secret.gpg --decrypt --output decrypted encrypted")),
            Pgpainless => {
                let password = Self::sop_password(key);
                return key.run(&format!("pgpainless-cli decrypt {password} secret.asc"), &encrypted()).stdout;
            }
            Gosop => return key.run("gosop decrypt secret.asc", &encrypted()).stdout,
        }
        fs::read(key.path("decrypted")).unwrap()
    }

    fn sop_password(key: &Key) -> &'static str {
        if key.passphrase.is_some() { "--with-key-password=passphrase" } else { "" }
    }
}

/// Who uses the secret key, and who the public one. gosop cannot be given a passphrase.
const PAIRS: [(Peer, Peer); 5] = [(Gpg, Sq), (Sq, Rnp), (Rnp, Pgpainless), (Pgpainless, Gosop), (Gosop, Gpg)];

fn pairs(key: &Key) -> impl Iterator<Item = (Peer, Peer)> {
    PAIRS.into_iter().filter(|(secret, _)| key.passphrase.is_none() || *secret != Gosop)
}

#[test]
#[ignore = "needs gpg, sq, rnp, pgpainless-cli and gosop"]
fn what_one_program_signs_with_the_secret_key_another_verifies() {
    for_each_key(|key| {
        for (signer, verifier) in pairs(key) {
            eprintln!("{}: {signer:?} signs, {verifier:?} verifies", key.name);
            signer.sign(key);
            verifier.verify(key);
        }
    });
}

#[test]
#[ignore = "needs gpg, sq, rnp, pgpainless-cli and gosop"]
fn what_one_program_encrypts_to_the_public_key_another_decrypts() {
    for_each_key(|key| {
        for (decryptor, encryptor) in pairs(key) {
            eprintln!("{}: {encryptor:?} encrypts, {decryptor:?} decrypts", key.name);
            encryptor.encrypt(key);
            assert_eq!(decryptor.decrypt(key), MESSAGE, "{}: {encryptor:?}, {decryptor:?}", key.name);
        }
    });
}

/// An integer has no leading zeros, so one in some hundred secrets is shorter than the others.
#[test]
#[ignore = "needs gpg, sq and rnp"]
fn keys_whose_secret_starts_with_zeros_work_too() {
    // The octets of a secret of each algorithm, of the key that signs and of the one that encrypts. The scalar of
    // Curve25519 always has its highest bit but one set, so no secret of it is short.
    for (algorithm, name, sizes) in [
        (Algorithm::Curve25519, "curve25519", [32, 33]),
        (Algorithm::P256, "p256", [32, 32]),
        (Algorithm::P384, "p384", [48, 48]),
        (Algorithm::P521, "p521", [66, 66]),
    ] {
        for (index, size) in sizes.into_iter().enumerate().filter(|(_, size)| *size != 33) {
            let short = (0_u32..).find_map(|number| {
                let mut seed = [0x5a; 32];
                seed[..4].copy_from_slice(&number.to_be_bytes());
                let key = builder(algorithm).generate(&mut ChaCha20Rng::from_seed(seed), &|_| {}).unwrap();
                (secret_sizes(key.secret())[index] < size).then_some(key)
            });
            let key = Key::of(short.unwrap(), format!("{name} with a short secret"), None);
            if index == 0 {
                for (signer, verifier) in [(Gpg, Sq), (Sq, Rnp), (Rnp, Gpg)] {
                    signer.sign(&key);
                    verifier.verify(&key);
                }
            } else {
                for (decryptor, encryptor) in [(Gpg, Sq), (Sq, Rnp), (Rnp, Gpg)] {
                    encryptor.encrypt(&key);
                    assert_eq!(decryptor.decrypt(&key), MESSAGE, "{}", key.name);
                }
            }
        }
    }
}

/// The octets of the first secret integer of each key.
fn secret_sizes(octets: &[u8]) -> Vec<usize> {
    let keys = framing::packets(octets).filter_map(|raw| match raw.unwrap().interpret().unwrap() {
        Packet::SecretKey(key) | Packet::SecretSubkey(key) => Some(key.secret().fields().next().unwrap().value.len()),
        _ => None,
    });
    keys.collect()
}

// ---------------------------------------------------------------------------------------------------------------------
// Revocation

#[test]
#[ignore = "needs gpg, sq and rnp"]
fn the_revocation_certificate_revokes_the_key() {
    let reasons = [
        (ReasonForRevocation::NO_REASON, ""),
        (ReasonForRevocation::KEY_SUPERSEDED, "there is a new one"),
        (ReasonForRevocation::KEY_COMPROMISED, "stölen"),
        (ReasonForRevocation::KEY_RETIRED, "two\nlines"),
    ];
    for (algorithm, name) in ALGORITHMS {
        let key = Key::new(algorithm, name, None);
        for (reason, text) in reasons {
            let revocation = key.key.revocation(reason, text, &mut rng(2)).unwrap();
            let key = Key::of(builder(algorithm).generate(&mut rng(3), &|_| {}).unwrap(), name.to_owned(), None);
            let own = key.key.revocation(reason, text, &mut rng(4)).unwrap();
            key.import_into_gpg();
            let pub_record = || {
                let listing = key.gpg("--with-colons -k FPR", b"").stdout();
                listing.lines().find(|line| line.starts_with("pub:")).unwrap().to_owned()
            };

            // That of another key changes nothing.
            key.write("other.gpg", &revocation);
            key.try_run("gpg --batch --import other.gpg", b"");
            assert!(!pub_record().starts_with("pub:r:"), "{name}, {reason:?}");

            key.write("revocation.asc", armor("PUBLIC KEY BLOCK", &own).as_bytes());
            let ran = key.gpg("--import revocation.asc", b"");
            assert!(!ran.stderr.to_lowercase().contains("warning"), "{}", ran.stderr);
            assert!(pub_record().starts_with("pub:r:"), "{name}, {reason:?}: {}", pub_record());

            // A revocation stands behind the primary key.
            let first = framing::packets(key.key.public()).next().unwrap().unwrap().wire().len();
            let (primary, rest) = key.key.public().split_at(first);
            key.write("revoked.gpg", &[primary, &own, rest].concat());
            let text = key.run("sq inspect revoked.gpg", b"").stdout();
            assert!(text.contains("Revoked"), "{name}, {reason:?}: {text}");

            key.run("rnpkeys --homedir rnp --notty --import-keys public.gpg", b"");
            key.write("revocation.gpg", &own);
            key.run("rnpkeys --homedir rnp --notty --import-sigs revocation.gpg", b"");
            let text = key.run("rnpkeys --homedir rnp --notty --list-keys", b"").stdout();
            assert!(text.contains("REVOKED"), "{name}, {reason:?}: {text}");
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Passphrases

/// gpg writes its protection anew, and what it writes can be opened.
#[test]
#[ignore = "needs gpg"]
fn what_gpg_protects_can_be_opened_and_is_the_same_key() {
    for (algorithm, name) in ALGORITHMS {
        let key = Key::new(algorithm, name, Some(PASSPHRASE));
        key.import_into_gpg();
        let exported = key.gpg("--export-secret-keys FPR", b"").stdout;
        let change = |packets: &[u8]| {
            let passphrase = Some(PASSPHRASE.as_bytes());
            bpg_core::generate::change_passphrase(packets, passphrase, None, &mut rng(5)).unwrap()
        };
        let (ours, theirs) = (change(key.key.secret()), change(&exported));
        assert_eq!(secrets(&ours), secrets(&theirs), "{name}");
    }
}

/// The secret fields of each key, as they are on the wire.
fn secrets(octets: &[u8]) -> Vec<Vec<u8>> {
    let keys = framing::packets(octets).filter_map(|raw| match raw.unwrap().interpret().unwrap() {
        Packet::SecretKey(key) | Packet::SecretSubkey(key) => Some(key.secret().wire().expose().as_slice().to_vec()),
        _ => None,
    });
    keys.collect()
}

#[test]
#[ignore = "needs gpg and rnp"]
fn a_changed_passphrase_is_the_one_that_opens_the_key() {
    for (algorithm, name) in ALGORITHMS {
        let made = builder(algorithm).passphrase(b"the old one").generate(&mut rng(1), &|_| {}).unwrap();
        let (old, new) = (Some("the old one".as_bytes()), Some(PASSPHRASE.as_bytes()));
        let changed = bpg_core::generate::change_passphrase(made.secret(), old, new, &mut rng(6)).unwrap();
        let key = Key::of(made, name.to_owned(), Some(PASSPHRASE));
        key.write("secret.gpg", &changed);
        key.write("secret.asc", armor("PRIVATE KEY BLOCK", &changed).as_bytes());
        for (signer, verifier) in [(Gpg, Rnp), (Rnp, Gpg)] {
            signer.sign(&key);
            verifier.verify(&key);
        }
    }
}
