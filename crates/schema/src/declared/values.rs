//! Rust types for PostgreSQL types that neither the standard library nor a well-known crate has.

use serde::{Deserialize, Serialize};

/// A document of the type `T`, stored as `jsonb`, or as `json` where the attribute says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json<T>(pub T);

/// A point of the plane: `point`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The first coordinate.
    pub x: f64,
    /// The second coordinate.
    pub y: f64,
}

/// The infinite line ax + by + c = 0: `line`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The factor of x.
    pub a: f64,
    /// The factor of y.
    pub b: f64,
    /// The constant.
    pub c: f64,
}

/// A span of time as PostgreSQL keeps it: months and days have no fixed length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Interval {
    /// Whole months.
    pub months: i32,
    /// Whole days.
    pub days: i32,
    /// The rest, in microseconds.
    pub microseconds: i64,
}

/// A vector of pgvector: `vector(n)`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Vector(pub Vec<f32>);

/// A text that is no label of an enum type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{label}' is no value of the enum \"{name}\"")]
pub struct UnknownLabel {
    name: &'static str,
    label: String,
}

impl UnknownLabel {
    #[doc(hidden)]
    pub fn new(name: &'static str, label: &str) -> Self {
        UnknownLabel { name, label: label.to_owned() }
    }
}
