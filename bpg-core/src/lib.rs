//! A parser for OpenPGP packets that keeps every octet and its place.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod armor;
pub mod error;
pub mod fingerprint;
pub mod framing;
pub mod inspect;
pub mod material;
pub mod octets;
pub mod packet;
mod parse;
pub mod registry;
pub mod s2k;
pub mod secret;
pub mod time;
