//! The types that are declared, and the one that a random choice means.

use std::collections::HashSet;

use schema::build::{Composite, Domain, Object, Range, Type, types};
use schema::quote::{ident, literal};
use schema::{CollationName, Enum};

use super::functions::{BuiltFunction, call};
use super::objects::{BuiltExtension, Places};
use super::{BuiltColumn, COLUMNS, Namespaces, Taken, nth, path, pick};
use crate::random::spec::{Choice, CompositeSpec, DomainSpec, RangeSpec, TypeSpec};
use crate::random::types::{Kind, NATIVE};

const DOMAINS: [&str; 4] = ["email", "positive", "Short text", "q\"d.o"];
const COMPOSITES: [&str; 3] = ["pair", "Full name", "q\"c.o"];
const RANGES: [&str; 3] = ["span", "A range", "q\"r.a"];

/// Every declared type, each in the place of its choices.
#[derive(Default)]
pub(super) struct Types {
    pub(super) enums: Vec<Option<Enum>>,
    pub(super) collations: Vec<Option<CollationName>>,
    domains: Vec<Option<BuiltColumn>>,
    composites: Vec<Option<BuiltColumn>>,
    ranges: Vec<Option<BuiltColumn>>,
    has_citext: bool,
    pub(super) places: TypePlaces,
}

/// Where each type and collation is.
#[derive(Default)]
pub(super) struct TypePlaces {
    pub(super) collations: Places,
    pub(super) domains: Places,
    pub(super) composites: Places,
    pub(super) ranges: Places,
}

impl Types {
    pub(super) fn new(
        enums: Vec<Option<Enum>>,
        collations: Vec<Option<CollationName>>,
        extensions: &[BuiltExtension],
    ) -> Self {
        let has_citext = extensions.iter().any(|extension| extension.name == "citext" && extension.schema == "public");
        let place = |name: &CollationName| (name.schema.clone().unwrap(), name.name.clone());
        let places = collations.iter().map(|name| name.as_ref().map(place)).collect();
        let places = TypePlaces { collations: places, ..TypePlaces::default() };
        Types { enums, collations, has_citext, places, ..Types::default() }
    }

    /// What is declared at that place, or a native type where there is nothing.
    pub(super) fn resolve(&self, spec: &TypeSpec) -> BuiltColumn {
        match spec {
            TypeSpec::Native(choice, is_array) => native(*choice, *is_array),
            TypeSpec::Enum(choice, is_array) => match nth(&self.enums, *choice) {
                Some(declared) => enumeration(declared, *is_array),
                None => native(*choice, *is_array),
            },
            TypeSpec::Object(kind, choice, is_array) => {
                let declared = match kind % 7 {
                    0..=2 => nth(&self.domains, *choice).cloned(),
                    3 | 4 => nth(&self.composites, *choice).cloned(),
                    5 => nth(&self.ranges, *choice).cloned(),
                    _ => self.has_citext.then(citext),
                };
                let Some(declared) = declared else { return native(*choice, *is_array) };
                // An array of a domain over arrays is not one of two dimensions, and no value converts to it.
                if *is_array && !declared.is_array { array_of(&declared) } else { declared }
            }
        }
    }

    /// The same for what cannot be serial.
    pub(super) fn resolve_plain(&self, spec: &TypeSpec) -> BuiltColumn {
        let resolved = self.resolve(spec);
        if resolved.kind == Kind::Serial { native(0, false) } else { resolved }
    }

    /// A collation for a column of that type: one of PostgreSQL's own, or a declared one.
    pub(super) fn collation(&self, choice: Option<Choice>, column: &BuiltColumn) -> Option<CollationName> {
        let choice = choice.filter(|_| column.is(Kind::Text))?;
        match nth(&self.collations, choice) {
            Some(declared) if choice % 3 != 0 => Some(declared.clone()),
            _ => Some(CollationName::new("C")),
        }
    }

    pub(super) fn domains(
        &mut self,
        specs: &[DomainSpec],
        functions: &[Option<BuiltFunction>],
        namespaces: Namespaces,
        taken: &mut Taken,
    ) -> Vec<Object> {
        let mut declared = Vec::new();
        for spec in specs {
            let (in_schema, name) = (namespaces.place(spec.place.schema), pick(&DOMAINS, spec.place.name));
            if spec.place.is_gone || !taken.take(in_schema, name) {
                self.domains.push(None);
                self.places.domains.push(None);
                continue;
            }
            let base = self.resolve_plain(&spec.base);
            let mut domain = Domain::new(name, base.sql_type.clone()).in_schema(in_schema);
            let collation = self.collation(spec.collation, &base);
            if let Some(name) = collation.clone() {
                domain = domain.collate(name);
            }
            if let Some(choice) = spec.default.filter(|_| !base.defaults.is_empty()) {
                domain = domain.default_sql(base.defaults[usize::from(choice) % base.defaults.len()].clone());
            }
            if spec.not_null {
                domain = domain.not_null();
            }
            let mut names = HashSet::new();
            for (name, how) in spec.checks.iter().filter(|(name, _)| names.insert(*name)) {
                domain = domain.check(format!("value_{name}"), condition(*how, &base, functions));
            }
            declared.push(domain.into());
            let text = path(in_schema, name);
            self.places.domains.push(Some((in_schema.to_owned(), name.to_owned())));
            self.domains.push(Some(BuiltColumn {
                sql_type: types::custom(&text),
                comparable: format!("{text} {collation:?}"),
                text,
                label: None,
                is_domain: true,
                refuses_null: spec.not_null || base.refuses_null,
                ..base
            }));
        }
        declared
    }

    pub(super) fn ranges(&mut self, specs: &[RangeSpec], namespaces: Namespaces, taken: &mut Taken) -> Vec<Object> {
        let mut declared = Vec::new();
        for spec in specs {
            let (in_schema, name) = (namespaces.place(spec.place.schema), pick(&RANGES, spec.place.name));
            if spec.place.is_gone || !taken.take(in_schema, name) {
                self.ranges.push(None);
                self.places.ranges.push(None);
                continue;
            }
            let subtype = match (spec.subtype % 6, nth(&self.enums, spec.subtype)) {
                (1, _) => types::text(),
                (2, _) => types::bigint(),
                (3, _) => types::numeric(),
                (4, _) => types::timestamp(),
                (5, Some(declared)) => types::enumeration(declared),
                _ => types::integer(),
            };
            let mut range = Range::new(name, subtype).in_schema(in_schema);
            if spec.multirange {
                range = range.multirange(format!("{name} many"));
            }
            declared.push(range.into());
            self.places.ranges.push(Some((in_schema.to_owned(), name.to_owned())));
            self.ranges.push(Some(object(path(in_schema, name), Kind::Range, vec!["'empty'".to_owned()])));
        }
        declared
    }

    pub(super) fn composites(
        &mut self,
        specs: &[CompositeSpec],
        namespaces: Namespaces,
        taken: &mut Taken,
    ) -> Vec<Object> {
        let mut declared = Vec::new();
        for spec in specs {
            let (in_schema, name) = (namespaces.place(spec.place.schema), pick(&COMPOSITES, spec.place.name));
            if spec.place.is_gone || !taken.take(in_schema, name) {
                self.composites.push(None);
                self.places.composites.push(None);
                continue;
            }
            let mut composite = Composite::new(name).in_schema(in_schema);
            let (mut names, mut refuses_null) = (HashSet::new(), false);
            for (name, sql_type) in &spec.attributes {
                let name = pick(&COLUMNS, *name);
                if names.insert(name) {
                    let attribute = self.resolve_plain(sql_type);
                    refuses_null |= attribute.refuses_null;
                    composite = composite.attribute(name, attribute.sql_type);
                }
            }
            declared.push(composite.into());
            self.places.composites.push(Some((in_schema.to_owned(), name.to_owned())));
            let nothing = format!("'({})'", ",".repeat(names.len() - 1));
            let defaults = if refuses_null { Vec::new() } else { vec![nothing] };
            let composite = object(path(in_schema, name), Kind::Opaque, defaults);
            self.composites.push(Some(BuiltColumn { refuses_null: false, ..composite }));
        }
        declared
    }
}

fn condition(how: Choice, base: &BuiltColumn, functions: &[Option<BuiltFunction>]) -> String {
    match how % 4 {
        0 if base.is(Kind::Text) => "VALUE <> 'forbidden'".to_owned(),
        0 if base.is_integer() => "VALUE > -5".to_owned(),
        2 => match call(functions, how, base, "VALUE") {
            Some((call, _)) => format!("{call} IS NOT NULL OR true"),
            None => "1 < 2".to_owned(),
        },
        3 => "'a;b--c' <> ')'".to_owned(),
        _ => "VALUE IS NOT NULL OR true".to_owned(),
    }
}

pub(super) fn native(choice: Choice, is_array: bool) -> BuiltColumn {
    let native = &NATIVE[usize::from(choice) % NATIVE.len()];
    let is_array = is_array && native.kind != Kind::Serial;
    let plain = match native.sql {
        "serial" => types::serial(),
        "bigserial" => types::bigserial(),
        "smallserial" => types::smallserial(),
        sql => types::custom(sql),
    };
    let comparable = match native.sql {
        "serial" => "integer".to_owned(),
        "bigserial" => "bigint".to_owned(),
        "smallserial" => "smallint".to_owned(),
        sql => sql.chars().filter(|c| c.is_alphabetic()).collect(),
    };
    let defaults = if is_array {
        vec!["'{}'".to_owned(), "'{NULL}'".to_owned(), format!("ARRAY[]::{}[]", native.sql)]
    } else {
        native.defaults.iter().map(|&sql| sql.to_owned()).collect()
    };
    BuiltColumn {
        sql_type: if is_array { plain.array() } else { plain },
        text: if is_array { format!("{}[]", native.sql) } else { native.sql.to_owned() },
        comparable: format!("{comparable}{is_array}"),
        is_array,
        ..object(native.sql.to_owned(), native.kind, defaults)
    }
}

fn enumeration(declared: &Enum, is_array: bool) -> BuiltColumn {
    let plain: Type = types::enumeration(declared);
    let defaults = if is_array {
        let label = declared.values[0].replace('"', "\\\"");
        vec!["'{}'".to_owned(), literal(&format!("{{\"{label}\"}}"))]
    } else {
        declared.values.iter().map(|value| literal(value)).collect()
    };
    let text = format!("{}.{}", ident(&declared.schema), ident(&declared.name));
    BuiltColumn {
        sql_type: if is_array { plain.array() } else { plain },
        text: if is_array { format!("{text}[]") } else { text },
        comparable: format!("{}{is_array}", declared.key()),
        is_array,
        label: declared.values.last().cloned(),
        ..object(String::new(), Kind::Ordered, defaults)
    }
}

fn citext() -> BuiltColumn {
    object("citext".to_owned(), Kind::Text, vec!["'x'".to_owned()])
}

/// Something with a type that SQL writes like that.
fn object(text: String, kind: Kind, defaults: Vec<String>) -> BuiltColumn {
    BuiltColumn {
        name: String::new(),
        sql_type: types::custom(&text),
        comparable: text.clone(),
        text,
        kind,
        is_array: false,
        label: None,
        is_generated: false,
        is_domain: false,
        refuses_null: false,
        collation: None,
        defaults,
    }
}

fn array_of(element: &BuiltColumn) -> BuiltColumn {
    BuiltColumn {
        sql_type: element.sql_type.clone().array(),
        text: format!("{}[]", element.text),
        comparable: format!("{}[]", element.comparable),
        is_array: true,
        label: None,
        is_domain: false,
        refuses_null: false,
        defaults: vec!["'{}'".to_owned()],
        ..element.clone()
    }
}
