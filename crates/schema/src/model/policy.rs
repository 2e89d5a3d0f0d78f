use serde::{Deserialize, Serialize};

use super::{PUBLIC, or_public};
use crate::quote;

/// A row-level security policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The name, unique in its table.
    pub name: String,
    /// Whether it widens or narrows what the other policies allow.
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub kind: Option<PolicyKind>,
    /// The command it applies to.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub command: Option<PolicyCommand>,
    /// The roles it applies to.
    #[serde(rename = "to", skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// The condition on rows that exist, without its parentheses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// The condition on rows that are written, without its parentheses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_check: Option<String>,
    /// The schema of a table that is declared elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// A table that is declared elsewhere, quoted as SQL writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

impl Policy {
    /// The expressions that it has.
    pub fn expressions(&self) -> impl Iterator<Item = &str> {
        self.using.iter().chain(&self.with_check).map(String::as_str)
    }

    /// The roles it applies to, in an order that does not depend on the declaration; everybody where
    /// none is named.
    pub fn role_names(&self) -> Vec<&str> {
        let mut roles: Vec<&str> = self.roles.iter().flatten().map(String::as_str).collect();
        roles.sort_unstable();
        roles.dedup();
        if roles.is_empty() { vec![EVERYBODY] } else { roles }
    }

    /// Schema and name of the table of a policy that is linked to one declared elsewhere. drizzle-kit writes
    /// it as `"schema"."table"` and leaves quotes in names as they are.
    pub fn linked_table(&self) -> Option<(String, String)> {
        let on = self.on.as_deref()?;
        let schema = self.schema.as_deref().map_or(PUBLIC, or_public);
        let in_schema = |quoted: &str| on.strip_prefix(quoted).and_then(|rest| rest.strip_prefix('.'));
        let table = in_schema(&quote::ident(schema)).or_else(|| in_schema(&format!("\"{schema}\""))).unwrap_or(on);
        let bare = table.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(table);
        Some((schema.to_owned(), bare.replace("\"\"", "\"")))
    }

    /// Links the policy to a table that is declared elsewhere.
    pub fn link(&mut self, schema: &str, table: &str) {
        let schema = or_public(schema);
        self.on = Some(format!("{}.{}", quote::ident(schema), quote::ident(table)));
        self.schema = Some(schema.to_owned());
    }
}

/// The word for all roles.
const EVERYBODY: &str = "public";

/// How policies combine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PolicyKind {
    /// Combined by OR.
    #[default]
    Permissive,
    /// Combined by AND.
    Restrictive,
}

/// The command that a policy applies to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PolicyCommand {
    /// Every command.
    #[default]
    All,
    /// `SELECT`.
    Select,
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
}

impl PolicyKind {
    /// The keyword.
    pub fn sql(self) -> &'static str {
        match self {
            PolicyKind::Permissive => "PERMISSIVE",
            PolicyKind::Restrictive => "RESTRICTIVE",
        }
    }
}

impl PolicyCommand {
    /// The keyword.
    pub fn sql(self) -> &'static str {
        match self {
            PolicyCommand::All => "ALL",
            PolicyCommand::Select => "SELECT",
            PolicyCommand::Insert => "INSERT",
            PolicyCommand::Update => "UPDATE",
            PolicyCommand::Delete => "DELETE",
        }
    }

    /// Whether `USING` can stand there: the command reads rows that exist.
    pub fn has_using(self) -> bool {
        self != PolicyCommand::Insert
    }

    /// Whether `WITH CHECK` can stand there: the command writes rows.
    pub fn has_check(self) -> bool {
        !matches!(self, PolicyCommand::Select | PolicyCommand::Delete)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_a_linked_policy_is_found_with_quotes_doubled_or_not() {
        let linked = |schema: &str, on: &str| {
            let json = serde_json::json!({ "name": "p", "schema": schema, "on": on });
            serde_json::from_value::<Policy>(json).unwrap().linked_table()
        };
        let table = |schema: &str, table: &str| Some((schema.to_owned(), table.to_owned()));
        assert_eq!(linked("public", r#""public"."users""#), table("public", "users"));
        assert_eq!(linked("app", r#""app"."us"ers""#), table("app", "us\"ers"));
        assert_eq!(linked("a\"b", r#""a""b"."us""ers""#), table("a\"b", "us\"ers"));
        assert_eq!(linked("public", r#""a"."b""#), table("public", "a\".\"b"));
    }
}
