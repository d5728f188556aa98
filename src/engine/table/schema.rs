//! Schemas known by their shape: names where a file has none, and what a column must not be.

use super::{ColumnType, KnownSchema, Role, RoleReason};

/// The columns of KDD Cup 99 and NSL-KDD, in order.
const KDD: [&str; 43] = [
    "duration",
    "protocol_type",
    "service",
    "flag",
    "src_bytes",
    "dst_bytes",
    "land",
    "wrong_fragment",
    "urgent",
    "hot",
    "num_failed_logins",
    "logged_in",
    "num_compromised",
    "root_shell",
    "su_attempted",
    "num_root",
    "num_file_creations",
    "num_shells",
    "num_access_files",
    "num_outbound_cmds",
    "is_host_login",
    "is_guest_login",
    "count",
    "srv_count",
    "serror_rate",
    "srv_serror_rate",
    "rerror_rate",
    "srv_rerror_rate",
    "same_srv_rate",
    "diff_srv_rate",
    "srv_diff_host_rate",
    "dst_host_count",
    "dst_host_srv_count",
    "dst_host_same_srv_rate",
    "dst_host_diff_srv_rate",
    "dst_host_same_src_port_rate",
    "dst_host_srv_diff_host_rate",
    "dst_host_serror_rate",
    "dst_host_srv_serror_rate",
    "dst_host_rerror_rate",
    "dst_host_srv_rerror_rate",
    "label",
    "difficulty",
];
const PROTOCOLS: [&[u8]; 3] = [b"tcp", b"udp", b"icmp"];

/// What is known of a column when schemas are compared.
#[derive(Debug)]
pub struct Shape<'a> {
    /// Its name in the header, if there is one.
    pub name: Option<&'a str>,
    /// What it holds.
    pub kind: ColumnType,
    /// Its texts, if it holds text.
    pub texts: &'a [Vec<u8>],
}

/// Recognises a schema by types and values; names, where there are any, must agree.
pub fn recognise(columns: &[Shape<'_>]) -> Option<KnownSchema> {
    let schema = match columns.len() {
        43 => KnownSchema::NslKdd,
        41 | 42 => KnownSchema::Kdd99,
        _ => return None,
    };
    let names_agree = columns
        .iter()
        .zip(KDD)
        .all(|(column, name)| column.name.is_none_or(|there| there.eq_ignore_ascii_case(name)));
    let types_agree = columns.iter().enumerate().take(41).all(|(i, column)| match i {
        1..=3 => column.kind == ColumnType::Text,
        _ => matches!(column.kind, ColumnType::Integer | ColumnType::Decimal),
    });
    let protocols_agree = columns[1].texts.iter().all(|text| PROTOCOLS.contains(&text.as_slice()));
    (names_agree && types_agree && protocols_agree).then_some(schema)
}

impl KnownSchema {
    /// The names of its columns, in order.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::NslKdd | Self::Kdd99 => &KDD,
        }
    }

    /// The role a column must have, and why.
    pub fn role(self, column: usize) -> Option<(Role, RoleReason)> {
        let because = |role, reason: &str| Some((role, RoleReason::Schema(reason.to_owned())));
        match (self, column) {
            (_, 41) => because(Role::Label, "the name of the attack, or normal"),
            (Self::NslKdd, 42) => because(
                Role::Ignore,
                "how many of 21 classifiers got the row right: it was made from the label and leaks it",
            ),
            _ => None,
        }
    }
}
