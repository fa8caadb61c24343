//! What `bpg debug parse` promises of whatever it is given. A fuzz target and the tests call it.

use std::io::{self, Read};

/// The most octets of output, by a limit that the inputs here can reach.
const OUTPUT: usize = 1 << 20;

/// How much goes beyond the limit at most: what was being printed when it was met, and the notice.
const SLACK: usize = 8 * 1024;

/// Options, so that each way through the command is taken.
pub(crate) const OPTIONS: [&[&str]; 11] = [
    &[],
    &["--json"],
    &["--verbose"],
    &["--recover", "--verbose"],
    &["--no-recurse", "--strict"],
    &["--show-secrets"],
    &["--json", "--only", "2,user-id", "--recover"],
    &["--summary"],
    &["--redact", "--verbose"],
    &["--hex", "--recover"],
    &["-vv"],
];

/// The escape codes that colours are made of.
const COLOURS: [&str; 5] = ["\x1b[1m", "\x1b[36m", "\x1b[1;31m", "\x1b[2m", "\x1b[0m"];

/// What the command printed.
#[derive(Debug, PartialEq, Eq)]
struct Printed {
    status: u8,
    output: String,
    errors: String,
}

/// The laws of the whole command with one of the [`OPTIONS`].
pub(crate) fn laws(input: &[u8], options: &[&str]) {
    let printed = print(input, options, usize::MAX);
    check(&printed, options);
    check_colours(&printed, input, options);
    // However the input comes, it is the same.
    for piece in [1, 7, 1000] {
        // Looking at the start of a text again and again takes its time.
        if input.len() / piece < 600 && !options.contains(&"--strict") {
            assert_eq!(print(input, options, piece), printed, "in pieces of {piece} with {options:?}");
        }
    }
}

fn print(input: &[u8], options: &[&str], piece: usize) -> Printed {
    let limits =
        ["--limit", "decompressed=1M", "--limit", "packets=2000", "--limit", "output=1M", "--limit", "packet=64K"];
    let arguments: Vec<&str> = limits.iter().chain(options).copied().collect();
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let status = bpg_cli::debug_parse(&arguments, Pieces { rest: input, piece }, &mut output, &mut errors);
    Printed {
        status: status.expect("memory takes everything"),
        output: String::from_utf8(output).expect("the output is text"),
        errors: String::from_utf8(errors).expect("the diagnostics are text"),
    }
}

fn check(Printed { status, output, errors }: &Printed, options: &[&str]) {
    for text in [output, errors] {
        let is_harmful = |character: char| character.is_control() && character != '\n';
        assert!(!text.contains(is_harmful), "a control character is printed: {text:?}");
        assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{200b}']), "what is not seen is printed: {text:?}");
        assert!(text.is_empty() || text.ends_with('\n'));
    }
    assert!(errors.lines().all(|line| line.starts_with("bpg: input: ")), "{errors}");
    if options.contains(&"--json") {
        return check_json(*status, output);
    }
    if options.contains(&"--summary") {
        // However many values there are, only so many are told of.
        return assert!(output.len() < OUTPUT && output.contains("errors: "), "{output}");
    }
    let printed = output.len() + errors.len();
    // Secrets and octets that are not interpreted are printed on one line, however many there are.
    assert!(printed <= OUTPUT + SLACK + 4 * 64 * 1024, "{printed} octets are printed");
    let has_error = output.lines().any(|line| line.trim_start().starts_with("error: "));
    match status {
        0 => assert!(!has_error, "an error is no reason to fail:\n{output}"),
        1 => assert!(!errors.is_empty() && (has_error || options.contains(&"--strict")), "nothing is wrong:\n{output}"),
        2 => assert!(errors.contains("no OpenPGP data"), "{errors}"),
        status => panic!("exit status {status}"),
    }
}

/// Colours add nothing but their codes, and in JSON and in overviews nothing at all. The limit on the output may be met
/// earlier.
fn check_colours(printed: &Printed, input: &[u8], options: &[&str]) {
    if printed.output.len() > OUTPUT / 2 {
        return;
    }
    let mut coloured = print(input, &[options, &["--color=always"]].concat(), usize::MAX);
    let is_plain = options.contains(&"--json") || options.contains(&"--summary");
    assert!(is_plain || printed.output.is_empty() || coloured.output.contains(COLOURS[0]));
    for code in COLOURS.into_iter().filter(|_| !is_plain) {
        coloured.output = coloured.output.replace(code, "");
    }
    assert_eq!(&coloured, printed, "in colours with {options:?}");
}

/// The records of JSON are told apart without knowing what is in them.
fn check_json(status: u8, output: &str) {
    assert!(output.lines().all(|line| line.starts_with("{\"record\":\"") && line.ends_with('}')), "{output}");
    assert!(output.starts_with("{\"record\":\"start\",") && output.matches("\n{\"record\":\"file\",").count() == 1);
    let done = format!("\n{{\"record\":\"done\",\"files\":1,\"exit_status\":{status}}}\n");
    assert!(output.ends_with(&done), "{output}");
    // A list is printed whole, and an item of it takes many times the octets that it is made of.
    assert!(output.len() <= OUTPUT + SLACK + 64 * 64 * 1024, "{} octets are printed", output.len());
}

/// Input that comes a few octets at a time.
pub(crate) struct Pieces<'a> {
    pub(crate) rest: &'a [u8],
    pub(crate) piece: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.rest.len().min(self.piece).min(out.len());
        let (now, later) = self.rest.split_at(count);
        out[..count].copy_from_slice(now);
        self.rest = later;
        Ok(count)
    }
}
