//! What the grammar over packets promises: nothing is lost, and everything has one place.

use bpg_core::framing::{Packets, RawPacket};
use bpg_core::octets::Octets;
use bpg_core::packet::signature::SignedOctets;
use bpg_core::packet::{Packet, Signature};
use bpg_core::registry::PacketType;
use bpg_core::sequence::{
    Component, ComponentKind, Content, Issuer, Item, Items, KeySignature, Message, Missing, OutOfPlace, Part, Role,
    TransferableKey,
};

use super::{Tiles, assert_error, assert_in_place, position};

/// What the grammar promises of any input.
pub fn laws(input: &[u8]) {
    packets(Octets::from(input));
}

/// What the grammar promises of `input`, wherever it starts.
pub fn packets(input: Octets<'_>) {
    let mut tiles = Tiles::of(input);
    let mut items = Items::new(input);
    let mut framed = Packets::new(input);
    let mut failed = false;
    while let Some(next) = items.next() {
        assert!(!failed, "{next:?} follows an error");
        match next {
            Ok(next) => {
                tiles.lay(next.wire());
                assert_eq!(items.remaining().start(), next.wire().end());
                for raw in next.packets() {
                    assert_same(&raw, &framed.next().expect("there is a packet").expect("it is well framed"));
                    signature(&raw);
                }
                alone(&next);
                item(&next);
            }
            Err(error) => {
                failed = true;
                assert_eq!(framed.next().expect("there is an error").err(), Some(error));
            }
        }
    }
    assert!(framed.next().is_none(), "every packet is in an item");
    assert!(items.next().is_none(), "the iterator is fused");
    assert_eq!(items.remaining().span(), framed.remaining().span());
    tiles.lay(items.remaining());
    tiles.assert_full();
}

fn assert_same(one: &RawPacket<'_>, other: &RawPacket<'_>) {
    assert_eq!((one.packet_type(), one.wire().span()), (other.packet_type(), other.wire().span()));
}

/// An item's octets make the same item without those around them.
fn alone(item: &Item<'_>) {
    let mut items = Items::new(item.wire());
    let again = items.next().expect("there is an item").expect("it was framed before");
    assert_eq!(format!("{again:?}"), format!("{item:?}"));
    assert!(items.next().is_none(), "{item:?} is one item");
}

fn item(item: &Item<'_>) {
    match item {
        Item::Key(key) => self::key(key),
        Item::Message(message) => self::message(message),
        Item::Signatures(signatures) => {
            assert!(signatures.signatures().count() > 0);
            let others = item.packets().filter(|raw| raw.packet_type() != PacketType::SIGNATURE);
            others.for_each(|raw| assert!(is_ignored(&raw), "{raw:?}"));
        }
        Item::OutOfPlace(run) => {
            let only_ignored = item.packets().all(|raw| is_ignored(&raw));
            assert_eq!(run.reason() == OutOfPlace::Alone, only_ignored);
            assert!(!item.packets().any(|raw| is_primary(&raw)), "a primary key is never out of place");
        }
        _ => {}
    }
}

fn is_ignored(raw: &RawPacket<'_>) -> bool {
    matches!(raw.packet_type(), PacketType::MARKER | PacketType::TRUST | PacketType::PADDING)
        || raw.packet_type().0 >= 40
}

fn is_primary(raw: &RawPacket<'_>) -> bool {
    matches!(raw.packet_type(), PacketType::PUBLIC_KEY | PacketType::SECRET_KEY)
}

fn key(key: &TransferableKey<'_>) {
    let mut tiles = Tiles::of(key.wire());
    for (index, component) in key.components().enumerate() {
        tiles.lay(component.wire());
        assert_eq!(component.kind() == ComponentKind::PrimaryKey, index == 0);
        if index == 0 {
            assert_same(&component.head(), &key.primary());
        }
        self::component(&component);
    }
    tiles.assert_full();
    let sorted = key.user_ids().count() + key.user_attributes().count() + key.subkeys().count();
    assert_eq!(sorted + 1, key.components().count());
    let item = Item::Key(*key);
    assert_eq!(item.packets().filter(is_primary).count(), 1);
    assert_eq!(key.is_secret(), item.packets().any(|raw| raw.packet_type().is_secret()));
    assert!(key.public().is_none_or(|public| key.primary().wire().span().contains(public.wire().span())));
}

fn component(component: &Component<'_>) {
    let mut tiles = Tiles::of(component.wire());
    let (mut heads, mut signatures) = (0, component.signatures());
    for member in component.members() {
        let raw = member.raw();
        tiles.lay(raw.wire());
        match member.role() {
            Role::Head => {
                heads += 1;
                assert_same(&raw, &component.head());
            }
            Role::Signature(signature) => {
                assert_same(&raw, &signature.raw());
                let listed = signatures.next().expect("signatures are listed");
                assert_same(&raw, &listed.raw());
                key_signature(component, &signature);
            }
            Role::UnknownVersion => assert!(matches!(raw.interpret(), Ok(Packet::Opaque(_)))),
            Role::Malformed(error) => {
                assert_eq!(raw.interpret().err(), Some(error));
                assert_error(raw.body().span(), &error);
            }
            Role::Ignored => assert!(is_ignored(&raw)),
            Role::OutOfPlace(reason) => {
                assert_eq!(reason == OutOfPlace::SignatureType, raw.packet_type() == PacketType::SIGNATURE);
            }
            role => panic!("{role:?} is unknown here"),
        }
    }
    tiles.assert_full();
    assert_eq!(heads, 1);
    assert!(signatures.next().is_none());
    let unknown = |signature: &KeySignature<'_>| !signature.is_revocation() && signature.issuer() == Issuer::Unknown;
    let parts = [
        component.self_signatures().count(),
        component.certifications().count(),
        component.revocations().count(),
        component.signatures().filter(unknown).count(),
    ];
    assert_eq!(parts.iter().sum::<usize>(), component.signatures().count());
}

/// What enters the digest comes in pieces that have octets, and holds more than what is of the signature.
fn key_signature(component: &Component<'_>, signature: &KeySignature<'_>) {
    let Some(signed) = component.signed_octets(signature.signature().version()) else { return };
    let mut length = 0;
    signature.signature().hashed_wire().write_around(&signed, &mut |octets| {
        assert!(!octets.is_empty());
        length += octets.len();
    });
    assert!(length > signature.signature().hashed_wire().fields().len());
}

fn message(message: &Message<'_>) {
    let mut tiles = Tiles::of(message.wire());
    let (mut contents, mut one_pass, mut corresponding) = (0, 0, 0);
    for (raw, part) in message.parts() {
        tiles.lay(raw.wire());
        match part {
            Part::PrefixedSignature => assert_eq!((raw.packet_type(), contents), (PacketType::SIGNATURE, 0)),
            Part::OnePassSignature => {
                assert_eq!((raw.packet_type(), contents), (PacketType::ONE_PASS_SIGNATURE, 0));
                one_pass += 1;
            }
            Part::SessionKey => assert!(contents == 0 && matches!(raw.packet_type().0, 1 | 3)),
            Part::Content => {
                assert_same(&raw, &message.content().expect("there is content").packet());
                contents += 1;
            }
            Part::CorrespondingSignature => {
                assert_eq!((raw.packet_type(), contents), (PacketType::SIGNATURE, 1));
                corresponding += 1;
            }
            Part::Ignored => assert!(is_ignored(&raw)),
            Part::OutOfPlace(reason) => {
                assert_eq!((raw.packet_type(), reason), (PacketType::PADDING, OutOfPlace::Padding));
            }
            part => panic!("{part:?} is unknown here"),
        }
    }
    tiles.assert_full();
    assert_eq!(contents, usize::from(message.content().is_some()));
    let missing = match (contents, one_pass - corresponding) {
        (0, _) => Some(Missing::Content),
        (_, 0) => None,
        (_, unmatched) => Some(Missing::Signatures(unmatched)),
    };
    assert_eq!(message.missing(), missing);
    assert_eq!(message.one_pass_signatures().count(), one_pass);
    assert!(message.signatures().count() >= corresponding);
    assert!(
        message.session_keys().count() == 0 || message.content().is_none_or(|it| matches!(it, Content::Encrypted(_)))
    );
}

/// What of a signature enters its digest lies where it is said to, and the trailer counts it.
fn signature(raw: &RawPacket<'_>) {
    let Ok(Packet::Signature(signature)) = raw.interpret() else { return };
    let (wire, hashed) = (signature.wire(), signature.hashed_wire());
    assert_in_place(wire, hashed.fields());
    let mut expected = hashed.fields().as_slice().to_vec();
    let counted = position(expected.len()).to_be_bytes();
    match (signature.version(), signature.hashed_area()) {
        (2 | 3, None) => assert_eq!(expected, wire.as_slice()[2..7]),
        (version, Some(area)) => {
            assert_eq!((hashed.fields().start(), hashed.fields().end()), (wire.start(), area.octets().end()));
            if version == 5 && signature.signature_type().0 <= 1 {
                expected.extend([0; 6]);
            }
            expected.extend([version, 0xff]);
            expected.extend(if version == 5 { &counted[..] } else { &counted[4..] });
        }
        (version, None) => panic!("version {version} has areas"),
    }
    let mut written = Vec::new();
    hashed.write_to(&mut |octets| written.extend_from_slice(octets));
    assert_eq!(written, expected);
    assert_eq!(hashed.salt().as_slice(), signature.salt().map_or(&[][..], Octets::as_slice));
    confirmed(&signature);
}

/// A signature that is signed contributes all of itself but its unhashed area.
fn confirmed(signature: &Signature<'_>) {
    let mut length = 0;
    let signed = SignedOctets::signature(signature).expect("it is not that long");
    signed.write_to(&mut |octets| length += octets.len());
    let unhashed = signature.unhashed_area().map_or(0, |area| area.octets().len());
    assert_eq!(length, 5 + signature.wire().len() - unhashed);
}
