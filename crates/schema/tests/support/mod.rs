//! Where these tests find PostgreSQL.

use devdb::test::Database;
use tokio_postgres::Client;

/// A session in an empty database, which is there as long as the first value is.
pub(crate) async fn database() -> (Database, Client) {
    let database = Database::empty().await.expect("a server for tests is found or started");
    let client = database.connect().await.expect("a new database answers");
    (database, client)
}
