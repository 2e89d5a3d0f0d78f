//! The safer form of a migration: the same end by statements that let reads and writes go on, as `lint`
//! recommends them. It costs that the migration is no longer one transaction, since an index that is built
//! concurrently runs in none, and a constraint is validated in another one than it is added in. What has been
//! done by then stays if a later statement fails, and the next run goes on from there.
//!
//! Only tables that are there before the migration have such a form: a new one has no rows and no users.

use std::collections::HashSet;

use schema::{Index, IndexObjects, KeyObjects, PrimaryKey, Schema, Unique, names};

use crate::diff::{is_not_null, primary_key};
use crate::hazard::{Hazard, HazardKind, deferrable_key};
use crate::migration::PlannedStep;
use crate::sql::{self, safer as render};
use crate::step::{ColumnStep, ConstraintStep, IndexStep, Name, Step, TableStep, ViewChange, ViewStep};

/// Says of each step what it says in its safer form, if it has one.
pub(crate) fn rewrite(steps: &mut [PlannedStep], previous: &Schema, next: &Schema) {
    let created = steps.iter().filter_map(|planned| match &planned.step {
        Step::Table(TableStep::Create { table, .. }) => Some(Name::of(table)),
        Step::View(ViewStep { name, change: ViewChange::Create { .. }, .. }) => Some(name.clone()),
        _ => None,
    });
    let mut form = Form { created: created.collect(), not_null: HashSet::new(), previous, next };
    for planned in steps {
        if let Some(Safer { statements, hazards }) = form.of(&planned.step) {
            planned.statements = statements;
            planned.hazards = hazards;
        }
    }
}

struct Safer {
    statements: Vec<String>,
    hazards: Vec<Hazard>,
}

struct Form<'a> {
    created: HashSet<Name>,
    /// Columns that an earlier step has made NOT NULL.
    not_null: HashSet<(Name, String)>,
    previous: &'a Schema,
    next: &'a Schema,
}

impl Form<'_> {
    fn of(&mut self, step: &Step) -> Option<Safer> {
        match step {
            Step::Index(IndexStep::Create { table, index, objects, .. }) if self.has_concurrent_indexes(table) => {
                (!index.concurrently).then(|| create_index(table, index, objects))
            }
            Step::Index(IndexStep::Drop { table, index, .. }) if self.has_concurrent_indexes(table) => Some(Safer {
                statements: vec![render::drop_index(table, &index.name)],
                hazards: vec![outside("drop of index", &index.name)],
            }),
            Step::Constraint(step) => self.constraint(step),
            Step::Column(ColumnStep::SetNotNull { table, column }) if self.is_in_use(table) => {
                self.not_null.insert((table.clone(), column.clone()));
                let [before, after] = self.checked(table, std::slice::from_ref(column));
                let set = sql::statements(step);
                Some(Safer {
                    statements: before.into_iter().chain(set).chain(after).collect(),
                    hazards: vec![may_fail(format!(
                        "{table}.\"{column}\" becomes NOT NULL; it fails if a row has NULL there"
                    ))],
                })
            }
            _ => None,
        }
    }

    fn constraint(&mut self, step: &ConstraintStep) -> Option<Safer> {
        match step {
            ConstraintStep::AddCheck { table, check, .. } if self.is_in_use(table) => {
                let why = format!("check \"{}\" fails if a row of {table} does not satisfy it", check.name);
                Some(not_valid(step, table, &check.name, why))
            }
            // Before version 18 a partitioned table has no foreign key that is not valid.
            ConstraintStep::AddForeignKey { table, key, .. } if self.has_concurrent_indexes(table) => {
                let (name, target) = (&key.name, &key.table_to);
                let why = format!("foreign key \"{name}\" fails if a row of {table} has no match in \"{target}\"");
                Some(not_valid(step, table, name, why))
            }
            ConstraintStep::AddUnique { table, unique, objects } if self.has_concurrent_indexes(table) => {
                let Unique { name, columns, nulls_not_distinct } = unique;
                let KeyObjects { include, deferral } = objects;
                let of_index = IndexObjects { include: include.clone(), nulls_not_distinct: *nulls_not_distinct };
                let statements = vec![
                    render::key_index(table, name, columns, &of_index),
                    render::unique_using_index(table, name, *deferral),
                ];
                let what = format!("unique constraint \"{name}\"");
                Some(Safer { statements, hazards: hazards_of_key(table, name, &what, objects) })
            }
            ConstraintStep::AddPrimaryKey { table, key, objects } if self.has_concurrent_indexes(table) => {
                Some(self.primary_key(table, key, objects))
            }
            _ => None,
        }
    }

    /// A primary key scans the table for NULL in each of its columns that allows it.
    fn primary_key(&self, table: &Name, key: &PrimaryKey, objects: &KeyObjects) -> Safer {
        let name = if key.name.is_empty() { names::catalog(&table.name, None, "pkey") } else { key.name.clone() };
        let nullable: Vec<String> =
            key.columns.iter().filter(|column| self.is_nullable(table, column)).cloned().collect();
        let [before, after] = self.checked(table, &nullable);
        let KeyObjects { include, deferral } = objects;
        let of_index = IndexObjects { include: include.clone(), nulls_not_distinct: false };
        let add = [
            render::key_index(table, &name, &key.columns, &of_index),
            render::primary_key_using_index(table, &name, *deferral),
        ];
        let hazards = hazards_of_key(table, &name, &format!("primary key ({})", key.columns.join(", ")), objects);
        Safer { statements: before.into_iter().chain(add).chain(after).collect(), hazards }
    }

    /// The statements around one that looks for NULL in these columns: with a constraint that says that there is
    /// none, it need not look.
    fn checked(&self, table: &Name, columns: &[String]) -> [Vec<String>; 2] {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for column in columns {
            let name = self.name_of_check(table, column);
            before.push(render::add_not_null_check(table, &name, column));
            before.push(render::validate(table, &name));
            after.push(render::drop_constraint(table, &name));
        }
        [before, after]
    }

    /// A name that no constraint of the table has, before or after.
    fn name_of_check(&self, table: &Name, column: &str) -> String {
        let tables = [self.previous, self.next].map(|schema| schema.tables.get(&table.key()));
        let is_taken = |name: &str| {
            let of_table = |table: &schema::Table| {
                table.check_constraints.contains_key(name)
                    || table.foreign_keys.contains_key(name)
                    || table.unique_constraints.contains_key(name)
                    || primary_key(table).is_some_and(|key| key.name == name)
            };
            tables.iter().flatten().any(|table| of_table(table))
        };
        let name = |number: usize| {
            let suffix = if number == 0 { "set_not_null".to_owned() } else { format!("set_not_null{number}") };
            names::catalog(&table.name, Some(column), &suffix)
        };
        (0..).map(name).find(|name| !is_taken(name)).expect("a table has fewer constraints than there are numbers")
    }

    fn is_nullable(&self, table: &Name, column: &str) -> bool {
        let was = self.previous.tables.get(&table.key());
        let was = was.and_then(|table| Some((table, table.columns.get(column)?)));
        // A column that is added has its NOT NULL from the beginning.
        let is = self.next.tables.get(&table.key()).and_then(|table| table.columns.get(column));
        let is_set = match was {
            Some((table, column)) => is_not_null(table, column),
            None => is.is_some_and(|column| column.not_null),
        };
        !is_set && !self.not_null.contains(&(table.clone(), column.to_owned()))
    }

    fn is_in_use(&self, table: &Name) -> bool {
        !self.created.contains(table)
    }

    /// Whether the table is in use, and an index of it can be built without blocking: not where it is partitioned.
    fn has_concurrent_indexes(&self, table: &Name) -> bool {
        let is_partitioned = [self.previous, self.next]
            .iter()
            .any(|schema| schema.objects.tables.get(&table.key()).is_some_and(|table| table.partition_by.is_some()));
        self.is_in_use(table) && !is_partitioned
    }
}

fn hazards_of_key(table: &Name, index: &str, what: &str, objects: &KeyObjects) -> Vec<Hazard> {
    let equal = may_fail(format!("{what} fails if {table} has two equal rows"));
    [outside("index", index), equal].into_iter().chain(deferrable_key(what, objects)).collect()
}

fn create_index(table: &Name, index: &Index, objects: &IndexObjects) -> Safer {
    let name = &index.name;
    let (index, on_new_table) = (Index { concurrently: true, ..index.clone() }, false);
    let mut hazards = vec![outside("index", name)];
    if index.is_unique {
        hazards.push(may_fail(format!("unique index \"{name}\" fails if {table} has two equal rows")));
    }
    let (table, objects) = (table.clone(), objects.clone());
    let step = IndexStep::Create { table, index, columns: Vec::new(), on_new_table, objects };
    Safer { statements: sql::statements(&Step::Index(step)), hazards }
}

/// A constraint that is added for new rows, and validated for those that are there.
fn not_valid(step: &ConstraintStep, table: &Name, name: &str, why: String) -> Safer {
    let added = sql::statements(&Step::Constraint(step.clone()));
    let mut statements: Vec<String> = added.iter().map(|sql| render::not_valid(sql)).collect();
    statements.push(render::validate(table, name));
    Safer { statements, hazards: vec![may_fail(why)] }
}

fn may_fail(message: String) -> Hazard {
    Hazard { kind: HazardKind::MayFail, message }
}

fn outside(what: &str, name: &str) -> Hazard {
    let how = "runs outside the transaction: if it fails, what the migration did before it stays";
    may_fail(format!("{what} \"{name}\" {how}, and the next run goes on; drizzle-kit's migrate cannot run it"))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use schema::build::{Check, Column, ForeignKey, Index, Object, PartitionKey, PrimaryKey, Table, Unique, types};

    use crate::Migration;
    use crate::rename::{Answers, resolve};

    fn check(previous: Vec<Object>, next: Vec<Object>, expected: Expect) {
        let [previous, next] = [previous, next].map(|objects| schema::build::schema(objects).unwrap());
        let resolved = resolve(&previous, &next, &Answers::default().create_the_rest());
        let migration = Migration::new(crate::plan::plan(&resolved, &next)).safer(&resolved.previous, &next);
        let hazards =
            |planned: &crate::PlannedStep| planned.hazards.iter().map(|h| format!("  ! {h}\n")).collect::<String>();
        let lines = migration.steps().iter().map(|planned| {
            format!(
                "{}\n{}",
                planned.statements.iter().map(|sql| sql.trim_end()).collect::<Vec<_>>().join("\n"),
                hazards(planned)
            )
        });
        expected.assert_eq(&lines.collect::<String>());
    }

    fn table(name: &str) -> Table {
        Table::new(name).column(Column::new("a", types::integer())).column(Column::new("b", types::text()))
    }

    #[test]
    fn indexes_of_tables_in_use_are_built_and_dropped_concurrently() {
        check(
            vec![table("t").index(Index::on(["a"]).name("old")).into()],
            vec![
                table("t").index(Index::on(["b"]).name("by_b").unique()).into(),
                table("new").index(Index::on(["b"]).name("of_new")).into(),
            ],
            expect![[r#"
                CREATE TABLE "new" (
                	"a" integer,
                	"b" text
                );
                DROP INDEX CONCURRENTLY "old";
                  ! may fail: drop of index "old" runs outside the transaction: if it fails, what the migration did before it stays, and the next run goes on; drizzle-kit's migrate cannot run it
                CREATE INDEX "of_new" ON "new" USING btree ("b");
                CREATE UNIQUE INDEX CONCURRENTLY "by_b" ON "t" USING btree ("b");
                  ! may fail: index "by_b" runs outside the transaction: if it fails, what the migration did before it stays, and the next run goes on; drizzle-kit's migrate cannot run it
                  ! may fail: unique index "by_b" fails if "t" has two equal rows
            "#]],
        );
    }

    #[test]
    fn constraints_are_validated_after_they_are_added() {
        check(
            vec![table("t").into(), table("u").column(Column::new("id", types::integer()).primary_key()).into()],
            vec![
                table("t")
                    .check(Check::new("positive", "a > 0"))
                    .column(Column::new("u", types::integer()).references("u", "id"))
                    .into(),
                table("u").column(Column::new("id", types::integer()).primary_key()).into(),
                table("new").check(Check::new("positive", "a > 0")).into(),
            ],
            expect![[r#"
                CREATE TABLE "new" (
                	"a" integer,
                	"b" text,
                	CONSTRAINT "positive" CHECK (a > 0)
                );
                ALTER TABLE "t" ADD COLUMN "u" integer;
                ALTER TABLE "t" ADD CONSTRAINT "t_u_u_id_fk" FOREIGN KEY ("u") REFERENCES "public"."u"("id") ON DELETE no action ON UPDATE no action NOT VALID;
                ALTER TABLE "t" VALIDATE CONSTRAINT "t_u_u_id_fk";
                  ! may fail: foreign key "t_u_u_id_fk" fails if a row of "t" has no match in "u"
                ALTER TABLE "t" ADD CONSTRAINT "positive" CHECK (a > 0) NOT VALID;
                ALTER TABLE "t" VALIDATE CONSTRAINT "positive";
                  ! may fail: check "positive" fails if a row of "t" does not satisfy it
            "#]],
        );
    }

    #[test]
    fn keys_are_made_of_an_index_and_not_null_is_checked_first() {
        check(
            vec![table("t").check(Check::new("t_a_set_not_null", "true")).into(), table("u").into()],
            vec![
                Table::new("t")
                    .column(Column::new("a", types::integer()).not_null())
                    .column(Column::new("b", types::text()))
                    .check(Check::new("t_a_set_not_null", "true"))
                    .unique(Unique::on(["a", "b"]).name("both").nulls_not_distinct())
                    .into(),
                table("u").primary_key(PrimaryKey::on(["a", "b"]).name("key")).into(),
            ],
            expect![[r#"
                ALTER TABLE "t" ADD CONSTRAINT "t_a_set_not_null1" CHECK ("a" IS NOT NULL) NOT VALID;
                ALTER TABLE "t" VALIDATE CONSTRAINT "t_a_set_not_null1";
                ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL;
                ALTER TABLE "t" DROP CONSTRAINT "t_a_set_not_null1";
                  ! may fail: "t"."a" becomes NOT NULL; it fails if a row has NULL there
                ALTER TABLE "u" ADD CONSTRAINT "u_a_set_not_null" CHECK ("a" IS NOT NULL) NOT VALID;
                ALTER TABLE "u" VALIDATE CONSTRAINT "u_a_set_not_null";
                ALTER TABLE "u" ADD CONSTRAINT "u_b_set_not_null" CHECK ("b" IS NOT NULL) NOT VALID;
                ALTER TABLE "u" VALIDATE CONSTRAINT "u_b_set_not_null";
                CREATE UNIQUE INDEX CONCURRENTLY "key" ON "u" ("a","b");
                ALTER TABLE "u" ADD CONSTRAINT "key" PRIMARY KEY USING INDEX "key";
                ALTER TABLE "u" DROP CONSTRAINT "u_a_set_not_null";
                ALTER TABLE "u" DROP CONSTRAINT "u_b_set_not_null";
                  ! may fail: index "key" runs outside the transaction: if it fails, what the migration did before it stays, and the next run goes on; drizzle-kit's migrate cannot run it
                  ! may fail: primary key (a, b) fails if "u" has two equal rows
                CREATE UNIQUE INDEX CONCURRENTLY "both" ON "t" ("a","b") NULLS NOT DISTINCT;
                ALTER TABLE "t" ADD CONSTRAINT "both" UNIQUE USING INDEX "both";
                  ! may fail: index "both" runs outside the transaction: if it fails, what the migration did before it stays, and the next run goes on; drizzle-kit's migrate cannot run it
                  ! may fail: unique constraint "both" fails if "t" has two equal rows
            "#]],
        );
    }

    #[test]
    fn what_no_snapshot_holds_of_a_key_is_said_where_its_index_is_built_and_used() {
        let table = || Table::new("t").column(Column::new("a", types::integer()).not_null());
        check(
            vec![table().into()],
            vec![
                table()
                    .primary_key(PrimaryKey::on(["a"]).name("key").include(["a"]).deferrable())
                    .unique(Unique::on(["a"]).name("one").include(["a"]).nulls_not_distinct().initially_deferred())
                    .index(Index::on(["a"]).name("by").unique().include(["a"]).nulls_not_distinct())
                    .foreign_key(ForeignKey::new(["a"]).references("t", ["a"]).name("fk").deferrable())
                    .check(Check::new("positive", "a > 0").no_inherit())
                    .into(),
            ],
            expect![[r#"
                CREATE UNIQUE INDEX CONCURRENTLY "key" ON "t" ("a") INCLUDE ("a");
                ALTER TABLE "t" ADD CONSTRAINT "key" PRIMARY KEY USING INDEX "key" DEFERRABLE INITIALLY IMMEDIATE;
                  ! may fail: index "key" runs outside the transaction: if it fails, what the migration did before it stays, and the next run goes on; drizzle-kit's migrate cannot run it
                  ! may fail: primary key (a) fails if "t" has two equal rows
                  ! breaks running code: primary key (a) is deferrable; an ON CONFLICT that names it fails from here on
                CREATE UNIQUE INDEX CONCURRENTLY "by" ON "t" USING btree ("a") INCLUDE ("a") NULLS NOT DISTINCT;
                  ! may fail: index "by" runs outside the transaction: if it fails, what the migration did before it stays, and the next run goes on; drizzle-kit's migrate cannot run it
                  ! may fail: unique index "by" fails if "t" has two equal rows
                CREATE UNIQUE INDEX CONCURRENTLY "one" ON "t" ("a") INCLUDE ("a") NULLS NOT DISTINCT;
                ALTER TABLE "t" ADD CONSTRAINT "one" UNIQUE USING INDEX "one" DEFERRABLE INITIALLY DEFERRED;
                  ! may fail: index "one" runs outside the transaction: if it fails, what the migration did before it stays, and the next run goes on; drizzle-kit's migrate cannot run it
                  ! may fail: unique constraint "one" fails if "t" has two equal rows
                  ! breaks running code: unique constraint "one" is deferrable; an ON CONFLICT that names it fails from here on
                ALTER TABLE "t" ADD CONSTRAINT "fk" FOREIGN KEY ("a") REFERENCES "public"."t"("a") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE NOT VALID;
                ALTER TABLE "t" VALIDATE CONSTRAINT "fk";
                  ! may fail: foreign key "fk" fails if a row of "t" has no match in "t"
                ALTER TABLE "t" ADD CONSTRAINT "positive" CHECK (a > 0) NO INHERIT NOT VALID;
                ALTER TABLE "t" VALIDATE CONSTRAINT "positive";
                  ! may fail: check "positive" fails if a row of "t" does not satisfy it
            "#]],
        );
    }

    #[test]
    fn a_partitioned_table_has_no_concurrent_index_and_its_checks_are_validated() {
        let partitioned = || table("t").partition_by(PartitionKey::range().column("a"));
        check(
            vec![partitioned().into()],
            vec![partitioned().index(Index::on(["b"]).name("by_b")).check(Check::new("c", "a > 0")).into()],
            expect![[r#"
                CREATE INDEX "by_b" ON "t" USING btree ("b");
                  ! lock: writes to "t" wait while index "by_b" is built
                ALTER TABLE "t" ADD CONSTRAINT "c" CHECK (a > 0) NOT VALID;
                ALTER TABLE "t" VALIDATE CONSTRAINT "c";
                  ! may fail: check "c" fails if a row of "t" does not satisfy it
            "#]],
        );
    }
}
