//! Octets of flags, as the specifications write them: `0x0c`, or `0x0004` for a flag of the second octet.

/// Whether `text` is meant to be octets, and not the number of a flag.
pub(super) fn are_octets(text: &str) -> bool {
    digits(text).is_some()
}

/// What follows `0x`. RFC 9580 puts `...` behind it, for any further octets.
fn digits(text: &str) -> Option<&str> {
    let digits = text.strip_prefix("0x").or(text.strip_prefix("0X"))?;
    Some(digits.strip_suffix("...").unwrap_or(digits))
}

/// The octets that `text` gives in hexadecimal, `None` if that is something else.
pub(super) fn octets(text: &str) -> Option<Vec<u8>> {
    let digits = digits(text)?;
    // Of one octet, the zero in front may be missing.
    let digits = if digits.len() == 1 { format!("0{digits}") } else { digits.into() };
    if digits.is_empty() || digits.len() % 2 == 1 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let octet = |index| u8::from_str_radix(digits.get(index..index + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map(octet).collect()
}

/// The numbers of the flags that are set: 8 × the index of the octet + the bit.
pub(super) fn set(octets: &[u8]) -> impl Iterator<Item = u64> {
    let bits = |octet: u8| (0..8).filter(move |bit| octet >> bit & 1 == 1);
    (0..).zip(octets).flat_map(move |(index, octet)| bits(*octet).map(move |bit| 8 * index + bit))
}

/// No flag that is assigned is in a later octet than this one, counted from 0. Of others, the octets would be a long line.
const LAST_SHOWN: u32 = 3;

/// The octets up to that of a flag, in hexadecimal, with nothing but the flag set; `None` if they are many.
pub(super) fn mask(flag: u32) -> Option<String> {
    let (octet, bit) = (flag / 8, flag % 8);
    (octet <= LAST_SHOWN).then(|| format!("0x{}{:02x}", "00".repeat(octet as usize), 1 << bit))
}

/// Where a flag is. As in its number, octets and bits count from 0.
pub(super) fn place(flag: u32) -> String {
    format!("octet {}, bit {}, both from 0", flag / 8, flag % 8)
}

/// These octets, in hexadecimal.
pub(super) fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().fold("0x".into(), |text, octet| format!("{text}{octet:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_of_flags() {
        for (text, flags) in [
            ("0x00", Some(&[][..])),
            ("0x01", Some(&[0])),
            ("0x4", Some(&[2])),
            ("0x0c", Some(&[2, 3])),
            ("0X0C...", Some(&[2, 3])),
            ("0x0004...", Some(&[10])),
            ("0x80000001", Some(&[7, 24])),
            ("12", None),
            ("0x", None),
            ("0x...", None),
            ("0x100", None),
            ("0xgg", None),
            ("0xéé", None),
        ] {
            let found = octets(text).map(|octets| set(&octets).collect::<Vec<_>>());
            assert_eq!(found.as_deref(), flags, "{text}");
        }
    }

    #[test]
    fn a_mask_has_one_flag() {
        for flag in 0..32 {
            let mask = mask(flag).unwrap();
            let octets = octets(&mask).unwrap();
            assert!(set(&octets).eq([u64::from(flag)]), "{flag}");
            assert_eq!(hexadecimal(&octets), mask);
        }
        assert_eq!(mask(10).unwrap(), "0x0004");
        assert_eq!(mask(32), None);
        assert_eq!(place(32), "octet 4, bit 0, both from 0");
    }
}
