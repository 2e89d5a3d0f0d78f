//! The rows of the catalog queries, as plain values.

use tokio_postgres::{Error, Row};

pub(super) use self::objects::{
    CollationRow, CommentRow, CompositeRow, DomainRow, ExtensionRow, FunctionRow, NotModelledRow, RangeRow,
    StatisticsRow, TriggerRow,
};

/// A struct whose fields are the columns of a query, by name.
macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default)]
        pub(in crate::introspect) struct $name {
            $($(#[$field_doc])* pub(in crate::introspect) $field: $type,)+
        }

        impl TryFrom<&Row> for $name {
            type Error = Error;

            fn try_from(row: &Row) -> Result<Self, Error> {
                Ok($name { $($field: row.try_get(stringify!($field))?,)+ })
            }
        }
    )+};
}

mod objects;

rows! {
    /// The version of the server.
    ServerRow {
        number: i32,
        version: String,
    }

    /// A schema (namespace).
    SchemaRow {
        oid: u32,
        name: String,
    }

    /// A table, partition, view, materialized view or foreign table.
    RelationRow {
        oid: u32,
        schema: String,
        name: String,
        /// `r` table, `p` partitioned table, `v` view, `m` materialized view, `f` foreign table.
        kind: String,
        has_row_security: bool,
        has_forced_row_security: bool,
        is_unlogged: bool,
        is_populated: bool,
        access_method: Option<String>,
        tablespace: Option<String>,
        /// `name=value`.
        options: Vec<String>,
        definition: Option<String>,
        /// The schema of the table that it is a partition of.
        parent_schema: Option<String>,
        parent: Option<String>,
        bounds: Option<String>,
        /// `r` range, `l` list, `h` hash.
        key_strategy: Option<String>,
        key_definition: Option<String>,
        /// A name for each part of the key that is a column.
        key_columns: Vec<Option<String>>,
        /// What it has and no schema can say.
        extras: Vec<String>,
    }

    /// A column of a relation.
    ColumnRow {
        relation: u32,
        name: String,
        number: i16,
        sql_type: String,
        dimensions: i32,
        enum_schema: Option<String>,
        enum_name: Option<String>,
        not_null: bool,
        /// `a` always, `d` by default, or empty.
        identity: String,
        /// `s` stored, `v` virtual, or empty.
        generated: String,
        /// The default, or what a generated column is computed from.
        expression: Option<String>,
        collation_schema: Option<String>,
        collation: Option<String>,
        /// `p` plain, `e` external, `x` extended, `m` main.
        storage: Option<String>,
        compression: Option<String>,
        extras: Vec<String>,
    }

    /// A key or check constraint.
    ConstraintRow {
        relation: u32,
        name: String,
        /// `p` primary key, `u` unique, `f` foreign key, `c` check.
        kind: String,
        columns: Vec<String>,
        schema_to: Option<String>,
        table_to: Option<String>,
        columns_to: Vec<String>,
        /// `a` no action, `r` restrict, `c` cascade, `n` set null, `d` set default.
        on_delete: String,
        on_update: String,
        condition: Option<String>,
        nulls_not_distinct: bool,
        /// The columns that the index of a key holds beside them.
        include: Vec<String>,
        is_deferrable: bool,
        is_deferred: bool,
        is_match_full: bool,
        is_no_inherit: bool,
        extras: Vec<String>,
    }

    /// One key of an index, with what there is to say of the whole.
    IndexRow {
        relation: u32,
        name: String,
        method: String,
        is_unique: bool,
        parameters: Vec<String>,
        predicate: Option<String>,
        column_name: Option<String>,
        expression: Option<String>,
        is_descending: bool,
        has_nulls_first: bool,
        class_schema: String,
        class: String,
        is_default_class: bool,
        class_parameters: Vec<String>,
        collation_schema: Option<String>,
        collation: Option<String>,
        /// Of an exclusion constraint.
        operator: Option<String>,
        is_deferrable: Option<bool>,
        is_deferred: Option<bool>,
        /// The columns that it holds beside its keys.
        include: Vec<String>,
        nulls_not_distinct: bool,
        extras: Vec<String>,
    }

    /// A sequence, whoever it belongs to.
    SequenceRow {
        schema: String,
        name: String,
        sql_type: String,
        increment: String,
        start: String,
        min: String,
        max: String,
        cache: String,
        cycles: bool,
        is_unlogged: bool,
        owner: Option<u32>,
        owner_column: Option<i16>,
        /// `a` by OWNED BY, `i` as an identity.
        ownership: Option<String>,
    }

    /// An enum.
    EnumRow {
        schema: String,
        name: String,
        labels: Vec<String>,
    }

    /// A policy.
    PolicyRow {
        relation: u32,
        schema: String,
        table_name: String,
        name: String,
        is_permissive: bool,
        /// `*` all, `r` select, `a` insert, `w` update, `d` delete.
        command: String,
        roles: Vec<String>,
        using_expression: Option<String>,
        with_check: Option<String>,
    }

    /// A role.
    RoleRow {
        oid: u32,
        name: String,
        create_db: bool,
        create_role: bool,
        inherit: bool,
        is_manageable: bool,
    }

    /// What expressions may call and a schema cannot say.
    UnmodelledRow {
        schema: Option<String>,
        /// The whole statement.
        definition: String,
    }
}
