//! Doc comments, which are the database's comments too where a declaration says so.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The doc comments among attributes.
pub(crate) fn of(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect()
}

/// What they say, without the blank that follows `///`. Absent where nothing is said, or where only the compiler knows
/// what, as in `#[doc = include_str!("…")]`.
pub(crate) fn text(docs: &[Attribute]) -> Option<String> {
    let parts: Vec<String> = docs.iter().filter_map(literal).collect();
    let text = parts.join("\n");
    let is_set_off = text.lines().all(|line| line.is_empty() || line.starts_with(' '));
    let lines = text.lines().map(|line| if is_set_off { line.strip_prefix(' ').unwrap_or(line) } else { line });
    let text = lines.collect::<Vec<_>>().join("\n");
    let text = text.trim_matches('\n').trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

fn literal(doc: &Attribute) -> Option<String> {
    match &doc.meta {
        Meta::NameValue(meta) => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use syn::{ItemStruct, parse_quote};

    use super::{of, text};

    fn documented(item: &ItemStruct) -> Option<String> {
        text(&of(&item.attrs))
    }

    #[test]
    fn the_text_is_that_of_rustdoc() {
        let item = parse_quote! {
            /// A person.
            ///
            ///   - with an account
            /// - or without
            #[derive(Clone)]
            struct User;
        };
        assert_eq!(documented(&item).unwrap(), "A person.\n\n  - with an account\n- or without");
    }

    #[test]
    fn an_attribute_is_taken_as_it_stands() {
        let item = parse_quote! {
            #[doc = "Line one\n  and two"]
            struct User;
        };
        assert_eq!(documented(&item).unwrap(), "Line one\n  and two");
    }

    #[test]
    fn where_nothing_is_said_there_is_no_comment() {
        assert_eq!(documented(&parse_quote! { struct User; }), None);
        let item = parse_quote! {
            ///
            #[doc(hidden)]
            #[doc = include_str!("user.md")]
            struct User;
        };
        assert_eq!(documented(&item), None);
    }
}
