//! GnuPG's comments (type 61, of the private range).

octets_packet! {
    /// A comment, as early versions of GnuPG wrote them into keyrings. The type is in the private range, so that another
    /// program may have put something else there.
    pub struct Comment;
    /// The comment as received.
    octets
}
