//! From what differs to what is done, in an order that PostgreSQL accepts.
//!
//! Each module of this folder looks at one kind of object and adds its steps, each with the
//! `Stage` at which drizzle-kit would write it. `order` then moves a step from there only
//! where another step makes what it needs or uses what it drops.

mod carried;
mod casts;
mod columns;
mod constraints;
mod cycles;
mod defaults;
mod effects;
mod enums;
mod guesses;
mod indexes;
mod objects;
mod options;
mod order;
mod parts;
mod policies;
mod readers;
mod reread;
mod resources;
mod roles;
mod route;
mod schemas;
mod sequences;
mod serial;
mod tables;
#[cfg(test)]
mod testing;
mod touched;
mod views;

use schema::mentions::{Mentions, may_call, mentions};
use schema::{Column, Schema, Table};

use crate::diff::{Matched, Pair};
use crate::rename::{Kind, Rename, Resolved};
use crate::step::{Name, Part, Step};

pub use casts::{Conversion, conversion};
pub(crate) use casts::{element, enum_of};
pub(crate) use effects::effects;
pub use guesses::{Guess, guesses};
pub(crate) use objects::parted_otherwise;
pub(crate) use options::Options;
#[cfg(feature = "introspect")]
pub(crate) use serial::sequences;

/// The place of a kind of step in drizzle-kit's order. Steps of one stage keep the order in which
/// they were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    CreateSchema,
    RenameSchema,
    CreateExtension,
    AlterExtension,
    CreateEnum,
    MoveEnum,
    RenameEnum,
    RenameEnumValue,
    AddEnumValue,
    MoveType,
    RenameType,
    CreateType,
    CreateSequence,
    MoveSequence,
    RenameSequence,
    AlterSequence,
    RenameRole,
    DropRole,
    CreateRole,
    AlterRole,
    MoveFunction,
    RenameFunction,
    DropTrigger,
    DropStatistics,
    RecreateFunction,
    CreateFunction,
    AlterType,
    CreateTable,
    RowLevelSecurity,
    /// Of a policy on what goes or changes its type; every other one goes with [`DropPolicy`](Stage::DropPolicy).
    TakeDownPolicy,
    DropView,
    RenameView,
    MoveView,
    AlterView,
    DropTable,
    MoveTable,
    RenameTable,
    RenameColumn,
    DropPartition,
    DropUnique,
    DropCheck,
    DropForeignKey,
    /// Of a column whose enum is made anew, or in an index of a view; every other one goes with
    /// [`AlterTable`](Stage::AlterTable).
    DropExpression,
    RecreateEnum,
    DropIndex,
    /// Of a column whose type is made anew.
    StepAside,
    RecreateType,
    RestoreType,
    DropPrimaryKey,
    AlterTable,
    AddPrimaryKey,
    AddColumn,
    NewTableForeignKey,
    NewTableIndex,
    ForeignKey,
    Index,
    DropColumn,
    AlterPrimaryKey,
    AddUnique,
    AddCheck,
    AlterStorage,
    DetachPartition,
    CreatePartition,
    CreateView,
    NewViewIndex,
    CreateStatistics,
    AlterStatistics,
    RenameTrigger,
    CreateTrigger,
    AlterTrigger,
    RenamePolicy,
    DropPolicy,
    CreatePolicy,
    AlterPolicy,
    RenameLinkedPolicy,
    DropLinkedPolicy,
    CreateLinkedPolicy,
    AlterLinkedPolicy,
    DropFunction,
    DropEnum,
    DropType,
    DropSequence,
    DropExtension,
    DropSchema,
    Comment,
}

/// Steps as they are found, each with its stage.
#[derive(Default)]
pub(crate) struct Steps(Vec<(Stage, Step)>);

impl Steps {
    fn push(&mut self, stage: Stage, step: Step) {
        self.0.push((stage, step));
    }

    fn iter(&self) -> impl Iterator<Item = &Step> {
        self.0.iter().map(|(_, step)| step)
    }

    fn iter_mut(&mut self) -> impl Iterator<Item = &mut Step> {
        self.0.iter_mut().map(|(_, step)| step)
    }
}

/// The steps that turn `resolved.previous` into `next`, in the order in which they are to run.
pub fn plan(resolved: &Resolved, next: &Schema) -> Vec<Step> {
    let previous = &resolved.previous;
    let tables = Matched::new(&previous.tables, &next.tables);
    let old = OldNames(&resolved.renames);
    let recreated = enums::recreated(previous, next, &tables.kept, old);
    let objects = Pair { previous: &previous.objects, next: &next.objects };
    let touched = touched::Touched::new(&tables, objects, &resolved.renames, &recreated);
    let using = &resolved.using;
    let change =
        objects::Change { previous, next, tables: &tables, touched: &touched, recreated: &recreated, using, old };
    let mut steps = Steps::default();
    schemas::plan(&mut steps, previous, next, &resolved.renames);
    enums::plan(&mut steps, previous, next, &resolved.renames, &recreated, &tables.kept);
    sequences::plan(&mut steps, previous, next, &resolved.renames);
    roles::plan(&mut steps, previous, next, &resolved.renames);
    for table in tables.kept.iter().copied() {
        let touched = touched.of(&table.next.key());
        constraints::primary_key(&mut steps, table, touched, old);
        columns::plan(&mut steps, table, touched, &recreated, old, using);
    }
    defaults::plan(&mut steps, Pair { previous, next }, &tables, &touched, &recreated);
    constraints::plan(&mut steps, &tables, &touched, old);
    indexes::plan(&mut steps, &tables, &touched, old);
    tables::plan(&mut steps, Pair { previous, next }, &tables, &resolved.renames, &touched);
    let ground = views::Ground { touched: &touched, recreated: &recreated, old };
    views::plan(&mut steps, previous, next, &tables, ground);
    policies::plan(&mut steps, previous, next, ground);
    objects::plan(&mut steps, change);
    parts::plan(&mut steps, old);
    carried::plan(&mut steps, Pair { previous, next }, &tables, old);
    let mut steps = order::order(cycles::part(steps), Pair { previous, next });
    steps.iter_mut().for_each(columns::leave_by_name);
    steps
}

/// The columns of partition keys that would get another type or collation, by the key of their table.
pub(crate) fn retyped_in_partition_keys(previous: &Schema, next: &Schema) -> Vec<(String, String)> {
    let mut retyped = Vec::new();
    if next.objects.tables.values().all(|table| table.partition_by.is_none()) {
        return retyped;
    }
    let tables = Matched::new(&previous.tables, &next.tables);
    let recreated = enums::recreated(previous, next, &tables.kept, OldNames(&[]));
    for table in &tables.kept {
        let key = table.next.key();
        let partition_by = next.objects.tables.get(&key).and_then(|beside| beside.partition_by.as_ref());
        let Some(partition_by) = partition_by else { continue };
        let is_in_key =
            |column: &String| {
                let mut parts = partition_by.parts.iter();
                parts.any(|part| {
                    if part.is_expression { mentions(&part.expression, column) } else { part.expression == *column }
                })
            };
        let columns = Matched::new(&table.previous.columns, &table.next.columns).kept;
        let is_retyped = |Pair { previous, next }: &Pair<&Column>| {
            let has_serial = previous.is_serial() || next.is_serial();
            let is_other = previous.sql_type != next.sql_type || previous.type_schema != next.type_schema;
            let is_other = if has_serial { !casts::is_same_type(previous, next) } else { is_other };
            is_other || recreated.has(next) || recreated.anew().recollates(&Name::of(table.next), &next.name)
        };
        let found = columns.into_iter().filter(|pair| is_in_key(&pair.next.name) && is_retyped(pair));
        retyped.extend(found.map(|pair| (key.clone(), pair.next.name.clone())));
    }
    retyped
}

/// The names that objects have before this migration.
#[derive(Clone, Copy)]
struct OldNames<'a>(&'a [Rename]);

impl<'a> OldNames<'a> {
    /// The name that an object has until it is moved or renamed, in a schema that has its new name.
    fn before(self, kind: Kind, name: &'a Name) -> &'a Name {
        let mut moved = self.0.iter().filter_map(Rename::moved);
        moved.find(|(of_kind, _, to)| *of_kind == kind && *to == name).map_or(name, |(_, from, _)| from)
    }

    /// The bare name of a table.
    fn table(self, table: &'a Name) -> &'a str {
        &self.before(Kind::Table, table).name
    }

    /// The name of a column.
    fn column(self, table: &Name, column: &'a str) -> &'a str {
        let of_column = self.0.iter().find_map(|rename| match rename {
            Rename::Column { table: renamed, from, to } if renamed == table && to == column => Some(from.as_str()),
            _ => None,
        });
        of_column.unwrap_or(column)
    }

    /// The name that a table or view has in the queries of the previous schema, where renames leave
    /// everything as it is written.
    fn written(self, kind: Kind, name: &Name) -> Name {
        let name = OldNames(self.0).before(kind, name);
        let schema = self.0.iter().find_map(|rename| match rename {
            Rename::Schema { from, to } if *to == name.schema => Some(from),
            _ => None,
        });
        Name::new(schema.unwrap_or(&name.schema), &name.name)
    }

    /// A query with the names behind it that the types and functions it names have now.
    fn with_new_names(self, query: &str) -> String {
        let mut text = query.to_owned();
        let mentioned = Mentions::of(query);
        for (kind, from, to) in self.0.iter().filter_map(Rename::moved) {
            let written = self.written(kind, to);
            match kind {
                Kind::Function if may_call(query).any(|name| name == from.name) => {
                    text.push_str(&format!(" , {}()", to.qualified()));
                }
                Kind::Collation | Kind::Domain | Kind::Composite | Kind::Range
                    if mentioned.has_type(&written.schema, &written.name) =>
                {
                    text.push_str(&format!(" , {}", to.qualified()));
                }
                _ => {}
            }
        }
        text
    }

    /// The name of a constraint or index.
    fn part(self, table: &Name, part: Part, name: &'a str) -> &'a str {
        let of_part = self.0.iter().find_map(|rename| match rename {
            Rename::Part { table: renamed, part: of, from, to } if renamed == table && *of == part && to == name => {
                Some(from.as_str())
            }
            _ => None,
        });
        of_part.unwrap_or(name)
    }

    /// Whether the name of the table's primary key is said, before or after.
    fn names_key(self, table: &Name) -> bool {
        let is_key =
            |rename: &Rename| matches!(rename, Rename::Part { table: of, part: Part::PrimaryKey, .. } if of == table);
        self.0.iter().any(is_key)
    }

    /// The name of a trigger.
    fn trigger(self, table: &Name, trigger: &'a str) -> &'a str {
        let of_trigger = self.0.iter().find_map(|rename| match rename {
            Rename::Trigger { table: renamed, from, to } if renamed == table && to == trigger => Some(from.as_str()),
            _ => None,
        });
        of_trigger.unwrap_or(trigger)
    }

    /// The name of a role.
    fn role(self, role: &'a str) -> &'a str {
        let of_role = self.0.iter().find_map(|rename| match rename {
            Rename::Role { from, to } if to == role => Some(from.as_str()),
            _ => None,
        });
        of_role.unwrap_or(role)
    }

    /// The name of a policy.
    fn policy(self, table: &Name, policy: &'a str) -> &'a str {
        let of_policy = self.0.iter().find_map(|rename| match rename {
            Rename::Policy { table: renamed, from, to } if renamed == table && to == policy => Some(from.as_str()),
            _ => None,
        });
        of_policy.unwrap_or(policy)
    }

    /// The columns that an expression of the previous schema names, by the names that they have now.
    /// Renames leave expressions as they are written.
    fn mentioned(self, table: &Table, name: &Name, expression: &str) -> Vec<String> {
        let columns = table.columns.keys();
        columns.filter(|column| mentions(expression, self.column(name, column))).cloned().collect()
    }

    /// The sequence of a serial column, in the schema that its table is in by now.
    fn sequence(self, table: &Name, column: &str) -> Name {
        let old_table = table.sibling(self.table(table));
        serial::sequence(&old_table, self.column(table, column))
    }
}
