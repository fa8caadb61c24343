#!/usr/bin/env python3
"""Shows how time and memory grow with the input, of `bpg debug parse` and of the library.

    bpg-cli/benches/growth.py [--instructions] [--rounds 5] [--only NAME,…] [--keyring FILE] [--largest OCTETS]

Inputs of five kinds are made in a temporary folder, each from small to large: copies of a keyring, signatures on a key,
subpackets in signatures, compressed packets inside of each other, and literal data in partial chunks. Tables tell for
each what every form of output takes, and what jobs of the library do, by its example `one_job`.

Time is that of the processor, user and system, the median of alternating rounds. The first row has none of what grows,
and `each` is what one more of it takes, so without the start of the program. With --instructions, rows that take less
than half a second are also counted by `valgrind --tool=callgrind` (package valgrind).

What n of something take beyond the first row is n to the power of an exponent, which is 1 where it is a straight
line. The last column has it from the row above to this one, by instructions if both rows have them. The line below is
a fit to all rows in which that is enough to be measured, by least squares over logarithms. The exit status is 1 if an
exponent of instructions, fitted or of the last step, is over 1.15: then something takes more than its share.

/usr/bin/time (package time) and Cargo have to be there, which builds what is measured in release mode.
"""

import argparse
import hashlib
import math
import os
import statistics
import sys
import tempfile
import zlib

sys.dont_write_bytecode = True

import instructions  # noqa: E402: the line above has to be in front of it
import programs  # noqa: E402

KEYRING = "/usr/share/keyrings/debian-keyring.gpg"
# An exponent that is over this is no straight line.
STRAIGHT = 1.15
# What has to come on top of the first row, so that noise does not decide: seconds, instructions, a part of it.
LEAST_TIME, LEAST_INSTRUCTIONS, LEAST_PART = 0.01, 200_000, 0.1
# Callgrind takes about a hundred times as long as the program itself.
COUNTED_BELOW = 0.5
# How much literal data there is in chunks, in octets: a multiple of the largest chunk.
LITERAL = 4 << 20
# How much the innermost of compressed packets holds: less than 64 KiB with all headers, as one more block is a step.
NESTED = 60_000
# In how many signatures there are subpackets: those in one alone take no time.
SIGNATURES = 200

MARKER = b"\xca\x03PGP"
ED25519_LEGACY, SHA2_256 = 22, 8
CREATED = (1_700_000_000).to_bytes(4, "big")


def noise(seed, size):
    """Octets that do not compress, the same ones every time."""
    return hashlib.shake_128(repr(seed).encode()).digest(size)


def packet(packet_type, body):
    """RFC 9580, section 4.2.1: a header of the new format with a length of five octets."""
    return bytes([0xC0 | packet_type, 0xFF]) + len(body).to_bytes(4, "big") + body


def key(seed):
    return packet(
        6,
        bytes([4])  # version
        + CREATED
        + bytes([ED25519_LEGACY])
        + bytes.fromhex("092b06010401da470f01")  # curve: the size of its object identifier, and Ed25519Legacy
        + (263).to_bytes(2, "big")  # point: bits
        + b"\x40"  # native form
        + noise(("key", seed), 32),
    )


def user_id(seed):
    return packet(13, f"User {seed} <user{seed}@example.com>".encode())


def subpacket(subpacket_type, content):
    """RFC 9580, section 5.2.3.7, with a length of one octet."""
    return bytes([1 + len(content), subpacket_type]) + content


def some_subpackets(seed, count):
    """As many as asked for, of three types in turn."""
    kinds = (
        lambda number: subpacket(2, CREATED),  # Signature Creation Time
        lambda number: subpacket(16, noise(("issuer", number), 8)),  # Issuer Key ID
        lambda number: subpacket(
            20,  # Notation Data
            bytes([0x80, 0, 0, 0])  # flags: human-readable
            + (14).to_bytes(2, "big")  # size of the name
            + (6).to_bytes(2, "big")  # size of the value
            + b"n1@example.com"
            + f"{number % 1_000_000:06}".encode(),
        ),
    )
    return b"".join(kinds[number % len(kinds)](seed + number) for number in range(count))


def signature(seed, hashed=None):
    """A certification that nobody made, by another issuer for each seed."""
    hashed = subpacket(2, CREATED) if hashed is None else hashed
    unhashed = subpacket(16, noise(("issuer", seed), 8))
    return packet(
        2,
        bytes([4, 0x10, ED25519_LEGACY, SHA2_256])  # version, type: generic certification, algorithms
        + len(hashed).to_bytes(2, "big")
        + hashed
        + len(unhashed).to_bytes(2, "big")
        + unhashed
        + b"\0\0"  # left 16 bits of the digest
        + ((256).to_bytes(2, "big") + b"\x80" + noise(("r", seed), 31))  # r: bits, and its octets
        + ((256).to_bytes(2, "big") + b"\x80" + noise(("s", seed), 31)),  # s likewise
    )


def literal(size):
    """The body of a Literal Data packet."""
    return (
        b"b"  # format: binary
        + b"\0"  # size of the file name
        + b"\0\0\0\0"  # date
        + noise("literal", size)
    )


def nested(depth):
    """Literal data in so many Compressed Data packets."""
    octets = packet(11, literal(NESTED))
    for _ in range(depth):
        deflate = zlib.compressobj(wbits=-15)
        octets = packet(8, b"\x01" + deflate.compress(octets) + deflate.flush())  # algorithm: ZIP
    return octets


def chunked(exponent):
    """RFC 9580, section 4.2.1.4: chunks of two to the power of `exponent`, but at least 512 octets in the first."""
    body = literal(LITERAL)
    first = max(exponent, 9)
    parts, start = [b"\xcb"], 0  # Literal Data, new format
    while len(body) - start > 1 << (exponent if start else first):
        power = exponent if start else first
        parts += bytes([224 + power]), body[start : start + (1 << power)]
        start += 1 << power
    parts += b"\xff" + (len(body) - start).to_bytes(4, "big"), body[start:]  # the last length is none of these
    return b"".join(parts)


def keyring(options):
    if options.keyring:
        with open(options.keyring, "rb") as file:
            return file.read()
    certifications = (b"".join(signature(10 * seed + number) for number in range(10)) for seed in range(4000))
    return b"".join(key(seed) + user_id(seed) + made for seed, made in enumerate(certifications))


# Each of these gives, for numbers that grow from 0, the number and what makes the input of it.


def keyrings(options):
    one = keyring(options)
    return [(times, lambda times=times: MARKER + one * times) for times in (0, 1, 4, 16)]


def signatures(_):
    def on_one_key(count):
        return key(0) + user_id(0) + b"".join(map(signature, range(count)))

    return [(count, lambda count=count: on_one_key(count)) for count in (0, 1, 10, 100, 1000, 10_000, 100_000)]


def subpackets(_):
    def in_signatures(count):
        return b"".join(signature(seed, some_subpackets(seed, count)) for seed in range(SIGNATURES))

    return [(SIGNATURES * count, lambda count=count: in_signatures(count)) for count in (0, 1, 10, 100, 1000)]


def depths(_):
    return [(depth, lambda depth=depth: nested(depth)) for depth in (0, 1, 2, 4, 8, 16, 32, 64, 128)]


def chunks(_):
    in_one_piece = (0, lambda: packet(11, literal(LITERAL)))
    # From the largest to the smallest, so that their number grows.
    return [in_one_piece, *((LITERAL >> power, lambda power=power: chunked(power)) for power in range(16, -1, -1))]


PARSE = {
    "bpg debug parse": [],
    "bpg debug parse --json": ["--json"],
    "bpg debug parse --hex": ["--hex"],
    "bpg debug parse --summary": ["--summary"],
}
LIBRARY = {
    "library: with every subpacket": "subpackets",
    "library: everything kept": "kept",
    "library: grouped to certificates": "grouped",
    "library: from a stream": "streamed",
}
# What grows: its name, what it is, what one is called, the inputs, and whether the library has to do with it.
TABLES = {
    "keyrings": ("copies of a keyring", "copies", keyrings, True),
    "signatures": ("signatures on one key", "signatures", signatures, True),
    "subpackets": (f"subpackets, up to 1,000 in each of {SIGNATURES} signatures", "subpackets", subpackets, True),
    "depth": (f"compressed packets inside of each other, around {NESTED:,} octets", "depth", depths, False),
    "chunks": (f"chunks of {LITERAL:,} octets of literal data, from 64 KiB to 1 octet", "chunks", chunks, True),
}


def commands(bpg, library, with_library):
    """What is measured, by its name."""
    # The default is 16, so that nothing is refused.
    measured = {name: [bpg, "debug", "parse", "--limit", "depth=200", *flags] for name, flags in PARSE.items()}
    if with_library:
        measured.update({name: [library, job] for name, job in LIBRARY.items()})
    return measured


class Row:
    """An input, and what a command takes for it."""

    def __init__(self, number, path):
        self.number, self.path, self.size = number, path, os.path.getsize(path)
        self.runs, self.count = [], None

    def run(self, command, home):
        time, memory, status = programs.run([*command, self.path], home)
        if status != 0:
            sys.exit(f"{' '.join(command)} ended with {status} on {self.size} octets, {self.number}")
        self.runs.append((time, memory))

    @property
    def time(self):
        return statistics.median(time for time, _ in self.runs)

    @property
    def memory(self):
        return statistics.median(memory for _, memory in self.runs)


def measure(command, inputs, options, home):
    """A row for each input, measured in alternating rounds."""
    rows = [Row(number, path) for number, path in inputs]
    for _ in range(options.rounds):
        for row in rows:
            row.run(command, home)
    for row in rows:
        if options.instructions and row.time < COUNTED_BELOW:
            row.count = instructions.instructions([*command, row.path])
    return rows


def points(rows, cost, least):
    """Numbers, and costs beyond that of the first row, of the rows where that is enough."""
    first = cost(rows[0])
    measured = [(row.number, cost(row) - first) for row in rows[1:] if cost(row) is not None]
    return [(number, beyond) for number, beyond in measured if beyond >= max(least, first * LEAST_PART)]


def exponent(measured):
    """The slope of logarithms, by least squares; nothing if there are fewer than two."""
    if len(measured) < 2:
        return None
    return statistics.linear_regression(*zip(*((math.log(number), math.log(cost)) for number, cost in measured))).slope


def show(name, unit, rows):
    """Prints what a command takes, and returns whether its instructions are a straight line."""
    times = points(rows, lambda row: row.time, LEAST_TIME)
    counts = points(rows, lambda row: row.count, LEAST_INSTRUCTIONS)
    print(f"\n{name}")
    titles = f"{'CPU s':>8} {'ns each':>12} {'M instr.':>9} {'each':>12} {'peak MB':>8} {'exponent':>8}"
    print(f"{unit:>12} {'octets':>12} {titles}")
    for row in rows:
        count = "" if row.count is None else f"{row.count / 1e6:.2f}"
        each_time, each_count = each(row, times, 1e9), each(row, counts, 1)
        step = step_to(row, counts) or step_to(row, times)
        measured = f"{row.time:8.3f} {each_time:>12} {count:>9} {each_count:>12} {row.memory / 1e6:8.1f}"
        print(f"{row.number:12,} {row.size:12,} {measured} {'' if step is None else f'{step:8.2f}'}".rstrip())
    print("fit: " + ", ".join(filter(None, (fitted("time", times), fitted("instructions", counts)))))
    straight = is_straight(counts)
    if not straight:
        print("NOT A STRAIGHT LINE")
    return straight


def each(row, measured, scale):
    """What one more takes, where that was measured."""
    return "".join(f"{cost * scale / number:,.1f}" for number, cost in measured if number == row.number)


def step_to(row, measured):
    """The exponent from the row above."""
    places = [place for place, (number, _) in enumerate(measured) if number == row.number and place]
    return exponent(measured[places[0] - 1 : places[0] + 1]) if places else None


def fitted(name, measured):
    slope = exponent(measured)
    if slope is None:
        return f"{name}: too few rows take long enough" if name == "time" else ""
    return f"{name} ^{slope:.2f} over {len(measured)} rows{'' if slope > STRAIGHT else ', a straight line or less'}"


def is_straight(measured):
    """Whether neither the fit nor the last step is steeper."""
    return all(slope is None or slope <= STRAIGHT for slope in (exponent(measured), exponent(measured[-2:])))


def make(inputs, folder, largest):
    """Files of the first input and those that are not too large, by their numbers."""
    made = []
    for number, content in inputs:
        octets = content()
        if not made or len(octets) <= largest:
            made.append((number, os.path.join(folder, str(number))))
            with open(made[-1][1], "wb") as file:
                file.write(octets)
    return made


def parsed():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage="%(prog)s [options]"
    )
    parser.add_argument("--instructions", action="store_true", help="count instructions, too")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is run (default: 5)")
    parser.add_argument("--only", default=",".join(TABLES), help="some of the tables: " + ",".join(TABLES))
    default = KEYRING if os.path.exists(KEYRING) else None
    parser.add_argument("--keyring", default=default, help=f"of packets (default: {KEYRING}, or one that is made)")
    parser.add_argument("--largest", type=int, default=1 << 40, help="leave out inputs of more octets")
    options = parser.parse_args()
    options.only = options.only.split(",")
    if not set(options.only) <= set(TABLES):
        parser.error("--only: the tables are " + ", ".join(TABLES))
    return options


def main():
    options = parsed()
    bpg, library = instructions.build()
    straight = True
    for name in options.only:
        what, unit, inputs, with_library = TABLES[name]
        print(f"\n# {name}: {what}; medians of {options.rounds} rounds")
        with tempfile.TemporaryDirectory() as folder:
            made = make(inputs(options), folder, options.largest)
            for title, command in commands(bpg, library, with_library).items():
                straight &= show(title, unit, measure(command, made, options, folder))
                sys.stdout.flush()
    return 0 if straight else 1


if __name__ == "__main__":
    sys.exit(main())
