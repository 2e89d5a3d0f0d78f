//! What must be left of the rows that are there.

use schema::mentions::Mentions;
use schema::quote::ident;
use schema::{Column, Objects, Schema, Table};

use crate::diff::Matched;
use crate::plan;
use crate::rename::{Rename, Resolved};
use crate::step::Name;

/// What a migration must leave as it is: one query before it and another after it, of one answer.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The table's key in the previous schema.
    pub table: String,
    /// The query before the migration.
    pub before: String,
    /// The query after it, with the names that are new then.
    pub after: String,
}

/// What a migration from one schema to another must keep of the rows of the tables that stay.
pub fn kept(previous: &Schema, resolved: &Resolved, next: &Schema) -> Vec<Kept> {
    let mut reshaped = reshaped(&resolved.previous.objects, &next.objects);
    add_relabelled(&mut reshaped, &resolved.renames, &next.objects);
    // Renames change names and keep the order.
    let tables = previous.tables.iter().zip(resolved.previous.tables.values());
    let parted_otherwise = plan::parted_otherwise(&resolved.previous, next);
    let staying = tables
        .filter(|(_, renamed)| !parted_otherwise.contains(&renamed.key()))
        .filter_map(|((key, old), renamed)| Some((key, old, renamed, next.tables.get(&renamed.key())?)));
    staying.flat_map(|(key, old, renamed, next)| kept_of(key, [old, renamed, next], &reshaped)).collect()
}

/// The types whose values have another text than before.
fn reshaped(previous: &Objects, next: &Objects) -> Vec<Name> {
    let composites = Matched::new(&previous.composites, &next.composites);
    let composites = composites.changed(|was, is| was == is).map(|pair| Name::new(&pair.next.schema, &pair.next.name));
    let domains = Matched::new(&previous.domains, &next.domains);
    let domains = domains.changed(|was, is| was.base == is.base);
    composites.chain(domains.map(|pair| Name::new(&pair.next.schema, &pair.next.name))).collect()
}

/// Adds the enums that have a value under another name, and the types that are made of them.
fn add_relabelled(reshaped: &mut Vec<Name>, renames: &[Rename], next: &Objects) {
    reshaped.extend(renames.iter().filter_map(|rename| match rename {
        Rename::Value { of, .. } => Some(of.clone()),
        _ => None,
    }));
    let composites = next.composites.values().map(|composite| {
        let types = composite.attributes.values().map(|attribute| attribute.sql_type.as_str());
        (Name::new(&composite.schema, &composite.name), types.collect::<Vec<_>>())
    });
    let domains = next.domains.values().map(|of| (Name::new(&of.schema, &of.name), vec![of.base.as_str()]));
    let ranges = next.ranges.values().map(|of| (Name::new(&of.schema, &of.name), vec![of.subtype.as_str()]));
    let made: Vec<(Name, Vec<&str>)> = composites.chain(domains).chain(ranges).collect();
    loop {
        let has = |text: &&str| {
            let mentions = Mentions::of(text);
            reshaped.iter().any(|name| mentions.has_type(&name.schema, &name.name))
        };
        let found = made.iter().find(|(name, types)| !reshaped.contains(name) && types.iter().any(has));
        match found {
            Some((name, _)) => reshaped.push(name.clone()),
            None => return,
        }
    }
}

fn kept_of(key: &str, [old, renamed, next]: [&Table; 3], reshaped: &[Name]) -> Vec<Kept> {
    let (old_table, new_table) = (name(old), name(next));
    let mut kept = Vec::new();
    let mut keep = |before, after| kept.push(Kept { table: key.to_owned(), before, after });
    let count = |table: &str| format!("SELECT count(*) FROM {table}");
    keep(count(&old_table), count(&new_table));
    let is_reshaped = |column: &Column| {
        let mut reshaped = reshaped.iter().peekable();
        reshaped.peek().is_some() && {
            let (mentions, of_enum) = (Mentions::of(&column.sql_type), plan::enum_of(column));
            reshaped.any(|name| of_enum.as_ref().map_or(mentions.has_type(&name.schema, &name.name), |of| of == name))
        }
    };
    for (was, renamed) in old.columns.values().zip(renamed.columns.values()) {
        let Some(next) = next.columns.get(&renamed.name) else { continue };
        let (old_column, new_column) = (ident(&was.name), ident(&next.name));
        if next.generated.is_some() {
            // Computed anew.
        } else if renamed.sql_type == next.sql_type && renamed.type_schema == next.type_schema && !is_reshaped(next) {
            let values = |column: &str, table: &str| format!("SELECT {column}::text FROM {table} ORDER BY 1");
            keep(values(&old_column, &old_table), values(&new_column, &new_table));
        } else {
            let values = |column: &str, table: &str| format!("SELECT count({column}) FROM {table}");
            keep(values(&old_column, &old_table), values(&new_column, &new_table));
        }
    }
    kept
}

fn name(table: &Table) -> String {
    format!("{}.{}", ident(table.schema_name()), ident(&table.name))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use schema::build::{self, Column, Object, Partition, PartitionKey, Table, types};

    use super::kept;
    use crate::rename::{Answers, resolve};

    fn check(previous: Vec<Object>, next: Vec<Object>, expected: Expect) {
        let [previous, next] = [previous, next].map(|objects| build::schema(objects).unwrap());
        let kept = kept(&previous, &resolve(&previous, &next, &Answers::default().create_the_rest()), &next);
        let counts = kept.iter().filter(|kept| kept.before.starts_with("SELECT count(*)"));
        expected.assert_eq(&counts.map(|kept| kept.table.as_str()).collect::<Vec<_>>().join(" "));
    }

    fn table(name: &str) -> Object {
        let table = Table::new(name).column(Column::new("a", types::integer()));
        table.partition_by(PartitionKey::list().column("a")).into()
    }

    fn with(partitions: Vec<Partition>) -> Vec<Object> {
        [table("t"), table("u")].into_iter().chain(partitions.into_iter().map(Object::from)).collect()
    }

    fn one(name: &str, parent: &str) -> Partition {
        Partition::new(name, parent).values("1")
    }

    #[test]
    fn a_table_keeps_its_rows_while_its_partitions_are_its_own() {
        check(with(vec![one("p", "t")]), with(vec![one("q", "t")]), expect!["public.t public.u"]);
        check(with(vec![one("p", "t")]), with(vec![one("p", "u")]), expect![""]);
        check(with(vec![one("p", "t")]), with(vec![]), expect!["public.u"]);
    }

    #[test]
    fn a_partition_of_the_same_bounds_is_another_one_under_another_parent_or_key() {
        let parted = |partition: Partition| partition.partition_by(PartitionKey::hash().column("a"));
        check(with(vec![one("p", "t")]), with(vec![parted(one("q", "t"))]), expect!["public.u"]);
        let both = || vec![parted(one("p", "t")), parted(Partition::new("q", "t").values("2"))];
        let and = |name: &str, parent: &str| {
            let last = Partition::new(name, parent).modulus(1, 0);
            with(both().into_iter().chain([last]).collect())
        };
        check(and("x", "p"), and("y", "p"), expect!["public.t public.u"]);
        check(and("x", "p"), and("y", "q"), expect!["public.u"]);
    }
}
