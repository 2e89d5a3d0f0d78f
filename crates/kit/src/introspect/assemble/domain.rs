use schema::quote::ident_if_needed;
use schema::{Check, Domain};

use super::{Notes, collation, expression, named, path};
use crate::introspect::rows::DomainRow;

pub(super) fn domain(row: DomainRow, notes: &mut Notes) -> Domain {
    for check in &row.not_valid {
        notes.add("NOT VALID", format!("{} on {}", ident_if_needed(check), path(&row.schema, &row.name)));
    }
    let checks = row.check_names.into_iter().zip(row.check_values);
    let checks = checks.map(|(name, sql)| Check { name, value: expression::without_parentheses(&sql).to_owned() });
    Domain {
        name: row.name,
        schema: row.schema,
        base: row.base,
        collation: collation::name(row.collation_schema.as_deref(), row.collation),
        default: row.default_value,
        not_null: row.not_null,
        check_constraints: named(checks, |check| &check.name),
    }
}
