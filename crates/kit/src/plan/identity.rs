//! How one identity becomes another.

use schema::Identity;

/// Whether `ALTER COLUMN … SET` has something to say: the name and schema are no part of that.
pub(super) fn is_altered(previous: &Identity, next: &Identity) -> bool {
    let options = |identity: &Identity| Identity { name: String::new(), schema: None, ..identity.clone() };
    options(previous) != options(next)
}

/// Whether PostgreSQL accepts the options one after the other, in the order in which they are
/// written: least, greatest, start. After each of them the start must lie within the bounds, and
/// so must the value that the sequence is at, which is taken to be no less far than its start.
pub(super) fn can_alter(previous: &Identity, next: &Identity) -> bool {
    let number = |option: &Option<String>| option.as_ref().and_then(|text| text.parse::<i128>().ok());
    let options = |identity: &Identity| {
        Some((number(&identity.min_value)?, number(&identity.max_value)?, number(&identity.start_with)?))
    };
    // An option that is left out is PostgreSQL's to choose, and so to accept.
    let (Some((least, greatest, start)), Some((next_least, next_greatest, next_start))) =
        (options(previous), options(next))
    else {
        return true;
    };
    let states = [(least, greatest, start), (next_least, greatest, start), (next_least, next_greatest, start)];
    let last = (next_least, next_greatest, next_start);
    let is_valid = |(least, greatest, start): (i128, i128, i128)| least <= start && start <= greatest;
    states.into_iter().chain([last]).all(is_valid)
}

#[cfg(test)]
mod tests {
    use schema::{Identity, IdentityKind};

    use super::can_alter;

    fn identity(least: i64, greatest: i64, start: i64) -> Identity {
        Identity {
            kind: IdentityKind::Always,
            name: "s".to_owned(),
            schema: None,
            increment: None,
            start_with: Some(start.to_string()),
            min_value: Some(least.to_string()),
            max_value: Some(greatest.to_string()),
            cache: None,
            cycle: None,
        }
    }

    #[test]
    fn bounds_that_leave_the_old_start_out_cannot_be_set_one_by_one() {
        let from = identity(1, 100, 1);
        assert!(can_alter(&from, &identity(-5, 1000, 7)));
        assert!(!can_alter(&from, &identity(10, 100, 10)));
        assert!(!can_alter(&from, &identity(-100, -1, -1)));
    }
}
