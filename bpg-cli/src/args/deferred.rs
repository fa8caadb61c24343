//! Commands that are defined when they are called.

use std::cell::Cell;
use std::ops::Deref;

use clap::error::Error;
use clap::{ArgMatches, Args, Command, FromArgMatches, Id};

thread_local! {
    static DEFERS: Cell<bool> = const { Cell::new(false) };
}

/// The commands that `define` makes, without their flags but for those of the one that is called: to define them all takes
/// longer than to read a key. What they are about is left out, too, so this is for arguments that have no error.
pub(crate) fn defer(define: fn() -> Command) -> Command {
    DEFERS.set(true);
    let command = define();
    DEFERS.set(false);
    command
}

/// The arguments of a command, which can be defined later.
#[derive(Debug)]
pub(crate) struct Deferred<T>(T);

impl<T> From<T> for Deferred<T> {
    fn from(arguments: T) -> Self {
        Self(arguments)
    }
}

impl<T> Deref for Deferred<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: FromArgMatches> FromArgMatches for Deferred<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }

    fn update_from_arg_matches_mut(&mut self, matches: &mut ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches_mut(matches)
    }
}

impl<T: Args> Args for Deferred<T> {
    fn group_id() -> Option<Id> {
        T::group_id()
    }

    fn augment_args(command: Command) -> Command {
        if DEFERS.get() { command.defer(T::augment_args) } else { T::augment_args(command) }
    }

    fn augment_args_for_update(command: Command) -> Command {
        T::augment_args_for_update(command)
    }
}
