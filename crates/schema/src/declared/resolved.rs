//! What only the compiler can resolve: the type behind an alias, the struct behind a path.
//!
//! A derive names each as a type argument of `resolved3::<Plain<Uuid>, Named<Email, varchar>, Target<Team>>()`. An
//! argument costs the compiler a fraction of what a constant or a function does, and it has a place of its own, so
//! that an error points at the field.

use std::any::TypeId;
use std::marker::PhantomData;

use super::default::{HasDefault, Written};
use super::registry::Declaration;
use super::sql::SqlType;
use super::types::{ColumnType, PgType, Stores};
use super::{PgColumns, PgTable};

/// An answer of the compiler.
#[derive(Clone, Copy)]
pub enum Resolved {
    /// The type of a column.
    Column(&'static ColumnType),
    /// The columns of a flattened group.
    Group(&'static Declaration),
    /// A referenced table.
    Table(TypeId),
    /// It holds, and there is no more to know.
    Checked,
    /// Several answers in order.
    Several(&'static [Resolved]),
}

/// A question to the compiler, as a type.
pub trait Resolve {
    /// The answer.
    const RESOLVED: Resolved;
}

/// A column whose type follows from the Rust type.
pub struct Plain<T: PgType>(PhantomData<T>);

impl<T: PgType> Resolve for Plain<T> {
    const RESOLVED: Resolved = Resolved::Column(T::TYPE);
}

/// A column whose attribute names the type.
pub struct Named<T: Stores<S>, S: SqlType>(PhantomData<(T, S)>);

impl<T: Stores<S>, S: SqlType> Resolve for Named<T, S> {
    const RESOLVED: Resolved = Resolved::Column(T::TYPE);
}

/// A flattened group of columns.
pub struct Flattened<G: PgColumns>(PhantomData<G>);

impl<G: PgColumns> Resolve for Flattened<G> {
    const RESOLVED: Resolved = Resolved::Group(G::DECLARATION);
}

/// A referenced table.
pub struct Target<T: PgTable>(PhantomData<T>);

impl<T: PgTable> Resolve for Target<T> {
    const RESOLVED: Resolved = Resolved::Table(TypeId::of::<T>());
}

/// A default that the derive has written into the literal, for a column of type `T`.
pub struct Default<T: HasDefault<Default: Written<W>>, W>(PhantomData<(T, W)>);

impl<T: HasDefault<Default: Written<W>>, W> Resolve for Default<T, W> {
    const RESOLVED: Resolved = Resolved::Checked;
}

impl Resolved {
    /// The answers one by one.
    pub(super) fn each(&self, see: &mut impl FnMut(Resolved)) {
        match self {
            Resolved::Several(several) => several.iter().for_each(|resolved| resolved.each(see)),
            one => see(*one),
        }
    }
}

macro_rules! several {
    ($($name:ident: $($question:ident)*;)+) => {$(
        /// Asks so many questions at once.
        pub const fn $name<$($question: Resolve),*>() -> Resolved {
            Resolved::Several(const { &[$($question::RESOLVED),*] })
        }
    )+};
}

several! {
    resolved0: ;
    resolved1: A;
    resolved2: A B;
    resolved3: A B C;
    resolved4: A B C D;
    resolved5: A B C D E;
    resolved6: A B C D E F;
    resolved7: A B C D E F G;
    resolved8: A B C D E F G H;
    resolved9: A B C D E F G H I;
    resolved10: A B C D E F G H I J;
    resolved11: A B C D E F G H I J K;
    resolved12: A B C D E F G H I J K L;
    resolved13: A B C D E F G H I J K L M;
    resolved14: A B C D E F G H I J K L M N;
    resolved15: A B C D E F G H I J K L M N O;
    resolved16: A B C D E F G H I J K L M N O P;
}
