//! The options of a sequence, be it its own or an identity column's: what is declared, what
//! PostgreSQL makes of what is not, and what must be said to get from one to the other.

use schema::{Identity, Sequence};

use super::casts;
use crate::step::SequenceOption;

/// What is declared of a sequence. What is left out is PostgreSQL's default for the type.
pub(crate) struct Options<'a> {
    increment: Option<&'a str>,
    min_value: Option<&'a str>,
    max_value: Option<&'a str>,
    start_with: Option<&'a str>,
    cache: Option<&'a str>,
    cycle: bool,
    least: i64,
    greatest: i64,
}

/// Every option of a sequence as PostgreSQL has it in the catalog.
#[derive(PartialEq, Eq)]
struct Values {
    increment: String,
    min_value: String,
    max_value: String,
    start: String,
    cache: String,
    cycle: bool,
}

impl<'a> Options<'a> {
    /// Of a sequence that stands alone, which is a `bigint`.
    pub(crate) fn of_sequence(sequence: &'a Sequence) -> Self {
        let Sequence { name: _, schema: _, increment, start_with, min_value, max_value, cache, cycle } = sequence;
        Options {
            increment: increment.as_deref(),
            min_value: min_value.as_deref(),
            max_value: max_value.as_deref(),
            start_with: start_with.as_deref(),
            cache: cache.as_deref(),
            cycle: *cycle == Some(true),
            least: i64::MIN,
            greatest: i64::MAX,
        }
    }

    /// Of an identity column of the type, as [`Column::sql_type`](schema::Column::sql_type) has it.
    pub(crate) fn of_identity(identity: &'a Identity, sql_type: &str) -> Self {
        let Identity { kind: _, name: _, schema: _, increment, start_with, min_value, max_value, cache, cycle } =
            identity;
        let (least, greatest) = match casts::base_name(sql_type).as_str() {
            "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
            "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
            _ => (i64::MIN, i64::MAX),
        };
        Options {
            increment: increment.as_deref(),
            min_value: min_value.as_deref(),
            max_value: max_value.as_deref(),
            start_with: start_with.as_deref(),
            cache: cache.as_deref(),
            cycle: *cycle == Some(true),
            least,
            greatest,
        }
    }

    /// What CREATE SEQUENCE and GENERATED AS IDENTITY are to say.
    pub(crate) fn declared(&self) -> Vec<SequenceOption> {
        let options = [
            self.increment.map(|value| SequenceOption::Increment(value.to_owned())),
            self.min_value.map(|value| SequenceOption::MinValue(value.to_owned())),
            self.max_value.map(|value| SequenceOption::MaxValue(value.to_owned())),
            self.start_with.map(|value| SequenceOption::Start(value.to_owned())),
            self.cache.map(|value| SequenceOption::Cache(value.to_owned())),
            self.cycle.then_some(SequenceOption::Cycle(true)),
        ];
        options.into_iter().flatten().collect()
    }

    /// Where the sequence begins, and whether it counts down from there.
    pub(crate) fn start(&self) -> (String, bool) {
        (self.values().start, self.is_descending())
    }

    fn is_descending(&self) -> bool {
        self.increment.is_some_and(|by| by.trim_start().starts_with('-'))
    }

    /// The rules of CREATE SEQUENCE: an ascending sequence goes from 1 to the greatest value of its
    /// type, a descending one from -1 to the least.
    fn values(&self) -> Values {
        let is_descending = self.is_descending();
        let or = |given: Option<&str>, default: i64| {
            // `+5` and `05` are the number 5.
            let number = given.map(|text| text.parse::<i128>().map_or_else(|_| text.to_owned(), |n| n.to_string()));
            number.unwrap_or_else(|| default.to_string())
        };
        let min_value = or(self.min_value, if is_descending { self.least } else { 1 });
        let max_value = or(self.max_value, if is_descending { -1 } else { self.greatest });
        let first = if is_descending { &max_value } else { &min_value };
        let start = self.start_with.map_or_else(|| first.clone(), |given| or(Some(given), 1));
        let (increment, cache) = (or(self.increment, 1), or(self.cache, 1));
        Values { increment, min_value, max_value, start, cache, cycle: self.cycle }
    }
}

/// The options in which two sequences differ, at the value that the next one has. ALTER keeps what
/// it does not say, so that an option that is declared no more must be said too.
pub(super) fn differing(previous: &Options, next: &Options) -> Vec<SequenceOption> {
    let (was, is) = (previous.values(), next.values());
    let options = [
        (was.increment != is.increment).then_some(SequenceOption::Increment(is.increment)),
        (was.min_value != is.min_value).then_some(SequenceOption::MinValue(is.min_value)),
        (was.max_value != is.max_value).then_some(SequenceOption::MaxValue(is.max_value)),
        (was.start != is.start).then_some(SequenceOption::Start(is.start)),
        (was.cache != is.cache).then_some(SequenceOption::Cache(is.cache)),
        (was.cycle != is.cycle).then_some(SequenceOption::Cycle(is.cycle)),
    ];
    options.into_iter().flatten().collect()
}

/// What ALTER SEQUENCE is to say: as drizzle-kit does, all that is declared, and what is declared
/// no more. Nothing where both are the same sequence.
pub(super) fn altered(previous: &Options, next: &Options) -> Vec<SequenceOption> {
    let differing = differing(previous, next);
    if differing.is_empty() {
        return Vec::new();
    }
    let declared = next.declared();
    let is_declared = |option: &SequenceOption| {
        declared.iter().any(|other| std::mem::discriminant(other) == std::mem::discriminant(option))
    };
    let reset: Vec<SequenceOption> = differing.into_iter().filter(|option| !is_declared(option)).collect();
    let restart = begins_outside(previous, next).then_some(SequenceOption::Restart);
    let mut options: Vec<SequenceOption> = declared.into_iter().chain(reset).chain(restart).collect();
    options.sort_by_key(SequenceOption::position);
    options
}

/// Whether the bounds leave out where the sequence began, so that PostgreSQL would refuse them
/// while it stands there.
fn begins_outside(previous: &Options, next: &Options) -> bool {
    let (was, is) = (previous.values(), next.values());
    match [was.start, is.min_value, is.max_value].map(|text| text.parse::<i128>()) {
        [Ok(start), Ok(least), Ok(greatest)] => start < least || greatest < start,
        _ => false,
    }
}

/// Whether PostgreSQL accepts the options one after the other, in the order in which an identity's
/// are written: least, greatest, start. After each of them the start must lie within the bounds, and
/// so must the value that the sequence is at, which is taken to be no less far than its start.
pub(super) fn can_alter(previous: &Options, next: &Options) -> bool {
    let numbers = |values: Values| {
        let [least, greatest, start] = [values.min_value, values.max_value, values.start].map(|text| text.parse().ok());
        Some((least?, greatest?, start?))
    };
    let (Some((least, greatest, start)), Some(last)) = (numbers(previous.values()), numbers(next.values())) else {
        // What is no number is PostgreSQL's to refuse.
        return true;
    };
    let is_valid = |(least, greatest, start): (i128, i128, i128)| least <= start && start <= greatest;
    [(least, greatest, start), (last.0, greatest, start), (last.0, last.1, start), last].into_iter().all(is_valid)
}

#[cfg(test)]
mod tests {
    use schema::{Identity, IdentityKind, Sequence};

    use super::{Options, altered, can_alter, differing};
    use crate::step::SequenceOption;

    fn identity(least: i64, greatest: i64, start: i64) -> Identity {
        let number = |number: i64| Some(number.to_string());
        let bounds = (number(least), number(greatest), number(start));
        Identity { min_value: bounds.0, max_value: bounds.1, start_with: bounds.2, ..bare_identity() }
    }

    fn bare_identity() -> Identity {
        Identity {
            kind: IdentityKind::Always,
            name: "s".to_owned(),
            schema: None,
            increment: None,
            start_with: None,
            min_value: None,
            max_value: None,
            cache: None,
            cycle: None,
        }
    }

    fn sequence(increment: Option<&str>) -> Sequence {
        let increment = increment.map(str::to_owned);
        let (name, schema) = ("s".to_owned(), "public".to_owned());
        let none = None::<String>;
        Sequence {
            name,
            schema,
            increment,
            start_with: none.clone(),
            min_value: none.clone(),
            max_value: none.clone(),
            cache: none,
            cycle: None,
        }
    }

    #[test]
    fn bounds_that_leave_the_old_start_out_cannot_be_set_one_by_one() {
        let can = |from: &Identity, to: &Identity| {
            can_alter(&Options::of_identity(from, "bigint"), &Options::of_identity(to, "bigint"))
        };
        let from = identity(1, 100, 1);
        assert!(can(&from, &identity(-5, 1000, 7)));
        assert!(!can(&from, &identity(10, 100, 10)));
        assert!(!can(&from, &identity(-100, -1, -1)));
        let descending = Identity { increment: Some("-1".to_owned()), ..bare_identity() };
        assert!(!can(&bare_identity(), &descending));
    }

    #[test]
    fn an_option_that_says_the_default_is_no_difference() {
        let said = Identity { increment: Some("1".to_owned()), cycle: Some(false), ..identity(1, 32767, 1) };
        let (bare, options) = (bare_identity(), Options::of_identity);
        assert!(differing(&options(&said, "smallint"), &options(&bare, "smallint")).is_empty());
        let expected = [SequenceOption::MaxValue(i32::MAX.to_string())];
        assert_eq!(differing(&options(&said, "integer"), &options(&bare, "integer")), expected);
    }

    #[test]
    fn an_option_that_is_declared_no_more_is_set_back() {
        let (two, bare) = (sequence(Some("2")), sequence(None));
        let options = altered(&Options::of_sequence(&two), &Options::of_sequence(&bare));
        assert_eq!(options, [SequenceOption::Increment("1".to_owned())]);
        assert!(altered(&Options::of_sequence(&sequence(Some("1"))), &Options::of_sequence(&bare)).is_empty());
    }

    #[test]
    fn a_sequence_that_turns_round_begins_again() {
        let (down, up) = (sequence(Some("-1")), sequence(None));
        let options = altered(&Options::of_sequence(&down), &Options::of_sequence(&up));
        assert!(options.contains(&SequenceOption::Restart), "{options:?}");
        assert!(options.contains(&SequenceOption::MaxValue(i64::MAX.to_string())), "{options:?}");
    }
}
