use serde::Serialize;

/// A sequence that stands alone. Numbers are decimal text, as in the snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sequence {
    /// The bare name.
    pub name: String,
    /// The schema, written out.
    pub schema: String,
    /// `INCREMENT BY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub increment: Option<String>,
    /// `START WITH`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_with: Option<String>,
    /// `MINVALUE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_value: Option<String>,
    /// `MAXVALUE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_value: Option<String>,
    /// `CACHE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<String>,
    /// `CYCLE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycle: Option<bool>,
}

impl Sequence {
    /// The key of this sequence in [`Schema::sequences`](super::Schema::sequences).
    pub fn key(&self) -> String {
        super::key(&self.schema, &self.name)
    }
}
