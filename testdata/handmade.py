#!/usr/bin/env python3
"""Write the part of the test corpus that no program writes.

usage: handmade.py FOLDER

generate.sh calls this when its own files are in FOLDER. The files here are made from a few of those keys, octet by
octet, one field a line; nothing in this script is random. Signatures are real RSA signatures unless the text says
otherwise. The encryption of secret keys is done by openssl.
"""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

OUT = Path(sys.argv[1])
CREATED = 1704067200  # 2024-01-01 00:00:00 UTC
PASSPHRASE = b"bpg"
SALT = bytes(range(0xA0, 0xA8))
USER_ID = b"Alice Example <alice@example.com>"

# Packet types
PKESK, SIGNATURE, SKESK, ONE_PASS, SECRET_KEY, PUBLIC_KEY = 1, 2, 3, 4, 5, 6
SECRET_SUBKEY, COMPRESSED, MARKER, LITERAL, TRUST, USER_ID_PACKET, PUBLIC_SUBKEY = 7, 8, 10, 11, 12, 13, 14
USER_ATTRIBUTE, MDC, OCB_ENCRYPTED, PADDING = 17, 19, 20, 21

MD5, SHA1, SHA256 = 1, 2, 8
HASHES = {MD5: "md5", SHA1: "sha1", SHA256: "sha256"}
DIGEST_INFO = {
    MD5: bytes.fromhex("3020300c06082a864886f70d020505000410"),
    SHA1: bytes.fromhex("3021300906052b0e03021a05000414"),
    SHA256: bytes.fromhex("3031300d060960864801650304020105000420"),
}


def main():
    alice = RsaKey(read("keys/rsa1024.sec.gpg"))
    keys(alice)
    certificates(alice)
    secret(alice)
    gnupg()
    signatures(alice)
    messages(alice)
    librepgp(alice)
    rare(alice)
    armor()
    malformed(alice)


# ----------------------------------------------------------------------------------------------------------------------
# Building blocks


def read(name):
    return (OUT / name).read_bytes()


def write(name, *parts):
    (OUT / name).write_bytes(b"".join(parts))


def u16(value):
    return value.to_bytes(2, "big")


def u32(value):
    return value.to_bytes(4, "big")


def old(packet_type, body, width=None):
    """A packet with an old-format header; width forces a length of 1, 2 or 4 octets."""
    if width is None:
        width = 1 if len(body) < 0x100 else 2 if len(body) < 0x10000 else 4
    length_type = {1: 0, 2: 1, 4: 2}[width]
    return bytes([0x80 | packet_type << 2 | length_type]) + len(body).to_bytes(width, "big") + body


def new_length(length, width=None):
    """A length as new-format headers and subpackets have it; width forces 1, 2 or 5 octets."""
    if width is None:
        width = 1 if length < 192 else 2 if length < 8384 else 5
    if width == 1:
        return bytes([length])
    if width == 2:
        return bytes([(length - 192 >> 8) + 192, length - 192 & 0xFF])
    return b"\xff" + u32(length)


def new(packet_type, body, width=None):
    """A packet with a new-format header."""
    return bytes([0xC0 | packet_type]) + new_length(len(body), width) + body


def mpi(value):
    return u16(value.bit_length()) + value.to_bytes((value.bit_length() + 7) // 8, "big")


def take_mpi(octets):
    length = (int.from_bytes(octets[:2], "big") + 7) // 8
    return int.from_bytes(octets[2 : 2 + length], "big"), octets[2 + length :]


def packets(octets):
    """The packets of a file that gpg wrote: (type, body) with old-format headers, lengths of 1 or 2 octets."""
    while octets:
        width = {0: 1, 1: 2}[octets[0] & 3]
        length = int.from_bytes(octets[1 : 1 + width], "big")
        yield octets[0] >> 2 & 15, octets[1 + width : 1 + width + length]
        octets = octets[1 + width + length :]


def subpacket(subpacket_type, data, critical=False, width=None):
    return new_length(1 + len(data), width) + bytes([critical << 7 | subpacket_type]) + data


def notation(flags, name, value, critical=False, width=None):
    return subpacket(
        20,
        flags  # four octets; the first bit says human-readable
        + u16(len(name))
        + u16(len(value))
        + name
        + value,
        critical,
        width,
    )


def literal(text, mode=b"b", name=b""):
    return (
        mode  # format
        + bytes([len(name)])
        + name
        + u32(CREATED)
        + text
    )


class RsaKey:
    """The primary key of a file of one RSA secret key without passphrase."""

    def __init__(self, octets):
        found = list(packets(octets))
        body = found[0][1]
        assert found[0][0] == SECRET_KEY and body[0] == 4 and body[5] == 1
        self.n, rest = take_mpi(body[6:])
        self.e, rest = take_mpi(rest)
        self.public = body[: len(body) - len(rest)]
        assert rest[0] == 0
        self.secret = rest[1:-2]  # d, p, q and u
        self.d, _ = take_mpi(self.secret)
        self.user_id = found[1][1]
        self.user_id_and_signature = old(USER_ID_PACKET, found[1][1]) + old(SIGNATURE, found[2][1])

    def fingerprint(self, public=None):
        public = public or self.public
        return hashlib.sha1(b"\x99" + u16(len(public)) + public).digest()

    def pkcs1(self, hash_algorithm, digest):
        size = (self.n.bit_length() + 7) // 8
        info = DIGEST_INFO[hash_algorithm] + digest
        padded = b"\x00\x01" + b"\xff" * (size - 3 - len(info)) + b"\x00" + info
        return mpi(pow(int.from_bytes(padded, "big"), self.d, self.n))

    def sign(self, signature_type, over, hashed=b"", unhashed=None, hash_algorithm=SHA256, public=None):
        """The body of a version 4 signature over the octets `over`."""
        public = public or self.public
        hashed = subpacket(2, u32(CREATED)) + hashed
        if unhashed is None:
            unhashed = subpacket(16, self.fingerprint(public)[-8:])
        head = (
            b"\x04"  # version
            + bytes([signature_type])
            + public[5:6]  # public-key algorithm
            + bytes([hash_algorithm])
            + u16(len(hashed))
            + hashed
        )
        digest = hashlib.new(HASHES[hash_algorithm], over + head + b"\x04\xff" + u32(len(head))).digest()
        return (
            head
            + u16(len(unhashed))
            + unhashed
            + digest[:2]  # left 16 bits
            + self.pkcs1(hash_algorithm, digest)
        )

    def sign_v3(self, signature_type, over, key_id, hash_algorithm=MD5, version=3):
        """The body of a version 3 signature, or of one of version 2, which has the same fields."""
        hashed = bytes([signature_type]) + u32(CREATED)
        digest = hashlib.new(HASHES[hash_algorithm], over + hashed).digest()
        return (
            bytes([version])
            + b"\x05"  # length of what is hashed
            + hashed
            + key_id
            + b"\x01"  # public-key algorithm: RSA
            + bytes([hash_algorithm])
            + digest[:2]  # left 16 bits
            + self.pkcs1(hash_algorithm, digest)
        )

    def sign_v5(self, signature_type, over, public, hashed=b"", document=b""):
        """The body of a version 5 signature by the version 5 key `public`, which has this key's numbers.

        `document` is what is hashed of the literal data packet: format, file name with its length, and date.
        """
        fingerprint = v5_fingerprint(public)
        hashed = subpacket(2, u32(CREATED)) + subpacket(33, b"\x05" + fingerprint) + hashed
        head = (
            b"\x05"  # version
            + bytes([signature_type])
            + b"\x01"  # public-key algorithm: RSA
            + bytes([SHA256])
            + u16(len(hashed))
            + hashed
        )
        trailer = b"\x05\xff" + len(head).to_bytes(8, "big")
        digest = hashlib.sha256(over + head + document + trailer).digest()
        unhashed = subpacket(16, fingerprint[:8])
        return (
            head
            + u16(len(unhashed))
            + unhashed
            + digest[:2]  # left 16 bits
            + self.pkcs1(SHA256, digest)
        )

    def certify(self, user_id, hashed=b"", packet_type=USER_ID_PACKET, public=None):
        """A positive certification of one of its own user IDs or user attributes."""
        public = public or self.public
        prefix = b"\xb4" if packet_type == USER_ID_PACKET else b"\xd1"
        over = b"\x99" + u16(len(public)) + public + prefix + u32(len(user_id)) + user_id
        return old(SIGNATURE, self.sign(0x13, over, hashed, public=public))

    def certificate(self, user_id, hashed=b""):
        return old(PUBLIC_KEY, self.public) + old(USER_ID_PACKET, user_id) + self.certify(user_id, hashed)


# ----------------------------------------------------------------------------------------------------------------------
# keys/: versions and algorithms that gpg no longer makes


def keys(alice):
    # Version 3. Its key ID is the low 64 bits of the modulus; a version 3 signature hashes the bare user ID.
    public = (
        b"\x03"  # version
        + u32(CREATED)
        + u16(0)  # days until it expires: never
        + b"\x01"  # algorithm: RSA
        + mpi(alice.n)
        + mpi(alice.e)
    )
    key_id = alice.n.to_bytes(128, "big")[-8:]
    over = b"\x99" + u16(len(public)) + public + USER_ID
    user_id = old(USER_ID_PACKET, USER_ID) + old(SIGNATURE, alice.sign_v3(0x10, over, key_id))
    write("keys/v3-rsa1024.pub.gpg", old(PUBLIC_KEY, public, 2), user_id)
    secret = (
        public
        + b"\x00"  # S2K usage: not protected
        + alice.secret
        + u16(sum(alice.secret) & 0xFFFF)
    )
    write("keys/v3-rsa1024.sec.gpg", old(SECRET_KEY, secret, 2), user_id)

    # RSA sign-only (3) with an RSA encrypt-only (2) subkey.
    primary = alice.public[:5] + b"\x03" + alice.public[6:]
    subkey = alice.public[:5] + b"\x02" + alice.public[6:]
    over = b"\x99" + u16(len(primary)) + primary + b"\x99" + u16(len(subkey)) + subkey
    write(
        "keys/rsa1024-sign-only.pub.gpg",
        old(PUBLIC_KEY, primary),
        old(USER_ID_PACKET, USER_ID),
        alice.certify(USER_ID, public=primary),
        old(PUBLIC_SUBKEY, subkey),
        old(SIGNATURE, alice.sign(0x18, over, subpacket(27, b"\x0c"), public=primary)),
    )

    # Elgamal that signs (20): the Elgamal subkey of dsa1024 as a primary key. Nothing is signed.
    body = list(packets(read("keys/dsa1024.pub.gpg")))[3][1]
    assert body[5] == 16
    write("keys/elgamal-sign.pub.gpg", old(PUBLIC_KEY, body[:5] + b"\x14" + body[6:]), old(USER_ID_PACKET, USER_ID))

    # Version 6 with Ed25519 (27) and a subkey with X25519 (25). The key material is made up and nothing is signed.
    for name, packet_type, algorithm in (("primary", PUBLIC_KEY, 27), ("subkey", PUBLIC_SUBKEY, 25)):
        body = (
            b"\x06"  # version
            + u32(CREATED)
            + bytes([algorithm])
            + u32(32)  # length of the key material
            + hashlib.sha256(name.encode()).digest()
        )
        with open(OUT / "keys/v6-unsigned.pub.gpg", "wb" if name == "primary" else "ab") as file:
            file.write(new(packet_type, body))


# ----------------------------------------------------------------------------------------------------------------------
# certificates/


def certificates(alice):
    user_id = "Jürgen Beispiel <juergen@example.com>".encode("latin-1")
    write("certificates/user-id-latin1.pub.gpg", alice.certificate(user_id))
    write("certificates/user-id-empty.pub.gpg", alice.certificate(b""))
    write(
        "certificates/notation-binary.pub.gpg",
        alice.certificate(
            USER_ID,
            # not human-readable
            notation(bytes(4), b"octets@example.com", bytes(range(16)))
            # human-readable, and a bit that nobody has defined
            + notation(b"\x80\x00\x00\x01", b"text@example.com", b"text")
            # human-readable, but neither name nor value is UTF-8
            + notation(b"\x80\x00\x00\x00", b"na\xefve@example.com", b"caf\xe9"),
        ),
    )

    # A user attribute with an image whose encoding nobody knows, a subpacket of the private type 100, and one of 5
    # length octets.
    attribute = (
        subpacket(
            1,  # image
            b"\x10\x00"  # length of the image header, little-endian
            + b"\x01"  # version of the image header
            + b"\x63"  # encoding: 99
            + bytes(12)  # reserved
            + b"not a picture",
        )
        + subpacket(100, b"private", width=5)
    )
    write(
        "certificates/user-attribute-unknown.pub.gpg",
        old(PUBLIC_KEY, alice.public),
        new(USER_ATTRIBUTE, attribute),
        alice.certify(attribute, packet_type=USER_ATTRIBUTE),
    )


# ----------------------------------------------------------------------------------------------------------------------
# secret/


def s2k_key(specifier, passphrase, size):
    """The key that a string-to-key specifier makes of a passphrase."""
    mode, hash_algorithm, salt = specifier[0], specifier[1], specifier[2:10]
    data = salt + passphrase
    if mode == 3:
        count = (16 + (specifier[10] & 15)) << ((specifier[10] >> 4) + 6)
        data = (data * (count // len(data) + 1))[: max(count, len(data))]
    key, preload = b"", 0
    while len(key) < size:
        key += hashlib.new(HASHES[hash_algorithm], bytes(preload) + data).digest()
        preload += 1
    return key[:size]


def encrypt(cipher, key, iv, data):
    """CFB without the resynchronisation of OpenPGP, as secret keys have it."""
    command = ["openssl", "enc", "-" + cipher, "-K", key.hex(), "-iv", iv.hex()]
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def secret(alice):
    def key_file(name, *fields):
        body = alice.public + b"".join(fields)
        write(f"secret/{name}.sec.gpg", old(SECRET_KEY, body, 2), alice.user_id_and_signature)

    simple = b"\x00" + bytes([SHA1])  # S2K 0, hash
    salted = b"\x01" + bytes([SHA256]) + SALT  # S2K 1, hash, salt
    iterated = b"\x03" + bytes([SHA256]) + SALT + b"\x60"  # S2K 3, hash, salt, count 65536
    iv = bytes(range(16))
    digest = hashlib.sha1(alice.secret).digest()
    checksum = u16(sum(alice.secret) & 0xFFFF)

    # Usage 254: the secret integers and their SHA-1, encrypted.
    for name, specifier, number, cipher, size in (
        ("s2k-simple", simple, 7, "aes-128-cfb", 16),
        ("s2k-salted", salted, 8, "aes-192-cfb", 24),
        ("s2k-iterated", iterated, 9, "aes-256-cfb", 32),
    ):
        key_file(
            name,
            b"\xfe",  # S2K usage 254
            bytes([number]),  # symmetric algorithm
            specifier,
            iv,
            encrypt(cipher, s2k_key(specifier, PASSPHRASE, size), iv, alice.secret + digest),
        )

    # Usage 255: a sum of 16 bits in place of the SHA-1.
    for name, specifier, number, cipher, size, iv_size in (
        ("usage-255-simple", simple, 7, "aes-128-cfb", 16, 16),
        ("usage-255-salted", salted, 2, "des-ede3-cfb", 24, 8),
        ("usage-255-iterated", iterated, 9, "aes-256-cfb", 32, 16),
    ):
        key_file(
            name,
            b"\xff",  # S2K usage 255
            bytes([number]),  # symmetric algorithm
            specifier,
            iv[:iv_size],
            encrypt(cipher, s2k_key(specifier, PASSPHRASE, size), iv[:iv_size], alice.secret + checksum),
        )

    # The usage octet is a cipher itself, here AES-128; the key is the MD5 of the passphrase.
    key_file(
        "usage-legacy-cipher",
        b"\x07",  # S2K usage: AES-128
        iv,
        encrypt("aes-128-cfb", hashlib.md5(PASSPHRASE).digest(), iv, alice.secret + checksum),
    )

    # RFC 9580: usage 253, AEAD, and Argon2. The ciphertext is made up.
    key_file(
        "usage-253-argon2",
        b"\xfd",  # S2K usage 253
        b"\x09",  # symmetric algorithm: AES-256
        b"\x02",  # AEAD: OCB
        b"\x04",  # S2K 4: Argon2
        SALT + SALT,
        b"\x03",  # passes
        b"\x04",  # degree of parallelism
        b"\x10",  # exponent of the memory size
        iv[:15],  # nonce
        hashlib.sha512(b"ciphertext").digest() * 4,
        hashlib.md5(b"tag").digest(),  # authentication tag
    )

    # Version 6 counts the fields, and the S2K specifier. Nothing is signed.
    material = mpi(alice.n) + mpi(alice.e)
    fields = (
        b"\x09"  # symmetric algorithm: AES-256
        + bytes([len(iterated)])  # length of the S2K specifier
        + iterated
        + iv
    )
    body = (
        b"\x06"  # version
        + u32(CREATED)
        + b"\x01"  # algorithm: RSA
        + u32(len(material))  # length of the public key material
        + material
        + b"\xfe"  # S2K usage 254
        + bytes([len(fields)])  # length of the optional fields
        + fields
        + encrypt("aes-256-cfb", s2k_key(iterated, PASSPHRASE, 32), iv, alice.secret + digest)
    )
    write("secret/v6-usage-254.sec.gpg", old(SECRET_KEY, body, 2), old(USER_ID_PACKET, USER_ID))

    # GnuPG: the secret part is on a smart card.
    key_file(
        "gnu-divert-to-card",
        b"\xff",  # S2K usage 255
        b"\x00",  # symmetric algorithm: none
        b"\x65",  # S2K 101, private: GnuPG
        b"\x00",  # hash: none
        b"GNU",
        b"\x02",  # mode 2: divert to card
        b"\x10",  # length of the serial number
        bytes.fromhex("d2760001240102010006012345670000"),
    )
    # A mode that GnuPG does not have.
    key_file("gnu-unknown-mode", b"\xff", b"\x00", b"\x65", b"\x00", b"GNU", b"\x09", b"who knows")
    # A private S2K of somebody else.
    key_file("s2k-private", b"\xfe", b"\x09", b"\x6e", b"\x08", b"who knows how long this is")
    # An S2K that nobody has defined.
    key_file("s2k-unknown", b"\xfe", b"\x09", b"\x32", b"\x08", b"who knows how long this is")


# ----------------------------------------------------------------------------------------------------------------------
# gnupg/


def gnupg():
    # A token is needed to have gpg-agent write these.
    protected = read("gnupg/protected-canonical.key")
    public = protected[protected.index(b"(3:rsa") : protected.index(b"(9:protected")]
    token = b"(8:shadowed5:t1-v1(16:" + bytes.fromhex("d2760001240102000005000011730000") + b"9:OPENPGP.1))"
    write("gnupg/shadowed-canonical.key", b"(20:shadowed-private-key", public, token, b"))")
    write(
        "gnupg/shadowed.key",
        b"Created: 20240101T000000\nToken: D2760001240102000005000011730000 OPENPGP.1 - -\n",
        b"Label: The card\n that Alice has\nKey: (shadowed-private-key (ecc (curve Ed25519)(flags eddsa)\n",
        b" (q #40" + b"5A" * 32 + b"#)\n (shadowed t1-v1 (#D2760001240102000005000011730000# OPENPGP.1))))\n",
    )

    one = read("gnupg/one.kbx")
    header, blob = one[:32], one[32:]
    # Of before GnuPG 2.1: the checksum is an MD5, and 48 octets of zero are in front of it
    old_blob = u32(len(blob) + 44) + blob[4:-20] + bytes(48)
    write("gnupg/md5.kbx", header, old_blob, hashlib.md5(old_blob).digest())
    # Of GnuPG 2.3: version 2, which has fingerprints of up to 32 octets, keygrips, and no key ID offsets
    info = blob[20:40] + bytes(12) + u16(0) + u16(0) + bytes(range(20))
    offset = int.from_bytes(blob[8:12], "big") + len(info) - 28
    user_id = int.from_bytes(blob[54:58], "big") + len(info) - 28
    head = u32(len(blob) + len(info) - 28) + blob[4:5] + b"\x02" + blob[6:8] + u32(offset) + blob[12:18] + u16(len(info))
    new_blob = head + info + blob[48:54] + u32(user_id) + blob[58:-20]
    write("gnupg/version-2.kbx", header, new_blob, hashlib.sha1(new_blob).digest())
    # A key block that is not inside of its blob, an unknown type, a wrong checksum, and half a blob
    misplaced = blob[:8] + u32(len(blob)) + blob[12:]
    unknown = u32(9) + b"\x2a" + b"what"
    wrong = blob[:-1] + bytes([blob[-1] ^ 1])
    write("gnupg/malformed.kbx", header, misplaced, unknown, wrong, blob, blob[: len(blob) // 2])


# ----------------------------------------------------------------------------------------------------------------------
# signatures/


def signatures(alice):
    text = read("signatures/PLAINTEXT.txt")
    write("signatures/v3-detached.sig", old(SIGNATURE, alice.sign_v3(0x00, text, alice.fingerprint()[-8:], SHA256)))
    write("signatures/standalone.sig", old(SIGNATURE, alice.sign(0x02, b"")))
    write("signatures/timestamp.sig", old(SIGNATURE, alice.sign(0x40, text)))
    write("signatures/new-format.sig", new(SIGNATURE, alice.sign(0x00, text)))
    write(
        "signatures/notation-binary.sig",
        old(SIGNATURE, alice.sign(0x00, text, notation(bytes(4), b"octets@example.com", bytes(range(256)), True))),
    )

    # Every subpacket that has a name, and some that have none. The creation time comes first by itself.
    hashed = b"".join(
        (
            subpacket(3, u32(86400)),  # signature expires after a day
            subpacket(4, b"\x01"),  # exportable
            subpacket(5, b"\x01\x3c"),  # trust: depth 1, amount 60
            subpacket(6, b"<[^>]+[@.]example\\.com>$\x00"),  # regular expression
            subpacket(7, b"\x00"),  # revocable: no
            subpacket(9, u32(86400 * 365)),  # key expires after a year
            subpacket(10, b"\x01"),  # placeholder for backward compatibility
            subpacket(11, b"\x09\x07\x63"),  # symmetric algorithms: AES-256, AES-128, unknown
            subpacket(12, b"\x80\x01" + bytes(range(20))),  # designated revoker: class, algorithm, fingerprint
            subpacket(16, bytes(8)),  # issuer: nobody
            notation(b"\x80\x00\x00\x00", b"name@example.com", "Grüße".encode()),
            subpacket(21, b"\x0a\x08\x63"),  # hash algorithms: SHA-512, SHA-256, unknown
            subpacket(22, b"\x02\x00\x63"),  # compression: ZLIB, none, unknown
            subpacket(23, b"\x80\x01"),  # key server: no-modify, and a second octet
            subpacket(24, b"hkps://keys.example.com"),  # preferred key server
            subpacket(25, b"\x01"),  # primary user ID
            subpacket(26, b"https://example.com/policy"),  # policy
            subpacket(27, b"\xff\x0c"),  # key flags: all, and a second octet
            subpacket(28, USER_ID),  # signer's user ID
            subpacket(29, b"\x01Superseded."),  # reason for revocation
            subpacket(30, b"\x0f"),  # features
            subpacket(31, b"\x01\x08" + bytes(32)),  # signature target: RSA, SHA-256, digest
            subpacket(33, b"\x04" + alice.fingerprint()),  # issuer fingerprint
            subpacket(34, b"\x02\x01"),  # AEAD algorithms of the draft: OCB, EAX
            subpacket(35, b"\x04" + alice.fingerprint()),  # intended recipient
            subpacket(37, bytes(32)),  # attested certifications
            subpacket(39, b"\x09\x02\x07\x02"),  # AEAD cipher suites
            subpacket(0, b"reserved"),
            subpacket(1, b"reserved"),
            subpacket(8, b"reserved"),
            subpacket(60, b"unknown"),
            subpacket(100, b"private"),
            subpacket(110, b"private, critical", True),
            subpacket(127, b"unknown"),
        )
    )
    unhashed = (
        subpacket(16, alice.fingerprint()[-8:])
        + subpacket(32, alice.sign(0x19, b"nothing"))  # embedded signature; it does not verify
        + subpacket(101, b"")  # private, no octets
    )
    write("signatures/subpackets-all.sig", old(SIGNATURE, alice.sign(0x00, text, hashed, unhashed)))

    # Length octets of each form, the shortest one and longer ones; and one subpacket that needs two.
    hashed = b"".join(
        (
            subpacket(26, b"https://example.com/1", width=1),
            subpacket(26, b"https://example.com/5", width=5),
            subpacket(26, b"https://example.com/" + b"2" * 180, width=2),
            subpacket(26, b"https://example.com/" + b"5" * 180, width=5),
            subpacket(30, b""),  # features without an octet
            subpacket(27, b""),  # key flags without an octet
        )
    )
    write("signatures/subpacket-lengths.sig", old(SIGNATURE, alice.sign(0x00, text, hashed)))
    # Neither area holds anything; the creation time is missing, too. It does not verify.
    write(
        "signatures/subpackets-none.sig",
        old(
            SIGNATURE,
            b"\x04"  # version
            + b"\x00"  # type: binary document
            + b"\x01"  # public-key algorithm: RSA
            + b"\x08"  # hash: SHA-256
            + u16(0)  # hashed area
            + u16(0)  # unhashed area
            + b"\xab\xcd"  # left 16 bits
            + mpi(1 << 1000),
        ),
    )


# ----------------------------------------------------------------------------------------------------------------------
# messages/


def messages(alice):
    text = b"The quick brown fox jumps over the lazy dog.\n"
    write("messages/marker.gpg", new(MARKER, b"PGP"), new(LITERAL, literal(text)))
    write("messages/padding.gpg", new(LITERAL, literal(text)), new(PADDING, hashlib.sha256(b"padding").digest()))
    greeting = "Grüße aus Köln.\n".encode()
    write("messages/literal-utf8.gpg", new(LITERAL, literal(greeting, b"u", "grüße.txt".encode())))
    write("messages/literal-local.gpg", new(LITERAL, literal(text, b"l")))
    write("messages/literal-local-1.gpg", new(LITERAL, literal(text, b"1")))
    write("messages/literal-mime.gpg", new(LITERAL, literal(b"Content-Type: text/plain\r\n\r\n" + text, b"m")))
    write("messages/compressed-none.gpg", new(COMPRESSED, b"\x00" + new(LITERAL, literal(text))))

    # Version 2 of the session key, as PGP 2 wrote it: that of gpg with another version.
    message = read("messages/encrypted-rsa1024.gpg")
    packet_type, body = next(packets(message))
    assert packet_type == PKESK and body[0] == 3
    write("messages/pkesk-v2.gpg", old(PKESK, b"\x02" + body[1:]), message[len(old(PKESK, body)) :])

    # What version 1 of the integrity protected data decrypts to. The digest is over a block of random octets, the last
    # two of them again, the packets, and the header of the packet it is in.
    prefix = bytes(range(16)) + b"\x0e\x0f"
    packet = new(LITERAL, literal(text))
    digest = hashlib.sha1(prefix + packet + b"\xd3\x14").digest()
    write("messages/modification-detection-code.gpg", packet, new(MDC, digest))


# ----------------------------------------------------------------------------------------------------------------------
# LibrePGP: version 5 and Kyber, in several folders. What is signed is signed, what is encrypted is made up unless the
# text says otherwise.


def librepgp(alice):
    public = v5_public(
        b"\x01",  # algorithm: RSA
        mpi(alice.n) + mpi(alice.e),
    )
    user_id = old(USER_ID_PACKET, USER_ID) + old(SIGNATURE, v5_certification(alice, public))
    write("keys/v5-rsa1024.pub.gpg", old(PUBLIC_KEY, public, 2), user_id)
    write(
        "keys/v5-rsa1024.sec.gpg",
        old(
            SECRET_KEY,
            public
            + b"\x00"  # S2K usage: not protected
            + b"\x00"  # length of the optional fields
            + u32(len(alice.secret))  # length of the secret key material
            + alice.secret
            + u16(sum(alice.secret) & 0xFFFF),  # checksum
            2,
        ),
        user_id,
    )

    # Under the passphrase. The SHA-1, or the tag, counts as secret key material.
    specifier = b"\x03" + bytes([SHA256]) + SALT + b"\x60"  # S2K 3, hash, salt, count 65536
    iv = bytes(range(16))
    plain = alice.secret + hashlib.sha1(alice.secret).digest()
    encrypted = encrypt("aes-256-cfb", s2k_key(specifier, PASSPHRASE, 32), iv, plain)
    fields = b"\x09" + specifier + iv  # symmetric algorithm: AES-256
    secret = (
        public
        + b"\xfe"  # S2K usage 254
        + bytes([len(fields)])  # length of the optional fields
        + fields
        + u32(len(encrypted))  # length of the secret key material
        + encrypted
    )
    write("secret/v5-usage-254.sec.gpg", old(SECRET_KEY, secret, 2), user_id)
    # Usage 253: the ciphertext is made up, and as long as it would be.
    encrypted = (hashlib.sha512(b"ciphertext").digest() * 6)[: len(alice.secret)] + hashlib.md5(b"tag").digest()
    fields = (
        b"\x09"  # symmetric algorithm: AES-256
        + b"\x02"  # encryption mode: OCB
        + specifier
        + iv[:15]  # the nonce
        + b"\x00"  # what is left of a block
    )
    secret = public + b"\xfd" + bytes([len(fields)]) + fields + u32(len(encrypted)) + encrypted
    write("secret/v5-usage-253.sec.gpg", old(SECRET_KEY, secret, 2), user_id)

    # A signature of a document hashes what a literal data packet says of it, which is zeros for a detached one.
    text = read("signatures/PLAINTEXT.txt")
    write("signatures/v5-detached.sig", old(SIGNATURE, alice.sign_v5(0x00, text, public, document=bytes(6))))
    body = literal(text)
    signature = alice.sign_v5(0x00, text, public, document=body[: -len(text)])
    one_pass = (
        b"\x03"  # version
        + b"\x00"  # type: binary document
        + bytes([SHA256])
        + b"\x01"  # public-key algorithm: RSA
        + v5_fingerprint(public)[:8]  # key ID
        + b"\x01"  # no other one-pass signature packet follows
    )
    write("signatures/v5-inline.gpg", new(ONE_PASS, one_pass), new(LITERAL, body), new(SIGNATURE, signature))

    kyber(alice, public, user_id)


def kyber(alice, primary, user_id):
    """Two subkeys of algorithm 8, bound by real signatures, and a message to them. Their material is made up."""

    def made_up(size, name):
        return hashlib.shake_256(name).digest(size)

    public_part, secret_part, encrypted = b"", b"", b""
    for curve, point, scalar_size, public_size, secret_size, ciphertext_size in (
        # Curve25519 by its OID 1.3.101.110; ML-KEM-768
        (bytes.fromhex("2b656e"), b"\x40" + made_up(32, b"X25519"), 32, 1184, 2400, 1088),
        # brainpoolP384r1 with an uncompressed point; ML-KEM-1024
        (bytes.fromhex("2b240303020801010b"), b"\x04" + made_up(96, b"brainpool"), 48, 1568, 3168, 1568),
    ):
        scalar = made_up(scalar_size, b"scalar")
        body = v5_public(
            b"\x08",  # algorithm: Kyber
            bytes([len(curve)])
            + curve
            + mpi(int.from_bytes(point, "big"))
            + u32(public_size)  # length of the ML-KEM public key
            + made_up(public_size, b"public"),
        )
        secret = mpi(int.from_bytes(scalar, "big")) + u32(secret_size) + made_up(secret_size, b"secret")
        secret_body = (
            body
            + b"\x00"  # S2K usage: not protected
            + b"\x00"  # length of the optional fields
            + u32(len(secret))  # length of the secret key material
            + secret
            + u16(sum(secret) & 0xFFFF)  # checksum
        )
        over = b"\x9a" + u32(len(primary)) + primary + b"\x9a" + u32(len(body)) + body
        binding = old(SIGNATURE, alice.sign_v5(0x18, over, primary, subpacket(27, b"\x0c")))
        public_part += old(PUBLIC_SUBKEY, body) + binding
        secret_part += old(SECRET_SUBKEY, secret_body) + binding
        encrypted += old(
            PKESK,
            b"\x03"  # version
            + v5_fingerprint(body)[:8]  # key ID
            + b"\x08"  # algorithm: Kyber
            + mpi(int.from_bytes(point[:1] + made_up(len(point) - 1, b"ephemeral"), "big"))
            + u32(ciphertext_size)  # length of the ML-KEM ciphertext
            + made_up(ciphertext_size, b"ciphertext")
            + b"\x09"  # symmetric algorithm: AES-256
            + b"\x28"  # length of the wrapped session key
            + made_up(40, b"session key"),
        )
    write("keys/v5-kyber.pub.gpg", old(PUBLIC_KEY, primary, 2), user_id, public_part)
    secret_key = primary + b"\x00\x00" + u32(len(alice.secret)) + alice.secret + u16(sum(alice.secret) & 0xFFFF)
    write("keys/v5-kyber.sec.gpg", old(SECRET_KEY, secret_key, 2), user_id, secret_part)
    data = (
        b"\x01"  # version
        + b"\x09"  # symmetric algorithm: AES-256
        + b"\x02"  # encryption mode: OCB
        + b"\x10"  # chunk size: 4 MiB
        + bytes(range(15))  # initialization vector
        + made_up(60, b"data")
        + made_up(16, b"chunk tag")
        + made_up(16, b"final tag")
    )
    write("messages/encrypted-kyber.gpg", encrypted, new(OCB_ENCRYPTED, data))


def v5_public(algorithm, material):
    """The body of a version 5 public key."""
    return (
        b"\x05"  # version
        + u32(CREATED)
        + algorithm
        + u32(len(material))  # length of the public key material
        + material
    )


def v5_fingerprint(public):
    return hashlib.sha256(b"\x9a" + u32(len(public)) + public).digest()


def v5_certification(alice, public):
    """A positive certification of USER_ID, by the key itself."""
    over = b"\x9a" + u32(len(public)) + public + b"\xb4" + u32(len(USER_ID)) + USER_ID
    return alice.sign_v5(0x13, over, public)


# ----------------------------------------------------------------------------------------------------------------------
# What is specified and hardly ever written


def rare(alice):
    text = read("signatures/PLAINTEXT.txt")
    key_id = alice.n.to_bytes(128, "big")[-8:]
    write("signatures/v2-detached.sig", old(SIGNATURE, alice.sign_v3(0x00, text, key_id, version=2)))
    public = (
        b"\x02"  # version
        + u32(CREATED)
        + u16(0)  # days until it expires: never
        + b"\x01"  # algorithm: RSA
        + mpi(alice.n)
        + mpi(alice.e)
    )
    over = b"\x99" + u16(len(public)) + public + USER_ID
    user_id = old(USER_ID_PACKET, USER_ID) + old(SIGNATURE, alice.sign_v3(0x10, over, key_id, version=2))
    secret = public + b"\x00" + alice.secret + u16(sum(alice.secret) & 0xFFFF)  # S2K usage 0: not protected
    write("secret/v2-rsa1024.sec.gpg", old(SECRET_KEY, secret, 2), user_id)

    # A third-party confirmation is over the body of another signature, without its unhashed area (RFC 9580 section 5.2.4).
    document = alice.sign(0x00, text)
    hashed_end = 6 + int.from_bytes(document[4:6], "big")
    unhashed_end = hashed_end + 2 + int.from_bytes(document[hashed_end : hashed_end + 2], "big")
    confirmed = document[:hashed_end] + u16(0) + document[unhashed_end:]
    over = b"\x88" + u32(len(confirmed)) + confirmed
    confirmation = alice.sign(0x50, over)
    write("signatures/third-party-confirmation.sig", old(SIGNATURE, document), old(SIGNATURE, confirmation))

    metadata = b"b\x00" + u32(0)  # of a detached signature: binary, no name, no date
    hashed = (
        subpacket(38, b"\x00" + old(PUBLIC_KEY, alice.public))  # Key Block: reserved, the key
        + subpacket(40, b"\x00" + hashlib.sha256(metadata).digest())  # Literal Data Meta Hash: reserved, SHA2-256
        + subpacket(41, b"alice@example.com")  # Trust Alias
    )
    write("signatures/librepgp-subpackets.sig", old(SIGNATURE, alice.sign(0x00, text, hashed)))

    body = (
        alice.public
        + b"\xff"  # S2K usage: CFB and a checksum
        + b"\x00"  # cipher: none
        + b"\x65"  # S2K type: GNU extension
        + b"\x00"  # hash algorithm: none
        + b"GNU"
        + b"\x03"  # GNU mode: the protected form of the agent follows
        + b"(21:protected-private-key)"
    )
    write("secret/gnu-internal.sec.gpg", old(SECRET_KEY, body, 2), alice.user_id_and_signature)

    # Curves by the names of their algorithms, with made-up points; LibrePGP allows them in version 5 keys.
    def curve_key(algorithm, curve, size, behind=b""):
        oid = bytes.fromhex(curve)
        point = b"\x40" + bytes(range(1, size + 1))
        material = bytes([len(oid)]) + oid + u16(8 * size + 7) + point + behind
        return old(PUBLIC_KEY, b"\x05" + u32(CREATED) + bytes([algorithm]) + u32(len(material)) + material)

    kdf = b"\x03\x01\x08\x07"  # three octets: reserved, SHA2-256, AES-128
    write(
        "keys/v5-curves.pub.gpg",
        curve_key(22, "2b6570", 32),  # EdDSALegacy over Ed25519
        curve_key(22, "2b6571", 57),  # EdDSALegacy over Ed448
        curve_key(18, "2b656f", 56, kdf),  # ECDH over X448
    )

    # RFC 9580 only reserves the numbers 23 and 24; nobody says what their fields are.
    for algorithm, name in ((23, "aedh"), (24, "aedsa")):
        body = b"\x04" + u32(CREATED) + bytes([algorithm]) + bytes(16)
        write(f"keys/reserved-{name}.pub.gpg", old(PUBLIC_KEY, body), old(USER_ID_PACKET, USER_ID))


# ----------------------------------------------------------------------------------------------------------------------
# armor/: one small key in many dresses


def crc24(octets):
    crc = 0xB704CE
    for octet in octets:
        crc ^= octet << 16
        for _ in range(8):
            crc <<= 1
            if crc & 0x1000000:
                crc ^= 0x1864CFB
    return crc & 0xFFFFFF


def armor():
    folder = OUT / "armor"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    key = read("keys/ed25519.pub.gpg")

    # The parts of a plain armor.
    begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"
    end = "-----END PGP PUBLIC KEY BLOCK-----\n"
    data = lines(key)
    checksum = "=" + base64.b64encode(crc24(key).to_bytes(3, "big")).decode() + "\n"
    good = begin + "\n" + data + checksum + end

    def save(name, text):
        write(f"armor/{name}.asc", text.encode() if isinstance(text, str) else text)

    save("plain", good)

    # Line endings and blanks
    save("crlf", good.replace("\n", "\r\n"))
    save("cr", good.replace("\n", "\r"))
    save("mixed-line-endings", good.replace("\n", "\r\n", 4))
    save("no-final-newline", good[:-1])
    save("trailing-blank-lines", good + "\n \n\t\n\n")
    save("leading-blank-lines", "\n \n\n" + good)
    save("trailing-whitespace", good.replace("\n", " \t\n"))
    save("whitespace-in-blank-line", good.replace("\n\n", "\n \t \n", 1))
    save("two-blank-lines", good.replace("\n\n", "\n\n\n", 1))
    save("blank-lines-in-data", begin + "\n" + data.replace("\n", "\n\n") + checksum + end)
    save("indented", re.sub("^", "  ", good, flags=re.M))
    save("quoted", re.sub("^", "> ", good, flags=re.M))
    save("quoted-trimmed", re.sub("^> $", ">", re.sub("^", "> ", good[:-1], flags=re.M), flags=re.M) + "\n")
    save("quoted-twice", "Bob wrote:\n" + "".join("> > " + line for line in good.splitlines(True)) + "> Thanks.\n")
    save("quoted-bar", "".join("| " + line for line in good.splitlines(True)))
    save("quoted-cut", "".join("> " + line for line in good.splitlines(True)[:8]) + "That was all.\n")
    save("quoted-bad-character", "".join("> " + line for line in good.replace("Y29t", "Y2>t", 1).splitlines(True)))
    save("indented-tabs", "".join("\t" + line if line.strip() else line for line in good.splitlines(True)))
    save("byte-order-mark", b"\xef\xbb\xbf" + good.encode())

    # Encodings
    save("utf-16-le", b"\xff\xfe" + good.replace("\n", "\r\n").encode("utf-16-le"))
    save("utf-16-be", b"\xfe\xff" + good.encode("utf-16-be"))
    save("utf-16-le-no-mark", ("Grüße:\n" + good).encode("utf-16-le"))
    save("utf-16-bad-character", b"\xff\xfe" + (begin + "\n" + data[:100] + "é" + data[101:] + end).encode("utf-16-le"))
    quoted_printable = "Content-Transfer-Encoding: quoted-printable\n\n" + good.replace("=", "=3D")
    save("quoted-printable", quoted_printable)
    wide = begin + "\n" + lines(key, 100) + end
    soft = "".join(line[:75] + "=\n" + line[75:] if len(line) > 77 else line for line in wide.splitlines(True))
    save("quoted-printable-soft-breaks", soft.replace("=\n", "\0").replace("=", "=3D").replace("\0", "=\n"))
    save("quoted-printable-utf-16", b"\xff\xfe" + quoted_printable.encode("utf-16-le"))

    # Headers
    header_lines = (
        "Version: Example 1.0\n"
        "Comment: first comment\n"
        "Comment: Grüße: zweiter\n"
        "Hash: SHA256\n"
        "Charset: UTF-8\n"
        "MessageID: 0123456789abcdef0123456789abcdef\n"
        "X-Unknown: value\n"
    )
    save("headers", begin + header_lines + "\n" + data + checksum + end)
    save("headers-trailing-whitespace", begin + header_lines.replace("\n", "  \t\n") + "\n" + data + checksum + end)
    save("header-empty", begin + "Version: \nComment:\n" + "\n" + data + checksum + end)
    save("header-no-space", begin + "Version:Example 1.0\n" + "\n" + data + checksum + end)
    save("header-no-colon", begin + "Version Example 1.0\n" + "\n" + data + checksum + end)
    save("header-latin1", (begin + "Comment: Grüße\n" + "\n" + data + checksum + end).encode("latin-1"))
    save("no-blank-line", begin + data + checksum + end)
    save("headers-no-blank-line", begin + "Version: Example 1.0\n" + data + checksum + end)

    # The checksum
    save("no-checksum", begin + "\n" + data + end)
    save("wrong-checksum", begin + "\n" + data + "=AAAA\n" + end)
    save("short-checksum", begin + "\n" + data + "=AAA\n" + end)
    save("checksum-on-data-line", begin + "\n" + data[:-1] + checksum + end)
    save("two-checksums", begin + "\n" + data + checksum + checksum + end)
    save("blank-line-before-checksum", begin + "\n" + data + "\n" + checksum + end)

    # The data: lines of other lengths, and a last group of one, two or three octets. Marker packets in front of the
    # key make the length fit.
    save("no-wrap", begin + "\n" + lines(key, len(key) * 2) + checksum + end)
    save("narrow", begin + "\n" + lines(key, 3) + checksum + end)
    save("wide", begin + "\n" + lines(key, 100) + checksum + end)
    for last in (1, 2, 3):
        octets = key
        while (len(octets) - last) % 3:
            octets = new(MARKER, b"PGP") + octets
        save(f"last-group-{last}", enarmor(octets))
        if last != 3:
            save(f"last-group-{last}-no-padding", begin + "\n" + lines(octets).replace("=", "") + end)
    # The bits under the padding are not zero.
    octets = new(MARKER, b"PGP") * 2 + key
    octets = octets if len(octets) % 3 == 1 else new(MARKER, b"PGP") + octets
    octets = octets if len(octets) % 3 == 1 else new(MARKER, b"PGP") + octets
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    loose = lines(octets)[:-1]
    assert loose.endswith("==")
    loose = loose[:-3] + alphabet[alphabet.index(loose[-3]) | 15] + "==\n"
    save("last-group-1-loose-bits", begin + "\n" + loose + end)
    save("data-after-padding", begin + "\n" + lines(octets) + data + end)
    save("one-letter-left", begin + "\n" + data[:-1] + "A\n" + end)
    save("bad-character", begin + "\n" + data[:100] + "*" + data[101:] + checksum + end)
    save("non-ascii-character", begin + "\n" + data[:100] + "é" + data[101:] + checksum + end)
    save("base64url", begin + "\n" + data.replace("+", "-").replace("/", "_") + checksum + end)
    save("nul-in-data", begin + "\n" + data[:100] + "\0" + data[100:] + checksum + end)

    # Around the block, and more than one block
    save("text-before", "Dear Bob,\n\nthis is my key - keep it.\n-- \nAlice\n" + good)
    save("text-after", good + "Bye,\nAlice\n")
    save("two-blocks", good + good)
    save("two-blocks-text-between", "First:\n" + good + "\nSecond: a key, too.\n" + good + "The end.\n")
    save("block-then-binary", good.encode() + key)
    save("binary-then-block", key + good.encode())
    save("binary-blank-lines-block-text", key + b"\n\n" + good.encode() + b"Bye.\n")
    save("block-then-cut-binary", good.encode() + key[:100])
    save("mail-headers", "From: alice@example.com\nSubject: -----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + good)

    # Header lines
    save("begin-trailing-text", good.replace(begin, begin[:-1] + "x\n"))
    save("begin-four-dashes", good.replace("-----BEGIN", "----BEGIN"))
    save("begin-six-dashes", good.replace("-----BEGIN", "------BEGIN"))
    save("begin-lower-case", good.replace("BEGIN", "begin"))
    save("begin-colon", ":" + good)
    save("unknown-label", good.replace("PUBLIC KEY BLOCK", "LOVE LETTER"))
    save("other-label", good.replace("PUBLIC KEY BLOCK", "MESSAGE"))
    save("message-part", good.replace("PUBLIC KEY BLOCK", "MESSAGE, PART 1/2"))
    save("pkcs8-label", good.replace("PGP PUBLIC KEY BLOCK", "PUBLIC KEY"))
    save("end-other-label", good.replace(end, "-----END PGP MESSAGE-----\n"))
    save("end-on-data-line", begin + "\n" + data[:-1] + end)
    save("no-end", begin + "\n" + data + checksum)
    save("no-end-no-checksum", begin + "\n" + data[:200])
    save("begin-only", begin)
    save("begin-twice", begin + "\n" + data[:130] + good)
    save("no-data", begin + "\n" + end)
    save("no-data-checksum", begin + "\n" + "=twTO\n" + end)


def lines(octets, width=64):
    text = base64.b64encode(octets).decode()
    return "".join(text[at : at + width] + "\n" for at in range(0, len(text), width))


def enarmor(octets):
    return (
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"
        "\n"
        + lines(octets)
        + "="
        + base64.b64encode(crc24(octets).to_bytes(3, "big")).decode()
        + "\n-----END PGP PUBLIC KEY BLOCK-----\n"
    )


# ----------------------------------------------------------------------------------------------------------------------
# malformed/: what a parser meets in the wild and at the hands of others. Some are only odd, and valid.


def malformed(alice):
    folder = OUT / "malformed"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    text = b"The quick brown fox jumps over the lazy dog.\n"
    key = old(PUBLIC_KEY, alice.public)
    user_id = old(USER_ID_PACKET, alice.user_id)
    signature = alice.sign(0x00, text)

    def save(name, *parts):
        write(f"malformed/{name}.gpg", *parts)

    # Files that hold no packets
    save("empty")
    save("text", text)
    save("newline", b"\n")
    save("nul", bytes(16))

    # Headers
    save("header-tag-only", b"\x98")
    save("header-truncated-old-2", b"\x99\x01")
    save("header-truncated-old-4", b"\x9a\x00\x00\x01")
    save("header-truncated-new-2", b"\xc6\xc1")
    save("header-truncated-new-5", b"\xc6\xff\x00\x00")
    save("header-second-truncated", key, b"\xcd\xff\x00")
    save("header-tag-after-key", key, b"\xcd")
    save("header-bit-7-clear", b"\x18" + key[1:])
    save("header-long-lengths", old(PUBLIC_KEY, alice.public, 4), new(USER_ID_PACKET, alice.user_id, 5))
    save("header-length-4-gib", b"\xc6\xff\xff\xff\xff\xff", alice.public)
    save("header-length-past-end", new(PUBLIC_KEY, alice.public + b"?" * 40)[:-40])
    save("header-length-zero", new(PUBLIC_KEY, b""), new(USER_ID_PACKET, b""), new(SIGNATURE, b""))

    # Packet types
    save("type-0-new", key, b"\xc0\x04none", user_id)
    save("type-0-old", key, b"\x80\x04none", user_id)
    save("type-15-reserved", key, new(15, b"who knows"), user_id)
    save("type-16-comment", key, new(16, b"comment packet of old versions"), user_id)
    save("type-39-unknown-critical", key, new(39, b"who knows"), user_id)
    save("type-40-unknown", key, new(40, b"who knows"), user_id)
    save("type-59-unknown", key, new(59, b"who knows"), user_id)
    save("type-60-private", key, new(60, b"private"), user_id)
    save("type-61-comment", key, new(61, b"comment of GnuPG"), user_id)
    save("type-63-private", new(63, b"private"))

    # Partial and indeterminate lengths
    rsa4096 = list(packets(read("keys/rsa4096.pub.gpg")))[0][1]
    partial_key = (
        b"\xc6"  # public key, new format
        + b"\xe9"  # 2 to the power of 9: 512 octets
        + rsa4096[:512]
        + new_length(len(rsa4096) - 512)
        + rsa4096[512:]
    )
    save("partial-key", partial_key, user_id)  # only data packets may be partial
    body = literal(text * 20)
    save(
        "partial-many",
        b"\xcb"  # literal data, new format
        + b"\xe9"  # 512 octets
        + body[:512]
        + b"\xe0"  # 1 octet
        + body[512:513]
        + b"\xe1"  # 2 octets
        + body[513:515]
        + b"\xe5"  # 32 octets
        + body[515:547]
        + b"\xe0"  # 1 octet
        + body[547:548]
        + new_length(len(body) - 548)  # the last part
        + body[548:],
    )
    save("partial-last-empty", b"\xcb\xe9" + body[:512] + b"\x00")
    save("partial-last-long", b"\xcb\xe9" + body[:512] + new_length(len(body) - 512, 5) + body[512:])
    save("partial-first-short", b"\xcb\xe4" + body[:16] + new_length(len(body) - 16) + body[16:])  # 16, not 512
    save("partial-no-end", b"\xcb\xe9" + body[:512])
    save("partial-truncated", b"\xcb\xe9" + body[:400])
    save("partial-huge", b"\xcb\xfe" + body)  # 2 to the power of 30
    save("indeterminate-literal", b"\xaf" + literal(text))
    save("indeterminate-key", b"\x9b" + alice.public)
    save("indeterminate-signature", new(LITERAL, literal(text)), b"\x8b" + signature)
    save("indeterminate-empty", b"\xaf")

    # Where a file ends
    save("truncated-in-mpi", key[:100])
    save("truncated-in-mpi-length", old(PUBLIC_KEY, alice.public[:7]))
    save("truncated-after-version", old(PUBLIC_KEY, alice.public[:1]))
    save("truncated-in-user-id", key, user_id[:20])
    save("garbage-nul-after-key", key, user_id, bytes(64))
    save("garbage-ff-after-key", key, user_id, b"\xff" * 64)
    save("garbage-text-after-key", key, user_id, text)
    save("garbage-newline-after-key", key, user_id, b"\r\n")

    # Public keys
    head = alice.public[:6]  # version, creation time, algorithm
    n, e = mpi(alice.n), mpi(alice.e)
    bits = alice.n.bit_length()
    save("key-trailing-octet", old(PUBLIC_KEY, alice.public + b"!"), user_id)
    save("mpi-bit-count-too-large", old(PUBLIC_KEY, head + n + u16(alice.e.bit_length() + 3) + e[2:]), user_id)
    save("mpi-bit-count-too-small", old(PUBLIC_KEY, head + u16(bits - 3) + n[2:] + e), user_id)
    save("mpi-leading-zero", old(PUBLIC_KEY, head + n + u16(32) + b"\x00" + e[2:]), user_id)
    save("mpi-zero", old(PUBLIC_KEY, head + n + u16(0)), user_id)
    save("mpi-zero-one-octet", old(PUBLIC_KEY, head + n + u16(1) + b"\x00"), user_id)
    save("mpi-too-long", old(PUBLIC_KEY, head + u16(65535) + n[2:] + e), user_id)
    save("mpi-missing", old(PUBLIC_KEY, head + n), user_id)
    for version in (0, 1, 2, 5, 7, 255):
        save(f"key-version-{version}", old(PUBLIC_KEY, bytes([version]) + alice.public[1:]), user_id)
    for algorithm in (0, 4, 21, 99, 100):
        save(f"key-algorithm-{algorithm}", old(PUBLIC_KEY, head[:5] + bytes([algorithm]) + n + e), user_id)
    ecdsa = b"\x04" + u32(CREATED) + b"\x13"  # version, creation time, ECDSA
    point = u16(515) + b"\x04" + bytes(range(64))  # an uncompressed point of 256 bits, not on any curve
    save("curve-unknown", old(PUBLIC_KEY, ecdsa + b"\x05" + bytes.fromhex("2b8104007f") + point), user_id)
    save("curve-length-0", old(PUBLIC_KEY, ecdsa + b"\x00" + point), user_id)
    save("curve-length-255", old(PUBLIC_KEY, ecdsa + b"\xff" + bytes(255) + point, 2), user_id)
    save("curve-length-past-end", old(PUBLIC_KEY, ecdsa + b"\x50" + bytes(20)), user_id)
    ecdh = b"\x04" + u32(CREATED) + b"\x12" + b"\x08" + bytes.fromhex("2a8648ce3d030107") + point  # ECDH, P-256
    save("kdf-parameters-missing", old(PUBLIC_KEY, ecdh), user_id)
    save("kdf-parameters-short", old(PUBLIC_KEY, ecdh + b"\x02\x01\x08"), user_id)
    save("kdf-parameters-long", old(PUBLIC_KEY, ecdh + b"\x04\x01\x08\x07\x63"), user_id)
    save("kdf-parameters-reserved", old(PUBLIC_KEY, ecdh + b"\x03\x02\x08\x07"), user_id)
    save("key-v6-length-past-end", new(PUBLIC_KEY, b"\x06" + u32(CREATED) + b"\x1b" + u32(33) + bytes(32)))
    save("key-v6-length-short", new(PUBLIC_KEY, b"\x06" + u32(CREATED) + b"\x1b" + u32(31) + bytes(32)))

    # Secret keys: alice.secret is d, p, q and u
    checksum = u16(sum(alice.secret) & 0xFFFF)
    wrong = u16(sum(alice.secret) + 1 & 0xFFFF)

    def save_secret(name, *fields):
        save(name, old(SECRET_KEY, alice.public + b"".join(fields), 2), user_id)

    save_secret("secret-wrong-checksum", b"\x00", alice.secret, wrong)
    save_secret("secret-checksum-missing", b"\x00", alice.secret)
    save_secret("secret-usage-missing")
    save_secret("secret-mpi-missing", b"\x00", mpi(alice.d), u16(sum(mpi(alice.d)) & 0xFFFF))
    save_secret("secret-trailing-octet", b"\x00", alice.secret, checksum, b"!")
    save_secret("secret-s2k-truncated", b"\xfe\x09\x03\x08", SALT[:4])
    save_secret("secret-iv-truncated", b"\xfe\x09\x03\x08", SALT, b"\x60", bytes(9))
    save_secret("secret-cipher-unknown", b"\xfe\x63\x03\x08", SALT, b"\x60", bytes(200))
    save_secret("secret-gnu-truncated", b"\xff\x00\x65\x00", b"GN")
    save_secret("secret-gnu-serial-past-end", b"\xff\x00\x65\x00", b"GNU\x02\x10", bytes(4))

    # Signatures. None of these verifies, but for the first two.
    def save_signature(name, hashed=b"", unhashed=b"", hashed_length=None, unhashed_length=None):
        save(
            name,
            old(
                SIGNATURE,
                b"\x04"  # version
                + b"\x00"  # type: binary document
                + b"\x01"  # public-key algorithm: RSA
                + b"\x08"  # hash: SHA-256
                + u16(len(hashed) if hashed_length is None else hashed_length)
                + hashed
                + u16(len(unhashed) if unhashed_length is None else unhashed_length)
                + unhashed
                + b"\xab\xcd"  # left 16 bits
                + mpi(1 << 1000 | 0xABCDEF),
                2,
            ),
        )

    created = subpacket(2, u32(CREATED))
    issuer = subpacket(16, alice.fingerprint()[-8:])
    save("signature-duplicate-subpackets", old(SIGNATURE, alice.sign(0x00, text, created + issuer, issuer + issuer)))
    save("signature-time-unhashed", old(SIGNATURE, alice.sign(0x00, text, b"", created + issuer)))
    save_signature("subpacket-length-past-area", created + b"\x20\x1a" + b"https://", issuer)
    save_signature("subpacket-length-zero", created + b"\x00" + issuer, issuer)
    save_signature("subpacket-length-zero-last", created, issuer + b"\x00")
    save_signature("subpacket-length-truncated-2", created + b"\xc0", issuer)
    save_signature("subpacket-length-truncated-5", created, issuer + b"\xff\x00\x00")
    save_signature("subpacket-length-4-gib", created, issuer + b"\xff\xff\xff\xff\xff\x1a")
    save_signature("subpacket-bad-unhashed", created + subpacket(27, b"\x03"), b"\x40\x10" + bytes(8))
    save_signature("signature-hashed-length-past-end", created, issuer, hashed_length=60000)
    save_signature("signature-unhashed-length-past-end", created, issuer, unhashed_length=60000)
    save_signature("signature-unhashed-length-short", created, issuer, unhashed_length=5)
    # Subpackets of a fixed size that have another
    save_signature(
        "subpacket-wrong-sizes",
        subpacket(2, b"\x65\x92\x00")  # creation time of three octets
        + subpacket(3, u32(1) + b"\x00")  # expiration of five
        + subpacket(4, b"")  # exportable: neither yes nor no
        + subpacket(5, b"\x01")  # trust without an amount
        + subpacket(6, b"no NUL at the end")  # regular expression
        + subpacket(6, b"NUL\x00inside\x00")
        + subpacket(7, b"\x02")  # revocable: two
        + subpacket(12, b"\x80\x01" + bytes(19))  # designated revoker, fingerprint of 19 octets
        + subpacket(12, b"\x00\x01" + bytes(20))  # designated revoker, class without the bit that must be set
        + subpacket(16, bytes(7))  # issuer of seven octets
        + subpacket(20, b"\x80\x00\x00\x00" + u16(9) + u16(9) + b"short")  # notation, lengths past the end
        + subpacket(20, b"\x80\x00\x00\x00" + u16(1) + u16(1) + b"long")  # notation, octets left over
        + subpacket(20, b"\x80\x00")  # notation, cut
        + subpacket(25, b"\x01\x01")  # primary user ID of two octets
        + subpacket(26, b"https://example.com/\x1b[2J")  # policy with an escape sequence
        + subpacket(29, b"")  # reason for revocation without a code
        + subpacket(31, b"\x01")  # signature target, cut
        + subpacket(32, b"\x04\x19")  # embedded signature, cut
        + subpacket(32, b"not a signature")
        + subpacket(33, b"")  # issuer fingerprint without a version
        + subpacket(33, b"\x04" + bytes(19))  # issuer fingerprint of 19 octets
        + subpacket(33, b"\x07" + bytes(20))  # issuer fingerprint of version 7
        + subpacket(39, b"\x09\x02\x07"),  # AEAD cipher suites, an odd number
        issuer,
    )
    # Signatures in signatures in signatures
    nested = signature
    for _ in range(64):
        area = subpacket(32, nested)
        nested = b"\x04\x19\x01\x08" + u16(0) + u16(len(area)) + area + b"\xab\xcd" + mpi(5)
    save("signature-nested-64", old(SIGNATURE, nested, 2))
    for version in (0, 2, 5, 7):
        save(f"signature-version-{version}", old(SIGNATURE, bytes([version]) + signature[1:]))
    save("signature-type-unknown", old(SIGNATURE, b"\x04\x77" + signature[2:]))
    save("signature-algorithm-unknown", old(SIGNATURE, signature[:2] + b"\x63" + signature[3:]))
    save("signature-hash-unknown", old(SIGNATURE, signature[:3] + b"\x63" + signature[4:]))
    save("signature-trailing-octet", old(SIGNATURE, signature + b"!"))
    save("signature-truncated-in-mpi", old(SIGNATURE, signature[:-20]))
    v3 = alice.sign_v3(0x00, text, alice.fingerprint()[-8:])
    save("signature-v3-hashed-length-6", old(SIGNATURE, b"\x03\x06" + v3[2:]))

    # Other packets
    save("one-pass-version-7", new(ONE_PASS, b"\x07\x00\x08\x01" + bytes(8) + b"\x01"))
    save("one-pass-short", new(ONE_PASS, b"\x03\x00\x08\x01" + bytes(8)))
    save("one-pass-long", new(ONE_PASS, b"\x03\x00\x08\x01" + bytes(8) + b"\x01!"))
    save("pkesk-version-7", new(PKESK, b"\x07" + bytes(8) + b"\x01" + mpi(1 << 1000)))
    save("pkesk-algorithm-unknown", new(PKESK, b"\x03" + bytes(8) + b"\x63" + b"who knows"))
    save("pkesk-truncated", new(PKESK, b"\x03" + bytes(5)))
    save("skesk-version-7", new(SKESK, b"\x07\x09\x03\x08" + SALT + b"\x60"))
    save("skesk-s2k-unknown", new(SKESK, b"\x04\x09\x32\x08" + SALT))
    save("literal-name-past-end", new(LITERAL, b"b\x40name"))
    save("literal-date-missing", new(LITERAL, b"b\x00\x65\x92"))
    save("literal-mode-unknown", new(LITERAL, literal(text, b"z")))
    save("marker-wrong", new(MARKER, b"GPG"), new(LITERAL, literal(text)))
    save("compressed-algorithm-unknown", new(COMPRESSED, b"\x63" + b"who knows"))
    save("compressed-not-deflate", new(COMPRESSED, b"\x01" + b"\xff" * 20))
    save("compressed-no-algorithm", new(COMPRESSED, b""))
    save("trust-odd", key, old(TRUST, b"\x00\x00\x00"), user_id, old(TRUST, b""))
    save("user-attribute-length-past-end", key, new(USER_ATTRIBUTE, b"\x20\x01short"))
    save("user-attribute-empty", key, new(USER_ATTRIBUTE, b""))
    save("user-attribute-image-header-short", key, new(USER_ATTRIBUTE, subpacket(1, b"\x10\x00\x01")))
    save("user-attribute-image-header-length", key, new(USER_ATTRIBUTE, subpacket(1, b"\xff\xff\x01\x01" + bytes(12))))

    # Keys that are not whole certificates
    save("order-user-id-first", user_id, key)
    save("order-subkey-first", old(PUBLIC_SUBKEY, alice.public), user_id)
    save("order-signature-first", old(SIGNATURE, signature), key, user_id)

    # User IDs that lie to a terminal or to whoever reads our output line by line
    save(
        "user-id-hostile",
        key,
        old(USER_ID_PACKET, b"Alice\x1b[2J\x1b[1;31m <escape@example.com>"),  # clear the screen, red
        old(USER_ID_PACKET, b"Mallory <mallory@example.com>\rAlice <alice@example.com>"),  # overwrite the line
        old(USER_ID_PACKET, b"Alice\n## 05: type 6: Public-Key: fake\n<newline@example.com>"),  # a packet of its own
        old(USER_ID_PACKET, b"\n\n\n"),
        old(USER_ID_PACKET, "Alice \u202e<moc.elpmaxe@ecila>\u202c".encode()),  # right-to-left override
        old(USER_ID_PACKET, "Al\u200bice \u2066x\u2069 \ufeff<zero-width@example.com>".encode()),  # not visible
        old(USER_ID_PACKET, "Аlice <homoglyph@example.com>".encode()),  # a Cyrillic capital A
        old(USER_ID_PACKET, "Alice\u2028## 05\u0085<separators@example.com>".encode()),  # other line separators
        old(USER_ID_PACKET, b"Alice\x9b31m <c1@example.com>"),  # a control octet of Latin-1, not UTF-8
        old(USER_ID_PACKET, b"Alice \x00 <nul@example.com>"),
        old(USER_ID_PACKET, b"Alice \x08\x08\x08\x7f\x07\x0e <control@example.com>"),
        old(USER_ID_PACKET, b'"quoted" \\x41 \\n %41 $(id) `id` <quotes@example.com>'),
        old(USER_ID_PACKET, b"\xff\xfe\xed\xa0\x80\xc0\xaf <not-utf8@example.com>"),  # surrogate and overlong forms
        old(USER_ID_PACKET, "Z\u0351\u0346\u0343a\u0363\u0365l\u034cg\u0351o <combining@example.com>".encode()),
        old(USER_ID_PACKET, b" \t leading and trailing blanks \t "),
        old(USER_ID_PACKET, b"Alice <" + b"long" * 100 + b"@example.com>"),
    )


main()
