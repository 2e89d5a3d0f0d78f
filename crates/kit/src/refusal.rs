//! Changes that no statement makes, and that would lose every row if they were made by DROP and CREATE.
//! A caller must refuse them; [`plan`](crate::plan::plan) leaves them out.

use schema::{Objects, PartitionKey, Schema};

use crate::plan;

/// A change that is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A table gets a partition key, loses it, or gets another one.
    #[error(
        "the partition key of table \"{table}\" changes, and PostgreSQL changes none; in a migration by hand \
         (`generate --custom`), rename the table, make the new one, copy the rows and drop the old one"
    )]
    PartitionKey {
        /// The key of the table, or partition.
        table: String,
    },
    /// A column that a partition key names gets another type or collation, or the type that it has is made anew.
    #[error(
        "column \"{column}\" of table \"{table}\" is in the partition key, and PostgreSQL gives it no other type or \
         collation; in a migration by hand (`generate --custom`), rename the table, make the new one, copy the rows \
         and drop the old one"
    )]
    PartitionColumn {
        /// The key of the table.
        table: String,
        /// The column.
        column: String,
    },
    /// A table becomes a partition.
    #[error(
        "table \"{table}\" becomes a partition; give the partition another name, and move the rows in a migration by \
         hand (`generate --custom`)"
    )]
    BecomesPartition {
        /// The key of the table.
        table: String,
    },
    /// A partition becomes a table.
    #[error(
        "partition \"{table}\" becomes a table of its own; give the table another name, and move the rows in a \
         migration by hand (`generate --custom`)"
    )]
    BecomesTable {
        /// The key of the partition.
        table: String,
    },
}

/// Every change from `previous`, under the names of `next`, that is refused.
pub fn refusals(previous: &Schema, next: &Schema) -> Vec<Refusal> {
    let (was, is) = (&previous.objects, &next.objects);
    let mut refusals = Vec::new();
    for table in previous.tables.keys() {
        if is.partitions.contains_key(table) {
            refusals.push(Refusal::BecomesPartition { table: table.clone() });
        } else if next.tables.contains_key(table) && key_of(was, table) != key_of(is, table) {
            refusals.push(Refusal::PartitionKey { table: table.clone() });
        }
    }
    for (table, column) in plan::retyped_in_partition_keys(previous, next) {
        refusals.push(Refusal::PartitionColumn { table, column });
    }
    for (key, partition) in &was.partitions {
        if next.tables.contains_key(key) {
            refusals.push(Refusal::BecomesTable { table: key.clone() });
        } else if is.partitions.get(key).is_some_and(|next| next.partition_by != partition.partition_by) {
            refusals.push(Refusal::PartitionKey { table: key.clone() });
        }
    }
    refusals
}

fn key_of<'a>(objects: &'a Objects, table: &str) -> Option<&'a PartitionKey> {
    objects.tables.get(table)?.partition_by.as_ref()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use schema::build::{Column, Domain, Object, Partition, PartitionKey, Table, types};

    use super::refusals;

    fn check(previous: Vec<Object>, next: Vec<Object>, expected: Expect) {
        let [previous, next] = [previous, next].map(|objects| schema::build::schema(objects).unwrap());
        let lines: Vec<String> = refusals(&previous, &next).iter().map(ToString::to_string).collect();
        expected.assert_eq(&lines.join("\n"));
    }

    fn table(name: &str) -> Table {
        Table::new(name).column(Column::new("a", types::integer()))
    }

    fn by_range() -> PartitionKey {
        PartitionKey::range().column("a")
    }

    #[test]
    fn a_partition_key_that_comes_or_changes_is_refused_by_name() {
        check(
            vec![
                table("t").into(),
                table("u").partition_by(by_range()).into(),
                Partition::new("p", "u").partition_by(PartitionKey::list().column("a")).into(),
            ],
            vec![
                table("t").partition_by(by_range()).into(),
                table("u").partition_by(by_range()).into(),
                Partition::new("p", "u").into(),
            ],
            expect![[r#"
                the partition key of table "public.t" changes, and PostgreSQL changes none; in a migration by hand (`generate --custom`), rename the table, make the new one, copy the rows and drop the old one
                the partition key of table "public.p" changes, and PostgreSQL changes none; in a migration by hand (`generate --custom`), rename the table, make the new one, copy the rows and drop the old one"#]],
        );
    }

    #[test]
    fn a_table_is_no_partition_and_a_partition_no_table() {
        let parent = || table("u").partition_by(by_range()).into();
        check(
            vec![parent(), table("t").into(), Partition::new("p", "u").into()],
            vec![parent(), table("p").into(), Partition::new("t", "u").into()],
            expect![[r#"
                table "public.t" becomes a partition; give the partition another name, and move the rows in a migration by hand (`generate --custom`)
                partition "public.p" becomes a table of its own; give the table another name, and move the rows in a migration by hand (`generate --custom`)"#]],
        );
    }

    #[test]
    fn a_column_of_a_partition_key_keeps_its_type() {
        let events = |sql_type: &str| {
            let table = Table::new("events").column(Column::new("a", types::custom(sql_type)));
            let key = PartitionKey::list().expression("abs(a)");
            table.column(Column::new("b", types::custom(sql_type))).partition_by(key).into()
        };
        let positive = |base| Domain::new("positive", base).into();
        check(
            vec![positive(types::integer()), events("positive")],
            vec![positive(types::bigint()), events("positive")],
            expect![[
                r#"column "a" of table "public.events" is in the partition key, and PostgreSQL gives it no other type or collation; in a migration by hand (`generate --custom`), rename the table, make the new one, copy the rows and drop the old one"#
            ]],
        );
        check(
            vec![events("integer")],
            vec![events("bigint")],
            expect![[
                r#"column "a" of table "public.events" is in the partition key, and PostgreSQL gives it no other type or collation; in a migration by hand (`generate --custom`), rename the table, make the new one, copy the rows and drop the old one"#
            ]],
        );
    }

    #[test]
    fn what_stays_or_goes_whole_is_not() {
        let parent = || table("u").partition_by(by_range()).into();
        check(
            vec![parent(), Partition::new("p", "u").into()],
            vec![parent(), Partition::new("p", "u").into()],
            expect![""],
        );
        check(vec![parent()], vec![table("v").into()], expect![""]);
    }
}
