//! An office day with four intrusions.
//!
//! Forty desks and a handful of servers, from midnight to midnight. Each intrusion is odd in a way
//! of its own: by size and hour, by number, by where it goes, by its regularity.

use super::draw::{Draw, whole};
use super::flow::{Activity, Flow, Hosts, Protocol, ephemeral_port};

const DESKS: Hosts = Hosts { net: "10.20.1.", first: 11, n: 42 };
const SERVERS: Hosts = Hosts { net: "10.20.0.", first: 10, n: 8 };
const RESOLVER: Hosts = Hosts::one("10.20.0.", 10);
const FILES: Hosts = Hosts::one("10.20.0.", 20);
const MAIL: Hosts = Hosts::one("10.20.0.", 25);
const INTRANET: Hosts = Hosts::one("10.20.0.", 30);
const PRINTERS: Hosts = Hosts { net: "10.20.0.", first: 40, n: 3 };
const BACKUP: Hosts = Hosts::one("10.20.0.", 50);
const BUILD: Hosts = Hosts::one("10.20.0.", 60);
const MONITOR: Hosts = Hosts::one("10.20.0.", 5);
const SITES: Hosts = Hosts { net: "198.51.100.", first: 1, n: 220 };
const CLOUD: Hosts = Hosts { net: "203.0.113.", first: 1, n: 60 };

const HOUR: f64 = 3_600_000.0;
/// How busy people are at each hour, in percent of the busiest; between hours it is interpolated.
const RHYTHM: [f64; 25] = [
    2., 1., 1., 1., 1., 2., 6., 25., 70., 95., 100., 92., 55., 72., 98., 94., 85., 66., 36., 16.,
    9., 6., 4., 3., 2.,
];

const fn tcp(n: u32, port: u16, service: &'static str, to: Hosts) -> Activity {
    Activity {
        n,
        protocol: Protocol::Tcp,
        port,
        service: Some(service),
        from: DESKS,
        to,
        duration: (4.0, 1.4),
        bytes_out: (1_900.0, 1.0),
        bytes_in: (14_000.0, 1.5),
        unanswered: 0.004,
    }
}

const fn udp(n: u32, port: u16, service: &'static str, to: Hosts) -> Activity {
    Activity { protocol: Protocol::Udp, ..tcp(n, port, service, to) }
}

/// What people do, in their rhythm.
const PEOPLE: [Activity; 9] = [
    tcp(5_200, 443, "https", SITES),
    tcp(2_300, 443, "https", CLOUD),
    tcp(420, 80, "http", SITES),
    Activity {
        duration: (0.012, 0.9),
        bytes_out: (72.0, 0.25),
        bytes_in: (170.0, 0.5),
        unanswered: 0.01,
        ..udp(4_600, 53, "dns", RESOLVER)
    },
    Activity {
        duration: (35.0, 1.1),
        bytes_out: (2_600.0, 1.2),
        bytes_in: (21_000.0, 1.5),
        ..tcp(1_150, 993, "imaps", MAIL)
    },
    Activity {
        duration: (18.0, 1.2),
        bytes_out: (9_000.0, 1.5),
        bytes_in: (50_000.0, 1.6),
        ..tcp(1_300, 445, "smb", FILES)
    },
    tcp(780, 443, "https", INTRANET),
    Activity {
        duration: (6.0, 0.6),
        bytes_out: (260_000.0, 0.8),
        bytes_in: (900.0, 0.3),
        ..tcp(110, 9_100, "print", PRINTERS)
    },
    Activity {
        duration: (160.0, 1.1),
        bytes_out: (16_000.0, 1.2),
        bytes_in: (48_000.0, 1.3),
        ..tcp(48, 22, "ssh", BUILD)
    },
];

/// What machines do, day and night.
const MACHINES: [Activity; 4] = [
    Activity {
        duration: (0.03, 0.4),
        bytes_out: (48.0, 0.0),
        bytes_in: (48.0, 0.0),
        unanswered: 0.01,
        ..udp(900, 123, "ntp", RESOLVER)
    },
    Activity {
        protocol: Protocol::Icmp,
        from: MONITOR,
        duration: (0.002, 0.5),
        bytes_out: (64.0, 0.0),
        bytes_in: (64.0, 0.0),
        ..udp(2_000, 0, "echo", SERVERS)
    },
    Activity {
        from: SERVERS,
        duration: (9.0, 1.2),
        bytes_out: (3_000.0, 0.8),
        bytes_in: (300_000.0, 1.5),
        ..tcp(240, 443, "https", SITES)
    },
    // Desks that look for printers by calling everybody: nobody has to answer.
    Activity {
        bytes_out: (170.0, 0.1),
        unanswered: 1.0,
        ..udp(90, 1_900, "ssdp", Hosts::one("239.255.255.", 250))
    },
];

/// The servers' nightly copies: as large as anything in the file, and nothing wrong with them.
const COPIES: Activity = Activity {
    from: SERVERS,
    duration: (700.0, 0.5),
    bytes_out: (500e6, 0.4),
    bytes_in: (300_000.0, 0.6),
    ..tcp(5, 873, "rsync", BACKUP)
};

const N_EXFILTRATION: u32 = 9;
const N_GUESSES: u32 = 120;
const N_NEIGHBOURS: u32 = 48;
const N_BEACONS: u32 = 95;

pub(super) fn n_rows() -> u32 {
    let usual: u32 = PEOPLE.iter().chain(&MACHINES).map(|activity| activity.n).sum();
    usual + COPIES.n + N_EXFILTRATION + N_GUESSES + N_NEIGHBOURS + N_BEACONS
}

pub(super) fn flows(seed: u64) -> Vec<Flow> {
    let mut streams = (0..).map(|index| Draw::new(seed, index));
    let mut stream = || streams.next().expect("streams never end");
    let mut flows = Vec::with_capacity(n_rows() as usize);
    for activity in PEOPLE {
        let mut draw = stream();
        flows.extend((0..activity.n).map(|_| activity.flow(in_rhythm(&mut draw), &mut draw)));
    }
    for activity in MACHINES {
        let mut draw = stream();
        flows.extend(
            (0..activity.n).map(|_| activity.flow(between(&mut draw, 0.0, 24.0), &mut draw)),
        );
    }
    let mut draw = stream();
    flows.extend((0..COPIES.n).map(|_| COPIES.flow(between(&mut draw, 1.0, 2.5), &mut draw)));
    flows.extend(exfiltration(stream()));
    flows.extend(password_guessing(stream()));
    flows.extend(lateral_movement(stream()));
    flows.extend(beaconing(stream()));
    flows
}

/// A desk sends gigabytes out at night, in few long connections that bring little back.
fn exfiltration(mut draw: Draw) -> impl Iterator<Item = Flow> {
    let kind = Activity {
        from: Hosts::one(DESKS.net, 37),
        duration: (420.0, 0.4),
        bytes_out: (380e6, 0.4),
        bytes_in: (260_000.0, 0.4),
        unanswered: 0.0,
        ..tcp(0, 443, "https", Hosts::one("192.0.2.", 77))
    };
    (0..N_EXFILTRATION).map(move |_| {
        let start = between(&mut draw, 3.2, 4.6);
        Flow { label: "exfiltration", ..kind.flow(start, &mut draw) }
    })
}

/// Somebody outside tries passwords on the build server for twelve minutes; each try is cut off.
fn password_guessing(mut draw: Draw) -> impl Iterator<Item = Flow> {
    let kind = Activity {
        from: Hosts::one("192.0.2.", 140),
        duration: (2.1, 0.15),
        bytes_out: (1_250.0, 0.06),
        bytes_in: (1_800.0, 0.05),
        unanswered: 0.02,
        ..tcp(0, 22, "ssh", BUILD)
    };
    (0..N_GUESSES).map(move |_| {
        let start = between(&mut draw, 14.3, 14.5);
        let flow = kind.flow(start, &mut draw);
        let state = if flow.duration.is_some() { "RSTR" } else { flow.state };
        Flow { state, label: "password guessing", ..flow }
    })
}

/// A desk knocks at the doors of its neighbours for remote control; three of them open.
fn lateral_movement(mut draw: Draw) -> impl Iterator<Item = Flow> {
    const DOORS: [(u16, &str); 4] =
        [(445, "smb"), (3_389, "rdp"), (5_985, "winrm"), (49_664, "dcerpc")];
    (0..N_NEIGHBOURS).map(move |i| {
        let (port, service) = draw.pick(&DOORS);
        let is_open = i % 16 == 7;
        let (port, service) = if is_open { DOORS[1] } else { (port, service) };
        let kind = Activity {
            from: Hosts::one(DESKS.net, 19),
            duration: (310.0, 0.5),
            bytes_out: (240_000.0, 0.6),
            bytes_in: (3_100_000.0, 0.5),
            unanswered: 0.0,
            ..tcp(0, port, service, DESKS)
        };
        let start = between(&mut draw, 11.1, 11.8);
        let flow = Flow { label: "lateral movement", ..kind.flow(start, &mut draw) };
        if is_open {
            return flow;
        }
        Flow { service: None, ..flow.without_answer(draw.pick(&["REJ", "REJ", "S0"])) }
    })
}

/// A desk calls the same address every ten minutes, always for the same few bytes.
fn beaconing(mut draw: Draw) -> impl Iterator<Item = Flow> {
    let source = format!("{}26", DESKS.net);
    (0..N_BEACONS).map(move |i| {
        let minutes = 8.0 * 60.0 + 10.0 * f64::from(i) + 0.4 * draw.normal();
        Flow {
            start: whole(minutes.clamp(0.0, 1_439.0) * 60_000.0),
            protocol: Protocol::Tcp,
            source: source.clone(),
            destination: "192.0.2.9".to_owned(),
            port: 50_050,
            service: None,
            source_port: ephemeral_port(&mut draw),
            state: "SF",
            duration: Some(whole(draw.log_normal((410.0, 0.1)))),
            bytes_out: 312 + draw.below(5),
            bytes_in: 148,
            label: "beaconing",
        }
    })
}

/// A moment of the day, as likely as people are busy then.
fn in_rhythm(draw: &mut Draw) -> u32 {
    loop {
        let hour = draw.between(0.0, 24.0);
        let (whole_hour, rest) = (whole(hour) as usize, hour.fract());
        let busy = (1.0 - rest) * RHYTHM[whole_hour] + rest * RHYTHM[whole_hour + 1];
        if draw.chance(busy / 100.0) {
            return whole(hour * HOUR);
        }
    }
}

/// A moment between two hours.
fn between(draw: &mut Draw, first: f64, last: f64) -> u32 {
    whole(draw.between(first, last) * HOUR)
}
