//! The literal of a declaration, read into the builder's values.

use std::any::TypeId;

use serde::Deserialize;
use serde_json::Value;

use super::ColumnType;
use super::column::Column;
use super::enumeration::Enums;
use super::names::{Names, Tables};
use super::registry::Declaration;
use super::resolved::Resolved;
use crate::build::{self, Check, Index, IndexColumn, PrimaryKey};
use crate::model::{Map, PUBLIC, PolicyCommand, PolicyKind, ReferentialAction, key};

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
    checks: Vec<(String, String)>,
    #[serde(default)]
    policies: Vec<Policy>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Member {
    Group { field: String, group: usize },
    Column(Box<Column>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    name: Option<String>,
    columns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableUnique {
    name: Option<String>,
    columns: Vec<String>,
    #[serde(default)]
    nulls_not_distinct: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableIndex {
    name: Option<String>,
    on: Vec<IndexKey>,
    #[serde(default)]
    unique: bool,
    #[serde(default)]
    concurrently: bool,
    using: Option<String>,
    filter: Option<String>,
    #[serde(default)]
    with: Map<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndexKey {
    field: Option<String>,
    sql: Option<String>,
    #[serde(default)]
    desc: bool,
    #[serde(default)]
    nulls_first: bool,
    op: Option<String>,
}

/// A policy with Drizzle's options.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Policy {
    name: String,
    #[serde(rename = "as", default)]
    kind: PolicyKind,
    #[serde(rename = "for", default)]
    command: PolicyCommand,
    #[serde(default)]
    to: Vec<String>,
    using: Option<String>,
    with_check: Option<String>,
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
        for (name, condition) in checks {
            table = table.check(Check::new(name, condition));
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
        if let Some(Key { name, columns }) = primary_key {
            let key = PrimaryKey::on(names.own(columns)?);
            table = table.primary_key(match name {
                Some(name) => key.name(name),
                None => key,
            });
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

/// What a view takes from its struct: the columns alone, since its query has all else.
impl Table {
    pub(super) fn comment(&self) -> Option<&str> {
        self.literal.comment.as_deref()
    }

    pub(super) fn view_columns(&self, enums: &Enums) -> Result<Vec<build::Column>, String> {
        self.columns_of_view(enums, self.literal.comments)
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

impl Policy {
    fn build(&self) -> build::Policy {
        let Policy { name, kind, command, to, using, with_check } = self;
        let mut policy = build::Policy::new(name).for_command(*command);
        if *kind == PolicyKind::Restrictive {
            policy = policy.restrictive();
        }
        if !to.is_empty() {
            policy = policy.to(to);
        }
        if let Some(condition) = using {
            policy = policy.using(condition);
        }
        match with_check {
            Some(condition) => policy.with_check(condition),
            None => policy,
        }
    }
}

impl TableIndex {
    fn build(&self, names: &Names) -> Result<Index, String> {
        let TableIndex { name, on, unique, concurrently, using, filter, with } = self;
        let mut index = Index::on(on.iter().map(|key| key.build(names)).collect::<Result<Vec<_>, _>>()?);
        if let Some(name) = name {
            index = index.name(name);
        }
        if *unique {
            index = index.unique();
        }
        if *concurrently {
            index = index.concurrently();
        }
        if let Some(method) = using {
            index = index.using(method);
        }
        if let Some(predicate) = filter {
            index = index.filter(predicate);
        }
        Ok(with.iter().fold(index, |index, (parameter, value)| index.with(parameter, value.clone())))
    }
}

impl IndexKey {
    fn build(&self, names: &Names) -> Result<IndexColumn, String> {
        let IndexKey { field, sql, desc, nulls_first, op } = self;
        let mut column = match (field, sql) {
            (Some(field), _) => IndexColumn::column(names.own(std::slice::from_ref(field))?.concat()),
            (None, sql) => IndexColumn::expression(sql.clone().unwrap_or_default()),
        };
        if *desc {
            column = column.desc();
        }
        if *nulls_first {
            column = column.nulls_first();
        }
        Ok(match op {
            Some(class) => column.operator_class(class),
            None => column,
        })
    }
}

impl TableUnique {
    fn build(&self, names: &Names) -> Result<build::Unique, String> {
        let unique = build::Unique::on(names.own(&self.columns)?);
        Ok(super::column::unique_options(unique, self.name.as_deref(), self.nulls_not_distinct))
    }
}

impl Reference {
    /// The key from these fields of the own table.
    fn build(&self, from: &[String], own: &Table, names: &Names) -> Result<build::ForeignKey, String> {
        let Reference { table, name, on: _, fields, on_delete, on_update } = self;
        let target = own.references.get(*table).ok_or("a reference has no table; build the derives anew")?;
        let (referenced, columns) = names.referenced(*target, fields, from)?;
        let mut key =
            build::ForeignKey::new(names.own(from)?).references(referenced.name, columns).in_schema(referenced.schema);
        if let Some(name) = name {
            key = key.name(name);
        }
        Ok(key.on_delete(on_delete.unwrap_or_default()).on_update(on_update.unwrap_or_default()))
    }
}
