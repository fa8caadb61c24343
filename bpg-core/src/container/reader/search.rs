//! Where in a text armor or signed text starts.

use memchr::{memchr, memchr2, memmem};

use super::super::quoted_printable;
use super::window::last_line_ending;
use super::{Found, LONGEST_MARGIN, LOOK_AHEAD};
use crate::armor::{BEGIN, Blocks, Margin, header_lines, is_label, label, margin_at_end, split_line};
use crate::cleartext;
use crate::octets::{Octets, u64_from};

/// How many octets of an armor header stand in front of its colon at most, if the end of its line is not known.
const LONGEST_KEY: usize = 1024;

/// What a text holds, as far as it is known.
pub(super) enum Search {
    /// Something starts at a position.
    At(u64, Found),
    /// Something may start at or behind a position, but more has to be known of what follows.
    Undecided(u64),
    /// A header line starts at a position, and has more behind it than decides.
    OverLong(u64),
    /// Nothing starts in front of a position.
    NotBefore(u64),
}

/// Searches `view`, the end of what is known of a text that starts at `start`, and that may be quoted-printable or is known not
/// to be. [`LOOK_AHEAD`] octets from the start of a header line on decide whether it is one.
pub(super) fn search(view: Octets<'_>, start: u64, has_ended: bool, may_be_encoded: bool) -> Search {
    let mut searched = view;
    while let Some(found) = memmem::find(searched.as_slice(), BEGIN) {
        let Some((_, line)) = searched.split_at(found) else { break };
        let Some((_, behind)) = line.split_at(BEGIN.len()) else { break };
        searched = behind;
        let before = view.before(line);
        let look = Look::new(line, has_ended, may_be_encoded);
        // What is in front of the view is not known to start a line.
        let is_known = |start_of_line: u64| start_of_line != view.start() || view.start() == start;
        let margin = margin_at_end(before).filter(|margin| is_known(margin.prefix().start()));
        let margin = margin.filter(|margin| margin.prefix().len() <= LONGEST_MARGIN);
        let (position, known) = match margin.map(|margin| (margin.prefix().start(), look.armor(margin))) {
            None | Some((_, Known::Nothing)) if is_known(line.start()) && cleartext::starts_line(before) => {
                (line.start(), look.cleartext())
            }
            None => continue,
            Some(armor) => armor,
        };
        match known {
            Known::Found(found) => return Search::At(position, found),
            Known::Undecided => return Search::Undecided(start_of_line(before, start)),
            Known::OverLong => return Search::OverLong(line.start()),
            Known::Nothing => {}
        }
    }
    Search::NotBefore(start_of_line(view, start))
}

/// Where the last line of `view` starts, or, if that is long, where the start of a header line may.
fn start_of_line(view: Octets<'_>, start: u64) -> u64 {
    let end = last_line_ending(view.as_slice()).map(|end| end.saturating_add(1));
    let from = end.or((view.start() == start).then_some(0)).and_then(|end| view.split_at(end));
    match from {
        Some((before, line)) if line.len() <= LONGEST_MARGIN.saturating_add(BEGIN.len()) => before.end(),
        _ => view.end().saturating_sub(u64_from(BEGIN.len().saturating_sub(1))).max(view.start()),
    }
}

/// What follows the start of a header line, as far as it decides.
struct Look<'a> {
    octets: Octets<'a>,
    /// Whether no more of it will be known.
    is_final: bool,
    has_ended: bool,
    /// Whether it may be quoted-printable.
    may_be_encoded: bool,
}

/// What is known of a header line.
enum Known {
    /// It is none.
    Nothing,
    /// More has to be known.
    Undecided,
    /// It is one, but its armor headers go on beyond what decides.
    OverLong,
    Found(Found),
}

impl<'a> Look<'a> {
    fn new(line: Octets<'a>, has_ended: bool, may_be_encoded: bool) -> Self {
        let octets = line.split_at(LOOK_AHEAD).map_or(line, |(look, _)| look);
        let is_cut = octets.len() < line.len();
        Self { octets, is_final: has_ended || is_cut, has_ended: has_ended && !is_cut, may_be_encoded }
    }

    /// What is known where more would have to be.
    const fn undecided(&self) -> Known {
        if self.is_final { Known::Nothing } else { Known::Undecided }
    }

    /// Armor, whose header line starts here.
    fn armor(&self, margin: Margin<'_>) -> Known {
        let (line, after) = split_line(self.octets);
        if after.is_empty() && !self.has_ended {
            return self.undecided();
        }
        if !label(line, BEGIN).is_some_and(|label| is_label(label.as_slice())) {
            return Known::Nothing;
        }
        if !margin.is_empty() {
            let text = after.as_slice().trim_ascii_start();
            if !self.is_final && memchr2(b'\n', b'\r', text).is_none() {
                return Known::Undecided;
            }
            if !margin.goes_on_in(after) {
                return Known::Nothing;
            }
        }
        let (headers, has_empty_line, body) = header_lines(after, margin);
        if let Err(known) = self.headers_end(after, has_empty_line, body, b"\n\r") {
            return known;
        }
        let is_open = headers.as_slice().trim_ascii_end().ends_with(b"=");
        match self.quoted_printable(margin.prefix(), body, is_open) {
            None => Known::Undecided,
            Some(true) => Known::Found(Found::Held),
            Some(false) => {
                let head = usize::try_from(body.start().saturating_sub(margin.prefix().start())).unwrap_or(usize::MAX);
                Known::Found(Found::Armor { margin: margin.prefix().len(), head })
            }
        }
    }

    /// Whether it is known where the headers of `after` end; the error is what is known otherwise.
    fn headers_end(&self, after: Octets<'_>, has_empty_line: bool, body: Octets<'_>, ends: &[u8]) -> Result<(), Known> {
        let is_complete = if has_empty_line {
            let ending = after.before(body).as_slice().last().copied();
            ending.is_some_and(|octet| ends.contains(&octet)) && !(body.is_empty() && ending == Some(b'\r'))
        } else {
            body.as_slice().iter().any(|octet| ends.contains(octet))
        };
        // A long line is data, as far as can be told; what is there of a short one may be the start of a header.
        let is_long_line = self.is_final && !has_empty_line && body.len() > LONGEST_KEY;
        if is_complete || self.has_ended || is_long_line {
            Ok(())
        } else {
            Err(if self.is_final { Known::OverLong } else { Known::Undecided })
        }
    }

    /// Whether armor is quoted-printable, as its first line of data tells, or `None` if more has to be known.
    fn quoted_printable(&self, prefix: Octets<'_>, body: Octets<'_>, is_open: bool) -> Option<bool> {
        let is_of_line = |octet: &u8| !octet.is_ascii_whitespace() && (prefix.is_empty() || !b">|".contains(octet));
        let first = body.as_slice().iter().position(is_of_line);
        let line = first.and_then(|first| body.as_slice().get(first..)).unwrap_or_default();
        let end = memchr2(b'\n', b'\r', line);
        let line = end.and_then(|end| line.get(..end)).unwrap_or(line);
        let has_sign = memchr(b'=', line).is_some();
        if !self.may_be_encoded || !has_sign && !is_open {
            return (end.is_some() || self.is_final).then_some(false);
        }
        // The block as a whole decides.
        let view = self.octets;
        let block = Blocks::with_margin(view, prefix)?;
        let behind = view.as_slice().get(block.wire().len()..).unwrap_or_default();
        let is_whole = if block.has_tail() {
            !behind.is_empty() || view.as_slice().ends_with(b"\n")
        } else {
            // The line that is not of the block has to be known.
            memchr2(b'\n', b'\r', behind).is_some()
        };
        (is_whole || self.is_final).then(|| quoted_printable::detect(block))
    }

    /// Signed text, whose header line starts here.
    fn cleartext(&self) -> Known {
        if !self.octets.as_slice().starts_with(cleartext::HEADER_LINE) {
            let is_open = cleartext::HEADER_LINE.starts_with(self.octets.as_slice());
            return if is_open { self.undecided() } else { Known::Nothing };
        }
        let Some(end) = memchr(b'\n', self.octets.as_slice()).or(self.has_ended.then_some(self.octets.len())) else {
            return self.undecided();
        };
        if !cleartext::is_line(self.octets, cleartext::HEADER_LINE) {
            return Known::Nothing;
        }
        let (_, after) =
            self.octets.split_at(end.saturating_add(1)).unwrap_or((self.octets, Octets::new(&[], self.octets.end())));
        let (_, has_empty_line, text) = cleartext::header_lines(after);
        if let Err(known) = self.headers_end(after, has_empty_line, text, b"\n") {
            return known;
        }
        let head = usize::try_from(text.start().saturating_sub(self.octets.start())).unwrap_or(usize::MAX);
        Known::Found(Found::Cleartext { head })
    }
}
