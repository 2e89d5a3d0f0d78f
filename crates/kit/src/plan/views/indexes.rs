//! Indexes of materialized views. They go with their view, and come back after it.

use std::collections::HashSet;

use schema::{Index, Schema, View, ViewObjects};

use super::Ground;
use crate::diff::{self, Matched, Pair};
use crate::plan::{Stage, Steps};
use crate::step::{IndexStep, Name, Step};

/// The indexes of views that come, and those that change on views that stay.
pub(super) fn plan(
    steps: &mut Steps,
    schemas: Pair<&Schema>,
    views: &Matched<View>,
    recreated: &HashSet<String>,
    ground: &Ground,
) {
    let is_made = |pair: &&Pair<&View>| recreated.contains(&pair.next.key());
    let made = views.kept.iter().filter(is_made).map(|pair| pair.next);
    for view in views.created.iter().copied().chain(made) {
        of(schemas.next, view).for_each(|index| create(steps, Stage::NewViewIndex, schemas.next, view, index));
    }
    for pair in views.kept.iter().filter(|pair| super::is_ours(**pair) && !is_made(pair)) {
        alter(steps, schemas, *pair, ground);
    }
}

/// The indexes of a view.
pub(super) fn of<'a>(schema: &'a Schema, view: &View) -> impl Iterator<Item = &'a Index> {
    schema.objects.views.get(&view.key()).into_iter().flat_map(|beside| beside.indexes.values())
}

fn alter(steps: &mut Steps, schemas: Pair<&Schema>, view: Pair<&View>, ground: &Ground) {
    let none = ViewObjects::default();
    let [was, is] = [(schemas.previous, view.previous), (schemas.next, view.next)]
        .map(|(schema, view)| schema.objects.views.get(&view.key()).unwrap_or(&none));
    let indexes = Matched::new(&was.indexes, &is.indexes);
    let has_same = |name: &String| was.index_objects.get(name) == is.index_objects.get(name);
    let is_same = |was: &Index, is: &Index| diff::same_index(was, is) && has_same(&is.name) && !falls(is, ground);
    let changed: Vec<_> = indexes.changed(is_same).collect();
    for index in indexes.dropped.iter().copied().chain(changed.iter().map(|pair| pair.previous)) {
        let step = IndexStep::Drop { table: Name::of_view(view.next), index: index.clone(), columns: Vec::new() };
        let stage = if falls(index, ground) { Stage::DropExpression } else { Stage::DropIndex };
        steps.push(stage, Step::Index(step));
    }
    for index in indexes.created.iter().copied().chain(changed.iter().map(|pair| pair.next)) {
        create(steps, Stage::Index, schemas.next, view.next, index);
    }
}

/// Whether an expression of the index calls a function, or names a type or collation, that is made anew. What its
/// columns stand on takes down the view, and the index with it.
fn falls(index: &Index, ground: &Ground) -> bool {
    diff::expressions_of_index(index).any(|expression| ground.recreated.anew().is_under(expression))
}

fn create(steps: &mut Steps, stage: Stage, schema: &Schema, view: &View, index: &Index) {
    let beside = schema.objects.views.get(&view.key()).and_then(|beside| beside.index_objects.get(&index.name));
    let (table, objects) = (Name::of_view(view), beside.cloned().unwrap_or_default());
    let (index, columns) = (index.clone(), Vec::new());
    steps.push(stage, Step::Index(IndexStep::Create { table, index, columns, on_new_table: false, objects }));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use schema::build::{Column, Comment, Function, Index, IndexColumn, Object, Table, Type, View, types};

    use crate::plan::testing::check;

    fn users(sql_type: Type) -> Object {
        Table::new("users").column(Column::new("name", sql_type)).into()
    }

    fn view(name: &str) -> View {
        View::new(name).query("select name from users").materialized()
    }

    fn by_name() -> Index {
        Index::on(["name"]).name("by_name").unique()
    }

    #[test]
    fn an_index_comes_after_its_view_and_goes_with_it() {
        let indexed = || vec![users(types::text()), view("v").index(by_name()).into()];
        check(
            vec![],
            indexed(),
            &[],
            expect![[r#"
            CREATE TABLE "users" (
            	"name" text
            );

            CREATE MATERIALIZED VIEW "public"."v" AS (select name from users);
            CREATE UNIQUE INDEX "by_name" ON "v" USING btree ("name");"#]],
        );
        check(indexed(), vec![users(types::text())], &[], expect![[r#"DROP MATERIALIZED VIEW "public"."v";"#]]);
    }

    #[test]
    fn a_view_that_is_made_anew_gets_its_indexes_and_their_comments_back() {
        let indexed = |sql_type| {
            let comment = Comment::on_object(schema::CommentKind::Index, "by_name", "one row a name");
            vec![users(sql_type), view("v").index(by_name().concurrently()).into(), comment.into()]
        };
        check(
            indexed(types::text()),
            indexed(types::varchar(9)),
            &[],
            expect![[r#"
            DROP MATERIALIZED VIEW "public"."v";
            ALTER TABLE "users" ALTER COLUMN "name" SET DATA TYPE varchar(9);
            CREATE MATERIALIZED VIEW "public"."v" AS (select name from users);
            CREATE UNIQUE INDEX CONCURRENTLY "by_name" ON "v" USING btree ("name");
            COMMENT ON INDEX "public"."by_name" IS 'one row a name';"#]],
        );
    }

    #[test]
    fn an_index_of_a_view_that_stays_changes_alone() {
        let lower = |filter: &str| Index::on([IndexColumn::expression("lower(name)")]).name("lower").filter(filter);
        check(
            vec![users(types::text()), view("v").index(by_name()).index(lower("name <> ''")).into()],
            vec![users(types::text()), view("w").in_schema("app").index(by_name()).index(lower("true")).into()],
            &["view:public.v=app.w"],
            expect![[r#"
                CREATE SCHEMA "app";

                ALTER MATERIALIZED VIEW "public"."v" SET SCHEMA "app";
                ALTER MATERIALIZED VIEW "app"."v" RENAME TO "w";
                DROP INDEX "app"."lower";
                CREATE INDEX "lower" ON "app"."w" USING btree (lower(name)) WHERE true;"#]],
        );
    }

    #[test]
    fn an_index_makes_way_for_a_function_that_the_view_does_not_call() {
        let calling = |argument: &str| {
            let function = Function::new("f").argument(argument, types::text()).returns("text").immutable();
            let called = Index::on([IndexColumn::expression("f(name)")]).name("called");
            vec![users(types::text()), view("v").index(called).into(), function.sql("select $1").into()]
        };
        check(
            calling("a"),
            calling("b"),
            &[],
            expect![[r#"
            DROP INDEX "called";
            DROP FUNCTION "public"."f"(text);
            CREATE FUNCTION "public"."f"("b" text) RETURNS text
            	LANGUAGE "sql" IMMUTABLE
            	AS $$select $1$$;
            CREATE INDEX "called" ON "v" USING btree (f(name));"#]],
        );
    }
}
