//! nfdump: `-o csv` of versions 1.6 and 1.7, and `-o fmt` and `-o line` with separators.

use super::field::{EPHEMERAL, Field, Is, c, f, m};

/// Names of `-o csv` up to version 1.7.3.
pub(super) const NEEDS_SHORT: [&str; 8] = ["ts", "te", "td", "sa", "da", "pr", "ipkt", "ibyt"];
/// Names of `-o csv` since.
pub(super) const NEEDS_LONG: [&str; 5] = ["firstSeen", "srcAddr", "dstAddr", "packets", "bytes"];
/// Names of `-o line` and its relatives.
pub(super) const NEEDS_LINE: [&str; 3] = ["Date first seen", "Duration", "Proto"];

const NUMBER: Is = Is::Id("a running number");

/// The columns of all formats.
pub(super) const FIELDS: &[Field] = &[
    f("cnt", NUMBER, "Number of the record."),
    c("af", "Address family."),
    f("ts|firstSeen|Date first seen|Date flow start", Is::Time, "When the flow began."),
    f("te|lastSeen|Date last seen", Is::Time, "When the flow ended."),
    m("td|duration", "How long the flow lasted.", "s"),
    f("sa|srcAddr|Src IP Addr", Is::Entity, "Source address."),
    f("da|dstAddr|Dst IP Addr", Is::Entity, "Destination address."),
    f("Src IP Addr:Port", Is::Entity, "Source address and port."),
    f("Dst IP Addr:Port", Is::Entity, "Destination address and port."),
    f("sp|srcPort|Src Pt", EPHEMERAL, "Source port."),
    c("dp|dstPort|Dst Pt", "Destination port: most often, the service; for ICMP, type and code."),
    c("pr|proto", "Transport protocol."),
    c("flg|flags", "TCP flags, a dot for each that was not seen."),
    c("fwd", "Forwarding status."),
    c("stos|srcTos|Tos", "Type of service at the source."),
    m("ipkt|packets|In Pkt", "Packets.", "packets"),
    m("ibyt|bytes|In Byte", "Bytes.", "bytes"),
    m("opkt|Out Pkt", "Packets of the way back, where the flow holds both.", "packets"),
    m("obyt|Out Byte", "Bytes of the way back, where the flow holds both.", "bytes"),
    m("flows|fl", "Flows that were added up to this one.", "flows"),
    m("bps", "Bits per second.", "bits/s"),
    m("pps", "Packets per second.", "packets/s"),
    m("bpp", "Bytes per packet.", "bytes"),
    c("in|input", "Interface that it came in by."),
    c("out|output", "Interface that it went out by."),
    c("sas|srcAS", "Autonomous system of the source."),
    c("das|dstAS", "Autonomous system of the destination."),
    c("smk", "Length of the source's network mask."),
    c("dmk", "Length of the destination's network mask."),
    c("dtos", "Type of service at the destination."),
    c("dir", "Direction: 0 in, 1 out."),
    f("nh", Is::Entity, "Address of the next hop."),
    f("nhb", Is::Entity, "Address of the next hop by BGP."),
    c("svln", "Virtual LAN of the source."),
    c("dvln", "Virtual LAN of the destination."),
    f("ismc", Is::Entity, "Hardware address it came in from."),
    f("odmc", Is::Entity, "Hardware address it went out to."),
    f("idmc", Is::Entity, "Hardware address it came in at."),
    f("osmc", Is::Entity, "Hardware address it went out from."),
    c("mpls1|mpls2|mpls3|mpls4|mpls5|mpls6|mpls7|mpls8|mpls9|mpls10", "MPLS label."),
    m("cl", "Delay of the client.", "ms"),
    m("sl", "Delay of the server.", "ms"),
    m("al", "Delay of the application.", "ms"),
    f("ra", Is::Entity, "Address of the router that told."),
    c("eng", "Engine of the router that told."),
    c("exid", "Number of the exporter."),
    f("tr", Is::Time, "When the collector received it."),
];
