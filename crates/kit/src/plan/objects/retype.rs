//! Columns step aside while their type is made anew: a domain's to the type below it, which rewrites
//! nothing, all others to text.

use schema::mentions::Mentions;
use schema::{Column, Domain, Map, Table};

use super::Change;
use crate::diff::{Matched, Pair};
use crate::plan::casts;
use crate::plan::enums::{drop_default, set_default};
use crate::plan::{Stage, Steps};
use crate::step::{ColumnStep, Name, Step};

pub(super) fn plan(steps: &mut Steps, change: Change) {
    if change.recreated.anew().is_empty() {
        return;
    }
    let mut back = Vec::new();
    for table in &change.tables.kept {
        for column in Matched::new(&table.previous.columns, &table.next.columns).kept {
            if change.recreated.steps_aside(column) {
                back.extend(step_aside(steps, change, *table, column));
            }
        }
    }
    // After the types, whose steps have the same stage.
    for step in back {
        steps.push(Stage::RestoreType, Step::Column(step));
    }
}

/// Adds the steps that make the column something else, and returns those that make it what it becomes.
fn step_aside(steps: &mut Steps, change: Change, table: Pair<&Table>, column: Pair<&Column>) -> Vec<ColumnStep> {
    let Pair { previous, next } = column;
    let name = Name::of(table.next);
    let mut back = Vec::new();
    if previous.default.is_some() {
        steps.push(Stage::DropExpression, Step::Column(drop_default(&name, previous)));
    }
    let [was_type, is_type] = [previous, next].map(|column| match column.type_schema {
        Some(_) => crate::sql::types::qualified(column),
        None => column.sql_type.clone(),
    });
    let was = below(change, &change.previous.objects.domains, &was_type);
    let is = below(change, &change.next.objects.domains, &is_type);
    let with_type =
        |below: &Below| Column { sql_type: below.sql_type.clone(), type_schema: None, default: None, ..next.clone() };
    let (meanwhile, ground) = (with_type(&was), with_type(&is));
    let step = ColumnStep::SetType {
        table: name.clone(),
        previous: Box::new(previous.clone()),
        next: Box::new(meanwhile.clone()),
        using: None,
        collation: None,
        leaves: None,
    };
    steps.push(Stage::StepAside, Step::Column(step));
    let using = match change.using.get(&format!("{}.{}", name.key(), next.name)) {
        Some(expression) => Some(expression.clone()),
        // A type that is read from text is converted only when asked.
        None if was.is_detour && casts::is_array(&meanwhile) == casts::is_array(next) => {
            Some(format!("{}::{}", schema::quote::ident(&next.name), crate::sql::types::qualified(next)))
        }
        None => casts::conversion(&meanwhile, if is.is_detour { next } else { &ground }).using(),
    };
    let (previous, next_column) = (Box::new(meanwhile), Box::new(next.clone()));
    let table = name.clone();
    back.push(ColumnStep::SetType { table, previous, next: next_column, using, collation: None, leaves: None });
    if let Some(default) = next.default_sql() {
        back.push(set_default(&name, next, default.into_owned(), None));
    }
    back
}

/// What a column is while its type is made anew.
struct Below {
    sql_type: String,
    /// Whether it is text only for this.
    is_detour: bool,
}

/// The type below a domain that is made anew, comes or goes, with the dimensions of an array; text for any other type.
fn below(change: Change, domains: &Map<Domain>, sql_type: &str) -> Below {
    let (element, own_dimensions) = split(sql_type);
    let (mut base, mut dimensions) = (element.to_owned(), own_dimensions.to_owned());
    // A domain may be over another one, or over an array of it.
    for _ in 0..=domains.len() {
        let mentions = Mentions::of(&base);
        let anew = change.recreated.anew();
        let mut recreated = anew.names().chain(anew.over());
        let Some(name) = recreated.find(|name| mentions.has_type(&name.schema, &name.name)) else { break };
        match domains.get(&name.key()) {
            Some(domain) => {
                let (element, of_base) = split(&domain.base);
                element.clone_into(&mut base);
                dimensions.insert_str(0, of_base);
            }
            None => {
                let sql_type = if own_dimensions.is_empty() { "text" } else { "text[]" };
                return Below { sql_type: sql_type.to_owned(), is_detour: true };
            }
        }
    }
    Below { sql_type: format!("{base}{dimensions}"), is_detour: false }
}

/// The type of the elements, and the brackets behind it.
fn split(sql_type: &str) -> (&str, &str) {
    sql_type.split_at(casts::element(sql_type).len())
}
