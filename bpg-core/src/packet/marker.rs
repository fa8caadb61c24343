//! Marker: packets that are to be ignored (RFC 9580 section 5.8).

octets_packet! {
    /// A marker, to be ignored.
    ///
    /// "The body of the Marker packet consists of: the three octets 0x50, 0x47, 0x50 (which spell `PGP` in UTF-8). Such a
    /// packet MUST be ignored when received." Other octets are kept and are no error.
    pub struct Marker;
    /// The body as received.
    octets
}
