//! Colour and weight on a terminal.

use std::ffi::OsString;

use clap::{ColorChoice, ValueEnum};

/// When the text form has colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless NO_COLOR is set or TERM is dumb
    #[default]
    Auto,
    /// Wherever it goes
    Always,
    /// Nowhere
    Never,
}

impl Colour {
    /// What arguments ask for that were not read yet, and may be wrong.
    pub(crate) fn of(arguments: impl Iterator<Item = String>) -> Self {
        let mut arguments = arguments.take_while(|argument| argument != "--");
        let mut last = None;
        while let Some(argument) = arguments.next() {
            last = match argument.strip_prefix("--color") {
                Some("") => arguments.next(),
                Some(value) => value.strip_prefix('=').map(str::to_owned),
                None => last,
            };
        }
        last.and_then(|word| Self::from_str(&word, false).ok()).unwrap_or_default()
    }
}

impl From<Colour> for ColorChoice {
    fn from(colour: Colour) -> Self {
        match colour {
            Colour::Auto => Self::Auto,
            Colour::Always => Self::Always,
            Colour::Never => Self::Never,
        }
    }
}

/// What stands in front of the parts of the text and behind them. Where there are no colours, that is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// In front of what tells of a packet, of what is around packets, or of a file.
    pub(crate) heading: &'static str,
    /// In front of the name of a field or a group.
    pub(crate) name: &'static str,
    /// In front of what is wrong.
    pub(crate) error: &'static str,
    /// In front of what stands for something that is not shown.
    pub(crate) hidden: &'static str,
    /// Behind each of them.
    pub(crate) plain: &'static str,
}

impl Style {
    /// Nothing is marked.
    pub(crate) const NONE: Self = Self { heading: "", name: "", error: "", hidden: "", plain: "" };
    /// Bold, cyan, bold and red, and faint, by the codes that terminals agree on (ECMA-48 section 8.3.117).
    pub(crate) const COLOURS: Self =
        Self { heading: "\x1b[1m", name: "\x1b[36m", error: "\x1b[1;31m", hidden: "\x1b[2m", plain: "\x1b[0m" };

    /// What the user wants, where standard output is a terminal or not.
    pub(crate) fn new(colour: Colour, is_terminal: bool) -> Self {
        Self::in_environment(colour, is_terminal, |name| std::env::var_os(name))
    }

    fn in_environment(colour: Colour, is_terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let has_colours = match colour {
            Colour::Always => true,
            Colour::Never => false,
            // "when present and not an empty string (regardless of its value), prevents the addition of ANSI color"
            // (https://no-color.org)
            Colour::Auto => {
                is_terminal && variable("NO_COLOR").is_none_or(|value| value.is_empty()) && !is_dumb(variable)
            }
        };
        if has_colours { Self::COLOURS } else { Self::NONE }
    }
}

/// Whether the terminal, if there is one, takes no escape codes.
pub(crate) fn is_dumb(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    variable("TERM").is_some_and(|term| term == "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_knows_of_the_flag() {
        for (arguments, colour) in [
            ("bpg debug parse", Colour::Auto),
            ("bpg debug parse --color never -h", Colour::Never),
            ("bpg debug parse --color=always -h", Colour::Always),
            ("bpg debug parse --color=always --color=never", Colour::Never),
            ("bpg debug parse --color=always -- --color=never", Colour::Always),
            ("bpg debug parse --color", Colour::Auto),
            ("bpg debug parse --color=alwys", Colour::Auto),
            ("bpg debug parse --colors=always", Colour::Auto),
        ] {
            assert_eq!(Colour::of(arguments.split(' ').map(str::to_owned)), colour, "{arguments}");
        }
    }

    #[test]
    fn colours_are_for_terminals_of_people_who_want_them() {
        let in_environment = |colour, is_terminal, name: &str, value: &str| {
            let style = Style::in_environment(colour, is_terminal, |asked| (asked == name).then(|| value.into()));
            assert!([Style::COLOURS, Style::NONE].contains(&style));
            style == Style::COLOURS
        };
        for (is_terminal, name, value, due) in [
            (true, "", "", true),
            (true, "TERM", "xterm-256color", true),
            (true, "TERM", "dumb", false),
            (true, "NO_COLOR", "", true),
            (true, "NO_COLOR", "1", false),
            (true, "NO_COLOR", "0", false),
            (false, "", "", false),
            (false, "CLICOLOR_FORCE", "1", false),
        ] {
            assert_eq!(in_environment(Colour::Auto, is_terminal, name, value), due, "{is_terminal} {name}={value}");
            assert!(in_environment(Colour::Always, is_terminal, name, value));
            assert!(!in_environment(Colour::Never, is_terminal, name, value));
        }
    }
}
