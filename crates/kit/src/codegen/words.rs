//! From the plural in which a table is named to the singular in which its struct is.
//!
//! The well-kept crates for this match with regular expressions, whose engine takes longer to compile than all of
//! `cargo xtask generate`. A word that comes out wrong costs a rename in the editor, and no migration.

/// Plurals that follow no rule, or look as if they followed another, with their singular.
const IRREGULAR: &[(&str, &str)] = &[
    ("aliases", "alias"),
    ("analyses", "analysis"),
    ("axes", "axis"),
    ("bases", "base"),
    ("biases", "bias"),
    ("caches", "cache"),
    ("calves", "calf"),
    ("canvases", "canvas"),
    ("children", "child"),
    ("clothes", "clothes"),
    ("cookies", "cookie"),
    ("crises", "crisis"),
    ("criteria", "criterion"),
    ("diagnoses", "diagnosis"),
    ("feet", "foot"),
    ("gases", "gas"),
    ("geese", "goose"),
    ("halves", "half"),
    ("indices", "index"),
    ("knives", "knife"),
    ("leaves", "leaf"),
    ("lives", "life"),
    ("matrices", "matrix"),
    ("men", "man"),
    ("mice", "mouse"),
    ("movies", "movie"),
    ("news", "news"),
    ("parentheses", "parenthesis"),
    ("people", "person"),
    ("phenomena", "phenomenon"),
    ("quizzes", "quiz"),
    ("selves", "self"),
    ("series", "series"),
    ("shelves", "shelf"),
    ("shoes", "shoe"),
    ("species", "species"),
    ("synopses", "synopsis"),
    ("teeth", "tooth"),
    ("theses", "thesis"),
    ("ties", "tie"),
    ("vertices", "vertex"),
    ("wives", "wife"),
    ("women", "woman"),
];

/// How a plural ends and how its singular does; the first that fits counts.
const ENDINGS: &[(&str, &str)] = &[
    // What is no plural.
    ("ss", "ss"),
    ("us", "us"),
    ("is", "is"),
    // What had an e of its own.
    ("auses", "ause"),
    ("ouses", "ouse"),
    // What got an e to be spoken.
    ("uses", "us"),
    ("sses", "ss"),
    ("shes", "sh"),
    ("ches", "ch"),
    ("xes", "x"),
    ("zzes", "zz"),
    ("oes", "o"),
    ("ies", "y"),
    ("s", ""),
];

/// The singular of a word in lower case; a word that is none stays as it is.
pub(super) fn singular(word: &str) -> String {
    if let Some((_, singular)) = IRREGULAR.iter().find(|(plural, _)| *plural == word) {
        return (*singular).to_owned();
    }
    let ending = ENDINGS.iter().find_map(|(plural, singular)| word.strip_suffix(plural).map(|stem| (stem, *singular)));
    match ending {
        // `pas` and `ies` are no plurals of anything.
        Some((stem, singular)) if stem.len() + singular.len() > 2 => format!("{stem}{singular}"),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::singular;

    #[test]
    fn a_table_is_named_in_the_plural_and_its_struct_in_the_singular() {
        for (plural, expected) in [
            ("users", "user"),
            ("categories", "category"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("branches", "branch"),
            ("heroes", "hero"),
            ("houses", "house"),
            ("people", "person"),
            ("statuses", "status"),
            ("databases", "database"),
            ("movies", "movie"),
            ("archives", "archive"),
        ] {
            assert_eq!(singular(plural), expected);
        }
    }

    #[test]
    fn a_word_that_is_no_plural_stays() {
        for word in ["user", "status", "address", "analysis", "news", "media", "data", "gas", "s", ""] {
            assert_eq!(singular(word), word);
        }
    }
}
