use super::*;

fn split(text: &str) -> Vec<&str> {
    statements(text).into_iter().map(|statement| &text[statement.range]).collect()
}

#[test]
fn a_semicolon_ends_a_statement() {
    assert_eq!(split("SELECT 1; SELECT 2;\n"), ["SELECT 1;", "SELECT 2;"]);
    assert_eq!(split("SELECT 1;;; SELECT 2"), ["SELECT 1;", "SELECT 2"]);
    assert!(split(" ; -- nothing\n").is_empty());
}

#[test]
fn a_semicolon_in_a_literal_a_name_or_a_comment_ends_nothing() {
    for text in [
        "SELECT ';'",
        "SELECT 'it''s; so'",
        r"SELECT E'it\'s; so'",
        r"SELECT 'a\' , ';'",
        r#"SELECT ";""#,
        r#"SELECT "a"";""#,
        "SELECT $$;$$",
        "SELECT $a$ $$;$$ ; $a$",
        "SELECT /* ; /* ; */ ; */ 1",
        "SELECT 1 -- ;\n, 2",
        "SELECT U&';'",
    ] {
        assert_eq!(split(text), [text]);
    }
}

#[test]
fn a_semicolon_in_parentheses_or_in_the_body_of_a_function_ends_nothing() {
    let rule = "CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; DELETE FROM b);";
    let function = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END;";
    let block = "DO $do$ BEGIN PERFORM 1; END $do$;";
    assert_eq!(split(&format!("{rule}\n{function}\n{block}\nSELECT 1;")), [rule, function, block, "SELECT 1;"]);
}

#[test]
fn what_is_opened_and_never_closed_goes_on_to_the_end() {
    for text in ["SELECT 'a; SELECT 1;", "SELECT \"a; SELECT 1;", "SELECT /* a; SELECT 1;", "SELECT $$a; SELECT 1;"] {
        assert_eq!(split(text), [text]);
    }
}

#[test]
fn a_no_break_space_is_part_of_a_name() {
    for text in ["\u{a0}", "SELECT a\u{a0}"] {
        assert_eq!(split(&format!("\n{text}\n")), [text]);
        assert_eq!(crate::commands(text).len(), 1);
    }
}

#[test]
fn keywords_are_read_whatever_their_case_and_what_stands_between_them() {
    let statements = statements("create -- a\n /* b */ Unique\tINDEX \"index\" ON t");
    let mut words = statements[0].words();
    assert!(!words.eat("CREATE INDEX"));
    assert!(words.eat("CREATE UNIQUE INDEX"));
    assert!(!words.eat("INDEX"), "a quoted name is no keyword");
    assert_eq!(words.name().as_deref(), Some("\"index\""));
}

#[test]
fn a_name_is_read_with_its_qualifiers() {
    let name = |text: &str| statements(text)[0].words().name();
    assert_eq!(name("app . \"My Table\" (id)").as_deref(), Some("app.\"My Table\""));
    assert_eq!(name("users").as_deref(), Some("users"));
    assert_eq!(name("(id)"), None);
    assert_eq!(name("U&\"d!0061ta\" UESCAPE '!'"), None);
}

#[test]
fn a_value_is_found_in_literals_arrays_and_code_and_nowhere_else() {
    let has = |text: &str| statements(text)[0].has_literal("new");
    for text in [
        "UPDATE t SET a = 'new'",
        "UPDATE t SET a = E'new'",
        "ALTER TABLE t ALTER a SET DEFAULT '{old,new}'",
        "ALTER TABLE t ALTER a SET DEFAULT '{\"new\"}'::status[]",
        "DO $$ BEGIN UPDATE t SET a = 'new'; END $$",
        "DO $x$ BEGIN EXECUTE 'UPDATE t SET a = ''new'''; END $x$",
    ] {
        assert!(has(text), "{text}");
    }
    for text in ["UPDATE new SET new = 'old'", "SELECT 'a new one'", "SELECT 1 -- 'new'", "SELECT 'newer'"] {
        assert!(!has(text), "{text}");
    }
}
