//! The literal of a declaration, read into the builder's values.

mod parts;

use std::any::TypeId;

use serde::Deserialize;

use self::parts::{Key, Policy, TableCheck, TableIndex, TableUnique};
use super::ColumnType;
use super::column::Column;
use super::enumeration::Enums;
use super::names::{Names, Tables};
use super::registry::Declaration;
use super::resolved::Resolved;
use crate::build::{self, Index};
use crate::model::{Deferral, PUBLIC, ReferentialAction, key};

/// A declaration that is read: its literal, and the answers of the compiler by their kind.
pub(super) struct Table {
    literal: Literal,
    declaration: &'static Declaration,
    types: Vec<&'static ColumnType>,
    references: Vec<TypeId>,
    groups: Vec<Table>,
}

/// A field of a struct that is a column.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) column: &'a str,
    pub(super) column_type: &'static ColumnType,
}

/// A table as a derive writes it. Fields of the struct are named as in Rust.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Literal {
    #[serde(default)]
    name: String,
    #[serde(default)]
    schema: String,
    #[serde(default)]
    rls: bool,
    /// Whether comments of the columns count: a group has them for all who flatten it.
    #[serde(default)]
    comments: bool,
    comment: Option<String>,
    #[serde(default)]
    columns: Vec<Member>,
    #[serde(default)]
    indexes: Vec<TableIndex>,
    #[serde(default)]
    uniques: Vec<TableUnique>,
    primary_key: Option<Key>,
    #[serde(default)]
    foreign_keys: Vec<Reference>,
    #[serde(default)]
    checks: Vec<TableCheck>,
    #[serde(default)]
    policies: Vec<Policy>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Member {
    Group { field: String, group: usize },
    Column(Box<Column>),
}

/// A foreign key; that of a single column has no `on`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reference {
    table: usize,
    name: Option<String>,
    #[serde(default)]
    on: Vec<String>,
    fields: Vec<String>,
    on_delete: Option<ReferentialAction>,
    on_update: Option<ReferentialAction>,
    #[serde(default)]
    match_full: bool,
    #[serde(default)]
    deferral: Deferral,
}

impl Table {
    pub(super) fn read(declaration: &'static Declaration) -> Result<Self, serde_json::Error> {
        let literal = serde_json::from_str(declaration.literal)?;
        let mut table = Table { literal, declaration, types: Vec::new(), references: Vec::new(), groups: Vec::new() };
        let mut groups = Vec::new();
        declaration.resolved.each(&mut |resolved| match resolved {
            Resolved::Column(column_type) => table.types.push(column_type),
            Resolved::Table(id) => table.references.push(id),
            Resolved::Group(group) => groups.push(group),
            Resolved::Checked | Resolved::Several(_) => {}
        });
        table.groups = groups.into_iter().map(Table::read).collect::<Result<_, _>>()?;
        Ok(table)
    }

    pub(super) fn id(&self) -> TypeId {
        self.declaration.id
    }

    pub(super) fn place(&self) -> &'static str {
        self.declaration.place
    }

    pub(super) fn name(&self) -> &str {
        &self.literal.name
    }

    pub(super) fn schema(&self) -> &str {
        if self.literal.schema.is_empty() { PUBLIC } else { &self.literal.schema }
    }

    pub(super) fn key(&self) -> String {
        key(self.schema(), self.name())
    }

    /// Each field that is a column, by its path: a group's fields stand behind the group's own.
    pub(super) fn fields(&self) -> Vec<(String, Field<'_>)> {
        let mut fields = Vec::new();
        let mut types = self.types.iter();
        for member in &self.literal.columns {
            match member {
                Member::Column(column) => {
                    let field = types.next().map(|column_type| Field { column: &column.name, column_type });
                    fields.extend(field.map(|field| (column.field().to_owned(), field)));
                }
                Member::Group { field, group } => {
                    let inner = self.groups.get(*group).map(Table::fields).unwrap_or_default();
                    fields.extend(inner.into_iter().map(|(name, column)| (format!("{field}.{name}"), column)));
                }
            }
        }
        fields
    }

    /// The table for the builder, with its names resolved.
    ///
    /// # Errors
    /// What the derive could not see: two columns of one name through a group, a field that is not there, an
    /// array's sizes that are not its dimensions, a default that does not fit its type.
    pub(super) fn build(&self, tables: &Tables, enums: &Enums) -> Result<build::Table, String> {
        let Literal {
            name,
            schema,
            rls,
            comments,
            comment,
            columns: _,
            indexes,
            uniques,
            primary_key,
            foreign_keys,
            checks,
            policies,
        } = &self.literal;
        let names = Names::new(self, tables);
        let mut table = build::Table::new(name).in_schema(schema);
        if *rls {
            table = table.enable_rls();
        }
        if let Some(text) = comment {
            table = table.comment(text);
        }
        table = self.columns(table, "", &names, enums, *comments)?;
        for check in checks {
            table = table.check(check.build());
        }
        for policy in policies {
            table = table.policy(policy.build());
        }
        for index in indexes {
            table = table.index(index.build(&names)?);
        }
        for unique in uniques {
            table = table.unique(unique.build(&names)?);
        }
        if let Some(key) = primary_key {
            table = table.primary_key(key.build(&names)?);
        }
        for key in foreign_keys {
            table = table.foreign_key(key.build(&key.on, self, &names)?);
        }
        Ok(table)
    }

    /// Adds the columns; `path` leads to the struct that has them as fields.
    fn columns(
        &self,
        mut table: build::Table,
        path: &str,
        names: &Names,
        enums: &Enums,
        comments: bool,
    ) -> Result<build::Table, String> {
        let mut types = self.types.iter();
        for member in &self.literal.columns {
            table = match member {
                Member::Column(column) => {
                    let column_type = types.next().ok_or("a column has no type; build the derives anew")?;
                    let built = column.build(column_type, self.declaration, enums, comments)?;
                    let table = table.column(match &column.references {
                        Some(key) => {
                            let from = [format!("{path}{}", column.field())];
                            built.references_as(key.build(&from, self, names)?)
                        }
                        None => built,
                    });
                    match column.index() {
                        Some(index) => table.index(index),
                        None => table,
                    }
                }
                Member::Group { field, group } => match self.groups.get(*group) {
                    Some(group) => group.columns(table, &format!("{field}."), names, enums, comments)?,
                    None => return Err("a group has no declaration; build the derives anew".to_owned()),
                },
            };
        }
        Ok(table)
    }
}

/// What a view takes from its struct: columns and indexes, since its query has all else.
impl Table {
    pub(super) fn comment(&self) -> Option<&str> {
        self.literal.comment.as_deref()
    }

    pub(super) fn view_columns(&self, enums: &Enums) -> Result<Vec<build::Column>, String> {
        self.columns_of_view(enums, self.literal.comments)
    }

    /// The indexes of a materialized view: those on fields, then those on the struct, as a table has them.
    pub(super) fn view_indexes(&self, tables: &Tables) -> Result<Vec<Index>, String> {
        let names = Names::new(self, tables);
        let on_fields = self.literal.columns.iter().filter_map(|member| match member {
            Member::Column(column) => column.index(),
            Member::Group { .. } => None,
        });
        let on_struct = self.literal.indexes.iter().map(|index| index.build(&names));
        on_fields.map(Ok).chain(on_struct).collect()
    }

    fn columns_of_view(&self, enums: &Enums, comments: bool) -> Result<Vec<build::Column>, String> {
        let mut columns = Vec::new();
        let mut types = self.types.iter();
        for member in &self.literal.columns {
            match member {
                Member::Column(column) => {
                    let column_type = types.next().ok_or("a column has no type; build the derives anew")?;
                    columns.push(column.build(column_type, self.declaration, enums, comments)?);
                }
                Member::Group { group, .. } => match self.groups.get(*group) {
                    Some(group) => columns.extend(group.columns_of_view(enums, comments)?),
                    None => return Err("a group has no declaration; build the derives anew".to_owned()),
                },
            }
        }
        Ok(columns)
    }
}

impl Reference {
    /// The key from these fields of the own table.
    fn build(&self, from: &[String], own: &Table, names: &Names) -> Result<build::ForeignKey, String> {
        let Reference { table, name, on: _, fields, on_delete, on_update, match_full, deferral } = self;
        let target = own.references.get(*table).ok_or("a reference has no table; build the derives anew")?;
        let (referenced, columns) = names.referenced(*target, fields, from)?;
        let mut key =
            build::ForeignKey::new(names.own(from)?).references(referenced.name, columns).in_schema(referenced.schema);
        if let Some(name) = name {
            key = key.name(name);
        }
        if *match_full {
            key = key.match_full();
        }
        key = key.on_delete(on_delete.unwrap_or_default()).on_update(on_update.unwrap_or_default());
        Ok(key.deferral(*deferral))
    }
}
