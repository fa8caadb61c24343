//! User ID: who holds the key (RFC 9580 section 5.11).

octets_packet! {
    /// A user ID.
    ///
    /// A User ID packet consists of UTF-8 text that is intended to represent the name and email address of the
    /// keyholder. By convention, it includes a mail name-addr, but there are no restrictions on its content. In particular
    /// it may hold terminal escapes, and old ones are often not UTF-8.
    pub struct UserId;
    /// The user ID as received.
    octets
}

impl<'a> UserId<'a> {
    /// The user ID as text, `None` if it is not UTF-8.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        core::str::from_utf8(self.octets.as_slice()).ok()
    }
}
