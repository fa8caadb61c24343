//! `--limit`

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::Error;
use clap::{Arg, Command};

use crate::command::debug::limits::{Limit, Name};

/// Reads a limit, one of those that a command has, and tells shells their names.
#[derive(Clone, Copy, Debug)]
pub(super) struct LimitParser(pub(super) &'static [Name]);

impl TypedValueParser for LimitParser {
    type Value = Limit;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<Limit, Error> {
        let names = self.0;
        (move |text: &str| Limit::parse(text, names)).parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        // What follows is a number.
        Some(Box::new(self.0.iter().map(|name| PossibleValue::new(name.with_sign()))))
    }
}
