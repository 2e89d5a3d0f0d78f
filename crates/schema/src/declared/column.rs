//! One column of a declaration's literal.

mod default;

use serde::Deserialize;

use super::ColumnType;
use super::enumeration::Enums;
use super::literal::Reference;
use super::registry::Declaration;
use crate::build::types::{self, Type};
use crate::build::{self, Index, Unique};
use crate::model::Deferral;
use default::Default;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub(super) name: String,
    /// The field, where the column is named otherwise.
    field: Option<String>,
    #[serde(rename = "type")]
    sql_type: Option<NamedType>,
    /// The declared size of each dimension of an array.
    #[serde(default)]
    array: Vec<Option<u32>>,
    #[serde(default)]
    primary_key: bool,
    unique: Option<UniqueOptions>,
    default: Option<Default>,
    default_sql: Option<String>,
    generated: Option<String>,
    /// Whether the generated value is computed when it is read.
    #[serde(default)]
    is_virtual: bool,
    identity: Option<Identity>,
    pub(super) references: Option<Reference>,
    /// The name of an index on this column alone, empty for the derived one.
    index: Option<String>,
    /// The field's doc comment.
    comment: Option<String>,
}

/// A type that the attribute names.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedType {
    name: String,
    #[serde(default)]
    sizes: Vec<Size>,
    /// The fields of an interval, or a custom type.
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Size {
    Literal(u32),
    Constant { constant: usize },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UniqueOptions {
    name: Option<String>,
    #[serde(default)]
    nulls_not_distinct: bool,
    #[serde(default)]
    deferral: Deferral,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Identity {
    #[serde(default)]
    by_default: bool,
    #[serde(default)]
    cycle: bool,
    name: Option<String>,
    increment: Option<i64>,
    start_with: Option<i64>,
    min_value: Option<i64>,
    max_value: Option<i64>,
    cache: Option<i64>,
}

impl Column {
    /// The field that declares the column.
    pub(super) fn field(&self) -> &str {
        self.field.as_deref().unwrap_or(&self.name)
    }

    /// The index on this column alone.
    pub(super) fn index(&self) -> Option<Index> {
        let name = self.index.as_ref()?;
        let index = Index::on([self.name.as_str()]);
        Some(if name.is_empty() { index } else { index.name(name) })
    }

    /// The column without the key that it references, and with a comment only where `comments` says so.
    pub(super) fn build(
        &self,
        column_type: &ColumnType,
        declaration: &Declaration,
        enums: &Enums,
        comments: bool,
    ) -> Result<build::Column, String> {
        let sql_type = self.sql_type(column_type, declaration)?;
        let mut column = build::Column::new(&self.name, sql_type);
        if !column_type.nullable {
            column = column.not_null();
        }
        if self.primary_key {
            column = column.primary_key();
        }
        if let Some(UniqueOptions { name, nulls_not_distinct, deferral }) = &self.unique {
            let unique = Unique::on([self.name.as_str()]);
            column = column.unique_as(unique_options(unique, name.as_deref(), *nulls_not_distinct, *deferral));
        }
        if let Some(sql) = &self.default_sql {
            column = column.default_sql(sql);
        }
        if let Some(default) = &self.default {
            let literal = default.literal(column_type, declaration, enums);
            column = column
                .default_literal(literal.map_err(|error| format!("the default of column \"{}\": {error}", self.name))?);
        }
        if let Some(expression) = &self.generated {
            column = if self.is_virtual { column.generated_virtual(expression) } else { column.generated(expression) };
        }
        if let Some(identity) = &self.identity {
            column = column.identity(identity.build());
        }
        if let Some(text) = self.comment.as_ref().filter(|_| comments) {
            column = column.comment(text);
        }
        Ok(column)
    }

    /// The type with its sizes and dimensions.
    fn sql_type(&self, column_type: &ColumnType, declaration: &Declaration) -> Result<Type, String> {
        let ColumnType { sql, enum_schema, dimensions, nullable: _ } = *column_type;
        let element = match (&self.sql_type, enum_schema) {
            (Some(named), _) => named.build(sql, declaration)?,
            (None, Some(schema)) => types::enumeration_named(schema, sql),
            (None, None) => types::custom(sql),
        };
        if !self.array.is_empty() && self.array.len() != dimensions {
            let (name, sizes) = (&self.name, self.array.len());
            return Err(format!(
                "column \"{name}\" gives {sizes} array sizes and its Rust type has {dimensions} dimensions; \
                 give one size, or `_`, for each Vec"
            ));
        }
        let sizes = self.array.iter().copied().chain(std::iter::repeat(None)).take(dimensions);
        Ok(sizes.fold(element, |element, size| match size {
            Some(size) => element.array_of(size),
            None => element.array(),
        }))
    }
}

/// Adds what a unique constraint says beside its columns.
pub(super) fn unique_options(
    mut unique: Unique,
    name: Option<&str>,
    nulls_not_distinct: bool,
    deferral: Deferral,
) -> Unique {
    if let Some(name) = name {
        unique = unique.name(name);
    }
    if nulls_not_distinct {
        unique = unique.nulls_not_distinct();
    }
    unique.deferral(deferral)
}

impl NamedType {
    /// The type in the spelling of [`types`]; `sql` is its plain name.
    fn build(&self, sql: &'static str, declaration: &Declaration) -> Result<Type, String> {
        let sizes = self.sizes.iter().map(|size| match *size {
            Size::Literal(size) => Some(size),
            Size::Constant { constant } => declaration.sizes.get(constant).copied(),
        });
        let sizes: Vec<u32> = sizes.flatten().collect();
        Ok(match (self.name.as_str(), sizes.as_slice(), &self.text) {
            ("custom", [], Some(text)) => types::custom(text),
            ("interval", sizes, Some(fields)) => types::interval_with_fields(fields, sizes.first().copied()),
            ("serial", [], None) => types::serial(),
            ("smallserial", [], None) => types::smallserial(),
            ("bigserial", [], None) => types::bigserial(),
            (_, [], None) => types::custom(sql),
            ("varchar", [n], None) => types::varchar(*n),
            ("char", [n], None) => types::char(*n),
            ("bit", [n], None) => types::bit(*n),
            ("vector", [n], None) => types::vector(*n),
            ("halfvec", [n], None) => types::halfvec(*n),
            ("sparsevec", [n], None) => types::sparsevec(*n),
            ("numeric", [precision], None) => types::numeric_with_precision(*precision),
            ("numeric", [precision, scale], None) => types::numeric_with_scale(*precision, *scale),
            ("interval", [n], None) => types::interval_with_precision(*n),
            ("time", [n], None) => types::time_with_precision(*n),
            ("time_with_time_zone", [n], None) => types::time_with_time_zone_and_precision(*n),
            ("timestamp", [n], None) => types::timestamp_with_precision(*n),
            ("timestamp_with_time_zone", [n], None) => types::timestamp_with_time_zone_and_precision(*n),
            (name, ..) => return Err(format!("the type {name} is not known; build the derives anew")),
        })
    }
}

impl Identity {
    fn build(&self) -> build::Identity {
        let Identity { by_default, cycle, name, increment, start_with, min_value, max_value, cache } = self;
        let mut identity = if *by_default { build::Identity::by_default() } else { build::Identity::always() };
        if *cycle {
            identity = identity.cycle();
        }
        if let Some(name) = name {
            identity = identity.name(name);
        }
        type Setter = fn(build::Identity, i64) -> build::Identity;
        let numbers: [(&Option<i64>, Setter); 5] = [
            (increment, build::Identity::increment),
            (start_with, build::Identity::start_with),
            (min_value, build::Identity::min_value),
            (max_value, build::Identity::max_value),
            (cache, build::Identity::cache),
        ];
        numbers.into_iter().fold(identity, |identity, (number, set)| match number {
            Some(number) => set(identity, *number),
            None => identity,
        })
    }
}
