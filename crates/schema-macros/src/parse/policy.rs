//! `#[policy(…)]`: a row-level security policy of a table.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Ident, LitStr, Result, Token, parenthesized};

use super::{column, options};

/// A policy with Drizzle's options.
pub(crate) struct Policy {
    pub(crate) name: String,
    /// `PERMISSIVE` or `RESTRICTIVE`.
    pub(crate) kind: Option<String>,
    /// `SELECT` and so on.
    pub(crate) command: Option<String>,
    pub(crate) to: Vec<String>,
    pub(crate) using: Option<LitStr>,
    pub(crate) with_check: Option<LitStr>,
}

const OPTIONS: &[&str] = &["as", "for", "to", "using", "with_check"];
const KINDS: &[&str] = &["permissive", "restrictive"];
const COMMANDS: &[&str] = &["all", "select", "insert", "update", "delete"];
/// PostgreSQL's words for roles that have no name of their own.
const ROLES: &[&str] = &["public", "current_role", "current_user", "session_user"];

impl Policy {
    /// `("own", as = restrictive, for = update, to("member", current_user), using = "…", with_check = "…")`.
    pub(super) fn parse(attribute: &Ident, input: ParseStream) -> Result<Self> {
        if !input.peek(LitStr) {
            return Err(Error::new(attribute.span(), "a policy needs its name: `policy(\"own documents\", …)`"));
        }
        let name = column::non_empty(input.parse()?)?;
        input.parse::<Option<Token![,]>>()?;
        let mut policy = Policy { name, kind: None, command: None, to: Vec::new(), using: None, with_check: None };
        options::each(input, OPTIONS, |name, input| {
            match name.to_string().as_str() {
                "as" => policy.kind = Some(keyword("kind of policy", KINDS, input)?),
                "for" => policy.command = Some(keyword("command", COMMANDS, input)?),
                "to" => policy.to = roles(name.span(), input)?,
                "using" => policy.using = Some(options::value(input)?),
                _ => policy.with_check = Some(options::value(input)?),
            }
            Ok(())
        })?;
        policy.check()?;
        Ok(policy)
    }

    /// Which of the two conditions the command has.
    fn check(&self) -> Result<()> {
        match (self.command.as_deref(), &self.using, &self.with_check) {
            (Some("INSERT"), Some(using), _) => {
                let message = "INSERT reads no row that is there: write `with_check` in place of `using`";
                Err(Error::new(using.span(), message))
            }
            (Some(command @ ("SELECT" | "DELETE")), _, Some(check)) => {
                let message = format!("{command} writes no row: write `using` in place of `with_check`");
                Err(Error::new(check.span(), message))
            }
            _ => Ok(()),
        }
    }
}

/// `= word`, in SQL's spelling.
fn keyword(what: &str, known: &[&str], input: ParseStream) -> Result<String> {
    input.parse::<Token![=]>()?;
    let word = input.call(Ident::parse_any)?;
    let text = word.unraw().to_string();
    if known.contains(&text.as_str()) {
        Ok(text.to_uppercase())
    } else {
        Err(options::unknown(what, &word, known.iter().copied()))
    }
}

/// `("member", current_user)`: a role's name is text, and a word is one of PostgreSQL's own.
fn roles(option: Span, input: ParseStream) -> Result<Vec<String>> {
    let inside;
    parenthesized!(inside in input);
    let mut roles = Vec::new();
    while !inside.is_empty() {
        if inside.peek(LitStr) {
            roles.push(column::non_empty(inside.parse()?)?);
        } else {
            let word = inside.call(Ident::parse_any)?;
            let text = word.unraw().to_string();
            if !ROLES.contains(&text.as_str()) {
                let message = format!(
                    "`{text}` is no word of PostgreSQL for a role, as `current_user` is: \
                     write the name of a role in quotes, \"{text}\""
                );
                return Err(Error::new(word.span(), message));
            }
            roles.push(text);
        }
        if !inside.is_empty() {
            inside.parse::<Token![,]>()?;
        }
    }
    if roles.is_empty() {
        return Err(Error::new(option, "name at least one role; a policy without `to` is for everybody"));
    }
    Ok(roles)
}
