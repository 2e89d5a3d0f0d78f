//! Partitions, which keep their rows wherever PostgreSQL lets them.

use schema::build::{Column, Comment, Function, Index, Partition, PartitionKey, Table, Trigger, types};
use schema::{CommentKind, TriggerEvent};

use super::{case, check};

fn events(extra: impl IntoIterator<Item = Column>) -> Table {
    events_in("events", extra)
}

fn events_in(name: &str, extra: impl IntoIterator<Item = Column>) -> Table {
    let table = Table::new(name)
        .column(Column::new("number", types::integer()).not_null())
        .column(Column::new("name", types::text()));
    extra.into_iter().fold(table, Table::column).partition_by(PartitionKey::range().column("number"))
}

/// Partitioned by its key.
fn keyed() -> Table {
    let table = Table::new("events").column(Column::new("number", types::integer()).primary_key());
    table.partition_by(PartitionKey::range().column("number"))
}

fn referencing() -> Table {
    Table::new("notes").column(Column::new("event", types::integer()).references("events", "number"))
}

fn low() -> Partition {
    Partition::new("events_low", "events").from_to("MINVALUE", "10")
}

fn high() -> Partition {
    Partition::new("events_high", "events").from_to("10", "MAXVALUE")
}

fn on(partition: &str, text: &str) -> Comment {
    Comment::on_object(CommentKind::Table, partition, text)
}

#[test]
fn partitions_are_reached() {
    check(vec![
        case(
            "a partitioned table comes with partitions of partitions",
            [],
            [
                events([]).into(),
                low().partition_by(PartitionKey::list().expression("lower(name)")).into(),
                Partition::new("a_first", "events_low").values("'a', 'b'").storage_parameter("fillfactor", "50").into(),
                Partition::new("rest", "events_low").unlogged().in_schema("app").into(),
                high().into(),
            ],
            &[],
        )
        .without_rows(),
        case("a partitioned table goes with its partitions", [events([]).into(), low().into(), high().into()], [], &[])
            .without_rows(),
        case(
            "a partition comes, and one that has no row goes",
            [events([]).into(), high().into()],
            [events([]).into(), low().into()],
            &[],
        )
        .without_rows(),
        case(
            "the bounds of partitions move, and the rows stay",
            [events([]).into(), low().into(), high().into()],
            [
                events([]).into(),
                Partition::new("events_low", "events").from_to("0", "5").into(),
                Partition::new("events_high", "events").from_to("5", "MAXVALUE").into(),
            ],
            &[],
        ),
        case(
            "a partition goes with its rows, and another one gets its bounds",
            [events([]).into(), Partition::new("rest", "events").into(), high().into()],
            [events([]).into(), Partition::new("events_high", "events").into()],
            &[],
        )
        .without_rows(),
        case(
            "the bounds of a partition move while its table gets a column",
            [events([]).into(), low().into()],
            [
                events([Column::new("more", types::integer())]).into(),
                Partition::new("events_low", "events").from_to("0", "5").into(),
            ],
            &[],
        ),
        case(
            "a partition becomes one of another table of the same columns, and keeps its rows",
            [events([]).into(), low().into(), events_in("old_events", []).into()],
            [
                events([Column::new("more", types::integer())]).into(),
                Partition::new("events_low", "old_events").from_to("MINVALUE", "20").into(),
                events_in("old_events", [Column::new("more", types::integer())]).into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "a partition becomes one of another table of other columns",
            [events([]).into(), low().into(), high().into()],
            [
                events([]).into(),
                Partition::new("events_low", "old_events").from_to("MINVALUE", "10").into(),
                high().into(),
                events_in("old_events", [Column::new("more", types::integer())]).into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "a partition of partitions becomes one of another table, and takes none along",
            [
                events([]).into(),
                low().partition_by(PartitionKey::hash().column("name")).into(),
                Partition::new("first", "events_low").modulus(1, 0).into(),
            ],
            [
                events([]).into(),
                events_in("old_events", [Column::new("more", types::integer())]).into(),
                Partition::new("events_low", "old_events")
                    .from_to("MINVALUE", "10")
                    .partition_by(PartitionKey::hash().column("name"))
                    .into(),
                Partition::new("first", "events_low").modulus(1, 0).into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "partitions are renamed, and of their comments one goes, one changes and one stays",
            [
                events([]).into(),
                low().into(),
                high().into(),
                Partition::new("rest", "events").into(),
                on("events_low", "below ten").into(),
                on("events_high", "ten and more").into(),
                on("rest", "what is left").into(),
            ],
            [
                events([]).into(),
                Partition::new("lower", "events").from_to("MINVALUE", "10").into(),
                Partition::new("higher", "events").in_schema("app").from_to("10", "MAXVALUE").into(),
                Partition::new("others", "events").into(),
                on("higher", "ten and above").in_schema("app").into(),
                on("others", "what is left").into(),
            ],
            &[],
        ),
        case(
            "a partition of partitions is renamed, and these keep their rows",
            [
                events([]).into(),
                low().partition_by(PartitionKey::hash().column("name")).into(),
                Partition::new("first", "events_low").modulus(1, 0).into(),
            ],
            [
                events([]).into(),
                Partition::new("lowest", "events")
                    .from_to("MINVALUE", "10")
                    .partition_by(PartitionKey::hash().column("name"))
                    .into(),
                Partition::new("first", "lowest").modulus(1, 0).into(),
            ],
            &[],
        ),
        case(
            "a partition of partitions and one of these are renamed, and keep their rows",
            [
                events([]).into(),
                low().partition_by(PartitionKey::hash().column("name")).into(),
                Partition::new("first", "events_low").modulus(1, 0).into(),
            ],
            [
                events([]).into(),
                Partition::new("lowest", "events")
                    .from_to("MINVALUE", "10")
                    .partition_by(PartitionKey::hash().column("name"))
                    .into(),
                Partition::new("only", "lowest").in_schema("app").modulus(1, 0).into(),
            ],
            &[],
        ),
        case(
            "a partition of partitions is renamed under a parent that becomes another one's partition",
            [
                events([]).into(),
                events_in("old_events", []).into(),
                low().partition_by(PartitionKey::hash().column("name")).into(),
                Partition::new("first", "events_low").modulus(1, 0).into(),
            ],
            [
                events([]).into(),
                events_in("old_events", []).into(),
                Partition::new("events_low", "old_events")
                    .from_to("MINVALUE", "10")
                    .partition_by(PartitionKey::hash().column("name"))
                    .into(),
                Partition::new("only", "events_low").modulus(1, 0).into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "a partition of partitions is renamed under a parent that is made anew in a table of other columns",
            [
                events([]).into(),
                low().partition_by(PartitionKey::hash().column("name")).into(),
                Partition::new("first", "events_low").modulus(1, 0).into(),
            ],
            [
                events([]).into(),
                events_in("old_events", [Column::new("more", types::integer())]).into(),
                Partition::new("events_low", "old_events")
                    .from_to("MINVALUE", "10")
                    .partition_by(PartitionKey::hash().column("name"))
                    .into(),
                Partition::new("only", "events_low").modulus(1, 0).into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "a partition of partitions of partitions is renamed with its parent, and what they are in is made anew",
            [
                events([]).into(),
                low().partition_by(PartitionKey::hash().column("name")).into(),
                Partition::new("first", "events_low")
                    .modulus(1, 0)
                    .partition_by(PartitionKey::hash().column("name"))
                    .into(),
                Partition::new("inner", "first").modulus(1, 0).into(),
            ],
            [
                events([]).into(),
                events_in("old_events", [Column::new("more", types::integer())]).into(),
                Partition::new("events_low", "old_events")
                    .from_to("MINVALUE", "10")
                    .partition_by(PartitionKey::hash().column("name"))
                    .into(),
                Partition::new("only", "events_low")
                    .modulus(1, 0)
                    .partition_by(PartitionKey::hash().column("name"))
                    .into(),
                Partition::new("innermost", "only").modulus(1, 0).into(),
            ],
            &[],
        )
        .without_rows(),
        case(
            "a partition of a table that is referenced comes",
            [keyed().into(), high().into(), referencing().into()],
            [keyed().into(), high().into(), low().into(), referencing().into()],
            &[],
        )
        .without_rows(),
        case(
            "a partition of a table that is referenced goes",
            [keyed().into(), high().into(), low().into(), referencing().into()],
            [keyed().into(), low().into(), referencing().into()],
            &[],
        ),
        case(
            "how a column compresses its values changes in the partitions too",
            [events([]).into(), low().into()],
            [events([Column::new("more", types::text()).compression("pglz")]).into(), low().into(), high().into()],
            &[],
        ),
        case(
            "a partition is renamed and moved, and keeps its rows",
            [events([]).into(), low().into()],
            [events([]).into(), Partition::new("lowest", "events").in_schema("app").from_to("MINVALUE", "10").into()],
            &[],
        ),
        case(
            "a partitioned table and its key are renamed while columns, a key, an index and a trigger come",
            [events([]).into(), low().into()],
            [
                Function::new("touch").returns("trigger").plpgsql("begin return new; end").into(),
                Table::new("things")
                    .column(Column::new("n", types::integer()).primary_key())
                    .column(Column::new("name", types::text()))
                    .column(Column::new("more", types::integer()))
                    .index(Index::on(["name"]).name("by_name"))
                    .trigger(Trigger::before("t", [TriggerEvent::Insert]).for_each_row().execute("touch"))
                    .partition_by(PartitionKey::range().column("n"))
                    .into(),
                Partition::new("events_low", "things").from_to("MINVALUE", "10").into(),
                Partition::new("other", "things").into(),
            ],
            &["public.events=public.things", "public.things.number=public.things.n"],
        ),
        case(
            "how a partition is stored changes",
            [events([]).into(), low().unlogged().into()],
            [events([]).into(), low().storage_parameter("fillfactor", "60").into()],
            &[],
        ),
        case(
            "remainders are partitions too",
            [],
            [
                Table::new("h")
                    .column(Column::new("a", types::integer()))
                    .partition_by(PartitionKey::hash().column("a"))
                    .into(),
                Partition::new("h0", "h").modulus(2, 0).into(),
                Partition::new("h1", "h").modulus(2, 1).into(),
            ],
            &[],
        )
        .without_rows(),
    ]);
}
