//! What keys, checks and indexes have that no snapshot holds. Where that changes they are made anew, but for when a
//! foreign key is checked, which PostgreSQL lets go with a word.

use std::collections::HashSet;

use schema::{ForeignKeyObjects, Map, Schema, Table, TableObjects};

use super::Change;
use crate::diff::{Matched, Pair};
use crate::plan::touched::Columns;
use crate::plan::{Stage, Steps};
use crate::step::{ConstraintKind, ConstraintStep, IndexStep, Name, Step};

/// The constraints and indexes of a table that are made anew for it, by name.
#[derive(Default)]
pub(in crate::plan) struct Remade {
    constraints: HashSet<String>,
    indexes: HashSet<String>,
}

impl Remade {
    /// Those that become others, those that hold a column that is rebuilt, and the keys that hold one that gets another
    /// type: PostgreSQL makes such a key anew, and does not think of the foreign keys on it.
    pub(in crate::plan) fn of(table: &Table, objects: Pair<&TableObjects>, touched: &Columns) -> Self {
        let Pair { previous, next } = objects;
        let goes = |include: &[String]| include.iter().any(|column| touched.changes_type(column));
        let goes_with_index = |name: &str, include: &[String]| {
            let is_key = table.indexes.get(name).is_some_and(|index| index.is_unique);
            include.iter().any(|column| touched.rebuilt.contains(column)) || (is_key && goes(include))
        };
        let mut remade = Remade::default();
        let keys = [
            Pair { previous: &previous.composite_primary_keys, next: &next.composite_primary_keys },
            Pair { previous: &previous.unique_constraints, next: &next.unique_constraints },
        ];
        for keys in keys {
            remade.constraints.extend(names(keys, |_, was, is| was != is || goes(&is.include)));
        }
        let keys = Pair { previous: &previous.foreign_keys, next: &next.foreign_keys };
        remade.constraints.extend(names(keys, |_, was, is| was.is_match_full != is.is_match_full));
        let checks = Pair { previous: &previous.check_constraints, next: &next.check_constraints };
        remade.constraints.extend(names(checks, |_, was, is| was != is));
        let indexes = Pair { previous: &previous.indexes, next: &next.indexes };
        remade.indexes.extend(names(indexes, |name, was, is| was != is || goes_with_index(name, &is.include)));
        remade
    }

    pub(in crate::plan) fn has_constraint(&self, name: &str) -> bool {
        self.constraints.contains(name)
    }

    pub(in crate::plan) fn has_index(&self, name: &str) -> bool {
        self.indexes.contains(name)
    }

    pub(in crate::plan) fn is_empty(&self) -> bool {
        let Remade { constraints, indexes } = self;
        constraints.is_empty() && indexes.is_empty()
    }
}

/// The names of those that `falls` takes before and after.
fn names<T: Default>(
    Pair { previous, next }: Pair<&Map<T>>,
    falls: impl Fn(&str, &T, &T) -> bool,
) -> impl Iterator<Item = String> {
    let none = T::default();
    let names = previous.keys().chain(next.keys());
    let falls =
        move |name: &&String| falls(name, previous.get(*name).unwrap_or(&none), next.get(*name).unwrap_or(&none));
    names.filter(falls).cloned()
}

/// Says in the steps that make and drop them what keys, checks and indexes have. Comes after all such steps.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    for step in steps.iter_mut() {
        match step {
            Step::Constraint(step) => constraint(step, change),
            Step::Index(step) => index(step, change),
            _ => {}
        }
    }
    deferrals(steps, change);
}

fn constraint(step: &mut ConstraintStep, Change { previous, next, .. }: Change) {
    match step {
        ConstraintStep::AddPrimaryKey { table, key, objects } => {
            *objects = of(next, table, |objects| &objects.composite_primary_keys, &key.name);
        }
        ConstraintStep::AddUnique { table, unique, objects } => {
            *objects = of(next, table, |objects| &objects.unique_constraints, &unique.name);
        }
        ConstraintStep::AddForeignKey { table, key, objects } => {
            *objects = of(next, table, |objects| &objects.foreign_keys, &key.name);
        }
        ConstraintStep::AddCheck { table, check, objects, columns: _ } => {
            *objects = of(next, table, |objects| &objects.check_constraints, &check.name);
        }
        ConstraintStep::Drop { table, name, kind: ConstraintKind::PrimaryKey { include, .. } } => {
            *include = of(previous, table, |objects| &objects.composite_primary_keys, name).include;
        }
        ConstraintStep::Drop { table, name, kind: ConstraintKind::Unique { include, .. } } => {
            *include = of(previous, table, |objects| &objects.unique_constraints, name).include;
        }
        ConstraintStep::Drop { .. }
        | ConstraintStep::AddExclusion { .. }
        | ConstraintStep::SetDeferral { .. }
        | ConstraintStep::Rename { .. } => {}
    }
}

fn index(step: &mut IndexStep, Change { previous, next, .. }: Change) {
    match step {
        // That of a view has them from the beginning.
        IndexStep::Create { table, .. } if next.views.contains_key(&table.key()) => {}
        IndexStep::Create { table, index, objects, columns, on_new_table: _ } => {
            *objects = of(next, table, |objects| &objects.indexes, &index.name);
            columns.extend(objects.include.iter().cloned());
        }
        IndexStep::Drop { table, index, columns } => {
            columns.extend(of(previous, table, |objects| &objects.indexes, &index.name).include);
        }
        IndexStep::Rename { .. } => {}
    }
}

/// What a part of a table has, by its name.
fn of<T: Clone + Default>(schema: &Schema, table: &Name, parts: fn(&TableObjects) -> &Map<T>, name: &str) -> T {
    let objects = schema.objects.tables.get(&table.key());
    objects.and_then(|objects| parts(objects).get(name)).cloned().unwrap_or_default()
}

/// Foreign keys that stay, and are checked at another time.
fn deferrals(steps: &mut Steps, Change { previous, next, tables, .. }: Change) {
    let added = |step: &Step| match step {
        Step::Constraint(ConstraintStep::AddForeignKey { table, key, .. }) => Some((table.clone(), key.name.clone())),
        _ => None,
    };
    let added: HashSet<(Name, String)> = steps.iter().filter_map(added).collect();
    for table in &tables.kept {
        let name = Name::of(table.next);
        for key in Matched::new(&table.previous.foreign_keys, &table.next.foreign_keys).kept {
            let key = &key.next.name;
            let [was, is]: [ForeignKeyObjects; 2] =
                [previous, next].map(|schema| of(schema, &name, |objects| &objects.foreign_keys, key));
            if was.deferral != is.deferral && !added.contains(&(name.clone(), key.clone())) {
                let (table, name, deferral) = (name.clone(), key.clone(), is.deferral);
                let step = ConstraintStep::SetDeferral { table, name, deferral };
                steps.push(Stage::ForeignKey, Step::Constraint(step));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use schema::Schema;
    use schema::build::{self, Check, Column, ForeignKey, Index, Object, PrimaryKey, Table, Unique, types};

    use crate::Migration;
    use crate::rename::{Answer, Answers, resolve};

    fn check(
        previous: impl IntoIterator<Item = Object>,
        next: impl IntoIterator<Item = Object>,
        renames: &[&str],
        expected: Expect,
    ) {
        let [previous, next]: [Schema; 2] = [build::schema(previous).unwrap(), build::schema(next).unwrap()];
        let answers = Answers::new(renames.iter().map(|rename| Answer::rename(rename).unwrap())).create_the_rest();
        let migration = Migration::new(crate::plan::plan(&resolve(&previous, &next, &answers), &next));
        let mut lines = vec![format!("-- {}", crate::tag::suggest(&migration))];
        for step in migration.steps() {
            lines.extend(step.statements.iter().map(|statement| statement.trim_end().to_owned()));
            lines.extend(step.hazards.iter().map(|hazard| format!("  ! {hazard}")));
        }
        expected.assert_eq(&lines.join("\n"));
    }

    fn table(name: &str) -> Table {
        ["a", "b", "c"]
            .into_iter()
            .fold(Table::new(name), |table, name| table.column(Column::new(name, types::integer()).not_null()))
    }

    fn reference() -> ForeignKey {
        ForeignKey::new(["b"]).references("t", ["a"]).name("fk")
    }

    #[test]
    fn a_new_table_comes_with_all_of_it() {
        let everything = table("t")
            .primary_key(PrimaryKey::on(["a"]).name("key").include(["c"]))
            .unique(Unique::on(["b"]).name("one").include(["a", "c"]).initially_deferred())
            .check(Check::new("positive", "a > 0").no_inherit())
            .index(Index::on(["a"]).name("by").unique().include(["b"]).nulls_not_distinct().filter("a > 1"))
            .foreign_key(reference().match_full().deferrable());
        check(
            [],
            [everything.into()],
            &[],
            expect![[r#"
                -- create_t
                CREATE TABLE "t" (
                	"a" integer NOT NULL,
                	"b" integer NOT NULL,
                	"c" integer NOT NULL,
                	CONSTRAINT "key" PRIMARY KEY("a") INCLUDE ("c"),
                	CONSTRAINT "one" UNIQUE("b") INCLUDE ("a","c") DEFERRABLE INITIALLY DEFERRED,
                	CONSTRAINT "positive" CHECK (a > 0) NO INHERIT
                );
                ALTER TABLE "t" ADD CONSTRAINT "fk" FOREIGN KEY ("b") REFERENCES "public"."t"("a") MATCH FULL ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;
                CREATE UNIQUE INDEX "by" ON "t" USING btree ("a") INCLUDE ("b") NULLS NOT DISTINCT WHERE a > 1;"#]],
        );
    }

    #[test]
    fn when_a_foreign_key_is_checked_is_said_with_a_word() {
        let with = |key: ForeignKey| [table("t").primary_key(PrimaryKey::on(["a"])).foreign_key(key).into()];
        check(
            with(reference()),
            with(reference().initially_deferred()),
            &[],
            expect![[r#"
                -- alter_fk
                ALTER TABLE "t" ALTER CONSTRAINT "fk" DEFERRABLE INITIALLY DEFERRED;"#]],
        );
        check(
            with(reference().initially_deferred()),
            with(reference().deferrable()),
            &[],
            expect![[r#"
                -- alter_fk
                ALTER TABLE "t" ALTER CONSTRAINT "fk" DEFERRABLE INITIALLY IMMEDIATE;"#]],
        );
        check(
            with(reference().deferrable()),
            with(reference()),
            &[],
            expect![[r#"
                -- alter_fk
                ALTER TABLE "t" ALTER CONSTRAINT "fk" NOT DEFERRABLE;"#]],
        );
    }

    #[test]
    fn a_foreign_key_that_is_made_anew_has_its_time_from_then() {
        let with = |key: ForeignKey| [table("t").primary_key(PrimaryKey::on(["a"])).foreign_key(key).into()];
        check(
            with(reference().deferrable()),
            with(reference().match_full().initially_deferred()),
            &[],
            expect![[r#"
                -- drop_fk_add_fk
                ALTER TABLE "t" DROP CONSTRAINT "fk";
                ALTER TABLE "t" ADD CONSTRAINT "fk" FOREIGN KEY ("b") REFERENCES "public"."t"("a") MATCH FULL ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY DEFERRED;
                  ! may fail: foreign key "fk" fails if a row of "t" has no match in "t"
                  ! lock: writes to "t" and "t" wait while the rows are checked"#]],
        );
    }

    #[test]
    fn a_key_that_can_wait_from_now_on_is_made_anew_and_what_references_it_finds_another() {
        let child = || table("child").foreign_key(reference()).into();
        let one = || Unique::on(["a"]).name("one");
        check(
            [table("t").unique(one()).into(), child()],
            [table("t").unique(one().deferrable()).primary_key(PrimaryKey::on(["a"]).name("key")).into(), child()],
            &[],
            expect![[r#"
                -- drop_fk_and_one_add_t_primary_key_and_one_and_fk
                ALTER TABLE "child" DROP CONSTRAINT "fk";
                ALTER TABLE "t" DROP CONSTRAINT "one";
                ALTER TABLE "t" ADD CONSTRAINT "key" PRIMARY KEY("a");
                  ! may fail: primary key (a) fails if "t" has two equal rows
                  ! lock: reads and writes of "t" wait while its index is built
                ALTER TABLE "t" ADD CONSTRAINT "one" UNIQUE("a") DEFERRABLE INITIALLY IMMEDIATE;
                  ! may fail: unique constraint "one" fails if "t" has two equal rows
                  ! lock: reads and writes of "t" wait while its index is built
                  ! breaks running code: unique constraint "one" is deferrable; an ON CONFLICT that names it fails from here on
                ALTER TABLE "child" ADD CONSTRAINT "fk" FOREIGN KEY ("b") REFERENCES "public"."t"("a") ON DELETE no action ON UPDATE no action;
                  ! may fail: foreign key "fk" fails if a row of "child" has no match in "t"
                  ! lock: writes to "child" and "t" wait while the rows are checked"#]],
        );
    }

    #[test]
    fn what_includes_a_column_goes_before_it_and_comes_after_it() {
        let of = |included: &str| {
            Table::new("t")
                .column(Column::new("a", types::integer()).not_null())
                .column(Column::new(included, types::integer()))
                .primary_key(PrimaryKey::on(["a"]).name("key").include([included]))
                .unique(Unique::on(["a"]).name("one").include([included]))
                .index(Index::on(["a"]).name("by").include([included]))
                .into()
        };
        check(
            [of("old")],
            [of("new")],
            &[],
            expect![[r#"
                -- add_t_new_remove_t_old
                ALTER TABLE "t" DROP CONSTRAINT "one";
                DROP INDEX "by";
                ALTER TABLE "t" ADD COLUMN "new" integer;
                CREATE INDEX "by" ON "t" USING btree ("a") INCLUDE ("new");
                  ! lock: writes to "t" wait while index "by" is built
                ALTER TABLE "t" DROP CONSTRAINT "key";
                  ! breaks running code: "t" has no primary key once "key" is dropped; what relies on it, ON CONFLICT and logical replication say, fails until another is built
                ALTER TABLE "t" DROP COLUMN "old";
                  ! data loss: column "t"."old" is dropped with its values
                ALTER TABLE "t" ADD CONSTRAINT "key" PRIMARY KEY("a") INCLUDE ("new");
                  ! may fail: primary key (a) fails if "t" has two equal rows
                  ! lock: reads and writes of "t" wait while its index is built
                ALTER TABLE "t" ADD CONSTRAINT "one" UNIQUE("a") INCLUDE ("new");
                  ! may fail: unique constraint "one" fails if "t" has two equal rows
                  ! lock: reads and writes of "t" wait while its index is built"#]],
        );
        check(
            [of("old")],
            [of("new")],
            &["public.t.old=public.t.new"],
            expect![[r#"
                -- rename_t_old_to_new
                ALTER TABLE "t" RENAME COLUMN "old" TO "new";
                  ! breaks running code: column "t"."old" is called "new" from here on"#]],
        );
    }

    #[test]
    fn a_generated_column_that_is_made_anew_takes_along_what_includes_it() {
        let of = |expression: &str| {
            table("t")
                .column(Column::new("g", types::integer()).generated(expression))
                .unique(Unique::on(["a"]).name("one").include(["g"]))
                .index(Index::on(["a"]).name("by").include(["g"]))
                .into()
        };
        check(
            [of("a + 1")],
            [of("a + 2")],
            &[],
            expect![[r#"
                -- alter_t_g
                ALTER TABLE "t" DROP CONSTRAINT "one";
                DROP INDEX "by";
                ALTER TABLE "t" DROP COLUMN "g";
                ALTER TABLE "t" ADD COLUMN "g" integer GENERATED ALWAYS AS (a + 2) STORED;
                  ! lock: "t"."g" is computed for every row; "t" is rewritten and blocked meanwhile
                CREATE INDEX "by" ON "t" USING btree ("a") INCLUDE ("g");
                  ! lock: writes to "t" wait while index "by" is built
                ALTER TABLE "t" ADD CONSTRAINT "one" UNIQUE("a") INCLUDE ("g");
                  ! may fail: unique constraint "one" fails if "t" has two equal rows
                  ! lock: reads and writes of "t" wait while its index is built"#]],
        );
    }

    #[test]
    fn a_check_and_an_index_are_made_anew() {
        let with = |check: Check, index: Index| [table("t").check(check).index(index).into()];
        let positive = || Check::new("positive", "a > 0");
        let by = || Index::on(["a"]).name("by").unique();
        check(
            with(positive(), by()),
            with(positive().no_inherit(), by().nulls_not_distinct()),
            &[],
            expect![[r#"
                -- drop_positive_and_by_add_by_and_positive
                ALTER TABLE "t" DROP CONSTRAINT "positive";
                DROP INDEX "by";
                CREATE UNIQUE INDEX "by" ON "t" USING btree ("a") NULLS NOT DISTINCT;
                  ! may fail: unique index "by" fails if "t" has two equal rows
                  ! lock: writes to "t" wait while index "by" is built
                ALTER TABLE "t" ADD CONSTRAINT "positive" CHECK (a > 0) NO INHERIT;
                  ! may fail: check "positive" fails if a row of "t" does not satisfy it
                  ! lock: "t" is scanned under an exclusive lock"#]],
        );
    }
}
