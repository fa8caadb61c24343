//! `bpg generate`: what is made of the definition of the flags.

use std::fs;
use std::path::Path;

use clap::CommandFactory;
use clap::builder::Resettable;
use clap_complete::Shell;
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, bold, roman};

use super::print;
use crate::args::{Args, Completions, EXAMPLES, EXIT_STATUS, Man};
use crate::error::{Failure, Status};
use crate::input;

/// `bpg generate man`
pub(super) fn man(args: &Man) -> Result<Status, Failure> {
    fs::create_dir_all(&args.folder).map_err(|error| Failure::about(input::name(&args.folder), error))?;
    let mut command = Args::command().disable_help_subcommand(true);
    // Gives each command its full name.
    command.build();
    pages(&command, &args.folder).map(|()| Status::Good)
}

/// The page of a command, and those of the commands below it.
fn pages(command: &clap::Command, folder: &Path) -> Result<(), Failure> {
    let usage = command.clone().render_usage().to_string();
    // What follows the flags in the help has sections of its own here.
    let help = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let bare = command.clone().override_usage(usage.trim_start_matches("Usage: ").to_owned());
    let bare = bare.after_help(Resettable::Reset).after_long_help(Resettable::Reset);
    let page = Page::new(bare).source(concat!("bpg ", env!("CARGO_PKG_VERSION"))).manual("bpg");
    let path = folder.join(page.get_filename());
    let mut roff = Vec::new();
    let rendered = page.render(&mut roff);
    roff.extend_from_slice(sections(&help).as_bytes());
    let written = rendered.and_then(|()| fs::write(&path, roff));
    written.map_err(|error| Failure::about(input::name(&path), error))?;
    command.get_subcommands().try_for_each(|command| pages(command, folder))
}

/// The sections about the exit status and with examples, made of the text behind the flags.
fn sections(help: &str) -> String {
    let mut roff = Roff::new();
    let (status, examples) = help.split_once(EXAMPLES).unwrap_or((help, ""));
    if let Some(status) = status.trim_end().strip_prefix(EXIT_STATUS) {
        roff.control("SH", ["EXIT STATUS"]);
        for line in status.lines() {
            match line.trim_start().split_once("  ") {
                Some((number, meaning)) => {
                    roff.control("TP", []).text([bold(number)]).text([roman(meaning)]);
                }
                None if line.starts_with(' ') => {
                    roff.text([roman(line.trim_start())]);
                }
                None => {
                    roff.control("PP", []).text([roman(line)]);
                }
            }
        }
    }
    if !examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]).control("EX", []);
        for line in examples.lines() {
            roff.text([roman(line.trim_start())]);
        }
        roff.control("EE", []);
    }
    // The page defines already what this starts with.
    let definitions = Roff::new().render();
    roff.render().split_off(definitions.len())
}

/// `bpg generate completions`
pub(super) fn completions(args: &Completions) -> Result<Status, Failure> {
    let (mut command, mut script) = (Args::command(), Vec::new());
    clap_complete::generate(args.shell, &mut command, "bpg", &mut script);
    let mut script = String::from_utf8(script).map_err(Failure::new)?;
    for values in values_with_spaces(&command) {
        script = keep_together(args.shell, &script, &values);
    }
    print(script.as_bytes(), Status::Good)
}

/// The values of each flag, of the command and of those below it, that has some of several words.
fn values_with_spaces(command: &clap::Command) -> Vec<Vec<String>> {
    let names = |argument: &clap::Arg| -> Vec<String> {
        argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect()
    };
    let own = command.get_arguments().map(names).filter(|values| values.iter().any(|value| value.contains(' ')));
    own.chain(command.get_subcommands().flat_map(values_with_spaces)).collect()
}

/// Makes each of `values` one word of the completions. The generator does so for zsh only.
fn keep_together(shell: Shell, script: &str, values: &[String]) -> String {
    match shell {
        Shell::Bash => {
            let words = format!("COMPREPLY=($(compgen -W \"{}\" -- \"${{cur}}\"))", values.join(" "));
            // The option has the shell quote the spaces of what it inserts.
            let lines = format!(
                "local IFS=$'\\n'; compopt -o filenames 2>/dev/null\n{:20}COMPREPLY=($(compgen -W $'{}' -- \"${{cur}}\"))",
                "",
                values.join("\\n")
            );
            script.replace(&words, &lines)
        }
        Shell::Fish => values.iter().filter(|value| value.contains(' ')).fold(script.to_owned(), |script, value| {
            script.replace(&format!("\n{value}\\t"), &format!("\n{}\\t", value.replace(' ', "\\ ")))
        }),
        _ => script.to_owned(),
    }
}
