//! Puts steps into the order of their stages, and moves one later only where PostgreSQL would
//! refuse it there: what a step needs is made before it, what it drops is used no more.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use schema::{Deferral, Schema};

use super::readers::{self, Reader};
use super::resources::{self, Known, Resource, Role};
use super::{Stage, Steps};
use crate::diff::Pair;
use crate::step::{Name, Step};

/// The steps between two schemas in an order in which each can run. Without a reason to move, it is the order of stages.
pub(super) fn order(Steps(mut steps): Steps, schemas: Pair<&Schema>) -> Vec<Step> {
    steps.sort_by_key(|(stage, _): &(Stage, Step)| *stage);
    // Nothing waits for a comment.
    let comments = steps.split_off(steps.partition_point(|(stage, _)| *stage < Stage::Comment));
    let steps: Vec<Step> = steps.into_iter().map(|(_, step)| step).collect();
    let order = Graph::new(&steps, schemas).order();
    let mut steps: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    let ordered = order.into_iter().filter_map(|at| steps[at].take());
    ordered.chain(comments.into_iter().map(|(_, step)| step)).collect()
}

/// Whether a table has a key that can wait to be checked: no foreign key can stand on that.
fn has_deferrable_key(schema: &Schema, table: &Name) -> bool {
    let Some(beside) = schema.objects.tables.get(&table.key()) else { return false };
    let mut keys = beside.composite_primary_keys.values().chain(beside.unique_constraints.values());
    keys.any(|key| key.deferral != Deferral::default())
}

/// Whether a table has a key on the columns, which are sorted.
fn has_key(schema: &Schema, table: &Name, columns: &[String]) -> bool {
    let Some(table) = schema.tables.get(&table.key()) else { return false };
    table.keys(None).any(|(mut key, _)| {
        key.sort_unstable();
        key == columns
    })
}

/// Of several keys on the same columns a foreign key needs one: that which is there and stays, else the first that is
/// made. Where one goes, nobody knows which of them it stands on.
fn keep_first_key(users: &mut Vec<(Role, usize)>, is_there: bool) {
    if users.iter().any(|(role, _)| *role == Role::Destroys) {
        return;
    }
    let made = users.iter().filter(|(role, _)| *role == Role::Creates).map(|(_, at)| *at).min();
    users.retain(|(role, at)| *role != Role::Creates || (!is_there && Some(*at) == made));
}

/// Which step must run before which, by index.
struct Graph {
    followers: Vec<Vec<Follower>>,
    waits_for: Vec<usize>,
}

/// A step that waits for another.
#[derive(Clone, Copy)]
struct Follower {
    at: usize,
    /// Whether only the bare name of a function says so, which may be that of another function.
    is_guess: bool,
}

impl Graph {
    fn new(steps: &[Step], schemas: Pair<&Schema>) -> Self {
        let mut users: HashMap<Resource, Vec<(Role, usize)>> = HashMap::new();
        let known = Known::of(steps);
        for (at, step) in steps.iter().enumerate() {
            for (role, resource) in resources::with_objects(step, &known) {
                users.entry(resource).or_default().push((role, at));
            }
        }
        let mut graph = Graph { followers: vec![Vec::new(); steps.len()], waits_for: vec![0; steps.len()] };
        for (resource, users) in &mut users {
            if let Resource::Key(table, columns) = resource
                && ![schemas.previous, schemas.next].into_iter().any(|schema| has_deferrable_key(schema, table))
            {
                keep_first_key(users, has_key(schemas.previous, table, columns));
            }
            graph.connect(users, matches!(resource, Resource::Calls(_) | Resource::Function(_)));
        }
        readers::of(steps, &schemas.next.objects.functions).iter().for_each(|reader| graph.connect_reader(reader));
        graph
    }

    /// Lets a reader wait for what it reads; where that waits for the reader, what was there before waits to go.
    fn connect_reader(&mut self, Reader { at, comes, goes }: &Reader) {
        if !self.leads(*at, *comes) {
            self.connect_one(*comes, *at, true);
        } else if let Some(goes) = goes
            && !self.leads(*goes, *at)
        {
            self.connect_one(*at, *goes, true);
        }
    }

    /// Whether the one step must run before the other, be it by way of others.
    fn leads(&self, from: usize, to: usize) -> bool {
        let mut is_reached = vec![false; self.followers.len()];
        let mut waiting = vec![from];
        while let Some(at) = waiting.pop() {
            if at == to {
                return true;
            }
            if !std::mem::replace(&mut is_reached[at], true) {
                waiting.extend(self.followers[at].iter().map(|follower| follower.at));
            }
        }
        false
    }

    /// Orders the users of one resource by role. Adjacent roles suffice: the rest follows from them.
    fn connect(&mut self, users: &mut [(Role, usize)], is_guess: bool) {
        users.sort_unstable();
        let (former, users) = users.split_at(users.partition_point(|(role, _)| *role == Role::UsesFormer));
        let (releasing, using) = users.split_at(users.partition_point(|(role, _)| *role == Role::Releases));
        let by_role = using.chunk_by(|a, b| a.0 == b.0);
        let (beside, roles): (Vec<&[(Role, usize)]>, Vec<_>) =
            by_role.partition(|users| matches!(users[0].0, Role::Names | Role::Alters));
        let of_role = |role| beside.iter().find(|users| users[0].0 == role).copied().unwrap_or_default();
        let (naming, altering) = (of_role(Role::Names), of_role(Role::Alters));
        for pair in roles.windows(2) {
            self.connect_all(pair[0], pair[1], is_guess);
        }
        if let Some(made) = roles.iter().rfind(|users| users[0].0 < Role::Names) {
            beside.iter().for_each(|beside| self.connect_all(made, beside, is_guess));
        }
        self.connect_in_turn(&roles, altering, is_guess);
        for role in roles {
            match role[0].0 {
                Role::Frees => self.connect_all(former, role, is_guess),
                Role::Destroys => self.connect_all(releasing, role, is_guess),
                Role::Changes => {
                    self.connect_all(releasing, role, is_guess);
                    self.connect_all(naming, role, is_guess);
                }
                Role::UsesFormer | Role::Releases | Role::Creates | Role::Names | Role::Alters | Role::Needs => {}
            }
        }
    }

    /// Keeps changes, great and small, in the order in which they stand.
    fn connect_in_turn(&mut self, roles: &[&[(Role, usize)]], altering: &[(Role, usize)], is_guess: bool) {
        let changing = roles.iter().filter(|users| users[0].0 == Role::Changes).copied().flatten();
        let mut in_turn: Vec<usize> = changing.chain(altering).map(|(_, at)| *at).collect();
        in_turn.sort_unstable();
        in_turn.windows(2).for_each(|pair| self.connect_one(pair[0], pair[1], is_guess));
    }

    fn connect_all(&mut self, earlier: &[(Role, usize)], later: &[(Role, usize)], is_guess: bool) {
        for (_, before) in earlier {
            for (_, after) in later {
                self.connect_one(*before, *after, is_guess);
            }
        }
    }

    fn connect_one(&mut self, before: usize, after: usize, is_guess: bool) {
        if before != after {
            self.followers[before].push(Follower { at: after, is_guess });
            self.waits_for[after] += 1;
        }
    }

    /// The first step that waits for nothing, again and again. Should steps wait for each other in
    /// a circle, one that waits only by a guess waits no longer; else the first of them goes ahead:
    /// PostgreSQL has the last word.
    fn order(mut self) -> Vec<usize> {
        let count = self.waits_for.len();
        let mut ready: BinaryHeap<Reverse<usize>> =
            (0..count).filter(|at| self.waits_for[*at] == 0).map(Reverse).collect();
        let mut is_done = vec![false; count];
        let mut first_waiting = 0;
        let mut order = Vec::with_capacity(count);
        while order.len() < count {
            let next = match ready.pop() {
                Some(Reverse(next)) => next,
                None => {
                    while is_done[first_waiting] {
                        first_waiting += 1;
                    }
                    let circle = self.circle(first_waiting, &is_done);
                    match self.free(&circle) {
                        Some(freed) if self.waits_for[freed] > 0 => continue,
                        Some(freed) => freed,
                        None => circle.into_iter().min().unwrap_or(first_waiting),
                    }
                }
            };
            if std::mem::replace(&mut is_done[next], true) {
                continue;
            }
            order.push(next);
            for Follower { at, .. } in std::mem::take(&mut self.followers[next]) {
                self.waits_for[at] -= 1;
                if self.waits_for[at] == 0 {
                    ready.push(Reverse(at));
                }
            }
        }
        order
    }

    /// Frees a step in the circle of what it waits for by a guess.
    fn free(&mut self, circle: &[usize]) -> Option<usize> {
        let pairs = circle.iter().zip(circle.iter().cycle().skip(1));
        let is_guess = |(after, before): &(&usize, &usize)| {
            self.followers[**before].iter().filter(|follower| follower.at == **after).all(|follower| follower.is_guess)
        };
        let (after, before) = pairs.into_iter().find(is_guess)?;
        let count = self.followers[*before].len();
        self.followers[*before].retain(|follower| follower.at != *after);
        self.waits_for[*after] -= count - self.followers[*before].len();
        Some(*after)
    }

    /// Steps that `waiting` waits for, of which each waits for the next one, and the last for the first.
    fn circle(&self, waiting: usize, is_done: &[bool]) -> Vec<usize> {
        let mut way = vec![waiting];
        loop {
            let last = way[way.len() - 1];
            let is_before =
                |at: &usize| !is_done[*at] && self.followers[*at].iter().any(|follower| follower.at == last);
            let Some(before) = (0..is_done.len()).find(is_before) else { return Vec::new() };
            match way.iter().position(|at| *at == before) {
                Some(start) => return way.split_off(start),
                None => way.push(before),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use schema::build::{Column, Composite, Function, Index, Object, Policy, PrimaryKey, Role, Table, types};

    use crate::plan::testing;

    fn check(previous: Vec<Object>, next: Vec<Object>, expected: Expect) {
        testing::check(previous, next, &[], expected);
    }

    fn table(name: &str, columns: impl IntoIterator<Item = Column>) -> Object {
        columns.into_iter().fold(Table::new(name), Table::column).into()
    }

    fn integer(name: &str) -> Column {
        Column::new(name, types::integer())
    }

    #[test]
    fn without_a_reason_to_move_a_step_stays_where_drizzle_kit_has_it() {
        let index = |column: &str| Index::on([column]).name("by");
        check(
            vec![Table::new("a").column(integer("x")).column(integer("y")).index(index("x")).into()],
            vec![Table::new("a").column(integer("y").unique()).column(integer("z")).index(index("y")).into()],
            expect![[r#"
                DROP INDEX "by";
                ALTER TABLE "a" ADD COLUMN "z" integer;
                CREATE INDEX "by" ON "a" USING btree ("y");
                ALTER TABLE "a" DROP COLUMN "x";
                ALTER TABLE "a" ADD CONSTRAINT "a_y_unique" UNIQUE("y");"#]],
        );
    }

    #[test]
    fn a_foreign_key_waits_for_the_unique_constraint_that_it_needs_and_nothing_else_does() {
        check(
            vec![table("a", [integer("x")]), table("b", [integer("y")])],
            vec![
                table("a", [integer("x").unique(), integer("other").unique()]),
                table("b", [integer("y").references("a", "x"), integer("z")]),
            ],
            expect![[r#"
                ALTER TABLE "a" ADD COLUMN "other" integer;
                ALTER TABLE "b" ADD COLUMN "z" integer;
                ALTER TABLE "a" ADD CONSTRAINT "a_x_unique" UNIQUE("x");
                ALTER TABLE "b" ADD CONSTRAINT "b_y_a_x_fk" FOREIGN KEY ("y") REFERENCES "public"."a"("x") ON DELETE no action ON UPDATE no action;
                ALTER TABLE "a" ADD CONSTRAINT "a_other_unique" UNIQUE("other");"#]],
        );
    }

    #[test]
    fn a_step_that_waits_for_a_circle_does_not_go_ahead_of_it() {
        // PostgreSQL would not let anybody make such two.
        let pair = Composite::new("pair").attribute("row", types::custom("a"));
        let table = Table::new("a").column(Column::new("x", types::custom("pair")));
        check(
            vec![Role::new("reader").into(), table.policy(Policy::new("p").to(["reader"])).into(), pair.into()],
            vec![],
            expect![[r#"
                DROP POLICY "p" ON "a" CASCADE;
                DROP TABLE "a" CASCADE;
                DROP ROLE "reader";
                DROP TYPE "public"."pair";"#]],
        );
    }

    #[test]
    fn of_steps_that_wait_for_each_other_one_that_waits_for_the_name_of_a_function_goes_ahead() {
        let twice = || Function::new("twice");
        let of_integer = twice().argument("x", types::integer()).returns("integer").sql("select x * 2");
        check(
            vec![
                of_integer.into(),
                twice().returns("setof a").sql("select * from a").into(),
                table("a", [integer("x").default_sql("twice(1)")]),
            ],
            vec![],
            expect![[r#"
                DROP FUNCTION "public"."twice"();
                DROP TABLE "a" CASCADE;
                DROP FUNCTION "public"."twice"(integer);"#]],
        );
    }

    #[test]
    fn a_key_comes_after_a_new_generated_column_where_a_function_returns_the_rows_of_the_table() {
        check(
            vec![table("a", [integer("x")])],
            vec![
                Function::new("rows").returns("setof a").sql("select * from a").into(),
                Table::new("a")
                    .column(integer("x"))
                    .column(integer("y"))
                    .column(integer("z").generated("y * 2"))
                    .primary_key(PrimaryKey::on(["z"]))
                    .into(),
            ],
            expect![[r#"
                ALTER TABLE "a" ADD COLUMN "y" integer;
                ALTER TABLE "a" ADD COLUMN "z" integer GENERATED ALWAYS AS (y * 2) STORED;
                CREATE FUNCTION "public"."rows"() RETURNS setof a
                	LANGUAGE "sql"
                	AS $$select * from a$$;
                ALTER TABLE "a" ADD CONSTRAINT "a_z_pk" PRIMARY KEY("z");"#]],
        );
    }

    #[test]
    fn a_default_comes_after_the_sequence_of_another_tables_column_and_goes_before_it() {
        let drawing = |name: &str| integer("x").default_sql(format!("nextval('{name}'::regclass)"));
        let serial = |name: &str| Column::new(name, types::serial());
        check(
            vec![
                table("a", [drawing("b_id_seq")]),
                table("b", [serial("id"), serial("other")]),
                table("c", [drawing("b_other_seq")]),
                table("d", [integer("x")]),
                table("f", [drawing("b_id_seq")]),
            ],
            vec![
                table("another", [drawing("e_id_seq")]),
                table("b", [integer("id")]),
                table("c", [drawing("e_id_seq")]),
                table("d", [drawing("e_id_seq")]),
                table("e", [serial("id")]),
                table("f", [integer("x").default_sql("1")]),
            ],
            expect![[r#"
                CREATE TABLE "e" (
                	"id" serial NOT NULL
                );

                CREATE TABLE "another" (
                	"x" integer DEFAULT nextval('e_id_seq'::regclass)
                );

                DROP TABLE "a" CASCADE;
                ALTER TABLE "b" ALTER COLUMN "id" DROP DEFAULT;
                ALTER TABLE "c" ALTER COLUMN "x" SET DEFAULT nextval('e_id_seq'::regclass);
                ALTER TABLE "d" ALTER COLUMN "x" SET DEFAULT nextval('e_id_seq'::regclass);
                ALTER TABLE "f" ALTER COLUMN "x" SET DEFAULT 1;
                DROP SEQUENCE "b_id_seq";
                ALTER TABLE "b" ALTER COLUMN "id" DROP NOT NULL;
                ALTER TABLE "b" DROP COLUMN "other";"#]],
        );
    }

    #[test]
    fn a_name_is_free_before_it_is_taken_again() {
        check(
            vec![Table::new("a").column(integer("x")).index(Index::on(["x"]).name("by")).into()],
            vec![Table::new("b").column(integer("x")).index(Index::on(["x"]).name("by")).into()],
            expect![[r#"
                CREATE TABLE "b" (
                	"x" integer
                );

                DROP TABLE "a" CASCADE;
                CREATE INDEX "by" ON "b" USING btree ("x");"#]],
        );
    }
}
