//! KDD Cup 1999 and NSL-KDD: connections of the DARPA 1998 exercise, and the features of
//! S. J. Stolfo et al., *Cost-based Modeling for Fraud and Intrusion Detection*, 2000.

use super::field::{Field, Is, c, f, m};

/// The columns, in order; KDD Cup 1999 has no last one.
pub(super) const FIELDS: [Field; 43] = [
    m("duration", "How long the connection lasted.", "s"),
    c("protocol_type", "Transport protocol: tcp, udp or icmp."),
    c("service", "Network service at the destination, such as http, ftp_data or private."),
    c(
        "flag",
        "How the connection ended: SF is normal, S0 was never answered, REJ was refused, RST… was reset.",
    ),
    m("src_bytes", "Data sent from source to destination.", "bytes"),
    m("dst_bytes", "Data sent from destination to source.", "bytes"),
    m("land", "1 if source and destination have the same address and port.", ""),
    m("wrong_fragment", "Fragments that were wrong.", "fragments"),
    m("urgent", "Packets marked as urgent.", "packets"),
    m(
        "hot",
        "\u{201c}Hot\u{201d} actions in the content, such as entering a system directory or running a program.",
        "actions",
    ),
    m("num_failed_logins", "Logins that failed.", "attempts"),
    m("logged_in", "1 if a login succeeded.", ""),
    m("num_compromised", "Conditions that speak of a compromise.", "conditions"),
    m("root_shell", "1 if a root shell was obtained.", ""),
    m("su_attempted", "1 if \u{201c}su root\u{201d} was attempted; the data hold 2 as well.", ""),
    m("num_root", "Accesses as root.", "accesses"),
    m("num_file_creations", "Files created.", "operations"),
    m("num_shells", "Shell prompts obtained.", "prompts"),
    m("num_access_files", "Operations on files that control access.", "operations"),
    m(
        "num_outbound_cmds",
        "Commands sent out in an ftp session; 0 in all published files.",
        "commands",
    ),
    m(
        "is_host_login",
        "1 if the login is on the \u{201c}hot\u{201d} list, such as root or admin.",
        "",
    ),
    m("is_guest_login", "1 if the login is a guest's.", ""),
    m("count", "Connections to the same host in the two seconds before.", "connections"),
    m("srv_count", "Connections to the same service in the two seconds before.", "connections"),
    m("serror_rate", "Of the connections in count, the share with SYN errors.", "share"),
    m("srv_serror_rate", "Of the connections in srv_count, the share with SYN errors.", "share"),
    m("rerror_rate", "Of the connections in count, the share that was rejected.", "share"),
    m("srv_rerror_rate", "Of the connections in srv_count, the share that was rejected.", "share"),
    m("same_srv_rate", "Of the connections in count, the share to the same service.", "share"),
    m("diff_srv_rate", "Of the connections in count, the share to other services.", "share"),
    m("srv_diff_host_rate", "Of the connections in srv_count, the share to other hosts.", "share"),
    m(
        "dst_host_count",
        "Of the last 100 connections, those to the same destination host; up to 255.",
        "connections",
    ),
    m(
        "dst_host_srv_count",
        "Of the connections to that host, those to the same service; up to 255.",
        "connections",
    ),
    m("dst_host_same_srv_rate", "Of dst_host_count, the share to the same service.", "share"),
    m("dst_host_diff_srv_rate", "Of dst_host_count, the share to other services.", "share"),
    m(
        "dst_host_same_src_port_rate",
        "Of dst_host_srv_count, the share from the same source port.",
        "share",
    ),
    m(
        "dst_host_srv_diff_host_rate",
        "Of dst_host_srv_count, the share from other source hosts.",
        "share",
    ),
    m("dst_host_serror_rate", "Of dst_host_count, the share with SYN errors.", "share"),
    m("dst_host_srv_serror_rate", "Of dst_host_srv_count, the share with SYN errors.", "share"),
    m("dst_host_rerror_rate", "Of dst_host_count, the share that was rejected.", "share"),
    m("dst_host_srv_rerror_rate", "Of dst_host_srv_count, the share that was rejected.", "share"),
    f(
        "label",
        Is::Label("the name of the attack, or normal"),
        "The name of the attack, or normal.",
    ),
    f(
        "difficulty",
        Is::Aside(
            "how many of 21 classifiers got the row right: it was made from the label and leaks it",
        ),
        "How many of 21 trained classifiers got this row right (0 to 21).",
    ),
];

/// The values of `protocol_type`.
pub(super) const PROTOCOLS: [&[u8]; 3] = [b"tcp", b"udp", b"icmp"];

/// Families of attacks, as most papers file them.
///
/// # References
///
/// M. Tavallaee et al., *A Detailed Analysis of the KDD CUP 99 Data Set*, 2009. Some papers file
/// `worm` under R2L and `httptunnel` under U2R.
pub(super) const FAMILIES: [(&str, &str); 5] = [
    ("Normal", "normal"),
    ("DoS", "apache2 back land mailbomb neptune pod processtable smurf teardrop udpstorm worm"),
    ("Probe", "ipsweep mscan nmap portsweep saint satan"),
    (
        "R2L",
        "ftp_write guess_passwd httptunnel imap multihop named phf sendmail snmpgetattack snmpguess \
         spy warezclient warezmaster xlock xsnoop",
    ),
    ("U2R", "buffer_overflow loadmodule perl ps rootkit sqlattack xterm"),
];
