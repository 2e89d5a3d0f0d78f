//! Rules for what clients send, checked before the database is asked.
//!
//! The table's constraints hold the same rules for every other way into the database. Here all
//! broken ones are reported at once, in words for the client.

use std::ops::RangeInclusive;

use crate::error::Error;
use crate::problem::FieldError;

/// The broken rules of one request.
#[derive(Debug, Default)]
pub struct Validation {
    errors: Vec<FieldError>,
}

impl Validation {
    /// Notes that `field` breaks the rule `message` unless it `holds`.
    pub fn check(&mut self, field: &str, holds: bool, message: impl Into<String>) {
        if !holds {
            self.errors.push(FieldError::new(field, message));
        }
    }

    /// A text of so many characters. A NUL is no character to PostgreSQL, which cannot store it.
    pub fn text(&mut self, field: &str, text: &str, length: RangeInclusive<usize>) {
        let count = text.chars().count();
        let (least, most) = (length.start(), length.end());
        if *least == 1 && text.trim().is_empty() {
            self.check(field, false, "must not be empty");
        } else {
            self.check(field, length.contains(&count), format!("must have {least} to {most} characters"));
        }
        self.check(field, !text.contains('\0'), "must not contain a NUL character");
    }

    /// An email address, as far as that can be told without sending a message to it.
    pub fn email(&mut self, field: &str, text: &str, most: usize) {
        self.text(field, text, 1..=most);
        let parts = text.split_once('@');
        let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
        let holds =
            plain && parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
        self.check(field, holds, "must be an email address");
    }

    /// Nothing, if no rule is broken.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every broken rule.
    pub fn finish(self) -> Result<(), Error> {
        if self.errors.is_empty() { Ok(()) } else { Err(Error::Invalid(self.errors)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(check: impl FnOnce(&mut Validation)) -> Vec<String> {
        let mut validation = Validation::default();
        check(&mut validation);
        validation.errors.into_iter().map(|error| error.message).collect()
    }

    #[test]
    fn an_address_has_one_at_sign_with_something_on_both_sides() {
        for address in ["a@b", "ann.o'neil+x@mail.example.com", "ä@ö"] {
            assert_eq!(broken(|v| v.email("email", address, 255)), [""; 0], "{address}");
        }
        for address in ["a", "@b", "a@", "a@b@c", "a b@c", "a@b\n"] {
            assert_eq!(broken(|v| v.email("email", address, 255)), ["must be an email address"], "{address}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(broken(|v| v.text("name", "äöü", 1..=3)), [""; 0]);
        assert_eq!(broken(|v| v.text("name", "abcd", 1..=3)), ["must have 1 to 3 characters"]);
        assert_eq!(broken(|v| v.text("name", " \t", 1..=3)), ["must not be empty"]);
    }

    #[test]
    fn a_nul_is_refused() {
        assert_eq!(broken(|v| v.text("name", "a\0", 1..=3)), ["must not contain a NUL character"]);
    }
}
