//! Whatever a person gives becomes one table: packed, in another encoding, as JSON.

use std::{
    io::{Cursor, Read, Write},
    path::PathBuf,
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use isoscope::{
    cluster::{
        JobError,
        conductor::Grain,
        local::Local,
        source::{Choice, Given, JoinBy, Text},
    },
    engine::{
        source::{
            conversion::{Limits, SourceError},
            recognise::{Archive, Evidence},
            zip::{Member, ZipError},
        },
        text::{Decoder, Encoding, Overrides},
    },
    protocol::{KnownSchema, NoticeKind, Profile, Role, RoleReason},
};
use proptest::prelude::*;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const PLAIN: &str = "host,bytes,note\nada,7,\"a, b\"\nben,12,é\nada,9,€\n";

fn shared(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn zipped(members: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, options).expect("memory takes all");
        writer.write_all(bytes).expect("memory takes all");
    }
    writer.finish().expect("memory takes all").into_inner()
}

fn deflated() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
}

type Answer = Result<Text<Vec<u8>>, Vec<Member>>;

fn given(name: &str, file: &[u8]) -> Given<Vec<u8>> {
    Given { name: name.to_owned(), file: file.to_vec() }
}

fn open_as(
    file: &[u8],
    choice: &Choice,
    overrides: &Overrides,
) -> Result<(Local, Answer), JobError> {
    let mut local = Local::new(2);
    let answer = local.gather(&[given("a file", file)], None, choice, overrides)?;
    Ok((local, answer))
}

fn opened(file: &[u8]) -> (Local, Text<Vec<u8>>) {
    match open_as(file, &Choice::default(), &Overrides::default()).expect("a table") {
        (local, Ok(text)) => (local, text),
        (_, Err(members)) => panic!("it asks: {members:?}"),
    }
}

fn error(file: &[u8]) -> JobError {
    let opened = open_as(file, &Choice::default(), &Overrides::default());
    opened.map(|(_, opening)| format!("{opening:?}")).expect_err("no table")
}

fn profile(local: &Local) -> &Profile {
    &local.table().expect("a table").profile
}

fn count(local: &Local, kind: NoticeKind) -> u64 {
    profile(local).notices.iter().filter(|it| it.kind == kind).map(|it| it.count).sum()
}

fn names(local: &Local) -> Vec<&str> {
    profile(local).columns.iter().map(|column| column.name.as_str()).collect()
}

fn all_cells(local: &mut Local) -> Vec<Vec<String>> {
    let rows: Vec<u32> = (0..profile(local).n_rows).collect();
    local.rows(&rows).expect("rows").into_iter().map(|row| row.cells).collect()
}

/// That a file is read as [`PLAIN`] is.
#[track_caller]
fn is_plain(file: &[u8]) -> Text<Vec<u8>> {
    let (mut local, text) = opened(file);
    assert_eq!(names(&local), ["host", "bytes", "note"]);
    assert_eq!(
        all_cells(&mut local),
        [["ada", "7", "a, b"], ["ben", "12", "é"], ["ada", "9", "€"]]
    );
    text
}

#[test]
fn a_plain_file_stays_as_it_is() {
    let text = is_plain(PLAIN.as_bytes());
    assert_eq!(text.file, PLAIN.as_bytes());
    assert_eq!(text.origins[0].recognised.evidence, Evidence::Characters { n: 2, n_foreign: 0 });
    let marked = ["\u{feff}", PLAIN].concat();
    assert_eq!(is_plain(marked.as_bytes()).file, marked.as_bytes());
}

#[test]
fn any_encoding_gives_the_same_table() {
    let units = || PLAIN.encode_utf16();
    let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
    let western: Vec<u8> = PLAIN
        .chars()
        .map(|c| if c == '€' { 0x80 } else { u8::try_from(u32::from(c)).expect("Latin-1") })
        .collect();
    for (bytes, encoding) in [
        ([b"\xFF\xFE", &little[..]].concat(), Encoding::Utf16Le),
        ([b"\xFE\xFF", &big[..]].concat(), Encoding::Utf16Be),
        (little, Encoding::Utf16Le),
        (big, Encoding::Utf16Be),
        (western, Encoding::Windows1252),
    ] {
        let text = is_plain(&bytes);
        assert_eq!(text.origins[0].recognised.encoding, encoding);
        assert_eq!(is_plain(&gzip(&bytes)).origins[0].recognised.encoding, encoding);
    }
}

#[test]
fn an_encoding_that_was_told_is_taken() {
    let told = Overrides { encoding: Some(Encoding::Latin1), ..Overrides::default() };
    let bytes = b"a,b\ncaf\xE9,\x96\nx,y\n";
    let (mut local, _) = open_as(bytes, &Choice::default(), &told).expect("a table");
    assert_eq!(all_cells(&mut local)[0], ["café", "\u{96}"]);
    let told = Overrides { encoding: Some(Encoding::Utf8), ..Overrides::default() };
    let (mut local, _) = open_as(bytes, &Choice::default(), &told).expect("a table");
    assert_eq!(all_cells(&mut local)[0], ["caf\u{fffd}", "\u{fffd}"]);
    assert_eq!(count(&local, NoticeKind::InvalidUtf8), 1);
}

/// A day of CICIDS2017 is ASCII but for a byte in some labels, far behind what is looked at first.
#[test]
fn a_foreign_byte_far_down_decides_late() {
    let mut csv = String::from("Flow Duration,Label\n");
    csv.extend((0..40_000).map(|i| format!("{i},BENIGN\n")));
    let mut bytes = csv.into_bytes();
    assert!(bytes.len() > 300_000);
    bytes.extend(b"7,Web Attack \x96 XSS\n8,Web Attack \x96 Brute Force\n");
    let (mut local, text) = opened(&bytes);
    assert_eq!(local.rows(&[40_000]).expect("a row")[0].cells[1], "Web Attack – XSS");
    assert_eq!(
        (count(&local, NoticeKind::InvalidUtf8), count(&local, NoticeKind::Decoded)),
        (0, 2)
    );
    let evidence = Evidence::Foreign { n: 0, n_foreign: 2, first: 0x96 };
    assert_eq!(text.origins[0].recognised.evidence, evidence);
}

#[test]
fn an_encoding_that_changes_midway_is_told_and_nothing_is_lost() {
    let mut bytes = "ä,1\nö,2\nü,3\n".repeat(50).into_bytes();
    bytes.extend(b"\xE4,4\n\xF6,5\n");
    let (mut local, text) = opened(&bytes);
    assert_eq!(text.file, bytes);
    let notice = profile(&local).notices.iter().find(|it| it.kind == NoticeKind::InvalidUtf8);
    assert_eq!(notice.map(|it| (it.count, it.lines.clone())), Some((2, vec![151, 152])));
    assert_eq!(local.rows(&[151]).expect("a row")[0].cells, ["\u{fffd}", "5"]);
}

#[test]
fn the_shared_files_are_read_as_they_lie_there() {
    for (name, n_rows, n_columns) in [
        ("nsl-kdd/KDDTest+.txt.gz", 22_544, 43),
        ("nsl-kdd/KDDTest+.cr-only.csv.gz", 22_543, 43),
        ("cicids2017/thursday_webattacks_sample_10180.csv.gz", 10_180, 79),
        ("anomaly/wine.csv.gz", 129, 14),
    ] {
        let packed = shared(name);
        let (local, text) = opened(&packed);
        assert_eq!(
            (profile(&local).n_rows, profile(&local).columns.len()),
            (n_rows, n_columns),
            "{name}"
        );
        let mut bytes = Vec::new();
        GzDecoder::new(&packed[..]).read_to_end(&mut bytes).expect("gzip");
        assert!(text.file == bytes, "{name} comes out as it was packed");
        assert_eq!(text.origins[0].archive, Some((Archive::Gzip, bytes.len() as u64)));
    }
}

#[test]
fn several_gzip_members_are_one_file() {
    let (head, tail) = PLAIN.as_bytes().split_at(20);
    is_plain(&[gzip(head), gzip(tail)].concat());
}

#[test]
fn a_gzip_file_cut_short_is_read_up_to_the_cut() {
    let csv: String = (0..50_000_u64)
        .flat_map(|i| {
            [i, i * 7919 % 1009]
                .map(|n| n.to_string())
                .join(",")
                .into_bytes()
                .into_iter()
                .chain(*b"\n")
        })
        .map(char::from)
        .collect();
    let packed = gzip(csv.as_bytes());
    let (mut local, text) = opened(&packed[..packed.len() / 2]);
    assert!(csv.as_bytes().starts_with(&text.file));
    assert!(profile(&local).n_rows > 10_000);
    assert_eq!(count(&local, NoticeKind::CutShort), 1);
    assert_eq!(local.rows(&[9_999]).expect("a row")[0].cells[0], "9999");
    let nothing = error(&packed[..12]);
    assert_eq!(nothing, JobError::Source(SourceError::NothingUnpacked));
}

#[test]
fn an_archive_cut_short_is_told_once_and_by_name_whatever_it_was_given_as() {
    let table = |head: &str, cell: fn(u64) -> String| -> Vec<u8> {
        let lines = (0..5_000).map(|i: u64| format!("{i},{}\n", cell(i * 7919 % 1009)));
        [head.to_owned()].into_iter().chain(lines).collect::<String>().into_bytes()
    };
    let half = |bytes: &[u8]| {
        let packed = gzip(bytes);
        packed[..packed.len() / 2].to_vec()
    };
    let flows = table("rid,x,z\n", |n| format!("{n},{}", n % 7));
    let plain = given("flows.csv", &flows);
    let cut = given("more.csv.gz", &half(&flows));
    let labels = given("labels.csv.gz", &half(&table("rid,label\n", |n| format!("l{}", n % 3))));
    let below = Choice { n_applied: 1, ..Choice::default() };
    let cases: [(&[_], _, _); 4] = [
        (std::slice::from_ref(&plain), Some(&labels), Choice::default()),
        (&[plain.clone(), labels.clone()], None, Choice::default()),
        (&[plain.clone(), cut.clone()], None, Choice::default()),
        (&[plain.clone(), cut], None, below),
    ];
    for (files, labels, choice) in cases {
        let mut local = Local::new(2);
        let answer = local.gather(files, labels, &choice, &Overrides::default());
        assert!(answer.expect("a table").is_ok(), "nothing is asked");
        assert_eq!(count(&local, NoticeKind::CutShort), 1);
        let notices = &profile(&local).notices;
        let told = notices.iter().find(|it| it.kind == NoticeKind::CutShort).expect("it is told");
        let name = &labels.unwrap_or(&files[files.len() - 1]).name;
        assert_eq!(told.files, std::slice::from_ref(name));
    }
}

#[test]
fn a_zip_archive_of_one_table_is_that_table() {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for options in [stored, deflated(), deflated().large_file(true)] {
        let file = zipped(
            &[("day/", b""), ("day/flows.csv", PLAIN.as_bytes()), ("__MACOSX/x", b"7")],
            options,
        );
        let text = is_plain(&file);
        assert_eq!(text.origins[0].member.as_deref(), Some("day/flows.csv"));
        // Some archives have something before them: one that unpacks itself, its program.
        let prefixed = [b"PK\x03\x04 is what it begins with", &file[..]].concat();
        is_plain(&prefixed);
    }
}

#[test]
fn a_zip_archive_of_several_asks_which() {
    let file = zipped(&[("a.csv", b"x,y\n1,2\n3,4\n"), ("b.csv", PLAIN.as_bytes())], deflated());
    let asked = open_as(&file, &Choice::default(), &Overrides::default()).expect("a question").1;
    let members = asked.expect_err("two are one too many");
    let told: Vec<_> = members.iter().map(|it| (it.name.as_str(), it.n_bytes)).collect();
    assert_eq!(told, [("a.csv", 12), ("b.csv", PLAIN.len() as u64)]);
    let choice = Choice { member: Some("b.csv".to_owned()), ..Choice::default() };
    let (local, _) = open_as(&file, &choice, &Overrides::default()).expect("a table");
    assert_eq!(names(&local), ["host", "bytes", "note"]);
    let choice = Choice { member: Some("c.csv".to_owned()), ..Choice::default() };
    let none = open_as(&file, &choice, &Overrides::default()).map(drop);
    let expected = ZipError::NoMember { member: "c.csv".to_owned() };
    assert_eq!(none, Err(JobError::Source(SourceError::Zip(expected))));
}

#[test]
fn what_a_zip_archive_cannot_give_is_said() {
    let file = zipped(&[("a.csv", PLAIN.as_bytes())], deflated());
    let zip_error = |file: &[u8]| match error(file) {
        JobError::Source(SourceError::Zip(error)) => error,
        other => panic!("{other}"),
    };
    // The directory's entry says how the member is packed, and whether it is encrypted.
    let entry = memchr::memmem::rfind(&file, b"PK\x01\x02").expect("a directory");
    let with = |at: usize, byte: u8| {
        let mut file = file.clone();
        file[entry + at] = byte;
        file
    };
    let member = "a.csv".to_owned();
    assert_eq!(zip_error(&with(8, 1)), ZipError::Encrypted { member: member.clone() });
    assert_eq!(zip_error(&with(10, 14)), ZipError::Method { member, method: 14 });
    assert_eq!(zip_error(&file[..file.len() - 30]), ZipError::NoDirectory);
    assert_eq!(zip_error(&with(28, 255)), ZipError::BadDirectory);
    assert_eq!(zip_error(&zipped(&[], deflated())), ZipError::Empty);
    let office =
        zipped(&[("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")], deflated());
    assert_eq!(zip_error(&office), ZipError::Office);
    // A checksum that does not fit is told, and what was unpacked stays.
    let (local, _) = opened(&with(16, file[entry + 16] ^ 1));
    assert_eq!(count(&local, NoticeKind::DamagedArchive), 1);
}

#[test]
fn archives_in_archives_are_refused() {
    let inner = gzip(PLAIN.as_bytes());
    let mut tar = vec![0; 1024];
    tar[257..262].copy_from_slice(b"ustar");
    for file in [gzip(&inner), gzip(&tar), zipped(&[("a.gz", &inner)], deflated())] {
        let error = error(&file);
        assert!(matches!(error, JobError::Source(SourceError::Nested { .. })), "{error}");
    }
}

#[test]
fn a_zip_bomb_is_stopped_early() {
    let zeros = vec![b'7'; 40 << 20];
    let limits = Limits { harmless: 1 << 20, ..Limits::default() };
    let choice = Choice { limits, ..Choice::default() };
    for file in [gzip(&zeros), zipped(&[("a.csv", &zeros)], deflated())] {
        let mut local = Local::new(1);
        local.load(b"a,b\n1,2\n".to_vec(), &Overrides::default()).expect("a table");
        let refused =
            local.gather(&[given("bomb", &file)], None, &choice, &Overrides::default()).map(drop);
        let Err(JobError::Source(SourceError::Bomb { n_packed, n_bytes })) = refused else {
            panic!("{refused:?}");
        };
        assert!(n_packed < 20_000 && n_bytes < 10 << 20, "{n_packed} {n_bytes}");
        assert_eq!(profile(&local).n_rows, 1, "what stood before stands");
    }
    // JSON can do it too: each empty object is a row of as many cells as there are columns.
    let keys: String =
        (0..1_900).flat_map(|i| ["\"".to_owned(), i.to_string(), "\":1,".to_owned()]).collect();
    let json = format!("{{{}\"z\":1}}\n{}", keys, "{}\n".repeat(100_000));
    let refused = open_as(json.as_bytes(), &choice, &Overrides::default()).map(drop);
    assert!(matches!(refused, Err(JobError::Source(SourceError::Bomb { .. }))), "{refused:?}");
}

#[test]
fn json_lines_are_a_table_without_repairs() {
    let eve = concat!(
        r#"{"timestamp":"2026-11-21T10:00:00.000001+0000","flow_id":2248183098234567890,"event_type":"flow","src_ip":"10.0.0.1","flow":{"bytes_toserver":120,"state":"new"}}"#,
        "\n",
        r#"{"timestamp":"2026-11-21T10:00:01.000001+0000","flow_id":2248183098234567891,"event_type":"dns","src_ip":"10.0.0.2","dns":{"rrname":"a,b \"c\"","answers":[{"rdata":"1.2.3.4"}]}}"#,
        "\n",
    );
    let utf_16: Vec<u8> = eve.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for file in [
        eve.as_bytes().to_vec(),
        gzip(eve.as_bytes()),
        utf_16,
        ["\u{feff}", eve].concat().into_bytes(),
    ] {
        let (mut local, text) = opened(&file);
        // What is not there is missing, and no repair: only the ids are too large for numbers.
        let kinds: Vec<_> = profile(&local).notices.iter().map(|notice| notice.kind).collect();
        assert_eq!(kinds, [NoticeKind::BigInteger]);
        assert_eq!(
            names(&local),
            [
                "timestamp",
                "flow_id",
                "event_type",
                "src_ip",
                "flow.bytes_toserver",
                "flow.state",
                "dns.rrname",
                "dns.answers"
            ]
        );
        let cells = all_cells(&mut local);
        assert_eq!(cells[0][1], "2248183098234567890");
        assert_eq!(cells[1][6..], ["a,b \"c\"", r#"[{"rdata":"1.2.3.4"}]"#]);
        assert_eq!(text.origins[0].objects.map(|(_, n)| n), Some(2));
    }
    let none = error(b"{}\n{}\n");
    assert_eq!(none, JobError::Source(SourceError::NoObjects));
}

#[test]
fn json_nested_a_thousand_deep_is_a_cell() {
    let deep = format!("{}7{}", "{\"k\":".repeat(1_000), "}".repeat(1_000));
    let lists = format!("{{\"list\":{}7{},\"n\":1}}", "[".repeat(1_000), "]".repeat(1_000));
    let (mut local, _) = opened(format!("{deep}\n{lists}\n{{\"n\":2}}\n").as_bytes());
    assert_eq!(profile(&local).n_rows, 3);
    let cells = all_cells(&mut local);
    assert!(cells[0][0].starts_with("{\"k\":{\"k\":") && cells[0][0].contains('7'));
    assert_eq!(cells[1][1].len(), 2_001);
}

#[test]
fn what_only_looks_like_json_is_a_table_of_text() {
    let (local, text) = opened(b"[2026-11-21],7\n[2026-11-22],8\n");
    assert_eq!((profile(&local).n_rows, text.origins[0].objects), (2, None));
}

#[test]
fn pictures_are_refused_in_any_packing() {
    let png = b"\x89PNG\r\n\x1A\n\0\0\0\xFF\xD8\xE9".to_vec();
    for file in [png.clone(), gzip(&png), zipped(&[("a.png", &png)], deflated())] {
        let error = error(&file);
        assert!(matches!(error, JobError::NotText { .. }), "{error}");
    }
}

fn gathered(
    files: &[(&str, &str)],
    labels: Option<&str>,
    by: Option<JoinBy>,
) -> Result<Local, JobError> {
    let files: Vec<_> = files.iter().map(|(name, text)| given(name, text.as_bytes())).collect();
    let labels = labels.map(|text| given("labels.csv", text.as_bytes()));
    let choice = Choice { join_by: by, ..Choice::default() };
    let mut local = Local::new(2);
    let answer = local.gather(&files, labels.as_ref(), &choice, &Overrides::default())?;
    assert!(answer.is_ok(), "nothing is asked");
    Ok(local)
}

#[test]
fn parts_of_one_table_are_put_below_each_other() {
    let mut local = gathered(
        &[
            ("mon.csv", "host,bytes\nada,7\n\"b\"\"en, jr\",12\n"),
            ("tue.csv", "bytes;host\n9;ada\n10\n11;\"eve\";x\n"),
        ],
        None,
        None,
    )
    .expect("a table");
    assert_eq!(names(&local), ["host", "bytes", "file"]);
    let file = &profile(&local).columns[2];
    assert_eq!((file.role, &file.reason), (Role::Ignore, &RoleReason::File));
    assert_eq!(
        all_cells(&mut local),
        [
            vec!["ada", "7", "mon.csv"],
            vec!["b\"en, jr", "12", "mon.csv"],
            vec!["ada", "9", "tue.csv"],
            vec!["", "10", "tue.csv"],
            vec!["eve", "11", "tue.csv", "x"],
        ]
    );
    for (kind, n) in [
        (NoticeKind::LaterHeader, 1),
        (NoticeKind::ReorderedColumns, 1),
        (NoticeKind::ShortRow, 1),
        (NoticeKind::LongRow, 1),
    ] {
        assert_eq!(count(&local, kind), n, "{kind:?}");
    }
}

#[test]
fn parts_without_a_header_are_named_as_one_alone_would_be() {
    let day = String::from_utf8(shared("nsl-kdd/small-1011.csv")).expect("ASCII");
    let (head, tail) = day.split_at(day.find("\n0,udp").expect("some row") + 1);
    let local = gathered(&[("a.csv", head), ("b.csv", tail)], None, None).expect("a table");
    assert_eq!((profile(&local).n_rows, profile(&local).columns.len()), (1_011, 44));
    assert_eq!((names(&local)[4], names(&local)[43]), ("src_bytes", "file"));
    assert_eq!(count(&local, NoticeKind::NoHeader), 2);
}

proptest! {
    #[test]
    fn text_of_two_bytes_is_the_same_wherever_it_is_cut(
        units in prop::collection::vec(
            prop_oneof![4 => 0x20..0x7F_u16, 1 => 0xA0..0x2000_u16, 3 => 0xD800..0xE000_u16], 0..60,
        ),
        odd in prop::option::of(any::<u8>()), is_big in any::<bool>(),
    ) {
        let (encoding, bytes): (_, fn(u16) -> [u8; 2]) = if is_big {
            (Encoding::Utf16Be, u16::to_be_bytes)
        } else {
            (Encoding::Utf16Le, u16::to_le_bytes)
        };
        let file: Vec<u8> =
            "name,text\r\na,b\r\nc,".encode_utf16().chain(units).flat_map(bytes).chain(odd).collect();
        let mut whole = Vec::new();
        let mut decoder = Decoder::new(encoding);
        decoder.feed(&file, &mut whole);
        decoder.finish(&mut whole);
        let overrides = Overrides { encoding: Some(encoding), ..Overrides::default() };
        let mut local = Local::new(2);
        let answer = local.gather(&[given("a.csv", &file)], None, &Choice::default(), &overrides);
        // Behind a lone carriage return or quote there may be no row.
        let Ok(answer) = answer else { return Ok(()) };
        let text = answer.expect("nothing is asked");
        prop_assert_eq!(text.file, whole);
        prop_assert_eq!(count(&local, NoticeKind::Decoded), decoder.n_foreign());
    }
}

#[test]
fn parts_of_a_known_table_are_known() {
    let mut text = String::new();
    GzDecoder::new(&shared("nsl-kdd/KDDTrain+.txt.gz")[..])
        .read_to_string(&mut text)
        .expect("UTF-8");
    let lines: Vec<&str> = text.lines().collect();
    let parts = [&lines[..900], &lines[900..1_500]].map(|lines| lines.join("\n"));
    let files = [("train.txt", &parts[0][..]), ("test.txt", &parts[1])];
    let local = gathered(&files, None, None).expect("a table");
    let profile = profile(&local);
    assert_eq!(profile.schema, Some(KnownSchema::NslKdd));
    let difficulty = &profile.columns[42];
    assert_eq!((&difficulty.name[..], difficulty.role), ("difficulty", Role::Ignore));
    assert_eq!(profile.columns[43].reason, RoleReason::File);
}

#[test]
fn two_parts_of_one_name_can_be_told_apart() {
    let parts = [("a.csv", "x,y\n1,2\n"), ("a.csv", "x,y\n3,4\n")];
    let mut local = gathered(&parts, None, None).expect("a table");
    assert_eq!(all_cells(&mut local), [["1", "2", "a.csv"], ["3", "4", "a.csv (2)"]]);
}

#[test]
fn labels_may_be_given_with_their_table_in_either_order() {
    let table = ("flows.csv", "id,bytes,port\n7,100,80\n8,200,22\n9,300,80\n");
    let keyed = ("truth.csv", "id,verdict\n9,bad\n7,good\n8,good\n");
    let beside = ("truth.csv", "verdict\ngood\ngood\nbad\n");
    for labels in [keyed, beside] {
        for files in [[table, labels], [labels, table]] {
            let mut local = gathered(&files, None, None).expect("a table");
            assert_eq!(names(&local), ["id", "bytes", "port", "verdict"]);
            assert_eq!(all_cells(&mut local)[2], ["9", "300", "80", "bad"]);
        }
    }
}

#[test]
fn other_columns_are_refused_by_name() {
    let files = [("a.csv", "x,y,z\n1,2,3\n"), ("b.csv", "x,w,z\n1,2,3\n")];
    let refused = gathered(&files, None, None).map(drop).expect_err("they differ");
    assert_eq!(
        refused.to_string(),
        "the file b.csv has other columns than a.csv: it lacks y, and also has w"
    );
}

#[test]
fn labels_join_by_position() {
    let flows = [("flows.csv", "host,bytes\nada,7\nben,8\n\nada,9,extra\n")];
    let mut local =
        gathered(&flows, Some("label\nnormal\n\"scan, slow\"\nnormal\n"), None).expect("a table");
    assert_eq!(names(&local), ["host", "bytes", "label"]);
    let cells = all_cells(&mut local);
    assert_eq!(cells[1], ["ben", "8", "scan, slow"]);
    assert_eq!(cells[2], ["ada", "9", "normal", "extra"]);
    assert_eq!((count(&local, NoticeKind::BlankLine), count(&local, NoticeKind::LongRow)), (1, 1));
    let refused = gathered(&flows, Some("label\nnormal\nscan\n"), Some(JoinBy::Position));
    let (file, labels) = ("flows.csv".to_owned(), "labels.csv".to_owned());
    let expected = SourceError::LabelCount { n_rows: 3, n_labels: 2, file, labels };
    assert_eq!(refused.map(drop).expect_err("too few"), JobError::Source(expected));
}

#[test]
fn labels_join_by_the_column_both_have() {
    let flows = [("flows.csv", "id,bytes\n3,7\n1,8\n2,9\n9,1\n")];
    let labels =
        "class,id,family\nscan,1,probe\nnormal,2,\nother,1,dos\nflood,3,dos\nlost,77,dos\n";
    for by in [None, Some(JoinBy::Key("id".to_owned()))] {
        let mut local = gathered(&flows, Some(labels), by).expect("a table");
        assert_eq!(names(&local), ["id", "bytes", "class", "family"]);
        assert_eq!(
            all_cells(&mut local),
            [
                ["3", "7", "flood", "dos"],
                ["1", "8", "scan", "probe"],
                ["2", "9", "normal", ""],
                ["9", "1", "", ""]
            ]
        );
        for kind in [NoticeKind::RepeatedJoinKey, NoticeKind::NoLabel, NoticeKind::UnusedLabel] {
            assert_eq!(count(&local, kind), 1, "{kind:?}");
        }
        for (kind, line) in [(NoticeKind::RepeatedJoinKey, 4), (NoticeKind::UnusedLabel, 6)] {
            let told = profile(&local).notices.iter().find(|it| it.kind == kind).expect("told");
            assert_eq!(
                (&told.lines[..], &told.files[..]),
                (&[line][..], &["labels.csv".to_owned()][..])
            );
        }
    }
    let refused = gathered(&flows, Some(labels), Some(JoinBy::Key("bytes".to_owned())));
    let expected = SourceError::NoKey { key: "bytes".to_owned(), file: "labels.csv".to_owned() };
    assert_eq!(refused.map(drop).expect_err("no such key"), JobError::Source(expected));
}

#[test]
fn a_label_left_over_is_told_by_its_line_wherever_its_file_is_cut() {
    let flows: Vec<String> = (0..400).map(|i| format!("{i},x,y\n")).collect();
    let lines = (0..400).map(|i| match i {
        10 => "10,\"two\nlines\"\n".to_owned(),
        300 => "7,again\n".to_owned(),
        350 => "lost,label\n".to_owned(),
        _ => format!("{i},l\n"),
    });
    let labels: String = ["id,label\n".to_owned()].into_iter().chain(lines).collect();
    let (flows, labels) =
        (format!("id,a,b\n{}", flows.concat()), given("labels.csv", labels.as_bytes()));
    let grain = Grain { least_range: 64, piece: 32, ..Grain::default() };
    let mut local = Local::new(3).with_grain(grain);
    let (choice, overrides) = (Choice::default(), Overrides::default());
    let answer =
        local.gather(&[given("f.csv", flows.as_bytes())], Some(&labels), &choice, &overrides);
    assert!(answer.expect("a table").is_ok(), "nothing is asked");
    for (kind, line) in [(NoticeKind::RepeatedJoinKey, 303), (NoticeKind::UnusedLabel, 353)] {
        let told = profile(&local).notices.iter().find(|it| it.kind == kind).expect("told");
        assert_eq!((told.count, &told.lines[..]), (1, &[line][..]), "{kind:?}");
    }
}

#[test]
fn a_quote_that_is_never_closed_spoils_its_own_file_only() {
    let files = [("a.csv", "x,y\n1,\"open\n2,3\n"), ("b.csv", "x,y\n4,\"a, b\"\n")];
    let mut local = gathered(&files, None, None).expect("a table");
    assert_eq!(all_cells(&mut local)[0], ["1", "\"open", "a.csv"]);
    assert_eq!(all_cells(&mut local)[2], ["4", "a, b", "b.csv"]);
    assert_eq!(count(&local, NoticeKind::StrayQuote), 1);
}

proptest! {
    #[test]
    fn any_bytes_are_a_table_or_a_sentence(
        begin in prop::sample::select(vec![&b""[..], b"PK\x03\x04", b"\x1F\x8B\x08\0\0\0\0\0\0\0", b"\xFF\xFE", b"{\"", b"[{\"a\":1}"]),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        end in prop::sample::select(vec![&b""[..], b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x20\0\0\0\x04\0\0\0\0\0"]),
    ) {
        let file = [begin, &bytes, end].concat();
        if let Err(error) = open_as(&file, &Choice::default(), &Overrides::default()) {
            prop_assert!(error.to_string().len() > 20);
        }
    }
}
