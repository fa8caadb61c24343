//! What keyboxes and the keys of gpg-agent promise.

use std::ops::ControlFlow;

use bpg_core::agent_key::{AgentKey, PartValue};
use bpg_core::inspect::{self, Event, Field, Value};
use bpg_core::keybox::{Blob, Contents, KeyBlob, blobs, is_keybox};
use bpg_core::octets::{Octets, Span};

use super::{Tiles, assert_error, assert_in_place, slice};

/// What reading `input` as a keybox and as a key of gpg-agent promises.
pub fn laws(input: &[u8]) {
    let input = Octets::new(input, 1 << 40);
    keybox(input);
    agent_key(input);
}

/// What the blobs of `input` promise, and what the packets in them do.
pub fn keybox(input: Octets<'_>) {
    let mut tiles = Tiles::of(input);
    let mut blobs = blobs(input);
    let mut count = 0;
    while let Some(framed) = blobs.next() {
        match framed {
            Ok(blob) => {
                count += 1;
                tiles.lay(blob.wire());
                self::blob(input, &blob);
            }
            Err(error) => {
                assert_error(input.span(), &error);
                assert_error(blobs.remaining().span(), &error);
                assert!(blobs.next().is_none());
            }
        }
    }
    tiles.lay(blobs.remaining());
    tiles.assert_full();
    // A keybox has the length of its first blob in front of what makes it one.
    assert!(!is_keybox(input.as_slice()) || input.len() >= 12);
    assert!(count > 0 || input.is_empty() || !blobs.remaining().is_empty());
}

fn blob(input: Octets<'_>, blob: &Blob<'_>) {
    let mut walk = Walk::of(input, blob.wire());
    walk.follow(|mut visitor| inspect::keybox_blob(blob, &mut visitor));
    match blob.interpret() {
        Ok(Contents::Key(key)) => {
            contents(blob.wire(), &key);
            // Packets are looked at where there are some: certificates are not.
            super::check_octets(key.key_block());
            let misplaced = key.user_ids().filter(|user_id| user_id.text.is_none()).count();
            assert_eq!(walk.errors, misplaced);
        }
        Ok(_) => assert_eq!(walk.errors, 0),
        Err(error) => {
            assert_error(blob.wire().span(), &error);
            assert_eq!(walk.errors, 1);
        }
    }
}

fn contents(wire: Octets<'_>, key: &KeyBlob<'_>) {
    for part in [key.flags(), key.serial_number(), key.reserved_space(), key.other_data(), key.unhashed()] {
        assert_in_place(wire, part);
    }
    assert_in_place(wire, key.key_block());
    assert_eq!(key.key_block().start() - wire.start(), u64::from(key.key_block_offset()));
    let checksum = key.checksum();
    assert_eq!(checksum.stored.end(), wire.end());
    assert_eq!(checksum.is_right(), checksum.stored.as_slice() == checksum.due);
    assert_eq!(key.keys().len(), key.keys().count());
    for key in key.keys() {
        assert_in_place(wire, key.wire);
        assert!([20, 32].contains(&key.fingerprint.len()));
    }
    assert_eq!(key.user_ids().len(), key.user_ids().count());
    for user_id in key.user_ids() {
        assert_in_place(wire, user_id.wire);
        if let Some(text) = user_id.text {
            assert_in_place(wire, text);
            assert_eq!(text.start() - wire.start(), u64::from(user_id.offset));
        }
    }
    assert_eq!(key.signatures().len(), key.signatures().count());
    for signature in key.signatures() {
        assert_eq!(signature.expires().is_some(), signature.status.name().is_none());
    }
}

/// What reading `input` as a key of gpg-agent promises.
pub fn agent_key(input: Octets<'_>) {
    let Some(key) = AgentKey::recognise(input) else { return };
    let mut tiles = Tiles::of(input);
    let mut parts = key.parts();
    let mut error = None;
    for part in parts.by_ref() {
        let Ok(part) = part else {
            error = part.err();
            break;
        };
        let octets = match part.value {
            PartValue::Text(octets) | PartValue::Data(octets) => octets,
            PartValue::Secret(secret) => secret.expose(),
        };
        assert!(part.span.contains(octets.span()), "{}", part.name);
        assert_in_place(input, octets);
        assert_eq!(part.span.start, tiles.position, "{}", part.name);
        tiles.skip(part.span.len());
    }
    assert!(parts.next().is_none());
    tiles.lay(parts.remaining());
    tiles.assert_full();
    assert!(error.is_some() || parts.remaining().is_empty());
    let mut walk = Walk::of(input, key.wire());
    walk.follow(|mut visitor| inspect::agent_key(&key, &mut visitor));
    assert_eq!(walk.errors, usize::from(error.is_some()));
    key.lines().for_each(|line| assert_in_place(input, line));
}

/// Checks that what is told of a container is all of it, in order.
pub(super) struct Walk<'a> {
    input: Octets<'a>,
    wire: Octets<'a>,
    position: u64,
    regions: Vec<Span>,
    events: usize,
    pub(super) errors: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn of(input: Octets<'a>, wire: Octets<'a>) -> Self {
        Self { input, wire, position: wire.start(), regions: Vec::new(), events: 0, errors: 0 }
    }

    /// Follows `tell` to the end, and once more to somewhere in its midst.
    pub(super) fn follow(
        &mut self,
        tell: impl Fn(&mut dyn FnMut(Event<'_>) -> ControlFlow<usize>) -> ControlFlow<usize>,
    ) {
        let flow = tell(&mut |event: Event<'_>| {
            self.event(event);
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue() && self.regions.is_empty() && self.events >= 2);
        assert_eq!(self.position, self.wire.end(), "not all of {:?} was told", self.wire);
        let enough = self.wire.len() % self.events;
        let mut seen = 0;
        let flow = tell(&mut |_| {
            let flow = if seen == enough { ControlFlow::Break(seen) } else { ControlFlow::Continue(()) };
            seen += 1;
            flow
        });
        assert_eq!((flow, seen), (ControlFlow::Break(enough), enough + 1));
    }

    fn event(&mut self, event: Event<'_>) {
        self.events += 1;
        match event {
            Event::Container(container) => {
                assert_eq!((container.octets.span(), self.events), (self.wire.span(), 1));
                assert_in_place(self.input, container.octets);
                self.regions.push(container.octets.span());
            }
            Event::Open(group) => {
                assert!(self.region().contains(group.span) && group.span.start == self.position, "{group:?}");
                self.regions.push(group.span);
            }
            Event::Field(field) => self.field(&field),
            Event::Error(error) => {
                assert_error(self.wire.span(), &error);
                self.errors += 1;
            }
            Event::Close => assert_eq!(self.regions.pop().map(|region| region.end), Some(self.position)),
            Event::Unknown => {}
            _ => panic!("in a container, there is no {event:?}"),
        }
    }

    fn region(&self) -> Span {
        *self.regions.last().expect("something is open")
    }

    fn field(&mut self, field: &Field<'_>) {
        let Some(span) = field.span else { return };
        assert!(self.region().contains(span) && span.start == self.position, "{field:?} at {}", self.position);
        self.position = span.end;
        let here = slice(self.input, span);
        let number = || here.iter().fold(0_u64, |number, octet| number << 8 | u64::from(*octet));
        match field.value {
            Value::Number(value) | Value::Id { number: value, .. } => assert_eq!(value, number(), "{field:?}"),
            // The punctuation around it belongs to the field.
            Value::Text(octets) => assert!(span.contains(octets.span()), "{field:?}"),
            Value::Secret(secret) => assert!(span.contains(secret.span()), "{field:?}"),
            Value::Data(body) => assert!(span.contains(body.span()), "{field:?}"),
            Value::Payload { length, .. } => assert_eq!(span.len(), length, "{field:?}"),
            value => assert_eq!(here, super::inspect::octets(value), "{field:?}"),
        }
    }
}
