use super::*;

fn variables(pairs: &'static [(&str, &str)]) -> Variables {
    Variables::new(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
}

fn problems<C: FromVariables + std::fmt::Debug>(pairs: &'static [(&str, &str)]) -> Vec<(&'static str, String)> {
    let invalid = read::<C>(variables(pairs)).unwrap_err();
    invalid.problems.into_iter().map(|problem| (problem.variable, problem.found)).collect()
}

#[test]
fn a_url_is_all_that_must_be_set() {
    let (config, log) = read::<Serve>(variables(&[("DATABASE_URL", "postgres://app@db/app")])).unwrap();
    assert_eq!(config.http.address.to_string(), "127.0.0.1:3000");
    assert_eq!(config.migrations.mode, Mode::Apply);
    assert_eq!(log.format, Format::Text);
}

#[test]
fn every_mistake_is_reported_at_once_and_once() {
    let found = problems::<Serve>(&[
        ("HOST", "everywhere"),
        ("PORT", "65536"),
        ("REQUEST_TIMEOUT", "-1"),
        ("BODY_LIMIT", "0"),
        ("CORS_ORIGINS", "example.com"),
        ("SHUTDOWN_DELAY", "-1"),
        ("DATABASE_POOL_SIZE", "many"),
        ("DATABASE_CONNECT_TIMEOUT", "soon"),
        ("MIGRATIONS", "never"),
        ("RUST_LOG", "loud"),
        ("LOG_FORMAT", "xml"),
    ]);
    let variables: Vec<_> = found.iter().map(|(variable, _)| *variable).collect();
    assert_eq!(
        variables,
        [
            "HOST",
            "PORT",
            "BODY_LIMIT",
            "CORS_ORIGINS",
            "REQUEST_TIMEOUT",
            "SHUTDOWN_DELAY",
            "DATABASE_URL",
            "DATABASE_POOL_SIZE",
            "DATABASE_CONNECT_TIMEOUT",
            "MIGRATIONS",
            "RUST_LOG",
            "LOG_FORMAT",
        ]
    );
    assert_eq!(found[1].1, "is \"65536\"");
}

#[test]
fn an_error_names_the_variable_and_what_is_allowed() {
    let pairs = &[("DATABASE_URL", "postgres://app@db/app"), ("MIGRATIONS", "never")];
    let invalid = read::<Serve>(variables(pairs)).unwrap_err();
    assert!(invalid.to_string().contains("MIGRATIONS is \"never\". It must be apply, verify or off"), "{invalid}");
}

#[test]
fn an_empty_variable_counts_as_absent() {
    let pairs = &[("DATABASE_URL", "postgres://app@db/app"), ("PORT", ""), ("MIGRATION_DATABASE_URL", " ")];
    let (config, _) = read::<Serve>(variables(pairs)).unwrap();
    assert_eq!(config.http.address.port(), 3000);
    assert_eq!(config.migrations.url.target().user, "app");
}

#[test]
fn the_migration_job_needs_its_own_url_alone() {
    let (config, _) = read::<Migrate>(variables(&[("MIGRATION_DATABASE_URL", "postgres://owner@db/app")])).unwrap();
    assert_eq!(config.migrations.url.target().user, "owner");
    assert_eq!(problems::<Migrate>(&[]), [("DATABASE_URL", "is not set".to_owned())]);
}

#[test]
fn no_output_has_a_password() {
    let (config, _) = read::<Serve>(variables(&[("DATABASE_URL", "postgres://app:s3cret@db/app")])).unwrap();
    assert!(!format!("{config:?}").contains("s3cret"));
    for url in ["postgres://app:s3cret@", "postgres://app:s3cret@db:port/app", "mysql://app:s3cret@db/app", "s3cret"] {
        let lookup = move |name: &str| (name == "DATABASE_URL").then(|| url.to_owned());
        let invalid = read::<Serve>(Variables::new(lookup)).unwrap_err();
        assert!(!invalid.to_string().contains("s3cret"), "{invalid}");
    }
}

#[test]
fn the_effective_values_are_shown_without_a_password() {
    let url = "postgres://app:s3cret@db/app";
    let settings = effective(Variables::new(move |name| match name {
        "DATABASE_URL" => Some(url.to_owned()),
        "PORT" => Some("80".to_owned()),
        _ => None,
    }));
    let settings = settings.unwrap();
    let shown = |variable: &str| {
        let setting = settings.iter().find(|setting| setting.variable == variable).unwrap();
        (setting.value.as_str(), setting.given)
    };
    let target = "database \"app\" at db:5432 as user \"app\"";
    assert_eq!(shown("DATABASE_URL"), (target, true));
    assert_eq!(shown("MIGRATION_DATABASE_URL"), (target, false));
    assert_eq!(shown("PORT"), ("80", true));
    assert_eq!(shown("MIGRATIONS"), ("apply", false));
    assert_eq!(shown("RUST_LOG"), ("info", false));
}

#[test]
fn the_example_names_every_variable() {
    let example = include_str!("../../../../.env.example");
    let help = include_str!("../main.rs");
    for Setting { variable, .. } in effective(variables(&[("DATABASE_URL", "postgres://app@db/app")])).unwrap() {
        assert!(example.contains(&format!("{variable}=")), "{variable} is not in .env.example");
        assert!(help.contains(variable), "{variable} is not in the help");
    }
}
