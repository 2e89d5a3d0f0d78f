//! Asks the queries. The one place here that talks to the server while a schema is read.

use tokio::try_join;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Row, Transaction};

use super::error::Error;
use super::filter::Filter;
use super::rows::{
    CollationRow, ColumnRow, CommentRow, CompositeRow, ConstraintRow, DomainRow, EnumRow, ExtensionRow, FunctionRow,
    IndexRow, NotModelledRow, PolicyRow, RangeRow, RelationRow, RoleRow, SchemaRow, SequenceRow, ServerRow,
    StatisticsRow, TriggerRow,
};

/// The oldest version whose catalog has what the queries ask.
const OLDEST: i32 = 140_000;

/// What decides how PostgreSQL prints names, constants and expressions. Names in `public` stand without their schema,
/// as in a migration, and all others but those of the system with it. And joins are made in the order in which the queries
/// have them: to look for a better one takes longer than a small catalog takes to read.
pub(super) const SETTINGS: &str = "SET LOCAL search_path = public, pg_temp; SET LOCAL TimeZone = 'UTC'; \
     SET LOCAL DateStyle = 'ISO, MDY'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL bytea_output = 'hex'; \
     SET LOCAL xmloption = 'content'; SET LOCAL lc_monetary = 'C'; SET LOCAL extra_float_digits = 1; \
     SET LOCAL quote_all_identifiers = off; SET LOCAL standard_conforming_strings = on; SET LOCAL jit = off; \
     SET LOCAL join_collapse_limit = 1";

/// The rows of every query.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) roles: Vec<RoleRow>,
    pub(super) schemas: Vec<SchemaRow>,
    pub(super) relations: Vec<RelationRow>,
    pub(super) columns: Vec<ColumnRow>,
    pub(super) constraints: Vec<ConstraintRow>,
    pub(super) indexes: Vec<IndexRow>,
    pub(super) policies: Vec<PolicyRow>,
    pub(super) sequences: Vec<SequenceRow>,
    pub(super) enums: Vec<EnumRow>,
    pub(super) objects: ObjectRows,
    pub(super) not_modelled: Vec<NotModelledRow>,
}

/// The rows of what no snapshot holds.
#[derive(Debug, Default)]
pub(super) struct ObjectRows {
    pub(super) extensions: Vec<ExtensionRow>,
    pub(super) collations: Vec<CollationRow>,
    pub(super) domains: Vec<DomainRow>,
    pub(super) composites: Vec<CompositeRow>,
    pub(super) ranges: Vec<RangeRow>,
    pub(super) functions: Vec<FunctionRow>,
    pub(super) triggers: Vec<TriggerRow>,
    pub(super) statistics: Vec<StatisticsRow>,
    pub(super) comments: Vec<CommentRow>,
}

/// The oids of what the filter lets in. Relations are chosen first, so that nothing is asked of the others.
struct Chosen {
    schemas: Vec<u32>,
    owners: Vec<u32>,
    relations: Vec<u32>,
}

/// Asks the query of a file, each of whose parameters is a list of oids.
macro_rules! ask {
    ($queries:ident, $operation:literal, $file:literal $(, $oids:expr)*) => {
        async {
            $queries.rows($operation, include_str!(concat!("queries/", $file, ".sql")), &[$(&$oids),*]).await
        }
    };
}

impl Catalog {
    /// Reads what the filter lets in. Queries that do not wait for one another's rows go out together: the server works
    /// on the next while the rows of one are read, and a server far away is waited for once.
    pub(super) async fn read(transaction: &Transaction<'_>, filter: &Filter) -> Result<Self, Error> {
        let queries = Queries { transaction };
        let ((), (), roles, mut schemas) = try_join!(
            biased;
            async { transaction.batch_execute(SETTINGS).await.map_err(Error::query("begin reading the database")) },
            queries.refuse_old_server(),
            ask!(queries, "read the roles", "roles"),
            ask!(queries, "read the schemas", "schemas"),
        )?;
        let roles: Vec<RoleRow> = roles;
        let owners = roles.iter().filter(|role| filter.owners.take(&role.name)).map(|role| role.oid).collect();
        schemas.retain(|schema: &SchemaRow| filter.schemas.take(&schema.name));
        let namespaces = schemas.iter().map(|schema| schema.oid).collect();
        let mut relations: Vec<RelationRow> =
            ask!(queries, "read the tables and views", "relations", namespaces, owners).await?;
        relations.retain(|relation| {
            filter.tables.take(&relation.name) && !filter.ledger.has(&relation.schema, &relation.name)
        });
        let oids = relations.iter().map(|relation| relation.oid).collect();
        let chosen = Chosen { schemas: namespaces, owners, relations: oids };
        let Chosen { schemas: namespaces, owners, relations: oids } = &chosen;
        let (columns, constraints, indexes, policies, sequences, enums, objects, not_modelled) = try_join!(
            biased;
            ask!(queries, "read the columns", "columns", oids),
            ask!(queries, "read the constraints", "constraints", oids),
            ask!(queries, "read the indexes", "indexes", oids),
            ask!(queries, "read the policies", "policies", owners),
            ask!(queries, "read the sequences", "sequences", namespaces, owners),
            ask!(queries, "read the enums", "enums", namespaces, owners),
            ObjectRows::read(&queries, &chosen),
            ask!(queries, "read what a schema cannot say", "not_modelled", namespaces, owners, oids),
        )?;
        Ok(Catalog {
            roles,
            schemas,
            relations,
            columns,
            constraints,
            indexes,
            policies,
            sequences,
            enums,
            objects,
            not_modelled,
        })
    }
}

impl ObjectRows {
    async fn read(queries: &Queries<'_>, chosen: &Chosen) -> Result<Self, Error> {
        let Chosen { schemas, owners, relations } = chosen;
        let (extensions, collations, domains, composites, ranges, functions, triggers, statistics, comments) = try_join!(
            biased;
            ask!(queries, "read the extensions", "extensions", owners),
            ask!(queries, "read the collations", "collations", schemas, owners),
            ask!(queries, "read the domains", "domains", schemas, owners),
            ask!(queries, "read the composite types", "composites", schemas, owners),
            ask!(queries, "read the range types", "ranges", schemas, owners),
            ask!(queries, "read the functions", "functions", schemas, owners),
            ask!(queries, "read the triggers", "triggers", relations),
            ask!(queries, "read the extended statistics", "statistics", schemas, relations),
            ask!(queries, "read the comments", "comments", schemas, owners, relations),
        )?;
        Ok(ObjectRows {
            extensions,
            collations,
            domains,
            composites,
            ranges,
            functions,
            triggers,
            statistics,
            comments,
        })
    }
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
