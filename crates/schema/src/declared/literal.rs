//! The literal of a declaration, read into the builder's values.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::column::Column;
use super::{Declaration, TableName};
use crate::build::{self, Check, Index, IndexColumn, PrimaryKey};
use crate::model::{Map, PUBLIC, ReferentialAction, key};

/// Column names by field, of every declared table by its key.
pub(super) type Fields = HashMap<String, HashMap<String, String>>;

/// A table as a derive writes it. Fields of the struct are named as in Rust.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[serde(default)]
    name: String,
    #[serde(default)]
    schema: String,
    #[serde(default)]
    rls: bool,
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
    /// The literals of the flattened groups.
    #[serde(skip)]
    groups: Vec<Table>,
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
    pub(super) fn read(declaration: &Declaration) -> Result<Self, serde_json::Error> {
        let mut table: Table = serde_json::from_str(declaration.literal)?;
        for group in declaration.groups {
            table.groups.push(Table::read(group)?);
        }
        Ok(table)
    }

    pub(super) fn key(&self) -> String {
        key(if self.schema.is_empty() { PUBLIC } else { &self.schema }, &self.name)
    }

    /// The column of each field; a group's fields stand behind the group's own.
    pub(super) fn fields(&self) -> HashMap<String, String> {
        let mut fields = HashMap::new();
        for member in &self.columns {
            match member {
                Member::Column(column) => {
                    fields.insert(column.field().to_owned(), column.name.clone());
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
    /// What the derive could not see: two columns of one name through a group, an array's sizes
    /// that are not its dimensions, a default that is no JSON.
    pub(super) fn build(&self, declaration: &Declaration, all: &Fields) -> Result<build::Table, String> {
        let own = self.fields();
        let names = Names { all, own: &own };
        let mut table = build::Table::new(&self.name).in_schema(&self.schema);
        if self.rls {
            table = table.enable_rls();
        }
        table = self.columns(table, declaration, &names)?;
        for (name, condition) in &self.checks {
            table = table.check(Check::new(name, condition));
        }
        for index in &self.indexes {
            table = table.index(index.build(&names));
        }
        for unique in &self.uniques {
            table = table.unique(unique.build(&names));
        }
        if let Some(Key { name, columns }) = &self.primary_key {
            let key = PrimaryKey::on(names.own(columns));
            table = table.primary_key(match name {
                Some(name) => key.name(name),
                None => key,
            });
        }
        for key in &self.foreign_keys {
            table = table.foreign_key(key.build(names.own(&key.on), declaration, &names));
        }
        Ok(table)
    }

    fn columns(
        &self,
        mut table: build::Table,
        declaration: &Declaration,
        names: &Names,
    ) -> Result<build::Table, String> {
        let mut types = declaration.types.iter();
        for member in &self.columns {
            table = match member {
                Member::Column(column) => {
                    let column_type = types.next().ok_or("a column has no type; build the derives anew")?;
                    let table = table.column(column.build(column_type, declaration, names)?);
                    match column.index() {
                        Some(index) => table.index(index),
                        None => table,
                    }
                }
                Member::Group { group, .. } => match (self.groups.get(*group), declaration.groups.get(*group)) {
                    (Some(group), Some(declaration)) => group.columns(table, declaration, names)?,
                    _ => return Err("a group has no declaration; build the derives anew".to_owned()),
                },
            };
        }
        Ok(table)
    }
}

/// Resolves fields to columns. The compiler has seen that the fields exist.
pub(super) struct Names<'a> {
    all: &'a Fields,
    own: &'a HashMap<String, String>,
}

impl Names<'_> {
    fn own(&self, fields: &[String]) -> Vec<String> {
        fields.iter().map(|field| self.own.get(field).unwrap_or(field).clone()).collect()
    }

    fn of(&self, table: TableName, fields: &[String]) -> Vec<String> {
        let columns = self.all.get(&table.key());
        let column = |field: &String| columns.and_then(|columns| columns.get(field)).unwrap_or(field).clone();
        fields.iter().map(column).collect()
    }
}

impl TableIndex {
    fn build(&self, names: &Names) -> Index {
        let TableIndex { name, on, unique, concurrently, using, filter, with } = self;
        let mut index = Index::on(on.iter().map(|key| key.build(names)));
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
        with.iter().fold(index, |index, (parameter, value)| index.with(parameter, value.clone()))
    }
}

impl IndexKey {
    fn build(&self, names: &Names) -> IndexColumn {
        let IndexKey { field, sql, desc, nulls_first, op } = self;
        let mut column = match (field, sql) {
            (Some(field), _) => IndexColumn::column(names.own(std::slice::from_ref(field)).concat()),
            (None, sql) => IndexColumn::expression(sql.clone().unwrap_or_default()),
        };
        if *desc {
            column = column.desc();
        }
        if *nulls_first {
            column = column.nulls_first();
        }
        match op {
            Some(class) => column.operator_class(class),
            None => column,
        }
    }
}

impl TableUnique {
    fn build(&self, names: &Names) -> build::Unique {
        let unique = build::Unique::on(names.own(&self.columns));
        super::column::unique_options(unique, self.name.as_deref(), self.nulls_not_distinct)
    }
}

impl Reference {
    /// The key from these columns of the own table.
    pub(super) fn build(&self, from: Vec<String>, declaration: &Declaration, names: &Names) -> build::ForeignKey {
        let Reference { table, name, on: _, fields, on_delete, on_update } = self;
        let mut key = build::ForeignKey::new(from);
        if let Some(target) = declaration.references.get(*table) {
            key = key.references(target.name, names.of(*target, fields)).in_schema(target.schema);
        }
        if let Some(name) = name {
            key = key.name(name);
        }
        key.on_delete(on_delete.unwrap_or_default()).on_update(on_update.unwrap_or_default())
    }
}
