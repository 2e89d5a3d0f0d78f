//! The part of a schema that has to be brought into canonical form.
//!
//! To build a thousand tables takes seconds. Where a schema says of a table what the catalog says, word for word, its
//! canonical form is known already; so the tables and views that differ are built, with what they name and what is
//! theirs. Types, functions and sequences are built with every part: they are few beside the tables.

use std::collections::HashSet;

use schema::mentions::{Mentions, relations_in_literals};
use schema::names::stored;
use schema::{
    CommentTarget, ForeignKey, Map, Objects, PUBLIC, Policy, ReferentialAction, Schema, Table, TableObjects, View,
};

use crate::plan::sequences;
use crate::step::Name;

/// What of `given` differs from `found` as it stands, with what that names; nothing where something differs that is no
/// part of a table or view that is declared, so that all of it has to be built. What is missing in it is an error of
/// PostgreSQL, and no wrong answer.
pub(super) fn differing(found: &Schema, given: &Schema) -> Option<Schema> {
    let mut comments = unlike(&found.objects.comments, &given.objects.comments);
    if given.policies != found.policies || !comments.all(|(_, comment)| has_one_form(&comment.on)) {
        return None;
    }
    let keys = those_that_differ(found, given);
    if !keys.iter().all(|key| given.tables.contains_key(key) || given.views.contains_key(key)) {
        return None;
    }
    let mut part = given.clone();
    part.roles.clear();
    part.policies.clear();
    part.tables.retain(|key, _| keys.contains(key));
    part.views.retain(|key, _| keys.contains(key));
    add_what_is_named(&mut part, given);
    part.tables.values_mut().for_each(|table| table.foreign_keys.clear());
    let Schema { tables, views, objects, .. } = &mut part;
    let is_in = |key: &str| tables.contains_key(key) || views.contains_key(key);
    objects.tables.retain(|key, _| is_in(key));
    objects.tables.values_mut().for_each(|beside| beside.foreign_keys.clear());
    objects.views.retain(|key, _| is_in(key));
    objects.triggers.retain(|_, trigger| is_in(&trigger.table_key()));
    objects.statistics.retain(|_, statistics| is_in(&statistics.table_key()));
    objects.partitions.retain(|key, _| is_in(&given.objects.partition_root(key)));
    objects.comments.clear();
    Some(part)
}

/// The schema with a part of it in canonical form; nothing where PostgreSQL calls something otherwise than the schema does.
pub(super) fn with_part(given: &Schema, part: Schema) -> Option<Schema> {
    let mut schema = given.clone();
    let Schema { tables, enums: _, schemas: _, sequences, roles: _, policies: _, views, objects } = part;
    let Objects {
        extensions: _,
        collations,
        domains,
        composites,
        ranges,
        functions,
        triggers,
        tables: mut beside,
        views: beside_views,
        partitions,
        statistics,
        comments: _,
    } = objects;
    for (key, table) in tables {
        let given = schema.tables.get_mut(&key)?;
        let foreign_keys = given.foreign_keys.values().map(written_out).collect::<Option<Vec<_>>>()?;
        let foreign_keys = foreign_keys.into_iter().map(|key| (key.name.clone(), key)).collect();
        *given = Table { foreign_keys, ..table };
        let was = schema.objects.tables.shift_remove(&key).unwrap_or_default();
        if was.foreign_keys.keys().any(|name| stored(name) != name) {
            return None;
        }
        let is = TableObjects { foreign_keys: was.foreign_keys, ..beside.shift_remove(&key).unwrap_or_default() };
        if !is.is_empty() {
            schema.objects.tables.insert(key, is);
        }
    }
    replace(&mut schema.views, views)?;
    replace(&mut schema.objects.views, beside_views)?;
    replace(&mut schema.objects.triggers, triggers)?;
    replace(&mut schema.objects.partitions, partitions)?;
    replace(&mut schema.objects.statistics, statistics)?;
    schema.sequences = sequences;
    let objects = &mut schema.objects;
    (objects.collations, objects.domains, objects.composites) = (collations, domains, composites);
    (objects.ranges, objects.functions) = (ranges, functions);
    Some(schema)
}

/// Puts the parts in the places of what has their keys.
fn replace<T>(whole: &mut Map<T>, parts: Map<T>) -> Option<()> {
    for (key, part) in parts {
        *whole.get_mut(&key)? = part;
    }
    Some(())
}

/// The keys of tables and views of which one of the two says otherwise than the other, be it of what is theirs.
fn those_that_differ(found: &Schema, given: &Schema) -> HashSet<String> {
    let [of_found, of_given] = [&found.objects, &given.objects];
    let mut keys: HashSet<String> = unlike(&found.tables, &given.tables).map(|(key, _)| key.clone()).collect();
    keys.extend(unlike(&found.views, &given.views).map(|(key, _)| key.clone()));
    keys.extend(unlike(&of_found.tables, &of_given.tables).map(|(key, _)| key.clone()));
    keys.extend(unlike(&of_found.views, &of_given.views).map(|(key, _)| key.clone()));
    keys.extend(unlike(&of_found.triggers, &of_given.triggers).map(|(_, trigger)| trigger.table_key()));
    keys.extend(unlike(&of_found.statistics, &of_given.statistics).map(|(_, statistics)| statistics.table_key()));
    let partitions = unlike(&of_found.partitions, &of_given.partitions);
    keys.extend(partitions.map(|(key, _)| of_given.partition_root(key)));
    keys
}

/// What is given and was not found so.
fn unlike<'a, T: PartialEq>(found: &'a Map<T>, given: &'a Map<T>) -> impl Iterator<Item = (&'a String, &'a T)> {
    given.iter().filter(|(key, given)| found.get(*key) != Some(*given))
}

/// Adds the tables and views that the queries of views and the conditions of policies name, those with whose columns the
/// sequences come that defaults draw from, and what these name in turn.
fn add_what_is_named(part: &mut Schema, given: &Schema) {
    let mut looked_at = HashSet::new();
    loop {
        add_what_is_drawn_from(part, given);
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

fn add_what_is_drawn_from(part: &mut Schema, given: &Schema) {
    let mut count = 0;
    while std::mem::replace(&mut count, part.tables.len()) < part.tables.len() {
        let columns = part.tables.values().flat_map(|table| table.columns.values());
        let defaults = columns.filter_map(|column| column.default_sql());
        let drawn_from: HashSet<Name> = defaults
            .flat_map(|default| relations_in_literals(&default).collect::<Vec<_>>())
            .map(|(schema, name)| Name::new(schema.as_deref().unwrap_or(PUBLIC), &name))
            .collect();
        let tables = given.tables.iter().filter(|(_, table)| sequences(table).any(|name| drawn_from.contains(&name)));
        part.tables.extend(tables.map(|(key, table)| (key.clone(), table.clone())));
    }
}

fn texts(schema: &Schema) -> impl Iterator<Item = &str> {
    let queries = schema.views.values().filter_map(|view: &View| view.definition.as_deref());
    let policies = schema.tables.values().flat_map(|table| table.policies.values());
    queries.chain(policies.flat_map(Policy::expressions))
}

/// Whether PostgreSQL names an object as a schema does: it has arguments in words of its own, and names that are cut off.
fn has_one_form(target: &CommentTarget) -> bool {
    let CommentTarget { kind: _, schema, owner, name, arguments } = target;
    let mut names = [schema.as_ref(), owner.as_ref(), Some(name)].into_iter().flatten();
    arguments.is_none() && names.all(|name| stored(name) == name)
}

/// A foreign key has no expression: its canonical form is what PostgreSQL takes where nothing is said, and its name cut
/// off; nothing where it names what is cut off itself.
fn written_out(key: &ForeignKey) -> Option<ForeignKey> {
    let action = |action: Option<ReferentialAction>| Some(action.unwrap_or_default());
    let mut named = key.columns_from.iter().chain(&key.columns_to).chain([&key.table_from, &key.table_to]);
    named.all(|name| stored(name) == name).then(|| ForeignKey {
        name: stored(&key.name).to_owned(),
        on_delete: action(key.on_delete),
        on_update: action(key.on_update),
        ..key.clone()
    })
}

#[cfg(test)]
mod tests {
    use schema::TriggerEvent;
    use schema::build::{
        Check, Column, Domain, Object, Partition, PartitionKey, Policy, Statistics, Table, Trigger, View, enumeration,
        schema, types,
    };

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
    fn a_default_brings_the_table_with_whose_column_its_sequence_comes() {
        let drawing = |name: &str, from: &str| {
            Table::new(name).column(Column::new("a", types::integer()).default_sql(format!("nextval('{from}')")))
        };
        let declared = |of_t: &str| {
            let second = drawing("second", "third_b_seq").column(Column::new("b", types::serial()));
            let third = Table::new("third").column(Column::new("b", types::serial()));
            let t = drawing("t", "second_b_seq").check(Check::new("t_check", of_t));
            schema([t.into(), second.into(), third.into(), table("other", "a > 0").into()]).unwrap()
        };
        let (tables, _) = part(&declared("a > 0"), &declared("(a > 0)")).unwrap();
        assert_eq!(tables, ["public.t", "public.second", "public.third"]);
    }

    fn objects<const N: usize>(objects: [Object; N]) -> Objects {
        schema(objects.into_iter().chain([table("t", "a > 0").into(), table("other", "a > 0").into()])).unwrap().objects
    }

    #[test]
    fn what_is_of_no_table_comes_with_every_part() {
        let found = declared("a > 0", "select 1");
        let mut given = found.clone();
        given.enums = schema([enumeration("mood", ["ok"]).into()]).unwrap().enums;
        given.objects = objects([Domain::new("d", types::integer()).into()]);
        let part = differing(&found, &given).unwrap();
        assert_eq!((part.tables.len(), part.views.len()), (0, 0));
        assert_eq!((part.enums, part.objects), (given.enums, given.objects));
    }

    #[test]
    fn what_a_table_has_beside_it_brings_the_table() {
        let with = |more: &dyn Fn(Table) -> Vec<Object>| {
            schema(more(table("t", "a > 0")).into_iter().chain([table("other", "a > 0").into()])).unwrap()
        };
        let found = with(&|t| vec![t.into()]);
        let touch = || Trigger::after("touch", [TriggerEvent::Insert]).execute("touch");
        let cases: [&dyn Fn(Table) -> Vec<Object>; 3] =
            [&|t| vec![t.unlogged().into()], &|t| vec![t.trigger(touch()).into()], &|t| {
                vec![t.into(), Statistics::new("s", "t").columns(["a", "b"]).into()]
            }];
        for more in cases {
            assert_eq!(part(&found, &with(more)), Some((vec!["public.t".to_owned()], vec![])));
        }
    }

    #[test]
    fn what_a_partition_has_beside_it_has_all_built() {
        let found = declared("a > 0", "select 1");
        let mut given = found.clone();
        given.objects = schema([
            table("other", "a > 0").partition_by(PartitionKey::range().column("a")).into(),
            Partition::new("p", "other").from_to("1", "2").into(),
            Trigger::after("touch", [TriggerEvent::Insert]).on("public", "p").execute("touch").into(),
        ])
        .unwrap()
        .objects;
        assert_eq!(part(&found, &given), None);
    }

    #[test]
    fn where_a_policy_on_a_table_of_others_differs_all_is_built() {
        let found = declared("a > 0", "select 1");
        let mut given = found.clone();
        given.policies.insert("p".to_owned(), given.tables["public.other"].policies["p"].clone());
        assert_eq!(part(&found, &given), None);
    }

    #[test]
    fn a_part_in_other_words_takes_its_place_and_keeps_its_foreign_keys() {
        let given = declared("a > 0", "select 1");
        let mut words = differing(&declared("(a > 0)", "select 1"), &given).unwrap();
        words.tables["public.t"].check_constraints["t_check"].value = "(a > 0)".to_owned();
        let whole = with_part(&given, words).unwrap();
        let table = &whole.tables["public.t"];
        assert_eq!(table.check_constraints["t_check"].value, "(a > 0)");
        let actions: Vec<_> = table.foreign_keys.values().map(|key| (key.on_delete, key.on_update)).collect();
        assert_eq!(actions, [(Some(ReferentialAction::NoAction), Some(ReferentialAction::NoAction))]);
        assert_eq!(whole.tables.len(), given.tables.len());
    }
}
