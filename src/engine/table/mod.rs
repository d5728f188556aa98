//! Typed columns in compact form, their profiles and roles.

mod profile;
pub mod time;
pub mod value;

pub use profile::{
    Bin, ColumnProfile, ColumnType, Frequency, KnownSchema, Profile, Role, RoleReason, Values,
};
