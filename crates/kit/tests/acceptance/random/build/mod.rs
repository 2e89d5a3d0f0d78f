//! From random choices to a schema. A choice that PostgreSQL would refuse beside the earlier ones
//! is left out: a name that is taken, a column that is gone, a type that the use does not allow.

mod policy;
mod table;
mod view;

use std::collections::HashSet;

use kit::rename::Answer;
use schema::build::{Column, ForeignKey, Object, Table, Type, types};
use schema::quote::{ident, literal};
use schema::{Enum, ReferentialAction, Schema, names};

use self::table::Builder;
use self::view::BuiltView;
use super::spec::{Choice, ColumnSpec, Content, ForeignKeySpec, Spec, TableSpec, TypeSpec};
use super::types::{Kind, NATIVE};

const SCHEMAS: [&str; 3] = ["app", "other", "q.\"s"];
const ENUMS: [&str; 5] = ["mood", "level", "Kind of", "date_kind", "q\"e.x"];
const LABELS: [&str; 6] = ["ok", "good", "it's", "a, b", "\"q\"", "x"];
const LONG: &str = "a_name_so_long_that_what_is_called_after_it_is_cut_off_here";
const TABLES: [&str; 9] = ["a", "b", "users", "posts", "Order", "t.d", "q\"q", "smile 😀", LONG];
const COLUMNS: [&str; 11] = ["a", "b", "c", "id", "name", "Upper", "d.d", "q\"c", "col 😀", "select", LONG];

/// A schema, and where each choice is in it.
pub(crate) struct Built {
    pub(crate) schema: Schema,
    namespace: String,
    enums: Vec<Option<Enum>>,
    tables: Vec<Option<BuiltTable>>,
    views: Vec<Option<BuiltView>>,
}

struct BuiltTable {
    schema: String,
    name: String,
    columns: Vec<Option<BuiltColumn>>,
    /// The columns of the primary key.
    primary_key: Vec<usize>,
    /// The columns of each key that a foreign key may reference.
    keys: Vec<Vec<usize>>,
    policies: Vec<Option<String>>,
    /// The names of its constraints, as PostgreSQL cuts them off.
    constraints: HashSet<String>,
}

#[derive(Clone)]
struct BuiltColumn {
    name: String,
    sql_type: Type,
    /// The type that a foreign key compares.
    comparable: String,
    kind: Kind,
    is_array: bool,
    label: Option<String>,
    is_generated: bool,
    defaults: Vec<String>,
}

impl BuiltColumn {
    fn is(&self, kind: Kind) -> bool {
        self.kind == kind && !self.is_array
    }

    fn is_integer(&self) -> bool {
        self.is(Kind::Integer) || self.is(Kind::Serial)
    }
}

fn pick<T: ?Sized>(names: &[&'static T], choice: Choice) -> &'static T {
    names[usize::from(choice) % names.len()]
}

/// The names that relations have, as PostgreSQL cuts them off, by schema.
#[derive(Default)]
struct Taken(HashSet<(String, String)>);

impl Taken {
    fn take(&mut self, schema: &str, name: &str) -> bool {
        self.0.insert((schema.to_owned(), cut_off(name)))
    }
}

/// The name as PostgreSQL keeps it.
fn cut_off(name: &str) -> String {
    name[..name.floor_char_boundary(names::MAX_BYTES)].to_owned()
}

pub(crate) fn build(spec: &Spec) -> Built {
    let namespace = pick(&SCHEMAS, spec.schema);
    let place = |choice: Choice| if choice == 0 { "public" } else { namespace };
    let mut enums = Vec::new();
    let mut taken = Taken::default();
    for declared in &spec.enums {
        let (in_schema, name) = (place(declared.schema), pick(&ENUMS, declared.name));
        let mut values = Vec::new();
        for value in declared.values.iter().map(|value| pick(&LABELS, *value).to_owned()) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        // A type shares its namespace with the row types of tables; the names of these are others.
        let is_there = !declared.is_gone && taken.take(in_schema, name);
        enums.push(is_there.then(|| Enum { name: name.into(), schema: in_schema.into(), values }));
    }
    let mut tables = Vec::new();
    for table in &spec.tables {
        let (in_schema, name) = (place(table.schema), pick(&TABLES, table.name));
        let is_there = !table.is_gone && taken.take(in_schema, name);
        tables.push(is_there.then(|| BuiltTable {
            schema: in_schema.to_owned(),
            name: name.to_owned(),
            columns: columns(table, &enums),
            primary_key: Vec::new(),
            keys: Vec::new(),
            policies: policy::names(table),
            constraints: HashSet::new(),
        }));
    }
    let mut declared: Vec<Option<Table>> = Vec::new();
    for (at, (table, built)) in spec.tables.iter().zip(&mut tables).enumerate() {
        let builder = built.as_mut().map(|built| Builder { at, spec: table, built, taken: &mut taken });
        declared.push(builder.map(Builder::table));
    }
    for (at, spec) in spec.tables.iter().enumerate() {
        let Some(mut table) = declared[at].take() else { continue };
        let mut names = tables[at].as_ref().map(|built| built.constraints.clone()).unwrap_or_default();
        for key in &spec.foreign_keys {
            if let Some((name, key)) = foreign_key(key, at, &tables)
                && names.insert(name)
            {
                table = table.foreign_key(key);
            }
        }
        declared[at] = Some(table);
    }
    let (mut views, mut declared_views) = (Vec::new(), Vec::new());
    for spec in &spec.views {
        let built = view::build(spec, place(spec.schema), &tables, &views, &mut taken);
        let (built, declared) = built.unzip();
        views.push(built);
        declared_views.extend(declared);
    }
    let others = policy::Others { tables: &tables, views: &views, enums: &enums };
    for (at, spec) in spec.tables.iter().enumerate() {
        let (Some(table), Some(built)) = (declared[at].take(), &tables[at]) else { continue };
        let named = spec.policies.iter().zip(&built.policies).filter_map(|(spec, name)| Some((spec, name.as_ref()?)));
        declared[at] = Some(named.fold(table, |table, (spec, name)| table.policy(others.policy(spec, name, built))));
    }
    let objects = declared.into_iter().flatten().map(Object::from);
    let objects = objects.chain(declared_views.into_iter().map(Object::from));
    let objects = enums.iter().flatten().cloned().map(Object::from).chain(objects);
    let schema = schema::build::schema(objects).unwrap_or_else(|problems| panic!("{problems:?}"));
    Built { schema, namespace: namespace.to_owned(), enums, tables, views }
}

/// The answers that tell what was renamed on the way from one to the other.
pub(crate) fn answers(previous: &Built, next: &Built) -> Vec<Answer> {
    let mut renames = Vec::new();
    let in_next = |schema: &str| if schema == previous.namespace { next.namespace.clone() } else { schema.to_owned() };
    renames.push(format!("schema:{}={}", previous.namespace, next.namespace));
    for pair in previous.enums.iter().zip(&next.enums) {
        if let (Some(was), Some(is)) = pair {
            renames.push(format!("enum:{}.{}={}.{}", in_next(&was.schema), was.name, is.schema, is.name));
        }
    }
    for pair in previous.tables.iter().zip(&next.tables) {
        if let (Some(was), Some(is)) = pair {
            let path = format!("{}.{}", is.schema, is.name);
            renames.push(format!("table:{}.{}={path}", in_next(&was.schema), was.name));
            for pair in was.columns.iter().zip(&is.columns) {
                if let (Some(was), Some(is)) = pair {
                    renames.push(format!("column:{path}.{}={path}.{}", was.name, is.name));
                }
            }
            for pair in was.policies.iter().zip(&is.policies) {
                if let (Some(was), Some(is)) = pair {
                    renames.push(format!("policy:{path}.{was}={path}.{is}"));
                }
            }
        }
    }
    for pair in previous.views.iter().zip(&next.views) {
        if let (Some(was), Some(is)) = pair {
            renames.push(format!("view:{}.{}={}.{}", in_next(&was.schema), was.name, is.schema, is.name));
        }
    }
    let changed = renames.iter().map(|rename| Answer::rename(rename).unwrap());
    changed.filter(|answer| !matches!(answer, Answer::Rename { from, to, .. } if from == to)).collect()
}

fn columns(table: &TableSpec, enums: &[Option<Enum>]) -> Vec<Option<BuiltColumn>> {
    let mut names = HashSet::new();
    let mut columns = Vec::new();
    for column in &table.columns {
        let name = pick(&COLUMNS, column.name);
        let is_there = !column.is_gone && names.insert(name);
        columns.push(is_there.then(|| self::column(name, column, enums)));
    }
    // A generated column has the type of its expression, which stands on one that is not generated.
    for (at, column) in table.columns.iter().enumerate() {
        if let Content::Generated { from, how } = column.content
            && let Some(source) = source(table, &columns, from)
        {
            let (kind, sql_type) = generated(&source, how).0;
            if let Some(column) = &mut columns[at] {
                column.kind = kind;
                column.is_array = false;
                column.label = None;
                column.is_generated = true;
                column.comparable = format!("{sql_type:?}");
                column.sql_type = sql_type;
                column.defaults.clear();
            }
        }
    }
    columns
}

fn column(name: &str, column: &ColumnSpec, enums: &[Option<Enum>]) -> BuiltColumn {
    let native = |choice: Choice, is_array: bool| {
        let native = &NATIVE[usize::from(choice) % NATIVE.len()];
        let is_array = is_array && native.kind != Kind::Serial;
        let plain = match native.sql {
            "serial" => types::serial(),
            "bigserial" => types::bigserial(),
            "smallserial" => types::smallserial(),
            sql => types::custom(sql),
        };
        let sql_type = if is_array { plain.array() } else { plain };
        let comparable = match native.sql {
            "serial" => "integer".to_owned(),
            "bigserial" => "bigint".to_owned(),
            "smallserial" => "smallint".to_owned(),
            sql => sql.chars().filter(|c| c.is_alphabetic()).collect(),
        };
        let defaults = if is_array {
            vec!["'{}'".to_owned(), "'{NULL}'".to_owned(), format!("ARRAY[]::{}[]", native.sql)]
        } else {
            native.defaults.iter().map(|&sql| sql.to_owned()).collect()
        };
        BuiltColumn {
            name: name.to_owned(),
            sql_type,
            comparable: format!("{comparable}{is_array}"),
            kind: native.kind,
            is_array,
            label: None,
            is_generated: false,
            defaults,
        }
    };
    match column.sql_type {
        TypeSpec::Native(choice, is_array) => native(choice, is_array),
        TypeSpec::Enum(choice, is_array) => {
            let declared = (!enums.is_empty()).then(|| enums[usize::from(choice) % enums.len()].as_ref()).flatten();
            let Some(declared) = declared else { return native(choice, is_array) };
            let plain = types::enumeration(declared);
            let defaults = if is_array {
                let label = declared.values[0].replace('"', "\\\"");
                vec!["'{}'".to_owned(), literal(&format!("{{\"{label}\"}}"))]
            } else {
                declared.values.iter().map(|value| literal(value)).collect()
            };
            BuiltColumn {
                name: name.to_owned(),
                sql_type: if is_array { plain.array() } else { plain },
                comparable: format!("{}{is_array}", declared.key()),
                kind: Kind::Ordered,
                is_array,
                label: declared.values.last().cloned(),
                is_generated: false,
                defaults,
            }
        }
    }
}

/// The column that a generated one is computed from, which is not generated.
fn source(table: &TableSpec, columns: &[Option<BuiltColumn>], from: Choice) -> Option<BuiltColumn> {
    let at = usize::from(from) % columns.len();
    let is_generated = matches!(table.columns[at].content, Content::Generated { .. });
    columns[at].clone().filter(|_| !is_generated)
}

/// The type and the expression of a column that is computed from another.
fn generated(source: &BuiltColumn, how: Choice) -> ((Kind, Type), String) {
    let name = ident(&source.name);
    let label = source.label.as_deref().filter(|_| !source.is_array);
    match how % 3 {
        0 if source.is(Kind::Text) => ((Kind::Text, types::text()), format!("upper({name})")),
        1 if source.is(Kind::Text) => ((Kind::Text, types::varchar(20)), format!("{name} || 'x'")),
        0 if source.is_integer() => ((Kind::Integer, types::bigint()), format!("{name} * 2")),
        1 if source.is_integer() => ((Kind::Number, types::numeric()), format!("{name} + 1")),
        0 if label.is_some() => {
            ((Kind::Ordered, types::boolean()), format!("{name} = {}", literal(label.unwrap_or_default())))
        }
        _ => ((Kind::Ordered, types::boolean()), format!("{name} IS NULL")),
    }
}

fn foreign_key(spec: &ForeignKeySpec, own: usize, tables: &[Option<BuiltTable>]) -> Option<(String, ForeignKey)> {
    const ACTIONS: [ReferentialAction; 5] = [
        ReferentialAction::NoAction,
        ReferentialAction::Restrict,
        ReferentialAction::Cascade,
        ReferentialAction::SetNull,
        ReferentialAction::SetDefault,
    ];
    let (table, target) = (tables[own].as_ref()?, tables[usize::from(spec.table) % tables.len()].as_ref()?);
    let key = (!target.keys.is_empty()).then(|| &target.keys[usize::from(spec.key) % target.keys.len()])?;
    let mut from: Vec<&BuiltColumn> = Vec::new();
    let mut to = Vec::new();
    for at in key {
        let referenced = target.columns[*at].as_ref()?;
        let own = (0..table.columns.len()).map(|offset| (offset + usize::from(spec.own)) % table.columns.len());
        let mut own = own.filter_map(|at| table.columns[at].as_ref());
        let fits = |column: &&BuiltColumn| {
            column.comparable == referenced.comparable
                && !column.is_array
                && !column.is_generated
                && from.iter().all(|chosen| chosen.name != column.name)
        };
        let column = own.find(fits)?;
        from.push(column);
        to.push(referenced.name.clone());
    }
    let from: Vec<String> = from.into_iter().map(|column| column.name.clone()).collect();
    let name = match spec.name {
        Some(choice) => format!("fk_{}", choice % 4),
        None => names::foreign_key(&table.name, &from, &target.name, &to),
    };
    let action = |choice: Choice| ACTIONS[usize::from(choice) % ACTIONS.len()];
    let key = ForeignKey::new(from).references(&target.name, to).in_schema(&target.schema).name(&name);
    Some((cut_off(&name), key.on_delete(action(spec.actions.0)).on_update(action(spec.actions.1))))
}

/// A default as a builder's user would declare it.
fn default(column: Column, sql: &str) -> Column {
    match sql {
        "true" => column.default_bool(true),
        "false" => column.default_bool(false),
        number => match number.parse::<i64>() {
            Ok(number) => column.default_number(number),
            Err(_) => column.default_sql(sql),
        },
    }
}
