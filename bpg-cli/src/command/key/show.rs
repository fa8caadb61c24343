//! `bpg key show`

use bpg_core::framing;
use serde::Serialize;

use super::summary::{self, Algorithm, Expiration, KeySummary, Remark, Revocation, Summary};
use super::{Beside, KeyFile, unknown_key};
use crate::args::Show;
use crate::error::{Failure, Status, diagnose};
use crate::input;
use crate::output::{escape, file, json};
use crate::sandbox;

pub(in crate::command) fn show(args: &Show) -> Result<Status, Failure> {
    let source = input::open_one(&args.file)?;
    // There is no flag that asks what the system lacks.
    sandbox::enter();
    let data = source.read_all(&args.file)?;
    let file = KeyFile::new(&args.file, &data, Beside::Revocations)?;
    let mut status = Status::Good;
    let packets = file.parts.iter().map(|part| part.packets.as_slice());
    let tell = |part: usize, position, message| {
        diagnose(file.name, format_args!("{}: {message}", file.place(&file.parts[part], position)));
    };
    let keys = summary::keys(packets, |part, remark| match remark {
        Remark::Malformed(error) => status = status.max(file.malformed(&file.parts[part], &error).report()),
        Remark::OfNone(position) => tell(part, position, "a revocation that counts for none of the keys here"),
        Remark::ByRevoker(position) => tell(
            part,
            position,
            "a revocation by a designated revoker, which is not looked into: a key here may be revoked",
        ),
    });
    let leaves_out = tell_unknown(&file);
    if keys.is_empty() && leaves_out && status == Status::Good {
        return Err(Failure::about(file.name, "no other OpenPGP key"));
    }
    if args.json {
        let json = json::pretty(&Report { format: summary::FORMAT, keys }).map_err(Failure::new)?;
        file::print(json.as_bytes(), status)
    } else {
        let mut text = Text(Vec::new());
        keys.iter().for_each(|key| text.key(key));
        file::print(&text.0, status)
    }
}

/// Tells of the keys that cannot be shown, and whether there are any.
fn tell_unknown(file: &KeyFile<'_>) -> bool {
    let mut is_told = false;
    for part in &file.parts {
        for raw in framing::packets(&part.packets).flatten() {
            if let Some(key) = unknown_key(&raw) {
                let place = file.place(part, raw.wire().start());
                diagnose(file.name, format_args!("{place}: {key}, is left out"));
                is_told = true;
            }
        }
    }
    is_told
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report {
    /// Changes when what is here changes its meaning.
    format: u32,
    keys: Vec<Summary>,
}

/// Renders keys as lines of text.
struct Text(Vec<u8>);

impl Text {
    fn key(&mut self, key: &Summary) {
        self.heading(&key.key, "key");
        self.fields(&key.key, "never");
        for user_id in &key.user_ids {
            self.name("user ID");
            escape::text(&mut self.0, &user_id.octets);
            if user_id.primary && key.user_ids.len() > 1 {
                self.push(" (primary)");
            }
            if !user_id.bound {
                self.push(" (without a signature by the key)");
            }
            if let Some(revocation) = &user_id.revoked {
                self.push(" (revoked ");
                self.revocation(revocation);
                self.push(")");
            }
            self.push("\n");
        }
        for attribute in &key.user_attributes {
            self.field("user attribute", &format!("{} octets", attribute.length));
        }
        for subkey in &key.subkeys {
            self.heading(subkey, "subkey");
            let never = if key.key.expires.is_some() { "with the primary key" } else { "never" };
            self.fields(subkey, never);
        }
    }

    fn heading(&mut self, key: &KeySummary, what: &str) {
        if !self.0.is_empty() {
            self.push("\n");
        }
        self.push(if key.secret { "Secret " } else { "Public " });
        self.push(what);
        self.push("\n");
    }

    fn fields(&mut self, key: &KeySummary, never: &str) {
        self.field("fingerprint", key.fingerprint.as_deref().unwrap_or("none"));
        self.field("key ID", key.key_id.as_deref().unwrap_or("none"));
        self.field("version", &key.version.to_string());
        self.field("algorithm", &algorithm(&key.algorithm));
        self.field("created", &key.created);
        let no_date = if key.expiration == Expiration::Unknown { "not stated" } else { never };
        self.field("expires", key.expires.as_deref().unwrap_or(no_date));
        if !key.bound {
            self.field("binding", "none: no signature by the key binds it");
        }
        let capabilities = match &key.capabilities {
            None => "not stated".into(),
            Some(none) if none.is_empty() => "none".into(),
            Some(capabilities) => capabilities.join(", "),
        };
        self.field("capabilities", &capabilities);
        if let Some(protection) = &key.protection {
            self.field("protection", &protection.text);
        }
        if let Some(revocation) = &key.revoked {
            self.name("revoked");
            self.revocation(revocation);
            self.push("\n");
        }
    }

    /// `2024-01-01T00:00:00Z: Key is superseded: see my new one`
    fn revocation(&mut self, revocation: &Revocation) {
        self.push(revocation.created.as_deref().unwrap_or("at an unknown time"));
        self.push(": ");
        self.push(&revocation.reason);
        if !revocation.text.is_empty() {
            self.push(": ");
            escape::text(&mut self.0, &revocation.text_octets);
        }
    }

    fn field(&mut self, name: &str, value: &str) {
        self.name(name);
        self.push(value);
        self.push("\n");
    }

    fn name(&mut self, name: &str) {
        self.push("        ");
        self.push(name);
        self.push(": ");
    }

    fn push(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }
}

fn algorithm(algorithm: &Algorithm) -> String {
    match (&algorithm.curve, algorithm.bits) {
        (Some(curve), _) => format!("{} over {curve}", algorithm.name),
        (None, Some(bits)) => format!("{}, {bits} bits", algorithm.name),
        (None, None) => algorithm.name.clone(),
    }
}
