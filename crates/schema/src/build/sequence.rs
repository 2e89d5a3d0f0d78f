use super::Object;
use crate::model::{self, PUBLIC};

/// A sequence that stands alone.
///
/// ```
/// use schema::build::{Object, Sequence, schema};
///
/// let invoices = Sequence::new("invoice_number").in_schema("app").start_with(1000).increment(2);
/// let schema = schema([invoices.into()]).unwrap();
/// assert_eq!(schema.sequences["app.invoice_number"].start_with.as_deref(), Some("1000"));
/// ```
#[derive(Clone, Debug)]
pub struct Sequence {
    name: String,
    schema: String,
    increment: Option<i64>,
    start_with: Option<i64>,
    min_value: Option<i64>,
    max_value: Option<i64>,
    cache: Option<i64>,
    cycle: bool,
}

impl Sequence {
    /// A sequence in `public` that counts from 1 by 1.
    pub fn new(name: impl Into<String>) -> Self {
        Sequence {
            name: name.into(),
            schema: PUBLIC.to_owned(),
            increment: None,
            start_with: None,
            min_value: None,
            max_value: None,
            cache: None,
            cycle: false,
        }
    }

    /// Puts it into another schema.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.schema = schema.into();
        self
    }

    sequence_options!();
}

impl From<Sequence> for Object {
    /// The sequence as a snapshot has it: every option written out.
    fn from(sequence: Sequence) -> Self {
        let Sequence { name, schema, increment, start_with, min_value, max_value, cache, cycle } = sequence;
        let increment = increment.unwrap_or(1);
        let bounds = Bounds::of(increment, start_with, min_value, max_value, (i64::MIN, i64::MAX));
        Object::Sequence(model::Sequence {
            name,
            schema,
            increment: Some(increment.to_string()),
            start_with: Some(bounds.start.to_string()),
            min_value: Some(bounds.min.to_string()),
            max_value: Some(bounds.max.to_string()),
            cache: Some(cache.unwrap_or(1).to_string()),
            cycle: Some(cycle),
        })
    }
}

/// Where a sequence begins and between what it counts.
pub(super) struct Bounds {
    pub(super) start: i64,
    pub(super) min: i64,
    pub(super) max: i64,
}

impl Bounds {
    /// As CREATE SEQUENCE has it: an ascending sequence starts at 1, a descending one at -1, and each ends with the
    /// numbers of its type.
    pub(super) fn of(
        increment: i64,
        start: Option<i64>,
        min: Option<i64>,
        max: Option<i64>,
        (least, greatest): (i64, i64),
    ) -> Self {
        let min = min.unwrap_or(if increment < 0 { least } else { 1 });
        let max = max.unwrap_or(if increment < 0 { -1 } else { greatest });
        Bounds { start: start.unwrap_or(if increment < 0 { max } else { min }), min, max }
    }
}
