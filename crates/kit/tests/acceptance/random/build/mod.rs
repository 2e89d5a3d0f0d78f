//! From random choices to a schema. A choice that PostgreSQL would refuse beside the earlier ones
//! is left out: a name that is taken, a column that is gone, a type that the use does not allow.

mod answers;
mod column;
mod comments;
mod foreign_key;
mod functions;
mod objects;
mod policy;
mod statistics;
mod table;
mod trigger;
mod types;
mod view;

use std::collections::HashSet;

use schema::build::{Object, Table, Type};
use schema::quote::ident;
use schema::{CollationName, Enum, Schema, names};

pub(crate) use self::answers::answers;
use self::functions::Signatures;
use self::objects::{PartitionBy, Places};
use self::table::Builder;
use self::types::Types;
use self::view::BuiltView;
use super::spec::{Choice, EnumSpec, Spec};
use super::types::Kind;

const SCHEMAS: [&str; 3] = ["app", "other", "q.\"s"];
const ENUMS: [&str; 5] = ["mood", "level", "Kind of", "date_kind", "q\"e.x"];
const LABELS: [&str; 6] = ["ok", "good", "it's", "a, b", "\"q\"", "x"];
const LONG: &str = "a_name_so_long_that_what_is_called_after_it_is_cut_off_here";
const TABLES: [&str; 9] = ["a", "b", "users", "posts", "Order", "t.d", "q\"q", "smile 😀", LONG];
const COLUMNS: [&str; 11] = ["a", "b", "c", "id", "name", "Upper", "d.d", "q\"c", "col 😀", "select", LONG];

/// A table that neither schema declares.
pub(crate) const ELSEWHERE: &str = "CREATE TABLE elsewhere (id integer)";

/// A schema, and where each choice is in it.
pub(crate) struct Built {
    pub(crate) schema: Schema,
    namespace: String,
    types: Types,
    roles: Vec<Option<String>>,
    sequences: Places,
    tables: Vec<Option<BuiltTable>>,
    views: Vec<Option<BuiltView>>,
    functions: Places,
    procedures: Places,
}

struct BuiltTable {
    schema: String,
    name: String,
    columns: Vec<Option<BuiltColumn>>,
    /// The columns of the primary key, unless it can wait: a query that groups by them may name all others.
    primary_key: Vec<usize>,
    /// The columns of each key that a foreign key may reference.
    keys: Vec<Vec<usize>>,
    policies: Vec<Option<String>>,
    triggers: Vec<Option<String>>,
    /// The names of its constraints, as PostgreSQL cuts them off.
    constraints: HashSet<String>,
    partition_by: Option<PartitionBy>,
    is_unlogged: bool,
}

/// A column, or whatever else has a type.
#[derive(Clone)]
struct BuiltColumn {
    name: String,
    sql_type: Type,
    /// The type as SQL writes it.
    text: String,
    /// The type that a foreign key compares.
    comparable: String,
    kind: Kind,
    is_array: bool,
    label: Option<String>,
    is_generated: bool,
    is_domain: bool,
    /// Whether the type itself allows no NULL.
    refuses_null: bool,
    collation: Option<CollationName>,
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

fn nth<T>(items: &[Option<T>], at: Choice) -> Option<&T> {
    items.get(usize::from(at) % items.len().max(1)).and_then(Option::as_ref)
}

/// A name with its schema, or bare in `public`.
fn path(schema: &str, name: &str) -> String {
    if schema == "public" { ident(name) } else { format!("{}.{}", ident(schema), ident(name)) }
}

/// The two schemas that objects live in.
#[derive(Clone, Copy)]
struct Namespaces {
    second: &'static str,
}

impl Namespaces {
    fn place(self, choice: Choice) -> &'static str {
        if choice == 0 { "public" } else { self.second }
    }
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
    let namespaces = Namespaces { second: pick(&SCHEMAS, spec.schema) };
    let mut taken = Taken::default();
    let enums = enums(&spec.enums, namespaces, &mut taken);
    let mut objects: Vec<Object> = enums.iter().flatten().cloned().map(Object::from).collect();
    let beside = &spec.objects;
    let (roles, declared_roles) = objects::roles(&beside.roles);
    let (collations, declared_collations) = objects::collations(&beside.collations, namespaces);
    let (extensions, declared_extensions) = objects::extensions(&beside.extensions, namespaces);
    let (sequences, declared_sequences) = objects::sequences(&beside.sequences, namespaces, &mut taken);
    objects.extend(declared_roles.into_iter().chain(declared_collations).chain(declared_extensions));
    objects.extend(declared_sequences);

    let mut types = Types::new(enums, collations, &extensions);
    let mut signatures = Signatures::of_native(&beside.functions, &types, namespaces);
    objects.extend(types.domains(&beside.domains, &signatures.functions, namespaces, &mut taken));
    objects.extend(types.ranges(&beside.ranges, namespaces, &mut taken));
    objects.extend(types.composites(&beside.composites, namespaces, &mut taken));
    signatures.add_the_rest(&beside.functions, &types, namespaces);
    let functions = signatures.functions;

    let mut tables = Vec::new();
    for table in &spec.tables {
        let (in_schema, name) = (namespaces.place(table.schema), pick(&TABLES, table.name));
        let is_there = !table.is_gone && taken.take(in_schema, name);
        tables.push(is_there.then(|| BuiltTable {
            schema: in_schema.to_owned(),
            name: name.to_owned(),
            columns: column::columns(table, &types, &functions),
            primary_key: Vec::new(),
            keys: Vec::new(),
            policies: policy::names(&table.policies),
            triggers: trigger::names(&table.beside.triggers),
            constraints: HashSet::new(),
            partition_by: None,
            is_unlogged: false,
        }));
    }
    let mut declared: Vec<Option<Table>> = Vec::new();
    let has_btree_gist = extensions.iter().any(|extension| extension.name == "btree_gist");
    for (spec, built) in spec.tables.iter().zip(&mut tables) {
        let builder = built.as_mut().map(|built| Builder {
            spec,
            built,
            taken: &mut taken,
            functions: &functions,
            has_btree_gist,
        });
        declared.push(builder.map(Builder::table));
    }
    for (at, spec) in spec.tables.iter().enumerate() {
        let Some(mut table) = declared[at].take() else { continue };
        let mut names = tables[at].as_ref().map(|built| built.constraints.clone()).unwrap_or_default();
        for key in &spec.foreign_keys {
            if let Some((name, key)) = foreign_key::foreign_key(key, at, &tables)
                && names.insert(name)
            {
                table = table.foreign_key(key);
            }
        }
        declared[at] = Some(table);
    }
    let mut views = Vec::new();
    for spec in &spec.views {
        let built = view::build(spec, namespaces.place(spec.schema), &tables, &views, &functions, &mut taken);
        let (built, declared) = built.unzip();
        views.push(built);
        objects.extend(declared.map(Object::from));
    }
    let others =
        policy::Others { tables: &tables, views: &views, enums: &types.enums, roles: &roles, functions: &functions };
    for (at, spec) in spec.tables.iter().enumerate() {
        let (Some(table), Some(built)) = (declared[at].take(), &tables[at]) else { continue };
        let named = spec.policies.iter().zip(&built.policies).filter_map(|(spec, name)| Some((spec, name.as_ref()?)));
        let table = named.fold(table, |table, (spec, name)| table.policy(others.policy(spec, name, built)));
        let triggers = trigger::on_table(&spec.beside.triggers, built, &functions);
        objects.push(triggers.into_iter().fold(table, Table::trigger).into());
    }
    objects.extend(others.linked(&beside.linked));
    objects.extend(trigger::on_views(&beside.triggers, &views, &functions));
    objects.extend(functions::declare(&beside.functions, &functions, &tables));
    objects.extend(statistics::statistics(&beside.statistics, &tables, &views, &functions, namespaces));
    objects.extend(objects::partitions(&beside.partitions, &tables, &functions, namespaces, &mut taken));
    let mut schema = schema::build::schema(objects).unwrap_or_else(|problems| panic!("{problems:?}"));
    comments::add(&mut schema, &beside.comments);
    let [functions, procedures] = functions::places(&functions);
    let namespace = namespaces.second.to_owned();
    Built { schema, namespace, types, roles, sequences, tables, views, functions, procedures }
}

fn enums(specs: &[EnumSpec], namespaces: Namespaces, taken: &mut Taken) -> Vec<Option<Enum>> {
    let mut enums = Vec::new();
    for declared in specs {
        let (in_schema, name) = (namespaces.place(declared.schema), pick(&ENUMS, declared.name));
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
    enums
}
