//! A parser for OpenPGP packets and ASCII armor that borrows from its input and keeps every octet and its place.
//!
//! * **Nothing is lost, nothing is guessed.** Every packet gives back its exact octets. Unknown packet types, versions and
//!   algorithms are values, not errors.
//! * **Every octet has an address.** Values know where in the input they are, and so do errors:
//!   `at octet 12: signature: hashed area: Issuer Key ID: need 8 octets, have 7`.
//! * **Nothing is allocated** to frame, interpret and walk packets, and nothing is copied. Only a body that partial lengths
//!   divide has to be joined before its fields can be told.
//! * **Any input is safe.** No unsafe code of its own, no panic, no recursion that input controls beyond a small limit, no allocation
//!   sized by a length field.
//! * **Every dialect:** RFC 1991, 2440, 4880, RFC 9580, LibrePGP, the post-quantum extension, and the private ranges.
//!   Packet type, version and algorithm alone decide how octets are read; there is no dialect to choose.
//!
//! The parser interprets; it does not verify signatures, decrypt, or judge.
//!
//! # Where to find what
//!
//! | to do this | start here |
//! |---|---|
//! | split octets into packets | [`framing::packets`] |
//! | read packets from a file or socket of any size | `reader::PacketReader`, with the feature `std` |
//! | split octets that come in pieces | [`framing::Framer`] |
//! | know what is in a packet | [`framing::RawPacket::interpret`], [`packet::Packet`] |
//! | look at subpackets | [`packet::signature::Area::subpackets`] |
//! | identify a key | [`packet::PublicKey::fingerprint`], [`packet::PublicKey::key_id`] |
//! | know what a file holds | [`container::parts`] |
//! | know what a file or a pipe of any size holds | `container::reader::PartReader`, with the feature `std` |
//! | open ASCII armor | [`armor::blocks`] |
//! | walk over keyrings, messages and detached signatures | [`sequence::items`] |
//! | compute what a signature signs | [`packet::Signature::hashed_wire`] |
//! | read a cleartext signed message | [`cleartext::messages`] |
//! | open a keybox of GnuPG | [`keybox::blobs`] |
//! | recognise a key of gpg-agent | [`agent_key::AgentKey`] |
//! | print or convert everything | [`inspect::packet`] |
//! | name a number | [`registry`] |
//! | know what is read, shown and written | [`coverage`] |
//! | write what was read, unchanged | [`encode::Encode`] |
//! | make a packet | [`framing::PacketBuf`] |
//! | make armor | [`armor::encode`], or of a stream `armor::Writer`, with the feature `std` |
//! | know all numbers of a kind | [`registry::Registry::ALL`] |
//!
//! For some of it there is a short program in `bpg-core/examples`: `walk_packets`, `list_keys` for the keys and user IDs of a
//! keyring, `read_socket` for input in pieces, `keep_unknown` for editing without a loss, `open_armor`, and `hash_signed` for
//! what a signature covers. `cargo run -p bpg-core --example walk_packets -- FILE` runs one.
//!
//! # Example
//!
//! The keys and user IDs of an armored file:
//!
//! ```
//! use bpg_core::packet::Packet;
//! use bpg_core::{armor, framing};
//!
//! # let text = include_bytes!("../../testdata/keys/ed25519.pub.asc");
//! for block in armor::blocks(text) {
//!     let decoded = block.decode()?;
//!     for raw in framing::packets(&decoded.octets) {
//!         match raw?.interpret()? {
//!             Packet::PublicKey(key) => {
//!                 println!("{} {}", key.algorithm(), key.fingerprint().expect("not of version 3"));
//!             }
//!             Packet::UserId(user_id) => println!("  {:?}", user_id.text()),
//!             _ => {}
//!         }
//!     }
//! }
//! # Ok::<(), bpg_core::error::Error>(())
//! ```
//!
//! # Features
//!
//! A feature adds code; it never changes what is parsed, nor how.
//!
//! | feature | adds |
//! |---|---|
//! | none | everything but the following; armor is decoded piece by piece, and [`inspect`] tells an error of a key or signature whose body partial lengths divide |
//! | `alloc` | armor decoded into memory, bodies joined across partial lengths, places in a text, wiped copies of secrets |
//! | `std` (default) | `alloc`, and `reader` and `container::reader`, which read from whatever implements `std::io::Read`; `armor::Writer`; base64 and the search for line endings with the vector instructions that the processor has, for which the crates base64 and memchr have unsafe code |
//! | `generate` | key generation and the protection of secret keys, with the crates for the algorithms |
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(feature = "alloc"),
    allow(rustdoc::broken_intra_doc_links, reason = "what needs an allocator is told of without one, too")
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

pub mod agent_key;
pub mod armor;
pub mod cleartext;
pub mod container;
#[doc = include_str!("coverage.md")]
pub mod coverage {}
pub mod encode;
pub mod error;
pub mod fingerprint;
pub mod framing;
#[cfg(feature = "generate")]
pub mod generate;
pub mod inspect;
pub mod keybox;
pub mod material;
pub mod octets;
pub mod packet;
mod parse;
#[cfg(feature = "std")]
pub mod reader;
pub mod recover;
pub mod registry;
pub mod s2k;
pub mod secret;
pub mod sequence;
pub mod time;
