use schema::Partition;

use super::Name;

/// A step on a partition.
#[derive(Clone, Debug, PartialEq)]
pub enum PartitionStep {
    /// `CREATE TABLE … PARTITION OF`.
    Create(Box<Partition>),
    /// `DROP TABLE`.
    Drop(Box<Partition>),
    /// `ALTER TABLE … ATTACH PARTITION`.
    Attach(Box<Partition>),
    /// `ALTER TABLE … DETACH PARTITION`, with the partition as it was.
    Detach(Box<Partition>),
    /// `ALTER TABLE … SET SCHEMA`, `RENAME TO`: the bounds say that it is the same.
    Rename {
        /// The name so far.
        from: Name,
        /// The name it gets.
        to: Name,
    },
}
