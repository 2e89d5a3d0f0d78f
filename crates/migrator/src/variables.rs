//! What libpq's programs read from variables where a connection string leaves it out.

use tokio_postgres::Config;

/// The value of a variable, if it says something.
pub(crate) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The variables of this process.
pub(crate) fn of_process(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Completes what a connection string says, all but the password and TLS.
///
/// # Errors
///
/// The name of a variable whose value is of no use, with what it has to be.
pub(crate) fn complete(config: &mut Config, variables: Variables<'_>) -> Result<(), String> {
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        for host in variables("PGHOST").iter().flat_map(|hosts| hosts.split(',')) {
            config.host(host);
        }
    }
    // To the driver, a URL with a host and without a port has said 5432.
    if config.get_ports().is_empty() {
        for port in variables("PGPORT").iter().flat_map(|ports| ports.split(',')) {
            config.port(port.trim().parse().map_err(|_| "the variable PGPORT is no port".to_owned())?);
        }
    }
    if config.get_user().is_none() {
        variables("PGUSER").map(|user| config.user(user));
    }
    if config.get_dbname().is_none() {
        variables("PGDATABASE").map(|name| config.dbname(name));
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod testing {
    /// No variables.
    pub(crate) fn none(_: &str) -> Option<String> {
        None
    }

    /// These variables.
    pub(crate) fn given(variables: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| variables.iter().find(|(given, _)| *given == name).map(|(_, value)| (*value).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::Server;

    const ALL: [(&str, &str); 5] =
        [("PGHOST", "one,two"), ("PGPORT", "1,2"), ("PGUSER", "ann"), ("PGPASSWORD", "hunter2"), ("PGDATABASE", "app")];

    fn server(url: &str, variables: &[(&str, &str)]) -> String {
        match Server::read(url, &testing::given(variables)) {
            Ok(server) => {
                let password = server.config().get_password().unwrap_or_default();
                format!("{} {}", server.target(), String::from_utf8_lossy(password))
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn variables_say_what_the_url_leaves_out() {
        assert_eq!(server("postgres://", &ALL), r#"database "app" at one:1, two:2 as user "ann" hunter2"#);
        assert_eq!(server("dbname=b", &ALL), r#"database "b" at one:1, two:2 as user "ann" hunter2"#);
        let (port, user) = (&[("PGPORT", "1")][..], &ALL[2..]);
        assert_eq!(server("postgres://h", user), r#"database "app" at h:5432 as user "ann" hunter2"#);
        assert!(server("host=h dbname=d", port).starts_with(r#"database "d" at h:1"#));
        assert!(server("host=h", &[("PGPORT", "many")]).contains("the variable PGPORT is no port"));
        assert!(server("postgres:///d", port).contains("it names no host"));
    }

    #[test]
    fn the_url_counts_where_both_say_something() {
        let url = "postgres://bob:secret@h:9/d";
        assert_eq!(server(url, &ALL), r#"database "d" at h:9 as user "bob" secret"#);
    }
}
