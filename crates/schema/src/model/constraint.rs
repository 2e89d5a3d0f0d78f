use serde::{Deserialize, Serialize};

use super::or_public;

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ForeignKey {
    /// The constraint's name.
    pub name: String,
    /// The bare name of the table that has the key.
    pub table_from: String,
    /// The bare name of the table that is referenced.
    pub table_to: String,
    /// The schema of the referenced table; absent for `public`, see [`ForeignKey::schema_to_name`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_to: Option<String>,
    /// The referencing columns.
    pub columns_from: Vec<String>,
    /// The referenced columns, in the order of `columns_from`.
    pub columns_to: Vec<String>,
    /// `ON DELETE`; absent means PostgreSQL's own default, no action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<ReferentialAction>,
    /// `ON UPDATE`; absent means PostgreSQL's own default, no action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_update: Option<ReferentialAction>,
}

impl ForeignKey {
    /// The schema of the referenced table with `public` written out.
    pub fn schema_to_name(&self) -> &str {
        or_public(self.schema_to.as_deref().unwrap_or_default())
    }

    /// The key of the referenced table in [`Schema::tables`](super::Schema::tables).
    pub fn references(&self) -> String {
        super::key(self.schema_to_name(), &self.table_to)
    }
}

/// What happens to the referencing row when the referenced one goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReferentialAction {
    /// An error at the end of the statement or transaction.
    #[default]
    #[serde(rename = "no action")]
    NoAction,
    /// An error at once.
    Restrict,
    /// The referencing row goes too.
    Cascade,
    /// The referencing columns become NULL.
    #[serde(rename = "set null")]
    SetNull,
    /// The referencing columns become their default.
    #[serde(rename = "set default")]
    SetDefault,
}

impl ReferentialAction {
    /// The action in SQL, in lower case as drizzle-kit writes it.
    pub fn sql(self) -> &'static str {
        match self {
            ReferentialAction::NoAction => "no action",
            ReferentialAction::Restrict => "restrict",
            ReferentialAction::Cascade => "cascade",
            ReferentialAction::SetNull => "set null",
            ReferentialAction::SetDefault => "set default",
        }
    }
}

/// A primary key that has a name of its own or spans several columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrimaryKey {
    /// The constraint's name.
    pub name: String,
    /// The columns, in the order of the key.
    pub columns: Vec<String>,
}

/// A unique constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unique {
    /// The constraint's name.
    pub name: String,
    /// Whether two NULLs count as the same value (PostgreSQL 15 and later).
    pub nulls_not_distinct: bool,
    /// The columns, in the order of the constraint.
    pub columns: Vec<String>,
}

/// A check constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Check {
    /// The constraint's name.
    pub name: String,
    /// The condition, without its parentheses.
    pub value: String,
}
