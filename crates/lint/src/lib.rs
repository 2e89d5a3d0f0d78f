//! What in a migration file can lose data, rewrite a table, hold a strong lock or break running
//! code: named beside the statement, with the safer way.
//!
//! A file is judged as the migrator runs it: all of it in one transaction, but for what PostgreSQL
//! refuses in one, which runs on its own and ends the transaction before it. Whether it was generated,
//! written by hand or by drizzle-kit makes no difference, since only the SQL is read. Where squawk
//! has a rule, squawk's is used; the rest stands in [`rules`], one a file. A table that the same
//! file makes is empty and unknown to everybody, and most rules leave it alone.
//!
//! ```
//! use lint::{History, Level, Settings};
//!
//! let sql = r#"ALTER TABLE "users" DROP COLUMN "bio";"#;
//! let findings = lint::lint("0003_drop_bio.sql", sql, &History::default(), &Settings::default());
//! assert_eq!((findings[0].rule, findings[0].level), ("ban-drop-column", Level::Error));
//! assert_eq!((findings[0].line, findings[0].column), (1, 21));
//! ```

mod allow;
mod catalog;
mod finding;
mod name;
mod place;
pub mod rules;
mod script;
mod settings;
mod squawk;
#[cfg(test)]
mod testing;

pub use catalog::History;
pub use finding::{Finding, Level, Statement};
pub use rules::Rule;
pub use settings::{Settings, UnknownRule};

use allow::Allowed;
use place::Places;
use rules::{Scope, Source};
use script::{Script, Spot};

/// The findings of one file, in the order of its text. `history` is what the migrations before it
/// have made.
pub fn lint(file: &str, sql: &str, history: &History, settings: &Settings) -> Vec<Finding> {
    let script = Script::parse(sql, history);
    let allowed = Allowed::read(&script);
    let mut found = find(&script, settings);
    found.extend(allowed.unknown().map(|spot| (&rules::UNKNOWN_RULE, spot.clone())));
    found.retain(|(rule, spot)| settings.level(rule) != Level::Off && !allowed.covers(rule, &script, spot));
    found.sort_by_key(|(rule, spot)| (spot.range.start, spot.range.end, rule.name));
    let places = Places::new(sql);
    found.into_iter().map(|(rule, spot)| finding(file, &script, &places, settings.level(rule), rule, spot)).collect()
}

/// What each rule that is not off has to say.
fn find(script: &Script, settings: &Settings) -> Vec<(&'static Rule, Spot)> {
    let active = || rules::all().filter(|rule| settings.level(rule) != Level::Off);
    let mut found = squawk::run(script, active());
    for rule in active() {
        if let Source::Own(check) = rule.source {
            let mut spots = Vec::new();
            check(script, &mut spots);
            found.extend(spots.into_iter().map(|spot| (rule, spot)));
        }
    }
    found.retain(|(rule, spot)| !is_spared(rule.scope, script, spot));
    found
}

/// Whether the rule does not matter there: to rows that cannot be, or to what is made anew at once.
fn is_spared(scope: Scope, script: &Script, spot: &Spot) -> bool {
    let Some(at) = script.statement_at(spot.range.start) else { return false };
    match scope {
        Scope::Everywhere => false,
        Scope::ExistingTables => script.is_on_new_tables(at),
        Scope::NotMadeAnew => script.is_made_anew(at),
    }
}

fn finding(
    file: &str,
    script: &Script,
    places: &Places,
    level: Level,
    rule: &'static Rule,
    Spot { range, message, help }: Spot,
) -> Finding {
    let start = places.of(range.start);
    // What does not parse may begin behind the last statement.
    let statement = script.statement_at(range.start).or_else(|| script.statements.last());
    Finding {
        rule: rule.name,
        level,
        file: file.to_owned(),
        line: start.line,
        column: start.column,
        end_line: places.of(range.end.max(range.start + 1) - 1).line,
        statement: statement.map(|statement| Statement {
            number: statement.number,
            excerpt: place::excerpt(&script.text[statement.range.clone()]),
        }),
        message: message.unwrap_or_else(|| rule.reason.to_owned()),
        help: help.unwrap_or_else(|| rule.safer.to_owned()),
        range,
    }
}

#[cfg(test)]
mod tests;
