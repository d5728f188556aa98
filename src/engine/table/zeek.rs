//! The header of Zeek's logs: lines that begin with `#`, before the rows and between joined logs.

use super::ColumnType;

/// What the header of a Zeek log says.
///
/// ```text
/// #separator \x09
/// #set_separator  ,
/// #empty_field    (empty)
/// #unset_field    -
/// #path   conn
/// #open   2026-11-21-10-00-00
/// #fields ts      uid     id.orig_h …
/// #types  time    string  addr …
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZeekHeader {
    /// The byte between cells.
    pub separator: u8,
    /// What stands between the elements of a set or vector.
    pub set_separator: String,
    /// What stands for an empty set or text: a value like others.
    pub empty_field: String,
    /// What stands for no value.
    pub unset_field: String,
    /// The log's name: `conn`, `dns` …
    pub path: String,
    /// The columns' names.
    pub fields: Vec<String>,
    /// The columns' types, in Zeek's words.
    pub types: Vec<String>,
}

/// What the line that names the columns begins with.
pub const FIELDS: &[u8] = b"#fields";

impl ZeekHeader {
    /// Reads a header from a file's beginning, or from where one begins between joined logs.
    /// `None` where there is none, or one without `#fields`.
    pub fn of(text: &[u8]) -> Option<Self> {
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let separator = unescaped(first_line(text).strip_prefix(b"#separator ")?)?;
        let mut header = Self {
            separator,
            set_separator: ",".to_owned(),
            empty_field: "(empty)".to_owned(),
            unset_field: "-".to_owned(),
            path: String::new(),
            fields: Vec::new(),
            types: Vec::new(),
        };
        let mut rest = text;
        while rest.starts_with(b"#") {
            let line = first_line(rest);
            header.take(line);
            let end = rest[line.len()..].iter().position(|byte| !b"\r\n".contains(byte));
            rest = &rest[end.map_or(rest.len(), |end| line.len() + end)..];
        }
        (!header.fields.is_empty()).then_some(header)
    }

    fn take(&mut self, line: &[u8]) {
        let mut cells = line
            .split(|&byte| byte == self.separator)
            .map(|cell| String::from_utf8_lossy(cell).into_owned());
        let (name, mut value) = (cells.next().unwrap_or_default(), cells);
        match name.as_str() {
            "#set_separator" => self.set_separator = value.next().unwrap_or_default(),
            "#empty_field" => self.empty_field = value.next().unwrap_or_default(),
            "#unset_field" => self.unset_field = value.next().unwrap_or_default(),
            "#path" => self.path = value.next().unwrap_or_default(),
            "#fields" => self.fields = value.collect(),
            "#types" => self.types = value.collect(),
            _ => {}
        }
    }

    /// The line that names the columns, as it stands.
    pub fn fields_line(&self) -> Vec<u8> {
        let mut line = FIELDS.to_vec();
        for field in &self.fields {
            line.push(self.separator);
            line.extend(field.bytes());
        }
        line
    }

    /// Words that mean no value.
    pub fn missing(&self) -> Vec<String> {
        vec![self.unset_field.clone()]
    }

    /// The type of a column, where the header says one that its texts may not.
    ///
    /// A `time` is seconds since 1970; a `port` is a name, though it is written as a number; what
    /// holds several values is text.
    pub fn kind(&self, column: usize) -> Option<ColumnType> {
        Some(match self.types.get(column)?.as_str() {
            "time" => ColumnType::Time,
            "count" | "int" => ColumnType::Integer,
            "interval" | "double" => ColumnType::Decimal,
            "bool" => ColumnType::Boolean,
            "addr" => ColumnType::Address,
            "port" | "enum" | "string" | "subnet" | "pattern" | "func" => ColumnType::Text,
            several if several.starts_with("set[") || several.starts_with("vector[") => {
                ColumnType::Text
            }
            _ => return None,
        })
    }
}

fn first_line(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| b"\r\n".contains(byte)).unwrap_or(text.len());
    &text[..end]
}

/// The byte of `\x09`, or of a byte that stands for itself.
fn unescaped(text: &[u8]) -> Option<u8> {
    match text {
        [b'\\', b'x', hex @ ..] => {
            u8::from_str_radix(std::str::from_utf8(hex).ok()?.trim_ascii(), 16).ok()
        }
        [byte] => Some(*byte),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONN: &str = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n\
        #path\tconn\n#open\t2026-11-21-10-00-00\n#fields\tts\tuid\tid.orig_h\tid.resp_p\tservice\n\
        #types\ttime\tstring\taddr\tport\tset[string]\n1.5\tC1\t10.0.0.1\t80\t-\n";

    #[test]
    fn a_header_says_how_its_log_is_read() {
        use ColumnType::{Address, Text, Time};
        let header = ZeekHeader::of(CONN.as_bytes()).expect("a header");
        assert_eq!((header.separator, header.path.as_str()), (b'\t', "conn"));
        assert_eq!(header.fields, ["ts", "uid", "id.orig_h", "id.resp_p", "service"]);
        assert_eq!(header.missing(), ["-"]);
        let kinds: Vec<_> = (0..6).map(|i| header.kind(i)).collect();
        assert_eq!(kinds, [Some(Time), Some(Text), Some(Address), Some(Text), Some(Text), None]);
        let with_crlf = CONN.replace('\n', "\r\n");
        assert_eq!(ZeekHeader::of(with_crlf.as_bytes()), Some(header.clone()));
        let marked = format!("\u{FEFF}{CONN}");
        assert_eq!(ZeekHeader::of(marked.as_bytes()), Some(header));
        let piped = CONN.replace("\\x09", "|").replace('\t', "|");
        assert_eq!(ZeekHeader::of(piped.as_bytes()).expect("a header").fields.len(), 5);
    }

    #[test]
    fn what_is_no_header_is_none() {
        for text in [
            "",
            "#",
            "#separator",
            "#separator \\x0g\n",
            "#separator \\x09\n#path\tx\n",
            "# a note\n1,2\n",
        ] {
            assert_eq!(ZeekHeader::of(text.as_bytes()), None, "{text}");
        }
    }
}
