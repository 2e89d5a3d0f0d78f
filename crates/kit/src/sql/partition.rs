use schema::quote::ident;
use schema::{Map, Partition, PartitionKey, PartitionStrategy};

use super::parameter;
use crate::step::{Name, PartitionStep};

pub(super) fn statements(step: &PartitionStep) -> Vec<String> {
    match step {
        PartitionStep::Create(partition) => vec![create(partition)],
        PartitionStep::Drop(partition) => vec![format!("DROP TABLE {};", Name::of_partition(partition))],
        PartitionStep::Attach(partition) => {
            let (parent, name) = (parent(partition), Name::of_partition(partition));
            vec![format!("ALTER TABLE {parent} ATTACH PARTITION {name} {};", partition.bounds)]
        }
        PartitionStep::Detach(partition) => {
            vec![format!("ALTER TABLE {} DETACH PARTITION {};", parent(partition), Name::of_partition(partition))]
        }
        PartitionStep::Rename { from, to } => {
            let moved =
                (from.schema != to.schema).then(|| format!("ALTER TABLE {from} SET SCHEMA {};", ident(&to.schema)));
            let from = Name::new(&to.schema, &from.name);
            let renamed = (from.name != to.name).then(|| format!("ALTER TABLE {from} RENAME TO {};", ident(&to.name)));
            moved.into_iter().chain(renamed).collect()
        }
    }
}

fn parent(partition: &Partition) -> Name {
    Name::new(&partition.parent_schema, &partition.parent)
}

fn create(partition: &Partition) -> String {
    let Partition {
        name: _,
        schema: _,
        parent_schema: _,
        parent: _,
        bounds,
        partition_by,
        storage_parameters,
        is_unlogged,
    } = partition;
    let unlogged = if *is_unlogged { "UNLOGGED " } else { "" };
    let (name, parent) = (Name::of_partition(partition), parent(partition));
    let end = end(partition_by.as_ref(), storage_parameters);
    format!("CREATE {unlogged}TABLE {name} PARTITION OF {parent} {bounds}{end};")
}

/// What follows the columns of a table and the bounds of a partition.
pub(super) fn end(partition_by: Option<&PartitionKey>, storage_parameters: &Map<String>) -> String {
    let mut sql = String::new();
    if let Some(PartitionKey { strategy, parts }) = partition_by {
        let strategy = match strategy {
            PartitionStrategy::Range => "RANGE",
            PartitionStrategy::List => "LIST",
            PartitionStrategy::Hash => "HASH",
        };
        let parts = parts
            .iter()
            .map(|part| if part.is_expression { format!("({})", part.expression) } else { ident(&part.expression) });
        sql.push_str(&format!(" PARTITION BY {strategy} ({})", parts.collect::<Vec<_>>().join(", ")));
    }
    if !storage_parameters.is_empty() {
        sql.push_str(&format!(" WITH ({})", parameter::list(storage_parameters)));
    }
    sql
}
