use schema::quote::ident;

use crate::plan::Options;
use crate::step::{Name, SequenceOption, SequenceStep};

pub(super) fn statement(step: &SequenceStep) -> String {
    match step {
        SequenceStep::Create(sequence) => {
            let name = Name::new(&sequence.schema, &sequence.name).qualified();
            format!("CREATE SEQUENCE {name}{};", options(&Options::of_sequence(sequence).declared()))
        }
        SequenceStep::Alter { name, options: changed } => {
            format!("ALTER SEQUENCE {}{};", name.qualified(), options(changed))
        }
        SequenceStep::SetSchema { name, to, leg: _ } => {
            format!("ALTER SEQUENCE {} SET SCHEMA {};", name.qualified(), ident(to))
        }
        SequenceStep::Rename { name, to, leg: _ } => {
            format!("ALTER SEQUENCE {} RENAME TO {};", name.qualified(), ident(to))
        }
        SequenceStep::Drop { name } => format!("DROP SEQUENCE {};", name.qualified()),
    }
}

/// Options in a row, a blank before each.
pub(super) fn options(options: &[SequenceOption]) -> String {
    options.iter().map(|one| format!(" {}", option(one))).collect()
}

/// One option.
pub(super) fn option(option: &SequenceOption) -> String {
    match option {
        SequenceOption::Increment(value) => format!("INCREMENT BY {value}"),
        SequenceOption::MinValue(value) => format!("MINVALUE {value}"),
        SequenceOption::MaxValue(value) => format!("MAXVALUE {value}"),
        SequenceOption::Start(value) => format!("START WITH {value}"),
        SequenceOption::Cache(value) => format!("CACHE {value}"),
        SequenceOption::Cycle(true) => "CYCLE".to_owned(),
        SequenceOption::Cycle(false) => "NO CYCLE".to_owned(),
        SequenceOption::Restart => "RESTART".to_owned(),
    }
}
