//! Random changes of a schema, one of each thing that can change.

mod objects;

use proptest::prelude::*;

use self::objects::ObjectEdit;

use super::spec::{self, Choice, ColumnSpec, Content, EnumSpec, Spec, TableSpec, TypeSpec, ViewSpec};

#[derive(Clone, Debug)]
pub(crate) enum Edit {
    RenameSchema(Choice),
    AddEnum(EnumSpec),
    AlterEnum(Choice, EnumEdit),
    AddTable(TableSpec),
    AlterTable(Choice, TableEdit),
    AlterColumn(Choice, Choice, ColumnEdit),
    SwapTables(Choice, Choice),
    SwapColumns(Choice, Choice, Choice),
    SwapEnums(Choice, Choice),
    SwapViews(Choice, Choice),
    AddView(ViewSpec),
    AlterView(Choice, ViewEdit),
    Object(ObjectEdit),
}

#[derive(Clone, Debug)]
pub(crate) enum EnumEdit {
    Drop,
    Rename(Choice),
    Move(Choice),
    Values(Vec<Choice>),
    AddValue(Choice),
}

#[derive(Clone, Debug)]
pub(crate) enum TableEdit {
    Drop,
    Rename(Choice),
    Move(Choice),
    Rls(bool),
    Key(Option<spec::KeySpec>),
    AddColumn(ColumnSpec),
    AddUnique(spec::UniqueSpec),
    DropUnique,
    AddCheck(spec::CheckSpec),
    DropCheck,
    AddIndex(spec::IndexSpec),
    DropIndex,
    AddForeignKey(spec::ForeignKeySpec),
    DropForeignKey,
    AddPolicy(spec::PolicySpec),
    AlterPolicy(Choice, PolicyEdit),
    AlterKey(spec::KeyBeside),
    AlterUnique(Choice, spec::KeyBeside),
    AlterIndex(Choice, spec::IndexBeside),
    AlterForeignKey(Choice, spec::ForeignKeyBeside),
    AlterCheck(Choice, bool),
}

#[derive(Clone, Debug)]
pub(crate) enum PolicyEdit {
    Drop,
    Rename(Choice),
    /// Everything but the name.
    Replace(spec::PolicySpec),
}

#[derive(Clone, Debug)]
pub(crate) enum ViewEdit {
    Drop,
    Rename(Choice),
    Move(Choice),
    From(Choice),
    AddColumn(Choice),
    Filter(Choice),
    Materialized(bool),
    Option(Option<Choice>),
    AddIndex(spec::IndexSpec),
    DropIndex,
}

#[derive(Clone, Debug)]
pub(crate) enum ColumnEdit {
    Drop,
    Rename(Choice),
    Type(TypeSpec),
    NotNull(bool),
    Content(Content),
}

pub(crate) fn edit() -> BoxedStrategy<Edit> {
    let choice = spec::choice;
    prop_oneof![
        1 => (0..3u8).prop_map(Edit::RenameSchema),
        1 => spec::enumeration().prop_map(Edit::AddEnum),
        3 => (choice(), enum_edit()).prop_map(|(at, edit)| Edit::AlterEnum(at, edit)),
        1 => spec::table().prop_map(Edit::AddTable),
        8 => (choice(), table_edit()).prop_map(|(at, edit)| Edit::AlterTable(at, edit)),
        12 => (choice(), choice(), column_edit()).prop_map(|(table, at, edit)| Edit::AlterColumn(table, at, edit)),
        1 => (choice(), choice()).prop_map(|(a, b)| Edit::SwapTables(a, b)),
        2 => (choice(), choice(), choice()).prop_map(|(table, a, b)| Edit::SwapColumns(table, a, b)),
        1 => (choice(), choice()).prop_map(|(a, b)| Edit::SwapEnums(a, b)),
        1 => (choice(), choice()).prop_map(|(a, b)| Edit::SwapViews(a, b)),
        1 => spec::view().prop_map(Edit::AddView),
        4 => (choice(), view_edit()).prop_map(|(at, edit)| Edit::AlterView(at, edit)),
        16 => objects::edit().prop_map(Edit::Object),
    ]
    .boxed()
}

fn enum_edit() -> BoxedStrategy<EnumEdit> {
    prop_oneof![
        Just(EnumEdit::Drop),
        spec::choice().prop_map(EnumEdit::Rename),
        (0..2u8).prop_map(EnumEdit::Move),
        spec::values().prop_map(EnumEdit::Values),
        (0..6u8).prop_map(EnumEdit::AddValue),
    ]
    .boxed()
}

fn table_edit() -> BoxedStrategy<TableEdit> {
    prop_oneof![
        Just(TableEdit::Drop),
        spec::choice().prop_map(TableEdit::Rename),
        (0..2u8).prop_map(TableEdit::Move),
        any::<bool>().prop_map(TableEdit::Rls),
        prop::option::of(spec::key()).prop_map(TableEdit::Key),
        spec::column().prop_map(TableEdit::AddColumn),
        spec::unique().prop_map(TableEdit::AddUnique),
        Just(TableEdit::DropUnique),
        spec::check().prop_map(TableEdit::AddCheck),
        Just(TableEdit::DropCheck),
        spec::index().prop_map(TableEdit::AddIndex),
        Just(TableEdit::DropIndex),
        spec::foreign_key().prop_map(TableEdit::AddForeignKey),
        Just(TableEdit::DropForeignKey),
        spec::policy().prop_map(TableEdit::AddPolicy),
        (spec::choice(), policy_edit()).prop_map(|(at, edit)| TableEdit::AlterPolicy(at, edit)),
        spec::key_beside().prop_map(TableEdit::AlterKey),
        (spec::choice(), spec::key_beside()).prop_map(|(at, beside)| TableEdit::AlterUnique(at, beside)),
        (spec::choice(), spec::index_beside()).prop_map(|(at, beside)| TableEdit::AlterIndex(at, beside)),
        (spec::choice(), spec::foreign_key_beside()).prop_map(|(at, beside)| TableEdit::AlterForeignKey(at, beside)),
        (spec::choice(), any::<bool>()).prop_map(|(at, no_inherit)| TableEdit::AlterCheck(at, no_inherit)),
    ]
    .boxed()
}

fn policy_edit() -> impl Strategy<Value = PolicyEdit> {
    prop_oneof![
        Just(PolicyEdit::Drop),
        spec::choice().prop_map(PolicyEdit::Rename),
        spec::policy().prop_map(PolicyEdit::Replace),
    ]
}

fn view_edit() -> BoxedStrategy<ViewEdit> {
    prop_oneof![
        Just(ViewEdit::Drop),
        spec::choice().prop_map(ViewEdit::Rename),
        (0..2u8).prop_map(ViewEdit::Move),
        spec::choice().prop_map(ViewEdit::From),
        spec::choice().prop_map(ViewEdit::AddColumn),
        (0..5u8).prop_map(ViewEdit::Filter),
        any::<bool>().prop_map(ViewEdit::Materialized),
        prop::option::of(0..4u8).prop_map(ViewEdit::Option),
        spec::index().prop_map(ViewEdit::AddIndex),
        Just(ViewEdit::DropIndex),
    ]
    .boxed()
}

fn column_edit() -> BoxedStrategy<ColumnEdit> {
    prop_oneof![
        Just(ColumnEdit::Drop),
        spec::choice().prop_map(ColumnEdit::Rename),
        spec::sql_type().prop_map(ColumnEdit::Type),
        any::<bool>().prop_map(ColumnEdit::NotNull),
        spec::content().prop_map(ColumnEdit::Content),
    ]
    .boxed()
}

impl Edit {
    /// Makes the change, if there is what it changes.
    pub(crate) fn apply(&self, spec: &mut Spec) {
        match self {
            Edit::RenameSchema(name) => spec.schema = *name,
            Edit::AddEnum(declared) => spec.enums.push(declared.clone()),
            Edit::AlterEnum(at, edit) => {
                if let Some(declared) = nth(&mut spec.enums, *at) {
                    edit.apply(declared);
                }
            }
            Edit::AddTable(table) => spec.tables.push(table.clone()),
            Edit::AlterTable(at, edit) => {
                if let Some(table) = nth(&mut spec.tables, *at) {
                    edit.apply(table);
                }
            }
            Edit::AlterColumn(table, at, edit) => {
                if let Some(column) = nth(&mut spec.tables, *table).and_then(|table| nth(&mut table.columns, *at)) {
                    edit.apply(column);
                }
            }
            Edit::SwapTables(a, b) => {
                swap(&mut spec.tables, *a, *b, |table| &mut table.name);
                swap(&mut spec.tables, *a, *b, |table| &mut table.schema);
            }
            Edit::SwapColumns(table, a, b) => {
                if let Some(table) = nth(&mut spec.tables, *table) {
                    swap(&mut table.columns, *a, *b, |column| &mut column.name);
                }
            }
            Edit::SwapEnums(a, b) => swap(&mut spec.enums, *a, *b, |declared| &mut declared.name),
            Edit::SwapViews(a, b) => swap(&mut spec.views, *a, *b, |view| &mut view.name),
            Edit::AddView(view) => spec.views.push(view.clone()),
            Edit::AlterView(at, edit) => {
                if let Some(view) = nth(&mut spec.views, *at) {
                    edit.apply(view);
                }
            }
            Edit::Object(edit) => edit.apply(spec),
        }
    }
}

impl EnumEdit {
    fn apply(&self, declared: &mut EnumSpec) {
        match self {
            EnumEdit::Drop => declared.is_gone = true,
            EnumEdit::Rename(name) => declared.name = *name,
            EnumEdit::Move(schema) => declared.schema = *schema,
            EnumEdit::Values(values) => declared.values.clone_from(values),
            EnumEdit::AddValue(value) => declared.values.push(*value),
        }
    }
}

impl TableEdit {
    fn apply(&self, table: &mut TableSpec) {
        match self {
            TableEdit::Drop => table.is_gone = true,
            TableEdit::Rename(name) => table.name = *name,
            TableEdit::Move(schema) => table.schema = *schema,
            TableEdit::Rls(rls) => table.rls = *rls,
            TableEdit::Key(key) => table.key.clone_from(key),
            TableEdit::AddColumn(column) => table.columns.push(column.clone()),
            TableEdit::AddUnique(unique) => table.uniques.push(unique.clone()),
            TableEdit::DropUnique => drop(table.uniques.pop()),
            TableEdit::AddCheck(check) => table.checks.push(check.clone()),
            TableEdit::DropCheck => drop(table.checks.pop()),
            TableEdit::AddIndex(index) => table.indexes.push(index.clone()),
            TableEdit::DropIndex => drop(table.indexes.pop()),
            TableEdit::AddForeignKey(key) => table.foreign_keys.push(key.clone()),
            TableEdit::DropForeignKey => drop(table.foreign_keys.pop()),
            TableEdit::AddPolicy(policy) => table.policies.push(policy.clone()),
            TableEdit::AlterPolicy(at, edit) => {
                if let Some(policy) = nth(&mut table.policies, *at) {
                    edit.apply(policy);
                }
            }
            TableEdit::AlterKey(beside) => {
                if let Some(key) = &mut table.key {
                    key.beside.clone_from(beside);
                }
            }
            TableEdit::AlterUnique(at, beside) => {
                if let Some(unique) = nth(&mut table.uniques, *at) {
                    unique.beside.clone_from(beside);
                }
            }
            TableEdit::AlterIndex(at, beside) => {
                if let Some(index) = nth(&mut table.indexes, *at) {
                    index.beside.clone_from(beside);
                }
            }
            TableEdit::AlterForeignKey(at, beside) => {
                if let Some(key) = nth(&mut table.foreign_keys, *at) {
                    key.beside.clone_from(beside);
                }
            }
            TableEdit::AlterCheck(at, no_inherit) => {
                if let Some(check) = nth(&mut table.checks, *at) {
                    check.no_inherit = *no_inherit;
                }
            }
        }
    }
}

impl PolicyEdit {
    fn apply(&self, policy: &mut spec::PolicySpec) {
        match self {
            PolicyEdit::Drop => policy.is_gone = true,
            PolicyEdit::Rename(name) => policy.name = *name,
            PolicyEdit::Replace(other) => *policy = spec::PolicySpec { name: policy.name, ..other.clone() },
        }
    }
}

impl ViewEdit {
    fn apply(&self, view: &mut ViewSpec) {
        match self {
            ViewEdit::Drop => view.is_gone = true,
            ViewEdit::Rename(name) => view.name = *name,
            ViewEdit::Move(schema) => view.schema = *schema,
            ViewEdit::From(from) => view.from = *from,
            ViewEdit::AddColumn(column) => view.columns.push(*column),
            ViewEdit::Filter(filter) => view.filter = *filter,
            ViewEdit::Materialized(materialized) => view.materialized = *materialized,
            ViewEdit::Option(option) => view.option = *option,
            ViewEdit::AddIndex(index) => view.indexes.push(index.clone()),
            ViewEdit::DropIndex => drop(view.indexes.pop()),
        }
    }
}

impl ColumnEdit {
    fn apply(&self, column: &mut ColumnSpec) {
        match self {
            ColumnEdit::Drop => column.is_gone = true,
            ColumnEdit::Rename(name) => column.name = *name,
            ColumnEdit::Type(sql_type) => column.sql_type = sql_type.clone(),
            ColumnEdit::NotNull(not_null) => column.not_null = *not_null,
            ColumnEdit::Content(content) => column.content = content.clone(),
        }
    }
}

/// Lets two items change names, or schemas.
fn swap<T>(items: &mut [T], a: Choice, b: Choice, name: impl Fn(&mut T) -> &mut Choice) {
    let count = items.len().max(1);
    let (a, b) = (usize::from(a) % count, usize::from(b) % count);
    if let Ok([first, second]) = items.get_disjoint_mut([a, b]) {
        std::mem::swap(name(first), name(second));
    }
}

fn nth<T>(items: &mut [T], at: Choice) -> Option<&mut T> {
    let count = items.len();
    (count > 0).then(|| &mut items[usize::from(at) % count])
}
