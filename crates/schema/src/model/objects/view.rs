use serde::Serialize;

use super::IndexObjects;
use crate::model::{Index, Map};

/// What a materialized view has beside its entry in a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ViewObjects {
    /// Indexes by name, each as a snapshot has that of a table.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub indexes: Map<Index>,
    /// What an index has that a snapshot has no place for, by its name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub index_objects: Map<IndexObjects>,
}

impl ViewObjects {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == ViewObjects::default()
    }
}
