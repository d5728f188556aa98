//! Tables as the tools that people use write them: recognised, read and explained.

use std::fmt::Write;

use isoscope::{
    cluster::{
        local::Local,
        source::{Choice, Given},
    },
    engine::{
        table::{
            format::{Format, Settled},
            number::Mark,
        },
        text::Overrides,
    },
    protocol::{ColumnProfile, ColumnType, KnownSchema, NoticeKind, Profile, Role, Values},
};

/// The profile of a file, the same for any number of shards.
fn profile_with(text: &str, overrides: &Overrides) -> Profile {
    let load = |n_shards| {
        let mut local = Local::new(n_shards);
        local.load(text.as_bytes().to_vec(), overrides).expect("a table").profile.clone()
    };
    let profile = load(1);
    assert_eq!(load(3), profile);
    profile
}

fn profile(text: &str) -> Profile {
    profile_with(text, &Overrides::default())
}

fn column<'a>(profile: &'a Profile, name: &str) -> &'a ColumnProfile {
    let found = profile.columns.iter().find(|column| column.name == name);
    found.unwrap_or_else(|| panic!("no column {name}"))
}

/// The roles of some columns.
fn roles<const N: usize>(profile: &Profile, names: [&str; N]) -> [Role; N] {
    names.map(|name| column(profile, name).role)
}

fn kinds<const N: usize>(profile: &Profile, names: [&str; N]) -> [ColumnType; N] {
    names.map(|name| column(profile, name).kind)
}

fn bounds(column: &ColumnProfile) -> (f64, f64) {
    let Some(Values::Ordered { min, max, .. }) = column.values else { panic!("an ordered column") };
    (min, max)
}

fn count(profile: &Profile, kind: NoticeKind) -> u64 {
    profile.notices.iter().filter(|notice| notice.kind == kind).map(|notice| notice.count).sum()
}

const ZEEK: &str = "#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tconn
#open\t2026-11-21-10-00-00
#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tlocal_orig\ttunnel_parents
#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tbool\tset[string]
1795255200.123456\tCHhAvVGS1DHFjwGM9\t10.0.0.5\t49152\t10.0.0.1\t53\tudp\tdns\t0.020000\t44\tT\t(empty)
1795255201.500000\tC4J4Th3PJpwUYZZ6gc\t10.0.0.6\t49153\t10.0.0.1\t443\ttcp\t-\t-\t-\tT\t(empty)
1795255203.000000\tCtPZjS20MLrsMUOJi2\tfe80::1\t49154\t10.0.0.9\t443\ttcp\tssl\t12.500000\t1024\tF\t(empty)
";

#[test]
fn zeek_logs_say_themselves_how_they_are_read() {
    use ColumnType::{Address, Boolean, Decimal, Integer, Text, Time};
    use Role::{Entity, Feature, Id, Ignore};
    let profile = profile(ZEEK);
    assert_eq!((profile.n_rows, profile.columns.len()), (3, 12));
    assert_eq!(profile.schema, Some(KnownSchema::Zeek));
    assert!(profile.schema_evidence.contains("conn.log"));
    assert_eq!(count(&profile, NoticeKind::NoHeader), 0);
    let names = ["ts", "id.orig_h", "id.resp_p", "proto", "duration", "orig_bytes", "local_orig"];
    assert_eq!(kinds(&profile, names), [Time, Address, Text, Text, Decimal, Integer, Boolean]);
    assert_eq!(bounds(column(&profile, "ts")), (1_795_255_200.123_456, 1_795_255_203.0));
    assert_eq!(column(&profile, "ts").reading.settled, Settled::Schema);
    let names = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_p", "service", "duration"];
    assert_eq!(roles(&profile, names), [Role::Time, Id, Entity, Ignore, Feature, Feature, Feature]);
    assert_eq!(column(&profile, "service").n_missing, 1);
    assert_eq!(column(&profile, "tunnel_parents").n_missing, 0, "an empty set is a value");
    let help = column(&profile, "duration").help.as_ref().expect("it is known");
    assert_eq!(help.unit, "s");
}

#[test]
fn joined_zeek_logs_are_one_table() {
    let closed = format!("{ZEEK}#close\t2026-11-21-11-00-00\n");
    let joined = profile(&format!("{closed}{ZEEK}"));
    assert_eq!((joined.n_rows, joined.columns.len()), (6, 12));
    assert_eq!(count(&joined, NoticeKind::CommentLine), 17);
    let oddities = [NoticeKind::ShortRow, NoticeKind::LongRow, NoticeKind::ChangedColumns];
    assert_eq!(oddities.map(|kind| count(&joined, kind)), [0, 0, 0]);
    assert_eq!(column(&joined, "orig_bytes").kind, ColumnType::Integer);
    // A quote is text to Zeek.
    let quoted = profile(&closed.replace("C4J4Th3PJpwUYZZ6gc", "\"C4J4Th3"));
    assert_eq!((quoted.n_rows, count(&quoted, NoticeKind::StrayQuote)), (3, 0));
    // Where the second log has other columns, that is told.
    let other = ZEEK.replace("service", "other");
    let changed = profile(&format!("{closed}{other}"));
    let told = changed.notices.iter().find(|notice| notice.kind == NoticeKind::ChangedColumns);
    assert_eq!(told.map(|notice| notice.lines.as_slice()), Some(&[19][..]));
}

/// The profile of lines of JSON.
fn gathered(text: &str) -> Profile {
    let mut local = Local::new(2);
    let given = Given { name: "eve.json".to_owned(), file: text.as_bytes().to_vec() };
    let answer = local.gather(&[given], None, &Choice::default(), &Overrides::default());
    assert!(answer.expect("a table").is_ok(), "nothing is asked");
    local.table().expect("a table").profile.clone()
}

const EVE: &str = r#"{"timestamp":"2017-04-07T22:24:37.251547+0100","flow_id":586497171462735,"event_type":"flow","src_ip":"192.168.2.14","src_port":50096,"dest_ip":"209.53.113.5","dest_port":80,"proto":"TCP","flow":{"pkts_toserver":12,"bytes_toserver":1520,"start":"2017-04-07T22:24:30.251547+0100","age":7,"alerted":false},"tcp":{"tcp_flags":"1b","syn":true}}
{"timestamp":"2017-04-07T22:24:38.000000+0100","flow_id":586497171462736,"event_type":"flow","src_ip":"192.168.2.15","src_port":50097,"dest_ip":"209.53.113.5","dest_port":443,"proto":"TCP","flow":{"pkts_toserver":1,"bytes_toserver":99,"start":"2017-04-07T22:24:38.000000+0100","age":0,"alerted":true},"tcp":{"tcp_flags":"02","syn":true}}
{"timestamp":"2017-04-07T22:24:39.000000+0100","flow_id":1234567890123456,"event_type":"dns","src_ip":"192.168.2.14","src_port":50098,"dest_ip":"192.168.2.1","dest_port":53,"proto":"UDP","dns":{"type":"query","id":4711,"rrname":"example.com","rrtype":"A"},"icmp_type":3}
"#;

#[test]
fn suricata_events_keep_their_pivots_out_of_the_features() {
    use Role::{Entity, Feature, Id, Ignore, Time};
    let profile = gathered(EVE);
    assert_eq!((profile.n_rows, profile.schema), (3, Some(KnownSchema::SuricataEve)));
    let names = ["timestamp", "flow_id", "event_type", "src_ip", "src_port", "dest_port"];
    assert_eq!(roles(&profile, names), [Time, Id, Feature, Entity, Ignore, Feature]);
    let names = ["flow.bytes_toserver", "flow.start", "flow.alerted", "dns.id"];
    assert_eq!(roles(&profile, names), [Feature, Time, Ignore, Ignore]);
    assert_eq!(kinds(&profile, ["dest_port", "icmp_type"]), [ColumnType::Text; 2]);
    assert_eq!(
        kinds(&profile, ["tcp.tcp_flags", "tcp.syn"]),
        [ColumnType::Text, ColumnType::Boolean]
    );
    assert_eq!(column(&profile, "flow.bytes_toserver").n_missing, 1, "of a dns event");
    assert_eq!(bounds(column(&profile, "timestamp")).0, 1_491_600_277.251_547);
    assert!(profile.columns.iter().all(|column| column.help.is_some()));
}

#[test]
fn zeek_writes_json_too() {
    use Role::{Entity, Feature, Id, Ignore, Time};
    let profile = gathered(
        r#"{"ts":1552608599.920582,"uid":"CPQ9vC2my8sIGasb3a","id.orig_h":"192.168.4.57","id.orig_p":42051,"id.resp_h":"192.168.4.1","id.resp_p":53,"proto":"udp","service":"dns","duration":0.000368,"orig_bytes":0,"conn_state":"SHR"}
{"ts":1552608540.699642,"uid":"CiEbJY1e6EoUiEaBW4","id.orig_h":"173.230.144.109","id.orig_p":123,"id.resp_h":"192.168.4.18","id.resp_p":57878,"proto":"udp","orig_bytes":48,"conn_state":"S0"}
"#,
    );
    assert_eq!(profile.schema, Some(KnownSchema::Zeek));
    let names = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_p", "duration"];
    assert_eq!(roles(&profile, names), [Time, Id, Entity, Ignore, Feature, Feature]);
    assert_eq!(kinds(&profile, ["ts", "id.resp_p"]), [ColumnType::Time, ColumnType::Text]);
    assert_eq!(bounds(column(&profile, "ts")).1, 1_552_608_599.920_582);
}

/// `nfdump -o csv` of version 1.6, shortened.
const NFDUMP: &str = "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt
2014-11-25 20:50:49,2014-11-25 20:50:59,10.000,192.168.250.2,10.0.0.7,34838,80,TCP,.AP.SF,0,0,12,6300,0,0
2014-11-25 20:51:51,2014-11-25 20:51:51,0.000,192.168.250.3,10.0.0.7,34839,443,TCP,....S.,0,0,1,46,0,0
2014-11-25 20:51:59,2014-11-25 20:52:51,52.000,192.168.250.2,10.0.0.8,5353,53,UDP,......,0,0,3,180,0,0
";

#[test]
fn nfdump_flows_are_known() {
    use Role::{Entity, Feature, Ignore, Time};
    let short = profile(NFDUMP);
    assert_eq!(short.schema, Some(KnownSchema::Nfdump));
    let names = ["ts", "te", "td", "sa", "sp", "dp", "pr", "ibyt"];
    let expected = [Time, Time, Feature, Entity, Ignore, Feature, Feature, Feature];
    assert_eq!(roles(&short, names), expected);
    assert_eq!(column(&short, "dp").kind, ColumnType::Text);
    let long = profile(
        "cnt,af,firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes\n\
         1,2,1416948649958,1416948659958,6,192.168.250.2,34838,10.0.0.7,80,12,6300\n\
         2,2,1416948711870,1416948711870,6,192.168.250.3,34839,10.0.0.7,443,1,46\n",
    );
    assert_eq!(long.schema, Some(KnownSchema::Nfdump));
    assert_eq!(bounds(column(&long, "firstSeen")), (1_416_948_649.958, 1_416_948_711.87));
    assert_eq!(roles(&long, ["cnt", "firstSeen", "srcAddr"]), [Role::Id, Time, Entity]);
    assert_eq!(column(&long, "proto").kind, ColumnType::Text);
}

#[test]
fn units_as_nfdump_writes_them_are_numbers() {
    let text = "Date first seen,Duration,Proto,Src IP Addr,Src Pt,Dst IP Addr,Dst Pt,Packets,Bytes,Flows\n\
        2014-11-25 20:50:49.958,0.000,TCP,192.168.250.2,34838,10.0.0.7,80,12,6.3 M,1\n\
        2014-11-25 20:51:51.870,2.000,TCP,192.168.250.2,34839,10.0.0.7,80,1,46,1\n\
        2014-11-25 20:51:59.000,2.500,UDP,192.168.250.2,5353,10.0.0.8,53,3,1.2 G,1\n";
    let profile = profile(text);
    assert_eq!(profile.schema, Some(KnownSchema::Nfdump));
    let bytes = column(&profile, "Bytes");
    assert_eq!((bytes.kind, bounds(bytes)), (ColumnType::Decimal, (46.0, 1.2e9)));
    assert_eq!(count(&profile, NoticeKind::NumberFormat), 1);
    assert_eq!(column(&profile, "Date first seen").role, Role::Time);
}

#[test]
fn packets_as_wireshark_exports_them_are_known() {
    use Role::{Entity, Feature, Id, Ignore, Time};
    let text = "\"No.\",\"Time\",\"Source\",\"Destination\",\"Protocol\",\"Length\",\"Info\"\n\
        \"1\",\"0.000000\",\"192.168.0.2\",\"192.168.0.1\",\"DNS\",\"74\",\"Standard query 0x1234 A example.com\"\n\
        \"2\",\"0.020154\",\"192.168.0.1\",\"192.168.0.2\",\"DNS\",\"90\",\"Standard query response 0x1234, \"\"No such name\"\"\"\n\
        \"3\",\"1.500000\",\"Apple_11:3a:b7\",\"Broadcast\",\"ARP\",\"42\",\"Who has 192.168.0.1? Tell 192.168.0.2\"\n";
    let profile = profile(text);
    assert_eq!((profile.schema, profile.n_rows), (Some(KnownSchema::Wireshark), 3));
    let names = ["No.", "Time", "Source", "Destination", "Protocol", "Length", "Info"];
    assert_eq!(roles(&profile, names), [Id, Time, Entity, Entity, Feature, Feature, Ignore]);
    assert_eq!(bounds(column(&profile, "Time")), (0.0, 1.5));
}

/// A table of `CICFlowMeter` 3, with the columns that need care.
const CIC: &str = " Destination Port, Flow Duration,Flow Bytes/s, Flow IAT Mean,Fwd IAT Mean, Fwd Header Length, Fwd Header Length,Init_Win_bytes_forward, Init_Win_bytes_backward,Active Mean, Label
80,3,4000000,3,3,20,20,8192,-1,0,BENIGN
443,109,Infinity,109,0,20,20,-1,229,0,BENIGN
80,0,NaN,0,0,32,32,29200,-1,0,Web Attack \u{fffd} XSS
22,52,230769,52,52,20,20,-1,-1,0,Web Attack ï¿½ Brute Force
";

#[test]
fn cicflowmeter_is_read_as_it_is_meant() {
    let profile = profile(CIC);
    assert_eq!(profile.schema, Some(KnownSchema::CicFlowMeter));
    assert_eq!(column(&profile, "Destination Port").kind, ColumnType::Text);
    let window = column(&profile, "Init_Win_bytes_backward");
    assert_eq!((window.n_missing, bounds(window)), (3, (229.0, 229.0)));
    assert_eq!(bounds(column(&profile, "Flow IAT Mean")).0, 0.0);
    assert_eq!(count(&profile, NoticeKind::Sentinel), 5);
    assert_eq!(count(&profile, NoticeKind::Infinity), 1);
    let label = column(&profile, "Label");
    assert_eq!(label.role, Role::Label);
    assert_eq!(count(&profile, NoticeKind::MendedLabel), 2);
    let mut named: Vec<_> =
        label.known_values.iter().map(|v| (v.name.as_str(), v.family.as_str(), v.count)).collect();
    named.sort_unstable();
    assert_eq!(
        named,
        [
            ("BENIGN", "Benign", 2),
            ("Web Attack – Brute Force", "Web attack", 1),
            ("Web Attack – XSS", "Web attack", 1),
        ]
    );
    let shown = label.known_values.iter().find(|value| value.name.ends_with("XSS"));
    assert_eq!(shown.expect("it is known").text, "Web Attack \u{fffd} XSS", "as it stands");
    assert!(column(&profile, "Fwd Header Length (2)").help.is_some());
    // A minus one elsewhere is a value.
    let elsewhere = CIC.replace("Init_Win_bytes_backward", "Else");
    assert_eq!(bounds(column(&self::profile(&elsewhere), "Else")), (-1.0, 229.0));
}

#[test]
fn version_4_of_cicflowmeter_is_known_too() {
    use Role::{Entity, Feature, Id, Ignore, Label, Time};
    let text = "Flow ID,Src IP,Src Port,Dst IP,Dst Port,Protocol,Timestamp,Flow Duration,Tot Fwd Pkts,Flow IAT Mean,Fwd IAT Mean,Init Fwd Win Byts,Active Mean,Label\n\
        10.0.0.5-10.0.0.1-49152-53-17,10.0.0.5,49152,10.0.0.1,53,17,13/05/2024 12:34:07 PM,4.2003756E7,2,3.5,0.0,-1,0.0,No Label\n\
        10.0.0.6-10.0.0.1-49153-443-6,10.0.0.6,49153,10.0.0.1,443,6,01/06/2024 01:04:09 AM,1200.0,9,3.5,1.0,64240,0.0,No Label\n";
    let profile = profile(text);
    assert_eq!(profile.schema, Some(KnownSchema::CicFlowMeter));
    let names = ["Flow ID", "Src IP", "Src Port", "Dst Port", "Protocol", "Timestamp", "Label"];
    assert_eq!(roles(&profile, names), [Id, Entity, Ignore, Feature, Feature, Time, Label]);
    let start = column(&profile, "Timestamp");
    assert_eq!(start.reading.settled, Settled::Texts, "13/05 settles 01/06");
    assert_eq!(bounds(start), (1_715_603_647.0, 1_717_203_849.0));
    assert_eq!(column(&profile, "Init Fwd Win Byts").n_missing, 1);
}

#[test]
fn unsw_nb15_is_known_with_and_without_a_header() {
    use Role::{Entity, Feature, Id, Ignore, Label, Time};
    let with = profile(
        "\u{feff}id,dur,proto,service,state,spkts,sbytes,dbytes,rate,sttl,dttl,stcpb,dtcpb,tcprtt,ct_state_ttl,attack_cat,label\r\n\
         1,0.000011,udp,-,INT,2,496,0,90909.0902,254,0,0,0,0,2,Normal,0\r\n\
         2,1.6,tcp,http,FIN,10,1064,2500,12.5,31,29,2116150707,1094363573,0.05,0,Exploits,1\r\n",
    );
    assert_eq!(with.schema, Some(KnownSchema::UnswNb15));
    let names = ["id", "proto", "service", "sbytes", "stcpb", "attack_cat", "label"];
    assert_eq!(roles(&with, names), [Id, Feature, Feature, Feature, Ignore, Label, Label]);
    assert_eq!(column(&with, "service").n_missing, 1);
    let without = profile(
        "59.166.0.0,1390,149.171.126.6,53,udp,CON,0.001055,132,164,31,29,0,0,dns,500473.9375,621800.9375,2,2,0,0,0,0,66,82,0,0,0,0,1421927414,1421927414,0.017,0.013,0,0,0,0,0,0,0,0,3,7,1,3,1,1,1,,0\n\
         59.166.0.3,0x000b,149.171.126.5,5190,tcp,FIN,0.03,4550,68342,31,29,7,30,-,1e6,5e6,68,66,255,255,1,2,66,82,0,0,1.5,2.5,1421927415,1421927416,0.5,0.4,0.001,0.0005,0.0005,0,0,0,0,0,3,7,1,3,1,1,1, Fuzzers ,1\n",
    );
    assert_eq!((without.schema, without.n_rows), (Some(KnownSchema::UnswNb15), 2));
    let names = ["srcip", "sport", "dsport", "Stime", "sbytes", "attack_cat", "label"];
    assert_eq!(roles(&without, names), [Entity, Ignore, Feature, Time, Feature, Label, Label]);
    assert_eq!(column(&without, "Stime").kind, ColumnType::Time);
}

#[test]
fn a_file_writes_numbers_in_one_way() {
    let german = "zeit;wert;menge;anteil\n\
        13.05.2024 12:00;1,5;1.234;45 %\n\
        01.06.2024 13:30;-2,75;17.500;5 %\n";
    let profile = profile(german);
    let wert = column(&profile, "wert");
    assert_eq!((wert.kind, bounds(wert)), (ColumnType::Decimal, (-2.75, 1.5)));
    let menge = column(&profile, "menge");
    assert_eq!((menge.kind, bounds(menge)), (ColumnType::Integer, (1234.0, 17500.0)));
    assert_eq!(menge.reading.settled, Settled::File);
    assert_eq!(bounds(column(&profile, "anteil")), (5.0, 45.0));
    assert_eq!(column(&profile, "zeit").role, Role::Time);
    assert_eq!(count(&profile, NoticeKind::AmbiguousNumber), 0);
    assert_eq!(count(&profile, NoticeKind::AmbiguousDate), 0);
}

#[test]
fn what_nothing_settles_is_told_and_can_be_said() {
    let text = "date;amount\n05/07/2024;1.234\n06/07/2024;5.678\n";
    let found = profile(text);
    assert_eq!(count(&found, NoticeKind::AmbiguousDate), 1);
    assert_eq!(count(&found, NoticeKind::AmbiguousNumber), 1);
    assert_eq!(bounds(column(&found, "amount")), (1.234, 5.678));
    let said = profile_with(
        text,
        &Overrides {
            decimal_mark: Some(Mark::Comma),
            date_order: Some(isoscope::engine::table::time::DateOrder::MonthFirst),
            ..Overrides::default()
        },
    );
    assert_eq!(bounds(column(&said, "amount")), (1234.0, 5678.0));
    assert_eq!(column(&said, "amount").reading.settled, Settled::Person);
    assert_eq!(bounds(column(&said, "date")).0, 1_715_040_000.0, "the seventh of May");
    assert_eq!(count(&said, NoticeKind::AmbiguousDate), 0);
}

#[test]
fn types_and_words_for_no_value_can_be_said() {
    use ColumnType::{Integer, Text};
    let text = "port,code,score\n80,007,1\n443,012,n/a\n80,9,-99\n";
    let found = profile(text);
    let names = ["port", "code", "score"];
    assert_eq!(kinds(&found, names), [Integer, Text, Text]);
    let overrides = Overrides {
        types: [("port".to_owned(), Text), ("code".to_owned(), Integer)].into(),
        missing: Some(vec!["n/a".to_owned(), "-99".to_owned()]),
        ..Overrides::default()
    };
    let said = profile_with(text, &overrides);
    assert_eq!(kinds(&said, names), [Text, Integer, Integer]);
    assert_eq!(bounds(column(&said, "code")), (7.0, 12.0));
    assert_eq!(column(&said, "score").n_missing, 2);
    // What is no value of the type that was said is missing, and told.
    let overrides =
        Overrides { types: [("score".to_owned(), Integer)].into(), ..Overrides::default() };
    let said = profile_with(text, &overrides);
    assert_eq!(count(&said, NoticeKind::NotOfType), 1);
    assert_eq!(column(&said, "score").n_missing, 1);
}

#[test]
fn every_pair_of_types_in_conflict_keeps_its_texts() {
    let of_each = [
        "12",
        "1.5",
        "1,5",
        "1'234.5",
        "45 %",
        "6.3 M",
        "true",
        "2024-01-01",
        "21/Nov/2026:10:26:52 +0000",
        "13/05/2024",
        "05/13/2024",
        "10.0.0.1",
        "word",
        "007",
        "9007199254740993",
    ];
    // These are one way of writing numbers.
    let agree = [
        ("12", "1.5"),
        ("12", "1,5"),
        ("12", "1'234.5"),
        ("12", "6.3 M"),
        ("1.5", "1'234.5"),
        ("1.5", "6.3 M"),
        ("1'234.5", "6.3 M"),
    ];
    for (i, one) in of_each.into_iter().enumerate() {
        for other in of_each[i + 1..].iter().copied() {
            let mut local = Local::new(1);
            let file = format!("id\tv\na\t{one}\nb\t{other}\n");
            let table = local.load(file.into_bytes(), &Overrides::default()).expect("a table");
            let is_text = table.profile.columns[1].kind == ColumnType::Text;
            assert_eq!(is_text, !agree.contains(&(one, other)), "{one} {other}");
            let rows = local.rows(&[0, 1]).expect("rows");
            assert_eq!([&rows[0].cells[1], &rows[1].cells[1]], [one, other], "as it was");
        }
    }
}

#[test]
fn words_for_no_value_are_told() {
    let found = profile("a,b\n1,x\nNaN,-\n,NA\n3,\n");
    let told: Vec<_> = found
        .notices
        .iter()
        .filter(|notice| notice.kind == NoticeKind::MissingWord)
        .map(|notice| (notice.column, notice.count, notice.lines.clone()))
        .collect();
    assert_eq!(told, [(Some(0), 1, vec![3]), (Some(1), 2, vec![3, 4])]);
    assert_eq!((found.columns[0].n_missing, found.columns[1].n_missing), (2, 3));
    // The same where a column is kept as numbers.
    let mut text = String::from("v\nNA\n");
    for i in 0..70_000 {
        writeln!(text, "{i}.5").expect("a string takes everything");
    }
    text.push_str("NaN\n");
    let found = profile(&text);
    let notice = found.notices.iter().find(|notice| notice.kind == NoticeKind::MissingWord);
    let notice = notice.expect("it is told");
    assert_eq!((notice.count, notice.lines.as_slice()), (2, &[2, 70_003][..]));
}

#[test]
fn a_late_conflict_keeps_every_text_as_it_was() {
    // More texts than are kept: the column is numbers in the making when the conflict comes.
    let mut text = String::from("n,v\n");
    for i in 0..70_000 {
        writeln!(text, "{i},{i}.125").expect("a string takes everything");
    }
    text.push_str("70000,\"1,5\"\n");
    let mut local = Local::new(2);
    let profile =
        local.load(text.into_bytes(), &Overrides::default()).expect("a table").profile.clone();
    assert_eq!(column(&profile, "v").kind, ColumnType::Text);
    assert_eq!(local.rows(&[3, 70_000]).expect("rows")[1].cells[1], "1,5");
}

#[test]
fn many_numbers_in_another_format_are_numbers_too() {
    let mut text = String::from("n;v;t\n");
    for i in 0..70_000 {
        let ts = 1_700_000_000_000_u64 + i;
        writeln!(text, "{i};{i},25;{ts}").expect("a string takes everything");
    }
    let text = text.replace(";t\n", ";ts\n");
    let profile = profile(&text);
    let v = column(&profile, "v");
    assert_eq!((v.kind, bounds(v)), (ColumnType::Decimal, (0.25, 69_999.25)));
    assert!(matches!(v.reading.format, Format::Number(_)));
    let ts = column(&profile, "ts");
    assert_eq!((ts.kind, bounds(ts)), (ColumnType::Time, (1_700_000_000.0, 1_700_000_069.999)));
}
