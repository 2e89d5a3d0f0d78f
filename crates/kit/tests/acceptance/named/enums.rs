use schema::build::{Check, Column, Composite, Domain, Index, IndexColumn, Object, Table, enumeration, types};

use super::{case, check};

/// A type and a table whose column has it.
fn mood(values: &[&str], with: impl FnOnce(Table, Column, Column) -> Table) -> [Object; 2] {
    let mood = enumeration("mood", values.iter().copied());
    let one = Column::new("one", types::enumeration(&mood));
    let many = Column::new("many", types::enumeration(&mood).array());
    let table = with(Table::new("people").column(Column::new("id", types::integer()).primary_key()), one, many);
    [mood.into(), table.into()]
}

/// A column of the type that is computed from one of another type.
fn with_generated(table: Table, one: Column, _: Column) -> Table {
    let one = one.generated("CASE WHEN \"id\" > 1 THEN 'ok'::mood ELSE 'good'::mood END");
    table.column(one).index(Index::on(["one"]))
}

#[test]
fn enums_are_reached() {
    let plain = |table: Table, one, many| table.column(one).column(many);
    let full = |table: Table, one: Column, many: Column| {
        table
            .column(one.default_text("ok"))
            .column(many.default_sql("'{\"ok\"}'"))
            .column(Column::new("is_ok", types::boolean()).generated("\"one\" = 'ok'"))
            .check(Check::new("not bad", "\"one\" <> 'bad'"))
            .index(Index::on(["one"]))
            .index(Index::on([IndexColumn::expression("(\"one\" = 'ok')")]).name("expression"))
            .index(Index::on(["id"]).filter("\"one\" = 'bad'").name("partial"))
            .index(Index::on(["many"]).using("gin"))
    };
    check(vec![
        case(
            "a value is added and is a default in the same step",
            mood(&["ok"], plain),
            mood(&["new", "ok"], |table, one, many| table.column(one.default_text("new")).column(many)),
            &[],
        ),
        case(
            "a value is added and a check names it in the same step",
            mood(&["ok"], plain),
            mood(&["ok", "it's"], |t, one, many| plain(t, one, many).check(Check::new("c", "\"one\" <> 'it''s'"))),
            &[],
        ),
        case(
            "a value goes while array, default, check, indexes and a generated column stand on the type",
            mood(&["ok", "good", "bad", "gone"], full),
            mood(&["ok", "good", "bad"], full),
            &[],
        ),
        case(
            "a value goes while a generated column has the type, with an index on it",
            mood(&["ok", "good", "gone"], with_generated),
            mood(&["ok", "good"], with_generated),
            &[],
        ),
        case(
            "a value goes while a column of the type is generated no more",
            mood(&["ok", "good", "gone"], |table, one, many| table.column(one.generated("'ok'::mood")).column(many)),
            mood(&["ok", "good"], |table, one, many| table.column(one).column(many)),
            &[],
        ),
        case(
            "a value goes with a generated column of the type",
            mood(&["ok", "good", "gone"], |table, one, _| table.column(one.generated("'ok'::mood"))),
            mood(&["ok", "good"], |table, _, many| table.column(many)),
            &[],
        ),
        case(
            "a value with a default becomes an array without one",
            mood(&["ok"], |table, one, _| table.column(one.default_text("ok"))),
            mood(&["ok"], |table, _, _| {
                table.column(Column::new("one", types::enumeration(&enumeration("mood", ["ok"])).array()))
            }),
            &[],
        ),
        case("values change their order", mood(&["ok", "good", "bad"], full), mood(&["bad", "good", "ok"], full), &[]),
        case("values are renamed", mood(&["ok", "x"], plain), mood(&["OK", "x"], plain), &[]).without_rows(),
    ]);
}

#[test]
fn renamed_values_are_reached() {
    let full = |value: &str| {
        let value = value.to_owned();
        move |table: Table, one: Column, many: Column| {
            table
                .column(one.default_text(&value))
                .column(many.default_sql(format!("ARRAY['{value}'::mood, 'ok'::mood]")))
                .column(Column::new("is", types::boolean()).generated(format!("\"one\" = '{value}'::mood")))
                .check(Check::new("not", format!("\"one\" <> '{value}' OR \"id\" > 0")))
                .index(Index::on(["id"]).filter(format!("\"one\" = '{value}'::public.\"mood\"")).name("partial"))
        }
    };
    let plain = |table: Table, one, many| table.column(one).column(many);
    let rename = ["public.mood.bad=public.mood.it's bad"];
    let others = |values: &[&str], domain_default: &str| {
        let mood = enumeration("mood", values.iter().copied());
        let domain = Domain::new("feeling", types::enumeration(&mood)).default_sql(domain_default);
        let pair = Composite::new("pair").attribute("one", types::enumeration(&mood));
        let table = Table::new("people").column(Column::new("a", types::custom("feeling")));
        let table = table.column(Column::new("b", types::custom("pair")));
        [Object::from(mood), domain.into(), pair.into(), table.into()]
    };
    check(vec![
        case("a value", mood(&["ok", "bad"], plain), mood(&["ok", "it's bad"], plain), &rename),
        case(
            "a value with default, check, index and a generated column on it",
            mood(&["ok", "bad"], full("bad")),
            mood(&["ok", "worse"], full("worse")),
            &["value:public.mood.bad=public.mood.worse"],
        ),
        case(
            "a value with another one that is added before it",
            mood(&["ok", "bad"], plain),
            mood(&["new", "ok", "between", "it's bad"], plain),
            &rename,
        ),
        case(
            "a value, and the order of all",
            mood(&["ok", "bad"], full("bad")),
            mood(&["worse", "ok"], full("worse")),
            &["public.mood.bad=public.mood.worse"],
        ),
        case(
            "a value of a type that is renamed too",
            mood(&["ok", "bad"], plain),
            {
                let state = enumeration("state", ["ok", "worse"]);
                let one = Column::new("one", types::enumeration(&state));
                let many = Column::new("many", types::enumeration(&state).array());
                let table = Table::new("people").column(Column::new("id", types::integer()).primary_key());
                [state.into(), table.column(one).column(many).into()]
            },
            &["enum:public.mood=public.state", "public.state.bad=public.state.worse"],
        ),
        case(
            "a value of a type that others are made of",
            others(&["ok", "bad"], "'bad'::mood"),
            others(&["ok", "worse"], "'worse'::mood"),
            &["public.mood.bad=public.mood.worse"],
        ),
    ]);
}

#[test]
fn moved_enums_are_reached() {
    let place = |schema: &str, name: &str, values: &[&str]| {
        let mut declared = enumeration(name, values.iter().copied());
        schema.clone_into(&mut declared.schema);
        let column = Column::new("one", types::enumeration(&declared)).default_text("ok");
        [declared.into(), Table::new("people").column(column).into()]
    };
    check(vec![
        case(
            "an enum is moved, renamed and loses a value",
            place("public", "mood", &["ok", "good", "bad"]),
            place("app", "state", &["good", "ok"]),
            &["enum:public.mood=app.state"],
        ),
        case(
            "an enum is renamed to a name with dots and quotes",
            place("app", "mood", &["ok"]),
            place("app", "a.\"mood\"", &["ok", "new"]),
            &["enum:app.mood=app.a.\"mood\""],
        ),
        case(
            "an enum goes with its schema and its column becomes text",
            place("app", "mood", &["ok"]),
            [Table::new("people").column(Column::new("one", types::text()).default_text("x")).into()],
            &[],
        ),
    ]);
}
