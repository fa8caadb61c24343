//! What somebody may have meant who mistyped a word.

use clap::Command;
use clap::builder::StyledStr;
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
/// idea, or a worse one: of short words, of what stands behind `help`, and of the start of an option.
pub(crate) fn complete(error: &mut Error, command: &Command, arguments: impl Iterator<Item = String>) {
    if error.kind() == ErrorKind::UnknownArgument {
        if let Some((names, usage)) = longer_options(error, command, arguments) {
            error.insert(ContextKind::SuggestedArg, ContextValue::Strings(names));
            error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
        }
        return;
    }
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
    let names = innermost(command, arguments).get_subcommands().map(|inner| (inner.get_name(), inner.get_name()));
    similar(word, names).map(str::to_owned)
}

/// The command that `arguments` are for, the program's name first.
fn innermost(command: &Command, arguments: impl Iterator<Item = String>) -> &Command {
    let mut innermost = command;
    for argument in arguments.skip(1).filter(|argument| argument != "help") {
        let Some(inner) = innermost.find_subcommand(argument) else { break };
        innermost = inner;
    }
    innermost
}

/// The options that start with the word that is none, and how the command is used. They are more likely than one that is
/// alike: `--passphrase` is meant to be `--passphrase-file`, and surely not `--no-passphrase`.
fn longer_options(
    error: &Error,
    command: &Command,
    arguments: impl Iterator<Item = String>,
) -> Option<(Vec<String>, StyledStr)> {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg) else { return None };
    let start = word.strip_prefix("--")?;
    let mut command = command.clone();
    // Usage names the whole command only then.
    command.build();
    let command = innermost(&command, arguments);
    let longs = command.get_arguments().filter_map(clap::Arg::get_long);
    let names: Vec<_> = longs.filter(|long| long.starts_with(start)).map(|long| format!("--{long}")).collect();
    // Of a single one, what reads the flags tells the usage, too.
    let told = error.get(ContextKind::SuggestedArg);
    let is_told = matches!((told, names.as_slice()), (Some(ContextValue::String(told)), [name]) if told == name);
    (!names.is_empty() && !is_told).then(|| (names, command.clone().render_usage()))
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
