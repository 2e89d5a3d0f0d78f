use std::fmt::Write as _;

use kit::Migration;
use kit::prove::{self, Difference};
use kit::rename::{Answer, Answers, Kind, Rename};
use kit::step::Name;
use schema::{FunctionKind, Schema};

use super::database::{Database, Refusal};
use super::rows;

/// A migration from one schema to another.
#[derive(Debug, Default)]
pub(crate) struct Case {
    pub(crate) previous: Schema,
    pub(crate) next: Schema,
    pub(crate) answers: Vec<Answer>,
    /// What neither schema declares and both need.
    pub(crate) precondition: Vec<String>,
    /// Whether PostgreSQL knows no way back.
    pub(crate) is_one_way: bool,
    /// Whether the safer form is to run.
    pub(crate) is_safer: bool,
    /// Whether constraints and indexes that differ in their name alone are renamed; the safer form does.
    pub(crate) renames_parts: bool,
}

/// What a case that holds did.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Whether the tables had rows when they ran, and kept them.
    pub(crate) kept_rows: bool,
    /// Whether nothing ran, since values have no conversion without a person's expression.
    pub(crate) is_refused: bool,
    /// What it takes to go back; nothing where there is no way.
    way_back: Option<WayBack>,
}

#[derive(Debug)]
struct WayBack {
    case: Case,
    /// The catalog before the migration.
    there: Vec<String>,
    renames: Vec<Rename>,
}

impl Report {
    /// Migrates back, where the case has led, and compares.
    pub(crate) fn go_back(&self, database: &Database) -> Result<(), Failure> {
        match &self.way_back {
            Some(WayBack { case, there, renames }) => case.go_back(database, there, renames),
            None => Ok(()),
        }
    }
}

/// Why a case does not hold, for people.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A schema cannot be built from empty.
    Fixture(String),
    /// The migration is refused, or leads elsewhere.
    Migration(String),
}

impl Case {
    /// Migrates `database` and compares.
    pub(crate) fn check(&self, database: &Database) -> Result<Report, Failure> {
        let mut case = self.with_roles_of(database.role_prefix());
        case.previous = database.understood(case.previous);
        case.next = database.understood(case.next);
        case.check_as_it_is(database)
    }

    /// The schema that is reached in `database`.
    pub(crate) fn reached(&self, database: &Database) -> Schema {
        database.understood(self.with_roles_of(database.role_prefix()).next)
    }

    fn check_as_it_is(&self, database: &Database) -> Result<Report, Failure> {
        let resolved = kit::rename::resolve(&self.previous, &self.next, &self.given(&self.answers));
        if !kit::refusals(&resolved.previous, &self.next).is_empty() {
            return Ok(Report { is_refused: true, ..Report::default() });
        }
        self.prepare(database)?;
        let expected = self.built_from_empty(database)?;
        self.build_previous(database)?;
        let there = database.catalog();
        let mut migration = Migration::new(kit::plan::plan(&resolved, &self.next));
        if self.is_safer {
            migration = migration.safer(&resolved.previous, &self.next);
        }
        let statements: Vec<String> = migration.statements().into_iter().map(str::to_owned).collect();
        let fail = |what: String| {
            let before = prove::from_empty(&self.previous).join("\n");
            let (answers, migration) = (&self.answers, statements.join("\n"));
            Failure::Migration(format!("{what}\nbefore:\n{before}\nanswers: {answers:?}\nmigration:\n{migration}"))
        };
        let before = rows::insert(database, &self.previous, &resolved, &self.next);
        let mut kept_rows = !before.is_empty();
        let mut done = migrate(database, &statements);
        if done.as_ref().is_err_and(Refusal::is_about_rows) {
            // PostgreSQL is right to refuse some changes of tables with rows; the schema must do without.
            kept_rows = false;
            self.prepare(database)?;
            self.build_previous(database)?;
            done = migrate(database, &statements);
        }
        if database.is_before(15) && done.as_ref().is_err_and(Refusal::is_mended_in_15) {
            return Ok(Report::default());
        }
        done.map_err(|Refusal { statement, code, message }| {
            fail(format!("refused: {code} {message}\nat {statement}"))
        })?;
        let found = database.catalog();
        if found != expected {
            return Err(fail(differences(&expected, &found)));
        }
        if kept_rows {
            for kept in &before {
                kept.check(database).map_err(&fail)?;
            }
        }
        let again = kit::rename::resolve(&self.next, &self.next, &Answers::default());
        let again = kit::plan::plan(&again, &self.next);
        if !again.is_empty() {
            return Err(fail(format!("a second migration would do {again:?}")));
        }
        let way_back = (!self.is_one_way && !self.is_safer).then(|| {
            let (case, renames) = (self.with_roles_of(""), resolved.renames.clone());
            WayBack { case, there, renames }
        });
        Ok(Report { kept_rows, is_refused: false, way_back })
    }

    /// Migrates back, and compares with what was `there`. What rows lose by it is no matter.
    fn go_back(&self, database: &Database, there: &[String], renames: &[Rename]) -> Result<(), Failure> {
        let back = back(renames);
        let resolved = kit::rename::resolve(&self.next, &self.previous, &self.given(&back));
        let takes_over = self.previous.views.values().any(|view| view.is_existing);
        if takes_over || !kit::refusals(&resolved.previous, &self.previous).is_empty() {
            return Ok(());
        }
        let migration = Migration::new(kit::plan::plan(&resolved, &self.previous));
        let statements: Vec<String> = migration.statements().into_iter().map(str::to_owned).collect();
        let fail = |what: String| {
            let after = prove::from_empty(&self.next).join("\n");
            let (answers, migration) = (&back, statements.join("\n"));
            Failure::Migration(format!(
                "way back: {what}\nafter:\n{after}\nanswers: {answers:?}\nmigration:\n{migration}"
            ))
        };
        let mut done = migrate(database, &statements);
        if done.as_ref().is_err_and(Refusal::is_about_rows) {
            self.prepare(database)?;
            build_and_keep(database, &self.next)?;
            done = migrate(database, &statements);
        }
        if database.is_before(15) && done.as_ref().is_err_and(Refusal::is_mended_in_15) {
            return Ok(());
        }
        done.map_err(|Refusal { statement, code, message }| {
            fail(format!("refused: {code} {message}\nat {statement}"))
        })?;
        let found = database.catalog();
        if found == there { Ok(()) } else { Err(fail(differences(there, &found))) }
    }

    fn given(&self, given: &[Answer]) -> Answers {
        let answers = answers(given);
        if self.is_safer || self.renames_parts { answers.rename_parts() } else { answers }
    }

    fn prepare(&self, database: &Database) -> Result<(), Failure> {
        database.clear();
        for statement in &self.precondition {
            database.run(statement).map_err(|refusal| Failure::Fixture(format!("{refusal:?}")))?;
        }
        Ok(())
    }

    /// The previous schema, and what it says to exist where migrations take that over.
    fn build_previous(&self, database: &Database) -> Result<(), Failure> {
        build_and_keep(database, &self.previous)?;
        let is_taken_over = |key: &String| self.next.views.get(key).is_some_and(|next| !next.is_existing);
        for (_, view) in self.previous.views.iter().filter(|(key, view)| view.is_existing && is_taken_over(key)) {
            let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
            let name = Name::of_view(view).qualified();
            database
                .run(&format!("CREATE {kind} {name} AS SELECT 1"))
                .map_err(|r| Failure::Fixture(format!("{r:?}")))?;
        }
        Ok(())
    }

    /// The catalog of the next schema, made in a transaction that is rolled back.
    fn built_from_empty(&self, database: &Database) -> Result<Vec<String>, Failure> {
        build(database, &self.next)?;
        let built = database.catalog();
        database.run("ROLLBACK").unwrap();
        Ok(built)
    }
}

/// The answers that take every rename back.
fn back(renames: &[Rename]) -> Vec<Answer> {
    let schema = |name: &str| {
        let renamed = renames.iter().find_map(|rename| match rename {
            Rename::Schema { from, to } if to == name => Some(from.clone()),
            _ => None,
        });
        renamed.unwrap_or_else(|| name.to_owned())
    };
    let path = |name: &Name| schema::key(&schema(&name.schema), &name.name);
    let owner = |name: &Name| {
        let renamed = renames.iter().find_map(|rename| match rename {
            Rename::Table { from, to } | Rename::View { from, to } | Rename::Enum { from, to } if to == name => {
                Some(path(from))
            }
            _ => None,
        });
        renamed.unwrap_or_else(|| path(name))
    };
    let answer = |kind, from: String, to: String| Answer::Rename { kind: Some(kind), from, to };
    let part = |kind, of: &Name, from: &str, to: &str| {
        answer(kind, format!("{}.{to}", owner(of)), format!("{}.{from}", owner(of)))
    };
    let answers = renames.iter().filter_map(|rename| {
        Some(match rename {
            // Nobody is asked about these.
            Rename::Part { .. } => return None,
            Rename::Schema { from, to } => answer(Kind::Schema, to.clone(), from.clone()),
            Rename::Role { from, to } => answer(Kind::Role, to.clone(), from.clone()),
            Rename::Enum { from, to } => answer(Kind::Enum, path(to), path(from)),
            Rename::Value { of, from, to } => part(Kind::Value, of, from, to),
            Rename::Sequence { from, to } => answer(Kind::Sequence, path(to), path(from)),
            Rename::Table { from, to } => answer(Kind::Table, path(to), path(from)),
            Rename::View { from, to } => answer(Kind::View, path(to), path(from)),
            Rename::Column { table, from, to } => part(Kind::Column, table, from, to),
            Rename::Policy { table, from, to } => part(Kind::Policy, table, from, to),
            Rename::Collation { from, to } => answer(Kind::Collation, path(to), path(from)),
            Rename::Domain { from, to } => answer(Kind::Domain, path(to), path(from)),
            Rename::Composite { from, to } => answer(Kind::Composite, path(to), path(from)),
            Rename::Range { from, to } => answer(Kind::Range, path(to), path(from)),
            // Without arguments, whose types may have had other names too.
            Rename::Function { kind: FunctionKind::Function, from, to, .. } => {
                answer(Kind::Function, path(to), path(from))
            }
            Rename::Function { kind: FunctionKind::Procedure, from, to, .. } => {
                answer(Kind::Procedure, path(to), path(from))
            }
            Rename::Trigger { table, from, to } => part(Kind::Trigger, table, from, to),
        })
    });
    answers.collect()
}

fn answers(answers: &[Answer]) -> Answers {
    Answers::new(answers.iter().cloned()).create_the_rest()
}

/// Builds the schema in a transaction, which is left open.
fn build(database: &Database, schema: &Schema) -> Result<(), Failure> {
    let statements = prove::from_empty(schema);
    database.run_all(&statements).map_err(|Refusal { statement, code, message }| {
        database.run("ROLLBACK").unwrap();
        Failure::Fixture(format!("{code} {message}\nat {statement}\nof:\n{}", statements.join("\n")))
    })
}

fn build_and_keep(database: &Database, schema: &Schema) -> Result<(), Failure> {
    build(database, schema)?;
    database.run("COMMIT").map_err(|refusal| Failure::Fixture(format!("{refusal:?}")))
}

/// Runs the statements as the migrator does: in one transaction, but for those that part it.
fn migrate(database: &Database, statements: &[String]) -> Result<(), Refusal> {
    for unit in migrator::units(statements.iter().map(String::as_str)) {
        if unit.runs_alone() {
            unit.statements.iter().try_for_each(|statement| database.run(statement.text))?;
            continue;
        }
        let statements: Vec<String> = unit.statements.iter().map(|statement| statement.text.to_owned()).collect();
        let done = database.run_all(&statements);
        if let Err(refusal) = done {
            database.run("ROLLBACK").unwrap();
            return Err(refusal);
        }
        database.run("COMMIT")?;
    }
    Ok(())
}

fn differences(expected: &[String], found: &[String]) -> String {
    let mut text = "the catalog differs:".to_owned();
    for difference in prove::differences(expected, found) {
        match difference {
            Difference::Missing(line) => write!(text, "\n  - {line}").unwrap(),
            Difference::Unexpected(line) => write!(text, "\n  + {line}").unwrap(),
        }
    }
    text
}
