use devdb::test::{Database, RoundTrips};
use kit::introspect::{Filter, read};

/// The round trips that it takes to read so many tables.
async fn round_trips(tables: usize) -> usize {
    let database = Database::empty().await.unwrap();
    let client = database.connect().await.unwrap();
    for number in 0..tables {
        let table = format!("CREATE TABLE t{number} (id serial PRIMARY KEY, name text CHECK (name <> ''))");
        client.batch_execute(&table).await.unwrap();
        client.batch_execute(&format!("CREATE INDEX ON t{number} (lower(name))")).await.unwrap();
    }
    let counted = RoundTrips::before(&database).unwrap();
    let found = read(&mut counted.connect().await.unwrap(), &Filter::default()).await.unwrap();
    assert_eq!(found.schema.tables.len(), tables);
    counted.count()
}

#[tokio::test]
async fn a_hundred_tables_take_as_many_round_trips_as_one() {
    let one = round_trips(1).await;
    assert_eq!(round_trips(100).await, one);
    assert!(one <= 5, "{one} round trips");
}
