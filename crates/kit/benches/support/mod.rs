//! The schema that is measured.

use schema::Schema;
use schema::build::{Column, Index, Table, types};

/// Tables of eight columns, each with a unique constraint, an index and a foreign key to the one before.
pub(crate) fn tables(count: usize, extra: bool) -> Schema {
    let table = |number: usize| {
        let name = |number: usize| format!("table_{number}");
        let parent = Column::new("parent_id", types::uuid()).references(&name(number.saturating_sub(1)), "id");
        let table = Table::new(name(number))
            .column(Column::new("id", types::uuid()).primary_key().default_random())
            .column(parent)
            .column(Column::new("email", types::varchar(255)).not_null().unique())
            .column(Column::new("name", types::text()))
            .column(Column::new("age", types::integer()).not_null().default_number(0))
            .column(Column::new("balance", types::numeric_with_scale(12, 2)))
            .column(Column::new("is_active", types::boolean()).not_null().default_bool(true))
            .column(Column::new("created_at", types::timestamp_with_time_zone()).not_null().default_now())
            .index(Index::on(["name", "created_at"]));
        let is_last = number + 1 == count;
        if extra && is_last { table.column(Column::new("bio", types::text())) } else { table }
    };
    schema::build::schema((0..count).map(table).map(Into::into)).expect("the tables are valid")
}
