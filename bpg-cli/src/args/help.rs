//! Examples, which the long help and the man pages show. A test runs each of them through the definition of the flags.

/// The line in front of what each exit status means.
pub(crate) const EXIT_STATUS: &str = "Exit status:\n";
/// The line in front of examples.
pub(crate) const EXAMPLES: &str = "Examples:\n";

/// What stands behind the flags in the long help.
pub(super) fn with_examples(text: &str, examples: &str) -> String {
    let gap = if text.is_empty() { "" } else { "\n\n" };
    format!("{text}{gap}{EXAMPLES}{examples}")
}

pub(super) const PARSE: &str = "  \
  bpg debug parse key.asc
  bpg debug parse --verbose --strict key.asc
  bpg debug parse --summary message.asc
  bpg debug parse --only signature,user-id key.asc
  bpg debug parse --verbose --packet 17,3.1 key.asc
  bpg debug parse --count --only public-key keyring.gpg
  bpg debug parse --redact --verbose key.asc
  bpg debug parse --color always key.asc | less -R
  bpg debug parse --hex key.gpg
  bpg debug parse -vv message.gpg
  curl -s https://example.com/key.asc | bpg debug parse";

pub(super) const DIFF: &str = "  \
  bpg debug diff old.asc new.asc
  bpg debug diff --verbose key.gpg key.asc
  curl -s https://example.com/key.asc | bpg debug diff key.asc -";

pub(super) const SCHEMA: &str = "  \
  bpg debug schema";

pub(super) const EXPLAIN: &str = "  \
  bpg debug explain
  bpg debug explain packet
  bpg debug explain subpacket 33
  bpg debug explain hash sha256 0x0a
  bpg debug explain key-flag 0x0c
  bpg debug explain curve 1.3.132.0.34";

pub(super) const ARMOR: &str = "  \
  bpg debug armor key.gpg
  bpg debug armor --checksum key.gpg
  bpg debug armor --label 'PUBLIC KEY BLOCK' key.gpg";

pub(super) const DEARMOR: &str = "  \
  bpg debug dearmor key.asc
  bpg debug dearmor --strict key.asc
  bpg debug dearmor --output key.gpg key.asc
  bpg debug dearmor key.asc | bpg debug armor";

pub(super) const EXTRACT: &str = "  \
  bpg debug extract 3 key.asc | bpg debug parse
  bpg debug extract 2.1 --output literal.pgp message.gpg";

pub(super) const SPLIT: &str = "  \
  bpg debug split --directory packets message.gpg
  bpg debug split --by certificate --directory certificates keyring.gpg";

pub(super) const MAN: &str = "  \
  bpg generate man man1";

pub(super) const COMPLETIONS: &str = "  \
  bpg generate completions bash
  bpg generate completions zsh
  bpg generate completions fish";

pub(super) const KEY_GEN: &str = "  \
  bpg key gen --user-id 'Alice <alice@example.com>' --output alice.asc
  bpg key gen rsa 4096 --expires 2y --output key.asc --public-out key.pub.asc
  bpg key gen --v6 --no-user-id --no-passphrase";

pub(super) const KEY_PUBLIC: &str = "  \
  bpg key public alice.asc
  bpg key public --output alice.pub.asc alice.asc";

pub(super) const KEY_PROTECT: &str = "  \
  bpg key protect --in-place alice.asc
  bpg key protect --no-passphrase --output open.asc alice.asc";

pub(super) const KEY_SHOW: &str = "  \
  bpg key show alice.asc
  bpg key show --json alice.asc";

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use crate::args::Args;

    /// Each line of examples runs, as far as the flags tell.
    #[test]
    fn examples_are_commands() {
        let mut count = 0;
        check(&Args::command(), &mut count);
        assert!(count >= 20, "only {count} examples");
    }

    fn check(command: &clap::Command, count: &mut usize) {
        let subcommands: Vec<_> = command.get_subcommands().collect();
        if subcommands.is_empty() {
            let help = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
            let (_, examples) = help.split_once(super::EXAMPLES).unwrap_or_else(|| panic!("{command} has no examples"));
            for line in examples.lines() {
                for part in line.split(" | ").filter(|part| !is_other(part.trim())) {
                    let words = words(part);
                    assert!(words.contains(&command.get_name().into()) || line.contains(" | "), "{line}");
                    Args::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}"));
                    *count += 1;
                }
            }
        }
        subcommands.into_iter().for_each(|command| check(command, count));
    }

    /// Whether a command is not ours.
    fn is_other(command: &str) -> bool {
        ["curl ", "less "].iter().any(|name| command.starts_with(name))
    }

    /// As a shell splits them; single quotes are all that examples need.
    fn words(line: &str) -> Vec<String> {
        let mut words = vec![];
        for (index, part) in line.split('\'').enumerate() {
            if index % 2 == 1 {
                words.push(part.into());
            } else {
                words.extend(part.split_whitespace().map(String::from));
            }
        }
        words
    }
}
