//! Values of PostgreSQL's own types.

/// Values that a type takes, each as text and the usual one first, for the first (0) or second (1) row, which share
/// none. The others are there for checks: what people ask of a text is that it is an address, a code or long enough.
pub(super) fn samples(sql_type: &str, at: usize) -> Option<Vec<String>> {
    let one = |texts: [&str; 2]| vec![texts[at].to_owned()];
    let has_zone = sql_type.ends_with("with time zone");
    Some(match base(sql_type) {
        "smallint" | "integer" | "bigint" | "serial" | "smallserial" | "bigserial" => integers(at),
        // What holds a few digits must hold them all.
        "numeric" if sql_type.contains('(') => fractions(at).chain([(at + 1).to_string()]).rev().collect(),
        "numeric" | "real" | "double precision" => integers(at).into_iter().chain(fractions(at)).collect(),
        "text" | "varchar" | "char" | "citext" => {
            let longest = length(sql_type).unwrap_or(usize::MAX);
            texts(at).into_iter().filter(|text| text.len() <= longest).collect()
        }
        "boolean" if at == 0 => vec!["true".to_owned(), "false".to_owned()],
        "boolean" => vec!["false".to_owned(), "true".to_owned()],
        "json" | "jsonb" => {
            let number = at + 1;
            vec![number.to_string(), format!("{{\"a\": {number}}}"), format!("[{number}]"), format!("\"{number}\"")]
        }
        "uuid" => one(["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"]),
        "date" => dates(at, ""),
        "time" | "time with time zone" if has_zone => one(["01:01:01+00", "02:02:02+00"]),
        "time" => one(["01:01:01", "02:02:02"]),
        "timestamp" | "timestamp with time zone" if has_zone => dates(at, " 01:01:01+00"),
        "timestamp" => dates(at, " 01:01:01"),
        interval if interval.starts_with("interval") => one(["1 day 00:00:01", "2 days 00:00:02"]),
        "inet" | "cidr" => one(["10.0.0.1", "10.0.0.2"]),
        "macaddr" => one(["08:00:2b:01:02:03", "08:00:2b:01:02:04"]),
        "macaddr8" => one(["08:00:2b:01:02:03:04:05", "08:00:2b:01:02:03:04:06"]),
        "point" => one(["(1,1)", "(2,2)"]),
        "line" => one(["{1,1,1}", "{2,1,1}"]),
        "bytea" => one(["\\x01", "\\x02"]),
        _ => return None,
    })
}

/// The type to give such a value, so that a check reads it as it reads the column.
pub(super) fn compared_as(sql_type: &str) -> &str {
    match sql_type {
        "smallserial" => "smallint",
        "serial" => "integer",
        "bigserial" => "bigint",
        _ => sql_type,
    }
}

/// The name of a type without what it is limited to.
fn base(sql_type: &str) -> &str {
    sql_type.split('(').next().unwrap_or(sql_type).trim()
}

/// How many characters a type holds.
fn length(sql_type: &str) -> Option<usize> {
    sql_type.split_once('(')?.1.strip_suffix(')')?.trim().parse().ok()
}

fn integers(at: usize) -> Vec<String> {
    let number = at + 1;
    let mut all: Vec<String> = [1, 10, 100, 1000].iter().map(|by| (number * by).to_string()).collect();
    all.extend([format!("200{number}"), format!("-{number}")]);
    all
}

fn fractions(at: usize) -> impl DoubleEndedIterator<Item = String> {
    ["-0", "0"].into_iter().map(move |whole| format!("{whole}.{}", at + 1))
}

fn texts(at: usize) -> Vec<String> {
    let (number, letter) = (at + 1, if at == 0 { "a" } else { "b" });
    let capital = letter.to_uppercase();
    let mut all = vec![number.to_string()];
    for letter in [letter, &capital] {
        all.extend([1, 2, 3].map(|times| letter.repeat(times)));
    }
    all.extend([
        format!("{letter}{number}"),
        format!("{letter}@example.com"),
        format!("https://example.com/{letter}"),
        format!("+1555000000{number}"),
        format!("0000{number}"),
        format!("#00000{number}"),
        format!("200{number}-01-01"),
        letter.repeat(40),
    ]);
    all
}

/// Dates long ago and to come, with a time of day.
fn dates(at: usize, time: &str) -> Vec<String> {
    let days: [&str; 2] = if at == 0 { ["2001-01-01", "2101-01-01"] } else { ["2002-02-02", "2102-02-02"] };
    days.map(|day| format!("{day}{time}")).into()
}
