//! Domains over other domains. A value of a domain is one of the type below it, and so it converts like one; and
//! PostgreSQL makes a domain with a copy of the default below it, which stays as it was copied.

use std::borrow::Cow;

use schema::mentions::Mentions;
use schema::{Column, Domain, Map, Schema, type_text};

use crate::plan::casts::{self, Conversion};
use crate::step::Name;

/// The domains before and after, each with the type below it.
pub(crate) struct Domains {
    previous: Vec<(Name, String)>,
    next: Vec<(Name, String)>,
}

impl Domains {
    pub(crate) fn new(previous: &Schema, next: &Schema) -> Self {
        let of = |domains: &Map<Domain>| {
            domains.values().map(|domain| (Name::new(&domain.schema, &domain.name), domain.base.clone())).collect()
        };
        Domains { previous: of(&previous.objects.domains), next: of(&next.objects.domains) }
    }

    /// How the values of `previous` become values of the type of `next`.
    pub(crate) fn conversion(&self, previous: &Column, next: &Column) -> Conversion {
        casts::conversion(&below(previous, &self.previous), &below(next, &self.next))
    }
}

/// The column with the type below its domain, if it has one. A domain may be over another one.
fn below<'a>(column: &'a Column, domains: &[(Name, String)]) -> Cow<'a, Column> {
    let mut column = Cow::Borrowed(column);
    for _ in 0..domains.len() {
        if column.type_schema.is_some() {
            break;
        }
        let element = casts::element(&column.sql_type);
        let mentions = Mentions::of(element);
        let Some((_, base)) = domains.iter().find(|(name, _)| mentions.has_type(&name.schema, &name.name)) else {
            break;
        };
        let sql_type = format!("{base}{}", &column.sql_type[element.len()..]);
        column.to_mut().sql_type = sql_type;
    }
    column
}

/// The default that a domain has once it is made: its own, or that of the domain below it.
pub(super) fn default<'a>(domain: &'a Domain, domains: &'a Map<Domain>) -> Option<&'a str> {
    let mut domain = domain;
    for _ in 0..domains.len() {
        if domain.default.is_some() {
            break;
        }
        match domain_below(domain, domains) {
            Some(below) => domain = below,
            None => break,
        }
    }
    domain.default.as_deref()
}

/// The domain that another one is over. A domain over an array has no default of its elements.
fn domain_below<'a>(domain: &Domain, domains: &'a Map<Domain>) -> Option<&'a Domain> {
    let (in_schema, name) = type_text::name(&domain.base).filter(|_| !domain.base.contains('['))?;
    domains.get(&schema::key(&in_schema, &name))
}

/// The domains with the defaults that they have.
pub(super) fn with_defaults(domains: &Map<Domain>) -> Map<Domain> {
    let of = |domain: &Domain| Domain { default: default(domain, domains).map(str::to_owned), ..domain.clone() };
    domains.iter().map(|(key, domain)| (key.clone(), of(domain))).collect()
}

/// The next domains as they are to be made: one over a domain whose default changes says its own, since the other
/// one may have changed by then or not.
pub(super) fn to_make(previous: &Map<Domain>, next: &Map<Domain>) -> Map<Domain> {
    let of = |domain: &Domain| {
        let said = default(domain, next).filter(|_| changes_below(domain, previous, next).is_some());
        Domain { default: domain.default.clone().or(said.map(str::to_owned)), ..domain.clone() }
    };
    next.iter().map(|(key, domain)| (key.clone(), of(domain))).collect()
}

/// The default that a domain may have copied when it is made, though the domain below is to lose it.
pub(super) fn outlived<'a>(domain: &Domain, previous: &'a Map<Domain>, next: &Map<Domain>) -> Option<&'a str> {
    changes_below(domain, previous, next)?.filter(|_| default(domain, next).is_none())
}

/// The default that the domain below had, if it has another one now.
fn changes_below<'a>(domain: &Domain, previous: &'a Map<Domain>, next: &Map<Domain>) -> Option<Option<&'a str>> {
    let below = domain_below(domain, next)?;
    let was = default(previous.get(&below.key())?, previous);
    (was != default(below, next)).then_some(was)
}

#[cfg(test)]
mod tests {
    use schema::build::{Domain, types};

    use super::*;

    #[test]
    fn a_bare_name_is_that_of_the_domain_in_public() {
        let domain = |schema: &str, base: &str| (Name::new(schema, "d"), base.to_owned());
        let domains = [domain("app", "integer[]"), domain("public", "bigint"), domain("other", "text")];
        let below = |sql_type: &str| {
            let column = Column { name: "c".into(), sql_type: sql_type.into(), ..Column::default() };
            below(&column, &domains).sql_type.clone()
        };
        assert_eq!(below("d"), "bigint");
        assert_eq!(below("\"app\".\"d\""), "integer[]");
        assert_eq!(below("other.d[]"), "text[]");
    }

    #[test]
    fn a_domain_converts_like_the_type_below_it() {
        let domains = [
            Domain::new("positive", types::integer()).into(),
            Domain::new("tiny", types::custom("public.positive")).into(),
            Domain::new("code", types::text()).into(),
        ];
        let schema = schema::build::schema(domains).unwrap();
        let domains = Domains::new(&schema, &schema);
        let column = |sql_type: &str| Column { name: "c".into(), sql_type: sql_type.into(), ..Column::default() };
        let using = |from, to| domains.conversion(&column(from), &column(to)).using();
        assert_eq!(using("integer", "tiny"), None);
        assert_eq!(using("positive[]", "bigint[]"), None);
        assert_eq!(using("code", "tiny").as_deref(), Some("\"c\"::integer"));
    }
}
