//! In which order the ways to a server are tried. Pure: nothing is looked at here.

use crate::options::{Force, Purpose};

/// One way to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// The compose project of this repository, if it is up.
    RunningCompose,
    /// The private cluster, started if need be.
    Cluster,
    /// The compose project, brought up.
    Compose,
    /// A container of its own, by testcontainers.
    Container,
}

impl Way {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RunningCompose => "running compose project",
            Self::Cluster => "PostgreSQL binaries",
            Self::Compose => "docker compose",
            Self::Container => "Docker container",
        }
    }
}

/// The ways to try when there is no explicit URL.
///
/// For development a project that is up comes first, since somebody brought it up; then the
/// binaries, which need no download. Tests prefer the engine, whose image is the version that
/// development and deployment use. Compose's database is never used for tests.
pub(crate) fn ways(purpose: Purpose, force: Option<Force>) -> &'static [Way] {
    match (purpose, force) {
        (Purpose::Dev, None) => &[Way::RunningCompose, Way::Cluster, Way::Compose],
        (Purpose::Dev, Some(Force::Docker)) => &[Way::RunningCompose, Way::Compose],
        (Purpose::Test, None) => &[Way::Container, Way::Cluster],
        (Purpose::Test, Some(Force::Docker)) => &[Way::Container],
        (_, Some(Force::Binaries)) => &[Way::Cluster],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn development_prefers_what_is_up_then_what_needs_no_download() {
        assert_eq!(ways(Purpose::Dev, None), [Way::RunningCompose, Way::Cluster, Way::Compose]);
    }

    #[test]
    fn tests_prefer_the_docker_engine() {
        assert_eq!(ways(Purpose::Test, None), [Way::Container, Way::Cluster]);
    }

    #[test]
    fn a_forced_way_leaves_out_the_other() {
        for purpose in [Purpose::Dev, Purpose::Test] {
            assert_eq!(ways(purpose, Some(Force::Binaries)), [Way::Cluster]);
            assert!(!ways(purpose, Some(Force::Docker)).contains(&Way::Cluster));
        }
    }
}
