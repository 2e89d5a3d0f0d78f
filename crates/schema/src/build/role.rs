use super::Object;
use crate::model;

/// A role that migrations make and alter.
#[derive(Clone, Debug)]
pub struct Role(model::Role);

impl Role {
    /// A role with PostgreSQL's defaults: it inherits, and creates neither databases nor roles.
    pub fn new(name: impl Into<String>) -> Self {
        Role(model::Role { name: name.into(), create_db: false, create_role: false, inherit: true })
    }

    /// `CREATEDB`.
    #[must_use]
    pub fn create_db(mut self) -> Self {
        self.0.create_db = true;
        self
    }

    /// `CREATEROLE`.
    #[must_use]
    pub fn create_role(mut self) -> Self {
        self.0.create_role = true;
        self
    }

    /// `NOINHERIT`.
    #[must_use]
    pub fn no_inherit(mut self) -> Self {
        self.0.inherit = false;
        self
    }
}

impl From<Role> for Object {
    fn from(Role(role): Role) -> Self {
        Object::Role(role)
    }
}
