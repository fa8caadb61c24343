//! `bpg key protect`

use std::fs;

use bpg_core::framing;
use bpg_core::generate::{Error, change_passphrase};
use bpg_core::packet::{Packet, SecretKey};
use zeroize::Zeroizing;

use super::{Beside, Form, KeyFile, PRIVATE_KEY};
use crate::args::Protect;
use crate::error::{Failure, Status, note};
use crate::input;
use crate::output::file::{self, Access, Target};
use crate::passphrase::{self, ATTEMPTS, Passphrase, Terminal, Wish};

pub(in crate::command) fn protect(args: &Protect) -> Result<Status, Failure> {
    if args.old_passphrase_fd.is_some() && args.old_passphrase_fd == args.passphrase.passphrase_fd {
        return Err(Failure::new("the old and the new passphrase cannot come from the same file descriptor"));
    }
    if input::is_stdin(&args.file) && [args.old_passphrase_fd, args.passphrase.passphrase_fd].contains(&Some(0)) {
        return Err(Failure::new("the key and a passphrase cannot both come from standard input"));
    }
    if args.in_place && input::is_stdin(&args.file) {
        return Err(Failure::new("standard input cannot be replaced"));
    }
    let source = input::open_one(&args.file)?;
    let in_place = args.in_place.then(|| fs::canonicalize(&args.file)).transpose();
    let in_place = in_place.map_err(|error| Failure::about(input::name(&args.file), error))?;
    let target = match &in_place {
        Some(path) => Target::new(Some(path), Access::Owner, true),
        None => Target::new(args.output.output.as_deref(), Access::Owner, args.output.force),
    };
    target.check(args.output.binary)?;
    target.tell_of_loss();
    let data = source.read_all(&args.file)?;
    let file = KeyFile::new(&args.file, &data, Beside::Nothing)?;
    if !file.has_secrets() {
        return Err(Failure::about(file.name, "no secret key"));
    }
    file.check_secrets_are_known()?;
    check_secrets(&file)?;
    let form = if args.in_place { file.form } else { Form::new(args.output.binary) };

    let terminal = Terminal::detect(Some(&args.file));
    let clear = unprotect(args, &file, terminal)?;
    let new = match passphrase::new(&args.passphrase, terminal)? {
        Wish::Passphrase(passphrase) => Some(passphrase),
        Wish::None => {
            note("the key is not protected by a passphrase, as asked for");
            None
        }
        Wish::Unknown => {
            return Err(Failure::new(
                "no new passphrase: --passphrase-file and --passphrase-fd give one, --no-passphrase removes it",
            ));
        }
    };
    let mut rng = super::rng()?;
    let mut out = Zeroizing::new(Vec::new());
    for (packets, part) in clear.iter().zip(&file.parts) {
        let protected = change_passphrase(packets, None, new.as_ref().map(|new| new.as_slice()), &mut rng)
            .map_err(|error| file.failure(part, error))?;
        out.extend_from_slice(form.encode(PRIVATE_KEY, &[], &protected).octets());
    }
    file::write(target, &out)
}

/// Fails if there is a secret that is damaged, or one of a version whose protection cannot be changed. What is malformed is
/// told where it is read.
fn check_secrets(file: &KeyFile<'_>) -> Result<(), Failure> {
    for part in &file.parts {
        for packet in framing::packets(&part.packets).flatten() {
            if let Ok(Packet::SecretKey(key) | Packet::SecretSubkey(key)) = packet.interpret() {
                check_secret(file, part, packet.wire().start(), key)?;
            }
        }
    }
    Ok(())
}

/// The same of one secret key, whose packet is at `position` of `part`.
fn check_secret(file: &KeyFile<'_>, part: &super::Part<'_>, position: u64, key: SecretKey<'_>) -> Result<(), Failure> {
    let version = key.public().version();
    // Versions 3 and 5 write their protection in ways of their own.
    if !matches!(version, 4 | 6) {
        let place = file.place(part, position);
        let message =
            format_args!("{place}: a key of version {version}: only those of versions 4 and 6 can be protected");
        return Err(Failure::about(file.name, message));
    }
    // With a new one, nothing would tell any more that the secret is not what it was.
    match key.secret().checksum() {
        Some(checksum) if checksum.due.is_some_and(|due| due != checksum.stored) => {
            let place = file.place(part, checksum.octets.start());
            Err(Failure::malformed(file.name, format_args!("{place}: the checksum of the secret is wrong")))
        }
        _ => Ok(()),
    }
}

/// The keys in the clear, with the old passphrase as given or as typed.
fn unprotect(args: &Protect, file: &KeyFile<'_>, terminal: Terminal) -> Result<Vec<Zeroizing<Vec<u8>>>, Failure> {
    let failure = |(part, error): (usize, Error)| file.failure(&file.parts[part], error);
    let given = passphrase::given(args.old_passphrase_file.as_deref(), args.old_passphrase_fd)?;
    match try_unprotect(file, given.as_ref())? {
        Err((_, Error::PassphraseNeeded)) if terminal == Terminal::Present => {}
        result => return result.map_err(failure),
    }
    let mut attempts = 0;
    loop {
        let typed = passphrase::ask("Passphrase of the key: ")?;
        attempts += 1;
        match try_unprotect(file, Some(&typed))? {
            Err((_, Error::WrongPassphrase)) if attempts < ATTEMPTS => note("the passphrase is wrong"),
            result => return result.map_err(failure),
        }
    }
}

type Unprotected = Result<Vec<Zeroizing<Vec<u8>>>, (usize, Error)>;

/// The inner error is one that a passphrase may help against, with the index of the part that it is about.
fn try_unprotect(file: &KeyFile<'_>, passphrase: Option<&Passphrase>) -> Result<Unprotected, Failure> {
    let mut rng = super::rng()?;
    let passphrase = passphrase.map(|passphrase| passphrase.as_slice());
    let unprotect = |(index, part): (usize, &super::Part<'_>)| {
        change_passphrase(&part.packets, passphrase, None, &mut rng).map_err(|error| (index, error))
    };
    Ok(file.parts.iter().enumerate().map(unprotect).collect())
}
