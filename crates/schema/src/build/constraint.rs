use crate::model::{self, CheckObjects, Deferral, ForeignKeyObjects, KeyObjects, PUBLIC, ReferentialAction};
use crate::names;

/// A unique constraint of one or several columns.
#[derive(Clone, Debug)]
pub struct Unique {
    name: Option<String>,
    columns: Vec<String>,
    nulls_not_distinct: bool,
    objects: KeyObjects,
}

impl Unique {
    /// A unique constraint on these columns.
    pub fn on<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Self {
        Unique {
            name: None,
            columns: columns.into_iter().map(Into::into).collect(),
            nulls_not_distinct: false,
            objects: KeyObjects::default(),
        }
    }

    /// The constraint's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// `NULLS NOT DISTINCT` (PostgreSQL 15 and later).
    #[must_use]
    pub fn nulls_not_distinct(mut self) -> Self {
        self.nulls_not_distinct = true;
        self
    }

    key_options!();

    pub(super) fn build(self, table: &str) -> (model::Unique, KeyObjects) {
        let unique = model::Unique {
            name: self.name.unwrap_or_else(|| names::unique(table, &self.columns)),
            nulls_not_distinct: self.nulls_not_distinct,
            columns: self.columns,
        };
        (unique, self.objects)
    }
}

/// A primary key of several columns, or one with a name of its own.
#[derive(Clone, Debug)]
pub struct PrimaryKey {
    name: Option<String>,
    columns: Vec<String>,
    objects: KeyObjects,
}

impl PrimaryKey {
    /// A primary key of these columns.
    pub fn on<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        PrimaryKey { name: None, columns, objects: KeyObjects::default() }
    }

    /// The constraint's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    key_options!();

    pub(super) fn build(self, table: &str) -> (model::PrimaryKey, KeyObjects) {
        let key = model::PrimaryKey {
            name: self.name.unwrap_or_else(|| names::primary_key(table, &self.columns)),
            columns: self.columns,
        };
        (key, self.objects)
    }
}

/// A check constraint.
#[derive(Clone, Debug)]
pub struct Check {
    name: String,
    condition: String,
    objects: CheckObjects,
}

impl Check {
    /// A named condition, without its parentheses.
    pub fn new(name: impl Into<String>, condition: impl Into<String>) -> Self {
        Check { name: name.into(), condition: condition.into(), objects: CheckObjects::default() }
    }

    /// `NO INHERIT`: tables that inherit from this one go without it.
    #[must_use]
    pub fn no_inherit(mut self) -> Self {
        self.objects.is_no_inherit = true;
        self
    }

    pub(super) fn build(self) -> (model::Check, CheckObjects) {
        (model::Check { name: self.name, value: self.condition }, self.objects)
    }
}

/// A foreign key of one or several columns.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    name: Option<String>,
    columns: Vec<String>,
    schema_to: String,
    table_to: String,
    columns_to: Vec<String>,
    on_delete: ReferentialAction,
    on_update: ReferentialAction,
    objects: ForeignKeyObjects,
}

impl ForeignKey {
    /// A foreign key of these columns; [`references`](Self::references) says to what.
    pub fn new<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Self {
        ForeignKey {
            name: None,
            columns: columns.into_iter().map(Into::into).collect(),
            schema_to: PUBLIC.to_owned(),
            table_to: String::new(),
            columns_to: Vec::new(),
            on_delete: ReferentialAction::NoAction,
            on_update: ReferentialAction::NoAction,
            objects: ForeignKeyObjects::default(),
        }
    }

    /// The referenced table, in `public` unless [`in_schema`](Self::in_schema) says otherwise, and its columns.
    #[must_use]
    pub fn references<S: Into<String>>(
        mut self,
        table: impl Into<String>,
        columns: impl IntoIterator<Item = S>,
    ) -> Self {
        self.table_to = table.into();
        self.columns_to = columns.into_iter().map(Into::into).collect();
        self
    }

    /// The schema of the referenced table.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.schema_to = schema.into();
        self
    }

    /// The constraint's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// `ON DELETE`.
    #[must_use]
    pub fn on_delete(mut self, action: ReferentialAction) -> Self {
        self.on_delete = action;
        self
    }

    /// `ON UPDATE`.
    #[must_use]
    pub fn on_update(mut self, action: ReferentialAction) -> Self {
        self.on_update = action;
        self
    }

    /// `MATCH FULL`: in a row, all of its columns are NULL or none is.
    #[must_use]
    pub fn match_full(mut self) -> Self {
        self.objects.is_match_full = true;
        self
    }

    deferral_options!();

    pub(super) fn build(self, table: &str) -> (model::ForeignKey, ForeignKeyObjects) {
        let name =
            self.name.unwrap_or_else(|| names::foreign_key(table, &self.columns, &self.table_to, &self.columns_to));
        let key = model::ForeignKey {
            name,
            table_from: table.to_owned(),
            table_to: self.table_to,
            // A snapshot leaves `schemaTo` out for `public`.
            schema_to: (self.schema_to != PUBLIC && !self.schema_to.is_empty()).then_some(self.schema_to),
            columns_from: self.columns,
            columns_to: self.columns_to,
            on_delete: Some(self.on_delete),
            on_update: Some(self.on_update),
        };
        (key, self.objects)
    }
}
