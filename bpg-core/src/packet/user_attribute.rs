//! User Attribute: something other than text that stands for the keyholder (RFC 9580 section 5.12).

use core::iter::FusedIterator;

use crate::error::{Error, ErrorKind};
use crate::octets::Octets;
use crate::packet::subpacket_header::{SUBPACKET, SubpacketHeader};
use crate::parse::{self, Parsed};
use crate::registry::{ImageEncoding, ImageVersion, UserAttributeType};

octets_packet! {
    /// A user attribute: "the User Attribute packet is made up of one or more attribute subpackets."
    pub struct UserAttribute;
    /// The body as received.
    octets
}

impl<'a> UserAttribute<'a> {
    /// The attribute subpackets in order. The iterator ends after its first error.
    #[must_use]
    pub const fn subpackets(self) -> AttributeSubpackets<'a> {
        AttributeSubpackets { rest: self.octets, failed: false }
    }
}

/// Iterates over the subpackets of a [`UserAttribute`].
#[derive(Clone, Debug)]
pub struct AttributeSubpackets<'a> {
    rest: Octets<'a>,
    failed: bool,
}

impl<'a> AttributeSubpackets<'a> {
    /// The octets that are not delimited yet, or could not be.
    #[must_use]
    pub const fn remaining(&self) -> Octets<'a> {
        self.rest
    }
}

impl<'a> Iterator for AttributeSubpackets<'a> {
    type Item = Result<AttributeSubpacket<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.rest.is_empty() {
            return None;
        }
        match SubpacketHeader::parse_prefix(self.rest) {
            Ok((rest, header)) => {
                self.rest = rest;
                let attribute_type = UserAttributeType(header.type_octet);
                Some(Ok(AttributeSubpacket { wire: header.wire, attribute_type, body: header.body() }))
            }
            Err(failure) => {
                self.failed = true;
                Some(Err(Error::from(failure).within(SUBPACKET).within(NAME)))
            }
        }
    }
}

impl FusedIterator for AttributeSubpackets<'_> {}

const NAME: &str = "user attribute";

/// One subpacket of a [`UserAttribute`], delimited.
#[derive(Clone, Copy, Debug)]
pub struct AttributeSubpacket<'a> {
    wire: Octets<'a>,
    attribute_type: UserAttributeType,
    body: Octets<'a>,
}

impl<'a> AttributeSubpacket<'a> {
    /// All octets of the subpacket, its length and type included.
    #[must_use]
    pub const fn wire(self) -> Octets<'a> {
        self.wire
    }

    /// The type.
    #[must_use]
    pub const fn attribute_type(self) -> UserAttributeType {
        self.attribute_type
    }

    /// The octets behind the type.
    #[must_use]
    pub const fn body(self) -> Octets<'a> {
        self.body
    }

    /// The image, if this is an image attribute.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Truncated`] if the subpacket is shorter than its image header says.
    pub fn image(self) -> Result<Option<Image<'a>>, Error> {
        if self.attribute_type != UserAttributeType::IMAGE {
            return Ok(None);
        }
        let image = parse::all(self.body, Image::parse_prefix);
        image.map(Some).map_err(|error| error.within("image").within(NAME))
    }
}

/// An image attribute (RFC 9580 section 5.12.1).
#[derive(Clone, Copy, Debug)]
pub struct Image<'a> {
    header: Octets<'a>,
    version: ImageVersion,
    encoding: Option<ImageEncoding>,
    data: Octets<'a>,
}

impl<'a> Image<'a> {
    /// "The first two octets of the image header contain the length of the image header. Note that unlike other
    /// multi-octet numerical values in this document, due to a historical accident this value is encoded as a
    /// little-endian number. The image header length is followed by a single octet for the image header version. … The
    /// fourth octet of a version 1 image header designates the encoding format of the image."
    pub(crate) fn parse_prefix(input: Octets<'a>) -> Parsed<'a, Self> {
        let (after_length, length) = parse::named("header length", parse::array::<2, _>)(input)?;
        let length = usize::from(u16::from_le_bytes(length));
        let (data, header) = parse::named("header", parse::take(length))(input)?;
        let Some((_, fields)) = header.split_at(2) else {
            // The header's length counts itself, so a length below 2 contradicts itself.
            let kind = ErrorKind::Truncated { need: 2, have: header.len_u64() };
            let place = input.before(after_length).span();
            return Err(Error::new(kind, place).within("header").into());
        };
        let (fields, version) = parse::named("version", parse::u8)(fields)?;
        let version = ImageVersion(version);
        let encoding = match version {
            ImageVersion::VERSION_1 => Some(ImageEncoding(parse::named("encoding", parse::u8)(fields)?.1)),
            _ => None,
        };
        let (rest, data) = parse::rest(data)?;
        Ok((rest, Self { header, version, encoding, data }))
    }

    /// The image header, 16 octets in version 1.
    #[must_use]
    pub const fn header(self) -> Octets<'a> {
        self.header
    }

    /// The version of the image header.
    #[must_use]
    pub const fn version(self) -> ImageVersion {
        self.version
    }

    /// The image's encoding, `None` if the version of the header is unknown.
    #[must_use]
    pub const fn encoding(self) -> Option<ImageEncoding> {
        self.encoding
    }

    /// The image itself.
    #[must_use]
    pub const fn data(self) -> Octets<'a> {
        self.data
    }

    /// The width and the height in pixels, if the image is a JPEG file that tells them.
    #[must_use]
    pub fn pixels(self) -> Option<(u16, u16)> {
        if self.encoding != Some(ImageEncoding::JPEG) {
            return None;
        }
        jpeg_pixels(self.data)
    }
}

/// Walks over the segments of a JPEG file (ITU-T T.81 annex B) to its frame header: each segment starts with 0xff, perhaps
/// repeated, a marker, and a two-octet length that counts itself.
fn jpeg_pixels(file: Octets<'_>) -> Option<(u16, u16)> {
    let mut rest = file.as_slice().strip_prefix(&[0xff, 0xd8])?;
    loop {
        let [0xff, marker, behind @ ..] = rest else { return None };
        rest = match (*marker, behind) {
            (0xff, _) => rest.get(1..)?,
            // Frame headers; the others of this row define tables. Behind the length: precision, height, width.
            (0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf, [_, _, _, y1, y2, x1, x2, ..]) => {
                return Some((u16::from_be_bytes([*x1, *x2]), u16::from_be_bytes([*y1, *y2])));
            }
            (_, [high, low, ..]) => behind.get(usize::from(u16::from_be_bytes([*high, *low]).max(2))..)?,
            _ => return None,
        };
    }
}
