use super::members::Members;
use super::{
    Check, Column, Comment, Exclusion, ForeignKey, Index, PartitionKey, Policy, PrimaryKey, Trigger, Unique,
    add_comment, insert,
};
use crate::model::{self, ColumnObjects, CommentKind, Objects, PUBLIC, TableObjects};
use crate::validate::Problem;

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    name: String,
    schema: String,
    columns: Vec<Column>,
    indexes: Vec<Index>,
    foreign_keys: Vec<ForeignKey>,
    primary_key: Option<PrimaryKey>,
    uniques: Vec<Unique>,
    checks: Vec<Check>,
    policies: Vec<Policy>,
    is_rls_enabled: bool,
    pub(super) objects: TableObjects,
    exclusions: Vec<Exclusion>,
    triggers: Vec<Trigger>,
    comment: Option<String>,
}

impl Table {
    /// A table in `public` without columns.
    pub fn new(name: impl Into<String>) -> Self {
        Table {
            name: name.into(),
            schema: String::new(),
            columns: Vec::new(),
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            checks: Vec::new(),
            policies: Vec::new(),
            is_rls_enabled: false,
            objects: TableObjects::default(),
            exclusions: Vec::new(),
            triggers: Vec::new(),
            comment: None,
        }
    }

    /// The schema.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.schema = schema.into();
        if self.schema == PUBLIC {
            // A snapshot writes `public` as the empty name.
            self.schema.clear();
        }
        self
    }

    /// Adds a column after those that are there.
    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// Adds an index.
    #[must_use]
    pub fn index(mut self, index: Index) -> Self {
        self.indexes.push(index);
        self
    }

    /// Adds a foreign key.
    #[must_use]
    pub fn foreign_key(mut self, key: ForeignKey) -> Self {
        self.foreign_keys.push(key);
        self
    }

    /// Sets a primary key of several columns, or one with a name of its own. Its columns become NOT NULL in
    /// PostgreSQL by being in it.
    #[must_use]
    pub fn primary_key(mut self, key: PrimaryKey) -> Self {
        self.primary_key = Some(key);
        self
    }

    /// Adds a unique constraint.
    #[must_use]
    pub fn unique(mut self, unique: Unique) -> Self {
        self.uniques.push(unique);
        self
    }

    /// Adds a check constraint.
    #[must_use]
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// Adds a row-level security policy.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policies.push(policy);
        self
    }

    /// `ENABLE ROW LEVEL SECURITY` without a policy: nobody but the owner sees a row.
    #[must_use]
    pub fn enable_rls(mut self) -> Self {
        self.is_rls_enabled = true;
        self
    }

    /// `FORCE ROW LEVEL SECURITY`: it holds for the owner too.
    #[must_use]
    pub fn force_rls(mut self) -> Self {
        self.objects.is_rls_forced = true;
        self
    }

    /// Adds an exclusion constraint.
    #[must_use]
    pub fn exclude(mut self, exclusion: Exclusion) -> Self {
        self.exclusions.push(exclusion);
        self
    }

    /// `PARTITION BY`; its partitions are [objects](super::Partition) of their own.
    #[must_use]
    pub fn partition_by(mut self, key: PartitionKey) -> Self {
        self.objects.partition_by = Some(key.build());
        self
    }

    /// A storage parameter: `fillfactor`, `autovacuum_enabled`, ….
    #[must_use]
    pub fn storage_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.objects.storage_parameters.insert(name.into(), value.into());
        self
    }

    /// `UNLOGGED`: its rows are gone after a crash.
    #[must_use]
    pub fn unlogged(mut self) -> Self {
        self.objects.is_unlogged = true;
        self
    }

    /// Adds a trigger.
    #[must_use]
    pub fn trigger(mut self, trigger: Trigger) -> Self {
        self.triggers.push(trigger);
        self
    }

    /// `COMMENT ON TABLE`.
    #[must_use]
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.comment = Some(text.into());
        self
    }

    /// The table of the model, with what a snapshot has no place for among `all_objects`; what cannot stand in
    /// it is added to `problems`.
    pub(super) fn build(self, all_objects: &mut Objects, problems: &mut Vec<Problem>) -> model::Table {
        let mut table = model::Table {
            name: self.name.clone(),
            schema: self.schema.clone(),
            is_rls_enabled: self.is_rls_enabled,
            ..model::Table::default()
        };
        self.add_to(&mut table, all_objects, problems);
        table
    }

    /// The key of the table.
    pub(super) fn key(&self) -> String {
        model::key(&self.schema, &self.name)
    }

    /// Gives a table of the model what this one has. Its name and schema are its own.
    pub(super) fn add_to(self, table: &mut model::Table, all_objects: &mut Objects, problems: &mut Vec<Problem>) {
        let Table {
            name: _,
            schema: _,
            columns,
            indexes,
            foreign_keys,
            primary_key,
            uniques,
            checks,
            policies,
            is_rls_enabled: _,
            objects,
            exclusions,
            triggers,
            comment,
        } = self;
        let key = table.key();
        let mut objects = merged(all_objects.tables.shift_remove(&key).unwrap_or_default(), objects);
        let name = table.name.clone();
        let name = name.as_str();
        let mut comments: Vec<(CommentKind, Option<String>, String, String)> = Vec::new();
        comments.extend(comment.map(|text| (CommentKind::Table, None, name.to_owned(), text)));
        let mut members = Members { object: "table", key, problems };
        for Column { mut column, unique, identity, references, objects: beside, comment } in columns {
            column.identity = identity.map(|identity| identity.build(&table.schema, name, &column));
            let unique = unique.map(|unique| unique.build(name));
            let uniques = (&mut table.unique_constraints, &mut objects.unique_constraints);
            members.add_with("unique constraint", uniques, unique, |u| &u.name);
            let key = references.map(|key| key.build(name));
            let keys = (&mut table.foreign_keys, &mut objects.foreign_keys);
            members.add_with("foreign key", keys, key, |k| &k.name);
            if beside != ColumnObjects::default() {
                objects.columns.insert(column.name.clone(), beside);
            }
            let comment = comment.map(|text| (CommentKind::Column, Some(name.to_owned()), column.name.clone(), text));
            comments.extend(comment);
            members.add("column", &mut table.columns, [column], |c| &c.name);
        }
        let indexes = indexes.into_iter().map(|index| index.build(name));
        members.add_with("index", (&mut table.indexes, &mut objects.indexes), indexes, |i| &i.name);
        let keys = foreign_keys.into_iter().map(|key| key.build(name));
        members.add_with("foreign key", (&mut table.foreign_keys, &mut objects.foreign_keys), keys, |k| &k.name);
        let key = primary_key.map(|key| key.build(name));
        let keys = (&mut table.composite_primary_keys, &mut objects.composite_primary_keys);
        members.add_with("primary key", keys, key, |k| &k.name);
        let uniques = uniques.into_iter().map(|unique| unique.build(name));
        let into = (&mut table.unique_constraints, &mut objects.unique_constraints);
        members.add_with("unique constraint", into, uniques, |u| &u.name);
        let checks = checks.into_iter().map(Check::build);
        let into = (&mut table.check_constraints, &mut objects.check_constraints);
        members.add_with("check constraint", into, checks, |c| &c.name);
        let policies = policies.into_iter().map(Policy::build);
        members.add("policy", &mut table.policies, policies, |p| &p.name);
        let exclusions = exclusions.into_iter().map(Exclusion::build);
        members.add("exclusion constraint", &mut objects.exclusion_constraints, exclusions, |e| &e.name);
        for trigger in triggers {
            let trigger = trigger.on(&table.schema, name).build();
            insert(&mut all_objects.triggers, trigger.key(), trigger, "trigger", problems);
        }
        for (kind, owner, name, text) in comments {
            add_comment(all_objects, Comment::new(kind, Some(&table.schema), owner, name, text), problems);
        }
        if !objects.is_empty() {
            all_objects.tables.insert(table.key(), objects);
        }
    }
}

/// Both of what a table has; where only one can stand, the second.
fn merged(first: TableObjects, second: TableObjects) -> TableObjects {
    let TableObjects {
        partition_by,
        mut storage_parameters,
        is_unlogged,
        is_rls_forced,
        mut exclusion_constraints,
        mut columns,
        mut indexes,
        mut foreign_keys,
        mut composite_primary_keys,
        mut unique_constraints,
        mut check_constraints,
    } = first;
    storage_parameters.extend(second.storage_parameters);
    exclusion_constraints.extend(second.exclusion_constraints);
    indexes.extend(second.indexes);
    foreign_keys.extend(second.foreign_keys);
    composite_primary_keys.extend(second.composite_primary_keys);
    unique_constraints.extend(second.unique_constraints);
    check_constraints.extend(second.check_constraints);
    for (name, ColumnObjects { collation, storage, compression, is_virtual }) in second.columns {
        let column = columns.entry(name).or_default();
        column.collation = collation.or(column.collation.take());
        column.storage = storage.or(column.storage);
        column.compression = compression.or(column.compression.take());
        column.is_virtual |= is_virtual;
    }
    TableObjects {
        partition_by: second.partition_by.or(partition_by),
        storage_parameters,
        is_unlogged: is_unlogged || second.is_unlogged,
        is_rls_forced: is_rls_forced || second.is_rls_forced,
        exclusion_constraints,
        columns,
        indexes,
        foreign_keys,
        composite_primary_keys,
        unique_constraints,
        check_constraints,
    }
}
