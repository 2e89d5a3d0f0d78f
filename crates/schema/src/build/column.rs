use super::sequence::Bounds;
use super::types::Type;
use super::{ForeignKey, Literal, Unique};
use crate::model::{
    self, CollationName, ColumnDefault, ColumnObjects, Generated, GeneratedKind, IdentityKind, Storage,
};
use crate::{names, quote};

/// A column, with the constraints that concern it alone.
#[derive(Clone, Debug)]
pub struct Column {
    pub(super) column: model::Column,
    pub(super) unique: Option<Unique>,
    pub(super) identity: Option<Identity>,
    pub(super) references: Option<ForeignKey>,
    pub(super) objects: ColumnObjects,
    pub(super) comment: Option<String>,
}

impl Column {
    /// A nullable column without a default.
    pub fn new(name: impl Into<String>, sql_type: Type) -> Self {
        let Type { sql, schema, not_null } = sql_type;
        Column {
            column: model::Column {
                name: name.into(),
                sql_type: sql,
                type_schema: schema,
                not_null,
                ..model::Column::default()
            },
            unique: None,
            identity: None,
            references: None,
            objects: ColumnObjects::default(),
            comment: None,
        }
    }

    /// `NOT NULL`.
    #[must_use]
    pub fn not_null(mut self) -> Self {
        self.column.not_null = true;
        self
    }

    /// Makes the column the primary key, which is NOT NULL.
    #[must_use]
    pub fn primary_key(mut self) -> Self {
        self.column.primary_key = true;
        self.not_null()
    }

    /// `DEFAULT` with an SQL expression: `now()`, `'it''s'`.
    #[must_use]
    pub fn default_sql(mut self, expression: impl Into<String>) -> Self {
        self.column.default = Some(ColumnDefault::Expression(expression.into()));
        self
    }

    /// `DEFAULT` with a string, which is quoted here.
    #[must_use]
    pub fn default_text(self, text: &str) -> Self {
        self.default_sql(quote::literal(text))
    }

    /// `DEFAULT` with a number.
    #[must_use]
    pub fn default_number(mut self, number: impl Into<serde_json::Number>) -> Self {
        self.column.default = Some(ColumnDefault::Literal(number.into().to_string()));
        self
    }

    /// `DEFAULT true` or `DEFAULT false`.
    #[must_use]
    pub fn default_bool(mut self, value: bool) -> Self {
        self.column.default = Some(ColumnDefault::Literal(value.to_string()));
        self
    }

    /// `DEFAULT` with a value of any kind, quoted and escaped as its kind needs it.
    #[must_use]
    pub fn default_literal(mut self, literal: Literal) -> Self {
        self.column.default = Some(literal.into_default());
        self
    }

    /// `DEFAULT now()`.
    #[must_use]
    pub fn default_now(self) -> Self {
        self.default_sql("now()")
    }

    /// `DEFAULT gen_random_uuid()`.
    #[must_use]
    pub fn default_random(self) -> Self {
        self.default_sql("gen_random_uuid()")
    }

    /// A unique constraint on this column, named as drizzle-kit names it.
    #[must_use]
    pub fn unique(self) -> Self {
        let name = self.column.name.clone();
        self.unique_as(Unique::on([name]))
    }

    /// A unique constraint on this column with a name or options of its own.
    #[must_use]
    pub fn unique_as(mut self, unique: Unique) -> Self {
        self.unique = Some(unique);
        self
    }

    /// `GENERATED ALWAYS AS (expression) STORED`.
    #[must_use]
    pub fn generated(mut self, expression: impl Into<String>) -> Self {
        self.column.generated = Some(Generated { expression: expression.into(), kind: GeneratedKind::Stored });
        self
    }

    /// `GENERATED ALWAYS AS (expression) VIRTUAL`: computed when it is read (PostgreSQL 18 and later).
    #[must_use]
    pub fn generated_virtual(mut self, expression: impl Into<String>) -> Self {
        self.objects.is_virtual = true;
        self.generated(expression)
    }

    /// `GENERATED ALWAYS AS IDENTITY` or `BY DEFAULT`, which is NOT NULL.
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = Some(identity);
        self.not_null()
    }

    /// A foreign key of this column alone.
    #[must_use]
    pub fn references(mut self, table: &str, column: &str) -> Self {
        let name = self.column.name.clone();
        self.references = Some(ForeignKey::new([name]).references(table, [column]));
        self
    }

    /// A foreign key of this column alone, with options; its columns are replaced by this one.
    #[must_use]
    pub fn references_as(mut self, key: ForeignKey) -> Self {
        self.references = Some(key);
        self
    }

    /// `COLLATE`.
    #[must_use]
    pub fn collate(mut self, collation: impl Into<CollationName>) -> Self {
        self.objects.collation = Some(collation.into());
        self
    }

    /// `SET STORAGE`: how long values are kept.
    #[must_use]
    pub fn storage(mut self, storage: Storage) -> Self {
        self.objects.storage = Some(storage);
        self
    }

    /// `COMPRESSION`: the method for long values, `pglz` or `lz4`.
    #[must_use]
    pub fn compression(mut self, method: impl Into<String>) -> Self {
        self.objects.compression = Some(method.into());
        self
    }

    /// `COMMENT ON COLUMN`.
    #[must_use]
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.comment = Some(text.into());
        self
    }
}

/// The sequence of an identity column. What is not set is PostgreSQL's default for the type.
#[derive(Clone, Debug)]
pub struct Identity {
    kind: IdentityKind,
    name: Option<String>,
    increment: Option<i64>,
    start_with: Option<i64>,
    min_value: Option<i64>,
    max_value: Option<i64>,
    cache: Option<i64>,
    cycle: bool,
}

impl Identity {
    /// `GENERATED ALWAYS`.
    pub fn always() -> Self {
        Self::new(IdentityKind::Always)
    }

    /// `GENERATED BY DEFAULT`.
    pub fn by_default() -> Self {
        Self::new(IdentityKind::ByDefault)
    }

    fn new(kind: IdentityKind) -> Self {
        Identity {
            kind,
            name: None,
            increment: None,
            start_with: None,
            min_value: None,
            max_value: None,
            cache: None,
            cycle: false,
        }
    }

    /// The sequence's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    sequence_options!();

    /// The identity as a snapshot has it: every option written out.
    pub(super) fn build(self, schema: &str, table: &str, column: &model::Column) -> model::Identity {
        let increment = self.increment.unwrap_or(1);
        let (least, greatest) = match column.sql_type.as_str() {
            "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
            "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
            _ => (i64::MIN, i64::MAX),
        };
        let Bounds { start, min, max } =
            Bounds::of(increment, self.start_with, self.min_value, self.max_value, (least, greatest));
        model::Identity {
            kind: self.kind,
            name: self.name.unwrap_or_else(|| names::identity_sequence(table, &column.name)),
            schema: Some(model::or_public(schema).to_owned()),
            increment: Some(increment.to_string()),
            start_with: Some(start.to_string()),
            min_value: Some(min.to_string()),
            max_value: Some(max.to_string()),
            cache: Some(self.cache.unwrap_or(1).to_string()),
            cycle: Some(self.cycle),
        }
    }
}
