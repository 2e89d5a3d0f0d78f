//! PostgreSQL's binary forms that the driver leaves alone: arrays of any dimensions, and types
//! that are read as text.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use postgres_types::{Kind, Type};

use super::BoxError;
use crate::Interval;

/// The sizes of an array's dimensions, and its elements.
pub(super) fn array(raw: &[u8]) -> Result<(Vec<usize>, Elements<'_>), BoxError> {
    let mut reader = Reader(raw);
    let dimensions = reader.i32()?;
    // Whether there are NULLs, and the element's OID: both are known without.
    reader.take(8)?;
    let mut sizes = Vec::new();
    for _ in 0..dimensions {
        sizes.push(usize::try_from(reader.i32()?)?);
        // The lower bound, which Rust's arrays do not have.
        reader.take(4)?;
    }
    Ok((sizes, Elements(reader)))
}

/// The elements of an array, in row-major order.
#[doc(hidden)]
pub struct Elements<'a>(Reader<'a>);

impl<'a> Elements<'a> {
    /// The next element's bytes, or none where it is NULL.
    pub(super) fn next(&mut self) -> Result<Option<&'a [u8]>, BoxError> {
        match self.0.i32()? {
            -1 => Ok(None),
            length => self.0.take(usize::try_from(length)?).map(Some),
        }
    }
}

/// Whether a type that is no text has one here.
pub(super) fn has_text(ty: &Type) -> bool {
    let known = matches!(
        *ty,
        Type::CIDR
            | Type::INET
            | Type::MACADDR
            | Type::MACADDR8
            | Type::INTERVAL
            | Type::BIT
            | Type::VARBIT
            | Type::TIMETZ
    );
    known || is_extension_text(ty) || matches!(ty.kind(), Kind::Enum(_))
}

/// Types of extensions and of users whose binary form is their text.
fn is_extension_text(ty: &Type) -> bool {
    matches!(ty.name(), "citext")
}

/// The text of a value of such a type.
pub(super) fn of(ty: &Type, raw: &[u8]) -> Result<String, BoxError> {
    match *ty {
        Type::CIDR | Type::INET => network(raw),
        Type::MACADDR | Type::MACADDR8 => {
            Ok(raw.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":"))
        }
        Type::INTERVAL => interval(raw).map(|interval| interval.to_string()),
        Type::BIT | Type::VARBIT => bits(raw),
        Type::TIMETZ => time_with_zone(raw),
        _ => Ok(std::str::from_utf8(raw)?.to_owned()),
    }
}

/// `192.168.0.0/16`: family, prefix, whether it is a cidr, the address's length, the address.
fn network(raw: &[u8]) -> Result<String, BoxError> {
    let mut reader = Reader(raw);
    let header = reader.take(4)?;
    let (prefix, is_cidr) = (header[1], header[2] != 0);
    let address = match <[u8; 4]>::try_from(reader.0) {
        Ok(bytes) => IpAddr::from(Ipv4Addr::from(bytes)),
        Err(_) => IpAddr::from(Ipv6Addr::from(<[u8; 16]>::try_from(reader.0)?)),
    };
    let whole = if address.is_ipv4() { 32 } else { 128 };
    Ok(if is_cidr || prefix != whole { format!("{address}/{prefix}") } else { address.to_string() })
}

/// `0101`: how many bits, then the bits from the left.
fn bits(raw: &[u8]) -> Result<String, BoxError> {
    let mut reader = Reader(raw);
    let count = usize::try_from(reader.i32()?)?;
    let bytes = reader.take(count.div_ceil(8))?;
    Ok((0..count).map(|at| if bytes[at / 8] >> (7 - at % 8) & 1 == 1 { '1' } else { '0' }).collect())
}

/// `10:30:00.5+02:00`: microseconds since midnight, then seconds west of Greenwich.
fn time_with_zone(raw: &[u8]) -> Result<String, BoxError> {
    let mut reader = Reader(raw);
    let time = clock(reader.i64()?.unsigned_abs());
    let west = reader.i32()?;
    let (sign, seconds) = (if west > 0 { '-' } else { '+' }, west.unsigned_abs());
    Ok(format!("{time}{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60))
}

/// Microseconds, days, months.
pub(super) fn interval(raw: &[u8]) -> Result<Interval, BoxError> {
    let mut reader = Reader(raw);
    let microseconds = reader.i64()?;
    let days = reader.i32()?;
    Ok(Interval { months: reader.i32()?, days, microseconds })
}

/// `1 mons -2 days 03:04:05.6`, which PostgreSQL reads in every setting of `intervalstyle`.
impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Interval { months, days, microseconds } = self;
        let sign = if *microseconds < 0 { "-" } else { "" };
        write!(f, "{months} mons {days} days {sign}{}", clock(microseconds.unsigned_abs()))
    }
}

/// `hh:mm:ss`, with what is left of a second.
fn clock(microseconds: u64) -> String {
    let (seconds, rest) = (microseconds / 1_000_000, microseconds % 1_000_000);
    let mut text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest > 0 {
        text.push_str(format!(".{rest:06}").trim_end_matches('0'));
    }
    text
}

/// Numbers of 64 bits, one after the other.
pub(super) fn floats<const N: usize>(raw: &[u8]) -> Result<[f64; N], BoxError> {
    let mut reader = Reader(raw);
    let mut numbers = [0.0; N];
    for number in &mut numbers {
        *number = f64::from_bits(reader.i64()?.cast_unsigned());
    }
    Ok(numbers)
}

/// Bytes that are taken from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], BoxError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or("the value ends too early")?;
        self.0 = rest;
        Ok(taken)
    }

    fn i32(&mut self) -> Result<i32, BoxError> {
        Ok(i32::from_be_bytes(self.take(4)?.try_into()?))
    }

    fn i64(&mut self) -> Result<i64, BoxError> {
        Ok(i64::from_be_bytes(self.take(8)?.try_into()?))
    }
}
