//! Roles, sequences, extensions, collations and partitions.

use schema::build::{Collation, Extension, Object, Partition, PartitionKey, Role, Sequence};
use schema::{CollationName, names};

use super::functions::BuiltFunction;
use super::{BuiltTable, LONG, Namespaces, Taken, pick, trigger};
use crate::random::spec::{
    Choice, CollationSpec, ExtensionSpec, PartitionSpec, Place, RoleSpec, SequenceSpec, TableSpec,
};
use crate::random::types::Kind;

const ROLES: [&str; 4] = ["admin", "Web User", "q\"r", "reader"];
const SEQUENCES: [&str; 4] = ["counter", "Seq two", "q\"s", "s.d"];
const EXTENSIONS: [&str; 4] = ["citext", "moddatetime", "btree_gist", "lo"];
const COLLATIONS: [&str; 3] = ["german", "Plain C", "q\"c.l"];
const PARTITIONS: [&str; 5] = ["part", "p two", "q\"p", "p.d", LONG];

/// Something declared with its objects, each in the place of its choices.
pub(super) type Places = Vec<Option<(String, String)>>;

pub(super) fn roles(specs: &[RoleSpec]) -> (Vec<Option<String>>, Vec<Object>) {
    let (mut built, mut declared) = (Vec::new(), Vec::new());
    for spec in specs {
        let name = pick(&ROLES, spec.name).to_owned();
        if spec.is_gone || built.contains(&Some(name.clone())) {
            built.push(None);
            continue;
        }
        let role = Role::new(&name);
        let role = if spec.options & 1 == 1 { role.create_db() } else { role };
        let role = if spec.options & 2 == 2 { role.create_role() } else { role };
        declared.push(if spec.options & 4 == 4 { role.no_inherit() } else { role }.into());
        built.push(Some(name));
    }
    (built, declared)
}

pub(super) fn sequences(specs: &[SequenceSpec], namespaces: Namespaces, taken: &mut Taken) -> (Places, Vec<Object>) {
    let (mut built, mut declared) = (Vec::new(), Vec::new());
    for SequenceSpec { place, options } in specs {
        let name = named(place, &SEQUENCES, namespaces, taken);
        if let Some((in_schema, name)) = &name {
            let sequence = Sequence::new(name).in_schema(in_schema);
            let sequence = match options % 5 {
                0 => sequence,
                1 => sequence.increment(-1),
                2 => sequence.start_with(100).min_value(10).max_value(1000).cycle(),
                3 => sequence.cache(5),
                _ => sequence.increment(2).max_value(99),
            };
            declared.push(sequence.into());
        }
        built.push(name);
    }
    (built, declared)
}

fn named(place: &Place, names: &[&'static str], namespaces: Namespaces, taken: &mut Taken) -> Option<(String, String)> {
    let (in_schema, name) = (namespaces.place(place.schema), pick(names, place.name));
    (!place.is_gone && taken.take(in_schema, name)).then(|| (in_schema.to_owned(), name.to_owned()))
}

pub(super) struct BuiltExtension {
    pub(super) name: &'static str,
    /// The schema that it is in, be it not declared.
    pub(super) schema: String,
}

pub(super) fn extensions(specs: &[ExtensionSpec], namespaces: Namespaces) -> (Vec<BuiltExtension>, Vec<Object>) {
    let (mut built, mut declared): (Vec<BuiltExtension>, Vec<Object>) = (Vec::new(), Vec::new());
    for spec in specs {
        let name = pick(&EXTENSIONS, spec.which);
        if spec.is_gone || built.iter().any(|other| other.name == name) {
            continue;
        }
        // What is declared no more stays as it is, and so a schema is declared always or never.
        let in_schema = namespaces.place(spec.schema.unwrap_or_default());
        if name == "lo" {
            built.push(BuiltExtension { name, schema: "public".to_owned() });
            declared.push(Extension::new(name).into());
        } else {
            built.push(BuiltExtension { name, schema: in_schema.to_owned() });
            declared.push(Extension::new(name).in_schema(in_schema).into());
        }
    }
    (built, declared)
}

pub(super) fn collations(specs: &[CollationSpec], namespaces: Namespaces) -> (Vec<Option<CollationName>>, Vec<Object>) {
    let (mut built, mut declared): (Vec<Option<CollationName>>, Vec<Object>) = (Vec::new(), Vec::new());
    for CollationSpec { place, how } in specs {
        let (in_schema, name) = (namespaces.place(place.schema), pick(&COLLATIONS, place.name));
        let collation = CollationName { schema: Some(in_schema.to_owned()), name: name.to_owned() };
        if place.is_gone || built.contains(&Some(collation.clone())) {
            built.push(None);
            continue;
        }
        let collation_of = |locale: &str| Collation::new(name, locale).in_schema(in_schema);
        let object = match how % 4 {
            0 => collation_of("C"),
            1 => collation_of("POSIX"),
            2 => collation_of("de-DE").icu(),
            _ => collation_of("en-US").icu().nondeterministic(),
        };
        declared.push(object.into());
        built.push(Some(collation));
    }
    (built, declared)
}

/// How a table is partitioned, and by which column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PartitionBy {
    strategy: Choice,
    pub(super) column: usize,
}

/// The partition key of a table, if its choices give one that PostgreSQL takes.
pub(super) fn partition_by(spec: &TableSpec, built: &BuiltTable) -> Option<PartitionBy> {
    let (strategy, column) = spec.beside.partition_by?;
    let at = usize::from(column) % built.columns.len();
    let column = built.columns[at].as_ref()?;
    let fits = column.is_integer() || (strategy % 3 == 2 && column.is(Kind::Text) && column.collation.is_none());
    // A list may have NULL in it.
    let takes_null = strategy % 3 != 1 || !column.refuses_null;
    (fits && takes_null && !column.is_generated && column.comparable != "citext")
        .then_some(PartitionBy { strategy: strategy % 3, column: at })
}

pub(super) fn partition_key(by: PartitionBy, built: &BuiltTable) -> PartitionKey {
    let key = match by.strategy {
        0 => PartitionKey::range(),
        1 => PartitionKey::list(),
        _ => PartitionKey::hash(),
    };
    built.columns[by.column].iter().fold(key, |key, column| key.column(&column.name))
}

pub(super) fn partitions(
    specs: &[PartitionSpec],
    tables: &[Option<BuiltTable>],
    functions: &[Option<BuiltFunction>],
    namespaces: Namespaces,
    taken: &mut Taken,
) -> Vec<Object> {
    let parents: Vec<(&BuiltTable, PartitionBy)> =
        tables.iter().flatten().filter_map(|table| Some((table, table.partition_by?))).collect();
    let mut declared = Vec::new();
    let mut ranges: Vec<(String, Choice)> = Vec::new();
    for spec in specs {
        let Some((parent, by)) = parents.get(usize::from(spec.parent) % parents.len().max(1)) else { continue };
        let key = format!("{}.{}", parent.schema, parent.name);
        let overlaps = |other: Choice| overlaps(by.strategy, spec.bounds, other);
        if ranges.iter().any(|(other, bounds)| *other == key && overlaps(*bounds)) {
            continue;
        }
        let Some((in_schema, name)) = named(&spec.place, &PARTITIONS, namespaces, taken) else { continue };
        ranges.push((key, spec.bounds));
        let partition = Partition::new(names::stored(&name), &parent.name).in_schema(&in_schema);
        let partition = partition.parent_schema(&parent.schema);
        let partition = match spec.storage % 4 {
            1 => partition.storage_parameter("fillfactor", "50"),
            2 => partition.storage_parameter("autovacuum_enabled", "false"),
            _ => partition,
        };
        let trigger = spec.trigger.as_ref().and_then(|spec| trigger::on_partition(spec, parent, functions));
        declared.extend(trigger.map(|trigger| trigger.on(&in_schema, names::stored(&name)).into()));
        declared.push(with_bounds(partition, by.strategy, spec.bounds).into());
    }
    declared
}

const ENDS: [(&str, &str, i32, i32); 5] = [
    ("MINVALUE", "5", i32::MIN, 5),
    ("5", "10", 5, 10),
    ("10", "MAXVALUE", 10, i32::MAX),
    ("0", "5", 0, 5),
    ("5", "MAXVALUE", 5, i32::MAX),
];
const LISTS: [&[&str]; 5] = [&["1", "2"], &["3"], &["NULL"], &["4", "5"], &["1"]];

fn with_bounds(partition: Partition, strategy: Choice, bounds: Choice) -> Partition {
    match (strategy, usize::from(bounds)) {
        (2, remainder) => partition.modulus(4, u32::try_from(remainder % 4).unwrap()),
        (_, 5) => partition,
        (0, at) => partition.from_to(ENDS[at].0, ENDS[at].1),
        (_, at) => partition.values(&LISTS[at].join(", ")),
    }
}

fn overlaps(strategy: Choice, one: Choice, other: Choice) -> bool {
    match (strategy, usize::from(one), usize::from(other)) {
        (2, one, other) => one % 4 == other % 4,
        (_, 5, other) => other == 5,
        (_, _, 5) => false,
        (0, one, other) => ENDS[one].2 < ENDS[other].3 && ENDS[other].2 < ENDS[one].3,
        (_, one, other) => LISTS[one].iter().any(|value| LISTS[other].contains(value)),
    }
}
