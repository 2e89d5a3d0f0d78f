use serde::Serialize;

use super::{
    Check, Column, Deferral, ForeignKey, Index, KeyObjects, Map, Policy, PrimaryKey, TableObjects, Unique, or_public,
};

/// A table with everything that is dropped when it is dropped.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Table {
    /// The bare name.
    pub name: String,
    /// The schema, empty for `public`; [`Table::schema_name`] writes it out.
    pub schema: String,
    /// Columns by name, in the order in which the table has them.
    pub columns: Map<Column>,
    /// Indexes by name, without those that a constraint brings.
    pub indexes: Map<Index>,
    /// Foreign keys by constraint name.
    pub foreign_keys: Map<ForeignKey>,
    /// A primary key that is named or spans several columns; at most one. One that is neither
    /// is a property of its column.
    pub composite_primary_keys: Map<PrimaryKey>,
    /// Unique constraints by constraint name.
    pub unique_constraints: Map<Unique>,
    /// Row-level security policies by name.
    pub policies: Map<Policy>,
    /// Check constraints by constraint name.
    pub check_constraints: Map<Check>,
    /// Whether row-level security is enabled though no policy says so.
    #[serde(rename = "isRLSEnabled")]
    pub is_rls_enabled: bool,
}

impl Table {
    /// The schema's name with `public` written out.
    pub fn schema_name(&self) -> &str {
        or_public(&self.schema)
    }

    /// The key of this table in [`Schema::tables`](super::Schema::tables).
    pub fn key(&self) -> String {
        super::key(&self.schema, &self.name)
    }

    /// The columns of the primary key, wherever it is declared; empty if there is none.
    pub fn primary_key_columns(&self) -> Vec<&str> {
        match self.composite_primary_keys.values().next() {
            Some(key) => key.columns.iter().map(String::as_str).collect(),
            None => self.columns.values().filter(|c| c.primary_key).map(|c| c.name.as_str()).collect(),
        }
    }

    /// The keys that a foreign key may reference, by their columns, and when each is checked: PostgreSQL takes a primary
    /// key, a unique constraint or a unique index that is neither partial nor on expressions, in any order of its
    /// columns. `objects` is what the table has beside its entry.
    pub fn keys<'a>(
        &'a self,
        objects: Option<&'a TableObjects>,
    ) -> impl Iterator<Item = (Vec<&'a str>, Deferral)> + use<'a> {
        let deferral = move |keys: fn(&TableObjects) -> &Map<KeyObjects>, name: &str| {
            objects.and_then(|objects| keys(objects).get(name)).map(|key| key.deferral).unwrap_or_default()
        };
        let columns = self.primary_key_columns();
        let name = self.composite_primary_keys.keys().next().map(String::as_str).unwrap_or_default();
        let primary_key = (!columns.is_empty()).then(|| (columns, deferral(|of| &of.composite_primary_keys, name)));
        let uniques = self.unique_constraints.values().map(move |unique| {
            let columns = unique.columns.iter().map(String::as_str).collect();
            (columns, deferral(|of| &of.unique_constraints, &unique.name))
        });
        let indexes = self.indexes.values().filter_map(Index::key_columns);
        primary_key.into_iter().chain(uniques).chain(indexes.map(|columns| (columns, Deferral::NotDeferrable)))
    }
}
