use schema::Sequence;
use schema::build::{Column, ForeignKey, Identity, Index, Object, Table, Unique, enumeration, types};

use super::{case, check};

/// Tables with everything that PostgreSQL names after them, or that lives beside them.
fn shop(schema: &str, orders: &str) -> Vec<Object> {
    let mut state = enumeration("state", ["new", "paid"]);
    schema.clone_into(&mut state.schema);
    let parent = Table::new(orders)
        .in_schema(schema)
        .column(Column::new("id", types::serial()).primary_key())
        .column(Column::new("number", types::integer()).identity(Identity::by_default().name("numbers")))
        .column(Column::new("state", types::enumeration(&state)).default_text("new"))
        .index(Index::on(["state"]).name("by_state"))
        .unique(Unique::on(["number"]).name("one_number"));
    let lines = Table::new("lines").in_schema(schema).column(Column::new("id", types::integer())).column(
        Column::new("order", types::integer())
            .references_as(ForeignKey::new(["order"]).references(orders, ["id"]).in_schema(schema).name("of_order")),
    );
    vec![state.into(), parent.into(), lines.into()]
}

fn plain(schema: &str, name: &str) -> Object {
    Table::new(name).in_schema(schema).column(Column::new("id", types::serial()).primary_key()).into()
}

fn sequence(schema: &str, name: &str, change: impl FnOnce(&mut Sequence)) -> [Object; 1] {
    let number = |text: &str| Some(text.to_owned());
    let mut sequence = Sequence {
        name: name.to_owned(),
        schema: schema.to_owned(),
        increment: number("1"),
        start_with: number("100"),
        min_value: number("1"),
        max_value: number("9223372036854775807"),
        cache: number("1"),
        cycle: Some(true),
    };
    change(&mut sequence);
    [Object::Sequence(sequence)]
}

#[test]
fn sequences_are_reached() {
    check(vec![
        case("a sequence is made", [], sequence("app", "s", |_| {}), &[]).without_rows(),
        case("a sequence goes with its schema", sequence("app", "s", |_| {}), [], &[]).without_rows(),
        case(
            "a sequence is moved, renamed and stops to cycle",
            sequence("app", "s", |_| {}),
            sequence("public", "t", |s| {
                s.cycle = Some(false);
                s.start_with = Some("200".to_owned());
            }),
            &["sequence:app.s=public.t"],
        )
        .without_rows(),
        case(
            "a sequence's options are declared no more",
            sequence("app", "s", |s| s.increment = Some("2".to_owned())),
            sequence("app", "s", |s| {
                (s.increment, s.start_with, s.min_value, s.max_value, s.cache, s.cycle) = Default::default();
            }),
            &[],
        )
        .without_rows(),
        case(
            "a sequence that counts down turns round",
            sequence("app", "s", |s| {
                (s.min_value, s.max_value, s.start_with) = Default::default();
                s.increment = Some("-3".to_owned());
            }),
            sequence("app", "s", |s| (s.increment, s.start_with, s.min_value, s.max_value) = Default::default()),
            &[],
        )
        .without_rows(),
        case(
            "a sequence takes the name of a table that goes",
            [plain("public", "a")],
            sequence("public", "a", |_| {}),
            &[],
        )
        .without_rows(),
    ]);
}

const LONG: &str = "a_name_of_63_bytes_that_fills_all_the_room_there_is_for_a_name_";

#[test]
fn moves_are_reached() {
    check(vec![
        case(
            "a table is renamed with what is named after it",
            shop("app", "orders"),
            shop("app", "sales"),
            &["table:app.orders=app.sales"],
        ),
        case(
            "tables and their enum move to another schema",
            shop("public", "orders"),
            shop("app", "orders"),
            &["enum:public.state=app.state", "table:public.orders=app.orders", "table:public.lines=app.lines"],
        ),
        case(
            "a schema is renamed and a table in it too",
            shop("app", "orders"),
            shop("shop", "sales"),
            &["app=shop", "shop.orders=shop.sales"],
        ),
        case("a schema goes with everything in it", shop("app", "orders"), [], &[]).without_rows(),
        case(
            "a table gives its name to a new one",
            [plain("public", "a")],
            [plain("public", "b"), plain("app", "a")],
            &["public.a=public.b"],
        ),
        case(
            "a table moves past another of its old name",
            [plain("public", "a"), plain("app", "a")],
            [plain("app", "a"), plain("app", "b")],
            &["public.a=app.b"],
        ),
        case(
            "a table gets a name that PostgreSQL cuts off what is named after",
            [plain("public", "a")],
            [plain("public", LONG)],
            &[&format!("public.a=public.{LONG}")],
        ),
        case(
            "names have quotes, dots, spaces and reserved words",
            [plain("public", "user"), plain("q\"s", "a.b")],
            [plain("public", "sel\"ect"), plain("q\"s", "smile 😀")],
            &["public.user=public.sel\"ect", "q\"s.a.b=q\"s.smile 😀"],
        ),
    ]);
}
