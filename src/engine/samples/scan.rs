//! A port scan hidden in a busy server.
//!
//! Thousands of visitors use one or two ports of a web server for two hours. One visitor tries
//! hundreds of ports, one every twenty seconds: too slow for a rule that counts. The stray knocks
//! that every public address gets keep it company.

use super::draw::{Draw, whole};
use super::flow::{Activity, Flow, Hosts, Protocol};

const SERVER: Hosts = Hosts::one("203.0.113.", 80);
const BALANCER: Hosts = Hosts::one("10.0.0.", 2);
const DATABASE: Hosts = Hosts::one("10.0.0.", 90);
const VISITORS: Hosts = Hosts { net: "198.51.100.", first: 1, n: 254 };
const VISITORS_V6: Hosts = Hosts { net: "2001:db8:51::", first: 1, n: 900 };
const ADMINS: Hosts = Hosts { net: "10.0.9.", first: 4, n: 3 };

/// The two hours, in milliseconds since midnight.
const EVENING: (f64, f64) = (18.0 * 3_600_000.0, 20.0 * 3_600_000.0);

const WEB: Activity = Activity {
    n: 9_800,
    protocol: Protocol::Tcp,
    port: 443,
    service: Some("https"),
    from: VISITORS,
    to: SERVER,
    duration: (1.8, 1.0),
    bytes_out: (1_500.0, 0.6),
    bytes_in: (26_000.0, 1.1),
    unanswered: 0.012,
};

const USUAL: [Activity; 8] = [
    WEB,
    Activity { n: 3_400, from: VISITORS_V6, ..WEB },
    Activity {
        n: 1_500,
        port: 80,
        service: Some("http"),
        duration: (0.09, 0.8),
        bytes_out: (420.0, 0.3),
        bytes_in: (560.0, 0.2),
        ..WEB
    },
    // The balancer asks after the server's health: the same few bytes, all day.
    Activity {
        n: 1_440,
        port: 8_080,
        service: Some("http"),
        from: BALANCER,
        duration: (0.004, 0.3),
        bytes_out: (118.0, 0.0),
        bytes_in: (162.0, 0.0),
        unanswered: 0.0,
        ..WEB
    },
    Activity {
        n: 2_200,
        port: 5_432,
        service: Some("postgresql"),
        from: SERVER,
        to: DATABASE,
        duration: (0.4, 0.9),
        bytes_out: (2_400.0, 0.8),
        bytes_in: (19_000.0, 1.2),
        unanswered: 0.001,
        ..WEB
    },
    Activity {
        n: 640,
        protocol: Protocol::Udp,
        port: 53,
        service: Some("dns"),
        from: SERVER,
        to: Hosts::one("10.0.0.", 53),
        duration: (0.008, 0.8),
        bytes_out: (64.0, 0.2),
        bytes_in: (150.0, 0.4),
        ..WEB
    },
    Activity {
        n: 9,
        port: 22,
        service: Some("ssh"),
        from: ADMINS,
        duration: (160.0, 0.9),
        bytes_out: (21_000.0, 0.9),
        bytes_in: (70_000.0, 0.9),
        unanswered: 0.0,
        ..WEB
    },
    // Visitors who send: pictures, forms, backups of telephones.
    Activity {
        n: 60,
        bytes_out: (240_000.0, 0.9),
        bytes_in: (4_000.0, 0.7),
        duration: (6.0, 0.8),
        ..WEB
    },
];

/// Stray knocks, from everywhere, at the doors that are tried everywhere.
const N_STRAY: u32 = 240;
const STRAY: [u16; 8] = [23, 22, 445, 3_389, 6_379, 8_443, 1_433, 5_900];
/// The scan.
const N_PROBES: u32 = 360;
/// Ports that answer.
const OPEN: [(u16, &str); 3] = [(22, "ssh"), (80, "http"), (443, "https")];

pub(super) fn n_rows() -> u32 {
    USUAL.iter().map(|activity| activity.n).sum::<u32>() + N_STRAY + N_PROBES
}

pub(super) fn flows(seed: u64) -> Vec<Flow> {
    let mut streams = (0..).map(|index| Draw::new(seed, index));
    let mut stream = || streams.next().expect("streams never end");
    let mut flows = Vec::with_capacity(n_rows() as usize);
    for activity in USUAL {
        let mut draw = stream();
        flows.extend((0..activity.n).map(|_| {
            // The load grows through the evening: the larger of two draws.
            let at = draw.unit().max(draw.unit());
            activity.flow(whole(EVENING.0 + at * (EVENING.1 - EVENING.0)), &mut draw)
        }));
    }
    flows.extend(stray_knocks(stream()));
    flows.extend(port_scan(stream()));
    flows
}

fn stray_knocks(mut draw: Draw) -> impl Iterator<Item = Flow> {
    (0..N_STRAY).map(move |_| {
        let start = whole(draw.between(EVENING.0, EVENING.1));
        let port = draw.pick(&STRAY);
        let kind = Activity { port, service: None, ..WEB };
        let state = if draw.chance(0.6) { "S0" } else { "REJ" };
        kind.flow(start, &mut draw).without_answer(state)
    })
}

/// One visitor, one port after the other in no order, twenty seconds apart more or less.
fn port_scan(mut draw: Draw) -> impl Iterator<Item = Flow> {
    let visitor = Hosts::one("192.0.2.", 201);
    let gap = (EVENING.1 - EVENING.0) / f64::from(N_PROBES);
    (0..N_PROBES).map(move |i| {
        let start = whole(EVENING.0 + gap * (f64::from(i) + draw.unit()));
        let label = "port scan";
        // A door or two in a hundred is open: then a greeting is read, and the line is cut.
        if draw.chance(0.02) {
            let (port, service) = draw.pick(&OPEN);
            let kind = Activity {
                port,
                service: Some(service),
                from: visitor,
                duration: (0.06, 0.3),
                bytes_out: (24.0, 0.1),
                bytes_in: (64.0, 0.4),
                unanswered: 0.0,
                ..WEB
            };
            return Flow { state: "RSTO", label, ..kind.flow(start, &mut draw) };
        }
        // Most are among the ports that services use, the rest anywhere.
        let highest = if draw.chance(0.85) { 1_023 } else { 49_151 };
        let port = u16::try_from(1 + draw.below(highest)).expect("below 2¹⁶");
        let kind = Activity { port, service: None, from: visitor, ..WEB };
        // The fire wall drops most; what gets through is refused.
        let state = if draw.chance(0.7) { "S0" } else { "REJ" };
        Flow { label, ..kind.flow(start, &mut draw).without_answer(state) }
    })
}
