//! Text and JSON tell the same, field by field.

use serde_json::Value;

/// Compares the records with what `--verbose` prints of the same input.
pub(crate) fn check(input: &[u8], options: &[&str], records: &[Value]) {
    let text = crate::common::parse(&[&["--verbose"], options].concat(), input).output;
    let mut lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty()).peekable();
    let mut next = || lines.next().unwrap_or_else(|| panic!("the text has no more lines"));
    for record in records {
        match record["record"].as_str().unwrap() {
            "packet" | "armor" | "container" => assert!(next().starts_with("## "), "{record}"),
            "remainder" => {
                assert!(next().starts_with("## -- : not a whole packet"), "{record}");
                if record["hex"] != "" {
                    assert!(next().starts_with("not interpreted: "), "{record}");
                }
            }
            "end" if is_of_armor(records, record) => assert!(next().starts_with("## end of armor : "), "{record}"),
            "error" => error(&record["error"], next()),
            _ => {}
        }
        fields(&record["fields"], &mut next);
    }
    assert_eq!(lines.next(), None, "the records have no more fields");
}

fn is_of_armor(records: &[Value], end: &Value) -> bool {
    records.iter().any(|record| record["record"] == "armor" && record["path"] == end["path"])
}

fn fields<'t>(fields: &Value, next: &mut impl FnMut() -> &'t str) {
    for field in fields.as_array().into_iter().flatten() {
        let line = next();
        if field["type"] == "error" {
            error(&field["value"], line);
            continue;
        }
        let name = field["name"].as_str().unwrap();
        if field["type"] == "group" {
            let is_empty = field["fields"].as_array().unwrap().is_empty();
            let span = if is_empty { " none".to_string() } else { format!("  {}", place(field)) };
            let number = match (field["number"].as_u64(), field["critical"] == true) {
                (Some(number), true) => format!(" ({number}, critical)"),
                (Some(number), false) => format!(" ({number})"),
                (None, true) => " (critical)".to_string(),
                (None, false) => String::new(),
            };
            assert_eq!(line, format!("{name}{number}:{span}"), "{field}");
            self::fields(&field["fields"], next);
            continue;
        }
        let behind = if field["span"].is_null() { String::new() } else { format!("  {}", place(field)) };
        let shown = line.strip_prefix(name).and_then(|rest| rest.strip_prefix(':'));
        let shown = shown.and_then(|rest| rest.strip_suffix(&*behind)).unwrap_or_else(|| panic!("{line}\n{field}"));
        assert!(agrees(field, shown.strip_prefix(' ').unwrap_or(shown)), "{line}\n{field}");
    }
}

fn place(field: &Value) -> String {
    format!("[{}..{}]", field["span"][0], field["span"][1])
}

fn error(error: &Value, line: &str) {
    assert_eq!(line, format!("error: at octet {}: {}", error["position"], error["message"].as_str().unwrap()));
}

/// Whether a value is the one that the text shows.
fn agrees(field: &Value, shown: &str) -> bool {
    let value = &field["value"];
    match field["type"].as_str().unwrap() {
        "word" | "time" | "hex" | "key-id" | "fingerprint" | "redacted" => value == shown,
        "number" => value.as_u64().is_some_and(|number| number.to_string() == shown),
        // What is not plain is escaped in a way of its own.
        "text" => value.as_str().unwrap().contains(|c: char| !(' '..='~').contains(&c) || c == '\\') || value == shown,
        "id" => is_id(value, shown),
        "ids" => is_list(value, shown, is_id),
        "ciphersuites" => is_list(value, shown, |pair, shown| shown.starts_with(&*name(&pair["cipher"]))),
        "flags" => {
            let mut rest = shown;
            let all = value["set"].as_array().unwrap().iter().all(|name| {
                let found = rest.split_once(name.as_str().unwrap());
                rest = found.map_or(rest, |(_, rest)| rest);
                found.is_some()
            });
            let has_unknown = text(&value["unknown"]).contains(|digit| digit != '0');
            all && shown.contains("unknown (0x") == has_unknown
                && shown.ends_with(&format!("(0x{})", text(&value["hex"])))
        }
        "boolean" => match value.as_bool() {
            Some(true) => shown == "yes",
            Some(false) => shown == "no",
            None => shown == format!("unspecified ({})", field["octet"]),
        },
        "data" => {
            let start = format!("[{}]", count(value["length"].as_u64().unwrap(), "octet"));
            let rest = shown.strip_prefix(&*start).unwrap_or("?").trim_start();
            rest.is_empty() || text(&value["hex"]) == rest.trim_end_matches('…')
        }
        "seconds" | "days" if value == 0 => shown == "0 (no end)" && field.get("until").is_none(),
        unit @ ("seconds" | "days") => {
            let end = field.get("until").map_or_else(String::new, |end| format!(", until {}", text(end)));
            shown.starts_with(&count(value.as_u64().unwrap(), unit.trim_end_matches('s')))
                && shown.contains(", until ") != end.is_empty()
                && shown.ends_with(&end)
        }
        "kibioctets" => shown.ends_with('B'),
        "hashed-octets" => {
            shown == format!("{} (0x{:02x})", count(value.as_u64().unwrap(), "octet"), field["octet"].as_u64().unwrap())
        }
        "chunk-size" => {
            shown.ends_with(&format!("({})", field["octet"]))
                && (value.is_null() || shown.starts_with(&format!("{value} octets")))
        }
        "pixels" => shown == format!("{} × {} pixels", value["width"], value["height"]),
        "mpi" => {
            let bits = count(value["bits"].as_u64().unwrap(), "bit");
            shown.strip_prefix(&*bits).is_some_and(|rest| rest.is_empty() == (value["canonical"] == true))
        }
        "curve" => shown == format!("{} ({})", value["name"].as_str().unwrap_or("unknown"), text(&value["oid"])),
        "kdf" => match value["hash"].is_null() {
            true => shown == text(&value["hex"]),
            false => shown.starts_with(&*name(&value["hash"])),
        },
        "checksum" => {
            let stored = value["stored"].as_str().map_or("malformed".to_string(), |stored| format!("0x{stored}"));
            let judged = match value["right"].as_bool() {
                Some(true) => " (right)".to_string(),
                Some(false) => format!(" (wrong: 0x{} is due)", text(&value["due"])),
                None => String::new(),
            };
            shown == stored + &judged
        }
        "secret" => shown == format!("[{}]", count(value["length"].as_u64().unwrap(), "octet")),
        other => panic!("nobody knows the type {other}"),
    }
}

fn is_id(value: &Value, shown: &str) -> bool {
    let number = value["id"].as_u64().unwrap();
    let name = name(value);
    [format!("{name} ({number})"), format!("{name} (0x{number:02x})")].iter().any(|form| form == shown)
}

fn name(id: &Value) -> String {
    id["name"].as_str().unwrap_or("unknown").to_string()
}

fn is_list(value: &Value, shown: &str, is_item: impl Fn(&Value, &str) -> bool) -> bool {
    let items = value.as_array().unwrap();
    let shown: Vec<&str> = shown.split(", ").collect();
    match items.len() {
        0 => shown == ["none"],
        length => shown.len() == length && items.iter().zip(shown).all(|(item, shown)| is_item(item, shown)),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn count(count: u64, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
