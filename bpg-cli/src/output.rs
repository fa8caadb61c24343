//! Renderers of what `bpg_core::inspect` tells.

pub(crate) mod escape;
pub(crate) mod text;
