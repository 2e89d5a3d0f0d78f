use expect_test::{Expect, expect};
use schema::Snapshot;

use super::*;
use crate::introspect::rows::{
    ColumnRow, ConstraintRow, EnumRow, IndexRow, NotModelledRow, PolicyRow, RelationRow, SchemaRow, SequenceRow,
};

const USERS: u32 = 1;

fn relation(oid: u32, name: &str, kind: &str) -> RelationRow {
    let (schema, name, kind) = ("public".to_owned(), name.to_owned(), kind.to_owned());
    RelationRow { oid, schema, name, kind, ..RelationRow::default() }
}

fn column(name: &str, number: i16, sql_type: &str) -> ColumnRow {
    let (name, sql_type) = (name.to_owned(), sql_type.to_owned());
    ColumnRow { relation: USERS, name, number, sql_type, ..ColumnRow::default() }
}

fn owned(name: &str, number: i16, ownership: &str) -> SequenceRow {
    SequenceRow {
        schema: "public".to_owned(),
        name: name.to_owned(),
        sql_type: "integer".to_owned(),
        increment: "1".to_owned(),
        start: "1".to_owned(),
        min: "1".to_owned(),
        max: i32::MAX.to_string(),
        cache: "1".to_owned(),
        owner: Some(USERS),
        owner_column: Some(number),
        ownership: Some(ownership.to_owned()),
        ..SequenceRow::default()
    }
}

/// A table `users` with these columns.
fn users(columns: Vec<ColumnRow>) -> Catalog {
    Catalog { relations: vec![relation(USERS, "users", "r")], columns, ..Catalog::default() }
}

/// The first table's part as a snapshot has it, and what is noted.
fn check(catalog: Catalog, pick: &str, expected: Expect) {
    let Introspected { schema, not_modelled } = assemble(catalog, &Filter::default());
    let json: serde_json::Value = serde_json::from_str(&Snapshot::new("", "", schema).to_json()).unwrap();
    let notes: String = not_modelled.iter().map(|note| format!("{}: {}\n", note.kind, note.name)).collect();
    expected.assert_eq(&format!("{}\n{notes}", json.pointer(pick).unwrap()));
}

#[test]
fn a_column_whose_enum_is_not_read_is_noted() {
    let mut moods = column("moods", 1, "auth.mood[]");
    (moods.enum_schema, moods.enum_name) = (Some("auth".to_owned()), Some("mood".to_owned()));
    check(
        users(vec![moods]),
        "/tables/public.users/columns/moods",
        expect![[r#"
            {"name":"moods","type":"mood[]","typeSchema":"auth","primaryKey":false,"notNull":false}
            column of an enum that is not read: public.users.moods
        "#]],
    );
}

#[test]
fn an_integer_that_draws_from_a_sequence_of_its_own_is_serial() {
    let mut id = column("id", 1, "integer");
    (id.not_null, id.expression) = (true, Some("nextval('users_id_seq'::regclass)".to_owned()));
    let sequences = vec![owned("users_id_seq", 1, "a")];
    check(
        Catalog { sequences, ..users(vec![id]) },
        "/tables/public.users/columns/id",
        expect![[r#"
            {"name":"id","type":"serial","primaryKey":false,"notNull":true}
        "#]],
    );
}

#[test]
fn a_serial_whose_sequence_has_options_of_its_own_says_so() {
    let mut id = column("id", 1, "integer");
    (id.not_null, id.expression) = (true, Some("nextval('users_id_seq'::regclass)".to_owned()));
    let sequences = vec![SequenceRow { cycles: true, ..owned("users_id_seq", 1, "a") }];
    check(
        Catalog { sequences, ..users(vec![id]) },
        "/tables/public.users/columns/id/type",
        expect![[r#"
            "serial"
            sequence of a serial column with a name or options of its own: public.users_id_seq
        "#]],
    );
}

#[test]
fn a_column_is_no_serial_where_a_sequence_that_stands_alone_has_the_name_of_a_serials() {
    let mut id = column("id", 1, "integer");
    (id.not_null, id.expression) = (true, Some("nextval('other'::regclass)".to_owned()));
    for owner in [Some(USERS), None] {
        let named = SequenceRow { owner, ..owned("users_id_seq", 1, "a") };
        let catalog = Catalog { sequences: vec![owned("other", 1, "a"), named], ..users(vec![id.clone()]) };
        let schema = assemble(catalog, &Filter::default()).schema;
        assert_eq!(schema.tables["public.users"].columns["id"].sql_type, "integer");
        assert_eq!(schema.sequences.keys().collect::<Vec<_>>(), ["public.other", "public.users_id_seq"]);
    }
}

#[test]
fn of_two_sequences_of_a_column_the_one_that_it_draws_from_makes_it_serial() {
    let mut id = column("id", 1, "integer");
    (id.not_null, id.expression) = (true, Some("nextval('users_id_seq'::regclass)".to_owned()));
    let sequences = vec![owned("users_id_seq", 1, "a"), owned("other", 1, "a")];
    check(
        Catalog { sequences, ..users(vec![id]) },
        "/tables/public.users/columns/id/type",
        expect![[r#"
            "serial"
            AS integer: public.other
            OWNED BY: public.other
        "#]],
    );
}

#[test]
fn a_nullable_integer_with_a_sequence_is_no_serial_and_its_sequence_stands_alone() {
    let mut id = column("id", 1, "integer");
    id.expression = Some("nextval('users_id_seq'::regclass)".to_owned());
    let catalog = Catalog { sequences: vec![owned("users_id_seq", 1, "a")], ..users(vec![id]) };
    check(
        catalog,
        "/sequences/public.users_id_seq",
        expect![[r#"
            {"name":"users_id_seq","schema":"public","increment":"1","startWith":"1","minValue":"1","maxValue":"2147483647","cache":"1","cycle":false}
            AS integer: public.users_id_seq
            OWNED BY: public.users_id_seq
        "#]],
    );
}

#[test]
fn the_sequence_of_a_table_that_is_not_read_is_not_read() {
    let catalog = Catalog { sequences: vec![owned("ledger_id_seq", 1, "a")], ..Catalog::default() };
    check(
        catalog,
        "/sequences",
        expect![[r#"
        {}
    "#]],
    );
}

#[test]
fn an_identity_has_every_option_of_its_sequence() {
    let mut id = column("id", 1, "integer");
    (id.not_null, id.identity) = (true, "d".to_owned());
    check(
        Catalog { sequences: vec![owned("custom", 1, "i")], ..users(vec![id]) },
        "/tables/public.users/columns/id",
        expect![[r#"
            {"name":"id","type":"integer","primaryKey":false,"notNull":true,"identity":{"type":"byDefault","name":"custom","schema":"public","increment":"1","startWith":"1","minValue":"1","maxValue":"2147483647","cache":"1","cycle":false}}
        "#]],
    );
}

#[test]
fn a_virtual_column_has_its_expression_as_a_stored_one_has() {
    let generated = |name: &str, generated: &str| ColumnRow {
        generated: generated.to_owned(),
        expression: Some("(a + 1)".to_owned()),
        ..column(name, 1, "integer")
    };
    let catalog = || users(vec![generated("stored", "s"), generated("virtual", "v")]);
    let beside = assemble(catalog(), &Filter::default()).schema.objects.tables["public.users"].columns.clone();
    assert_eq!(beside.iter().map(|(name, of)| (name.as_str(), of.is_virtual)).collect::<Vec<_>>(), [("virtual", true)]);
    check(
        catalog(),
        "/tables/public.users/columns",
        expect![[r#"
            {"stored":{"name":"stored","type":"integer","primaryKey":false,"notNull":false,"generated":{"as":"a + 1","type":"stored"}},"virtual":{"name":"virtual","type":"integer","primaryKey":false,"notNull":false,"generated":{"as":"a + 1","type":"stored"}}}
        "#]],
    );
}

fn primary_key(name: &str, columns: &[&str]) -> ConstraintRow {
    let columns = columns.iter().map(|&column| column.to_owned()).collect();
    ConstraintRow { relation: USERS, name: name.to_owned(), kind: "p".to_owned(), columns, ..ConstraintRow::default() }
}

#[test]
fn a_primary_key_is_its_columns_unless_it_has_a_name_of_its_own_or_several_columns() {
    for (name, columns, expected) in [
        (
            "users_pkey",
            vec!["a"],
            expect![[r#"
            {}
        "#]],
        ),
        (
            "users_pkey",
            vec!["a", "b"],
            expect![[r#"
            {"users_pkey":{"name":"users_pkey","columns":["a","b"]}}
        "#]],
        ),
        (
            "mine",
            vec!["a"],
            expect![[r#"
            {"mine":{"name":"mine","columns":["a"]}}
        "#]],
        ),
    ] {
        let catalog = users(vec![column("a", 1, "integer"), column("b", 2, "integer")]);
        let constraints = vec![primary_key(name, &columns)];
        check(Catalog { constraints, ..catalog }, "/tables/public.users/compositePrimaryKeys", expected);
    }
}

#[test]
fn a_foreign_key_names_its_schema_unless_it_is_public() {
    let key = |name: &str, schema: &str| ConstraintRow {
        kind: "f".to_owned(),
        schema_to: Some(schema.to_owned()),
        table_to: Some("t".to_owned()),
        columns_to: vec!["x".to_owned()],
        on_delete: "c".to_owned(),
        on_update: "a".to_owned(),
        extras: vec!["DEFERRABLE".to_owned()],
        ..primary_key(name, &["a"])
    };
    let constraints = vec![key("near", "public"), key("far", "app")];
    check(
        Catalog { constraints, ..users(Vec::new()) },
        "/tables/public.users/foreignKeys",
        expect![[r#"
            {"near":{"name":"near","tableFrom":"users","tableTo":"t","columnsFrom":["a"],"columnsTo":["x"],"onDelete":"cascade","onUpdate":"no action"},"far":{"name":"far","tableFrom":"users","tableTo":"t","schemaTo":"app","columnsFrom":["a"],"columnsTo":["x"],"onDelete":"cascade","onUpdate":"no action"}}
            DEFERRABLE: far on public.users
            DEFERRABLE: near on public.users
        "#]],
    );
}

#[test]
fn an_index_has_a_key_a_row_and_says_what_is_not_the_default() {
    let key = IndexRow {
        relation: USERS,
        name: "i".to_owned(),
        method: "btree".to_owned(),
        class: "text_ops".to_owned(),
        class_schema: "pg_catalog".to_owned(),
        is_default_class: true,
        predicate: Some("(a > 0)".to_owned()),
        parameters: vec!["fillfactor=70".to_owned()],
        ..IndexRow::default()
    };
    let plain =
        IndexRow { column_name: Some("a".to_owned()), is_descending: true, has_nulls_first: true, ..key.clone() };
    let class = IndexRow {
        expression: Some("lower(a)".to_owned()),
        class: "My ops".to_owned(),
        class_schema: "app".to_owned(),
        class_parameters: vec!["siglen=32".to_owned()],
        ..key.clone()
    };
    let collated = IndexRow {
        column_name: Some("a".to_owned()),
        collation: Some("C".to_owned()),
        collation_schema: Some("pg_catalog".to_owned()),
        ..key
    };
    check(
        Catalog { indexes: vec![plain, class, collated], ..users(Vec::new()) },
        "/tables/public.users/indexes/i",
        expect![[r#"
            {"name":"i","columns":[{"expression":"a","isExpression":false,"asc":false,"nulls":"first"},{"expression":"lower(a)","asc":true,"isExpression":true,"nulls":"last","opclass":"app.\"My ops\"(siglen=32)"},{"expression":"\"a\" COLLATE \"C\"","asc":true,"isExpression":true,"nulls":"last"}],"isUnique":false,"where":"a > 0","concurrently":false,"method":"btree","with":{"fillfactor":70}}
        "#]],
    );
}

#[test]
fn every_policy_keeps_its_conditions() {
    let policy = |name: &str, command: &str| PolicyRow {
        relation: USERS,
        schema: "public".to_owned(),
        table_name: "users".to_owned(),
        name: name.to_owned(),
        command: command.to_owned(),
        is_permissive: true,
        roles: vec!["public".to_owned()],
        using_expression: Some("(a = CURRENT_USER)".to_owned()),
        with_check: Some("true".to_owned()),
    };
    check(
        Catalog { policies: vec![policy("one", "*"), policy("two", "w")], ..users(Vec::new()) },
        "/tables/public.users/policies",
        expect![[r#"
            {"one":{"name":"one","as":"PERMISSIVE","for":"ALL","to":["public"],"using":"a = CURRENT_USER","withCheck":"true"},"two":{"name":"two","as":"PERMISSIVE","for":"UPDATE","to":["public"],"using":"a = CURRENT_USER","withCheck":"true"}}
        "#]],
    );
}

#[test]
fn a_materialized_view_has_its_options_and_beside_them_its_indexes() {
    let view = RelationRow {
        definition: Some(" SELECT 1 AS a,\n    2 AS b;".to_owned()),
        options: vec!["fillfactor=70".to_owned(), "autovacuum_enabled=false".to_owned()],
        tablespace: Some("fast".to_owned()),
        access_method: Some("heap".to_owned()),
        ..relation(USERS, "v", "m")
    };
    let index = IndexRow {
        relation: USERS,
        name: "i".to_owned(),
        method: "btree".to_owned(),
        is_unique: true,
        column_name: Some("a".to_owned()),
        is_default_class: true,
        ..IndexRow::default()
    };
    let catalog = || Catalog {
        relations: vec![view.clone()],
        columns: vec![column("a", 1, "integer")],
        indexes: vec![index.clone()],
        ..Catalog::default()
    };
    let beside = &assemble(catalog(), &Filter::default()).schema.objects.views["public.v"];
    expect![[r#"{"indexes":{"i":{"name":"i","columns":[{"expression":"a","isExpression":false,"asc":true,"nulls":"last"}],"isUnique":true,"concurrently":false,"method":"btree","with":{}}}}"#]]
        .assert_eq(&serde_json::to_string(beside).unwrap());
    check(
        catalog(),
        "/views/public.v",
        expect![[r#"
            {"columns":{"a":{"name":"a","type":"integer","primaryKey":false,"notNull":false}},"definition":"SELECT 1 AS a, 2 AS b","name":"v","schema":"public","isExisting":false,"with":{"fillfactor":70,"autovacuumEnabled":false},"withNoData":true,"materialized":true,"tablespace":"fast"}
        "#]],
    );
}

#[test]
fn an_exclusion_constraint_is_its_index_with_operators() {
    let key = IndexRow {
        relation: USERS,
        name: "free".to_owned(),
        method: "gist".to_owned(),
        column_name: Some("at".to_owned()),
        is_default_class: true,
        operator: Some("&&".to_owned()),
        is_deferrable: Some(true),
        is_deferred: Some(false),
        predicate: Some("(a > 0)".to_owned()),
        ..IndexRow::default()
    };
    let lower = IndexRow { column_name: None, expression: Some("lower(a)".to_owned()), ..key.clone() };
    let found = assemble(Catalog { indexes: vec![key, lower], ..users(Vec::new()) }, &Filter::default()).schema;
    assert!(found.tables["public.users"].indexes.is_empty());
    let exclusion = &found.objects.tables["public.users"].exclusion_constraints["free"];
    expect![[r#"{"name":"free","method":"gist","elements":[{"expression":"at","operator":"&&"},{"expression":"lower(a)","isExpression":true,"operator":"&&"}],"where":"a > 0","deferral":"initiallyImmediate"}"#]]
        .assert_eq(&serde_json::to_string(exclusion).unwrap());
}

#[test]
fn a_partition_is_no_table_and_what_it_has_of_its_own_is_noted() {
    let table = RelationRow {
        key_strategy: Some("l".to_owned()),
        key_definition: Some("LIST (a)".to_owned()),
        key_columns: vec![Some("a".to_owned())],
        ..relation(USERS, "users", "p")
    };
    let partition = |oid: u32, name: &str, parent: &str| RelationRow {
        parent_schema: Some("public".to_owned()),
        parent: Some(parent.to_owned()),
        bounds: Some("DEFAULT".to_owned()),
        ..relation(oid, name, "r")
    };
    let default = |relation: u32, sql: &str| ColumnRow {
        relation,
        expression: Some(sql.to_owned()),
        ..column("a", 1, "integer")
    };
    let relations = vec![table, partition(2, "p", "users"), partition(3, "q", "not_read"), partition(4, "of_p", "p")];
    let columns = vec![default(USERS, "1"), default(2, "2"), ColumnRow { not_null: true, ..default(4, "1") }];
    let indexes = vec![IndexRow { relation: 2, name: "i".to_owned(), ..IndexRow::default() }];
    let found = assemble(Catalog { relations, columns, indexes, ..Catalog::default() }, &Filter::default());
    assert_eq!(found.schema.tables.keys().collect::<Vec<_>>(), ["public.users"]);
    assert_eq!(found.schema.objects.partitions.keys().collect::<Vec<_>>(), ["public.p", "public.of_p"]);
    let notes: String = found.not_modelled.iter().map(|note| format!("{}: {}\n", note.kind, note.name)).collect();
    expect![[r#"
        NOT NULL of a partition's column: public.of_p.a
        default of a partition's column: public.p.a
        index of a partition: i on public.p
        partition of a table that is not read: public.q
    "#]]
    .assert_eq(&notes);
}

#[test]
fn a_schema_with_nothing_but_the_ledger_is_the_ledgers() {
    let schemas = ["drizzle", "app", "public"].map(|name| SchemaRow { oid: 0, name: name.to_owned() });
    let ledger = crate::introspect::Ledger { schema: "drizzle".to_owned(), ..Default::default() };
    let filter = Filter { ledger, ..Filter::default() };
    let catalog = || Catalog { schemas: schemas.to_vec(), ..Catalog::default() };
    let names = |catalog| assemble(catalog, &filter).schema.schemas.into_keys().collect::<Vec<_>>();
    assert_eq!(names(catalog()), ["app"]);
    let declared = EnumRow { schema: "drizzle".to_owned(), name: "mood".to_owned(), labels: Vec::new() };
    assert_eq!(names(Catalog { enums: vec![declared], ..catalog() }), ["drizzle", "app"]);
}

#[test]
fn what_a_schema_cannot_say_is_listed_once_and_in_order() {
    let row = |kind: &str, name: &str| NotModelledRow { kind: kind.to_owned(), name: name.to_owned() };
    let table = RelationRow { options: vec!["fillfactor=70".to_owned()], ..relation(USERS, "users", "r") };
    let foreign = relation(2, "Far", "f");
    check(
        Catalog {
            relations: vec![table, foreign],
            not_modelled: vec![row("trigger", "b"), row("domain", "d"), row("trigger", "b")],
            ..Catalog::default()
        },
        "/tables/public.users/columns",
        expect![[r#"
            {}
            domain: d
            foreign table: public."Far"
            trigger: b
        "#]],
    );
}
