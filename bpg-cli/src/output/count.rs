//! How many packets there are, as `grep -c` tells of lines.

use std::io::{self, Write};

use bpg_core::inspect::Event;

use super::buffer::Buffer;
use super::escape;
use super::renderer::{FileEnd, Lines, Renderer};
use super::select::Chosen;
use super::wire::Wire;

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
}

impl<W: Write> Renderer for Count<W> {
    fn file(&mut self, name: &[u8], is_one_of_several: bool) {
        self.name = is_one_of_several.then(|| name.to_vec());
        self.count = 0;
    }

    fn event(&mut self, _event: &Event<'_>, chosen: Chosen<'_>, _wire: &mut Wire, _lines: Lines<'_>) -> io::Result<()> {
        self.count += u64::from(chosen.is_wanted);
        self.out.end_event()
    }

    fn has_details(&self) -> bool {
        false
    }

    fn end_of_file(&mut self, end: &FileEnd) {
        if end.is_unread() {
            return;
        }
        if let Some(name) = &self.name {
            escape::text(&mut self.out.octets, name);
            self.out.push(": ");
        }
        self.out.number(self.count);
        self.out.push("\n");
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn printed(&self) -> u64 {
        self.out.printed()
    }
}
