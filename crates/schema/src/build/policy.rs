use super::Object;
use crate::model::{self, PolicyCommand, PolicyKind};

/// A row-level security policy.
///
/// ```
/// use schema::PolicyCommand;
/// use schema::build::{Column, Policy, Role, Table, schema, types};
///
/// let own = Policy::new("own").to(["member"]).using("owner = current_user").with_check("owner = current_user");
/// let notes = Table::new("notes").column(Column::new("owner", types::text())).policy(own);
/// let audit = Policy::new("read audit").for_command(PolicyCommand::Select).to(["member"]).using("true");
/// let schema = schema([notes.into(), Role::new("member").into(), audit.on("app", "audit").into()]).unwrap();
/// assert_eq!(schema.tables["public.notes"].policies["own"].roles.as_deref(), Some(["member".to_owned()].as_slice()));
/// assert_eq!(schema.policies["read audit"].on.as_deref(), Some("\"app\".\"audit\""));
/// ```
#[derive(Clone, Debug)]
pub struct Policy(model::Policy);

/// A policy on a table that is declared elsewhere.
#[derive(Clone, Debug)]
pub struct LinkedPolicy(model::Policy);

impl Policy {
    /// A permissive policy for every command and everybody.
    pub fn new(name: impl Into<String>) -> Self {
        Policy(model::Policy {
            name: name.into(),
            kind: Some(PolicyKind::Permissive),
            command: Some(PolicyCommand::All),
            roles: Some(vec!["public".to_owned()]),
            using: None,
            with_check: None,
            schema: None,
            on: None,
        })
    }

    /// `AS RESTRICTIVE`: narrows what the other policies allow.
    #[must_use]
    pub fn restrictive(mut self) -> Self {
        self.0.kind = Some(PolicyKind::Restrictive);
        self
    }

    /// The one command that it applies to.
    #[must_use]
    pub fn for_command(mut self, command: PolicyCommand) -> Self {
        self.0.command = Some(command);
        self
    }

    /// The roles it applies to. `public`, `current_role`, `current_user` and `session_user` are
    /// PostgreSQL's words for such roles.
    #[must_use]
    pub fn to<S: Into<String>>(mut self, roles: impl IntoIterator<Item = S>) -> Self {
        let mut roles: Vec<String> = roles.into_iter().map(Into::into).collect();
        // As drizzle-kit has them in a snapshot.
        roles.sort_unstable();
        self.0.roles = Some(roles);
        self
    }

    /// The condition on rows that exist, without its parentheses.
    #[must_use]
    pub fn using(mut self, condition: impl Into<String>) -> Self {
        self.0.using = Some(condition.into());
        self
    }

    /// The condition on rows that are written, without its parentheses.
    #[must_use]
    pub fn with_check(mut self, condition: impl Into<String>) -> Self {
        self.0.with_check = Some(condition.into());
        self
    }

    /// The table that it is for, where no declaration has it. A policy on a table that is declared
    /// becomes one of that table.
    #[must_use]
    pub fn on(mut self, schema: &str, table: &str) -> LinkedPolicy {
        self.0.link(schema, table);
        LinkedPolicy(self.0)
    }

    pub(super) fn build(self) -> model::Policy {
        self.0
    }
}

impl From<LinkedPolicy> for Object {
    fn from(LinkedPolicy(policy): LinkedPolicy) -> Self {
        Object::Policy(policy)
    }
}
