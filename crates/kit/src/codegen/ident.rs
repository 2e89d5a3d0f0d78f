//! Names of the database as identifiers of Rust.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use unicode_ident::{is_xid_continue, is_xid_start};

use super::words::singular;

/// The words that are identifiers only as `r#word`.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
/// The words that are no identifier at all.
const NEVER: &[&str] = &["self", "Self", "super", "crate", "_", ""];

/// A name in snake_case that Rust takes as an identifier, without the `r#` that it may need; `otherwise` where no
/// letter is left.
pub(super) fn snake(name: &str, otherwise: &str) -> String {
    let is_snake = |c: char| is_xid_continue(c) && !c.is_uppercase();
    // What is in snake_case keeps its underscores, but for two within the name, of which the compiler warns.
    let is_snake = name.chars().all(is_snake) && !name.trim_matches('_').contains("__");
    let word = if is_snake { name.to_owned() } else { words(name).to_snake_case() };
    let word = if word.chars().all(|c| c == '_') { otherwise.to_owned() } else { word };
    let word = if word.starts_with(|c| is_xid_start(c) || c == '_') { word } else { format!("_{word}") };
    if NEVER.contains(&word.as_str()) { format!("{word}_") } else { word }
}

/// A name in CamelCase; `prefix` begins one that would begin with a digit, or with nothing.
pub(super) fn camel(name: &str, prefix: &str) -> String {
    let name = words(name).to_upper_camel_case();
    let name = if name.starts_with(is_xid_start) { name } else { format!("{prefix}{name}") };
    if NEVER.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// The CamelCase singular of a table's name: only its last word is put into the singular.
pub(super) fn camel_singular(name: &str, prefix: &str) -> String {
    let snake = words(name).to_snake_case();
    let (rest, last) = snake.rsplit_once('_').map_or((None, snake.as_str()), |(rest, last)| (Some(rest), last));
    let last = singular(last);
    camel(&rest.map_or_else(|| last.clone(), |rest| format!("{rest}_{last}")), prefix)
}

/// An identifier with the `r#` that it needs.
pub(super) fn raw(ident: &str) -> String {
    if KEYWORDS.contains(&ident) { format!("r#{ident}") } else { ident.to_owned() }
}

/// Whether an identifier is read as the name itself, and by every tool that reads it: letters of ASCII are not brought
/// into another form.
pub(super) fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// What cannot stand in an identifier as the end of a word.
fn words(name: &str) -> String {
    name.chars().map(|c| if is_xid_continue(c) { c } else { ' ' }).collect()
}

/// The first of the candidates that is free, else the last with a number, which `separator` parts from it.
pub(super) fn first_free(candidates: &[String], separator: &str, is_free: impl Fn(&str) -> bool) -> String {
    let numbered =
        candidates.last().into_iter().flat_map(|last| (2..).map(move |number| format!("{last}{separator}{number}")));
    let found = candidates.iter().cloned().chain(numbered).find(|name| is_free(name));
    found.expect("numbers do not end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_a_field_in_snake_case() {
        for (column, field) in [
            ("email", "email"),
            ("userId", "user_id"),
            ("ID", "id"),
            ("first name", "first_name"),
            ("a__b", "a_b"),
            ("__a_", "__a_"),
            ("_id", "_id"),
            ("1st", "_1st"),
            ("größe", "größe"),
            ("self", "self_"),
            ("*", "column_1"),
            ("_", "column_1"),
            ("x²", "x"),
        ] {
            assert_eq!(snake(column, "column_1"), field, "{column}");
        }
        assert_eq!(raw("type"), "r#type");
    }

    #[test]
    fn a_table_is_a_struct_in_camel_case() {
        for (table, name) in [
            ("users", "User"),
            ("user_addresses", "UserAddress"),
            ("OrderItems", "OrderItem"),
            ("2024_sales", "Table2024Sale"),
            ("!!", "Table"),
            ("selves", "Self_"),
            ("order-lines", "OrderLine"),
        ] {
            assert_eq!(camel_singular(table, "Table"), name);
        }
    }

    #[test]
    fn a_taken_name_is_followed_by_the_next_candidate_and_then_by_numbers() {
        let candidates = ["User".to_owned(), "AuthUser".to_owned()];
        assert_eq!(first_free(&candidates, "", |_| true), "User");
        assert_eq!(first_free(&candidates, "", |name| name != "User"), "AuthUser");
        assert_eq!(first_free(&candidates, "", |name| !name.ends_with("User")), "AuthUser2");
    }
}
