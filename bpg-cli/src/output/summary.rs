//! The overview: what is in a file, who can read it, and who signed it.
//!
//! It is made of the names of fields and of nothing else, and of so much memory at most, whatever the file holds.

mod facts;
mod fingerprints;
mod tally;

use std::io::{self, Write};

use bpg_core::inspect::{Event, Field};
use bpg_core::registry::PacketType;

use self::facts::{Facts, Open, S2K, joined};
use self::fingerprints::Fingerprints;
use self::tally::{Keys, Tally, grouped};
use super::buffer::Buffer;
use super::renderer::{FileEnd, Lines, Renderer};
use super::select::Chosen;
use super::text::Text;
use super::wire::Wire;

/// How many signers are listed, with each kind of signature: a keyring has more than anybody wants to read.
const SIGNERS: usize = 20;

/// Renders events as an overview of each file.
pub(crate) struct Summary<W> {
    out: Buffer<W>,
    /// Shows values as the text form does.
    values: Text<io::Sink>,
    /// Whether anything was printed yet, so that an empty line has to separate what follows.
    has_started: bool,
    open: Vec<Open>,
    totals: Totals,
}

/// What is known of a file.
#[derive(Default)]
struct Totals {
    packets: Tally,
    keys: Keys,
    fingerprints: Fingerprints,
    secrets: Tally,
    recipients: Tally,
    passphrases: Tally,
    encrypted: Tally,
    signatures: Tally,
    public_key: Tally,
    hash: Tally,
    symmetric: Tally,
    aead: Tally,
    compression: Tally,
    errors: u64,
}

impl<W: Write> Summary<W> {
    pub(crate) fn new(to: W) -> Self {
        let values = Text::new(io::sink(), false, false);
        Self { out: Buffer::new(to, false), values, has_started: false, open: Vec::new(), totals: Totals::default() }
    }

    fn field(&mut self, field: &Field<'_>) {
        let mut groups = Vec::new();
        for open in self.open.iter_mut().rev() {
            match open {
                Open::Group(name) => groups.push(*name),
                Open::Packet(facts) => {
                    groups.reverse();
                    return facts.field(&groups, field, &mut self.values);
                }
                Open::Other => return,
            }
        }
    }

    fn close(&mut self) {
        if let Some(Open::Packet(facts)) = self.open.pop() {
            self.totals.packet(&facts);
        }
    }

    /// A heading with the sum, and a row for each value: how often it is there, and what it is. The rows have the same sum.
    fn section(&mut self, title: &str, tally: &Tally, fingerprints: &Fingerprints, most: usize) {
        if tally.sum() == 0 && title != "packets" {
            return;
        }
        self.line(title, tally.sum());
        let rows = tally.rows(fingerprints);
        let (listed, left) = rows.split_at(rows.len().min(most));
        let others = left.iter().map(|row| row.count()).sum::<u64>() + tally.others();
        let width = listed.iter().map(|row| row.count()).chain([others]).max().unwrap_or(0).to_string().len();
        for row in listed {
            self.row(width, row.count(), &row.text());
        }
        if others > 0 {
            self.row(width, others, "others");
        }
    }

    fn row(&mut self, width: usize, count: u64, text: &str) {
        let count = format!("        {count:>width$}  ");
        self.out.push(&count);
        self.out.push(text);
        self.out.push("\n");
        self.out.write_if_large();
    }

    fn keys(&mut self, keys: &Keys) {
        if keys.count() == 0 {
            return;
        }
        self.line("keys", keys.count());
        for key in keys.first() {
            self.out.push("        ");
            self.out.push(&key);
            self.out.push("\n");
        }
        match keys.count() - keys.first().len() as u64 {
            0 => {}
            left => {
                self.out.push("        and ");
                self.out.push(&grouped(left));
                self.out.push(" more\n");
            }
        }
    }

    fn line(&mut self, title: &str, count: u64) {
        self.out.push(title);
        self.out.push(": ");
        self.out.number(count);
        self.out.push("\n");
    }

    /// An empty line between what has headings.
    fn separate(&mut self) {
        if self.has_started {
            self.out.push("\n");
        }
        self.has_started = true;
    }
}

impl<W: Write> Renderer for Summary<W> {
    fn file(&mut self, name: &[u8], is_one_of_several: bool) {
        self.open.clear();
        self.totals = Totals::default();
        if is_one_of_several {
            self.separate();
            self.out.file_heading(name);
            self.out.push("\n");
        }
    }

    fn event(&mut self, event: &Event<'_>, chosen: Chosen<'_>, _wire: &mut Wire, _lines: Lines<'_>) -> io::Result<()> {
        if !chosen.is_shown {
            return Ok(());
        }
        match event {
            Event::Packet(frame) => self.open.push(Open::Packet(Facts::new(frame.packet_type))),
            Event::Open(group) => self.open.push(Open::Group(group.name)),
            Event::Armor(_)
            | Event::ArmorEnd(_)
            | Event::Container(_)
            | Event::Remainder(_)
            | Event::Decompressed(_) => self.open.push(Open::Other),
            Event::Field(field) => self.field(field),
            Event::Error(_) => self.totals.errors += 1,
            Event::Close => self.close(),
            Event::Unknown | Event::Payload => {}
        }
        self.out.end_event()
    }

    fn end_of_file(&mut self, end: &FileEnd) {
        if end.is_unread() {
            return;
        }
        // Some may be open where reading stopped.
        while !self.open.is_empty() {
            self.close();
        }
        self.separate();
        let totals = std::mem::take(&mut self.totals);
        let all = usize::MAX;
        self.section("packets", &totals.packets, &totals.fingerprints, all);
        self.keys(&totals.keys);
        self.section("secret keys", &totals.secrets, &totals.fingerprints, all);
        self.section("recipients", &totals.recipients, &totals.fingerprints, all);
        self.section("passphrases", &totals.passphrases, &totals.fingerprints, all);
        self.section("encrypted data", &totals.encrypted, &totals.fingerprints, all);
        self.section("signatures", &totals.signatures, &totals.fingerprints, SIGNERS);
        self.section("public-key algorithms", &totals.public_key, &totals.fingerprints, all);
        self.section("hash algorithms", &totals.hash, &totals.fingerprints, all);
        self.section("symmetric algorithms", &totals.symmetric, &totals.fingerprints, all);
        self.section("AEAD algorithms", &totals.aead, &totals.fingerprints, all);
        self.section("compression algorithms", &totals.compression, &totals.fingerprints, all);
        self.line("errors", totals.errors);
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn printed(&self) -> u64 {
        self.out.printed()
    }
}

impl Totals {
    /// A packet was told to its end.
    fn packet(&mut self, facts: &Facts) {
        self.packets.add(facts.packet_type.0.into(), facts.kind());
        facts.count("symmetric algorithm", &mut self.symmetric, "");
        facts.count("AEAD algorithm", &mut self.aead, "");
        match facts.packet_type {
            PacketType::PUBLIC_KEY | PacketType::SECRET_KEY => {
                self.keys.key(facts.first(&["fingerprint", "keyid"]));
                self.key(facts);
            }
            PacketType::PUBLIC_SUBKEY | PacketType::SECRET_SUBKEY => self.key(facts),
            PacketType::USER_ID => self.keys.user_id(facts.first(&["content"])),
            PacketType::PUBLIC_KEY_ENCRYPTED_SESSION_KEY => self.recipient(facts),
            PacketType::SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY => {
                let cipher = facts.list(&["version", "symmetric algorithm", "AEAD algorithm"]);
                self.passphrases.append(joined([cipher, facts.list(&S2K)]));
            }
            PacketType::SIGNATURE => self.signature(facts),
            PacketType::COMPRESSED_DATA => facts.count("algorithm", &mut self.compression, ""),
            PacketType::SYMMETRICALLY_ENCRYPTED_DATA => self.encrypted(facts, "no integrity protection"),
            PacketType::SYMMETRICALLY_ENCRYPTED_AND_INTEGRITY_PROTECTED_DATA | PacketType::OCB_ENCRYPTED_DATA => {
                let is_aead = facts.first(&["AEAD algorithm"]).is_some();
                self.encrypted(facts, if is_aead { "AEAD" } else { "MDC" });
            }
            _ => {}
        }
    }

    fn key(&mut self, facts: &Facts) {
        if let (Some(key_id), Some(fingerprint)) = (facts.first(&["keyid"]), facts.first(&["fingerprint"])) {
            self.fingerprints.both(key_id, fingerprint);
        }
        let size = facts.first(&["curve", "modulus n", "prime p"]).unwrap_or_default().to_owned();
        let size = format!(", {}", joined([size, "in keys".to_owned()]));
        facts.count("algorithm", &mut self.public_key, &size);
        if facts.packet_type.is_secret() {
            let protection = facts.list(&["S2K usage", "symmetric algorithm", "AEAD algorithm"]);
            let protection = if protection.is_empty() { "unknown".to_owned() } else { protection };
            self.secrets.append(joined([protection, facts.list(&S2K)]));
        }
    }

    fn recipient(&mut self, facts: &Facts) {
        let recipient = facts.first(&["recipient", "fingerprint", "keyid"]).unwrap_or("unknown");
        self.recipients.append_of(recipient, facts.list(&["version", "algorithm"]), None);
        self.fingerprints.told(facts.first(&["fingerprint"]));
        facts.count("algorithm", &mut self.public_key, ", in session keys");
    }

    fn encrypted(&mut self, facts: &Facts, protection: &str) {
        let aead = facts.list(&["symmetric algorithm", "AEAD algorithm", "chunk size"]);
        self.encrypted.append(joined([facts.list(&["version"]), protection.to_owned(), aead]));
    }

    fn signature(&mut self, facts: &Facts) {
        let issuer = facts.first(&["Issuer Fingerprint", "Issuer Key ID", "issuer keyid"]).unwrap_or("unknown issuer");
        let time = facts.first(&["Signature Creation Time", "creation time"]);
        self.signatures.append_of(issuer, facts.list(&["type", "hash algorithm"]), time);
        self.fingerprints.told(facts.first(&["Issuer Fingerprint"]));
        facts.count("public-key algorithm", &mut self.public_key, ", in signatures");
        facts.count("hash algorithm", &mut self.hash, "");
    }
}
