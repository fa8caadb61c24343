//! Registries of the keybox, the file in which GnuPG keeps certificates. `kbx/keybox-blob.c` of GnuPG documents them.
//!
//! A flag of a two-octet field is numbered 8 × its octet's index + its bit, so that bit 0 of the number is flag 8.

registry! {
    /// The type of a blob.
    pub struct KeyboxBlobType(u8);
    /// A blob that was deleted.
    EMPTY = 0, "empty blob", GnuPgSource "";
    /// The first blob of the file.
    HEADER = 1, "header blob", GnuPgSource "";
    /// A blob that holds a transferable public key.
    OPENPGP = 2, "OpenPGP blob", GnuPgSource "";
    /// A blob that holds an X.509 certificate.
    X509 = 3, "X.509 blob", GnuPgSource "";
}

registry! {
    /// A flag of the header blob.
    pub struct KeyboxHeaderFlag(u16);
    /// The file holds or held OpenPGP blobs.
    OPENPGP = 9, "used for OpenPGP", GnuPgSource "";
}

registry! {
    /// A flag of an OpenPGP or X.509 blob.
    pub struct KeyboxBlobFlag(u16);
    /// The blob holds secret key material. GnuPG never sets it.
    SECRET = 8, "secret", GnuPgSource "";
    /// The blob is kept for a while only.
    EPHEMERAL = 9, "ephemeral", GnuPgSource "";
}

registry! {
    /// A flag of a key that a blob lists.
    pub struct KeyboxKeyFlag(u16);
    /// The key makes qualified signatures.
    QUALIFIED = 8, "qualified signature", GnuPgSource "";
    /// The fingerprint has 32 octets.
    LONG_FINGERPRINT = 15, "32-octet fingerprint", GnuPgSource "";
}

registry! {
    /// What is known of a signature: one of these, or when it expires, in seconds since 1970.
    pub struct KeyboxSignatureStatus(u32);
    /// Nobody looked at the signature.
    NOT_CHECKED = 0, "not checked", GnuPgSource "";
    /// The key that made the signature is not there.
    MISSING_KEY = 1, "missing key", GnuPgSource "";
    /// The signature is wrong.
    BAD_SIGNATURE = 2, "bad signature", GnuPgSource "";
    /// The signature is valid, and expired at a date in 1978.
    EXPIRED = 0x1000_0000, "valid, expired in 1978", GnuPgSource "";
    /// The signature is valid and does not expire.
    DOES_NOT_EXPIRE = 0xffff_ffff, "valid, does not expire", GnuPgSource "";
}
