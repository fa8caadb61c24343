#!/usr/bin/env python3
"""Write the samples of RFC 9580, Appendix A, each into a file of its own.

usage: rfc9580.py RFC9580.TXT FOLDER

RFC9580.TXT is the text form of the RFC. Armored samples are copied as printed, less the indentation; dumps in
hexadecimal are written as the octets that they show. The files are named by the section that prints them.
"""

import re
import sys
from pathlib import Path

# What to write: the file, the section, and which sample of that section, counted from 0. Files in .asc hold the
# armored text, others the octets of a dump.
SAMPLES = (
    ("a1-v4-ed25519legacy.pub.gpg", "A.1", 0),
    ("a1-v4-ed25519legacy.pub.asc", "A.1", 0),
    ("a2-v4-ed25519legacy.sig", "A.2", 0),
    ("a2-v4-ed25519legacy-signature.asc", "A.2", 0),
    ("a3-v6.pub.asc", "A.3", 0),
    ("a4-v6.sec.asc", "A.4", 0),
    ("a5-v6.sec-protected.asc", "A.5", 0),
    ("a6-cleartext.asc", "A.6", 0),
    ("a7-inline.asc", "A.7", 0),
    ("a8-1-x25519-pkesk.gpg", "A.8.1", 0),
    ("a8-3-ocb-seipd.gpg", "A.8.3", 0),
    # The literal data and the padding are two dumps.
    ("a8-4-decrypted.gpg", "A.8.4", "decrypted"),
    ("a8-5-x25519-ocb.asc", "A.8.5", 0),
    ("a9-1-eax-skesk.gpg", "A.9.1", 0),
    ("a9-3-eax-seipd.gpg", "A.9.3", 0),
    ("a9-4-decrypted.gpg", "A.9.4", "decrypted"),
    ("a9-5-eax.asc", "A.9.5", 0),
    ("a10-1-ocb-skesk.gpg", "A.10.1", 0),
    ("a10-3-ocb-seipd.gpg", "A.10.3", 0),
    ("a10-4-decrypted.gpg", "A.10.4", "decrypted"),
    ("a10-5-ocb.asc", "A.10.5", 0),
    ("a11-1-gcm-skesk.gpg", "A.11.1", 0),
    ("a11-3-gcm-seipd.gpg", "A.11.3", 0),
    ("a11-4-decrypted.gpg", "A.11.4", "decrypted"),
    ("a11-5-gcm.asc", "A.11.5", 0),
    ("a12-1-argon2-aes128.asc", "A.12.1", 0),
    ("a12-2-argon2-aes192.asc", "A.12.2", 0),
    ("a12-3-argon2-aes256.asc", "A.12.3", 0),
)


def main():
    sections = split(Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    for name, number, which in SAMPLES:
        section = sections[number]
        if name.endswith(".asc"):
            octets = blocks(section)[which].encode("ascii")
        elif which == "decrypted":
            octets = dump_below(section, "Literal Data packet") + dump_below(section, "Padding packet")
        else:
            octets = dumps(section)[which]
        (folder / name).write_bytes(octets)


def split(text):
    """The lines of each section of Appendix A, without the indentation of the running text."""
    sections, lines = {}, []
    for line in text.splitlines():
        heading = re.match(r"(?:(A\.[0-9.]+)\.|Appendix [A-Z]\.)  ", line)
        if heading:
            lines = []
            if heading[1]:
                sections[heading[1]] = lines
        lines.append(line.removeprefix("   "))
    return sections


def blocks(lines):
    """The armored blocks, with the text that a cleartext signature covers."""
    text = "\n".join(lines) + "\n"
    pattern = r"^-----BEGIN PGP [A-Z ]+-----\n(?:.*\n)*?-----END PGP [A-Z ]+-----\n"
    return [block[0] for block in re.finditer(pattern, text, re.M)]


def dumps(lines):
    """The dumps of octets that come without a word of explanation, each up to the next empty line."""
    dump_line = re.compile(r"(?:0x[0-9a-f]{4})?(?: +[0-9a-f]{2})+")
    paragraphs = [paragraph.split("\n") for paragraph in "\n".join(lines).split("\n\n")]
    found = [paragraph for paragraph in paragraphs if all(map(dump_line.fullmatch, paragraph))]
    return [octets(re.sub("0x[0-9a-f]{4}", "", " ".join(paragraph))) for paragraph in found]


def dump_below(lines, words):
    """The dump in the paragraph behind the one that starts with these words."""
    paragraphs = "\n".join(lines).split("\n\n")
    at = next(index for index, paragraph in enumerate(paragraphs) if paragraph.startswith(words))
    return octets(paragraphs[at + 1])


def octets(paragraph):
    return bytes.fromhex("".join(paragraph.split()))


main()
