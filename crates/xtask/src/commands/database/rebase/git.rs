//! Two states of the migrations folder, as Git has them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::Error;
use crate::config::Config;
use crate::folder;

/// Whose migrations are whose.
pub(super) struct Sides {
    /// The commit of the other branch.
    pub(super) onto: String,
    /// The commit with my migrations; none where they are those of the working tree.
    pub(super) mine: Option<String>,
}

impl Sides {
    /// As the flag says, or as a merge or rebase that has stopped in between says.
    pub(super) fn find(onto: Option<&str>, config: &Config) -> Result<Self, Error> {
        let is_there = |name: &str| git(config, &["rev-parse", "--quiet", "--verify", name]).is_ok();
        let (onto, mine) = match onto {
            Some(onto) => (onto, None),
            None if is_there("MERGE_HEAD") => ("MERGE_HEAD", Some("HEAD")),
            None if is_there("REBASE_HEAD") => ("HEAD", Some("REBASE_HEAD")),
            None => return Err(Error::Onto),
        };
        git(config, &["rev-parse", "--quiet", "--verify", &format!("{onto}^{{commit}}")])?;
        Ok(Sides { onto: onto.to_owned(), mine: mine.map(str::to_owned) })
    }

    /// What of Git has stopped in between. The migrations folder is not whole then, and no other command reads it.
    pub(super) fn stopped(&self) -> Option<&'static str> {
        self.mine.as_deref().map(|mine| if mine == "HEAD" { "merge" } else { "rebase" })
    }
}

/// Writes the migrations folder as a commit has it to another place.
pub(super) fn write_folder(commit: &str, to: &Path, config: &Config) -> Result<(), crate::Error> {
    let out = config.relative(&config.out).display().to_string();
    // A name that begins with `./` is relative to where Git runs, which is the root of the workspace.
    let listing = git(config, &["ls-tree", "-r", "-z", "--name-only", commit, "--", &format!("./{out}")])?;
    for path in String::from_utf8_lossy(&listing).split('\0').filter(|path| !path.is_empty()) {
        let content = git(config, &["show", &format!("{commit}:./{path}")])?;
        let inside = Path::new(path).strip_prefix(&out).unwrap_or(Path::new(path));
        let target = to.join(inside);
        let parent = target.parent().unwrap_or(to);
        fs::create_dir_all(parent).map_err(folder::io("create", parent))?;
        fs::write(&target, content).map_err(folder::io("write", &target))?;
    }
    Ok(())
}

fn git(config: &Config, args: &[&str]) -> Result<Vec<u8>, Error> {
    let output: Output = Command::new("git").args(args).current_dir(&config.root).output().map_err(Error::Start)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Error::Git { command: args.join(" "), reason })
}
