//! Where this user's files are, and reading a file that anybody may have written.

use super::ConfigError;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// More than any configuration needs: something else was named by mistake.
const MOST_BYTES: u64 = 1024 * 1024;

/// Where configuration, data and logs of this user are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The configuration.
    pub config_file: PathBuf,
    /// Databases.
    pub data_dir: PathBuf,
    /// Logs.
    pub log_dir: PathBuf,
    /// Where `~` in a path leads.
    pub home: PathBuf,
}

impl Places {
    /// Those of the user who runs the program; none without a home directory.
    pub fn of_this_user() -> Option<Self> {
        let dirs = directories::ProjectDirs::from("", "", "frontdesk")?;
        let home = directories::BaseDirs::new()?.home_dir().to_owned();
        let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
        Some(Self {
            config_file: dirs.config_dir().join("config.toml"),
            data_dir: dirs.data_dir().to_owned(),
            log_dir: state.join("log"),
            home,
        })
    }
}

/// The text of the file; `Err(None)` when there is none.
pub(super) fn read(file: &Path) -> Result<String, Option<ConfigError>> {
    let wrong = |why: &str| {
        Some(ConfigError::Unreadable {
            file: file.to_owned(),
            why: why.to_owned(),
        })
    };
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => None,
        ErrorKind::PermissionDenied => wrong("you have no permission to read it"),
        ErrorKind::IsADirectory => wrong("it is a directory; name the file in it"),
        _ => wrong(&error.to_string()),
    };
    let opened = File::open(file).map_err(failed)?;
    let mut bytes = Vec::new();
    opened
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(wrong(
            "it is larger than 1 MB; is it really a configuration?",
        ));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = bytes.iter().take(good).filter(|b| **b == b'\n').count() + 1;
        wrong(&format!(
            "line {line} is not UTF-8 text; save it as UTF-8 in your editor"
        ))
    })?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}
