//! What `ALTER COLUMN … SET DATA TYPE` does to the values that are there: whether PostgreSQL writes
//! them anew, whether it may refuse one, and whether one may come out poorer without a word.

use schema::Column;

use super::casts::{self, Conversion, base, element, is_text_name};

/// What a change of type does to the values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Effects {
    /// The table is written anew, under an exclusive lock. Otherwise only the catalog changes.
    pub(crate) rewrites: bool,
    /// A value may not fit the new type, and then the statement fails.
    pub(crate) may_fail: bool,
    /// A value may become another one: rounded, cut off, or without the part that the type lacks.
    pub(crate) loses: bool,
}

const NOTHING: Effects = Effects { rewrites: false, may_fail: false, loses: false };
const REWRITES: Effects = Effects { rewrites: true, ..NOTHING };
const MAY_FAIL: Effects = Effects { may_fail: true, ..REWRITES };
const LOSES: Effects = Effects { loses: true, ..REWRITES };
const LOSES_OR_FAILS: Effects = Effects { may_fail: true, ..LOSES };

/// What changing the type of `previous` into that of `next` does, converted as [`casts::conversion`] says.
pub(crate) fn effects(previous: &Column, next: &Column) -> Effects {
    let (from, to) = (base(previous), base(next));
    let same_shape = casts::is_array(previous) == casts::is_array(next);
    match casts::conversion(previous, next) {
        Conversion::Using(_) | Conversion::Guess(_) => using(&from, &Type::new(&to, next), same_shape),
        Conversion::Assignment if !same_shape => into_text(&to, &next.sql_type),
        Conversion::Assignment => {
            let found = assignment(&Type::new(&from, previous), &Type::new(&to, next));
            // An array is taken apart and put together even where its elements stay as they are.
            let is_converted = casts::is_array(next) && element(&previous.sql_type) != element(&next.sql_type);
            Effects { rewrites: found.rewrites || is_converted, ..found }
        }
    }
}

fn using(from: &str, to: &Type, same_shape: bool) -> Effects {
    const NUMBERS: [&str; 6] = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];
    match (from, to.base) {
        // One value becomes an array of one.
        _ if !same_shape && (from == to.base || (is_text_name(from) && matches!(to.base, "text" | "citext"))) => {
            REWRITES
        }
        ("boolean", to) if NUMBERS.contains(&to) => REWRITES,
        // Every number but 0 becomes true.
        (from, "boolean") if NUMBERS.contains(&from) => LOSES,
        // As many bits as the type has.
        ("integer" | "bigint", "bit") => LOSES,
        // A text with a time of day reads as a date, and one with more digits as a shorter number.
        (
            "text" | "varchar" | "char" | "citext" | "name",
            "date" | "time" | "timestamp" | "real" | "double precision",
        ) => LOSES_OR_FAILS,
        ("text" | "varchar" | "char" | "citext" | "name", "numeric") if to.sizes != Sizes::None => LOSES_OR_FAILS,
        _ => MAY_FAIL,
    }
}

/// What stands in a type's parentheses.
#[derive(PartialEq)]
enum Sizes {
    /// There are none.
    None,
    /// The scale of a `numeric` may be below 0.
    Numbers(Vec<i32>),
    /// It is no number.
    Unread,
}

/// A type as the rules below look at it.
struct Type<'a> {
    base: &'a str,
    text: &'a str,
    sizes: Sizes,
}

impl<'a> Type<'a> {
    fn new(base: &'a str, column: &'a Column) -> Self {
        let text = element(&column.sql_type);
        Type { base, text, sizes: sizes(text) }
    }

    fn size(&self) -> Option<i32> {
        match &self.sizes {
            Sizes::Numbers(sizes) => sizes.first().copied(),
            Sizes::None | Sizes::Unread => None,
        }
    }

    /// The digits after the second's point that are kept.
    fn precision(&self) -> i32 {
        self.size().unwrap_or(6)
    }

    /// The digits before and after the point of a `numeric` with a precision. It counts from the first that can be
    /// other than 0 to the last that is kept: either of them may be on the other side of the point.
    fn digits(&self) -> Option<(i32, i32)> {
        let Sizes::Numbers(sizes) = &self.sizes else { return None };
        let scale = sizes.get(1).copied().unwrap_or(0);
        Some((sizes.first()?.saturating_sub(scale), scale))
    }
}

fn assignment(from: &Type, to: &Type) -> Effects {
    // An extension's, maybe, of which nobody here knows what it leaves out.
    if to.sizes == Sizes::Unread && from.text != to.text {
        return LOSES_OR_FAILS;
    }
    if is_number(from.base) && is_number(to.base) {
        return numbers(from, to);
    }
    match (from.base, to.base) {
        (_, "text" | "varchar" | "citext") if is_unpadded(from.base) => lengths(from, to),
        // Names have 63 bytes, and the rest is cut off.
        (_, "name") => {
            if from.base == "name" {
                NOTHING
            } else {
                LOSES
            }
        }
        (_, "char") if is_text_name(from.base) => padded(from, to),
        (_, base) if is_text_name(base) => into_text(base, to.text),
        (a, b) if a == b => same_base(from, to),
        ("jsonb", "json") | ("macaddr", "macaddr8") => REWRITES,
        // Keys lose their order and doubles; `\u0000` is refused.
        ("json", "jsonb") => LOSES_OR_FAILS,
        ("cidr", "inet") => NOTHING,
        // The bits behind the net mask become 0.
        ("inet", "cidr") => LOSES,
        ("macaddr8", "macaddr") => MAY_FAIL,
        _ => times(from, to),
    }
}

fn is_number(base: &str) -> bool {
    matches!(base, "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision")
}

/// Text that PostgreSQL does not fill up with blanks.
fn is_unpadded(base: &str) -> bool {
    matches!(base, "text" | "varchar" | "citext")
}

/// The types of text are one representation; only a length that shrinks is looked at.
fn lengths(from: &Type, to: &Type) -> Effects {
    match (from.size(), to.size()) {
        (_, None) => NOTHING,
        (Some(from), Some(to)) if from <= to => NOTHING,
        // Longer text is refused, but for blanks at its end.
        (_, Some(_)) => MAY_FAIL,
    }
}

/// `char` alone is `char(1)`.
fn padded(from: &Type, to: &Type) -> Effects {
    let length = |of: &Type| if of.base == "char" { Some(of.size().unwrap_or(1)) } else { of.size() };
    match (length(from), length(to)) {
        (Some(a), Some(b)) if a == b && from.base == to.base => NOTHING,
        (Some(a), Some(b)) if a <= b => REWRITES,
        _ => MAY_FAIL,
    }
}

/// Anything has a text; only a length may be too short for it.
fn into_text(base: &str, sql_type: &str) -> Effects {
    match base {
        "char" | "name" => MAY_FAIL,
        _ if sizes(element(sql_type)) != Sizes::None => MAY_FAIL,
        _ => REWRITES,
    }
}

fn same_base(from: &Type, to: &Type) -> Effects {
    match from.base {
        _ if from.text == to.text => NOTHING,
        "time" | "time with time zone" | "timestamp" | "timestamp with time zone" => {
            if from.precision() <= to.precision() { NOTHING } else { LOSES }
        }
        // The widest interval takes every other; between two others a field may be missing.
        "interval" if to.text == "interval" => NOTHING,
        "interval" => LOSES,
        // `int4` for `integer`.
        _ if from.sizes == to.sizes => NOTHING,
        _ if to.sizes == Sizes::None && from.base != "bit" => REWRITES,
        _ => MAY_FAIL,
    }
}

fn numbers(from: &Type, to: &Type) -> Effects {
    match (integer_digits(from.base), integer_digits(to.base)) {
        (Some((a, _)), Some((b, _))) if a == b => return NOTHING,
        (Some((a, _)), Some((b, _))) => return if a < b { REWRITES } else { MAY_FAIL },
        _ => {}
    }
    match (from.base, to.base) {
        ("numeric", "numeric") => numerics(from, to),
        (a, b) if a == b => NOTHING,
        (integer, "numeric") if integer_digits(integer).is_some() => {
            let most = integer_digits(integer).map_or(0, |(most, _)| most);
            to.digits().map_or(REWRITES, |digits| Effects { rewrites: true, ..digits_into((most, 0), digits) })
        }
        // A float keeps 24 or 53 bits: all of a smallint, and of an integer where they are 53.
        ("smallint", _) | ("integer", "double precision") | ("real", "double precision") => REWRITES,
        ("integer" | "bigint", _) => LOSES,
        ("numeric", "real" | "double precision") => {
            let exact = if to.base == "real" { 6 } else { 15 };
            if from.digits().is_some_and(|(before, after)| before + after <= exact) { REWRITES } else { LOSES_OR_FAILS }
        }
        ("numeric", integer) => {
            let safe = integer_digits(integer).map_or(0, |(_, safe)| safe);
            match from.digits() {
                Some((before, ..=0)) if before <= safe => REWRITES,
                Some((before, _)) if before < safe => LOSES,
                Some((_, ..=0)) => MAY_FAIL,
                _ => LOSES_OR_FAILS,
            }
        }
        // PostgreSQL takes 6 or 15 digits of a float.
        (_, "numeric") if to.digits().is_none() => LOSES,
        _ => LOSES_OR_FAILS,
    }
}

/// The most decimal digits of an integer type, and how many always fit.
fn integer_digits(base: &str) -> Option<(i32, i32)> {
    match base {
        "smallint" => Some((5, 4)),
        "integer" => Some((10, 9)),
        "bigint" => Some((19, 18)),
        _ => None,
    }
}

fn numerics(from: &Type, to: &Type) -> Effects {
    match (from.digits(), to.digits()) {
        (_, None) => NOTHING,
        (None, Some(_)) => LOSES_OR_FAILS,
        (Some(digits), Some(next)) => digits_into(digits, next),
    }
}

/// From so many digits before and after the point to others.
fn digits_into((before, after): (i32, i32), (next_before, next_after): (i32, i32)) -> Effects {
    Effects {
        // A greater precision at the same scale is a matter of the catalog alone.
        rewrites: after != next_after || before > next_before,
        // Rounding may carry into a digit more.
        may_fail: before > next_before || (before == next_before && after > next_after),
        loses: after > next_after,
    }
}

/// Between dates and times something is left out, but where the new type has all parts of the old.
fn times(from: &Type, to: &Type) -> Effects {
    let keeps = matches!(
        (from.base, to.base),
        ("date", _)
            | ("timestamp", "timestamp with time zone")
            | ("timestamp with time zone", "timestamp")
            | ("time", "interval" | "time with time zone")
    );
    let is_cut_short = from.base != "date" && from.precision() > to.precision();
    if keeps && !is_cut_short { REWRITES } else { LOSES }
}

fn sizes(sql_type: &str) -> Sizes {
    let Some((_, rest)) = sql_type.split_once('(') else { return Sizes::None };
    let numbers = rest.split_once(')').and_then(|(inside, _)| {
        let numbers = inside.split(',').map(|size| size.trim().parse().ok());
        numbers.collect()
    });
    numbers.map_or(Sizes::Unread, Sizes::Numbers)
}

#[cfg(test)]
mod tests {
    use schema::Column;

    use super::{LOSES, LOSES_OR_FAILS, MAY_FAIL, NOTHING, REWRITES, effects};

    #[test]
    fn each_change_of_type_has_its_effects() {
        let column = |sql_type: &str| Column { name: "c".into(), sql_type: sql_type.into(), ..Column::default() };
        for (from, to, expected) in [
            ("varchar(10)", "varchar(20)", NOTHING),
            ("varchar(10)", "text", NOTHING),
            ("text", "varchar", NOTHING),
            ("varchar(20)", "varchar(10)", MAY_FAIL),
            ("text", "varchar(10)", MAY_FAIL),
            ("varchar(10)[]", "varchar(20)[]", REWRITES),
            ("char(5)", "char(9)", REWRITES),
            ("char(5)", "text", REWRITES),
            ("integer", "text", REWRITES),
            ("uuid", "varchar(36)", MAY_FAIL),
            ("text", "name", LOSES),
            ("serial", "integer", NOTHING),
            ("integer", "bigint", REWRITES),
            ("bigint", "integer", MAY_FAIL),
            ("bigint", "real", LOSES),
            ("integer", "double precision", REWRITES),
            ("bigint", "double precision", LOSES),
            ("integer", "numeric", REWRITES),
            ("integer", "numeric(5, 2)", MAY_FAIL),
            ("integer", "numeric(12, 2)", REWRITES),
            ("numeric(5, 2)", "numeric(7, 2)", NOTHING),
            ("numeric(5, 2)", "numeric", NOTHING),
            ("numeric(5, 2)", "numeric(5, 4)", MAY_FAIL),
            ("numeric(5, 2)", "numeric(5, 1)", LOSES),
            ("numeric(5, 2)", "numeric(4, 1)", LOSES_OR_FAILS),
            ("numeric", "numeric(9, 2)", LOSES_OR_FAILS),
            ("numeric(10,2)", "numeric(3,-2)", LOSES_OR_FAILS),
            ("numeric(3, -2)", "numeric(5, -2)", NOTHING),
            ("numeric(3, -2)", "numeric(3, -3)", LOSES),
            ("numeric(3, -2)", "numeric(5)", REWRITES),
            ("numeric(3, -2)", "bigint", REWRITES),
            ("numeric(3, 5)", "numeric(5, 5)", NOTHING),
            ("numeric(5, 2)", "numeric(3, 5)", MAY_FAIL),
            ("smallint", "numeric(3, -2)", LOSES_OR_FAILS),
            ("smallint", "numeric(9, -2)", LOSES),
            ("geometry(Point, 4326)", "geometry(Point, 3857)", LOSES_OR_FAILS),
            ("numeric(9, 2)", "numeric(9, two)", LOSES_OR_FAILS),
            ("numeric(4)", "smallint", REWRITES),
            ("numeric(9, 2)", "integer", LOSES),
            ("numeric", "bigint", LOSES_OR_FAILS),
            ("numeric(5, 2)", "real", REWRITES),
            ("numeric(9, 2)", "real", LOSES_OR_FAILS),
            ("double precision", "numeric", LOSES),
            ("double precision", "real", LOSES_OR_FAILS),
            ("numeric", "boolean", LOSES),
            ("boolean", "numeric", REWRITES),
            ("integer", "integer[]", REWRITES),
            ("varchar(9)", "text[]", REWRITES),
            ("text", "varchar(9)[]", MAY_FAIL),
            ("text", "integer", MAY_FAIL),
            ("text", "numeric", MAY_FAIL),
            ("text", "numeric(5, 2)", LOSES_OR_FAILS),
            ("text", "date", LOSES_OR_FAILS),
            ("json", "jsonb", LOSES_OR_FAILS),
            ("jsonb", "json", REWRITES),
            ("inet", "cidr", LOSES),
            ("cidr", "inet", NOTHING),
            ("date", "timestamp", REWRITES),
            ("timestamp", "date", LOSES),
            ("timestamp (3)", "timestamp (6)", NOTHING),
            ("timestamp", "timestamp (3)", LOSES),
            ("timestamp (3)", "timestamp (3) with time zone", REWRITES),
            ("timestamp", "timestamp (3) with time zone", LOSES),
            ("interval day", "interval", NOTHING),
            ("time with time zone", "time", LOSES),
        ] {
            assert_eq!(effects(&column(from), &column(to)), expected, "{from} to {to}");
        }
    }
}
