//! What a person gives, to the text of one table.
//!
//! * [`recognise`]: what a file is, by its first bytes, and the evidence.
//! * [`gzip`], [`zip`]: archives to the bytes they hold.
//! * [`flatten`]: JSON to comma separated lines.
//! * [`conversion`]: these one behind the other, fed with bytes and drained of text.
//!
//! Nothing here reads or waits: whoever has the bytes feeds them, as many or few at a time as suits.
//! A plain file of UTF-8 passes none of it.

mod checksum;
pub mod conversion;
pub mod flatten;
pub mod gzip;
mod inflate;
mod json;
pub mod recognise;
pub mod zip;
