//! What only the compiler can resolve: the type behind an alias, the struct behind a path.
//!
//! A derive names each as a type argument of the call that makes the declaration,
//! `declaration3::<User, Plain<Uuid>, Named<Email, varchar>, Target<Team>>(…)`: an argument costs the compiler a fraction
//! of what a constant or a function does, and it has a place of its own, so that an error points at the field.

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
    ($($declaration:ident $resolved:ident: $($question:ident)*;)+) => {$(
        /// The declaration of the struct `T`, which asks so many questions.
        pub const fn $declaration<T: 'static, $($question: Resolve),*>(
            place: &'static str,
            literal: &'static str,
        ) -> Declaration {
            let resolved = Resolved::Several(const { &[$($question::RESOLVED),*] });
            Declaration::new(TypeId::of::<T>(), place, literal, resolved)
        }

        /// So many of the questions of a large declaration.
        pub const fn $resolved<$($question: Resolve),*>() -> Resolved {
            Resolved::Several(const { &[$($question::RESOLVED),*] })
        }
    )+};
}

several! {
    declaration0 resolved0: ;
    declaration1 resolved1: A;
    declaration2 resolved2: A B;
    declaration3 resolved3: A B C;
    declaration4 resolved4: A B C D;
    declaration5 resolved5: A B C D E;
    declaration6 resolved6: A B C D E F;
    declaration7 resolved7: A B C D E F G;
    declaration8 resolved8: A B C D E F G H;
    declaration9 resolved9: A B C D E F G H I;
    declaration10 resolved10: A B C D E F G H I J;
    declaration11 resolved11: A B C D E F G H I J K;
    declaration12 resolved12: A B C D E F G H I J K L;
    declaration13 resolved13: A B C D E F G H I J K L M;
    declaration14 resolved14: A B C D E F G H I J K L M N;
    declaration15 resolved15: A B C D E F G H I J K L M N O;
    declaration16 resolved16: A B C D E F G H I J K L M N O P;
}
