//! Asks the queries. The one place here that talks to the server while a schema is read.

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Row, Transaction};

use super::error::Error;
use super::filter::{Filter, Roles};
use super::rows::{
    ColumnRow, ConstraintRow, EnumRow, IndexRow, NotModelledRow, PolicyRow, RelationRow, RoleRow, SchemaRow,
    SequenceRow, ServerRow,
};

/// The oldest version whose catalog has what the queries ask.
const OLDEST: i32 = 140_000;

/// What decides how PostgreSQL prints names, constants and expressions. Names in `public` stand without their schema,
/// as in a migration, and all others but those of the system with it.
pub(super) const SETTINGS: &str = "SET LOCAL search_path = public, pg_temp; SET LOCAL TimeZone = 'UTC'; \
     SET LOCAL DateStyle = 'ISO, MDY'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL bytea_output = 'hex'; \
     SET LOCAL xmloption = 'content'; SET LOCAL lc_monetary = 'C'; SET LOCAL extra_float_digits = 1; \
     SET LOCAL quote_all_identifiers = off; SET LOCAL standard_conforming_strings = on; SET LOCAL jit = off";

/// The rows of every query.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) schemas: Vec<SchemaRow>,
    pub(super) relations: Vec<RelationRow>,
    pub(super) columns: Vec<ColumnRow>,
    pub(super) constraints: Vec<ConstraintRow>,
    pub(super) indexes: Vec<IndexRow>,
    pub(super) sequences: Vec<SequenceRow>,
    pub(super) enums: Vec<EnumRow>,
    pub(super) policies: Vec<PolicyRow>,
    pub(super) roles: Vec<RoleRow>,
    pub(super) not_modelled: Vec<NotModelledRow>,
}

impl Catalog {
    /// Reads what the filter lets in. Relations are chosen first, so that nothing is asked of the others.
    pub(super) async fn read(transaction: &Transaction<'_>, filter: &Filter) -> Result<Self, Error> {
        transaction.batch_execute(SETTINGS).await.map_err(Error::query("begin reading the database"))?;
        let queries = Queries { transaction };
        queries.refuse_old_server().await?;
        let mut schemas: Vec<SchemaRow> =
            queries.rows("read the schemas", include_str!("queries/schemas.sql"), &[]).await?;
        schemas.retain(|schema| filter.schemas.take(&schema.name));
        let namespaces: Vec<u32> = schemas.iter().map(|schema| schema.oid).collect();
        let mut relations: Vec<RelationRow> =
            queries.rows("read the tables and views", include_str!("queries/relations.sql"), &[&namespaces]).await?;
        relations.retain(|relation| filter.tables.take(&relation.name) && !is_ledger(relation, filter));
        let tables: Vec<u32> = relations.iter().map(|relation| relation.oid).collect();
        Ok(Catalog {
            columns: queries.rows("read the columns", include_str!("queries/columns.sql"), &[&tables]).await?,
            constraints: queries
                .rows("read the constraints", include_str!("queries/constraints.sql"), &[&tables])
                .await?,
            indexes: queries.rows("read the indexes", include_str!("queries/indexes.sql"), &[&tables]).await?,
            policies: queries.rows("read the policies", include_str!("queries/policies.sql"), &[&tables]).await?,
            sequences: queries
                .rows("read the sequences", include_str!("queries/sequences.sql"), &[&namespaces])
                .await?,
            enums: queries.rows("read the enums", include_str!("queries/enums.sql"), &[&namespaces]).await?,
            roles: queries.roles(filter).await?,
            not_modelled: queries
                .rows(
                    "read what a schema cannot say",
                    include_str!("queries/not_modelled.sql"),
                    &[&namespaces, &tables],
                )
                .await?,
            schemas,
            relations,
        })
    }
}

fn is_ledger(relation: &RelationRow, filter: &Filter) -> bool {
    relation.schema == filter.ledger.schema && relation.name == filter.ledger.table
}

struct Queries<'a> {
    transaction: &'a Transaction<'a>,
}

impl Queries<'_> {
    async fn refuse_old_server(&self) -> Result<(), Error> {
        let rows: Vec<ServerRow> =
            self.rows("ask for the server's version", include_str!("queries/server.sql"), &[]).await?;
        let too_old = rows.into_iter().find(|server| server.number < OLDEST);
        too_old.map_or(Ok(()), |server| Err(Error::Version { found: server.version }))
    }

    async fn roles(&self, filter: &Filter) -> Result<Vec<RoleRow>, Error> {
        let Roles::Matching(patterns) = &filter.roles else { return Ok(Vec::new()) };
        let mut roles: Vec<RoleRow> = self.rows("read the roles", include_str!("queries/roles.sql"), &[]).await?;
        roles.retain(|role| patterns.take(&role.name));
        Ok(roles)
    }

    /// One query in one round trip: the types of the parameters are known, so nothing is prepared before.
    async fn rows<T>(&self, operation: &'static str, query: &str, oids: &[&Vec<u32>]) -> Result<Vec<T>, Error>
    where
        T: for<'row> TryFrom<&'row Row, Error = tokio_postgres::Error>,
    {
        let parameters: Vec<(&(dyn ToSql + Sync), Type)> =
            oids.iter().map(|oids| (*oids as &(dyn ToSql + Sync), Type::OID_ARRAY)).collect();
        let rows = self.transaction.query_typed(query, &parameters).await.map_err(Error::query(operation))?;
        rows.iter().map(T::try_from).collect::<Result<_, _>>().map_err(Error::query(operation))
    }
}
