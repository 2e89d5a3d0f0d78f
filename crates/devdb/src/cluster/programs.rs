//! The programs that a cluster was started with, in a file beside its data.
//!
//! A cluster that `DEVDB_PG_BIN` chose belongs to that choice: where the variable is not set, neither its server nor its
//! data is taken for those that the search finds.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, FileContext};

const FILE: &str = "programs";

/// What follows the folder of programs that were chosen.
const CHOSEN: &str = "DEVDB_PG_BIN";

/// The programs of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Programs {
    pub(crate) bin: PathBuf,
    /// Whether they were chosen, and not found by the search.
    pub(crate) chosen: bool,
}

impl Programs {
    /// Those that the cluster in `folder` was started with last, if it was.
    pub(crate) fn of(folder: &Path) -> Option<Self> {
        let text = fs::read_to_string(folder.join(FILE)).ok()?;
        let mut lines = text.lines();
        Some(Self { bin: lines.next()?.into(), chosen: lines.next() == Some(CHOSEN) })
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(FILE);
        let chosen = if self.chosen { CHOSEN } else { "" };
        let text = format!("{}\n{chosen}\n", self.bin.display());
        let is_known = fs::read_to_string(&path).is_ok_and(|known| known == text);
        if is_known { Ok(()) } else { fs::write(&path, text).at("writing", &path) }
    }

    /// Makes sure that a server that these started is one that `wanted` may take for theirs.
    pub(crate) fn serve(&self, folder: &Path, wanted: &Self) -> Result<(), Error> {
        if self.bin == wanted.bin || !(self.chosen || wanted.chosen) {
            return Ok(());
        }
        Err(Error::Place {
            path: folder.to_owned(),
            reason: format!(
                "its server runs, started with the programs in {}, and those in {} are wanted; stop it first \
                 (cargo xtask db stop)",
                self.bin.display(),
                wanted.bin.display()
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(bin: &str, chosen: bool) -> Programs {
        Programs { bin: bin.into(), chosen }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Programs::of(folder.path()), None);
        for chosen in [true, false] {
            let programs = programs("/pg/bin", chosen);
            programs.write(folder.path()).unwrap();
            assert_eq!(Programs::of(folder.path()), Some(programs));
        }
    }

    #[test]
    fn a_choice_gets_no_server_of_other_programs_and_no_other_gets_its() {
        let serve = |theirs: Programs, ours: Programs| theirs.serve(Path::new("/c"), &ours).map_err(|e| e.to_string());
        assert_eq!(serve(programs("/a", false), programs("/b", false)), Ok(()));
        assert_eq!(serve(programs("/a", true), programs("/a", false)), Ok(()));
        for (theirs, ours) in [(true, false), (false, true), (true, true)] {
            let refused = serve(programs("/a", theirs), programs("/b", ours)).unwrap_err();
            assert!(refused.contains("programs in /a, and those in /b are wanted; stop it first"), "{refused}");
        }
    }
}
