//! `bpg key gen`

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use bpg_core::generate::{Algorithm, GeneratedKey, KeyBuilder, KeyVersion, Step};
use bpg_core::registry::ReasonForRevocation;
use bpg_core::secret::Wiped;
use bpg_core::time::Timestamp;
use serde::Serialize;

use super::summary::{self, Summary};
use super::{Encoded, Form, PRIVATE_KEY, PUBLIC_KEY};
use crate::args::{Gen, KeyAlgorithm};
use crate::error::{Failure, Status, note};
use crate::input;
use crate::output::file::{self, Access, Target};
use crate::output::json;
use crate::passphrase::{self, Terminal, Wish};
use crate::user_id;

/// What an RSA key has if its size is not chosen: 128 bits of security (NIST SP 800-57, table 2).
const DEFAULT_RSA_BITS: u32 = 3072;
/// GnuPG reads no greater ones.
const MAX_RSA_BITS: u32 = 8192;
/// Less is weak (NIST SP 800-131A).
const MIN_RSA_BITS: u32 = 2048;
/// Less can be factored by many.
const WEAKEST_RSA_BITS: u32 = 1024;

pub(in crate::command) fn generate(args: &Gen) -> Result<Status, Failure> {
    let say = |message: &dyn std::fmt::Display| {
        if !args.quiet {
            note(message);
        }
    };
    let algorithm = algorithm(args)?;
    let places = Places::new(args);
    places.check(args)?;
    let created = args.created.map_or_else(now, Ok)?;
    let expires_after = args
        .expires
        .seconds_after(created)
        .map_err(|reason| Failure::new(format_args!("the key cannot expire then: {reason}")))?;
    let user_ids = user_ids(args)?;

    match (args.algorithm, args.bits) {
        (None, _) => say(&"Ed25519, with X25519 for encryption, as no algorithm was given"),
        (Some(KeyAlgorithm::Rsa), None) => say(&format_args!("RSA with {DEFAULT_RSA_BITS} bits, as no size was given")),
        _ => {}
    }
    if let ([user_id], true) = (user_ids.as_slice(), args.user_id.is_empty()) {
        say(&format_args!("user ID {user_id}, as none was given"));
    }
    for user_id in user_ids.iter().filter(|user_id| user_id::address(user_id).is_none()) {
        say(&format_args!("the user ID {user_id} has no mail address, so mail programs will not find the key"));
    }

    let mut builder = KeyBuilder::new(algorithm, created).expires_after(expires_after);
    if args.v6 {
        builder = builder.version(KeyVersion::V6);
    }
    for user_id in &user_ids {
        builder = builder.user_id(user_id);
    }
    if args.signing_subkey {
        builder = builder.signing_subkey();
    }
    if args.authentication_subkey {
        builder = builder.authentication_subkey();
    }
    match passphrase::new(&args.passphrase, Terminal::detect(None))? {
        Wish::Passphrase(passphrase) => builder = builder.passphrase(&passphrase),
        Wish::None => say(&"the key is not protected by a passphrase, as asked for"),
        Wish::Unknown => say(&"the key is not protected: no passphrase was given, and standard input is no terminal"),
    }

    let mut rng = super::rng()?;
    let progress =
        Progress { is_wanted: !args.quiet && io::stderr().is_terminal(), has_started: AtomicBool::new(false) };
    let key = builder.generate(&mut rng, &|step| progress.step(step));
    progress.end();
    let key = key.map_err(Failure::new)?;
    let revocation = match args.revocation_out {
        Some(_) => key
            .revocation(ReasonForRevocation::NO_REASON, "Made together with the key", &mut rng)
            .map_err(Failure::new)?,
        None => Vec::new(),
    };

    let fingerprint = key.fingerprint().to_string();
    places.write(args, &key, &revocation, &fingerprint)?;
    say(&format_args!("fingerprint {fingerprint}"));
    match expires_after {
        Some(seconds) => say(&format_args!("expires {}", Timestamp(created.0.saturating_add(seconds)))),
        None => say(&"never expires"),
    }
    Ok(Status::Good)
}

fn algorithm(args: &Gen) -> Result<Algorithm, Failure> {
    let kind = args.algorithm.unwrap_or(KeyAlgorithm::Ed25519);
    if kind != KeyAlgorithm::Rsa && args.bits.is_some() {
        return Err(Failure::new("only RSA keys have a size to choose"));
    }
    Ok(match kind {
        KeyAlgorithm::Rsa => {
            let bits = args.bits.unwrap_or(DEFAULT_RSA_BITS);
            let least = if args.allow_weak { WEAKEST_RSA_BITS } else { MIN_RSA_BITS };
            if !(WEAKEST_RSA_BITS..=MAX_RSA_BITS).contains(&bits) || !bits.is_multiple_of(128) {
                return Err(Failure::new(format_args!(
                    "RSA keys have {least} to {MAX_RSA_BITS} bits in steps of 128, not {bits}"
                )));
            }
            if bits < MIN_RSA_BITS && !args.allow_weak {
                return Err(Failure::new(format_args!(
                    "RSA keys of {bits} bits are weak; --allow-weak makes one all the same"
                )));
            }
            Algorithm::Rsa(bits)
        }
        KeyAlgorithm::Ed25519 => Algorithm::Curve25519,
        KeyAlgorithm::P256 => Algorithm::P256,
        KeyAlgorithm::P384 => Algorithm::P384,
        KeyAlgorithm::P521 => Algorithm::P521,
    })
}

fn now() -> Result<Timestamp, Failure> {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    match u32::try_from(seconds) {
        Ok(seconds @ 1..) => Ok(Timestamp(seconds)),
        _ => Err(Failure::new("the clock is wrong; --created gives the time")),
    }
}

fn user_ids(args: &Gen) -> Result<Vec<String>, Failure> {
    for (index, user_id) in args.user_id.iter().enumerate() {
        if args.user_id[..index].contains(user_id) {
            return Err(Failure::new(format_args!("the user ID {user_id} is given twice")));
        }
    }
    if args.no_user_id || !args.user_id.is_empty() {
        return Ok(args.user_id.clone());
    }
    let host = rustix::system::uname();
    let login = uzers::get_current_username();
    let default = login.as_deref().and_then(|login| login.to_str()).zip(host.nodename().to_str().ok());
    default
        .and_then(|(login, host)| user_id::parse(&format!("{login}@{host}")).ok())
        .map(|user_id| vec![user_id])
        .ok_or_else(|| Failure::new("login and host make no user ID; --user-id gives one"))
}

/// Dots and plus signs on the terminal, as the search for primes goes on.
struct Progress {
    is_wanted: bool,
    has_started: AtomicBool,
}

impl Progress {
    /// Called from several threads.
    fn step(&self, step: Step) {
        if self.is_wanted {
            self.has_started.store(true, Ordering::Relaxed);
            show(match step {
                Step::Candidate => ".",
                Step::Prime => "+++",
            });
        }
    }

    fn end(&self) {
        if self.has_started.load(Ordering::Relaxed) {
            show("\n");
        }
    }
}

/// Shows progress. A key does not fail because nobody watches.
fn show(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Where everything is written.
struct Places<'p> {
    secret: Target<'p>,
    public: Option<Target<'p>>,
    revocation: Option<Target<'p>>,
    json: Option<Target<'p>>,
}

impl<'p> Places<'p> {
    fn new(args: &'p Gen) -> Self {
        let target = |path: &'p Path, access| Target::new(Some(path), access, args.output.force);
        Self {
            secret: Target::new(args.output.output.as_deref(), Access::Owner, args.output.force),
            public: args.public_out.as_deref().map(|path| target(path, Access::Umask)),
            // Whoever has it can revoke the key.
            revocation: args.revocation_out.as_deref().map(|path| target(path, Access::Owner)),
            json: args.json.then_some(Target::Stdout),
        }
    }

    fn check(&self, args: &Gen) -> Result<(), Failure> {
        let keys = [Some(self.secret), self.public, self.revocation];
        let all: Vec<_> = keys.into_iter().chain([self.json]).flatten().collect();
        file::check_distinct(&all)?;
        for target in keys.into_iter().flatten() {
            target.check(args.output.binary)?;
        }
        self.json.map_or(Ok(()), |target| target.check(false))?;
        if !args.quiet {
            all.into_iter().for_each(Target::tell_of_loss);
        }
        Ok(())
    }

    fn write(&self, args: &Gen, key: &GeneratedKey, revocation: &[u8], fingerprint: &str) -> Result<(), Failure> {
        let form = Form::new(args.output.binary);
        let mut outputs = vec![(self.secret, form.encode(PRIVATE_KEY, &[], key.secret()))];
        if let Some(target) = self.public {
            outputs.push((target, form.encode(PUBLIC_KEY, &[], key.public())));
        }
        if let Some(target) = self.revocation {
            let comment = format!("Revocation certificate of the key {fingerprint}");
            let headers =
                [("Comment", comment.as_str()), ("Comment", "Import it to revoke the key, and publish the key then")];
            // A signature alone goes by this label, as in the certificates that other programs make.
            outputs.push((target, form.encode(PUBLIC_KEY, &headers, revocation)));
        }
        if let Some(target) = self.json {
            outputs.push((target, Encoded::Text(Wiped::from(report(args, key)?))));
        }
        let outputs: Vec<_> = outputs.iter().map(|(target, octets)| (*target, octets.octets())).collect();
        file::write_all(&outputs)
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report {
    /// Changes when what is here changes its meaning.
    format: u32,
    key: Option<Summary>,
    files: Files,
}

#[derive(Serialize)]
struct Files {
    secret: Option<String>,
    public: Option<String>,
    revocation: Option<String>,
}

fn report(args: &Gen, key: &GeneratedKey) -> Result<String, Failure> {
    let name =
        |path: &Option<PathBuf>| path.as_deref().map(|path| String::from_utf8_lossy(input::name(path)).into_owned());
    let report = Report {
        format: summary::FORMAT,
        key: summary::keys([key.secret()], |_, _| ()).into_iter().next(),
        files: Files {
            secret: name(&args.output.output),
            public: name(&args.public_out),
            revocation: name(&args.revocation_out),
        },
    };
    json::pretty(&report).map_err(Failure::new)
}
