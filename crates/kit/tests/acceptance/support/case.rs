use std::fmt::Write as _;

use kit::prove::{self, Difference};
use kit::rename::{Answer, Answers};
use kit::step::{IndexStep, Name, Step};
use schema::Schema;

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
}

/// What a case that holds did.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Whether the tables had rows when they ran, and kept them.
    pub(crate) kept_rows: bool,
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
    #[cfg(feature = "introspect")]
    pub(crate) fn reached(&self, database: &Database) -> Schema {
        database.understood(self.with_roles_of(database.role_prefix()).next)
    }

    fn check_as_it_is(&self, database: &Database) -> Result<Report, Failure> {
        self.prepare(database)?;
        let expected = self.built_from_empty(database)?;
        self.build_previous(database)?;
        let resolved = kit::rename::resolve(&self.previous, &self.next, &self.answers());
        let steps = kit::plan::plan(&resolved, &self.next);
        let statements: Vec<String> = steps.iter().flat_map(kit::sql::statements).collect();
        let fail = |what: String| {
            let before = prove::from_empty(&self.previous).join("\n");
            let (answers, migration) = (&self.answers, statements.join("\n"));
            Failure::Migration(format!("{what}\nbefore:\n{before}\nanswers: {answers:?}\nmigration:\n{migration}"))
        };
        let before = rows::insert(database, &self.previous, &resolved, &self.next);
        let mut kept_rows = !before.is_empty();
        let mut done = migrate(database, &steps);
        if done.as_ref().is_err_and(|refusal| kept_rows && refusal.is_about_rows()) {
            // PostgreSQL is right to refuse some changes of tables with rows; the schema must do without.
            kept_rows = false;
            self.prepare(database)?;
            self.build_previous(database)?;
            done = migrate(database, &steps);
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
        Ok(Report { kept_rows })
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
        build(database, &self.previous)?;
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

    fn answers(&self) -> Answers {
        Answers::new(self.answers.iter().cloned()).create_the_rest()
    }

    /// The catalog of the next schema, made in a transaction that is rolled back.
    fn built_from_empty(&self, database: &Database) -> Result<Vec<String>, Failure> {
        database.run("BEGIN").unwrap();
        let built = build(database, &self.next).map(|()| database.catalog());
        database.run("ROLLBACK").unwrap();
        built
    }
}

fn build(database: &Database, schema: &Schema) -> Result<(), Failure> {
    for statement in prove::from_empty(schema) {
        let fail = |Refusal { code, message, .. }| Failure::Fixture(format!("{code} {message}\nat {statement}"));
        database.run(&statement).map_err(fail)?;
    }
    Ok(())
}

/// Runs the steps in one transaction, but for an index that is built concurrently: that one runs
/// between two.
fn migrate(database: &Database, steps: &[Step]) -> Result<(), Refusal> {
    database.run("BEGIN").unwrap();
    for step in steps {
        let alone = matches!(step, Step::Index(IndexStep::Create { index, .. }) if index.concurrently);
        if alone {
            database.run("COMMIT")?;
        }
        for statement in kit::sql::statements(step) {
            if let Err(refusal) = database.run(&statement) {
                database.run("ROLLBACK").unwrap();
                return Err(refusal);
            }
        }
        if alone {
            database.run("BEGIN")?;
        }
    }
    database.run("COMMIT")
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
