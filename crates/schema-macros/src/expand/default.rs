//! A default that is a value: written into the literal where its tokens say all of it, else left to the compiler.

use proc_macro2::{Delimiter, Punct, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{GenericArgument, Lit, Path, PathArguments, Type};

use super::json::{self, Json};

/// A default of Rust, as far as its tokens tell.
pub(super) enum Value {
    /// A literal: its JSON, and its kind in `schema::__private::written`.
    Literal(String, TokenStream),
    /// A variant of the field's own type. It is not looked up here: `schema` knows the variants of all enums, and
    /// the service's build has the compiler look.
    Variant(String),
    /// A constant.
    Constant,
}

pub(super) fn value(ty: &Type, value: &TokenStream) -> Value {
    if let Some(variant) = variant(ty, value) {
        return Value::Variant(variant);
    }
    match literal(value.clone()) {
        Some((json, kind)) => Value::Literal(json, kind),
        None => Value::Constant,
    }
}

/// The JSON of the column's member `default`.
pub(super) fn member(key: &str, value: &str) -> String {
    let mut json = Json::object();
    json.raw(key, value);
    json.finish()
}

/// `Status::Draft`, where the field is a `Status` or an `Option<Status>` by the same tokens, so that both are the same
/// type. Names in capitals are left to the compiler: they may be constants.
fn variant(ty: &Type, value: &TokenStream) -> Option<String> {
    let mut owner = syn::parse2::<Path>(value.clone()).ok()?;
    let last = owner.segments.pop()?.ident.to_string();
    owner.segments.pop_punct();
    let same =
        !owner.segments.is_empty() && owner.to_token_stream().to_string() == held(ty).to_token_stream().to_string();
    let is_name = last.starts_with(char::is_uppercase) && last.contains(char::is_lowercase);
    (same && is_name).then_some(last)
}

/// The type in an `Option`, or the type itself.
fn held(ty: &Type) -> &Type {
    let Type::Path(path) = ty else { return ty };
    let Some(option) = path.path.segments.last().filter(|_| crate::check::is_option(ty)) else { return ty };
    match &option.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(inner)) => inner,
            _ => ty,
        },
        _ => ty,
    }
}

/// The JSON of a literal, and its kind.
fn literal(value: TokenStream) -> Option<(String, TokenStream)> {
    let mut tokens = value.clone().into_iter();
    if let (Some(TokenTree::Group(group)), None) = (tokens.next(), tokens.next()) {
        return if group.delimiter() == Delimiter::Bracket { array(group.stream()) } else { None };
    }
    match syn::parse2(value).ok()? {
        Lit::Int(number) if number.suffix().is_empty() => {
            Some((number.base10_parse::<i64>().ok()?.to_string(), quote!(IntegerLiteral)))
        }
        Lit::Float(number) if number.suffix().is_empty() => {
            Some((format!("{:?}", number.base10_parse::<f64>().ok()?), quote!(FloatLiteral)))
        }
        Lit::Bool(value) => Some((value.value.to_string(), quote!(BooleanLiteral))),
        Lit::Str(text) => Some((json::quoted(&text.value()), quote!(TextLiteral))),
        _ => None,
    }
}

/// An array of literals that are all of one kind.
fn array(elements: TokenStream) -> Option<(String, TokenStream)> {
    let (mut values, mut kinds) = (Vec::new(), Vec::new());
    let mut element = TokenStream::new();
    for token in elements.into_iter().chain([TokenTree::from(Punct::new(',', Spacing::Alone))]) {
        match token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => {
                let element = std::mem::take(&mut element);
                // After a comma at the end there is none.
                if !element.is_empty() {
                    let (value, kind) = literal(element)?;
                    values.push(value);
                    kinds.push(kind);
                }
            }
            other => element.extend([other]),
        }
    }
    let Some(kind) = kinds.first() else { return Some((json::list(&values), quote!(EmptyArrayLiteral))) };
    let alike = kinds.iter().all(|other| other.to_string() == kind.to_string());
    alike.then(|| (json::list(&values), quote!(ArrayLiteral<::schema::__private::written::#kind>)))
}

/// The default as constant data, whose type the compiler checks against the column's.
pub(super) fn constant(ty: &Type, value: &TokenStream) -> TokenStream {
    let value = borrowed(value.clone());
    quote_spanned! {ty.span()=> {
        const __DEFAULT: <#ty as ::schema::HasDefault>::Default = #value;
        &__DEFAULT
    } }
}

/// An array is written as in Rust and stored as a slice, and so are the arrays in it.
fn borrowed(value: TokenStream) -> TokenStream {
    let mut tokens = value.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Bracket => {
            let mut inner = TokenStream::new();
            for token in group.stream() {
                inner.extend(borrowed(token.into()));
            }
            let mut slice = proc_macro2::Group::new(Delimiter::Bracket, inner);
            slice.set_span(group.span());
            quote!(&#slice)
        }
        _ => value,
    }
}
