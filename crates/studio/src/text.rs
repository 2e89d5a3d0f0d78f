//! Values as texts. Every value goes to PostgreSQL and comes from it in its own text form, so that each of its types,
//! also those that somebody will make tomorrow, is shown and taken as PostgreSQL prints and reads it.

use std::error::Error as StdError;

use sea_query::{PostgresQueryBuilder, QueryStatementWriter, Value, Values};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Error, Row};

/// A bound parameter of any type, by its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) Option<String>);

impl ToSql for Text {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match &self.0 {
            None => Ok(IsNull::Yes),
            Some(text) => {
                out.extend_from_slice(text.as_bytes());
                Ok(IsNull::No)
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

/// A statement that sea-query built, with its parameters.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) sql: String,
    values: Vec<Text>,
}

impl Built {
    pub(crate) fn new((sql, values): (String, Values)) -> Self {
        Self { sql, values: values.into_iter().map(text).collect() }
    }

    pub(crate) fn of(statement: &impl QueryStatementWriter) -> Self {
        Self::new(statement.build(PostgresQueryBuilder))
    }

    pub(crate) fn parameters(&self) -> Vec<&(dyn ToSql + Sync)> {
        parameters(&self.values)
    }

    pub(crate) async fn rows(&self, client: &Client) -> Result<Vec<Row>, Error> {
        client.query(&self.sql, &self.parameters()).await
    }

    pub(crate) async fn execute(&self, client: &Client) -> Result<u64, Error> {
        client.execute(&self.sql, &self.parameters()).await
    }
}

/// Texts as the driver takes parameters.
pub(crate) fn parameters(texts: &[Text]) -> Vec<&(dyn ToSql + Sync)> {
    texts.iter().map(|text| text as _).collect()
}

fn text(value: Value) -> Text {
    match value {
        Value::String(text) => Text(text),
        Value::Int(number) => Text(number.map(|number| number.to_string())),
        Value::BigUnsigned(number) => Text(number.map(|number| number.to_string())),
        other => unreachable!("statements are built of texts, lengths and limits, not of {other:?}"),
    }
}
