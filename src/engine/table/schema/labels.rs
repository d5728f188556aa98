//! Labels of known data sets: their families, and their names where bytes are broken.

use serde::{Deserialize, Serialize};

use super::{super::KnownSchema, cicflow, field::key, kdd};

/// A value of a known data set's label column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownValue {
    /// It, as the file's bytes show it.
    pub text: String,
    /// Its name: the same, but for broken bytes.
    pub name: String,
    /// Its family; empty where it is not known.
    pub family: String,
    /// Rows that have it.
    pub count: u32,
}

/// What is known of the values of a schema's label column, in the order of `values`; nothing where
/// no value is known.
pub fn known_values(schema: KnownSchema, values: &[(&[u8], u32)]) -> Vec<KnownValue> {
    let names: Vec<(&str, &str)> = match schema {
        KnownSchema::NslKdd | KnownSchema::Kdd99 => split(&kdd::FAMILIES, ' '),
        KnownSchema::CicFlowMeter => split(cicflow::FAMILIES, '|'),
        _ => return Vec::new(),
    };
    let value = |&(bytes, count): &(&[u8], u32)| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        // KDD Cup 1999 ends its labels with a dot.
        let known = names.iter().find(|(_, name)| letters(bytes) == key(name));
        let is_broken = !bytes.is_ascii();
        KnownValue {
            name: known.filter(|_| is_broken).map_or(text.clone(), |(_, name)| (*name).to_owned()),
            family: known.map_or_else(String::new, |(family, _)| (*family).to_owned()),
            text,
            count,
        }
    };
    let known: Vec<KnownValue> = values.iter().map(value).collect();
    let is_any_known = known.iter().any(|value| !value.family.is_empty());
    if is_any_known { known } else { Vec::new() }
}

/// The ASCII letters and digits of a label: all that broken bytes leave of it. A dash that was read
/// in another encoding holds none.
fn letters(bytes: &[u8]) -> String {
    let kept = bytes.iter().filter(|byte| byte.is_ascii_alphanumeric());
    kept.map(|byte| byte.to_ascii_lowercase() as char).collect()
}

fn split<'a>(families: &[(&'a str, &'a str)], separator: char) -> Vec<(&'a str, &'a str)> {
    let names = |&(family, names): &(&'a str, &'a str)| {
        names.split(separator).map(move |name| (family, name)).collect::<Vec<_>>()
    };
    families.iter().flat_map(names).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(schema: KnownSchema, text: &[u8]) -> (String, String) {
        let values = known_values(schema, &[(text, 1), (b"normal", 2), (b"BENIGN", 2)]);
        (values[0].name.clone(), values[0].family.clone())
    }

    #[test]
    fn broken_labels_are_mended_by_name() {
        let mended = ("Web Attack – XSS".to_owned(), "Web attack".to_owned());
        for text in [
            &b"Web Attack \x96 XSS"[..],
            "Web Attack ï¿½ XSS".as_bytes(),
            "Web Attack \u{fffd} XSS".as_bytes(),
            "Web Attack – XSS".as_bytes(),
        ] {
            assert_eq!(known(KnownSchema::CicFlowMeter, text), mended);
        }
        let whole = known(KnownSchema::CicFlowMeter, b"Web Attack - XSS");
        assert_eq!(whole, ("Web Attack - XSS".to_owned(), "Web attack".to_owned()));
        let unknown = known(KnownSchema::CicFlowMeter, "Web Attack \u{fffd} New".as_bytes());
        assert_eq!(unknown, ("Web Attack \u{fffd} New".to_owned(), String::new()));
    }

    #[test]
    fn attacks_have_families() {
        let family = |text: &[u8]| known(KnownSchema::NslKdd, text).1;
        assert_eq!(family(b"smurf."), "DoS");
        assert_eq!(family(b"guess_passwd"), "R2L");
        assert_eq!(family(b"sqlattack"), "U2R");
        assert_eq!(family(b"mscan"), "Probe");
        assert_eq!(family(b"normal."), "Normal");
        assert_eq!(family(b"new_attack"), "");
        assert_eq!(known_values(KnownSchema::NslKdd, &[(b"0", 3), (b"1", 4)]), []);
    }
}
