//! Asking on the terminal, which is left as it was, also where Ctrl-C or an error ends that. A signal that another process
//! sends ends this one at once, and leaves the terminal without echo.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};

use rpassword::ConfigBuilder;
use rustix::process::{Signal, getpid, kill_process};
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use super::Passphrase;
use crate::error::Failure;

/// What Ctrl-C sends where it is not made a signal.
const CTRL_C: u8 = 3;

/// Asks on the terminal, without showing what is typed.
pub(crate) fn ask(prompt: &str) -> Result<Passphrase, Failure> {
    read(prompt).map(|text| Zeroizing::new(text.into_bytes())).map_err(|error| match error.kind() {
        ErrorKind::Interrupted => {
            // Whoever runs the process learns what happened to it, so that a script ends, too. If the signal is ignored, the
            // command ends by itself.
            let _ = kill_process(getpid(), Signal::INT);
            Failure::new(NONE_GIVEN)
        }
        ErrorKind::UnexpectedEof => Failure::new(NONE_GIVEN),
        _ => Failure::about(b"terminal", error),
    })
}

const NONE_GIVEN: &str = "no passphrase was given";

/// Reads a line; [`ErrorKind::Interrupted`] stands for Ctrl-C, [`ErrorKind::UnexpectedEof`] for Ctrl-D.
fn read(prompt: &str) -> io::Result<String> {
    let terminal = File::options().read(true).write(true).open("/dev/tty")?;
    let keyboard = Keyboard(terminal.try_clone()?);
    let _silent = Silent::new(&terminal)?;
    (&terminal).write_all(prompt.as_bytes())?;
    let config = ConfigBuilder::new().input_reader(keyboard).output_discard().build();
    let typed = rpassword::read_password_with_config(config);
    // The end of the line was not shown either.
    (&terminal).write_all(b"\n")?;
    typed
}

/// A terminal that shows nothing, hands out each octet as it is typed, and makes signals of none. When this is dropped, the
/// terminal is as it was.
struct Silent<'t> {
    terminal: &'t File,
    before: Termios,
}

impl<'t> Silent<'t> {
    fn new(terminal: &'t File) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes -= LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG;
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(terminal, OptionalActions::Now, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Silent<'_> {
    fn drop(&mut self) {
        // Nothing can be done if the terminal is gone.
        let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
    }
}

/// What is typed. The crate that makes a line of it would answer Ctrl-C with a signal, which ends the process before the
/// terminal is as it was, and would take the end of the input for that of the line.
struct Keyboard(File);

impl Read for Keyboard {
    fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(octets) {
                Ok(0) => return Err(io::Error::other("it is closed")),
                Ok(count) if octets[..count].contains(&CTRL_C) => return Err(ErrorKind::Interrupted.into()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}
