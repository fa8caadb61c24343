//! The registry of GnuPG's trust packets.

registry! {
    /// What a trust packet of GnuPG is about.
    pub struct GnuPgTrustSubject(u8);
    /// The signature in front of it.
    SIGNATURE = 0, "signature", GnuPgSource "";
    /// The key in front of it.
    KEY = 1, "key", GnuPgSource "";
    /// The user ID in front of it.
    USER_ID = 2, "user ID", GnuPgSource "";
}
