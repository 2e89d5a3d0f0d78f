use super::{Exclusion, ForeignKey, Index, PartitionKey, Table};
use crate::model::{CollationName, ColumnObjects, Storage};

/// What a table has beside what its struct says. The struct declares the table, and this adds to it.
///
/// ```
/// use schema::build::{Additions, Column, ForeignKey, Table, schema, types};
///
/// // The struct's part; with the feature `derive` it is a struct.
/// let notes = Table::new("notes").column(Column::new("title", types::text())).column(Column::new("owner", types::uuid()));
/// let more = Additions::to("notes")
///     .collate("title", "C")
///     .storage_parameter("fillfactor", "80")
///     .foreign_key(ForeignKey::new(["owner"]).references("users", ["id"]).in_schema("auth"));
/// let schema = schema([more.into(), notes.into()]).expect("the table is declared");
/// assert_eq!(schema.objects.tables["public.notes"].storage_parameters["fillfactor"], "80");
/// assert_eq!(schema.tables["public.notes"].foreign_keys["notes_owner_users_id_fk"].references(), "auth.users");
/// ```
#[derive(Clone, Debug)]
pub struct Additions(Table);

impl Additions {
    /// Additions to a table in `public`.
    pub fn to(table: impl Into<String>) -> Self {
        Additions(Table::new(table))
    }

    /// The schema of the table.
    #[must_use]
    pub fn in_schema(self, schema: impl Into<String>) -> Self {
        Additions(self.0.in_schema(schema))
    }

    /// Adds a foreign key to what no struct declares, or between columns of types that Rust does not take for one.
    #[must_use]
    pub fn foreign_key(self, key: ForeignKey) -> Self {
        Additions(self.0.foreign_key(key))
    }

    /// Adds an index.
    #[must_use]
    pub fn index(self, index: Index) -> Self {
        Additions(self.0.index(index))
    }

    /// Adds an exclusion constraint.
    #[must_use]
    pub fn exclude(self, exclusion: Exclusion) -> Self {
        Additions(self.0.exclude(exclusion))
    }

    /// `PARTITION BY`; its partitions are [objects](super::Partition) of their own.
    #[must_use]
    pub fn partition_by(self, key: PartitionKey) -> Self {
        Additions(self.0.partition_by(key))
    }

    /// A storage parameter: `fillfactor`, `autovacuum_enabled`, ….
    #[must_use]
    pub fn storage_parameter(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Additions(self.0.storage_parameter(name, value))
    }

    /// `UNLOGGED`: its rows are gone after a crash.
    #[must_use]
    pub fn unlogged(self) -> Self {
        Additions(self.0.unlogged())
    }

    /// `FORCE ROW LEVEL SECURITY`: it holds for the owner too.
    #[must_use]
    pub fn force_rls(self) -> Self {
        Additions(self.0.force_rls())
    }

    /// `COLLATE` of a column.
    #[must_use]
    pub fn collate(mut self, column: impl Into<String>, collation: impl Into<CollationName>) -> Self {
        self.column(column).collation = Some(collation.into());
        self
    }

    /// `SET STORAGE` of a column.
    #[must_use]
    pub fn storage(mut self, column: impl Into<String>, storage: Storage) -> Self {
        self.column(column).storage = Some(storage);
        self
    }

    /// `COMPRESSION` of a column.
    #[must_use]
    pub fn compression(mut self, column: impl Into<String>, method: impl Into<String>) -> Self {
        self.column(column).compression = Some(method.into());
        self
    }

    fn column(&mut self, name: impl Into<String>) -> &mut ColumnObjects {
        self.0.objects.columns.entry(name.into()).or_default()
    }

    /// The table's key, and what is added to it.
    pub(super) fn into_parts(self) -> (String, Table) {
        (self.0.key(), self.0)
    }
}
