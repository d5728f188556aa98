//! Typed columns in compact form, their profiles and roles.

pub mod builder;
mod codes;
pub mod dictionary;
mod direction;
pub mod format;
pub mod missing;
pub mod number;
mod profile;
pub mod reader;
pub mod roles;
pub mod schema;
pub mod share;
pub mod time;
pub mod value;
pub mod zeek;

pub use codes::Codes;
pub use direction::Direction;
pub use profile::{
    Bin, ColumnProfile, ColumnType, Frequency, KnownSchema, Profile, Role, RoleReason, Values,
};
