//! Rows in tables whose checks refuse most values.

use schema::build::{Check, Column, Domain, Object, Table, enumeration, types};

use super::{case, check};

fn accounts(more: impl IntoIterator<Item = Column>) -> Vec<Object> {
    let level = enumeration("level", ["low", "high"]);
    let of_level = Column::new("level", types::enumeration(&level)).not_null();
    let email = Domain::new("email", types::text()).check("at", "VALUE ~ '^[^@]+@[^@]+$'");
    let accounts = Table::new("accounts")
        .column(Column::new("id", types::uuid()).primary_key())
        .column(Column::new("email", types::custom("email")).not_null().unique())
        .column(Column::new("country", types::char(2)).not_null())
        .column(Column::new("age", types::integer()).not_null())
        .column(Column::new("rate", types::numeric_with_scale(3, 2)).not_null())
        .column(Column::new("settings", types::jsonb()).not_null())
        .column(of_level)
        .check(Check::new("accounts_country", "country ~ '^[A-Z]{2}$'"))
        .check(Check::new("accounts_age", r#""accounts"."age" between 18 and 150 and age % 2 = 0"#))
        .check(Check::new("accounts_rate", "rate > 0 and rate < 1"))
        .check(Check::new("accounts_settings", "jsonb_typeof(settings) = 'object'"))
        .check(Check::new("accounts_level", "level > 'low'"));
    vec![level.into(), email.into(), more.into_iter().fold(accounts, Table::column).into()]
}

#[test]
fn rows_that_checks_let_through_are_kept() {
    check(vec![case(
        "a column is added to a table with checks",
        accounts([]),
        accounts([Column::new("bio", types::text())]),
        &[],
    )]);
}
