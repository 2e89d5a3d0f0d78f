//! `#[derive(PgEnum)]`: an enum whose variants are the labels of a PostgreSQL enum type.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Error, Ident, LitStr, Result, Token};

use super::{column, docs, options};
use crate::case::{CASES, in_case};

/// An enum type.
pub(crate) struct Enumeration {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) schema: Option<String>,
    /// Each variant with its label.
    pub(crate) variants: Vec<(Ident, String)>,
    pub(crate) comment: Option<String>,
}

impl Enumeration {
    pub(crate) fn parse(input: &DeriveInput) -> Result<Self> {
        let Data::Enum(data) = &input.data else {
            return Err(Error::new_spanned(&input.ident, "PgEnum is for enums; a table derives PgTable"));
        };
        if let Some(parameter) = input.generics.params.first() {
            return Err(Error::new_spanned(parameter, "an enum type of the database cannot be generic"));
        }
        let attributes = Attributes::parse(input)?;
        let mut variants: Vec<(Ident, String)> = Vec::new();
        for variant in &data.variants {
            if !variant.fields.is_empty() {
                return Err(Error::new_spanned(&variant.fields, "a label of an enum type carries no data"));
            }
            let label = label(variant, &attributes.case)?;
            if let Some((other, _)) = variants.iter().find(|(_, taken)| *taken == label) {
                let message = format!("the label '{label}' is also that of `{other}`");
                return Err(Error::new_spanned(&variant.ident, message));
            }
            variants.push((variant.ident.clone(), label));
        }
        let Attributes { name, schema, comments, case: _ } = attributes;
        let comment = if comments { docs::text(&docs::of(&input.attrs)) } else { None };
        Ok(Enumeration { ident: input.ident.clone(), name, schema, variants, comment })
    }
}

struct Attributes {
    name: String,
    schema: Option<String>,
    /// Whether the doc comment is the comment of the type.
    comments: bool,
    case: String,
}

impl Attributes {
    fn parse(input: &DeriveInput) -> Result<Self> {
        let mut name = None;
        let mut schema = None;
        let mut comments = false;
        let mut case = "snake_case".to_owned();
        let attributes = input.attrs.iter().filter(|attribute| attribute.path().is_ident("pg_enum"));
        for (at, attribute) in attributes.enumerate() {
            if at > 0 {
                let message = "an enum type has one name, and this is the second";
                return Err(Error::new_spanned(attribute.path(), message));
            }
            attribute.parse_args_with(|input: ParseStream| {
                if input.peek(LitStr) {
                    name = Some(column::non_empty(input.parse()?)?);
                    input.parse::<Option<Token![,]>>()?;
                }
                options::each(input, &["schema", "comments", "rename_all"], |option, input| {
                    match option.to_string().as_str() {
                        "schema" => schema = Some(column::non_empty(options::value(input)?)?),
                        "comments" => comments = true,
                        _ => {
                            let (given, span) = options::word(input)?;
                            known_case(&given, span)?;
                            case = given;
                        }
                    }
                    Ok(())
                })
            })?;
        }
        let Some(name) = name else {
            return Err(Error::new_spanned(&input.ident, "name the enum type: #[pg_enum(\"user_role\")]"));
        };
        Ok(Attributes { name, schema: schema.filter(|schema| schema != "public"), comments, case })
    }
}

fn known_case(case: &str, span: Span) -> Result<()> {
    if CASES.contains(&case) {
        return Ok(());
    }
    let known = CASES.iter().map(|case| format!("\"{case}\"")).collect::<Vec<_>>().join(", ");
    Err(Error::new(span, format!("unknown case \"{case}\": known are {known}")))
}

/// The label of `#[value("…")]`, else the variant's name in the enum's case.
fn label(variant: &syn::Variant, case: &str) -> Result<String> {
    let mut attributes = variant.attrs.iter().filter(|attribute| attribute.path().is_ident("value"));
    match (attributes.next(), attributes.next()) {
        (None, _) => Ok(in_case(&variant.ident.unraw().to_string(), case)),
        (Some(attribute), None) => Ok(attribute.parse_args::<LitStr>()?.value()),
        (_, Some(second)) => Err(options::twice("value", second.path().span())),
    }
}
