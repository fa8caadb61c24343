//! Renderers of what `bpg_core::inspect` tells, and files that are there whole or not at all.

pub(crate) mod buffer;
pub(crate) mod count;
pub(crate) mod escape;
pub(crate) mod extract;
pub(crate) mod file;
pub(crate) mod hex;
pub(crate) mod json;
pub(crate) mod json_lines;
pub(crate) mod numbers;
pub(crate) mod progress;
pub(crate) mod redaction;
pub(crate) mod renderer;
pub(crate) mod screen;
pub(crate) mod select;
pub(crate) mod split;
pub(crate) mod style;
pub(crate) mod summary;
pub(crate) mod text;
pub(crate) mod units;
pub(crate) mod validity;
pub(crate) mod wire;
