use schema::Statistics;

/// A step on extended statistics.
#[derive(Clone, Debug, PartialEq)]
pub enum StatisticsStep {
    /// `CREATE STATISTICS`, and its target if that is not the one that it has by then.
    Create {
        /// The statistics with all that they say.
        statistics: Box<Statistics>,
        /// Whether they come back.
        recreated: bool,
    },
    /// `DROP STATISTICS`.
    Drop {
        /// The statistics as they were, on the table as it is called.
        statistics: Box<Statistics>,
        /// Whether they come back.
        recreated: bool,
    },
    /// `ALTER STATISTICS … SET STATISTICS`.
    SetTarget(Box<Statistics>),
}
