//! Extensions, collations, domains, composite and range types by their builders.

use schema::{Attribute, Collation, CollationProvider, Composite, Domain, Extension, Range};

use super::super::additions::collation_name;
use super::super::chain::Chain;
use super::{in_schema, sql_type};

pub(super) fn extension(extension: &Extension) -> Chain {
    let Extension { name, schema, version } = extension;
    Chain::new("build::Extension::new", [name.into()])
        .some("in_schema", schema.as_ref())
        .some("version", version.as_ref())
}

pub(super) fn collation(collation: &Collation) -> Chain {
    let Collation { name, schema, provider, locale, is_nondeterministic } = collation;
    in_schema(Chain::new("build::Collation::new", [name.into(), locale.into()]), schema)
        .flag("icu", *provider == CollationProvider::Icu)
        .flag("nondeterministic", *is_nondeterministic)
}

pub(super) fn domain(domain: &Domain) -> Chain {
    let Domain { name, schema, base, collation, default, not_null, check_constraints } = domain;
    let mut chain = in_schema(Chain::new("build::Domain::new", [name.into(), sql_type(base)]), schema);
    if let Some(collation) = collation {
        chain = chain.with("collate", collation_name(collation));
    }
    chain = chain.some("default_sql", default.as_ref()).flag("not_null", *not_null);
    let checks = check_constraints.values();
    checks.fold(chain, |chain, check| chain.call("check", [(&check.name).into(), (&check.value).into()]))
}

pub(super) fn composite(composite: &Composite) -> Chain {
    let Composite { name, schema, attributes } = composite;
    let chain = in_schema(Chain::new("build::Composite::new", [name.into()]), schema);
    attributes.values().fold(chain, |chain, Attribute { name, sql_type: declared, collation }| {
        let chain = chain.call("attribute", [name.into(), sql_type(declared)]);
        match collation {
            Some(collation) => chain.with("collate", collation_name(collation)),
            None => chain,
        }
    })
}

pub(super) fn range(range: &Range) -> Chain {
    let Range { name, schema, subtype, subtype_opclass, collation, subtype_diff, multirange } = range;
    let mut chain = in_schema(Chain::new("build::Range::new", [name.into(), sql_type(subtype)]), schema);
    chain = chain.some("operator_class", subtype_opclass.as_ref());
    if let Some(collation) = collation {
        chain = chain.with("collate", collation_name(collation));
    }
    chain.some("difference", subtype_diff.as_ref()).some("multirange", multirange.as_ref())
}
