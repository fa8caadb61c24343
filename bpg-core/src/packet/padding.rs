//! Padding: random octets that hide the size of what they accompany (RFC 9580 section 5.14).

octets_packet! {
    /// Padding, to be ignored.
    ///
    /// A Padding packet contains random data and can be used to defend against traffic analysis.
    pub struct Padding;
    /// The body as received.
    octets
}
