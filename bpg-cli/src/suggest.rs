//! What somebody may have meant who mistyped a word.

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// How alike two words have to be. What reads the flags takes the same.
const ALIKE: f64 = 0.7;

/// Of `candidates`, each as it is compared and as it is shown, the one that is most like `word`, if one is.
pub(crate) fn similar<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = (impl AsRef<str>, &'c str)>,
) -> Option<&'c str> {
    let likeness = candidates.into_iter().map(|(one, shown)| (likeness(word, one.as_ref()), shown));
    let best = likeness.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.filter(|(likeness, _)| *likeness > ALIKE).map(|(_, shown)| shown)
}

/// How alike two words are, from 0 to 1. Two letters that changed places are nothing, although they are much of a short word.
fn likeness(word: &str, other: &str) -> f64 {
    let is_swapped = strsim::osa_distance(word, other) == 1 && strsim::levenshtein(word, other) == 2;
    if is_swapped { 1.0 } else { strsim::jaro(word, other) }
}

/// Adds to an error in `arguments`, the program's name first, what may have been meant, where what reads the flags has no
/// idea: of short words, and of what stands behind `help`.
pub(crate) fn complete(error: &mut Error, command: &Command, arguments: impl Iterator<Item = String>) {
    let suggestion = match error.kind() {
        ErrorKind::InvalidSubcommand if error.get(ContextKind::SuggestedSubcommand).is_none() => {
            subcommand(error, command, arguments)
                .map(|name| (ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![name])))
        }
        ErrorKind::InvalidValue if error.get(ContextKind::SuggestedValue).is_none() => {
            value(error).map(|name| (ContextKind::SuggestedValue, ContextValue::String(name)))
        }
        _ => None,
    };
    if let Some((kind, suggestion)) = suggestion {
        error.insert(kind, suggestion);
    }
}

fn subcommand(error: &Error, command: &Command, arguments: impl Iterator<Item = String>) -> Option<String> {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    let mut innermost = command;
    for argument in arguments.skip(1).filter(|argument| argument != "help") {
        let Some(inner) = innermost.find_subcommand(argument) else { break };
        innermost = inner;
    }
    let names = innermost.get_subcommands().map(|inner| (inner.get_name(), inner.get_name()));
    similar(word, names).map(str::to_owned)
}

fn value(error: &Error) -> Option<String> {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidValue) else { return None };
    let Some(ContextValue::Strings(names)) = error.get(ContextKind::ValidValue) else { return None };
    similar(word, names.iter().map(|name| (name, &**name))).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::similar;

    #[test]
    fn letters_that_changed_places() {
        assert_eq!(similar("ras", ["dsa", "rsa"].map(|word| (word, word))), Some("rsa"));
        assert_eq!(similar("kye", ["debug", "key"].map(|word| (word, word))), Some("key"));
        assert_eq!(similar("yek", ["debug", "key"].map(|word| (word, word))), None);
    }

    #[test]
    fn a_mistyped_word_has_a_likely_meaning() {
        let words = ["depth", "packet", "packets"].map(|word| (word, word));
        assert_eq!(similar("detph", words), Some("depth"));
        assert_eq!(similar("pakcets", words), Some("packets"));
        assert_eq!(similar("xyz", words), None);
        assert_eq!(similar("", words), None);
    }
}
