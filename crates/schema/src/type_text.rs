//! Types as SQL writes them (`integer`, `app.price[]`, `SETOF "app"."Kind of"`), where a schema or a type that
//! they name gets another name. What is quoted stays so. And expressions, where they name their table.

use std::ops::Range;

use crate::lexer::{self, Kind};
use crate::model::PUBLIC;
use crate::quote;

/// The text with a schema under its new name, if it names the schema, be it that of an operator.
pub fn with_schema(text: &str, from: &str, to: &str) -> Option<String> {
    let tokens: Vec<_> =
        lexer::tokens(text).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment)).collect();
    let is_dot = |token: &lexer::Token| &text[token.range.clone()] == ".";
    let qualifiers = tokens.iter().enumerate().filter(|(at, token)| {
        let is_first = tokens[..*at].last().is_none_or(|before| !is_dot(before));
        token.kind == Kind::Word && is_first && tokens.get(at + 1).is_some_and(is_dot)
    });
    let ranges = qualifiers.map(|(_, token)| token.range.clone());
    let named: Vec<_> = ranges.filter(|range| unquoted(&text[range.clone()]) == from).collect();
    replaced(text, named.into_iter(), |was| styled(was, to))
}

/// The text with a type under its new name, if it names the type. Both are a schema and a bare name.
pub fn with_type(text: &str, from: (&str, &str), to: (&str, &str)) -> Option<String> {
    with_name(text, from, to, |_, _| true)
}

/// An expression with a type under its new name, if it casts to the type.
pub fn with_cast(expression: &str, from: (&str, &str), to: (&str, &str)) -> Option<String> {
    with_name(expression, from, to, |before, _| before.ends_with("::"))
}

/// An expression with a function under its new name, if it calls a function of that name.
pub fn with_call(expression: &str, from: (&str, &str), to: (&str, &str)) -> Option<String> {
    with_name(expression, from, to, |before, after| after.starts_with('(') && !before.ends_with("::"))
}

/// An expression with a collation under its new name, if it sorts by the collation.
pub fn with_collation(expression: &str, from: (&str, &str), to: (&str, &str)) -> Option<String> {
    with_name(expression, from, to, |before, _| {
        let word = before.rsplit(|c| !lexer::is_word(c)).next().unwrap_or_default();
        word.eq_ignore_ascii_case("collate")
    })
}

/// An expression with another value of an enum, where a cast says that it is one of the type.
pub fn with_value(expression: &str, of: (&str, &str), from: &str, to: &str) -> Option<String> {
    let (was, is) = (quote::literal(from), quote::literal(to));
    let names = names(expression);
    let values = names.iter().filter(|name| is_called(expression, name, of)).filter_map(|name| {
        let value = expression[..name.start].trim_end().strip_suffix("::")?.trim_end();
        let before = value.strip_suffix(was.as_str())?;
        // Elsewhere it is the end of a longer literal, or one with escapes.
        let is_whole = !before.ends_with(|c| c == '\'' || lexer::is_word(c));
        is_whole.then_some(before.len()..value.len())
    });
    replaced(expression, values, |_| is.clone())
}

/// The text with another name where `from` stands between texts that `is_meant`.
fn with_name(
    text: &str,
    from: (&str, &str),
    to: (&str, &str),
    is_meant: impl Fn(&str, &str) -> bool,
) -> Option<String> {
    let names = names(text);
    let named = names.iter().filter(|name| is_called(text, name, from)).map(|name| match &name.qualifier {
        Some(qualifier) => qualifier.start..name.range.end,
        None => name.range.clone(),
    });
    let meant = named.filter(|range| is_meant(text[..range.start].trim_end(), text[range.end..].trim_start()));
    replaced(text, meant, |was| {
        let is_bare = to.0 == PUBLIC && !was.contains('.');
        let qualifier = if is_bare { String::new() } else { format!("{}.", styled(was, to.0)) };
        format!("{qualifier}{}", styled(was, to.1))
    })
}

/// The schema and the bare name of a type, or of the elements of an array: `public` where the text names no schema.
pub fn name(text: &str) -> Option<(String, String)> {
    let name = names(text).into_iter().next()?;
    let schema = name.qualifier.map_or_else(|| PUBLIC.to_owned(), |range| unquoted(&text[range]));
    Some((schema, unquoted(&text[name.range])))
}

/// The type in the words in which PostgreSQL prints that of an argument: without a length, each type by its one name,
/// and without a schema where that is `public`.
pub fn canonical(text: &str) -> String {
    let (mut words, mut depth) = (Vec::new(), 0_usize);
    for token in lexer::tokens(text) {
        let part = &text[token.range];
        match token.kind {
            Kind::Sign if part == "(" => depth += 1,
            Kind::Sign if part == ")" => depth = depth.saturating_sub(1),
            Kind::Word if depth == 0 => words.push(quote::ident_if_needed(&unquoted(part)).into_owned()),
            Kind::Sign if depth == 0 => words.push(part.to_owned()),
            _ => {}
        }
    }
    let dimensions = words.iter().rposition(|word| word != "[" && word != "]").map_or(0, |at| at + 1);
    let brackets = words.split_off(dimensions).concat();
    if words.len() > 2 && words[0] == PUBLIC && words[1] == "." {
        words.drain(..2);
    }
    let name = words.join(" ").replace(" . ", ".");
    let name = match name.as_str() {
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "int2" => "smallint",
        "decimal" | "dec" => "numeric",
        "float4" => "real",
        "float8" | "float" => "double precision",
        "bool" => "boolean",
        "varchar" => "character varying",
        "varbit" => "bit varying",
        "char" => "character",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        "timetz" => "time with time zone",
        "time" => "time without time zone",
        // Its fields are no more of the type than a length is.
        name if name.starts_with("interval ") => "interval",
        name => name,
    };
    format!("{name}{brackets}")
}

/// An expression on the columns of one table, which it need not name.
pub fn without_table(expression: &str, table: &str) -> Option<String> {
    let names = names(expression);
    let is_of_table = |name: &&Name| {
        name.qualifier.as_ref().is_some_and(|qualifier| unquoted(&expression[qualifier.clone()]) == table)
    };
    let qualifiers = names.iter().filter(is_of_table).map(|name| name.start..name.range.start);
    replaced(expression, qualifiers, |_| String::new())
}

/// A name, and the one that stands before it with a dot, by where they stand.
struct Name {
    /// Where it begins with all that qualifies it.
    start: usize,
    qualifier: Option<Range<usize>>,
    range: Range<usize>,
}

/// Whether it is the name in that schema: `public` where the text names none.
fn is_called(text: &str, name: &Name, (schema, bare): (&str, &str)) -> bool {
    let qualifier = name.qualifier.as_ref().map(|range| unquoted(&text[range.clone()]));
    qualifier.as_deref().unwrap_or(PUBLIC) == schema && unquoted(&text[name.range.clone()]) == bare
}

fn names(text: &str) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    let mut is_qualified = false;
    for token in lexer::tokens(text) {
        match token.kind {
            Kind::Word if is_qualified => {
                let before = names.pop();
                let start = before.as_ref().map_or(token.range.start, |before| before.start);
                names.push(Name { start, qualifier: before.map(|before| before.range), range: token.range });
                is_qualified = false;
            }
            Kind::Word => names.push(Name { start: token.range.start, qualifier: None, range: token.range }),
            Kind::Sign => is_qualified = &text[token.range] == ".",
            Kind::Literal | Kind::Comment | Kind::Space => {}
        }
    }
    names
}

fn replaced(
    text: &str,
    ranges: impl Iterator<Item = Range<usize>>,
    replacement: impl Fn(&str) -> String,
) -> Option<String> {
    let (mut result, mut end) = (String::new(), 0);
    for range in ranges {
        result.push_str(&text[end..range.start]);
        result.push_str(&replacement(&text[range.clone()]));
        end = range.end;
    }
    (end > 0).then(|| result + &text[end..])
}

/// A name as the one before it was written.
fn styled(was: &str, name: &str) -> String {
    if was.starts_with('"') { quote::ident(name) } else { quote::ident_if_needed(name).into_owned() }
}

/// The name that PostgreSQL reads.
fn unquoted(text: &str) -> String {
    match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').unwrap_or(rest).replace("\"\"", "\""),
        None => text.to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        canonical, name, with_call, with_cast, with_collation, with_schema, with_type, with_value, without_table,
    };

    #[test]
    fn types_that_are_one_have_one_canonical_text() {
        for (one, other) in [
            ("int", "integer"),
            ("INT4[]", "integer[]"),
            ("varchar(20)", "character varying"),
            ("timestamp (3) with time zone", "timestamptz"),
            ("timestamp", "timestamp without time zone"),
            ("\"public\".\"mood\"[]", "mood[]"),
            ("app . Mood", "\"app\".mood"),
            ("double  precision", "float8"),
            ("interval day to second(3)[]", "interval(3)[]"),
            ("varbit(3)", "bit varying"),
        ] {
            assert_eq!(canonical(one), canonical(other), "{one}");
        }
        for (one, other) in [("\"Mood\"", "mood"), ("app.mood", "mood"), ("integer", "integer[]"), ("time", "timetz")] {
            assert_ne!(canonical(one), canonical(other), "{one}");
        }
    }

    #[test]
    fn a_type_has_a_schema_and_a_name() {
        let of = |text| name(text).map(|(schema, name)| format!("{schema}/{name}"));
        assert_eq!(of("Price[]").as_deref(), Some("public/price"));
        assert_eq!(of("app.\"Kind of\"(3)").as_deref(), Some("app/Kind of"));
        assert_eq!(of("double precision").as_deref(), Some("public/double"));
        assert_eq!(of(""), None);
    }

    #[test]
    fn a_schema_is_renamed_where_it_stands_before_a_name() {
        let renamed = |text| with_schema(text, "app", "My app");
        assert_eq!(renamed("app.price[]").as_deref(), Some("\"My app\".price[]"));
        assert_eq!(renamed("SETOF \"app\".\"Kind of\"").as_deref(), Some("SETOF \"My app\".\"Kind of\""));
        assert_eq!(renamed("TABLE (a app.b, c APP.d)").as_deref(), Some("TABLE (a \"My app\".b, c \"My app\".d)"));
        assert_eq!(renamed("app.a.b + a.app.c").as_deref(), Some("\"My app\".a.b + a.app.c"));
        assert_eq!(renamed("OPERATOR(app.&&)").as_deref(), Some("OPERATOR(\"My app\".&&)"));
        assert_eq!(renamed("app"), None);
        assert_eq!(renamed("numeric(5, 2)"), None);
    }

    #[test]
    fn a_column_stands_without_its_table() {
        assert_eq!(without_table("\"a\".\"b\" > 'a.b' AND c.a", "a").as_deref(), Some("\"b\" > 'a.b' AND c.a"));
        assert_eq!(without_table("app.a.b > 0", "a").as_deref(), Some("b > 0"));
        assert_eq!(without_table("b > a", "a"), None);
    }

    #[test]
    fn a_type_is_renamed_and_moved_as_it_is_written() {
        let moved = |text| with_type(text, ("public", "mood"), ("app", "level"));
        assert_eq!(moved("mood[]").as_deref(), Some("app.level[]"));
        assert_eq!(moved("\"public\".\"mood\"").as_deref(), Some("\"app\".\"level\""));
        assert_eq!(moved("app.mood"), None);
        let back = |text| with_type(text, ("app", "level"), ("public", "a mood"));
        assert_eq!(back("app.level").as_deref(), Some("public.\"a mood\""));
        assert_eq!(with_type("\"a\"", ("public", "a"), ("public", "b")).as_deref(), Some("\"b\""));
    }

    #[test]
    fn a_value_is_renamed_where_it_is_cast_to_its_type() {
        let renamed = |text| with_value(text, ("public", "mood"), "bad", "it's bad");
        assert_eq!(
            renamed("a = 'bad'::mood OR a = 'bad' :: public.\"mood\" OR b = 'bad'").as_deref(),
            Some("a = 'it''s bad'::mood OR a = 'it''s bad' :: public.\"mood\" OR b = 'bad'")
        );
        for other in ["'bad'", "'bad'::moods", "'bad'::app.mood", "'so''bad'::mood", "E'bad'::mood", "'{bad}'::mood[]"]
        {
            assert_eq!(renamed(other), None, "{other}");
        }
    }

    #[test]
    fn in_an_expression_a_name_is_told_by_what_stands_beside_it() {
        let (from, to) = (("public", "mood"), ("public", "level"));
        let expression = "mood = 'mood'::mood and mood (mood) and \"mood\"::\"public\".\"mood\" collate mood > ''";
        let [cast, call, sorted] = [with_cast, with_call, with_collation].map(|with| with(expression, from, to));
        assert_eq!(
            cast.as_deref(),
            Some("mood = 'mood'::level and mood (mood) and \"mood\"::\"public\".\"level\" collate mood > ''")
        );
        assert_eq!(
            call.as_deref(),
            Some("mood = 'mood'::mood and level (mood) and \"mood\"::\"public\".\"mood\" collate mood > ''")
        );
        assert_eq!(
            sorted.as_deref(),
            Some("mood = 'mood'::mood and mood (mood) and \"mood\"::\"public\".\"mood\" collate level > ''")
        );
        assert_eq!(with_call("1::mood(3)", from, to), None);
        assert_eq!(with_call("app.mood(3)", from, to), None);
    }
}
