//! Has a release carry the code that walks the stack, which is a small part of GCC's library, where it would be loaded from a
//! file at each start: that takes an eighth of the time of a program that prints a line.

use std::env;
use std::path::Path;
use std::process::Command;

/// What holds this code, and nothing else.
const LIBRARY: &str = "gcc_eh";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    if is_wanted() && is_there() {
        println!("cargo::rustc-link-lib={LIBRARY}");
    }
}

/// Fuzzers have C++ around them, which walks the stack as well, and is to do so with the same code.
fn is_wanted() -> bool {
    let is = |name, value| env::var(name).is_ok_and(|text| text == value);
    let is_loaded = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    is_loaded && is("PROFILE", "release") && env::var_os("CARGO_CFG_FUZZING").is_none()
}

/// Whether what links for this system has it: not every compiler comes with GCC's libraries.
fn is_there() -> bool {
    let linker = env::var_os("RUSTC_LINKER");
    // Without a name it is that of the system which builds.
    if linker.is_none() && env::var_os("HOST") != env::var_os("TARGET") {
        return false;
    }
    let output = Command::new(linker.unwrap_or("cc".into())).arg(format!("-print-file-name=lib{LIBRARY}.a")).output();
    // It tells the bare name of what it does not find.
    output.is_ok_and(|output| {
        let path = String::from_utf8_lossy(&output.stdout);
        output.status.success() && Path::new(path.trim()).is_absolute()
    })
}
