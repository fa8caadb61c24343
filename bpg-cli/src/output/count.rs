//! How many packets there are, as `grep -c` tells of lines.

use std::io::{self, Write};

use super::buffer::Buffer;
use super::escape;
use super::renderer::Summary;
use super::select::Chosen;

/// Counts the packets that were asked for.
pub(crate) struct Count<W> {
    out: Buffer<W>,
    /// The name of the file, if it is one of several.
    name: Option<Vec<u8>>,
    count: u64,
}

impl<W: Write> Count<W> {
    pub(crate) fn new(to: W) -> Self {
        Self { out: Buffer::new(to, false), name: None, count: 0 }
    }

    /// A file starts, which may be one of several.
    pub(crate) fn file(&mut self, name: &[u8], is_one_of_several: bool) {
        self.name = is_one_of_several.then(|| name.to_vec());
        self.count = 0;
    }

    /// Takes the next event. The error is one of writing.
    pub(crate) fn event(&mut self, chosen: Chosen<'_>) -> io::Result<()> {
        self.count += u64::from(chosen.is_wanted);
        self.out.end_event()
    }

    /// The file ends.
    pub(crate) fn end_of_file(&mut self, summary: &Summary) {
        if summary.is_unread() {
            return;
        }
        if let Some(name) = &self.name {
            escape::text(&mut self.out.octets, name);
            self.out.push(": ");
        }
        self.out.number(self.count);
        self.out.push("\n");
    }

    /// Writes what was collected.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// How much was printed so far.
    pub(crate) const fn printed(&self) -> u64 {
        self.out.printed()
    }
}
