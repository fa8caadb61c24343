//! What the README says of the project is true.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The crates that bpg-core depends on with its default features are those that are listed, and stay few.
#[test]
fn the_list_of_dependencies_is_true() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "-p", "bpg-core", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    let actual: BTreeSet<&str> =
        tree.lines().filter_map(|line| line.split(' ').next()).filter(|name| *name != "bpg-core").collect();

    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, after) = readme.split_once("depends on these crates").unwrap();
    let list = after.split("```").nth(1).unwrap();
    let listed: BTreeSet<&str> = list.split_whitespace().skip_while(|word| *word == "text").collect();

    assert_eq!(listed, actual);
    assert!(actual.len() < 20, "{} crates", actual.len());
}
