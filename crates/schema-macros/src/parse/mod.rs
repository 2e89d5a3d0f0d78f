//! From attributes to a declaration. Each part keeps the spans that an error may have to point at.

pub(crate) mod column;
pub(crate) mod docs;
pub(crate) mod enumeration;
pub(crate) mod objects;
pub(crate) mod options;
pub(crate) mod policy;
pub(crate) mod sql_type;
pub(crate) mod table;
pub(crate) mod view;

use syn::{Attribute, Data, DeriveInput, Error, Fields, Ident, Result, Visibility};

use column::Field;
use table::TableAttributes;

/// A struct that declares columns: a table, a view, or a group that tables and views flatten.
pub(crate) struct Declaration {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) kind: Kind,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) attributes: TableAttributes,
    pub(crate) fields: Vec<Field>,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Table,
    Group,
    View,
}

impl Declaration {
    /// Reads the struct; reports what is wrong with all of its fields at once.
    pub(crate) fn parse(input: &DeriveInput, kind: Kind) -> Result<Self> {
        let derive = match kind {
            Kind::Table => "PgTable",
            Kind::Group => "PgColumns",
            Kind::View => "PgView",
        };
        let Data::Struct(data) = &input.data else {
            return Err(Error::new_spanned(&input.ident, format!("{derive} is for structs; an enum derives PgEnum")));
        };
        let Fields::Named(named) = &data.fields else {
            let message = format!("{derive} needs named fields: each is a column");
            return Err(Error::new_spanned(&input.ident, message));
        };
        if let Some(parameter) = input.generics.params.first() {
            return Err(Error::new_spanned(parameter, "a declaration cannot be generic: a table has one shape"));
        }
        let mut errors = Errors::default();
        let attributes = match kind {
            Kind::Table | Kind::Group => TableAttributes::parse(&input.attrs, kind, &mut errors),
            Kind::View => TableAttributes::default(),
        };
        let fields = named.named.iter().filter_map(|field| errors.keep(column::field(field, kind)));
        let fields: Vec<Field> = fields.collect();
        errors.finish()?;
        if kind == Kind::Table && attributes.name.is_none() {
            return Err(Error::new_spanned(&input.ident, "name the table: #[table(\"users\")]"));
        }
        let docs = docs::of(&input.attrs);
        Ok(Declaration { ident: input.ident.clone(), vis: input.vis.clone(), kind, docs, attributes, fields })
    }
}

/// Gathers errors, so that one build shows them all.
#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    pub(crate) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
