//! The names that drizzle-kit gives to what is declared without one.
//!
//! They are part of the format: a name derived otherwise would rename every constraint of a
//! team that comes from Drizzle.

/// A unique constraint: `users_email_unique`.
pub fn unique<S: AsRef<str>>(table: &str, columns: &[S]) -> String {
    format!("{table}_{}_unique", join(columns))
}

/// An index: `users_name_email_index`.
pub fn index<S: AsRef<str>>(table: &str, columns: &[S]) -> String {
    format!("{table}_{}_index", join(columns))
}

/// A primary key of several columns: `members_user_id_team_id_pk`.
pub fn primary_key<S: AsRef<str>>(table: &str, columns: &[S]) -> String {
    format!("{table}_{}_pk", join(columns))
}

/// A foreign key: `posts_author_id_users_id_fk`.
pub fn foreign_key<S: AsRef<str>, T: AsRef<str>>(table: &str, columns: &[S], to: &str, columns_to: &[T]) -> String {
    format!("{table}_{}_{to}_{}_fk", join(columns), join(columns_to))
}

/// The sequence of an identity column: `users_id_seq`.
pub fn identity_sequence(table: &str, column: &str) -> String {
    format!("{table}_{column}_seq")
}

fn join<S: AsRef<str>>(columns: &[S]) -> String {
    columns.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("_")
}

/// The longest identifier in bytes: PostgreSQL's `NAMEDATALEN - 1`.
pub const MAX_BYTES: usize = 63;

/// The name that PostgreSQL itself gives to a constraint or sequence: `users_pkey`, `users_id_seq`.
/// Where the whole would be too long, it shortens the longer of table and column first.
pub fn catalog(table: &str, column: Option<&str>, label: &str) -> String {
    let underscores = 1 + usize::from(column.is_some());
    let available = MAX_BYTES - label.len() - underscores;
    let (mut table_bytes, mut column_bytes) = (table.len(), column.map_or(0, str::len));
    while table_bytes + column_bytes > available {
        if table_bytes > column_bytes {
            table_bytes -= 1;
        } else {
            column_bytes -= 1;
        }
    }
    let table = clip(table, table_bytes);
    match column {
        Some(column) => format!("{table}_{}_{label}", clip(column, column_bytes)),
        None => format!("{table}_{label}"),
    }
}

/// The name that PostgreSQL gives to the multirange type of a range type: `int4multirange`, `span_multirange`.
pub fn multirange(range: &str) -> String {
    const LABEL: &str = "_multirange";
    let name = match range.find("range") {
        Some(at) => format!("{}multi{}", &range[..at], &range[at..]),
        None => format!("{}{LABEL}", clip(range, MAX_BYTES - LABEL.len())),
    };
    stored(&name).to_owned()
}

/// The part of a name that PostgreSQL keeps.
pub fn stored(name: &str) -> &str {
    clip(name, MAX_BYTES)
}

/// The longest prefix of at most so many bytes that ends between characters.
fn clip(name: &str, bytes: usize) -> &str {
    &name[..name.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalog_name_is_table_column_and_label() {
        assert_eq!(catalog("users", Some("id"), "seq"), "users_id_seq");
        assert_eq!(catalog("users", None, "pkey"), "users_pkey");
    }

    #[test]
    fn a_catalog_name_that_is_too_long_loses_bytes_of_the_longer_part() {
        let name = catalog(&"t".repeat(70), Some("id"), "seq");
        assert_eq!(name, format!("{}_id_seq", "t".repeat(56)));
        assert_eq!(name.len(), MAX_BYTES);
    }

    #[test]
    fn a_multirange_is_named_after_its_range() {
        assert_eq!(multirange("int4range"), "int4multirange");
        assert_eq!(multirange("span"), "span_multirange");
        assert_eq!(multirange(&"x".repeat(63)), format!("{}_multirange", "x".repeat(52)));
    }

    #[test]
    fn a_name_is_kept_up_to_a_whole_character() {
        assert_eq!(stored("users"), "users");
        assert_eq!(stored(&format!("{}ä", "x".repeat(62))), "x".repeat(62));
        assert_eq!(stored(&"x".repeat(64)), "x".repeat(MAX_BYTES));
    }
}
