//! Any bytes have some layout.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/fuzz_support/mod.rs"]
mod fuzz_support;

fuzz_target!(|input: &[u8]| fuzz_support::sniffer(input));
