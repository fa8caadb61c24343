//! Registries of the user attribute packet: RFC 9580 section 5.12.

registry! {
    /// A user attribute subpacket type ID, RFC 9580 section 5.12.
    pub struct UserAttributeType(u8);
    _ = 0, "reserved", Rfc9580 "5.12";
    /// An image, presumably of the key holder.
    IMAGE = 1, "Image Attribute", Rfc9580 "5.12.1";
    _ = 100..=110, "private or experimental", Rfc9580 "5.12";
}

registry! {
    /// The version of an image attribute's header, RFC 9580 section 5.12.1.
    pub struct ImageVersion(u8);
    /// A header of 16 octets.
    VERSION_1 = 1, "version 1", Rfc9580 "5.12.1";
}

registry! {
    /// The encoding format ID of an image attribute, RFC 9580 section 5.12.1.
    pub struct ImageEncoding(u8);
    _ = 0, "reserved", Rfc9580 "5.12.1";
    /// JPEG in the JPEG File Interchange Format.
    JPEG = 1, "JPEG", Rfc9580 "5.12.1";
    _ = 100..=110, "private or experimental", Rfc9580 "5.12.1";
}
