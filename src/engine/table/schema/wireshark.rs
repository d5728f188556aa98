//! Wireshark's export of the packet list as CSV.

use super::field::{Field, Is, c, f, m};

/// Names of the packet list's own columns.
pub(super) const NEEDS: [&str; 6] = ["No.", "Time", "Source", "Destination", "Protocol", "Info"];

/// The columns that the packet list has unless a person changed it.
pub(super) const FIELDS: &[Field] = &[
    f("No.", Is::Id("the number of the packet"), "Number of the packet in the capture."),
    f(
        "Time",
        Is::Time,
        "When the packet was captured: seconds since the first one, unless another display was chosen.",
    ),
    f("Source", Is::Entity, "Address or name of the sender."),
    f("Destination", Is::Entity, "Address or name of the receiver."),
    c("Protocol", "The highest protocol that was recognised."),
    m("Length", "Size of the frame.", "bytes"),
    f(
        "Info",
        Is::Aside("free text made from the packet: nearly every row has its own"),
        "What the packet says, in words.",
    ),
];
