//! `CICFlowMeter`, versions 3 and 4: CICIDS2017, CSE-CIC-IDS2018 and whatever people run it on.
//!
//! # References
//!
//! I. Sharafaldin et al., *Toward Generating a New Intrusion Detection Dataset*, 2018; the
//! README of `CICFlowMeter`.

use super::field::{EPHEMERAL, Field, Is, c, f, m};

/// Names that no other tool writes.
pub(super) const NEEDS: [&str; 4] =
    ["Flow Duration", "Flow IAT Mean", "Fwd IAT Mean", "Active Mean"];

const WINDOW: Is = Is::Without(-1.0);

/// A window size, in which −1 means that no packet went that way.
const fn window(names: &'static str, meaning: &'static str) -> Field {
    Field { names, is: WINDOW, meaning, unit: "bytes" }
}

/// The columns of all versions.
pub(super) const FIELDS: &[Field] = &[
    f(
        "Flow ID",
        Is::Id("addresses, ports and protocol in one: it names the flow"),
        "Addresses, ports and protocol of the flow, joined by dashes.",
    ),
    f("Src IP|Source IP", Is::Entity, "Address that sent the first packet."),
    f("Src Port|Source Port", EPHEMERAL, "Port that sent the first packet."),
    f("Dst IP|Destination IP", Is::Entity, "Address that the first packet went to."),
    c("Dst Port|Destination Port", "Port that the first packet went to: most often, the service."),
    c("Protocol", "Number of the transport protocol: 6 is TCP, 17 UDP, 0 neither."),
    f("Timestamp", Is::Time, "When the flow began; many published files have lost AM and PM."),
    m("Flow Duration", "From the first packet to the last.", "µs"),
    m(
        "Total Fwd Packets|Total Fwd Packet|Tot Fwd Pkts",
        "Packets forward: in the direction of the first one.",
        "packets",
    ),
    m(
        "Total Backward Packets|Total Bwd packets|Tot Bwd Pkts",
        "Packets backward: against the direction of the first one.",
        "packets",
    ),
    m(
        "Total Length of Fwd Packets|Total Length of Fwd Packet|TotLen Fwd Pkts",
        "Payload sent forward.",
        "bytes",
    ),
    m(
        "Total Length of Bwd Packets|Total Length of Bwd Packet|TotLen Bwd Pkts",
        "Payload sent backward.",
        "bytes",
    ),
    m("Fwd Packet Length Max|Fwd Pkt Len Max", "Largest payload of a forward packet.", "bytes"),
    m("Fwd Packet Length Min|Fwd Pkt Len Min", "Smallest payload of a forward packet.", "bytes"),
    m("Fwd Packet Length Mean|Fwd Pkt Len Mean", "Mean payload of forward packets.", "bytes"),
    m(
        "Fwd Packet Length Std|Fwd Pkt Len Std",
        "Standard deviation of the payload of forward packets.",
        "bytes",
    ),
    m("Bwd Packet Length Max|Bwd Pkt Len Max", "Largest payload of a backward packet.", "bytes"),
    m("Bwd Packet Length Min|Bwd Pkt Len Min", "Smallest payload of a backward packet.", "bytes"),
    m("Bwd Packet Length Mean|Bwd Pkt Len Mean", "Mean payload of backward packets.", "bytes"),
    m(
        "Bwd Packet Length Std|Bwd Pkt Len Std",
        "Standard deviation of the payload of backward packets.",
        "bytes",
    ),
    m(
        "Flow Bytes/s|Flow Byts/s",
        "Payload per second, both ways; Infinity or NaN where the duration is 0.",
        "bytes/s",
    ),
    m(
        "Flow Packets/s|Flow Pkts/s",
        "Packets per second, both ways; Infinity where the duration is 0.",
        "packets/s",
    ),
    m("Flow IAT Mean", "Mean time between two packets of the flow.", "µs"),
    m("Flow IAT Std", "Standard deviation of the time between two packets of the flow.", "µs"),
    m("Flow IAT Max", "Longest time between two packets of the flow.", "µs"),
    m(
        "Flow IAT Min",
        "Shortest time between two packets of the flow; below 0 where they were captured out of order.",
        "µs",
    ),
    m("Fwd IAT Total|Fwd IAT Tot", "From the first forward packet to the last.", "µs"),
    m("Fwd IAT Mean", "Mean time between two forward packets.", "µs"),
    m("Fwd IAT Std", "Standard deviation of the time between two forward packets.", "µs"),
    m("Fwd IAT Max", "Longest time between two forward packets.", "µs"),
    m("Fwd IAT Min", "Shortest time between two forward packets.", "µs"),
    m("Bwd IAT Total|Bwd IAT Tot", "From the first backward packet to the last.", "µs"),
    m("Bwd IAT Mean", "Mean time between two backward packets.", "µs"),
    m("Bwd IAT Std", "Standard deviation of the time between two backward packets.", "µs"),
    m("Bwd IAT Max", "Longest time between two backward packets.", "µs"),
    m("Bwd IAT Min", "Shortest time between two backward packets.", "µs"),
    m("Fwd PSH Flags", "Forward packets with the PSH flag; 0 for UDP.", "packets"),
    m("Bwd PSH Flags", "Backward packets with the PSH flag; 0 for UDP.", "packets"),
    m("Fwd URG Flags", "Forward packets with the URG flag; 0 for UDP.", "packets"),
    m("Bwd URG Flags", "Backward packets with the URG flag; 0 for UDP.", "packets"),
    m(
        "Fwd Header Length|Fwd Header Len|Fwd Header Length.1",
        "Headers sent forward; version 3 writes the column twice.",
        "bytes",
    ),
    m("Bwd Header Length|Bwd Header Len", "Headers sent backward.", "bytes"),
    m("Fwd Packets/s|Fwd Pkts/s", "Forward packets per second.", "packets/s"),
    m("Bwd Packets/s|Bwd Pkts/s", "Backward packets per second.", "packets/s"),
    m("Min Packet Length|Packet Length Min|Pkt Len Min", "Smallest payload of a packet.", "bytes"),
    m("Max Packet Length|Packet Length Max|Pkt Len Max", "Largest payload of a packet.", "bytes"),
    m("Packet Length Mean|Pkt Len Mean", "Mean payload of a packet.", "bytes"),
    m("Packet Length Std|Pkt Len Std", "Standard deviation of the payload of packets.", "bytes"),
    m("Packet Length Variance|Pkt Len Var", "Variance of the payload of packets.", "bytes²"),
    m("FIN Flag Count|FIN Flag Cnt", "Packets with the FIN flag.", "packets"),
    m("SYN Flag Count|SYN Flag Cnt", "Packets with the SYN flag.", "packets"),
    m("RST Flag Count|RST Flag Cnt", "Packets with the RST flag.", "packets"),
    m("PSH Flag Count|PSH Flag Cnt", "Packets with the PSH flag.", "packets"),
    m("ACK Flag Count|ACK Flag Cnt", "Packets with the ACK flag.", "packets"),
    m("URG Flag Count|URG Flag Cnt", "Packets with the URG flag.", "packets"),
    m(
        "CWE Flag Count|CWR Flag Count|CWE Flag Cnt",
        "Packets with the CWR flag (congestion window reduced).",
        "packets",
    ),
    m(
        "ECE Flag Count|ECE Flag Cnt",
        "Packets with the ECE flag (explicit congestion notification).",
        "packets",
    ),
    m("Down/Up Ratio", "Backward over forward packets; a whole number in version 3.", ""),
    m("Average Packet Size|Pkt Size Avg", "Mean size of a packet.", "bytes"),
    m(
        "Avg Fwd Segment Size|Fwd Segment Size Avg|Fwd Seg Size Avg",
        "Mean size of a forward segment.",
        "bytes",
    ),
    m(
        "Avg Bwd Segment Size|Bwd Segment Size Avg|Bwd Seg Size Avg",
        "Mean size of a backward segment.",
        "bytes",
    ),
    m(
        "Fwd Avg Bytes/Bulk|Fwd Bytes/Bulk Avg|Fwd Byts/b Avg",
        "Mean data in a forward bulk.",
        "bytes",
    ),
    m(
        "Fwd Avg Packets/Bulk|Fwd Packet/Bulk Avg|Fwd Pkts/b Avg",
        "Mean number of packets in a forward bulk.",
        "packets",
    ),
    m(
        "Fwd Avg Bulk Rate|Fwd Bulk Rate Avg|Fwd Blk Rate Avg",
        "Mean rate of forward bulks.",
        "bytes/s",
    ),
    m(
        "Bwd Avg Bytes/Bulk|Bwd Bytes/Bulk Avg|Bwd Byts/b Avg",
        "Mean data in a backward bulk.",
        "bytes",
    ),
    m(
        "Bwd Avg Packets/Bulk|Bwd Packet/Bulk Avg|Bwd Pkts/b Avg",
        "Mean number of packets in a backward bulk.",
        "packets",
    ),
    m(
        "Bwd Avg Bulk Rate|Bwd Bulk Rate Avg|Bwd Blk Rate Avg",
        "Mean rate of backward bulks.",
        "bytes/s",
    ),
    m(
        "Subflow Fwd Packets|Subflow Fwd Pkts",
        "Mean number of forward packets in a subflow.",
        "packets",
    ),
    m("Subflow Fwd Bytes|Subflow Fwd Byts", "Mean forward data in a subflow.", "bytes"),
    m(
        "Subflow Bwd Packets|Subflow Bwd Pkts",
        "Mean number of backward packets in a subflow.",
        "packets",
    ),
    m("Subflow Bwd Bytes|Subflow Bwd Byts", "Mean backward data in a subflow.", "bytes"),
    window(
        "Init_Win_bytes_forward|FWD Init Win Bytes|Init Fwd Win Byts",
        "Window size of the first forward packet; −1 where none was seen.",
    ),
    window(
        "Init_Win_bytes_backward|Bwd Init Win Bytes|Init Bwd Win Byts",
        "Window size of the first backward packet; −1 where none was seen.",
    ),
    m(
        "act_data_pkt_fwd|Fwd Act Data Pkts",
        "Forward packets with at least one byte of payload.",
        "packets",
    ),
    m("min_seg_size_forward|Fwd Seg Size Min", "Smallest header of a forward segment.", "bytes"),
    m("Active Mean", "Mean time the flow was active before it fell idle.", "µs"),
    m(
        "Active Std",
        "Standard deviation of the time the flow was active before it fell idle.",
        "µs",
    ),
    m("Active Max", "Longest time the flow was active before it fell idle.", "µs"),
    m("Active Min", "Shortest time the flow was active before it fell idle.", "µs"),
    m("Idle Mean", "Mean time the flow was idle before it became active.", "µs"),
    m(
        "Idle Std",
        "Standard deviation of the time the flow was idle before it became active.",
        "µs",
    ),
    m("Idle Max", "Longest time the flow was idle before it became active.", "µs"),
    m("Idle Min", "Shortest time the flow was idle before it became active.", "µs"),
    f(
        "Label",
        Is::Label("the name of the attack, or BENIGN"),
        "The name of the attack, or BENIGN; No Label straight from the tool.",
    ),
];

/// Labels of CICIDS2017 and CSE-CIC-IDS2018 by family, joined by `|`.
pub(super) const FAMILIES: &[(&str, &str)] = &[
    ("Benign", "BENIGN"),
    (
        "DoS",
        "DoS Hulk|DoS GoldenEye|DoS slowloris|DoS Slowhttptest|DoS attacks-Hulk|DoS attacks-GoldenEye|DoS attacks-Slowloris|DoS attacks-SlowHTTPTest|Heartbleed",
    ),
    ("DDoS", "DDoS|DDOS attack-HOIC|DDOS attack-LOIC-UDP|DDoS attacks-LOIC-HTTP"),
    ("Port scan", "PortScan"),
    ("Brute force", "FTP-Patator|SSH-Patator|FTP-BruteForce|SSH-Bruteforce"),
    (
        "Web attack",
        "Web Attack – Brute Force|Web Attack – XSS|Web Attack – Sql Injection|Brute Force -Web|Brute Force -XSS|SQL Injection",
    ),
    ("Botnet", "Bot"),
    ("Infiltration", "Infiltration|Infilteration"),
];
