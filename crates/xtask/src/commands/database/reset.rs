//! `reset`: a development database begins again. What migrations and code declare is dropped, and migrated anew.

use std::collections::BTreeMap;
use std::process::ExitCode;

use kit::Migration;
use kit::introspect::read;
use kit::rename::{Answers, resolve};
use migrator::Server;
use schema::{Map, Objects, Schema, quote};

use super::compare::what_is_in;
use super::connection::{self, Role};
use super::consent::agree;
use super::environment::{Environment, require_development};
use super::{block_on, execute, ledger, migrate};
use crate::cli::{DatabaseArgs, MigrateArgs, ResetArgs};
use crate::config::Config;
use crate::declared;
use crate::error::Error;
use crate::folder::Folder;
use crate::output::{self, GREEN, RED, paint};

const COMMAND: &str = "reset";

/// Drops what is ours, and migrates.
pub(crate) fn run(args: &ResetArgs, config: &Config) -> Result<ExitCode, Error> {
    let url = connection::url(args.database.url.as_deref(), Role::Migration, config)?;
    let server = Server::from_url(&url)?;
    require_development(&server, block_on(Environment::of(&server))??, COMMAND)?;
    let ours = ours(config)?;
    let found = block_on(async {
        let mut client = server.client(COMMAND).await?;
        Ok::<_, Error>(read(&mut client, &what_is_in(&ours, config)?).await?.schema)
    })??;
    let found = common(found, &ours);
    let resolved = resolve(&found, &Schema::default(), &Answers::default().create_the_rest());
    let drops = Migration::new(kit::plan::plan(&resolved, &Schema::default()));
    let target = server.target();
    if !args.yes {
        output::note(format!("{} {} in {target}, with all rows", paint(RED, "to be dropped:"), counted(&found)));
        agree(BTreeMap::new(), &[], Some("a reset drops everything that is ours"))?;
    }
    let mut statements: Vec<String> = drops.statements().into_iter().map(str::to_owned).collect();
    statements.extend(ledger_tables(config));
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    block_on(execute::run(&server, COMMAND, &statements))??;
    output::line(format!("{} {} in {target}", paint(GREEN, "dropped"), counted(&found)));
    let database = DatabaseArgs { url: Some(url) };
    migrate::run(&MigrateArgs { database, ..MigrateArgs::default() }, config)
}

/// Everything that the code or any migration declares.
fn ours(config: &Config) -> Result<Schema, Error> {
    let folder = Folder::open(&config.out, &config.file())?;
    let mut ours = declared::schema(config)?;
    for entry in folder.journal().entries() {
        add(&mut ours, folder.snapshot_of(&entry.tag)?.schema);
    }
    Ok(ours)
}

fn add(ours: &mut Schema, more: Schema) {
    let Schema { tables, enums, schemas, sequences, roles, policies, views, objects } = more;
    ours.tables.extend(tables);
    ours.enums.extend(enums);
    ours.schemas.extend(schemas);
    ours.sequences.extend(sequences);
    ours.roles.extend(roles);
    ours.policies.extend(policies);
    ours.views.extend(views);
    let Objects {
        extensions,
        collations,
        domains,
        composites,
        ranges,
        functions,
        triggers,
        tables,
        views,
        partitions,
        statistics,
        comments,
    } = objects;
    let of = &mut ours.objects;
    of.extensions.extend(extensions);
    of.collations.extend(collations);
    of.domains.extend(domains);
    of.composites.extend(composites);
    of.ranges.extend(ranges);
    of.functions.extend(functions);
    of.triggers.extend(triggers);
    of.tables.extend(tables);
    of.views.extend(views);
    of.partitions.extend(partitions);
    of.statistics.extend(statistics);
    of.comments.extend(comments);
}

/// What is there, of what is ours. Everything else stays.
fn common(mut found: Schema, ours: &Schema) -> Schema {
    fn keep<T>(found: &mut Map<T>, ours: &Map<T>) {
        found.retain(|key, _| ours.contains_key(key));
    }
    keep(&mut found.tables, &ours.tables);
    keep(&mut found.enums, &ours.enums);
    keep(&mut found.schemas, &ours.schemas);
    keep(&mut found.sequences, &ours.sequences);
    keep(&mut found.roles, &ours.roles);
    keep(&mut found.policies, &ours.policies);
    keep(&mut found.views, &ours.views);
    keep(&mut found.objects.extensions, &ours.objects.extensions);
    keep(&mut found.objects.collations, &ours.objects.collations);
    keep(&mut found.objects.domains, &ours.objects.domains);
    keep(&mut found.objects.composites, &ours.objects.composites);
    keep(&mut found.objects.ranges, &ours.objects.ranges);
    // PostgreSQL has its own words for the types that tell functions apart.
    let functions: Vec<_> = ours.objects.functions.values().collect();
    found.objects.functions.retain(|_, found| functions.iter().any(|ours| ours.is_same(found)));
    keep(&mut found.objects.triggers, &ours.objects.triggers);
    keep(&mut found.objects.partitions, &ours.objects.partitions);
    keep(&mut found.objects.statistics, &ours.objects.statistics);
    // What belongs to a table or view goes with it.
    found.objects.tables.retain(|key, _| ours.tables.contains_key(key));
    found.objects.views.retain(|key, _| ours.views.contains_key(key));
    found.objects.comments.clear();
    found
}

/// What goes by itself, kind by kind; what belongs to a table goes with it.
fn counted(schema: &Schema) -> String {
    let Schema { tables, enums, schemas, sequences, roles, policies, views, objects } = schema;
    let Objects {
        extensions,
        collations,
        domains,
        composites,
        ranges,
        functions,
        triggers: _,
        tables: _,
        views: _,
        partitions: _,
        statistics: _,
        comments: _,
    } = objects;
    let types = enums.len() + domains.len() + composites.len() + ranges.len();
    let kinds = [
        (tables.len(), "table", "tables"),
        (views.len(), "view", "views"),
        (types, "type", "types"),
        (sequences.len(), "sequence", "sequences"),
        (functions.len(), "function", "functions"),
        (collations.len(), "collation", "collations"),
        (policies.len(), "policy elsewhere", "policies elsewhere"),
        (extensions.len(), "extension", "extensions"),
        (schemas.len(), "schema", "schemas"),
        (roles.len(), "role of the whole server", "roles of the whole server"),
    ];
    let kinds = kinds.into_iter().filter(|(count, ..)| *count > 0);
    let kinds: Vec<String> =
        kinds.map(|(count, one, more)| format!("{count} {}", if count == 1 { one } else { more })).collect();
    if kinds.is_empty() { "nothing".to_owned() } else { kinds.join(", ") }
}

/// The record of what was applied goes too.
fn ledger_tables(config: &Config) -> [String; 2] {
    let ledger = ledger(config);
    let qualified = |table: &str| format!("{}.{}", quote::ident(ledger.schema()), quote::ident(table));
    let drop = |table: &str| format!("DROP TABLE IF EXISTS {}", qualified(table));
    [drop(ledger.table()), drop(&ledger.progress_table())]
}
