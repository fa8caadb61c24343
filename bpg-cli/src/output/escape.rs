//! Text from untrusted sources, made fit for a terminal.

/// Appends `octets` as text in which nothing can move the cursor, change what is seen, or be taken for something else.
///
/// Letters, digits, punctuation and the space stay. Control characters, line separators, characters that reorder text or
/// are not seen (bidirectional overrides, zero-width characters, fillers), unassigned characters, and the backslash become
/// escapes as in Rust: `\n`, `\u{202e}`, `\\`. Octets that are not UTF-8 become `\xff`.
pub(crate) fn text(out: &mut Vec<u8>, octets: &[u8]) {
    if is_plain(octets) {
        return out.extend_from_slice(octets);
    }
    for chunk in octets.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\\' => out.extend_from_slice(b"\\\\"),
                ' '..='~' => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
                _ if is_unseen(character) => {
                    let escaped = character.escape_unicode();
                    escaped.for_each(|character| out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()));
                }
                _ => non_ascii(out, character),
            }
        }
        for octet in chunk.invalid() {
            out.extend_from_slice(b"\\x");
            hex(out, &[*octet]);
        }
    }
}

/// Appends `octets` as what stands between the quotation marks of a JSON string (RFC 8259 section 7). What [`text`] escapes is
/// escaped here, too, as JSON does it; octets that are not UTF-8 become the replacement character.
pub(crate) fn json(out: &mut Vec<u8>, octets: &[u8]) {
    if is_plain(octets) {
        return out.extend_from_slice(octets);
    }
    for chunk in octets.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '"' | '\\' => out.extend_from_slice(&[b'\\', character as u8]),
                ' '..='~' => out.push(character as u8),
                _ if is_seen(character) => {
                    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                _ => character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                    out.extend_from_slice(b"\\u");
                    hex(out, &unit.to_be_bytes());
                }),
            }
        }
        if !chunk.invalid().is_empty() {
            out.extend_from_slice(b"\\ufffd");
        }
    }
}

/// Whether there is nothing that [`text`] or [`json`] escape, and nothing that is not ASCII, as in most names and texts. All
/// octets are looked at whatever they are, which processors do many at a time.
pub(crate) fn is_plain(octets: &[u8]) -> bool {
    octets.iter().fold(true, |is_plain, octet| {
        is_plain & (octet.wrapping_sub(b' ') <= b'~' - b' ') & (*octet != b'"') & (*octet != b'\\')
    })
}

/// Whether [`text`] leaves a character that is not ASCII as it is.
fn is_seen(character: char) -> bool {
    let mut shown = Vec::new();
    non_ascii(&mut shown, character);
    !is_unseen(character) && shown == character.encode_utf8(&mut [0; 4]).as_bytes()
}

/// The standard library knows which characters are printable. It escapes combining marks only where a string starts, so
/// the character is put behind another one.
fn non_ascii(out: &mut Vec<u8>, character: char) {
    let mut pair = [b'a', 0, 0, 0, 0];
    let length = character.encode_utf8(&mut pair[1..]).len();
    if let Ok(pair) = std::str::from_utf8(&pair[..=length]) {
        let escaped = pair.escape_debug().skip(1);
        escaped.for_each(|character| out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()));
    }
}

/// Whether a character leaves no mark although the standard library takes it for printable: those of Unicode's property
/// Default_Ignorable_Code_Point that are letters or marks, and the empty braille pattern.
const fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// How many octets are few.
const FEW: usize = 16;

/// The digits of every octet.
const DIGITS: [[u8; 2]; 256] = {
    let mut digits = [[0; 2]; 256];
    let mut octet = 0;
    while octet < digits.len() {
        digits[octet] = digits_of(octet as u8);
        octet += 1;
    }
    digits
};

const fn digits_of(octet: u8) -> [u8; 2] {
    let (high, low) = (octet >> 4, octet & 0xf);
    // What a letter has more than a digit, which is calculated rather than looked up.
    let letters = [if high > 9 { b'a' - b'9' - 1 } else { 0 }, if low > 9 { b'a' - b'9' - 1 } else { 0 }];
    [b'0' + high + letters[0], b'0' + low + letters[1]]
}

/// Appends `octets` in lower-case hexadecimal.
pub(crate) fn hex(out: &mut Vec<u8>, octets: &[u8]) {
    if octets.len() < FEW {
        let mut digits = [[0; 2]; FEW];
        for (pair, octet) in digits.iter_mut().zip(octets) {
            *pair = DIGITS[usize::from(*octet)];
        }
        return out.extend_from_slice(&digits.as_flattened()[..2 * octets.len()]);
    }
    // Processors calculate the digits of many octets at a time.
    let start = out.len();
    out.resize(start + 2 * octets.len(), 0);
    for (pair, octet) in out[start..].chunks_exact_mut(2).zip(octets) {
        pair.copy_from_slice(&digits_of(*octet));
    }
}

#[cfg(test)]
mod tests {
    fn escaped(octets: &[u8]) -> String {
        let mut out = Vec::new();
        super::text(&mut out, octets);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_can_be_read_stays() {
        for text in ["Alice \"A\" O'Hara <alice@example.com>", "Zoë Ångström", "山田太郎", "e\u{301}", "🦀"] {
            assert_eq!(escaped(text.as_bytes()), text);
        }
    }

    #[test]
    fn json_strings_escape_the_same() {
        for octets in [
            "Alice \"A\" O'Hara <alice@example.com> Zo\u{eb} e\u{301} \u{5c71} \u{1f980}".as_bytes(),
            b"a\nb\r\t\0\x1b[31m\x07\x7f C:\\n \xc2\x9b1m",
            b"\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8b\xef\xbb\xbf\xe2\x80\xa8\xe3\x85\xa4\xf3\xa0\x84\x80",
            b"J\xf6rg \xff\xc3",
        ] {
            let mut json = b"\"".to_vec();
            super::json(&mut json, octets);
            json.push(b'"');
            let json = String::from_utf8(json).unwrap();
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), String::from_utf8_lossy(octets));
            // What can be read stays, and nothing else.
            let seen = |text: String| text.chars().filter(|character| !character.is_ascii()).collect::<String>();
            assert_eq!(seen(json), seen(escaped(octets)));
        }
    }

    #[test]
    fn what_deceives_is_escaped() {
        for (octets, text) in [
            (&b"a\nb\r\t\0"[..], r"a\nb\r\t\0"),
            (b"\x1b[31m\x07\x7f", r"\u{1b}[31m\u{7}\u{7f}"),
            (b"C:\\n", r"C:\\n"),
            (b"\xc2\x9b1m", r"\u{9b}1m"),                       // CSI of C1
            (b"\xe2\x80\xae", r"\u{202e}"),                     // right-to-left override
            (b"\xe2\x81\xa6\xe2\x81\xa9", r"\u{2066}\u{2069}"), // isolates
            (b"\xe2\x80\x8b\xef\xbb\xbf", r"\u{200b}\u{feff}"), // zero width
            (b"\xe2\x80\xa8\xc2\x85", r"\u{2028}\u{85}"),       // line separator, next line
            (b"\xe3\x85\xa4\xe2\xa0\x80", r"\u{3164}\u{2800}"), // filler, empty braille
            (b"J\xf6rg \xff\xc3", r"J\xf6rg \xff\xc3"),         // Latin-1, and a cut sequence
        ] {
            assert_eq!(escaped(octets), text);
        }
    }
}
