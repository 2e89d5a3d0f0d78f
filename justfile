# The recipes are `cargo xtask` by shorter names; everything works without just.

# An argument with spaces stays one.
set positional-arguments

# List the recipes.
default:
    @just --list

# A database, migrated, and the API answering.
dev *args:
    cargo xtask dev "$@"

# Run all tests.
test *args:
    cargo xtask test "$@"

# Write the SQL for what changed in the schema.
db-generate *args:
    cargo xtask generate "$@"

# Write a database, or a snapshot, as Rust.
db-pull *args:
    cargo xtask pull "$@"

# Print the schema as SQL, JSON or a diagram.
db-export *args:
    cargo xtask export "$@"

# Apply pending migrations.
db-migrate *args:
    cargo xtask migrate "$@"

# List applied and pending migrations.
db-status *args:
    cargo xtask status "$@"

# Tell whether files, code and database agree.
db-check *args:
    cargo xtask check "$@"

# Bring a development database to the code, without a migration.
db-push *args:
    cargo xtask push "$@"

# Record migrations as applied on a database that has what they make.
db-baseline *args:
    cargo xtask baseline "$@"

# Mend what the ledger says of one migration.
db-resolve *args:
    cargo xtask resolve "$@"

# Take applied migrations back, the newest first.
db-rollback *args:
    cargo xtask rollback "$@"

# Put my migrations after those of another branch.
db-rebase *args:
    cargo xtask rebase "$@"

# Make one migration of the first ones.
db-squash *args:
    cargo xtask squash "$@"

# Remove the newest migration from the folder, if it is applied nowhere.
db-drop *args:
    cargo xtask drop "$@"

# Bring a folder of an older drizzle-kit to version 7.
db-up *args:
    cargo xtask up "$@"

# Drop what is ours in a development database, and migrate it again.
db-reset *args:
    cargo xtask reset "$@"

# Print the SQL between two schemas.
db-diff *args:
    cargo xtask diff "$@"

# Run a migration in scratch databases, with rows.
db-prove *args:
    cargo xtask prove "$@"

# Name what in migrations loses data, blocks or breaks running code.
db-lint *args:
    cargo xtask lint "$@"

# See the database in the browser; --write edits.
db-studio *args:
    cargo xtask studio "$@"

# Find or start the development database and print its URL.
db-start:
    cargo xtask db start

# Stop the development and test databases.
db-stop:
    cargo xtask db stop

# What CI runs.
ci:
    .ci/run
