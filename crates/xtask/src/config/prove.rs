//! When `generate` proves what it writes: `true`, `false` or `"auto"`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// When `generate` proves what it writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Prove {
    /// Where a server for tests is up already.
    #[default]
    Auto,
    /// Always; a server is started where none is up.
    Always,
    /// Not unless it is asked to.
    Never,
}

impl<'de> Deserialize<'de> for Prove {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Value;
        impl Visitor<'_> for Value {
            type Value = Prove;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false or \"auto\"")
            }

            fn visit_bool<E: Error>(self, is_always: bool) -> Result<Prove, E> {
                Ok(if is_always { Prove::Always } else { Prove::Never })
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Prove, E> {
                match text {
                    "auto" => Ok(Prove::Auto),
                    _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
                }
            }
        }
        deserializer.deserialize_any(Value)
    }
}
