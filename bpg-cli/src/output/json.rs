//! JSON that is fit for a terminal.

use serde::Serialize;

/// `value` as indented JSON that ends with a line feed. Whatever is not printable ASCII is escaped, so that a name cannot
/// send escape sequences to a terminal or reorder what is seen.
pub(crate) fn pretty(value: &impl Serialize) -> serde_json::Result<String> {
    let json = serde_json::to_string_pretty(value)?;
    let mut out = String::with_capacity(json.len() + 1);
    for character in json.chars() {
        // Only strings hold such characters, the serializer escapes those below the space.
        match character {
            '\n' | ' '..='~' => out.push(character),
            _ => {
                let units =
                    character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
                out.push_str(&units);
            }
        }
    }
    out.push('\n');
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_ascii_and_the_same_value() {
        let text = "a\"\\\n\u{1b}\u{7f}\u{9b}\u{202e}é🦀";
        let json = pretty(&[text]).unwrap();
        assert_eq!(json, "[\n  \"a\\\"\\\\\\n\\u001b\\u007f\\u009b\\u202e\\u00e9\\ud83e\\udd80\"\n]\n");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [text]);
    }
}
