use schema::Sequence;
use schema::quote::ident;

use crate::step::{Name, SequenceStep};

pub(super) fn statement(step: &SequenceStep) -> String {
    match step {
        SequenceStep::Create(sequence) => {
            let cycle = if sequence.cycle == Some(true) { " CYCLE" } else { "" };
            format!("CREATE SEQUENCE {}{}{cycle};", qualified(sequence), options(sequence))
        }
        SequenceStep::Alter { previous, next } => {
            // What is not said stays, so the end of a cycle must be said.
            let cycle = match (previous.cycle == Some(true), next.cycle == Some(true)) {
                (_, true) => " CYCLE",
                (true, false) => " NO CYCLE",
                (false, false) => "",
            };
            format!("ALTER SEQUENCE {}{}{cycle};", qualified(next), options(next))
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

fn qualified(sequence: &Sequence) -> String {
    Name::new(&sequence.schema, &sequence.name).qualified()
}

fn options(sequence: &Sequence) -> String {
    let Sequence { name: _, schema: _, increment, start_with, min_value, max_value, cache, cycle: _ } = sequence;
    let options = [
        ("INCREMENT BY", increment),
        ("MINVALUE", min_value),
        ("MAXVALUE", max_value),
        ("START WITH", start_with),
        ("CACHE", cache),
    ];
    let written = options.into_iter().filter_map(|(word, value)| Some(format!(" {word} {}", value.as_ref()?)));
    written.collect()
}
