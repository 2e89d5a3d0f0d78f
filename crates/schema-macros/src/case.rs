//! The cases of labels. `kit` writes enums that this crate reads back, and a macro crate has no functions for others:
//! so it compiles this file too, and stands on nothing.

/// The cases of `rename_all`, the likeliest first.
pub(crate) const CASES: &[&str] =
    &["snake_case", "UPPERCASE", "SCREAMING_SNAKE_CASE", "kebab-case", "PascalCase", "camelCase", "lowercase"];

/// `SuperAdmin` in another case: a word begins at each capital.
pub(crate) fn in_case(variant: &str, case: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for letter in variant.chars() {
        match words.last_mut() {
            Some(word) if !letter.is_uppercase() => word.push(letter),
            _ => words.push(letter.to_string()),
        }
    }
    let lower = |separator: &str| words.join(separator).to_lowercase();
    match case {
        "lowercase" => lower(""),
        "UPPERCASE" => lower("").to_uppercase(),
        "SCREAMING_SNAKE_CASE" => lower("_").to_uppercase(),
        "kebab-case" => lower("-"),
        "camelCase" => variant.char_indices().map(|(at, c)| if at == 0 { c.to_ascii_lowercase() } else { c }).collect(),
        "PascalCase" => variant.to_owned(),
        _ => lower("_"),
    }
}
