//! What a migration takes away for good, by the kind of thing: whoever runs it without a review is asked for each kind
//! by itself.
//!
//! This is more than lost rows. What is in a database and not declared may be somebody else's, and dropping a view or a
//! function is not undone by declaring a table again.

use std::collections::BTreeMap;
use std::fmt;

use super::HazardKind;
use crate::step::{
    ColumnStep, EnumStep, ExtensionStep, FunctionStep, PartitionStep, PolicyEnd, PolicyStep, RoleStep, SchemaStep,
    SequenceStep, Step, TableStep, TriggerStep, TypeStep, ViewChange, ViewStep,
};
use crate::{Migration, PlannedStep};

/// A kind of thing that can be lost. The order is that of a report, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// Tables and partitions with their rows.
    Tables,
    /// Columns with their values.
    Columns,
    /// Values of columns that stay, and where a sequence stood.
    Values,
    /// Row-level security and policies: who may see which rows.
    Policies,
    /// Sequences.
    Sequences,
    /// Views, and what a materialized view has computed.
    Views,
    /// Functions and procedures.
    Functions,
    /// Triggers.
    Triggers,
    /// Enums, domains, composite and range types, collations.
    Types,
    /// Extensions with everything in them.
    Extensions,
    /// Roles, which belong to the whole cluster.
    Roles,
    /// Schemas.
    Schemas,
}

impl Loss {
    /// Every kind.
    pub const ALL: [Loss; 12] = [
        Loss::Tables,
        Loss::Columns,
        Loss::Values,
        Loss::Policies,
        Loss::Sequences,
        Loss::Views,
        Loss::Functions,
        Loss::Triggers,
        Loss::Types,
        Loss::Extensions,
        Loss::Roles,
        Loss::Schemas,
    ];

    /// The word for it, as in a flag.
    pub fn word(self) -> &'static str {
        match self {
            Loss::Tables => "tables",
            Loss::Columns => "columns",
            Loss::Values => "values",
            Loss::Policies => "policies",
            Loss::Sequences => "sequences",
            Loss::Views => "views",
            Loss::Functions => "functions",
            Loss::Triggers => "triggers",
            Loss::Types => "types",
            Loss::Extensions => "extensions",
            Loss::Roles => "roles",
            Loss::Schemas => "schemas",
        }
    }

    /// What a step takes away.
    fn of(planned: &PlannedStep) -> Option<Loss> {
        let dropped = match &planned.step {
            Step::Table(TableStep::Drop { .. }) | Step::Partition(PartitionStep::Drop(_)) => Some(Loss::Tables),
            Step::Table(TableStep::DisableRls { .. } | TableStep::SetRlsForced { is_forced: false, .. })
            | Step::Policy(PolicyStep::Drop { why: PolicyEnd::Gone, .. }) => Some(Loss::Policies),
            Step::Column(ColumnStep::Drop { rebuilt: false, .. }) => Some(Loss::Columns),
            Step::Sequence(SequenceStep::Drop { .. }) => Some(Loss::Sequences),
            Step::View(ViewStep { change: ViewChange::Drop { recreated: false, .. }, .. }) => Some(Loss::Views),
            Step::Function(FunctionStep::Drop { recreated: false, .. }) => Some(Loss::Functions),
            Step::Trigger(TriggerStep::Drop { recreated: false, .. }) => Some(Loss::Triggers),
            Step::Type(TypeStep::Drop { recreated: false, .. }) | Step::Enum(EnumStep::Drop { .. }) => {
                Some(Loss::Types)
            }
            Step::Extension(ExtensionStep::Drop(_)) => Some(Loss::Extensions),
            Step::Role(RoleStep::Drop { .. }) => Some(Loss::Roles),
            Step::Schema(SchemaStep::Drop { .. }) => Some(Loss::Schemas),
            _ => None,
        };
        let loses_values = || planned.hazards.iter().any(|hazard| hazard.kind == HazardKind::DataLoss);
        dropped.or_else(|| loses_values().then_some(Loss::Values))
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Migration {
    /// What it takes away, with the statements that do. What is dropped to be made again is not taken away.
    pub fn losses(&self) -> BTreeMap<Loss, Vec<String>> {
        let mut losses: BTreeMap<Loss, Vec<String>> = BTreeMap::new();
        for planned in self.steps() {
            if let Some(loss) = Loss::of(planned) {
                let statements = planned.statements.iter().map(|statement| statement.trim_end().to_owned());
                losses.entry(loss).or_default().extend(statements);
            }
        }
        losses
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use schema::build::{Column, Object, Policy, Table, View, schema, types};

    use crate::Migration;
    use crate::plan::plan;
    use crate::rename::{Answers, resolve};

    fn check<const A: usize, const B: usize>(previous: [Object; A], next: [Object; B], expected: Expect) {
        let (previous, next) = (schema(previous).unwrap(), schema(next).unwrap());
        let resolved = resolve(&previous, &next, &Answers::default().create_the_rest());
        let migration = Migration::new(plan(&resolved, &next));
        let lines: Vec<String> =
            migration.losses().iter().map(|(loss, statements)| format!("{loss}: {}", statements.join(" "))).collect();
        expected.assert_eq(&lines.join("\n"));
    }

    fn users() -> Table {
        Table::new("users").column(Column::new("id", types::integer()))
    }

    #[test]
    fn each_kind_of_loss_is_told_from_the_others() {
        let before = [
            Table::new("old").column(Column::new("id", types::integer())).into(),
            users().column(Column::new("name", types::text())).into(),
            View::new("names").query("select name from users").into(),
        ];
        check(
            before,
            [users().into()],
            expect![[r#"
                tables: DROP TABLE "old" CASCADE;
                columns: ALTER TABLE "users" DROP COLUMN "name";
                views: DROP VIEW "public"."names";"#]],
        );
    }

    #[test]
    fn what_is_dropped_to_be_made_again_is_no_loss() {
        let select = Policy::new("own").for_command(schema::PolicyCommand::Select).using("id = 1");
        let all = Policy::new("own").using("id = 1");
        check([users().policy(select).into()], [users().policy(all).into()], expect![""]);
    }

    #[test]
    fn row_level_security_is_lost_for_the_owner_alone_too() {
        let forced = || users().enable_rls().force_rls();
        check(
            [forced().into()],
            [users().enable_rls().into()],
            expect![[r#"policies: ALTER TABLE "users" NO FORCE ROW LEVEL SECURITY;"#]],
        );
        check([users().into()], [forced().into()], expect![""]);
    }

    #[test]
    fn nothing_is_lost_by_what_is_added() {
        check([], [users().into()], expect![""]);
    }
}
