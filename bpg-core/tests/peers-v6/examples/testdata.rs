//! Writes the files of testdata/ that are made by the crates `pgp` and `sequoia-openpgp`: versions and algorithms that no
//! program of Debian 12 writes.
//!
//! usage: `cargo run --manifest-path bpg-core/tests/peers-v6/Cargo.toml --example testdata -- FOLDER`
//!
//! FOLDER is that of the corpus; the files go to `peers/` and `pqc/` in it. Keys, salts and session keys are random, and
//! `pgp` takes the time from the machine.

#[path = "testdata/rpgp.rs"]
mod rpgp;
#[path = "testdata/sequoia.rs"]
mod sequoia;

use std::fs;
use std::path::{Path, PathBuf};

const MESSAGE: &[u8] = b"The quick brown fox jumps over the lazy dog.\n";
const PASSPHRASE: &str = "bpg";

/// The corpus.
struct Corpus(PathBuf);

impl Corpus {
    fn write(&self, name: &str, octets: impl AsRef<[u8]>) -> anyhow::Result<()> {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        Ok(fs::write(path, octets)?)
    }
}

fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1);
    let corpus = Corpus(folder.ok_or_else(|| anyhow::anyhow!("usage: testdata FOLDER"))?.into());
    rpgp::write(&corpus)?;
    sequoia::write(&corpus)
}
