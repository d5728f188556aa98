//! Flow records: what a sensor at the switch writes down of a connection.

use std::fmt::Write;

use super::draw::{Draw, whole};
use crate::arrange::arrange;

/// The names of the columns.
///
/// Packets are not among them: they would say the bytes once more, and a forest, which draws its
/// columns blindly, would look at size twice as often as at everything else.
const HEADER: &str = "start,duration,protocol,source,source_port,destination,port,service,state,bytes_out,bytes_in,label\n";

/// One connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flow {
    /// Milliseconds since midnight.
    pub(super) start: u32,
    pub(super) protocol: Protocol,
    pub(super) source: String,
    pub(super) destination: String,
    pub(super) port: u16,
    /// What the sensor took it for.
    pub(super) service: Option<&'static str>,
    pub(super) source_port: u16,
    /// In Zeek's words: `SF` is a connection that was opened and closed in order.
    pub(super) state: &'static str,
    /// Milliseconds; `None` where nobody answered.
    pub(super) duration: Option<u32>,
    pub(super) bytes_out: u32,
    pub(super) bytes_in: u32,
    pub(super) label: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Tcp,
    Udp,
    Icmp,
}

/// Addresses that differ in their last number; the first ones are the busiest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hosts {
    pub(super) net: &'static str,
    pub(super) first: u32,
    pub(super) n: u32,
}

impl Hosts {
    pub(super) const fn one(net: &'static str, last: u32) -> Self {
        Self { net, first: last, n: 1 }
    }

    pub(super) fn draw(self, draw: &mut Draw) -> String {
        format!("{}{}", self.net, self.first + draw.favoured(self.n))
    }
}

/// Something that goes on all the time: many connections of one kind.
///
/// Pairs are a median and the spread of the logarithm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Activity {
    pub(super) n: u32,
    pub(super) protocol: Protocol,
    pub(super) port: u16,
    pub(super) service: Option<&'static str>,
    pub(super) from: Hosts,
    pub(super) to: Hosts,
    /// Seconds.
    pub(super) duration: (f64, f64),
    pub(super) bytes_out: (f64, f64),
    pub(super) bytes_in: (f64, f64),
    /// The share that nobody answers.
    pub(super) unanswered: f64,
}

impl Activity {
    /// One connection of this kind, ordinary in all its parts.
    pub(super) fn flow(&self, start: u32, draw: &mut Draw) -> Flow {
        const ENDS: [&str; 10] = ["SF", "SF", "SF", "SF", "SF", "SF", "SF", "SF", "RSTO", "RSTR"];
        let flow = Flow {
            start,
            protocol: self.protocol,
            source: self.from.draw(draw),
            destination: self.to.draw(draw),
            port: self.port,
            service: self.service,
            source_port: ephemeral_port(draw),
            state: match self.protocol {
                Protocol::Tcp => draw.pick(&ENDS),
                Protocol::Udp => "SF",
                Protocol::Icmp => "OTH",
            },
            duration: Some(whole(1_000.0 * draw.log_normal(self.duration))),
            bytes_out: whole(draw.log_normal(self.bytes_out)),
            bytes_in: whole(draw.log_normal(self.bytes_in)),
            label: "normal",
        };
        if draw.chance(self.unanswered) { flow.without_answer("S0") } else { flow }
    }
}

impl Flow {
    /// The same, had nobody answered (`S0`) or somebody refused (`REJ`).
    pub(super) fn without_answer(self, state: &'static str) -> Self {
        // The empty packet that asks for a connection, and the one that declines.
        const ASK: u32 = 60;
        const DECLINE: u32 = 40;
        let bytes_out = if self.protocol == Protocol::Tcp { ASK } else { self.bytes_out };
        let bytes_in = if state == "REJ" { DECLINE } else { 0 };
        Self { state, duration: None, bytes_out, bytes_in, ..self }
    }
}

/// A port that a client is given for the time of a connection.
pub(super) fn ephemeral_port(draw: &mut Draw) -> u16 {
    const FIRST: u16 = 49_152;
    FIRST + u16::try_from(draw.below(u32::from(u16::MAX - FIRST))).expect("below 2¹⁶")
}

impl Flow {
    fn write(&self, line: &mut String) -> std::fmt::Result {
        let Self { source, destination, state, bytes_out, bytes_in, label, .. } = self;
        let is_icmp = self.protocol == Protocol::Icmp;
        let source_port = Cell((!is_icmp).then_some(self.source_port));
        let port = Cell((!is_icmp).then_some(self.port));
        let duration = Cell(self.duration.map(Seconds));
        let (hour, minute) = (self.start / 3_600_000, self.start / 60_000 % 60);
        let (second, millisecond) = (self.start / 1_000 % 60, self.start % 1_000);
        write!(line, "2026-03-10 {hour:02}:{minute:02}:{second:02}.{millisecond:03},{duration},")?;
        write!(line, "{},{source},{source_port},{destination},{port},", self.protocol.name())?;
        writeln!(line, "{},{state},{bytes_out},{bytes_in},{label}", Cell(self.service))
    }
}

impl Protocol {
    fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Icmp => "icmp",
        }
    }
}

/// A value, or the dash that sensors write for none.
struct Cell<T>(Option<T>);

impl<T: std::fmt::Display> std::fmt::Display for Cell<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str("-"),
        }
    }
}

/// Milliseconds, written as seconds.
struct Seconds(u32);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1_000, self.0 % 1_000)
    }
}

/// The file of these flows, in the order they began.
pub(super) fn csv(mut flows: Vec<Flow>) -> String {
    arrange(&mut flows, |a, b| a.start.cmp(&b.start));
    let mut file = HEADER.to_owned();
    for flow in &flows {
        flow.write(&mut file).expect("writing to a string cannot fail");
    }
    file
}
