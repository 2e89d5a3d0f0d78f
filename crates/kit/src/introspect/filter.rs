use std::str::FromStr;

use glob::Pattern;
use schema::{Commentable, Map, Objects, Schema, TableObjects};

/// What of a database is read.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The schemas, by name.
    pub schemas: Patterns,
    /// The tables and views, by their bare name.
    pub tables: Patterns,
    /// The roles, which belong to the whole cluster and not to the database.
    pub roles: Roles,
    /// The roles whose objects are read.
    pub owners: Patterns,
    /// Whether policies on tables that are not read are read, as those on tables that are declared elsewhere.
    pub linked_policies: bool,
    /// The tables that are never read.
    pub ledger: Ledger,
}

impl Filter {
    /// What a schema has of that. Tables and views go with all that is theirs; who owns them is nothing that it says.
    pub fn narrow(&self, schema: &mut Schema) {
        let Schema { tables, enums, schemas, sequences, roles, policies: _, views, objects } = schema;
        let is_in = |schema: &str| self.schemas.take(schema);
        tables.retain(|_, table| is_in(table.schema_name()) && self.tables.take(&table.name));
        views.retain(|_, view| is_in(&view.schema) && self.tables.take(&view.name));
        enums.retain(|_, declared| is_in(&declared.schema));
        schemas.retain(|name, _| is_in(name));
        sequences.retain(|_, sequence| is_in(&sequence.schema));
        roles.retain(|name, _| match &self.roles {
            Roles::None => false,
            Roles::Matching(patterns) => patterns.take(name),
        });
        let Objects {
            extensions: _,
            collations,
            domains,
            composites,
            ranges,
            functions,
            triggers: _,
            tables: _,
            views: _,
            partitions,
            statistics,
            comments: _,
        } = objects;
        collations.retain(|_, collation| is_in(&collation.schema));
        domains.retain(|_, domain| is_in(&domain.schema));
        composites.retain(|_, composite| is_in(&composite.schema));
        ranges.retain(|_, range| is_in(&range.schema));
        functions.retain(|_, function| is_in(&function.schema));
        partitions.retain(|_, partition| is_in(&partition.schema) && self.tables.take(&partition.name));
        statistics.retain(|_, statistics| is_in(&statistics.schema));
        forget_what_is_gone(schema);
    }
}

/// Takes away what belongs to an object that a schema no longer has.
pub(super) fn forget_what_is_gone(schema: &mut Schema) {
    let Schema { tables, enums: _, schemas: _, sequences: _, roles: _, policies: _, views, objects } = schema;
    objects.tables.retain(|key, table| {
        forget_defaults(table);
        tables.contains_key(key) && !table.is_empty()
    });
    objects.views.retain(|key, view| views.contains_key(key) && !view.is_empty());
    // A partition is gone with its parent, and its own with it.
    loop {
        let there: Vec<String> = objects.partitions.keys().cloned().collect();
        objects.partitions.retain(|_, partition| {
            let parent = partition.parent_key();
            tables.contains_key(&parent) || there.contains(&parent)
        });
        if objects.partitions.len() == there.len() {
            break;
        }
    }
    let partitions = &objects.partitions;
    objects.statistics.retain(|_, statistics| {
        let key = statistics.table_key();
        tables.contains_key(&key) || partitions.contains_key(&key) || views.contains_key(&key)
    });
    objects.triggers.retain(|_, trigger| {
        let key = trigger.table_key();
        tables.contains_key(&key) || partitions.contains_key(&key) || views.contains_key(&key)
    });
    let comments = std::mem::take(&mut objects.comments);
    let commentable = Commentable::of(schema);
    let comments = comments.into_iter().filter(|(_, comment)| comment.on.is_in(&commentable)).collect();
    schema.objects.comments = comments;
}

/// Takes away what says nothing of a column, constraint or index.
fn forget_defaults(table: &mut TableObjects) {
    fn forget<T: Default + PartialEq>(parts: &mut Map<T>) {
        parts.retain(|_, part| *part != T::default());
    }
    let TableObjects {
        partition_by: _,
        storage_parameters: _,
        is_unlogged: _,
        is_rls_forced: _,
        exclusion_constraints: _,
        columns,
        indexes,
        foreign_keys,
        composite_primary_keys,
        unique_constraints,
        check_constraints,
    } = table;
    forget(columns);
    forget(indexes);
    forget(foreign_keys);
    forget(composite_primary_keys);
    forget(unique_constraints);
    forget(check_constraints);
}

/// Patterns of names: `*` stands for any letters, `?` for one, `[ab]` for one of these, and `{a,b}` for one of these
/// texts; `!` before a pattern leaves out what it matches. Without a pattern, or with such ones only, everything else is
/// in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns {
    /// None takes everything.
    taken: Option<Vec<Pattern>>,
    left_out: Vec<Pattern>,
}

/// Text that is no pattern.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is no pattern of names: {reason}; write `*` for any letters and `?` for one")]
pub struct InvalidPattern {
    pattern: String,
    reason: &'static str,
}

impl Patterns {
    /// Reads patterns.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn new<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> Result<Self, InvalidPattern> {
        let mut read = Patterns::default();
        for pattern in patterns {
            let pattern = pattern.as_ref();
            let (list, text) = match pattern.strip_prefix('!') {
                Some(rest) => (&mut read.left_out, rest),
                None => (read.taken.get_or_insert_default(), pattern),
            };
            let invalid = |reason| InvalidPattern { pattern: pattern.to_owned(), reason };
            if text.contains('(') {
                return Err(invalid("a group in parentheses is not known"));
            }
            for alternative in alternatives(text).ok_or(invalid("a brace is not closed"))? {
                list.push(Pattern::from_str(&alternative).map_err(|error| invalid(error.msg))?);
            }
        }
        Ok(read)
    }

    /// Exactly these names; of none, nothing.
    pub fn exactly<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let escaped = |name: S| Pattern::new(&Pattern::escape(name.as_ref())).expect("an escaped name is a pattern");
        Patterns { taken: Some(names.into_iter().map(escaped).collect()), left_out: Vec::new() }
    }

    /// Exactly the first names, or everything where there are none; never the second ones.
    pub fn but<S: AsRef<str>>(taken: impl IntoIterator<Item = S>, left_out: impl IntoIterator<Item = S>) -> Self {
        let taken = Patterns::exactly(taken).taken.filter(|taken| !taken.is_empty());
        Patterns { taken, left_out: Patterns::exactly(left_out).taken.unwrap_or_default() }
    }

    /// Whether a name is in.
    pub fn take(&self, name: &str) -> bool {
        let matches = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(name));
        self.taken.as_deref().is_none_or(matches) && !matches(&self.left_out)
    }
}

/// A pattern without its braces, once for each text in them; nothing where one is not closed.
fn alternatives(pattern: &str) -> Option<Vec<String>> {
    let Some((before, rest)) = pattern.split_once('{') else { return Some(vec![pattern.to_owned()]) };
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&rest[from..at]);
                let after = &rest[at + 1..];
                let one = |part: &str| alternatives(&format!("{before}{part}{after}"));
                return parts.into_iter().map(one).collect::<Option<Vec<_>>>().map(|lists| lists.concat());
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&rest[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    None
}

/// Which roles are read. Superusers and PostgreSQL's own are never among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Roles {
    /// None.
    #[default]
    None,
    /// Those that match.
    Matching(Patterns),
}

/// The tables in which migrations are recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Their schema, written out.
    pub schema: String,
    /// The table of applied migrations.
    pub table: String,
    /// The table beside it, of those that are half applied.
    pub progress: String,
}

impl Ledger {
    /// Whether a table is one of them.
    pub fn has(&self, schema: &str, table: &str) -> bool {
        schema == self.schema && (table == self.table || table == self.progress)
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Ledger {
            schema: schema::PUBLIC.to_owned(),
            table: "__drizzle_migrations".to_owned(),
            progress: "__drizzle_migrations_progress".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use schema::TriggerEvent::Insert;
    use schema::build::{Column, Domain, Function, Partition, PartitionKey, Table, Trigger, schema, types};

    use super::{Filter, Patterns};

    #[test]
    fn a_schema_is_narrowed_with_all_that_belongs_to_what_goes() {
        let table = |name: &str| Table::new(name).column(Column::new("a", types::integer()).comment("x"));
        let with_parts = |name: &str| {
            table(name)
                .partition_by(PartitionKey::list().column("a"))
                .trigger(Trigger::after("t", [Insert]).execute("f"))
        };
        let all = [
            with_parts("kept").into(),
            with_parts("gone").into(),
            table("other").in_schema("app").into(),
            Partition::new("kept_1", "kept").into(),
            Partition::new("gone_1", "gone").partition_by(PartitionKey::list().column("a")).into(),
            Partition::new("gone_2", "gone_1").into(),
            Domain::new("d", types::integer()).into(),
            Domain::new("d", types::integer()).in_schema("app").into(),
            Function::new("f").returns("trigger").plpgsql("begin end").into(),
        ];
        let mut found = schema(all).unwrap();
        let (schemas, tables) = (Patterns::exactly(["public"]), Patterns::new(["!gone"]).unwrap());
        Filter { schemas, tables, ..Filter::default() }.narrow(&mut found);
        let expected = [
            with_parts("kept").into(),
            Partition::new("kept_1", "kept").into(),
            Domain::new("d", types::integer()).into(),
            Function::new("f").returns("trigger").plpgsql("begin end").into(),
        ];
        assert_eq!(found, schema(expected).unwrap());
    }

    #[test]
    fn a_name_is_in_where_a_pattern_takes_it_and_none_leaves_it_out() {
        for (patterns, taken, left_out) in [
            (vec![], vec!["a", "pg_stat"], vec![]),
            (vec!["app_*", "users"], vec!["app_", "app_x", "users"], vec!["user", "xapp_"]),
            (vec!["!tmp_?"], vec!["a", "tmp_", "tmp_ab"], vec!["tmp_a"]),
            (vec!["app_*", "!app_tmp*"], vec!["app_x"], vec!["app_tmp", "users"]),
            (vec!["{app,my{1,2}}_[ab]"], vec!["app_a", "my1_b", "my2_a"], vec!["app_c", "my_a", "app", "{app"]),
        ] {
            let read = Patterns::new(&patterns).unwrap();
            assert!(taken.iter().all(|name| read.take(name)), "{patterns:?}");
            assert!(!left_out.iter().any(|name| read.take(name)), "{patterns:?}");
        }
    }

    #[test]
    fn a_name_is_taken_exactly_whatever_letters_it_has() {
        let read = Patterns::exactly(["a*", "[b]", "!c"]);
        assert!(["a*", "[b]", "!c"].iter().all(|name| read.take(name)));
        assert!(!["ab", "b", "c", "x"].iter().any(|name| read.take(name)));
        assert!(!Patterns::exactly([""; 0]).take("a"));
        let (some, rest) = (Patterns::but(["a", "b"], ["b"]), Patterns::but([], ["b*"]));
        assert_eq!(["a", "b", "c"].map(|name| some.take(name)), [true, false, false]);
        assert_eq!(["a", "b*", "bc"].map(|name| rest.take(name)), [true, false, true]);
    }

    #[test]
    fn text_that_is_no_pattern_is_named() {
        for pattern in ["a[b", "{a,b", "+(a|b)"] {
            let error = Patterns::new([pattern]).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{pattern}` is no pattern of names: ")), "{error}");
        }
    }
}
