//! The part of a schema that has to be brought into canonical form.
//!
//! To build a thousand tables takes seconds. Where a schema says of a table what the catalog says, word for word, its
//! canonical form is known already; so the tables and views that differ are built first, with what they name. Where
//! these turn out to mean the same, nothing else needs to be.

use std::collections::HashSet;

use schema::mentions::Mentions;
use schema::{ForeignKey, Map, Objects, Policy, ReferentialAction, Schema, Table, View};

/// What of `given` differs from `found` as it stands, with what that names; nothing where what may be in other words
/// differs beside tables and views, so that all of it has to be built. What is missing in it is an error of PostgreSQL,
/// and no wrong answer.
pub(super) fn differing(found: &Schema, given: &Schema) -> Option<Schema> {
    // Of enums and schemas there is one form.
    let Schema { tables, enums: _, schemas: _, sequences, roles, policies, views, objects } = given;
    let is_same = *sequences == found.sequences
        && *roles == found.roles
        && *policies == found.policies
        && *objects == found.objects;
    if !is_same {
        return None;
    }
    let mut part = Schema {
        tables: those_that_differ(tables, &found.tables),
        views: those_that_differ(views, &found.views),
        objects: Objects {
            triggers: Map::new(),
            partitions: Map::new(),
            statistics: Map::new(),
            comments: Map::new(),
            ..objects.clone()
        },
        roles: Map::new(),
        policies: Map::new(),
        ..given.clone()
    };
    add_what_is_named(&mut part, given);
    part.tables.values_mut().for_each(|table| table.foreign_keys.clear());
    part.objects.tables.retain(|key, _| part.tables.contains_key(key));
    part.objects.views.retain(|key, _| part.views.contains_key(key));
    Some(part)
}

/// The schema with a part of it in canonical form.
pub(super) fn with_part(given: &Schema, part: Schema) -> Schema {
    let mut schema = given.clone();
    for (key, table) in part.tables {
        if let Some(given) = schema.tables.get_mut(&key) {
            let foreign_keys =
                given.foreign_keys.values().map(written_out).map(|key| (key.name.clone(), key)).collect();
            *given = Table { foreign_keys, ..table };
        }
    }
    for (key, view) in part.views {
        schema.views.insert(key, view);
    }
    schema
}

fn those_that_differ<T: Clone + PartialEq>(given: &Map<T>, found: &Map<T>) -> Map<T> {
    let differs = |(key, given): &(&String, &T)| found.get(*key) != Some(*given);
    given.iter().filter(differs).map(|(key, given)| (key.clone(), given.clone())).collect()
}

/// Adds the tables and views that the queries of views and the conditions of policies name, and what those name in turn.
fn add_what_is_named(part: &mut Schema, given: &Schema) {
    let mut looked_at = HashSet::new();
    loop {
        let texts: Vec<String> = texts(part).filter(|text| !looked_at.contains(*text)).map(str::to_owned).collect();
        if texts.is_empty() {
            return;
        }
        for text in texts {
            let mentions = Mentions::of(&text);
            let tables =
                given.tables.iter().filter(|(_, table)| mentions.has_relation(table.schema_name(), &table.name));
            part.tables.extend(tables.map(|(key, table)| (key.clone(), table.clone())));
            let views = given.views.iter().filter(|(_, view)| mentions.has_relation(&view.schema, &view.name));
            part.views.extend(views.map(|(key, view)| (key.clone(), view.clone())));
            looked_at.insert(text);
        }
    }
}

fn texts(schema: &Schema) -> impl Iterator<Item = &str> {
    let queries = schema.views.values().filter_map(|view: &View| view.definition.as_deref());
    let policies = schema.tables.values().flat_map(|table| table.policies.values());
    queries.chain(policies.flat_map(Policy::expressions))
}

/// A foreign key has no expression: its canonical form is what PostgreSQL takes where nothing is said.
fn written_out(key: &ForeignKey) -> ForeignKey {
    let action = |action: Option<ReferentialAction>| Some(action.unwrap_or_default());
    ForeignKey { on_delete: action(key.on_delete), on_update: action(key.on_update), ..key.clone() }
}

#[cfg(test)]
mod tests {
    use schema::build::{Check, Column, Domain, Policy, Table, View, schema, types};

    use super::*;

    fn table(name: &str, condition: &str) -> Table {
        Table::new(name)
            .column(Column::new("a", types::integer()).primary_key())
            .column(Column::new("b", types::integer()).references("other", "a"))
            .check(Check::new(format!("{name}_check"), condition))
    }

    fn declared(of_t: &str, of_v: &str) -> Schema {
        schema([
            table("t", of_t).into(),
            table("other", "a > 0").policy(Policy::new("p").using("a in (select a from third)")).into(),
            table("third", "a > 0").into(),
            table("fourth", "a > 0").into(),
            View::new("v").query(of_v).into(),
            View::new("w").query("select 1 from other").into(),
        ])
        .unwrap()
    }

    fn part(found: &Schema, given: &Schema) -> Option<(Vec<String>, Vec<String>)> {
        let part = differing(found, given)?;
        Some((part.tables.into_keys().collect(), part.views.into_keys().collect()))
    }

    #[test]
    fn what_differs_is_built_with_what_it_names_and_nothing_else_is() {
        let found = declared("(a > 0)", "select 1 from w");
        assert_eq!(part(&found, &found), Some((vec![], vec![])));
        let other_check = declared("a > 0", "select 1 from w");
        assert_eq!(part(&found, &other_check), Some((vec!["public.t".to_owned()], vec![])));
        let other_view = declared("(a > 0)", "select 2 from w");
        let (tables, views) = part(&found, &other_view).unwrap();
        assert_eq!(tables, ["public.other", "public.third"]);
        assert_eq!(views, ["public.v", "public.w"]);
    }

    #[test]
    fn an_enum_that_differs_comes_with_the_part() {
        let found = declared("a > 0", "select 1");
        let mut given = declared("a > 1", "select 1");
        given.enums = schema([schema::build::enumeration("mood", ["ok"]).into()]).unwrap().enums;
        assert_eq!(differing(&found, &given).unwrap().enums, given.enums);
        assert_eq!(part(&found, &given), Some((vec!["public.t".to_owned()], vec![])));
    }

    #[test]
    fn where_more_than_tables_and_views_differs_all_is_built() {
        let found = declared("a > 0", "select 1");
        let mut given = found.clone();
        given.objects = schema([Domain::new("d", types::integer()).into()]).unwrap().objects;
        assert_eq!(part(&found, &given), None);
    }

    #[test]
    fn a_part_in_other_words_takes_its_place_and_keeps_its_foreign_keys() {
        let given = declared("a > 0", "select 1");
        let mut words = differing(&declared("(a > 0)", "select 1"), &given).unwrap();
        words.tables["public.t"].check_constraints["t_check"].value = "(a > 0)".to_owned();
        let whole = with_part(&given, words);
        let table = &whole.tables["public.t"];
        assert_eq!(table.check_constraints["t_check"].value, "(a > 0)");
        let actions: Vec<_> = table.foreign_keys.values().map(|key| (key.on_delete, key.on_update)).collect();
        assert_eq!(actions, [(Some(ReferentialAction::NoAction), Some(ReferentialAction::NoAction))]);
        assert_eq!(whole.tables.len(), given.tables.len());
    }
}
