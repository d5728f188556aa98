//! Chosen features as rank codes: what every model reads.
