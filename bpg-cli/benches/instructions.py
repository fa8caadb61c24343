#!/usr/bin/env python3
"""Counts the instructions of the main jobs of the library and of `bpg debug parse`.

    bpg-cli/benches/instructions.py [--update]

It builds both in release mode, runs each job once under `valgrind --tool=callgrind` (package valgrind) on
debian-keyring.gpg (package debian-keyring), and prints a table. It compares that with instructions.txt beside it, and
ends with exit status 1 if a job takes over 2 % more; with --update it writes the table there. It ends with 2 if
something is missing, or if the numbers there are of another keyring.

The same program takes the same number of instructions for the same file on a busy machine, too, but for the few that
depend on random seeds. They are no time: a processor has instructions for digests that valgrind has not, and a cache.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.join(FOLDER, "..", "..")
COMMITTED = os.path.join(FOLDER, "instructions.txt")
KEYRING = "/usr/share/keyrings/debian-keyring.gpg"
SMALL = os.path.join(PROJECT, "testdata", "keys", "ed25519.pub.gpg")
LIBRARY_START = "library: start, and reading the file"
BPG_START = "bpg debug parse: a small key"
# By how much more is too much.
TOLERANCE = 0.02


def fail(reason):
    print(f"{os.path.basename(sys.argv[0])}: {reason}", file=sys.stderr)
    sys.exit(2)


def printed(*command):
    return subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout.strip()


def build():
    """The paths of `bpg` and of the library's example `one_job`, built in release mode."""
    paths = []
    for target in (["-p", "bpg-cli", "--bin", "bpg"], ["-p", "bpg-core", "--example", "one_job"]):
        lines = printed("cargo", "build", "--release", "--message-format=json-render-diagnostics", *target).splitlines()
        paths += [message["executable"] for message in map(json.loads, lines) if message.get("executable")]
    return paths


def instructions(command):
    """How many instructions a run of a program takes, from the start of the process to its end."""
    valgrind = shutil.which("valgrind") or fail("valgrind is not installed")
    # valgrind does not know the system calls of the sandbox, says so at length, and lets bpg run without one.
    line = [valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", *command]
    # The environment is copied on the stack, so it is always the same one.
    run = subprocess.run(
        line,
        env={"LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    collected = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not collected:
        fail(f"{' '.join(line)} ended with {run.returncode}:\n{run.stderr}")
    return int(collected[1])


def jobs(bpg, library, armored):
    """What is counted, by its name."""
    parse = [bpg, "debug", "parse"]
    return {
        LIBRARY_START: [library, "nothing", KEYRING],
        "library: packets, lazily": [library, "lazily", KEYRING],
        "library: with every subpacket": [library, "subpackets", KEYRING],
        "library: everything kept": [library, "kept", KEYRING],
        "library: packets from a stream": [library, "streamed", KEYRING],
        "library: grouped to certificates": [library, "grouped", KEYRING],
        "library: armor encoded": [library, "armor", KEYRING],
        "library: armor decoded": [library, "dearmor", armored],
        BPG_START: [*parse, SMALL],
        "bpg debug parse": [*parse, KEYRING],
        "bpg debug parse --verbose": [*parse, "--verbose", KEYRING],
        "bpg debug parse --json": [*parse, "--json", KEYRING],
        "bpg debug parse --hex": [*parse, "--hex", KEYRING],
        "bpg debug parse --summary": [*parse, "--summary", KEYRING],
    }


def count():
    """The number of packets, and the instructions of each job by its name."""
    bpg, library = build()
    with tempfile.NamedTemporaryFile() as armored:
        subprocess.run([bpg, "debug", "armor", KEYRING], stdout=armored, check=True)
        counts = {name: instructions(command) for name, command in jobs(bpg, library, armored.name).items()}
    return int(printed(library, "lazily", KEYRING)), counts


def versions():
    """Lines on what the numbers depend on: the compiler, and what is read."""
    rustc = dict(line.split(": ", 1) for line in printed("rustc", "-vV").splitlines() if ": " in line)
    package = printed("dpkg-query", "--show", "--showformat=${Version}", "debian-keyring")
    return (
        f"# rustc {rustc['release']} ({rustc['commit-hash'][:9]} {rustc['commit-date']}) for {rustc['host']}",
        f"# debian-keyring {package}, {os.path.getsize(KEYRING):,} octets",
    )


def table(packets, counts):
    lines = [f"{'job':40} {'instructions':>16} {'per packet':>11}"]
    for name, total in counts.items():
        start = counts[LIBRARY_START if name.startswith("library") else BPG_START]
        each = "" if name in (LIBRARY_START, BPG_START) else f"{(total - start) / packets:,.0f}"
        lines.append(f"{name:40} {total:16,} {each:>11}".rstrip())
    return lines


def committed():
    """The first lines of the file, and its instructions by name."""
    try:
        with open(COMMITTED, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        fail(f"there is no {COMMITTED}: --update writes it")
    rows = [re.fullmatch(r"(\S.*?)  +([\d,]+)(?: .*)?", line) for line in lines if not line.startswith("#")]
    return lines, {row[1]: int(row[2].replace(",", "")) for row in rows if row}


def compare(compiler, keyring, counts):
    """The exit status."""
    lines, before = committed()
    if not any(line.startswith(keyring) for line in lines):
        fail("instructions.txt is of another keyring: --update writes it anew")
    if compiler not in lines:
        print("instructions.txt is by another compiler, which may make a difference")
    status = 0
    for name, total in counts.items():
        if name not in before:
            print(f"{name}: not in instructions.txt")
            continue
        change = total / before[name] - 1
        if abs(change) > TOLERANCE:
            print(f"{name}: {abs(change):.1%} {'more' if change > 0 else 'fewer'} than in instructions.txt")
        if change > TOLERANCE:
            status = 1
    if not status:
        print(f"nothing takes over {TOLERANCE:.0%} more than in instructions.txt")
    return status


def main():
    arguments = sys.argv[1:]
    if arguments not in ([], ["--update"]):
        print(__doc__.strip())
        return 0 if arguments in (["--help"], ["-h"]) else 2
    if not os.path.exists(KEYRING):
        fail(f"there is no {KEYRING}: install the package debian-keyring")
    compiler, keyring = versions()
    packets, counts = count()
    lines = [
        "# Instructions of the main jobs, made by `bpg-cli/benches/instructions.py --update`.",
        compiler,
        f"{keyring}, {packets:,} packets",
        "# Per packet without the start, which is the row of that name, or of bpg that of a small key.",
        *table(packets, counts),
    ]
    print("\n".join(lines))
    if arguments:
        with open(COMMITTED, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return 0
    return compare(compiler, keyring, counts)


if __name__ == "__main__":
    sys.exit(main())
