//! User IDs on the command line.
//!
//! "A User ID packet consists of UTF-8 text that is intended to represent the name and email address of the keyholder. By
//! convention, it includes a mail name-addr as described in \[RFC2822\], but there are no restrictions on its content" (RFC
//! 9580 section 5.11).

use crate::output::escape;

/// GnuPG refuses longer ones.
const MAX_LENGTH: usize = 2048;

/// Accepts `Name <address>`, `address`, and a name alone; refuses what is empty, cannot be seen, or is a broken form of
/// these.
pub(crate) fn parse(text: &str) -> Result<String, String> {
    let mut shown = Vec::new();
    escape::text(&mut shown, text.as_bytes());
    if text.is_empty() {
        Err("it is empty".into())
    } else if text.len() > MAX_LENGTH {
        Err(format!("it has {} octets, and GnuPG refuses more than {MAX_LENGTH}", text.len()))
    } else if shown != text.replace('\\', r"\\").as_bytes() {
        Err("it holds a character that cannot be seen".into())
    } else if text.trim() != text {
        Err("it starts or ends with a space".into())
    } else if text.contains(['<', '>']) && bracketed(text).is_none() {
        Err("it is not of the form `Name <address>`".into())
    } else if address(text).is_some_and(|address| !is_address(address)) {
        Err("its mail address is not a valid one".into())
    } else {
        Ok(text.to_owned())
    }
}

/// The mail address in a user ID: what is in angle brackets, or all of it if it has an at sign and no space.
pub(crate) fn address(text: &str) -> Option<&str> {
    bracketed(text).or_else(|| (text.contains('@') && !text.contains([' ', ':', '/'])).then_some(text))
}

/// What stands between angle brackets, if they end the text and there is one pair of them.
fn bracketed(text: &str) -> Option<&str> {
    let (_, address) = text.strip_suffix('>')?.split_once('<')?;
    (!address.contains(['<', '>'])).then_some(address)
}

/// Not all of what mail allows, but nothing that it does not: something on both sides of the last at sign, and no space.
fn is_address(text: &str) -> bool {
    let is_whole = |(local, domain): (&str, &str)| !local.is_empty() && !domain.is_empty();
    !text.contains(char::is_whitespace) && text.rsplit_once('@').is_some_and(is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_forms_are_accepted() {
        for (text, mail) in [
            ("Alice Example <alice@example.com>", Some("alice@example.com")),
            ("Alice (work) <alice@example.com>", Some("alice@example.com")),
            ("<alice@example.com>", Some("alice@example.com")),
            ("alice@example.com", Some("alice@example.com")),
            ("Zoë 山田 <zoë@例え.jp>", Some("zoë@例え.jp")),
            (r"back\slash <a@b>", Some("a@b")),
            ("root@localhost", Some("root@localhost")),
            ("Alice", None),
            ("ssh://user@host.example", None),
        ] {
            assert_eq!((parse(text).as_deref(), address(text)), (Ok(text), mail));
        }
    }

    #[test]
    fn broken_forms_are_refused() {
        for text in [
            "",
            " ",
            " Alice",
            "Alice ",
            "Alice\n<alice@example.com>",
            "Alice\u{202e}",
            "Alice\u{200b}",
            "Alice\u{1b}[31m",
            "Alice <alice@example.com",
            "Alice alice@example.com>",
            "Alice <alice@example.com> x",
            "Alice <<alice@example.com>>",
            "Alice <>",
            "Alice <alice>",
            "Alice <@example.com>",
            "Alice <alice@>",
            "Alice <alice @example.com>",
            "@",
            "alice@",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
        assert!(parse(&"a".repeat(MAX_LENGTH)).is_ok());
        assert!(parse(&"a".repeat(MAX_LENGTH + 1)).is_err());
    }
}
