//! `--limit`

use std::ffi::OsStr;
use std::str::FromStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::Error;
use clap::{Arg, Command};

use crate::command::debug::limits::{Limit, Name};

/// Reads a limit, and tells shells the names of those that a command has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits(pub(super) &'static [Name]);

impl TypedValueParser for Limits {
    type Value = Limit;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<Limit, Error> {
        Limit::from_str.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        // What follows is a number.
        Some(Box::new(self.0.iter().map(|name| PossibleValue::new(name.start()))))
    }
}
