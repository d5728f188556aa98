//! Tables of known tools and data sets: recognised by names and types, with what is known of their
//! columns.

mod cicflow;
mod eve;
mod field;
mod kdd;
mod labels;
mod nfdump;
mod unsw;
mod wireshark;
mod zeek;

use std::collections::BTreeMap;

use super::{
    ColumnType, KnownSchema, Role, RoleReason,
    format::{Reading, Settled},
    value::{Kinds, Usage},
    zeek::ZeekHeader,
};
use field::key;
pub use field::{Field, Help};
pub use labels::{KnownValue, known_values};

/// A schema that a table was recognised to have.
#[derive(Debug, Clone)]
pub struct Known {
    /// Which.
    pub schema: KnownSchema,
    /// What speaks for it, as half a sentence.
    pub evidence: String,
    /// What is known of each of the table's columns.
    fields: Vec<Option<&'static Field>>,
    /// The types that the file's own header gives its columns.
    kinds: Vec<Option<ColumnType>>,
    /// The columns' names, where the file has none.
    names: Option<Vec<String>>,
}

/// The tables that are told by names, the closest description first.
const BY_NAME: [(KnownSchema, &[&str], &[Field]); 8] = [
    (KnownSchema::CicFlowMeter, &cicflow::NEEDS, cicflow::FIELDS),
    (KnownSchema::UnswNb15, &unsw::NEEDS, unsw::FIELDS),
    (KnownSchema::Zeek, &zeek::NEEDS, zeek::FIELDS),
    (KnownSchema::SuricataEve, &eve::NEEDS, eve::FIELDS),
    (KnownSchema::Nfdump, &nfdump::NEEDS_SHORT, nfdump::FIELDS),
    (KnownSchema::Nfdump, &nfdump::NEEDS_LONG, nfdump::FIELDS),
    (KnownSchema::Nfdump, &nfdump::NEEDS_LINE, nfdump::FIELDS),
    (KnownSchema::Wireshark, &wireshark::NEEDS, wireshark::FIELDS),
];

/// Recognises the schema of a table by the names of its columns, or, where it has none, by their
/// number and types.
pub fn recognise(names: Option<&[String]>, kinds: &[Kinds]) -> Option<Known> {
    match names {
        Some(names) => kdd_by_name(names).or_else(|| by_name(names)),
        None => by_shape(kinds),
    }
}

/// A log of Zeek, which names its columns and their types itself.
pub fn zeek_log(header: &ZeekHeader) -> Known {
    let fields = index(zeek::FIELDS);
    Known {
        schema: KnownSchema::Zeek,
        evidence: format!("its own header says that this is {}.log", header.path),
        fields: header.fields.iter().map(|name| fields.get(&key(name)).copied()).collect(),
        kinds: (0..header.fields.len()).map(|column| header.kind(column)).collect(),
        names: None,
    }
}

/// The fields of a table by all their names, as they are compared.
fn index(fields: &'static [Field]) -> BTreeMap<String, &'static Field> {
    let names = |field: &'static Field| field.names.split('|').map(move |name| (key(name), field));
    let mut index = BTreeMap::new();
    index.extend(fields.iter().flat_map(names));
    index
}

fn by_name(names: &[String]) -> Option<Known> {
    let there: Vec<String> = names.iter().map(|name| key(name)).collect();
    let is_met = |needs: &[&str]| needs.iter().all(|need| there.contains(&key(need)));
    let (schema, _, fields) = BY_NAME.into_iter().find(|(_, needs, _)| is_met(needs))?;
    let index = index(fields);
    let fields: Vec<_> = there.iter().map(|key| index.get(key).copied()).collect();
    let n_known = fields.iter().flatten().count();
    let evidence = format!("{n_known} of its {} column names are known", names.len());
    Some(Known { schema, evidence, fields, kinds: Vec::new(), names: None })
}

/// KDD's columns are told by all names, so that a table with some of them is not taken for it.
fn kdd_by_name(names: &[String]) -> Option<Known> {
    // Behind the columns of several parts stands one that says which part a row is from.
    let own = match names {
        [own @ .., last] if last == "file" => own,
        _ => names,
    };
    let schema = kdd_of_width(own.len())?;
    let agree = kdd::FIELDS.iter().zip(own).all(|(field, name)| key(field.names) == key(name));
    let fields = kdd::FIELDS.iter().take(own.len()).map(Some);
    agree.then(|| Known {
        schema,
        evidence: format!("its {} column names, in order", own.len()),
        fields: fields.chain(std::iter::repeat_n(None, names.len() - own.len())).collect(),
        kinds: Vec::new(),
        names: None,
    })
}

fn kdd_of_width(width: usize) -> Option<KnownSchema> {
    match width {
        43 => Some(KnownSchema::NslKdd),
        41 | 42 => Some(KnownSchema::Kdd99),
        _ => None,
    }
}

/// Recognises tables that are published without a header.
fn by_shape(kinds: &[Kinds]) -> Option<Known> {
    let is = |column: usize| kinds[column].column_type();
    let is_number = |column: usize| matches!(is(column), ColumnType::Integer | ColumnType::Decimal);
    let evidence = |how: &str| format!("{} columns, {how}", kinds.len());
    if let Some(schema) = kdd_of_width(kinds.len()) {
        let agree = (0..41).all(|i| match i {
            1..=3 => is(i) == ColumnType::Text,
            _ => is_number(i),
        });
        return agree.then(|| Known {
            schema,
            evidence: evidence("the second to fourth of words and 38 of numbers"),
            fields: kdd::FIELDS.iter().take(kinds.len()).map(Some).collect(),
            kinds: Vec::new(),
            names: Some(kdd::FIELDS.iter().map(|field| field.names.to_owned()).collect()),
        });
    }
    let is_unsw = kinds.len() == unsw::NAMES.len()
        && [0, 2].iter().all(|&i| is(i) == ColumnType::Address)
        && [28, 29].iter().all(|&i| kinds[i].epoch().is_some())
        && (6..13).chain([14, 15, 48]).all(is_number);
    is_unsw.then(|| {
        let fields = index(unsw::FIELDS);
        Known {
            schema: KnownSchema::UnswNb15,
            evidence: evidence("two of addresses, two of times, the others of their types"),
            fields: unsw::NAMES.iter().map(|name| fields.get(&key(name)).copied()).collect(),
            kinds: Vec::new(),
            names: Some(unsw::NAMES.map(str::to_owned).to_vec()),
        }
    })
}

impl Known {
    /// The names of the columns, where the file has none.
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// Whether the values agree too, of a schema that was told by types alone; `texts` gives those
    /// of a column.
    pub fn agrees_with<'a>(&self, texts: impl Fn(usize) -> &'a [Vec<u8>]) -> bool {
        let is_kdd = matches!(self.schema, KnownSchema::NslKdd | KnownSchema::Kdd99);
        let is_protocol = |text: &Vec<u8>| kdd::PROTOCOLS.contains(&text.as_slice());
        !is_kdd || texts(1).iter().all(is_protocol)
    }

    /// How a column is read, where the schema says more than its texts.
    pub fn reading(&self, column: usize, kinds: Kinds, usage: Usage) -> Reading {
        let field = self.field(column);
        let by_itself = kinds.reading(usage);
        let declared = self.kinds.get(column).copied().flatten();
        let reading = match declared.or_else(|| field?.kind(kinds)) {
            Some(kind) if kind != by_itself.kind && by_itself.kind != ColumnType::Empty => {
                Reading { settled: Settled::Schema, ..kinds.reading_as(kind, usage) }
            }
            _ => by_itself,
        };
        let sentinel = field.and_then(Field::sentinel).filter(|_| reading.kind.is_ordered());
        Reading { sentinel, ..reading }
    }

    fn field(&self, column: usize) -> Option<&'static Field> {
        self.fields.get(column).copied().flatten()
    }

    /// The role that a column must have, and why.
    pub fn role(&self, column: usize) -> Option<(Role, RoleReason)> {
        self.field(column)?.role()
    }

    /// What a column means.
    pub fn help(&self, column: usize) -> Option<Help> {
        Some(self.field(column)?.help())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(line: &str) -> Vec<String> {
        line.split(',').map(|name| name.trim().to_owned()).collect()
    }

    fn known(line: &str) -> Option<KnownSchema> {
        let names = names(line);
        let kinds = vec![Kinds::default(); names.len()];
        recognise(Some(&names), &kinds).map(|known| known.schema)
    }

    #[test]
    fn no_name_stands_for_two_fields_of_a_schema() {
        let kdd: &'static [Field] = &kdd::FIELDS;
        for fields in BY_NAME.map(|(_, _, fields)| fields).into_iter().chain([kdd]) {
            let n_names: usize = fields.iter().map(|field| field.names.split('|').count()).sum();
            assert_eq!(index(fields).len(), n_names, "{}", fields[0].names);
            for field in fields {
                assert!(field.meaning.ends_with(['.', '…']), "{}", field.names);
                assert!(field.meaning.len() < 200, "{}", field.names);
            }
        }
        for (schema, needs, fields) in BY_NAME {
            let index = index(fields);
            assert!(needs.iter().all(|need| index.contains_key(&key(need))), "{schema:?}");
        }
        assert!(unsw::NAMES.iter().all(|name| index(unsw::FIELDS).contains_key(&key(name))));
    }

    #[test]
    fn tables_are_told_by_their_names() {
        use KnownSchema::{CicFlowMeter, Nfdump, SuricataEve, UnswNb15, Wireshark, Zeek};
        for (line, schema) in [
            (
                "Destination Port, Flow Duration, Flow IAT Mean, Fwd IAT Mean, Active Mean, Label",
                Some(CicFlowMeter),
            ),
            (
                "Flow ID,Src IP,Flow Duration,Tot Fwd Pkts,Flow IAT Mean,Fwd IAT Mean,Active Mean,Label",
                Some(CicFlowMeter),
            ),
            (
                "id,dur,proto,sbytes,dbytes,sttl,dttl,tcprtt,ct_state_ttl,attack_cat,label",
                Some(UnswNb15),
            ),
            ("ts,uid,id.orig_h,id.orig_p,id.resp_h,id.resp_p,proto", Some(Zeek)),
            (
                "timestamp,flow_id,event_type,src_ip,src_port,dest_ip,dest_port,flow.age",
                Some(SuricataEve),
            ),
            ("ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt", Some(Nfdump)),
            (
                "cnt,af,firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes",
                Some(Nfdump),
            ),
            ("Date first seen,Duration,Proto,Src IP Addr,Src Pt,Packets,Bytes,Flows", Some(Nfdump)),
            ("No.,Time,Source,Destination,Protocol,Length,Info", Some(Wireshark)),
            ("time,source,target,bytes,label", None),
            ("a,b,c", None),
        ] {
            assert_eq!(known(line), schema, "{line}");
        }
    }

    #[test]
    fn a_doubled_name_is_known_too() {
        assert_eq!(key("Fwd Header Length (2)"), key(" Fwd Header Length"));
        assert_ne!(key("x (y)"), key("x"));
    }
}
