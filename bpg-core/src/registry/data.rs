//! The registry of the literal data packet: RFC 9580 section 5.9 and what LibrePGP and RFC 1991 add to it.

registry! {
    /// How the octets of a literal data packet are formatted, RFC 9580 section 5.9.
    pub struct LiteralFormat(u8);
    /// Machine-local conversion, by a mistake of RFC 1991. Deprecated.
    LOCAL_RFC_1991 = b'1', "local (RFC 1991)", Rfc1991 "6.1";
    /// Binary data.
    BINARY = b'b', "binary", Rfc9580 "5.9";
    /// Machine-local conversion. Deprecated.
    LOCAL = b'l', "local", Rfc9580 "5.9";
    /// LibrePGP's MIME message body part.
    MIME = b'm', "MIME", LibrePgp "5.10";
    /// Text in an encoding that the packet does not tell. Deprecated.
    TEXT = b't', "text", Rfc9580 "5.9";
    /// UTF-8 text.
    UTF8_TEXT = b'u', "UTF-8 text", Rfc9580 "5.9";
}
