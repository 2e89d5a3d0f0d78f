//! What the derives leave in the program, and the lists that the linker makes of it.
//!
//! The number of items, and of bodies in them, decides how long the compiler takes: a table is one static with a
//! literal and one call. The lists are linkme's, but the derives use the macro behind its attribute, because what the
//! attribute adds, a check of the static's type, takes as long as all the rest of the table. The derives write that
//! type themselves, and linkme's version is pinned in Cargo.toml.

use std::any::TypeId;

use super::DefaultValue;
use super::resolved::Resolved;
use crate::build::Object;

/// Every declared table of the program, in no order that means anything.
#[linkme::distributed_slice]
pub static TABLES: [Declaration];

/// Every declared enum type of the program.
#[linkme::distributed_slice]
pub static ENUMS: [EnumDeclaration];

/// Every declared view of the program.
#[linkme::distributed_slice]
pub static VIEWS: [ViewDeclaration];

/// Every function of the program that declares objects.
#[linkme::distributed_slice]
pub static OBJECTS: [ObjectsDeclaration];

/// What a derive has read of one struct.
pub struct Declaration {
    /// The struct, by which others reference its table.
    pub(super) id: TypeId,
    /// The struct's place, as `file:line`.
    pub(super) place: &'static str,
    /// The declaration in JSON, as [`literal`](super::literal) reads it. Its numbers are positions in the lists below.
    pub(super) literal: &'static str,
    /// What the compiler has resolved, in the literal's order.
    pub(super) resolved: Resolved,
    /// Defaults that are Rust values.
    pub(super) defaults: &'static [&'static (dyn DefaultValue + Sync)],
    /// Lengths and precisions that are constants.
    pub(super) sizes: &'static [u32],
}

impl Declaration {
    /// A declaration of the struct `id`. Small tables have neither constants as defaults nor as sizes, and pay nothing
    /// for them.
    pub const fn new(id: TypeId, place: &'static str, literal: &'static str, resolved: Resolved) -> Self {
        Declaration { id, place, literal, resolved, defaults: &[], sizes: &[] }
    }

    /// A declaration with more questions than one of [`resolved`](super::resolved)'s functions takes.
    pub const fn large<T: 'static>(place: &'static str, literal: &'static str, resolved: &'static [Resolved]) -> Self {
        Declaration::new(TypeId::of::<T>(), place, literal, Resolved::Several(resolved))
    }

    /// With defaults that are Rust values.
    #[must_use]
    pub const fn defaults(self, defaults: &'static [&'static (dyn DefaultValue + Sync)]) -> Self {
        Declaration { defaults, ..self }
    }

    /// With lengths and precisions that are constants.
    #[must_use]
    pub const fn sizes(self, sizes: &'static [u32]) -> Self {
        Declaration { sizes, ..self }
    }
}

/// What a derive has read of one enum.
pub struct EnumDeclaration {
    /// The name.
    pub name: &'static str,
    /// The schema, with `public` written out.
    pub schema: &'static str,
    /// Each variant's name in Rust, with its label.
    pub variants: &'static [(&'static str, &'static str)],
    /// The comment on the type.
    pub comment: Option<&'static str>,
    /// The enum's place, as `file:line`.
    pub place: &'static str,
}

/// What a derive has read of one view.
pub struct ViewDeclaration {
    /// The struct.
    pub columns: Declaration,
    /// What makes it a view, in JSON, as the module `view` reads it.
    pub options: &'static str,
    /// The query, where it is no literal.
    pub query: Option<fn() -> String>,
}

/// A function that declares objects.
pub struct ObjectsDeclaration {
    /// The function's place, as `file:line`.
    pub place: &'static str,
    /// Calls it.
    pub objects: fn() -> Vec<Object>,
}

/// The objects that such a function gives, of one kind or of several.
pub fn objects<O: Into<Object>>(given: impl IntoIterator<Item = O>) -> Vec<Object> {
    given.into_iter().map(Into::into).collect()
}
