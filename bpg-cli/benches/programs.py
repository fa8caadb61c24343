#!/usr/bin/env python3
"""Measures programs that print what is in OpenPGP data, and put it into armor and take it out, side by side, in alternating
rounds; and how long they take for a gibibyte from a pipe, to start, and to make RSA keys.

    bpg-cli/benches/programs.py [FILE] [ROUNDS]

FILE is /usr/share/keyrings/debian-keyring.gpg (package debian-keyring) by default, ROUNDS is 5. Programs that are not
installed are left out; /usr/bin/time (package time) has to be there. For each it prints the medians of the processor time
and the peak memory, both with the output thrown away, the size of the output, and how many times bpg's time it takes. bpg
is target/release/bpg: `cargo build --release` first.

FILE holds public keys, as rnp has to be told what it puts into armor. What is taken out of armor has a checksum.

The other tables have times on the clock:

- a literal data packet of 1 GiB that cat writes to a pipe, beside a second cat that reads it;
- starting, which is most of what a small key takes, beside a Rust program that prints one line, for which rustc has to be
  there. Both are copies, as of a program that is installed: a file that the linker wrote takes longer to map;
- making an RSA key, on one processor. bpg makes two, with a certificate around them, of which each counts as a half (and on
  two processors both at once); gpg makes a primary key and its certificate. How long it takes to find primes differs from
  key to key, so that a few say little.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BPG = os.environ.get("BPG", os.path.join(os.path.dirname(__file__), "..", "..", "target", "release", "bpg"))
PRINTED = {
    "bpg": [BPG, "debug", "parse"],
    "bpg --verbose": [BPG, "debug", "parse", "--verbose"],
    "bpg --json": [BPG, "debug", "parse", "--json"],
    "bpg --hex": [BPG, "debug", "parse", "--hex"],
    "gpg": ["gpg", "--batch", "--list-packets"],
    "pgpdump": ["pgpdump"],
    "pgpdump -ilmpu": ["pgpdump", "-ilmpu"],
    "sq": ["sq", "packet", "dump"],
    "sq --hex": ["sq", "packet", "dump", "--hex"],
    "rnp": ["rnp", "--list-packets"],
    "rnp --json": ["rnp", "--list-packets", "--json"],
}
ARMORED = {
    "bpg": [BPG, "debug", "armor", "--checksum"],
    "gpg": ["gpg", "--batch", "--output", "-", "--enarmor"],
    "sq": ["sq", "armor"],
    "rnp": ["rnp", "--output", "-", "--enarmor=pubkey"],
}
DEARMORED = {
    "bpg": [BPG, "debug", "dearmor"],
    "gpg": ["gpg", "--batch", "--output", "-", "--dearmor"],
    "sq": ["sq", "dearmor"],
    "rnp": ["rnp", "--output", "-", "--dearmor"],
}
STREAMED = 11
START = 500
# How many keys of how many bits each program makes.
KEYS = {2048: 60, 3072: 24, 4096: 10}
KEY = os.path.join(os.path.dirname(__file__), "..", "..", "testdata", "keys", "rsa2048.pub.gpg")


def run(command, home, output=subprocess.DEVNULL):
    """The processor time in seconds, the peak memory in octets and the exit status of one run."""
    # RUST_BACKTRACE makes errors of some programs expensive.
    environment = {key: value for key, value in os.environ.items() if key != "RUST_BACKTRACE"}
    environment.update(GNUPGHOME=home, HOME=home, LC_ALL="C.UTF-8")
    report = os.path.join(home, "time")
    # The memory of a child counts from that of its parent on, so that it has to be a small one.
    line = ["/usr/bin/time", "--quiet", "--output", report, "--format", "%M", *command]
    streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": subprocess.DEVNULL}
    # The usage of a process that has ended is that of its children, too, and finer than what time(1) prints of them.
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    status = subprocess.run(line, env=environment, check=False, **streams).returncode
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(report, encoding="ascii") as file:
        memory = int(file.read()) * 1024
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, memory, status


def size_of_output(command, home):
    """The size of the output in octets."""
    with tempfile.TemporaryFile() as output:
        run(command, home, output)
        return os.fstat(output.fileno()).st_size


def measure(programs, path, home, rounds):
    """Prints the table of programs that do the same with the file."""
    programs = {name: command for name, command in programs.items() if shutil.which(command[0])}
    runs = {name: [] for name in programs}
    for _ in range(rounds):
        for name, command in programs.items():
            runs[name].append(run([*command, path], home))
    sizes = {name: size_of_output([*command, path], home) for name, command in programs.items()}
    print(f"{'program':16} {'CPU s':>8} {'of bpg':>8} {'peak MB':>9} {'output MB':>10}")
    fastest = statistics.median(seconds for seconds, _, _ in runs["bpg"])
    for name, measured in runs.items():
        seconds, memory, _ = (statistics.median(column) for column in zip(*measured))
        print(f"{name:16} {seconds:8.3f} {seconds / fastest:7.1f}x {memory / 1e6:9.1f} {sizes[name] / 1e6:10.1f}")


def compare(rounds, programs, makes=None):
    """Prints how long, in medians of alternating rounds, functions take for each of the things that they make, if not one."""
    times = {name: [] for name in programs}
    for _ in range(rounds):
        for name, work in programs.items():
            before = time.perf_counter()
            work()
            times[name].append((time.perf_counter() - before) / (makes or {}).get(name, 1))
    medians = {name: statistics.median(measured) for name, measured in times.items()}
    print(f"{'program':16} {'ms':>8} {'of bpg':>8}")
    for name, median in medians.items():
        print(f"{name:16} {median * 1000:8.2f} {median / medians['bpg']:7.2f}x")


def stream(home, rounds):
    """Compares programs that read a literal data packet of 1 GiB from a pipe."""
    path = os.path.join(home, "literal")
    block = os.urandom(1 << 20)
    with open(path, "wb") as file:
        # Type ID 11, a length of five octets; then binary, no file name, no date.
        file.write(b"\xcb\xff" + (6 + 1024 * len(block)).to_bytes(4, "big") + b"b\0" + bytes(4))
        for _ in range(1024):
            file.write(block)

    def read_by(command):
        with subprocess.Popen(["cat", path], stdout=subprocess.PIPE) as writer:
            subprocess.run(command, stdin=writer.stdout, stdout=subprocess.DEVNULL, check=True)

    compare(rounds, {"bpg": lambda: read_by([BPG, "debug", "parse"]), "cat": lambda: read_by(["cat"])})
    os.remove(path)


def start(home, rounds):
    """Compares how long programs take for a small key."""
    source, line, bpg = (os.path.join(home, name) for name in ("line.rs", "line", "bpg"))
    shutil.copy(BPG, bpg)
    with open(source, "w", encoding="ascii") as file:
        file.write('fn main() { println!("one line"); }\n')
    programs = {"bpg": [bpg, "debug", "parse", KEY], "gpg": ["gpg", "--batch", "--homedir", home, "--list-packets", KEY]}
    if shutil.which("rustc"):
        subprocess.run(["rustc", "-O", "-o", line + "-linked", source], check=True)
        programs["one line"] = [shutil.copy(line + "-linked", line)]
    nowhere = os.open(os.devnull, os.O_RDWR)
    streams = [(os.POSIX_SPAWN_DUP2, nowhere, stream) for stream in range(3)]

    def started(command):
        # Neither subprocess nor time(1), which take longer than what is measured.
        return lambda: os.waitpid(os.posix_spawnp(command[0], command, os.environ, file_actions=streams), 0)

    compare(rounds, {name: started(command) for name, command in programs.items() if shutil.which(command[0])})


def keys(home, bits, rounds):
    """Compares how long programs take to make an RSA key."""
    gpg = ["gpg", "--batch", "--homedir", home, "--passphrase", "", "--pinentry-mode", "loopback", "--quick-gen-key"]
    names = iter(f"{bits} {number} <key@example.com>" for number in range(rounds))

    def silently(command):
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

    made = {
        "bpg": lambda: silently([BPG, "key", "gen", "rsa", str(bits), "--no-passphrase", "--user-id", "Key"]),
        "gpg": lambda: silently([*gpg, next(names), f"rsa{bits}", "sign", "never"]),
        "openssl": lambda: silently(["openssl", "genrsa", str(bits)]),
    }
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(processors)})
    compare(rounds, {name: work for name, work in made.items() if name == "bpg" or shutil.which(name)}, makes={"bpg": 2})
    os.sched_setaffinity(0, processors)


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/keyrings/debian-keyring.gpg"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    if not shutil.which(BPG):
        sys.exit("there is no target/release/bpg: cargo build --release")
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o700)
        armored = os.path.join(home, "armored")
        with open(armored, "wb") as file:
            subprocess.run([*ARMORED["bpg"], path], stdout=file, check=True)
        print(f"{path}, {os.path.getsize(path)} octets, medians of {rounds} rounds")
        for what, programs, file in [
            ("printed", PRINTED, path),
            ("put into armor", ARMORED, path),
            ("taken out of armor", DEARMORED, armored),
        ]:
            print(f"\n{what}")
            measure(programs, file, home, rounds)
        print(f"\n1 GiB of literal data from a pipe, {STREAMED} rounds")
        stream(home, STREAMED)
        print(f"\nstarted, {START} rounds")
        start(home, START)
        for bits, count in KEYS.items():
            print(f"\nan RSA key of {bits} bits made, {count} rounds")
            keys(home, bits, count)


if __name__ == "__main__":
    main()
