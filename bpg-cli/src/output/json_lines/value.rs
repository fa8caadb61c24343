//! Fields: a name, a type that says how the value is to be read, the value, and a place.

use std::io::Write;

use bpg_core::framing::Body;
use bpg_core::inspect::{Field, Flags, Value};
use bpg_core::material::{CurveOid, KdfParameters, Mpi};
use bpg_core::registry::{AeadAlgorithm, DottedOid, SymmetricKeyAlgorithm};
use bpg_core::s2k;
use bpg_core::secret::Secret;
use bpg_core::time::Timestamp;

use super::{JsonLines, SHOWN};
use crate::date;
use crate::output::{escape, redaction};

impl<W: Write> JsonLines<W> {
    pub(super) fn field(&mut self, field: &Field<'_>) {
        self.push("{");
        let is_stand_in = match field.value {
            // What stands for something does not look like a time.
            Value::Text(text) => self.is_redacted && !redaction::is_time(field.name, text.as_slice()),
            _ => false,
        };
        self.name_and_type(field.name, if is_stand_in { "redacted" } else { type_of(&field.value) });
        self.push(",\"value\":");
        self.value(&field.value);
        match field.span {
            Some(span) => self.span_member(span.start, Some(span.end)),
            None => self.push(",\"span\":null"),
        }
        self.push("}");
    }

    pub(super) fn name_and_type(&mut self, name: &'static str, kind: &str) {
        self.push("\"name\":");
        self.name(name);
        self.push(",\"type\":\"");
        self.push(kind);
        self.push("\"");
    }

    /// A name of the library's, in which there is nothing to be escaped.
    fn name(&mut self, name: &'static str) {
        debug_assert!(escape::is_plain(name.as_bytes()), "{name}");
        self.push("\"");
        self.push(name);
        self.push("\"");
    }

    fn value(&mut self, value: &Value<'_>) {
        match *value {
            Value::Number(number) => self.out.number(number),
            Value::Name(name) => self.name(name),
            Value::Id { number, name, .. } => self.id(number, name),
            Value::Ids(ids) => self.list(ids.values(), |json, id| json.value(&id)),
            Value::Ciphersuites(octets) => self.list(octets.as_slice().chunks(2), Self::ciphersuite),
            Value::Flags(flags) => self.flags(flags),
            Value::Boolean(octet) => self.boolean(octet),
            Value::Text(octets) => {
                self.string(octets.as_slice());
                if std::str::from_utf8(octets.as_slice()).is_err() {
                    self.hex_member(octets.as_slice());
                }
            }
            Value::Hex(octets) => self.hex_string(octets.as_slice()),
            Value::Data(body) => self.data(body),
            Value::Payload { length, first } => self.first_of(length, [first.as_slice()].into_iter()),
            Value::Time(time) => {
                self.push("\"");
                self.out.octets.extend_from_slice(&time.to_rfc3339());
                self.push("\"");
                self.number_member("seconds", time.0.into());
            }
            Value::Seconds(seconds, start) => self.span_of_time(seconds.into(), start, seconds.into()),
            Value::Days(days, start) => self.span_of_time(days.into(), start, u64::from(days) * 86_400),
            Value::MemoryExponent(exponent) => self.power(exponent.into(), exponent),
            Value::ChunkSize(size) => self.power(u32::from(size) + 6, size),
            Value::HashedOctets(count) => {
                self.out.number(s2k::decode_count(count).into());
                self.number_member("octet", count.into());
            }
            Value::Pixels(width, height) => {
                self.push("{\"width\":");
                self.out.number(width.into());
                self.number_member("height", height.into());
                self.push("}");
            }
            Value::Mpi(mpi) => self.mpi(mpi),
            Value::Curve(curve) => self.curve(curve),
            Value::Kdf(parameters) => self.kdf(parameters),
            Value::KeyId(key_id) => self.hex_string(&key_id.0),
            Value::Fingerprint(fingerprint) => self.hex_string(fingerprint.as_slice()),
            Value::Checksum { stored, due, width } => self.checksum(stored, due, width.into()),
            Value::Secret(secret) => self.secret(secret),
            _ => self.push("null"),
        }
    }

    /// A number of a registry.
    pub(super) fn id(&mut self, number: u64, name: Option<&'static str>) {
        self.push("{\"id\":");
        self.out.number(number);
        self.push(",\"name\":");
        match name {
            Some(name) => self.name(name),
            None => self.push("null"),
        }
        self.push("}");
    }

    fn list<T>(&mut self, items: impl Iterator<Item = T>, mut item: impl FnMut(&mut Self, T)) {
        self.push("[");
        for (index, each) in items.enumerate() {
            if index > 0 {
                self.push(",");
            }
            item(self, each);
            self.out.write_if_large();
        }
        self.push("]");
    }

    fn ciphersuite(&mut self, pair: &[u8]) {
        let [cipher, rest @ ..] = pair else { return };
        self.push("{\"cipher\":");
        self.id((*cipher).into(), SymmetricKeyAlgorithm(*cipher).name());
        self.push(",\"aead\":");
        match rest {
            [aead, ..] => self.id((*aead).into(), AeadAlgorithm(*aead).name()),
            [] => self.push("null"),
        }
        self.push("}");
    }

    fn flags(&mut self, flags: Flags<'_>) {
        self.push("{\"set\":");
        self.list(flags.set().filter_map(|(_, name)| name), |json, name| json.name(name));
        self.push(",\"unknown\":\"");
        let mut unknown = flags.set().filter(|(_, name)| name.is_none()).peekable();
        for octet in 0..flags.octets().len_u64() {
            let mut mask = 0;
            while let Some((number, _)) = unknown.next_if(|(number, _)| number / 8 == octet) {
                mask |= 1_u8 << (number % 8);
            }
            self.hex(&[mask]);
        }
        self.push("\"");
        self.hex_member(flags.octets().as_slice());
        self.push("}");
    }

    /// `null` stands for an octet that is neither.
    fn boolean(&mut self, octet: u8) {
        self.push(match octet {
            0 => "false",
            1 => "true",
            _ => "null",
        });
        self.number_member("octet", octet.into());
    }

    fn data(&mut self, body: Body<'_>) {
        self.first_of(body.len(), body.chunks().map(|chunk| chunk.as_slice()));
    }

    /// A length, and the first of so many octets, as far as they are at hand.
    fn first_of<'a>(&mut self, length: u64, pieces: impl Iterator<Item = &'a [u8]>) {
        self.push("{\"length\":");
        self.out.number(length);
        self.push(",\"hex\":\"");
        let mut left = SHOWN;
        for piece in pieces {
            let piece = &piece[..piece.len().min(left)];
            self.hex(piece);
            left -= piece.len();
            if left == 0 {
                break;
            }
        }
        self.push("\"}");
    }

    /// A number of units of time, and where they lead to, if they have an end and their start is known.
    fn span_of_time(&mut self, count: u64, start: Option<Timestamp>, seconds: u64) {
        self.out.number(count);
        if let Some(end) = date::end_of(start, seconds) {
            self.text_member("until", end.as_bytes());
        }
    }

    /// 2^`exponent`, if that is a number that every program reads, and the octet that stands for it.
    fn power(&mut self, exponent: u32, octet: u8) {
        self.optional(1_u64.checked_shl(exponent).filter(|power| *power <= 1 << 53));
        self.number_member("octet", octet.into());
    }

    fn mpi(&mut self, mpi: Mpi<'_>) {
        self.push("{\"bits\":");
        self.out.number(mpi.bits().into());
        self.push(",\"canonical\":");
        self.push(if mpi.is_canonical() { "true" } else { "false" });
        self.hex_member(mpi.octets().as_slice());
        self.push("}");
    }

    fn curve(&mut self, curve: CurveOid<'_>) {
        let octets = curve.octets().as_slice();
        self.push("{\"name\":");
        match curve.curve() {
            Some(known) => self.name(known.name),
            None => self.push("null"),
        }
        self.text_member("oid", DottedOid(octets).to_string().as_bytes());
        self.hex_member(octets);
        self.push("}");
    }

    fn kdf(&mut self, parameters: KdfParameters<'_>) {
        let algorithms = parameters.algorithms();
        self.push("{\"hash\":");
        match algorithms {
            Some((hash, cipher)) => {
                self.id(hash.0.into(), hash.name());
                self.push(",\"cipher\":");
                self.id(cipher.0.into(), cipher.name());
            }
            None => self.push("null,\"cipher\":null"),
        }
        self.hex_member(parameters.octets().as_slice());
        self.push("}");
    }

    fn checksum(&mut self, stored: Option<u32>, due: Option<u32>, width: usize) {
        for (name, checksum) in [("{\"stored\":", stored), (",\"due\":", due)] {
            self.push(name);
            match checksum {
                Some(checksum) => {
                    let octets = checksum.to_be_bytes();
                    self.hex_string(&octets[octets.len().saturating_sub(width)..]);
                }
                None => self.push("null"),
            }
        }
        self.push(match due {
            Some(_) if stored == due => ",\"right\":true}",
            Some(_) => ",\"right\":false}",
            None => ",\"right\":null}",
        });
    }

    fn secret(&mut self, secret: Secret<'_>) {
        self.push("{\"length\":");
        self.out.number(secret.len() as u64);
        if self.shows_secrets {
            self.hex_member(secret.expose().as_slice());
        }
        self.push("}");
    }

    fn hex_member(&mut self, octets: &[u8]) {
        self.push(",\"hex\":");
        self.hex_string(octets);
    }

    fn hex_string(&mut self, octets: &[u8]) {
        self.push("\"");
        self.hex(octets);
        self.push("\"");
    }
}

/// What the value of a field is, in the schema's words.
const fn type_of(value: &Value<'_>) -> &'static str {
    match value {
        Value::Number(_) => "number",
        Value::Name(_) => "word",
        Value::Id { .. } => "id",
        Value::Ids(_) => "ids",
        Value::Ciphersuites(_) => "ciphersuites",
        Value::Flags(_) => "flags",
        Value::Boolean(_) => "boolean",
        Value::Text(_) => "text",
        Value::Hex(_) => "hex",
        Value::Data(_) | Value::Payload { .. } => "data",
        Value::Time(_) => "time",
        Value::Seconds(..) => "seconds",
        Value::Days(..) => "days",
        Value::MemoryExponent(_) => "kibioctets",
        Value::HashedOctets(_) => "hashed-octets",
        Value::ChunkSize(_) => "chunk-size",
        Value::Pixels(..) => "pixels",
        Value::Mpi(_) => "mpi",
        Value::Curve(_) => "curve",
        Value::Kdf(_) => "kdf",
        Value::KeyId(_) => "key-id",
        Value::Fingerprint(_) => "fingerprint",
        Value::Checksum { .. } => "checksum",
        Value::Secret(_) => "secret",
        _ => "other",
    }
}
