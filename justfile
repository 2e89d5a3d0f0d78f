# The recipes are `cargo xtask` by shorter names; everything works without just.

# List the recipes.
default:
    @just --list

# A database, migrated, and the API answering.
dev *args:
    cargo xtask dev {{args}}

# Run all tests.
test *args:
    cargo xtask test {{args}}

# Write the SQL for what changed in the schema.
db-generate *args:
    cargo xtask generate {{args}}

# Apply pending migrations.
db-migrate *args:
    cargo xtask migrate {{args}}

# List applied and pending migrations.
db-status *args:
    cargo xtask status {{args}}

# Tell whether files, code and database agree.
db-check *args:
    cargo xtask check {{args}}

# Bring a development database to the code, without a migration.
db-push *args:
    cargo xtask push {{args}}

# Record migrations as applied on a database that has what they make.
db-baseline *args:
    cargo xtask baseline {{args}}

# Mend what the ledger says of one migration.
db-resolve *args:
    cargo xtask resolve {{args}}

# Take applied migrations back, the newest first.
db-rollback *args:
    cargo xtask rollback {{args}}

# Put my migrations after those of another branch.
db-rebase *args:
    cargo xtask rebase {{args}}

# Make one migration of the first ones.
db-squash *args:
    cargo xtask squash {{args}}

# Remove the newest migration from the folder, if it is applied nowhere.
db-drop *args:
    cargo xtask drop {{args}}

# Drop what is ours in a development database, and migrate it again.
db-reset *args:
    cargo xtask reset {{args}}

# Print the SQL between two schemas.
db-diff *args:
    cargo xtask diff {{args}}

# Run a migration in scratch databases, with rows.
db-prove *args:
    cargo xtask prove {{args}}

# Name what in migrations loses data, blocks or breaks running code.
db-lint *args:
    cargo xtask lint {{args}}

# See and edit the database in the browser.
db-studio *args:
    cargo xtask studio {{args}}

# Find or start the development database and print its URL.
db-start:
    cargo xtask db start

# Stop the development and test databases.
db-stop:
    cargo xtask db stop

# What CI runs.
ci:
    .ci/run
