use std::collections::HashMap;

use schema::mentions::Mentions;
use schema::{Enum, Partition, Schema, Table, View};

use super::super::OldNames;
use crate::rename::Kind;
use crate::step::{Name, Reads};

/// Finds what a query names among the objects of a schema. They are looked up by the words of the query, since a schema may
/// have more views than there is time to look through for each of them.
pub(super) struct Reader<'a> {
    schema: &'a Schema,
    /// The names that its queries are written with, where the schema has other ones by now.
    old: Option<OldNames<'a>>,
    tables: ByName<'a, Table>,
    views: ByName<'a, View>,
    enums: ByName<'a, Enum>,
    partitions: ByName<'a, Partition>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(schema: &'a Schema, old: Option<OldNames<'a>>) -> Self {
        let written = |kind, name: Name| old.map_or_else(|| name.clone(), |old| old.written(kind, &name));
        Reader {
            schema,
            old,
            tables: ByName::new(schema.tables.values(), |table| written(Kind::Table, Name::of(table))),
            views: ByName::new(schema.views.values(), |view| written(Kind::View, Name::of_view(view))),
            enums: ByName::new(schema.enums.values(), |declared| written(Kind::Enum, Name::of_enum(declared))),
            partitions: ByName::new(schema.objects.partitions.values(), Name::of_partition),
        }
    }

    pub(super) fn schema(&self) -> &'a Schema {
        self.schema
    }

    pub(super) fn old(&self) -> Option<OldNames<'a>> {
        self.old
    }

    pub(super) fn reads(&self, view: &View) -> Reads {
        let Some(definition) = &view.definition else { return Reads::default() };
        let mentions = Mentions::of(definition);
        let is_relation = |name: &Name| mentions.has_relation(&name.schema, &name.name);
        let mut found = Reads::default();
        for table in self.tables.among(&mentions, is_relation) {
            let name = Name::of(table);
            let columns = table.columns.keys().filter(|column| {
                mentions.has_column(self.old.map_or(column.as_str(), |old| old.column(&name, column)))
            });
            found.columns.extend(columns.map(|column| (name.clone(), column.clone())));
            found.relations.push(name);
        }
        let views = self.views.among(&mentions, is_relation).into_iter().filter(|other| other.key() != view.key());
        found.relations.extend(views.map(|other| self.name_of(other)));
        let enums = self.enums.among(&mentions, |name| mentions.has_type(&name.schema, &name.name));
        found.types.extend(enums.into_iter().map(Name::of_enum));
        let partitions = self.partitions.among(&mentions, is_relation);
        found.relations.extend(partitions.into_iter().map(Name::of_partition));
        found
    }

    /// The name that a view has until it is renamed.
    pub(super) fn name_of(&self, view: &View) -> Name {
        let name = Name::of_view(view);
        self.old.map_or_else(|| name.clone(), |old| old.before(Kind::View, &name).clone())
    }
}

/// Objects of a kind by the names, without their schemas, that queries have for them.
struct ByName<'a, T>(HashMap<String, Vec<Named<'a, T>>>);

struct Named<'a, T> {
    /// Its place among all of the kind.
    at: usize,
    name: Name,
    object: &'a T,
}

impl<'a, T> ByName<'a, T> {
    fn new(objects: impl Iterator<Item = &'a T>, name: impl Fn(&T) -> Name) -> Self {
        let mut by_name: HashMap<String, Vec<Named<T>>> = HashMap::new();
        for (at, object) in objects.enumerate() {
            let name = name(object);
            by_name.entry(name.name.clone()).or_default().push(Named { at, name, object });
        }
        ByName(by_name)
    }

    /// Those that are mentioned, in the order of the schema.
    fn among(&self, mentions: &Mentions, is_mentioned: impl Fn(&Name) -> bool) -> Vec<&'a T> {
        let candidates = mentions.names().filter_map(|name| self.0.get(name)).flatten();
        let mut found: Vec<&Named<T>> = candidates.filter(|named| is_mentioned(&named.name)).collect();
        found.sort_by_key(|named| named.at);
        // A name may stand with its schema and without.
        found.dedup_by_key(|named| named.at);
        found.into_iter().map(|named| named.object).collect()
    }
}

#[cfg(test)]
mod tests {
    use schema::build::{self, Column, View, types};

    use super::*;

    #[test]
    fn what_a_view_reads_is_in_the_order_of_the_schema_and_once() {
        let table = |name: &str| build::Table::new(name).column(Column::new("id", types::integer()));
        let reader = View::new("reader").query("SELECT b.id FROM public.b JOIN b AS again ON true JOIN a USING (id)");
        let schema =
            build::schema([table("a").into(), table("b").into(), table("c").into(), reader.into()]).expect("a schema");
        let reads = Reader::new(&schema, None).reads(&schema.views["public.reader"]);
        let relations: Vec<&str> = reads.relations.iter().map(|name| name.name.as_str()).collect();
        assert_eq!(relations, ["a", "b"]);
    }
}
