//! The derives that declare tables, views, enum types and groups of columns: [`PgTable`], [`PgView`], [`PgEnum`],
//! [`PgColumns`], [`PgType`]; and [`macro@pg_objects`] for everything else.
//!
//! They are used through the crate `schema`, whose documentation has compiled examples of every
//! attribute. The work is done in three steps, each a module: `parse` reads attributes and keeps
//! their places, `check` finds what is wrong without knowing types, `expand` writes code.
//!
//! What they expand to depends on the feature `rows`. Without it, a table is one static with a literal and the types
//! that only the compiler knows. With it come row types, identifiers, and functions that are never called, in which
//! the compiler looks up the referenced fields. The feature is asked in this crate, so nothing is generated to be
//! thrown away.

mod case;
mod check;
mod expand;
mod parse;

use proc_macro::TokenStream;
use quote::quote;
use syn::{DeriveInput, parse_macro_input};

use parse::enumeration::Enumeration;
use parse::objects::Objects;
use parse::view::View;
use parse::{Declaration, Kind};

/// Declares a table: one struct, one table, its fields the columns.
///
/// # On the struct
/// Columns are named by their **field**; `group.field` names one of a flattened group.
///
/// | attribute | meaning |
/// |---|---|
/// | `#[table("users")]` | the name, required |
/// | `#[table("users", schema = "auth")]` | the schema, else `public` |
/// | `#[table("users", rls)]` | row-level security without a policy |
/// | `#[table("users", comments)]` | doc comments, of the struct and of the fields, are comments of the database too |
/// | `#[table("users", new(derive(Debug)), changes(derive(Debug)))]` | attributes of `NewUser` and `UserChanges` |
/// | `#[index(on(name, email.desc().nulls_first().op("text_pattern_ops"), sql("lower(name)")))]` | an index; orders are `asc`, `desc`, `nulls_first`, `nulls_last`, `op` |
/// | `#[index(…, name = "…", unique, using = gin, filter = "…", with(fillfactor = 70), concurrently)]` | its options; `where` is `filter` too |
/// | `#[unique(on(a, b), name = "…", nulls_not_distinct)]` | a unique constraint |
/// | `#[primary_key(a, b, name = "…")]` | a primary key of several columns, or with a name |
/// | `#[foreign_key(on(a, b), references(Other::x, Other::y), on_delete = set_null, on_update = cascade, name = "…")]` | a foreign key of several columns |
/// | `#[check("name", "age > 0")]` | a check constraint |
/// | `#[policy("name", as = restrictive, for = update, to("member", current_user), using = "…", with_check = "…")]` | a row-level security policy; a role is text, a word is PostgreSQL's own |
///
/// # On a field: `#[column(…)]`
///
/// | option | meaning |
/// |---|---|
/// | `name = "…"` | the column's name, else the field's |
/// | `varchar(255)`, `numeric(10, 2)`, `timestamp(3, with_time_zone)`, `interval(day_to_second, 3)`, `custom("citext")`, … | the type, where the Rust type does not say it; a constant may stand for a number |
/// | `array(3, _)` | declared sizes of the dimensions of a `Vec<Vec<…>>` |
/// | `primary_key` | the primary key |
/// | `unique`, `unique(name = "…", nulls_not_distinct)` | a unique constraint |
/// | `default = value` | a constant: a literal, a path, an array |
/// | `default_sql = "…"`, `default(sql("…"))`, `default_now`, `default_random` | an expression |
/// | `generated = "lower(name)"` | a stored generated column |
/// | `generated_virtual = "lower(name)"` | one that is computed when it is read (PostgreSQL 18) |
/// | `identity`, `identity(by_default, name = "…", start_with = 10, increment, min_value, max_value, cache, cycle)` | an identity column |
/// | `references(Other::id, on_delete = cascade, on_update = …, name = "…")` | a foreign key |
/// | `index`, `index(name = "…")` | an index on this column |
/// | `flatten` | the columns of a struct that derives `PgColumns` |
/// | `new(…)`, `changes(…)` | attributes of this field in `NewUser` and `UserChanges` |
///
/// `Option` makes a column nullable.
#[proc_macro_derive(PgTable, attributes(table, column, index, unique, primary_key, foreign_key, check, policy))]
pub fn pg_table(input: TokenStream) -> TokenStream {
    declaration(parse_macro_input!(input as DeriveInput), Kind::Table)
}

/// Declares a view: one struct, one view, its fields the columns that its query returns.
///
/// Fields have types and names as those of [`PgTable`], `Option` where a column may be NULL, and neither keys nor
/// defaults; a group of columns is taken in with `#[column(flatten)]`. Indexes of a materialized view are declared as
/// those of a table. With the feature `rows` the struct reads rows and has identifiers.
///
/// | attribute | meaning |
/// |---|---|
/// | `#[view("active_users", query = "select …")]` | name and query; the query may be a constant or a call that gives what has `Display` |
/// | `#[view(…, schema = "app")]` | the schema, else `public` |
/// | `#[view(…, with(security_invoker = true, security_barrier = true, check_option = "local"))]` | options of a view |
/// | `#[view(…, materialized, with(fillfactor = 70), with_no_data, using = "heap", tablespace = "fast")]` | a materialized view and its options |
/// | `#[index(…)]`, and `#[column(index)]` on a field | an index of a materialized view, as that of a table |
/// | `#[view(…, comments)]` | doc comments, of the struct and of the fields, are comments of the database too |
/// | `#[view("name", existing)]` | a view that others make; its rows are read, and no migration touches it |
#[proc_macro_derive(PgView, attributes(view, column, index))]
pub fn pg_view(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let parsed = View::parse(&input);
    finish(parsed.and_then(|view| check::declaration(&view.declaration).map(|()| expand::view(&view))))
}

/// Declares what has no derive, by a function that gives it: sequences, roles, schemas, policies on tables that are
/// declared elsewhere, and every other object of `schema::build`.
///
/// It gives anything that is iterated over and becomes an `Object`: `Vec<Object>`, `[Role; 2]`,
/// `impl IntoIterator<Item = Object>`. There may be any number of such functions, in any module.
#[proc_macro_attribute]
pub fn pg_objects(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let arguments = proc_macro2::TokenStream::from(arguments);
    let function = match arguments.is_empty() {
        true => syn::parse::<Objects>(item.clone()),
        false => Err(syn::Error::new_spanned(arguments, "`pg_objects` takes nothing in parentheses")),
    };
    // The function stands as it is, whatever is wrong, so that those who call it do not report the error once more.
    let mut expanded = item;
    expanded.extend(finish(function.map(|function| expand::objects(&function))));
    expanded
}

/// Declares a group of columns, which tables take in with `#[column(flatten)]`.
///
/// Fields have the options of [`PgTable`]; the struct has none but `#[table(new(…), changes(…))]`. Their doc comments are
/// comments of the database in the tables that say `comments`.
#[proc_macro_derive(PgColumns, attributes(table, column, index, unique, primary_key, foreign_key, check, policy))]
pub fn pg_columns(input: TokenStream) -> TokenStream {
    declaration(parse_macro_input!(input as DeriveInput), Kind::Group)
}

/// Declares an enum type: `#[pg_enum("user_role", schema = "auth", rename_all = "kebab-case")]`.
///
/// With `comments` the doc comment is the comment of the type. A variant's label is its name in snake_case, in the case of `rename_all`, or that of
/// `#[value("…")]`. The enum gets `VALUES`, `as_str`, `Display` and `FromStr`.
#[proc_macro_derive(PgEnum, attributes(pg_enum, value))]
pub fn pg_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    finish(Enumeration::parse(&input).map(|declared| expand::enumeration(&declared)))
}

/// Makes a newtype, `struct UserId(Uuid);`, a type of columns: that of what it wraps.
#[proc_macro_derive(PgType)]
pub fn pg_type(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    finish(expand::newtype(&input))
}

fn declaration(input: DeriveInput, kind: Kind) -> TokenStream {
    let parsed = Declaration::parse(&input, kind);
    let checked = parsed.and_then(|declared| check::declaration(&declared).map(|()| declared));
    match checked {
        Ok(declared) => expand::declaration(&declared).into(),
        Err(error) => {
            // A table all the same, so that those who reference it do not report the error once more.
            let (ident, error) = (&input.ident, error.into_compile_error());
            let is_table = kind == Kind::Table && input.generics.params.is_empty();
            let table = is_table.then(|| quote!(impl ::schema::PgTable for #ident {}));
            quote!(#error #table).into()
        }
    }
}

fn finish(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result.unwrap_or_else(syn::Error::into_compile_error).into()
}
