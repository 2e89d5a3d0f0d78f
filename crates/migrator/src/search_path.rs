//! Where unqualified names lead during a migration.

use tokio_postgres::Client;

use crate::database_error::DatabaseError;

/// `public` first, where Drizzle's unqualified names belong, and behind it what the role or database has, as a schema of
/// extensions, whether it is there yet or not; the role's own schema is left out.
const NAMES: &str = r#"SELECT concat_ws(', ', 'public', string_agg(quote_ident(name), ', ' ORDER BY number)) FROM (
    SELECT coalesce(replace(part[1], '""', '"'), lower(part[2])) AS name, number
    FROM regexp_matches(current_setting('search_path'), '"((?:[^"]|"")+)"|([^",[:space:]]+)', 'g')
        WITH ORDINALITY AS parts (part, number)
) AS names WHERE name NOT IN ('public', '$user', current_user::text)"#;

/// What `search_path` is during the migrations of a run.
#[derive(Clone, Debug)]
pub(crate) struct SearchPath {
    /// The quoted names.
    names: String,
}

impl SearchPath {
    /// Asks a session that has its first settings: those to which `RESET ALL` goes back.
    pub(crate) async fn of(client: &Client) -> Result<Self, DatabaseError> {
        Ok(Self { names: client.query_typed_one(NAMES, &[]).await?.try_get(0)? })
    }

    /// The statement that gives it to the session.
    pub(crate) fn setting(&self) -> String {
        format!("SET search_path = {}", self.names)
    }
}
