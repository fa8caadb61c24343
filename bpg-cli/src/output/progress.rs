//! How far the reading of a file got, on a terminal where nothing else is to be seen.

use std::io::Write;
use std::time::{Duration, Instant};

use super::escape;

/// What takes no longer is not worth a line.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a line stays at least before the next one takes its place.
const PAUSE: Duration = Duration::from_millis(200);
/// How many characters of a name are shown, so that the line fits on a terminal.
const LONGEST_NAME: usize = 40;
/// To the start of the line, and what is on it goes (ECMA-48 section 8.3.41).
const ERASE: &[u8] = b"\r\x1b[K";

/// Tells how far the reading of files got.
#[derive(Debug)]
pub(crate) struct Progress {
    clock: Clock,
    /// The file, as it is shown.
    name: Vec<u8>,
    /// How many octets it has, 0 if nobody knows.
    total: u64,
    is_shown: bool,
}

/// Says when there is something to be told.
#[derive(Debug)]
struct Clock {
    start: Instant,
    /// When the next line may be shown, since then.
    due: Duration,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let clock = Clock { start: Instant::now(), due: PATIENCE };
        Self { clock, name: Vec::new(), total: 0, is_shown: false }
    }

    /// A file starts, of so many octets, or 0 if nobody knows.
    pub(crate) fn file(&mut self, name: &[u8], total: u64) {
        let mut shown = Vec::new();
        escape::text(&mut shown, name);
        let shown = String::from_utf8_lossy(&shown);
        // The end of a path tells more than its start.
        let hidden = shown.chars().count().saturating_sub(LONGEST_NAME);
        let mark = if hidden > 0 { "…" } else { "" };
        self.name = mark.chars().chain(shown.chars().skip(hidden)).collect::<String>().into_bytes();
        self.total = total;
    }

    /// So many octets of the file were read.
    pub(crate) fn read(&mut self, octets: u64, to: &mut dyn Write) {
        if self.clock.is_due(self.clock.start.elapsed()) {
            self.show(octets, to);
        }
    }

    fn show(&mut self, octets: u64, to: &mut dyn Write) {
        let mut line = ERASE.to_vec();
        line.extend_from_slice(b"bpg: ");
        line.extend_from_slice(&self.name);
        line.extend_from_slice(format!(": {}", amount(octets, self.total)).as_bytes());
        // Nothing can be done if standard error is closed.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        self.is_shown = true;
    }

    /// Makes room for something else.
    pub(crate) fn erase(&mut self, to: &mut dyn Write) {
        if std::mem::take(&mut self.is_shown) {
            // As above.
            let _ = to.write_all(ERASE);
        }
    }
}

impl Clock {
    /// Whether a line is to be shown at this time since the start, which then is the last one for a while.
    fn is_due(&mut self, now: Duration) -> bool {
        let is_due = now >= self.due;
        if is_due {
            self.due = now + PAUSE;
        }
        is_due
    }
}

/// `1.2 of 4.0 GiB (30 %)`, or `1.2 GiB` if the total is not known, or the file has grown beyond it.
fn amount(octets: u64, total: u64) -> String {
    let is_known = total >= octets && total > 0;
    let (unit, shift) = match octets.max(total) {
        0x4000_0000.. => ("GiB", 30),
        0x10_0000.. => ("MiB", 20),
        _ => ("KiB", 10),
    };
    let count = |octets: u64| {
        let tenths = (u128::from(octets) * 10) >> shift;
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    if is_known {
        let percent = u128::from(octets) * 100 / u128::from(total);
        format!("{} of {} {unit} ({percent} %)", count(octets), count(total))
    } else {
        format!("{} {unit}", count(octets))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_for_a_second_and_then_five_times_a_second_at_most() {
        let mut clock = Clock { start: Instant::now(), due: PATIENCE };
        let due: Vec<u64> = (0..2000).step_by(10).filter(|&now| clock.is_due(Duration::from_millis(now))).collect();
        assert_eq!(due, [1000, 1200, 1400, 1600, 1800]);
        // A slow pipe does not make up for what it missed.
        let due: Vec<u64> = (5000..5300).step_by(10).filter(|&now| clock.is_due(Duration::from_millis(now))).collect();
        assert_eq!(due, [5000, 5200]);
    }

    #[test]
    fn amounts_have_the_unit_of_the_whole() {
        for (octets, total, text) in [
            (1_288_490_189, 4 << 30, "1.2 of 4.0 GiB (30 %)"),
            (1 << 20, 4 << 30, "0.0 of 4.0 GiB (0 %)"),
            (512, 2048, "0.5 of 2.0 KiB (25 %)"),
            (3 << 20, 3 << 20, "3.0 of 3.0 MiB (100 %)"),
            (1_288_490_189, 0, "1.2 GiB"),
            (65_536, 0, "64.0 KiB"),
            (4096, 2048, "4.0 KiB"),
            (u64::MAX, u64::MAX, "17179869183.9 of 17179869183.9 GiB (100 %)"),
        ] {
            assert_eq!(amount(octets, total), text);
        }
    }

    #[test]
    fn a_line_takes_the_place_of_the_one_before_and_leaves_nothing() {
        let mut progress = Progress::new();
        let mut out = Vec::new();
        progress.file(b"a\x1b[2Jb", 2048);
        progress.read(0, &mut out);
        progress.erase(&mut out);
        assert!(out.is_empty(), "the second is not over");
        progress.show(1024, &mut out);
        progress.show(2048, &mut out);
        progress.erase(&mut out);
        progress.erase(&mut out);
        let due =
            "\r\x1b[Kbpg: a\\u{1b}[2Jb: 1.0 of 2.0 KiB (50 %)\r\x1b[Kbpg: a\\u{1b}[2Jb: 2.0 of 2.0 KiB (100 %)\r\x1b[K";
        assert_eq!(String::from_utf8(out).unwrap(), due);
    }

    #[test]
    fn of_a_long_name_the_end_is_shown() {
        let mut progress = Progress::new();
        progress.file(format!("{}/file.gpg", "é".repeat(100)).as_bytes(), 0);
        assert_eq!(String::from_utf8(progress.name).unwrap(), format!("…{}/file.gpg", "é".repeat(31)));
    }
}
