//! DBML. A name is quoted by `"`, in which `\` escapes; a text by `'`, likewise; an expression by backticks, which have
//! no escape.

use schema::{Column, CommentKind, Index, PUBLIC, ReferentialAction, Schema, Table, quote};

use super::relation::{self, Relation};

/// The schema in DBML: enums, tables with columns, keys, indexes, checks and comments, and references.
pub fn dbml(schema: &Schema) -> String {
    let enums = schema.enums.values().map(|declared| {
        let values: String = declared.values.iter().map(|value| format!("  {}\n", label(value))).collect();
        format!("Enum {} {{\n{values}}}\n", path(&declared.schema, &declared.name))
    });
    let tables = schema.tables.values().map(|declared| table(declared, schema));
    let references = relation::all(schema).map(|(key, table, target)| reference(key, table, target));
    enums.chain(tables).chain(references).collect::<Vec<_>>().join("\n")
}

fn table(table: &Table, schema: &Schema) -> String {
    if table.columns.is_empty() {
        return format!("// {} has no columns, and DBML has no such table.\n", path(table.schema_name(), &table.name));
    }
    let mut lines = vec![format!("Table {} {{", path(table.schema_name(), &table.name))];
    lines.extend(table.columns.values().map(|declared| format!("  {}", column(declared, table, schema))));
    let mut indexes = Vec::new();
    for key in table.composite_primary_keys.values() {
        indexes.push(format!("    ({}) [pk, name: {}]", columns(&key.columns), text(&key.name)));
    }
    for unique in table.unique_constraints.values().filter(|unique| unique.columns.len() > 1) {
        indexes.push(format!("    ({}) [unique, name: {}]", columns(&unique.columns), text(&unique.name)));
    }
    indexes.extend(table.indexes.values().map(|declared| format!("    {}", index(declared))));
    if !indexes.is_empty() {
        lines.push("\n  indexes {".to_owned());
        lines.extend(indexes);
        lines.push("  }".to_owned());
    }
    if !table.check_constraints.is_empty() {
        lines.push("\n  checks {".to_owned());
        let checks = table.check_constraints.values();
        lines.extend(checks.map(|check| format!("    {} [name: {}]", expression(&check.value), text(&check.name))));
        lines.push("  }".to_owned());
    }
    if let Some(comment) = comment(schema, CommentKind::Table, table, None) {
        lines.push(format!("\n  Note: {}", text(comment)));
    }
    lines.push("}\n".to_owned());
    lines.join("\n")
}

fn column(column: &Column, table: &Table, schema: &Schema) -> String {
    let mut settings = Vec::new();
    if column.primary_key {
        settings.push("pk".to_owned());
    }
    if column.identity.is_some() || column.is_serial() {
        settings.push("increment".to_owned());
    }
    if column.not_null && !column.primary_key {
        settings.push("not null".to_owned());
    }
    let alone = |columns: &[String]| columns.len() == 1 && columns[0] == column.name;
    if table.unique_constraints.values().any(|unique| alone(&unique.columns)) {
        settings.push("unique".to_owned());
    }
    if let Some(default) = column.default_sql() {
        settings.push(format!("default: {}", value(&default)));
    }
    if let Some(comment) = comment(schema, CommentKind::Column, table, Some(&column.name)) {
        settings.push(format!("note: {}", text(comment)));
    }
    let settings = if settings.is_empty() { String::new() } else { format!(" [{}]", settings.join(", ")) };
    format!("{} {}{settings}", name(&column.name), sql_type(column))
}

/// A type: bare where it is a word with numbers behind it, else quoted whole.
fn sql_type(column: &Column) -> String {
    let sql = &column.sql_type;
    if let Some(in_schema) = &column.type_schema {
        let element = sql.trim_end_matches("[]");
        return format!("{}{}", path(in_schema, element), &sql[element.len()..]);
    }
    let is_word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let word = sql.split('(').next().unwrap_or(sql);
    let numbers = sql[word.len()..].trim_matches(['(', ')']);
    let is_bare = is_word(word) && numbers.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' '));
    if is_bare { sql.clone() } else { name(sql) }
}

fn index(index: &Index) -> String {
    let keys: Vec<String> = index
        .columns
        .iter()
        .map(|column| if column.is_expression { expression(&column.expression) } else { name(&column.expression) })
        .collect();
    let mut settings = Vec::new();
    if index.is_unique {
        settings.push("unique".to_owned());
    }
    settings.push(format!("name: {}", text(&index.name)));
    // The language knows these two methods.
    if index.method == "hash" || index.method == "btree" {
        settings.push(format!("type: {}", index.method));
    }
    if let Some(predicate) = &index.predicate {
        settings.push(format!("note: {}", text(&format!("where {predicate}"))));
    }
    format!("({}) [{}]", keys.join(", "), settings.join(", "))
}

fn reference(key: &schema::ForeignKey, table: &Table, target: &Table) -> String {
    let relation = Relation::of(key, table);
    let side = |table: &Table, on: &[String]| {
        let on = if on.len() == 1 { name(&on[0]) } else { format!("({})", columns(on)) };
        format!("{}.{on}", path(table.schema_name(), &table.name))
    };
    let sign = if relation.is_one_to_one { "-" } else { ">" };
    let action = |option: &str, action: Option<ReferentialAction>| {
        let action = action.filter(|action| *action != ReferentialAction::NoAction)?;
        Some(format!("{option}: {}", action.sql()))
    };
    let actions = [action("delete", key.on_delete), action("update", key.on_update)];
    let actions: Vec<String> = actions.into_iter().flatten().collect();
    let actions = if actions.is_empty() { String::new() } else { format!(" [{}]", actions.join(", ")) };
    let (from, to) = (side(table, &key.columns_from), side(target, &key.columns_to));
    format!("Ref {}: {from} {sign} {to}{actions}\n", name(&key.name))
}

fn columns(names: &[String]) -> String {
    names.iter().map(|column| name(column)).collect::<Vec<_>>().join(", ")
}

fn comment<'a>(schema: &'a Schema, kind: CommentKind, table: &Table, column: Option<&str>) -> Option<&'a str> {
    let comments = schema.objects.comments.values();
    let mut of_table = comments.filter(|comment| {
        let on = &comment.on;
        let (owner, name) = match column {
            Some(column) => (Some(table.name.as_str()), column),
            None => (None, table.name.as_str()),
        };
        on.kind == kind
            && on.schema.as_deref() == Some(table.schema_name())
            && on.owner.as_deref() == owner
            && on.name == name
    });
    of_table.next().map(|comment| comment.text.as_str())
}

/// A name with its schema; `public` goes without saying.
fn path(schema: &str, object: &str) -> String {
    if schema == PUBLIC { name(object) } else { format!("{}.{}", name(schema), name(object)) }
}

/// A label of an enum. The language has none without a letter.
fn label(label: &str) -> String {
    if label.is_empty() { name("(empty)") } else { name(label) }
}

fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn text(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "\\'");
    if escaped.contains('\n') { format!("'''{escaped}'''") } else { format!("'{escaped}'") }
}

fn expression(sql: &str) -> String {
    format!("`{}`", sql.replace('`', "'"))
}

/// A default: a text, number or boolean as such, and all else as an expression.
fn value(sql: &str) -> String {
    let is_literal = sql.starts_with('\'') && quote::quoted_length(sql, '\'') == sql.len();
    if is_literal {
        return text(&sql[1..sql.len() - 1].replace("''", "'"));
    }
    let is_number = sql.parse::<f64>().is_ok_and(f64::is_finite) && !sql.contains(['e', 'E', '+']);
    if is_number || matches!(sql, "true" | "false") { sql.to_owned() } else { expression(sql) }
}
