use expect_test::{Expect, expect};
use schema::Schema;
use schema::build::{Column, Domain, Function, Object, Policy, Role, Table, Trigger, enumeration, types};

use super::{Answer, Answers, Rename, resolve};
use crate::step::Name;

/// A schema in short: `app.users(id, name)` is a table, `enum app.mood(a, b)` an enum, `sequence app.ids` a
/// sequence, `role r` a role, `policy p` a policy on `app.elsewhere`; `policy p` among columns is one of the table.
/// `domain d`, `trigger t` on `users`, `function f(integer, text)` and `procedure p()` are in `public`.
fn schema(objects: &[&str]) -> Schema {
    let objects = objects.iter().map(|text| match text.split_once(' ') {
        Some(("domain", name)) => Domain::new(name, types::text()).into(),
        Some(("trigger", name)) => {
            Trigger::before(name, [schema::TriggerEvent::Insert]).on("public", "users").execute("f").into()
        }
        Some((kind @ ("function" | "procedure"), path)) => {
            let (name, arguments) = path.trim_end_matches(')').split_once('(').unwrap();
            let function = if kind == "function" { Function::new(name) } else { Function::procedure(name) };
            let arguments = arguments.split(", ").filter(|argument| !argument.is_empty());
            arguments.fold(function, |f, argument| f.unnamed_argument(types::custom(argument))).sql("").into()
        }
        Some(("sequence", path)) => {
            let (in_schema, name) = path.split_once('.').unwrap();
            Object::Sequence(serde_json::from_value(serde_json::json!({ "name": name, "schema": in_schema })).unwrap())
        }
        Some(("role", name)) => Role::new(name).into(),
        Some(("policy", name)) => Policy::new(name).on("app", "elsewhere").into(),
        Some(("enum", path)) => {
            let (in_schema, name) = path.split_once('.').unwrap();
            let (name, values) = name.trim_end_matches(')').split_once('(').unwrap_or((name, "a"));
            let mut declared = enumeration(name, values.split(", "));
            in_schema.clone_into(&mut declared.schema);
            Object::from(declared)
        }
        _ => {
            let (path, columns) = text.trim_end_matches(')').split_once('(').unwrap();
            let (in_schema, name) = path.split_once('.').unwrap();
            let table = Table::new(name).in_schema(in_schema);
            Object::from(columns.split(", ").fold(table, |table, part| match part.strip_prefix("policy ") {
                Some(name) => table.policy(Policy::new(name)),
                None => table.column(Column::new(part, types::text())),
            }))
        }
    });
    schema::build::schema(objects).unwrap()
}

/// What comes of answers: renames, questions with their answers, answers that found nothing.
fn check(previous: &[&str], next: &[&str], answers: &[&str], expected: Expect) {
    let answers = answers.iter().map(|text| match text.strip_prefix("new ") {
        Some(name) => Answer::create(name),
        None => Answer::rename(text).unwrap(),
    });
    let resolved = resolve(&schema(previous), &schema(next), &Answers::new(answers));
    let mut lines: Vec<String> = resolved.renames.iter().map(|rename| format!("{rename:?}")).collect();
    for question in &resolved.questions {
        lines.push(question.to_string());
        lines.extend(question.answers().iter().map(|answer| format!("  {answer}")));
    }
    lines.extend(resolved.unused.iter().map(|answer| format!("unused {answer}")));
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn nothing_is_asked_where_objects_only_come_or_only_go() {
    check(&["public.a(x)"], &["public.a(x, y)", "public.b(x)"], &[], expect![[r#""#]]);
    check(&["public.a(x, y)", "public.b(x)"], &["public.a(x)"], &[], expect![[r#""#]]);
}

#[test]
fn what_comes_while_something_goes_is_a_question() {
    check(
        &["public.a(x)", "public.c(x)"],
        &["public.b(x)"],
        &[],
        expect![[r#"
        is table public.b new, or was it renamed from public.a or public.c?
          --rename public.a=public.b
          --rename public.c=public.b
          --create public.b"#]],
    );
}

#[test]
fn columns_are_asked_about_under_the_new_name_of_their_table() {
    check(
        &["public.a(x)"],
        &["public.b(y)"],
        &["public.a=public.b"],
        expect![[r#"
        Table { from: Name { schema: "public", name: "a" }, to: Name { schema: "public", name: "b" } }
        is column public.b.y new, or was it renamed from public.b.x?
          --rename public.b.x=public.b.y
          --create public.b.y"#]],
    );
}

#[test]
fn a_chain_goes_from_schema_to_table_to_column() {
    check(
        &["old.a(x)", "enum old.mood"],
        &["new.b(y)", "enum new.state"],
        &["old=new", "new.mood=new.state", "new.a=new.b", "new.b.x=new.b.y"],
        expect![[r#"
            Schema { from: "old", to: "new" }
            Enum { from: Name { schema: "new", name: "mood" }, to: Name { schema: "new", name: "state" } }
            Table { from: Name { schema: "new", name: "a" }, to: Name { schema: "new", name: "b" } }
            Column { table: Name { schema: "new", name: "b" }, from: "x", to: "y" }"#]],
    );
}

#[test]
fn a_column_takes_the_name_of_one_that_goes() {
    check(
        &["public.t(a, b)"],
        &["public.t(a)"],
        &["public.t.b=public.t.a"],
        expect![[r#"
            Column { table: Name { schema: "public", name: "t" }, from: "b", to: "a" }
            Column { table: Name { schema: "public", name: "t" }, from: "a", to: "\0a" }"#]],
    );
    check(
        &["public.t(a, b)", "public.u(x)"],
        &["public.t(a, b)", "public.u(x)"],
        &["public.t.b=public.t.a", "public.u=public.t"],
        expect![[r#"
            unused --rename public.t.b=public.t.a
            unused --rename public.u=public.t"#]],
    );
}

#[test]
fn a_prefix_tells_a_table_from_an_enum_of_the_same_name() {
    let (previous, next) = (["public.a(x)", "enum public.e"], ["public.b(x)", "enum public.f"]);
    check(
        &previous,
        &next,
        &["table:public.a=public.b", "new enum:public.f"],
        expect![[r#"Table { from: Name { schema: "public", name: "a" }, to: Name { schema: "public", name: "b" } }"#]],
    );
    check(
        &previous,
        &next,
        &["enum:public.a=public.b", "new public.f"],
        expect![[r#"
        is table public.b new, or was it renamed from public.a?
          --rename public.a=public.b
          --create public.b
        unused --rename enum:public.a=public.b"#]],
    );
}

#[test]
fn a_flag_names_the_kind_where_the_name_alone_means_two_objects() {
    check(
        &["sequence public.a", "enum public.e"],
        &["sequence public.b", "enum public.b"],
        &[],
        expect![[r#"
            is enum public.b new, or was it renamed from public.e?
              --rename enum:public.e=public.b
              --create enum:public.b
            is sequence public.b new, or was it renamed from public.a?
              --rename sequence:public.a=public.b
              --create sequence:public.b"#]],
    );
}

#[test]
fn an_answer_that_finds_nothing_is_reported() {
    check(
        &["public.a(x)"],
        &["public.a(x)"],
        &["public.a=public.b", "new public.c"],
        expect![[r#"
        unused --rename public.a=public.b
        unused --create public.c"#]],
    );
}

#[test]
fn an_answer_is_used_once() {
    check(
        &["public.a(x)"],
        &["public.b(x)", "public.c(x)"],
        &["public.a=public.b", "public.a=public.c"],
        expect![[r#"
        Table { from: Name { schema: "public", name: "a" }, to: Name { schema: "public", name: "b" } }
        unused --rename public.a=public.c"#]],
    );
}

#[test]
fn a_table_that_moves_to_another_schema_is_renamed_by_its_path() {
    check(
        &["public.a(x)"],
        &["app.b(x)"],
        &["public.a=app.b"],
        expect![[r#"Table { from: Name { schema: "public", name: "a" }, to: Name { schema: "app", name: "b" } }"#]],
    );
}

#[test]
fn a_rename_reaches_every_place_that_names_the_object() {
    let key = |table: &str, column: &str| {
        let people = Table::new(table).in_schema("app").column(Column::new(column, types::integer()).primary_key());
        let pets = Table::new("pets").column(Column::new("owner", types::integer()).references_as(
            schema::build::ForeignKey::new(["owner"]).references(table, [column]).in_schema("app").name("owner_fk"),
        ));
        schema::build::schema([people.into(), pets.into()]).unwrap()
    };
    let answers = ["app.users=app.people", "app.people.id=app.people.key"].map(|text| Answer::rename(text).unwrap());
    let (previous, next) = (key("users", "id"), key("people", "key"));
    assert_eq!(resolve(&previous, &next, &Answers::new(answers)).previous, next);
}

#[test]
fn an_answer_is_written_as_the_flag_that_gives_it() {
    assert_eq!(Answer::rename("public.a=public.b").unwrap().to_string(), "--rename public.a=public.b");
    assert_eq!(Answer::rename("public.a->public.b").unwrap().to_string(), "--rename public.a=public.b");
    assert_eq!(Answer::rename("public.it's=public.b").unwrap().to_string(), r"--rename 'public.it'\''s=public.b'");
    assert_eq!(Answer::create("public.a b").to_string(), "--create 'public.a b'");
}

#[test]
fn a_rename_without_both_names_is_refused() {
    for text in ["public.a", "public.a=", "=public.b", ""] {
        assert!(Answer::rename(text).is_err(), "{text}");
    }
}

#[test]
fn roles_and_policies_are_asked_about_too() {
    check(
        &["role a", "policy p", "public.t(x, policy p)"],
        &["role b", "policy q", "public.t(x, policy q)"],
        &[],
        expect![[r#"
            is role b new, or was it renamed from a?
              --rename a=b
              --create b
            is policy public.t.q new, or was it renamed from public.t.p?
              --rename public.t.p=public.t.q
              --create public.t.q
            is policy "app"."elsewhere".q new, or was it renamed from "app"."elsewhere".p?
              --rename '"app"."elsewhere".p="app"."elsewhere".q'
              --create '"app"."elsewhere".q'"#]],
    );
    check(
        &["role a", "policy p", "public.t(x, policy p)"],
        &["role b", "policy q", "public.u(x, policy q)"],
        &["a=b", "public.t=public.u", "public.u.p=public.u.q", "\"app\".\"elsewhere\".p=\"app\".\"elsewhere\".q"],
        expect![[r#"
            Role { from: "a", to: "b" }
            Table { from: Name { schema: "public", name: "t" }, to: Name { schema: "public", name: "u" } }
            Policy { table: Name { schema: "public", name: "u" }, from: "p", to: "q" }
            Policy { table: Name { schema: "app", name: "elsewhere" }, from: "p", to: "q" }"#]],
    );
}

#[test]
fn a_prefix_tells_a_policy_from_a_column_and_a_role_from_a_schema() {
    check(
        &["role a", "s.t(x, policy x)"],
        &["role s", "s.t(y, policy y)"],
        &[],
        expect![[r#"
        is role s new, or was it renamed from a?
          --rename role:a=s
          --create role:s
        is column s.t.y new, or was it renamed from s.t.x?
          --rename column:s.t.x=s.t.y
          --create column:s.t.y
        is policy s.t.y new, or was it renamed from s.t.x?
          --rename policy:s.t.x=s.t.y
          --create policy:s.t.y"#]],
    );
}

#[test]
fn a_linked_policy_on_one_table_is_none_on_another() {
    let on = |table: &str, name: &str| schema::build::schema([Policy::new(name).on("app", table).into()]).unwrap();
    let resolved = resolve(&on("a", "p"), &on("b", "q"), &Answers::default());
    assert_eq!((resolved.questions, resolved.renames), (Vec::new(), Vec::new()));
}

#[test]
fn a_linked_policy_is_renamed_by_its_table_with_quotes_and_without() {
    let on = |name: &str| schema::build::schema([Policy::new(name).on("app", "a").into()]).unwrap();
    let renamed = Rename::Policy { table: Name::new("app", "a"), from: "p".into(), to: "q".into() };
    for answer in [r#""app"."a".p="app"."a".q"#, "app.a.p=app.a.q", "policy:app.a.p=app.a.q"] {
        let resolved = resolve(&on("p"), &on("q"), &Answers::new([Answer::rename(answer).unwrap()]));
        assert_eq!((resolved.questions, resolved.renames), (Vec::new(), vec![renamed.clone()]), "{answer}");
    }
}

#[test]
fn a_rename_of_a_role_a_schema_or_a_table_reaches_the_policies() {
    let policed = |role: &str, schema: &str, table: &str| {
        let own = Table::new(table).in_schema(schema).column(Column::new("x", types::text()));
        let own = own.policy(Policy::new("own").to([role]));
        let mut built = schema::build::schema([
            own.into(),
            Role::new(role).into(),
            Policy::new("p").to([role]).on(schema, "t").into(),
        ])
        .unwrap();
        // A snapshot may list the policy of a declared table among the others.
        let mut linked = built.policies["p"].clone();
        linked.link(schema, table);
        built.policies.insert("q".to_owned(), schema::Policy { name: "q".to_owned(), ..linked });
        built
    };
    let answers = ["a=b", "role:r=s", "b.users=b.people"].map(|text| Answer::rename(text).unwrap());
    let (previous, next) = (policed("r", "a", "users"), policed("s", "b", "people"));
    assert_eq!(resolve(&previous, &next, &Answers::new(answers)).previous, next);
}

#[test]
fn names_may_change_places_or_move_on() {
    check(
        &["public.a(x)", "public.b(y)"],
        &["public.a(y)", "public.b(x)"],
        &["public.a=public.b", "public.b=public.a"],
        expect![[r#"
            Table { from: Name { schema: "public", name: "a" }, to: Name { schema: "public", name: "b" } }
            Table { from: Name { schema: "public", name: "b" }, to: Name { schema: "public", name: "a" } }"#]],
    );
    check(
        &["public.a(x)"],
        &["public.a(y)", "public.b(x)"],
        &["public.a=public.b"],
        expect![[r#"Table { from: Name { schema: "public", name: "a" }, to: Name { schema: "public", name: "b" } }"#]],
    );
}

#[test]
fn no_name_is_taken_from_what_keeps_it() {
    check(
        &["public.a(x)", "public.b(y)"],
        &["public.a(x)", "public.b(y)"],
        &["public.a=public.b"],
        expect!["unused --rename public.a=public.b"],
    );
}

#[test]
fn a_function_is_asked_about_among_those_of_its_arguments() {
    check(
        &["function a(integer)", "function a(text)", "function b(uuid)", "procedure p(integer)"],
        &["function c(integer)", "function c(text)", "function d(date)", "procedure q(integer)", "function q(xid)"],
        &[],
        expect![[r#"
            is function public.c(integer) new, or was it renamed from public.a(integer)?
              --rename 'public.a(integer)=public.c(integer)'
              --create 'public.c(integer)'
            is function public.c(text) new, or was it renamed from public.a(text)?
              --rename 'public.a(text)=public.c(text)'
              --create 'public.c(text)'
            is procedure public.q new, or was it renamed from public.p?
              --rename procedure:public.p=public.q
              --create procedure:public.q"#]],
    );
}

#[test]
fn an_answer_without_arguments_means_every_function_of_the_name() {
    check(
        &["function a(integer)", "function a(text)", "procedure a(uuid)"],
        &["function b(integer)", "function b(text)", "procedure b(uuid)"],
        &["function:public.a=public.b", "new procedure:public.b"],
        expect![[r#"
            Function { kind: Function, from: Name { schema: "public", name: "a" }, to: Name { schema: "public", name: "b" }, arguments: ["integer"] }
            Function { kind: Function, from: Name { schema: "public", name: "a" }, to: Name { schema: "public", name: "b" }, arguments: ["text"] }"#]],
    );
    check(
        &["function a(integer)", "function a(text)"],
        &["function b(integer)", "function a(text)"],
        &["public.a=public.b"],
        expect![[
            r#"Function { kind: Function, from: Name { schema: "public", name: "a" }, to: Name { schema: "public", name: "b" }, arguments: ["integer"] }"#
        ]],
    );
}

#[test]
fn types_and_triggers_are_asked_about_too() {
    check(
        &["domain a", "public.users(x)", "trigger t"],
        &["domain b", "public.people(x)", "public.users(x)", "trigger u"],
        &["new public.people"],
        expect![[r#"
            is domain public.b new, or was it renamed from public.a?
              --rename public.a=public.b
              --create public.b
            is trigger public.users.u new, or was it renamed from public.users.t?
              --rename public.users.t=public.users.u
              --create public.users.u"#]],
    );
}

#[test]
fn the_arguments_of_a_function_follow_the_rename_of_a_type() {
    check(
        &["domain a", "function f(a)"],
        &["domain b", "function g(b)"],
        &["domain:public.a=public.b", "public.f=public.g"],
        expect![[r#"
            Domain { from: Name { schema: "public", name: "a" }, to: Name { schema: "public", name: "b" } }
            Function { kind: Function, from: Name { schema: "public", name: "f" }, to: Name { schema: "public", name: "g" }, arguments: ["b"] }"#]],
    );
}

#[test]
fn a_value_of_an_enum_is_renamed_where_an_answer_says_so_and_nobody_asks() {
    let (was, is) = (["enum app.mood(ok, bad, sad)"], ["enum app.mood(ok, worse, so.so)"]);
    check(&was, &is, &[], expect![[""]]);
    check(
        &was,
        &is,
        &["app.mood.sad=app.mood.so.so", "value:app.mood.bad=app.mood.worse"],
        expect![[r#"
        Value { of: Name { schema: "app", name: "mood" }, from: "bad", to: "worse" }
        Value { of: Name { schema: "app", name: "mood" }, from: "sad", to: "so.so" }"#]],
    );
    check(
        &was,
        &["enum app.state(ok, worse, sad)"],
        &["app.mood=app.state", "app.state.bad=app.state.worse"],
        expect![[r#"
            Enum { from: Name { schema: "app", name: "mood" }, to: Name { schema: "app", name: "state" } }
            Value { of: Name { schema: "app", name: "state" }, from: "bad", to: "worse" }"#]],
    );
    check(
        &was,
        &["enum app.mood(bad, ok, x)"],
        &["app.mood.ok=app.mood.bad", "app.mood.ok=app.mood.x"],
        expect![[r#"
        unused --rename app.mood.ok=app.mood.bad
        unused --rename app.mood.ok=app.mood.x"#]],
    );
}
