//! Extended statistics. PostgreSQL takes them along where a column of theirs goes, and makes them again where one gets
//! another type, if their expressions still mean something then.

use std::collections::HashSet;

use schema::Statistics;

use super::Change;
use crate::diff::Matched;
use crate::plan::{Stage, Steps};
use crate::rename::Kind;
use crate::step::{Name, PartitionStep, StatisticsStep, Step, TableStep, ViewChange, ViewStep};

/// Statistics: made after their table, dropped before anything that they stand on changes.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    let statistics = Matched::new(&change.previous.objects.statistics, &change.next.objects.statistics);
    if statistics.all().next().is_none() {
        return;
    }
    let made = made(steps);
    for dropped in &statistics.dropped {
        drop(steps, change, dropped, false);
    }
    for pair in &statistics.kept {
        let is_same = Statistics { target: pair.next.target, ..pair.previous.clone() } == *pair.next;
        if !is_same || made.contains(&pair.next.table_key()) || falls(change, pair.previous) {
            drop(steps, change, pair.previous, true);
            create(steps, pair.next, true);
        } else if pair.previous.target != pair.next.target || forgets_target(change, pair.next) {
            let step = StatisticsStep::SetTarget(Box::new(pair.next.clone()));
            steps.push(Stage::AlterStatistics, Step::Statistics(step));
        }
    }
    for created in &statistics.created {
        create(steps, created, false);
    }
}

/// The keys of the tables, views and partitions that are made, be it anew.
fn made(steps: &Steps) -> HashSet<String> {
    let made = steps.iter().filter_map(|step| match step {
        Step::Table(TableStep::Create { table, .. }) => Some(table.key()),
        Step::View(ViewStep { name, change: ViewChange::Create { .. }, .. }) => Some(name.key()),
        Step::Partition(PartitionStep::Create(partition)) => Some(partition.key()),
        _ => None,
    });
    made.collect()
}

fn create(steps: &mut Steps, statistics: &Statistics, recreated: bool) {
    let step = StatisticsStep::Create { statistics: Box::new(statistics.clone()), recreated };
    steps.push(Stage::CreateStatistics, Step::Statistics(step));
}

/// Drops statistics from a table under the name that it has before any rename.
fn drop(steps: &mut Steps, change: Change, statistics: &Statistics, recreated: bool) {
    let table = Name::new(&statistics.table_schema, &statistics.table);
    let table = change.old.before(Kind::View, change.old.before(Kind::Table, &table));
    let (table_schema, table) = (table.schema.clone(), table.name.clone());
    let statistics = Box::new(Statistics { table_schema, table, ..statistics.clone() });
    steps.push(Stage::DropStatistics, Step::Statistics(StatisticsStep::Drop { statistics, recreated }));
}

/// Whether a column of the statistics is made anew, or an expression names what is, or a column that gets another type
/// or name.
fn falls(change: Change, statistics: &Statistics) -> bool {
    let touched = change.touched.of(&change.next.objects.partition_root(&statistics.table_key()));
    let anew = |expression: &String| change.recreated.anew().is_under(expression);
    touched.is_some_and(|touched| {
        statistics.columns.iter().any(|column| touched.rebuilt.contains(column))
            || statistics.expressions.iter().any(|expression| touched.stands_under(expression))
    }) || statistics.expressions.iter().any(anew)
}

/// Whether PostgreSQL makes the statistics again, which leaves their target behind.
fn forgets_target(change: Change, statistics: &Statistics) -> bool {
    let touched = change.touched.of(&change.next.objects.partition_root(&statistics.table_key()));
    statistics.target.is_some()
        && touched.is_some_and(|touched| statistics.columns.iter().any(|column| touched.changes_type(column)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use schema::StatisticsKind::{Mcv, Ndistinct};
    use schema::build::{Column, Object, Statistics, Table, types};

    use crate::plan::testing::check;

    fn table(name: &str, columns: [&str; 2]) -> Object {
        let table = Table::new(name).column(Column::new(columns[0], types::text()));
        table.column(Column::new(columns[1], types::text())).into()
    }

    fn on(table: &str, columns: [&str; 2]) -> Statistics {
        Statistics::new("s", table).columns(columns)
    }

    #[test]
    fn they_are_made_after_their_table_with_a_target_of_their_own() {
        let statistics =
            on("a", ["x", "y"]).in_schema("app").kind(Mcv).kind(Ndistinct).expression("x || y").target(100);
        check(
            vec![],
            vec![table("a", ["x", "y"]), statistics.into()],
            &[],
            expect![[r#"
            CREATE SCHEMA "app";

            CREATE TABLE "a" (
            	"x" text,
            	"y" text
            );

            CREATE STATISTICS "app"."s" (ndistinct, mcv) ON "x", "y", (x || y) FROM "public"."a";
            ALTER STATISTICS "app"."s" SET STATISTICS 100;"#]],
        );
    }

    #[test]
    fn a_target_alone_is_set_and_anything_else_is_dropped_and_made() {
        let with = |statistics: Statistics| vec![table("a", ["x", "y"]), statistics.into()];
        check(
            with(on("a", ["x", "y"]).target(9)),
            with(on("a", ["x", "y"])),
            &[],
            expect![[r#"ALTER STATISTICS "public"."s" SET STATISTICS -1;"#]],
        );
        check(
            with(on("a", ["x", "y"])),
            with(on("a", ["x", "y"]).kind(Mcv)),
            &[],
            expect![[r#"
            DROP STATISTICS "public"."s";
            CREATE STATISTICS "public"."s" (mcv) ON "x", "y" FROM "public"."a";"#]],
        );
    }

    #[test]
    fn they_follow_a_renamed_table_and_column_and_are_made_anew_where_an_expression_names_it() {
        let with = |name: &str, column: &str, expression: &str| {
            let alone = Statistics::new("e", name).expression(expression).into();
            vec![table(name, [column, "y"]), on(name, [column, "y"]).into(), alone]
        };
        check(
            with("a", "x", "lower(x)"),
            with("b", "z", "lower(z)"),
            &["public.a=public.b", "public.b.x=public.b.z"],
            expect![[r#"
                DROP STATISTICS "public"."e";
                ALTER TABLE "a" RENAME TO "b";
                ALTER TABLE "b" RENAME COLUMN "x" TO "z";
                CREATE STATISTICS "public"."e" ON (lower(z)) FROM "public"."b";"#]],
        );
    }

    #[test]
    fn a_column_that_goes_does_not_take_them_along_unseen() {
        let next = Table::new("a").column(Column::new("x", types::text())).into();
        check(
            vec![table("a", ["x", "y"]), on("a", ["x", "y"]).into()],
            vec![next],
            &[],
            expect![[r#"
            DROP STATISTICS "public"."s";
            ALTER TABLE "a" DROP COLUMN "y";"#]],
        );
    }
}
