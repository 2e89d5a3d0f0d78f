use std::collections::{HashMap, HashSet};

use schema::{Map, PUBLIC, Sequence, names};

use super::{Notes, expression, path};
use crate::introspect::rows::{ColumnRow, RelationRow, SequenceRow};

/// The sequences that were read, and what became of them.
pub(super) struct Sequences {
    rows: Vec<SequenceRow>,
    /// The place in `rows` of what belongs to a column, by the column.
    owned: HashMap<(u32, i16), usize>,
    /// Those that a column has brought, as serial or identity.
    brought: HashSet<usize>,
}

impl Sequences {
    /// The sequences but for those of relations that are not read.
    pub(super) fn new(mut rows: Vec<SequenceRow>, relations: &[RelationRow]) -> Self {
        let read: HashSet<u32> = relations.iter().map(|relation| relation.oid).collect();
        rows.retain(|row| row.owner.is_none_or(|owner| read.contains(&owner)));
        let owner = |row: &SequenceRow| Some((row.owner?, row.owner_column?));
        let owned = rows.iter().enumerate().filter_map(|(at, row)| Some((owner(row)?, at))).collect();
        Sequences { rows, owned, brought: HashSet::new() }
    }

    /// The sequence of an identity column.
    pub(super) fn identity(&mut self, column: &ColumnRow) -> Option<&SequenceRow> {
        let at = self.owned.get(&(column.relation, column.number)).copied()?;
        let is_identity = !column.identity.is_empty() && self.rows[at].ownership.as_deref() == Some("i");
        is_identity.then(|| {
            self.brought.insert(at);
            &self.rows[at]
        })
    }

    /// The serial type of a column that draws from a sequence of its own and is never NULL. The sequence of a serial
    /// column has PostgreSQL's name and no options; where it has others, that is noted.
    pub(super) fn serial(
        &mut self,
        column: &ColumnRow,
        table: &RelationRow,
        notes: &mut Notes,
    ) -> Option<&'static str> {
        let (sql_type, greatest) = match column.sql_type.as_str() {
            "smallint" => ("smallserial", i64::from(i16::MAX)),
            "integer" => ("serial", i64::from(i32::MAX)),
            "bigint" => ("bigserial", i64::MAX),
            _ => return None,
        };
        let at = self.owned.get(&(column.relation, column.number)).copied()?;
        let row = &self.rows[at];
        if !column.not_null || !column.generated.is_empty() || !draws_from(column.expression.as_deref()?, row) {
            return None;
        }
        self.brought.insert(at);
        let has_options = row.sql_type != column.sql_type
            || row.max != greatest.to_string()
            || row.cycles
            || [&row.increment, &row.start, &row.min, &row.cache].iter().any(|option| *option != "1");
        let name = names::catalog(&table.name, Some(&column.name), "seq");
        if has_options || row.name != name || row.schema != table.schema || row.is_unlogged {
            notes.add("sequence of a serial column with a name or options of its own", path(&row.schema, &row.name));
        }
        Some(sql_type)
    }

    /// The sequences that no column has brought.
    pub(super) fn standing_alone(self, notes: &mut Notes) -> Map<Sequence> {
        let Sequences { rows, owned: _, brought } = self;
        let alone = rows.into_iter().enumerate().filter(|(at, _)| !brought.contains(at)).map(|(_, row)| row);
        let sequences = alone.map(|row| {
            note_the_rest(&row, notes);
            let sequence = sequence(row);
            (sequence.key(), sequence)
        });
        sequences.collect()
    }
}

/// Whether a default is `nextval` of this sequence.
fn draws_from(default: &str, sequence: &SequenceRow) -> bool {
    let argument = default.strip_prefix("nextval('").and_then(|rest| rest.strip_suffix("'::regclass)"));
    let names = argument.map(|name| expression::names(&name.replace("''", "'"))).unwrap_or_default();
    match names.as_slice() {
        [name] => sequence.schema == PUBLIC && *name == sequence.name,
        [schema, name] => *schema == sequence.schema && *name == sequence.name,
        _ => false,
    }
}

fn note_the_rest(row: &SequenceRow, notes: &mut Notes) {
    let name = path(&row.schema, &row.name);
    if row.sql_type != "bigint" {
        notes.add(format!("AS {}", row.sql_type), &name);
    }
    if row.owner.is_some() {
        notes.add("OWNED BY", &name);
    }
    if row.is_unlogged {
        notes.add("UNLOGGED", &name);
    }
}

fn sequence(row: SequenceRow) -> Sequence {
    Sequence {
        name: row.name,
        schema: row.schema,
        increment: Some(row.increment),
        start_with: Some(row.start),
        min_value: Some(row.min),
        max_value: Some(row.max),
        cache: Some(row.cache),
        cycle: Some(row.cycles),
    }
}
