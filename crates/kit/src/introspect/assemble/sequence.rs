use std::collections::{HashMap, HashSet};

use schema::{Map, PUBLIC, Sequence, names};

use super::{Notes, expression, path};
use crate::introspect::rows::{ColumnRow, RelationRow, SequenceRow};

/// The sequences that were read, and what became of them.
pub(super) struct Sequences {
    rows: Vec<SequenceRow>,
    /// The places in `rows` of what belongs to a column, by the column.
    owned: HashMap<(u32, i16), Vec<usize>>,
    /// Those that a column has brought, as serial or identity.
    brought: HashSet<usize>,
}

impl Sequences {
    /// The sequences but for those of relations that are not read.
    pub(super) fn new(mut rows: Vec<SequenceRow>, relations: &[RelationRow]) -> Self {
        let read: HashSet<u32> = relations.iter().map(|relation| relation.oid).collect();
        rows.retain(|row| row.owner.is_none_or(|owner| read.contains(&owner)));
        let mut owned: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            if let (Some(owner), Some(column)) = (row.owner, row.owner_column) {
                owned.entry((owner, column)).or_default().push(at);
            }
        }
        Sequences { rows, owned, brought: HashSet::new() }
    }

    /// The sequence of an identity column.
    pub(super) fn identity(&mut self, column: &ColumnRow) -> Option<&SequenceRow> {
        let at = self.owned(column).find(|at| self.rows[*at].ownership.as_deref() == Some("i"))?;
        (!column.identity.is_empty()).then(|| {
            self.brought.insert(at);
            &self.rows[at]
        })
    }

    fn owned(&self, column: &ColumnRow) -> impl Iterator<Item = usize> {
        self.owned.get(&(column.relation, column.number)).into_iter().flatten().copied()
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
        if !column.not_null || !column.generated.is_empty() {
            return None;
        }
        let default = column.expression.as_deref()?;
        let at = self.owned(column).find(|at| draws_from(default, &self.rows[*at]))?;
        let row = &self.rows[at];
        let name = names::catalog(&table.name, Some(&column.name), "seq");
        // One that stands alone has the name that a serial column would take.
        let is_taken = |other: &SequenceRow| {
            let stands_alone =
                other.owner.is_none() || self.owned(column).any(|at| std::ptr::eq(&self.rows[at], other));
            other.name == name && other.schema == table.schema && stands_alone
        };
        if row.name != name && self.rows.iter().any(is_taken) {
            return None;
        }
        self.brought.insert(at);
        let has_options = row.sql_type != column.sql_type
            || row.max != greatest.to_string()
            || row.cycles
            || [&row.increment, &row.start, &row.min, &row.cache].iter().any(|option| *option != "1");
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
