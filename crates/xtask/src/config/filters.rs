//! What of a database is looked at: the filters of drizzle.config.ts, by their names there.

use serde::{Deserialize, Deserializer};

/// The roles that a provider has made, and manages itself.
const SUPABASE: [&str; 12] = [
    "anon",
    "authenticated",
    "authenticator",
    "dashboard_user",
    "pgbouncer",
    "service_role",
    "supabase_admin",
    "supabase_auth_admin",
    "supabase_read_only_user",
    "supabase_realtime_admin",
    "supabase_replication_admin",
    "supabase_storage_admin",
];
const NEON: [&str; 4] = ["anonymous", "authenticated", "cloud_admin", "neon_superuser"];

/// What of a database is looked at, in Drizzle's words. Nothing outside is changed, nor compared.
#[derive(Clone, Debug, Default)]
#[cfg_attr(not(feature = "database"), expect(dead_code, reason = "only commands on a database look at one"))]
pub(crate) struct Filters {
    /// Patterns of the names of tables and views; none takes all.
    pub(crate) tables: Vec<String>,
    /// The names of schemas; none takes those that the schema declares, and `public`.
    pub(crate) schemas: Vec<String>,
    /// The roles.
    pub(crate) roles: RoleFilter,
}

/// Which roles are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum RoleFilter {
    /// Those that the schema declares.
    #[default]
    Declared,
    /// None.
    Off,
    /// All that are not the server's own, but for these; or these, where some are included.
    Managed { include: Vec<String>, exclude: Vec<String> },
}

/// A text, or several.
#[derive(Default)]
pub(super) struct OneOrMany(Vec<String>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a text or a list of texts")]
        enum Given {
            One(String),
            Many(Vec<String>),
        }
        Ok(OneOrMany(match Given::deserialize(deserializer)? {
            Given::One(text) => vec![text],
            Given::Many(texts) => texts,
        }))
    }
}

/// The extensions whose tables drizzle-kit can be told to pass over. What belongs to any extension is passed over here,
/// so that nothing follows from it.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ExtensionFilter {
    Postgis,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct EntitiesTable {
    roles: RoleFilter,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RolesTable {
    provider: Option<Provider>,
    include: Vec<String>,
    exclude: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Provider {
    Supabase,
    Neon,
}

impl Provider {
    fn roles(&self) -> &'static [&'static str] {
        match self {
            Provider::Supabase => &SUPABASE,
            Provider::Neon => &NEON,
        }
    }
}

impl<'de> Deserialize<'de> for RoleFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RoleVisitor)
    }
}

/// Reads `true`, `false` or a table, and names what is wrong in the table.
struct RoleVisitor;

impl<'de> serde::de::Visitor<'de> for RoleVisitor {
    type Value = RoleFilter;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("true, false, or a table of provider, include and exclude")
    }

    fn visit_bool<E>(self, is_on: bool) -> Result<RoleFilter, E> {
        Ok(if is_on { RoleFilter::Managed { include: Vec::new(), exclude: Vec::new() } } else { RoleFilter::Off })
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<RoleFilter, A::Error> {
        let RolesTable { provider, include, mut exclude } =
            RolesTable::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        let of_provider = provider.iter().flat_map(Provider::roles).map(|role| (*role).to_owned());
        exclude.extend(of_provider);
        Ok(RoleFilter::Managed { include, exclude })
    }
}

pub(super) fn read(tables: OneOrMany, schemas: OneOrMany, entities: EntitiesTable) -> Filters {
    Filters { tables: tables.0, schemas: schemas.0, roles: entities.roles }
}
