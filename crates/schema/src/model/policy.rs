use serde::{Deserialize, Serialize};

/// A row-level security policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// How policies combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PolicyKind {
    /// Combined by OR.
    Permissive,
    /// Combined by AND.
    Restrictive,
}

/// The command that a policy applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PolicyCommand {
    /// Every command.
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
