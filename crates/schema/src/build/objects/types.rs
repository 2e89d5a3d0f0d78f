use super::type_text;
use crate::build::members::Members;
use crate::build::types::Type;
use crate::model::{self, Check, CollationName, Map, PUBLIC};
use crate::validate::Problem;

/// A domain.
#[derive(Clone, Debug)]
pub struct Domain {
    domain: model::Domain,
    checks: Vec<Check>,
}

impl Domain {
    /// A domain in `public` over a type.
    pub fn new(name: impl Into<String>, base: Type) -> Self {
        let domain = model::Domain {
            name: name.into(),
            schema: PUBLIC.to_owned(),
            base: type_text(&base),
            collation: None,
            default: None,
            not_null: false,
            check_constraints: Map::new(),
        };
        Domain { domain, checks: Vec::new() }
    }

    /// Puts it into another schema.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.domain.schema = schema.into();
        self
    }

    /// Adds a condition on `VALUE`, without its parentheses.
    #[must_use]
    pub fn check(mut self, name: impl Into<String>, condition: impl Into<String>) -> Self {
        self.checks.push(Check { name: name.into(), value: condition.into() });
        self
    }

    /// `NOT NULL`.
    #[must_use]
    pub fn not_null(mut self) -> Self {
        self.domain.not_null = true;
        self
    }

    /// `DEFAULT` with an SQL expression.
    #[must_use]
    pub fn default_sql(mut self, expression: impl Into<String>) -> Self {
        self.domain.default = Some(expression.into());
        self
    }

    /// `COLLATE`.
    #[must_use]
    pub fn collate(mut self, collation: impl Into<CollationName>) -> Self {
        self.domain.collation = Some(collation.into());
        self
    }

    pub(in crate::build) fn build(self, problems: &mut Vec<Problem>) -> model::Domain {
        let Domain { mut domain, checks } = self;
        let mut members = Members { object: "domain", key: domain.key(), problems };
        members.add("check constraint", &mut domain.check_constraints, checks, |check| &check.name);
        domain
    }
}

/// A composite type.
#[derive(Clone, Debug)]
pub struct Composite {
    composite: model::Composite,
    attributes: Vec<model::Attribute>,
}

impl Composite {
    /// A composite type in `public` without attributes.
    pub fn new(name: impl Into<String>) -> Self {
        let composite = model::Composite { name: name.into(), schema: PUBLIC.to_owned(), attributes: Map::new() };
        Composite { composite, attributes: Vec::new() }
    }

    /// Puts it into another schema.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.composite.schema = schema.into();
        self
    }

    /// Adds an attribute after those that are there.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, sql_type: Type) -> Self {
        let sql_type = type_text(&sql_type);
        self.attributes.push(model::Attribute { name: name.into(), sql_type, collation: None });
        self
    }

    /// The collation of the last attribute.
    #[must_use]
    pub fn collate(mut self, collation: impl Into<CollationName>) -> Self {
        if let Some(attribute) = self.attributes.last_mut() {
            attribute.collation = Some(collation.into());
        }
        self
    }

    pub(in crate::build) fn build(self, problems: &mut Vec<Problem>) -> model::Composite {
        let Composite { mut composite, attributes } = self;
        let mut members = Members { object: "composite type", key: composite.key(), problems };
        members.add("attribute", &mut composite.attributes, attributes, |attribute| &attribute.name);
        composite
    }
}

/// A range type.
#[derive(Clone, Debug)]
pub struct Range(model::Range);

impl Range {
    /// A range type in `public` over a type.
    pub fn new(name: impl Into<String>, subtype: Type) -> Self {
        Range(model::Range {
            name: name.into(),
            schema: PUBLIC.to_owned(),
            subtype: type_text(&subtype),
            subtype_opclass: None,
            collation: None,
            subtype_diff: None,
            multirange: None,
        })
    }

    /// Puts it into another schema.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.0.schema = schema.into();
        self
    }

    /// The operator class that sorts the bounds.
    #[must_use]
    pub fn operator_class(mut self, name: impl Into<String>) -> Self {
        self.0.subtype_opclass = Some(name.into());
        self
    }

    /// The collation that sorts the bounds.
    #[must_use]
    pub fn collate(mut self, collation: impl Into<CollationName>) -> Self {
        self.0.collation = Some(collation.into());
        self
    }

    /// The function that tells the distance of two bounds: `float8mi`.
    #[must_use]
    pub fn difference(mut self, function: impl Into<String>) -> Self {
        self.0.subtype_diff = Some(function.into());
        self
    }

    /// The bare name of its multirange type.
    #[must_use]
    pub fn multirange(mut self, name: impl Into<String>) -> Self {
        self.0.multirange = Some(name.into());
        self
    }

    pub(in crate::build) fn build(self) -> model::Range {
        self.0
    }
}
