//! What `bpg debug parse` does with input that somebody made to harm it.
#![cfg(target_os = "linux")]

#[path = "hostile/bombs.rs"]
mod bombs;
#[path = "hostile/build.rs"]
mod build;
mod common;
#[path = "hostile/cuts.rs"]
mod cuts;
#[path = "hostile/memory.rs"]
mod memory;
#[path = "hostile/recover.rs"]
mod recover;
#[path = "hostile/run.rs"]
mod run;
#[path = "hostile/screen.rs"]
mod screen;
