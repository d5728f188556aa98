//! UNSW-NB15: 49 columns as published in four files without header, 45 in the two sets for
//! training and testing.
//!
//! # References
//!
//! N. Moustafa, J. Slay, *UNSW-NB15: A Comprehensive Data Set for Network Intrusion Detection
//! Systems*, 2015; its `UNSW-NB15_features.csv`.

use super::field::{EPHEMERAL, Field, Is, c, f, m};

/// Names that all its tables have.
pub(super) const NEEDS: [&str; 6] = ["sbytes", "dbytes", "sttl", "dttl", "ct_state_ttl", "tcprtt"];

/// The names of the four files without header, in order.
pub(super) const NAMES: [&str; 49] = [
    "srcip",
    "sport",
    "dstip",
    "dsport",
    "proto",
    "state",
    "dur",
    "sbytes",
    "dbytes",
    "sttl",
    "dttl",
    "sloss",
    "dloss",
    "service",
    "Sload",
    "Dload",
    "Spkts",
    "Dpkts",
    "swin",
    "dwin",
    "stcpb",
    "dtcpb",
    "smeansz",
    "dmeansz",
    "trans_depth",
    "res_bdy_len",
    "Sjit",
    "Djit",
    "Stime",
    "Ltime",
    "Sintpkt",
    "Dintpkt",
    "tcprtt",
    "synack",
    "ackdat",
    "is_sm_ips_ports",
    "ct_state_ttl",
    "ct_flw_http_mthd",
    "is_ftp_login",
    "ct_ftp_cmd",
    "ct_srv_src",
    "ct_srv_dst",
    "ct_dst_ltm",
    "ct_src_ltm",
    "ct_src_dport_ltm",
    "ct_dst_sport_ltm",
    "ct_dst_src_ltm",
    "attack_cat",
    "label",
];

const SEQUENCE: Is =
    Is::Aside("a sequence number that the machine draws: it says nothing about the connection");

/// The columns of all its tables.
pub(super) const FIELDS: &[Field] = &[
    f("id", Is::Id("the number of the row"), "Number of the row."),
    f("srcip", Is::Entity, "Source address."),
    f("sport", EPHEMERAL, "Source port."),
    f("dstip", Is::Entity, "Destination address."),
    c("dsport", "Destination port: most often, the service."),
    c("proto", "Transport protocol."),
    c(
        "state",
        "State of the connection and its protocol: FIN, CON, INT, REQ, RST …; - where there is none.",
    ),
    m("dur", "How long the record lasted.", "s"),
    m("sbytes", "Sent from source to destination.", "bytes"),
    m("dbytes", "Sent from destination to source.", "bytes"),
    m("sttl", "Time to live, source to destination.", "hops"),
    m("dttl", "Time to live, destination to source.", "hops"),
    m("sloss", "Packets of the source that were dropped or sent again.", "packets"),
    m("dloss", "Packets of the destination that were dropped or sent again.", "packets"),
    c("service", "http, ftp, smtp, ssh, dns, ftp-data, irc …; - where none of these was seen."),
    m("Sload", "Sent by the source per second.", "bits/s"),
    m("Dload", "Sent by the destination per second.", "bits/s"),
    m("Spkts", "Packets from source to destination.", "packets"),
    m("Dpkts", "Packets from destination to source.", "packets"),
    m("rate", "Packets per second, both ways.", "packets/s"),
    m("swin", "TCP window that the source advertised.", ""),
    m("dwin", "TCP window that the destination advertised.", ""),
    f("stcpb", SEQUENCE, "TCP base sequence number of the source."),
    f("dtcpb", SEQUENCE, "TCP base sequence number of the destination."),
    m("smeansz|smean", "Mean size of the packets the source sent.", "bytes"),
    m("dmeansz|dmean", "Mean size of the packets the destination sent.", "bytes"),
    m("trans_depth", "Depth of the HTTP request and response in the connection's pipeline.", ""),
    m("res_bdy_len|response_body_len", "Uncompressed size of what the HTTP service sent.", "bytes"),
    m("Sjit", "Jitter of the source.", "ms"),
    m("Djit", "Jitter of the destination.", "ms"),
    f("Stime", Is::Time, "When the record began."),
    f("Ltime", Is::Time, "When the record ended."),
    m("Sintpkt|sinpkt", "Time between two packets of the source.", "ms"),
    m("Dintpkt|dinpkt", "Time between two packets of the destination.", "ms"),
    m("tcprtt", "TCP connection setup: synack plus ackdat.", "s"),
    m("synack", "TCP connection setup: from SYN to SYN-ACK.", "s"),
    m("ackdat", "TCP connection setup: from SYN-ACK to ACK.", "s"),
    m("is_sm_ips_ports", "1 if source and destination have the same address and port.", ""),
    m("ct_state_ttl", "A number for the state together with ranges of sttl and dttl.", ""),
    m("ct_flw_http_mthd", "Flows with methods like GET and POST in HTTP.", "flows"),
    m("is_ftp_login", "1 if an ftp session was entered by user and password.", ""),
    m("ct_ftp_cmd", "Flows with a command in an ftp session.", "flows"),
    m(
        "ct_srv_src",
        "Of the last 100 connections, those of this service from this source.",
        "connections",
    ),
    m(
        "ct_srv_dst",
        "Of the last 100 connections, those of this service to this destination.",
        "connections",
    ),
    m("ct_dst_ltm", "Of the last 100 connections, those to this destination.", "connections"),
    m("ct_src_ltm", "Of the last 100 connections, those from this source.", "connections"),
    m(
        "ct_src_dport_ltm",
        "Of the last 100 connections, those from this source to this port.",
        "connections",
    ),
    m(
        "ct_dst_sport_ltm",
        "Of the last 100 connections, those to this destination from this port.",
        "connections",
    ),
    m(
        "ct_dst_src_ltm",
        "Of the last 100 connections, those between this pair of addresses.",
        "connections",
    ),
    f(
        "attack_cat",
        Is::Label("the family of the attack, or Normal"),
        "Family of the attack: Fuzzers, Analysis, Backdoors, DoS, Exploits, Generic, Reconnaissance, Shellcode, Worms; Normal or empty for none.",
    ),
    f(
        "label",
        Is::Label("1 for attacks, 0 for normal traffic"),
        "1 for attacks, 0 for normal traffic.",
    ),
];
