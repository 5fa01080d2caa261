//! The log: a file a day, readable by its owner only; never the screen.

use crate::domain::time::Moment;
use crate::port::clock::Clock;
use crate::sqlite::in_words;
use chrono::{Days, NaiveDate};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use thiserror::Error;
use tracing::level_filters::LevelFilter;
use tracing::{Metadata, Subscriber};
use tracing_appender::non_blocking::{NonBlocking, WorkerGuard};
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt;

/// The variable that says how much is logged.
pub const VARIABLE: &str = "FRONTDESK_LOG";
/// What is logged where it says nothing.
const DEFAULT: &str = "info";
/// How many days of logs are kept.
const KEPT_DAYS: u64 = 14;
/// Crates that print requests, and with them tokens, below `info`.
const CAPPED: [&str; 5] = [
    "yup_oauth2",
    "google_apis",
    "google_calendar3",
    "hyper",
    "rustls",
];

/// Why nothing can be logged.
#[derive(Debug, Error)]
pub enum LogError {
    /// The variable cannot be read.
    #[error(
        "FRONTDESK_LOG = “{0}” is not understood: write error, warn, info, debug or trace, or frontdesk=debug for this program alone"
    )]
    Level(String),
    /// The file cannot be written.
    #[error("Nothing is logged, because {} cannot be written: {}; everything else works", .dir.display(), in_words(why))]
    File {
        /// Where.
        dir: PathBuf,
        /// Why not.
        why: io::Error,
    },
    /// A log was started before.
    #[error("the log was already started")]
    Started,
}

/// Keeps the log running; what is still to be written is written when it is dropped.
#[must_use]
#[derive(Debug)]
pub struct Logging {
    _guard: WorkerGuard,
}

/// Logs from now on to `frontdesk.YYYY-MM-DD.log` in the directory. `level` is the value of
/// [`VARIABLE`].
pub fn start(dir: &Path, level: Option<&str>, clock: impl Clock) -> Result<Logging, LogError> {
    let filter = filter(level)?;
    let file = DailyFile::open(dir, clock).map_err(|why| LogError::File {
        dir: dir.to_owned(),
        why,
    })?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    tracing::subscriber::set_global_default(subscriber(writer, filter))
        .map_err(|_| LogError::Started)?;
    Ok(Logging { _guard: guard })
}

fn filter(level: Option<&str>) -> Result<EnvFilter, LogError> {
    let text = level
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .unwrap_or(DEFAULT);
    let wrong = || LogError::Level(crate::domain::text::clean(text, 60));
    // EnvFilter takes a word that is no level for the name of a crate, and would log nothing
    let bare = |part: &str| part.contains('=') || part.parse::<LevelFilter>().is_ok();
    if !text.split(',').all(|part| bare(part.trim())) {
        return Err(wrong());
    }
    EnvFilter::try_new(text).map_err(|_| wrong())
}

fn subscriber(writer: NonBlocking, filter: EnvFilter) -> impl Subscriber + Send + Sync {
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(writer);
    tracing_subscriber::registry()
        .with(filter)
        // beside the filter, so that no value of the variable can lift it
        .with(filter_fn(is_harmless))
        .with(lines)
}

fn is_harmless(metadata: &Metadata<'_>) -> bool {
    let capped = CAPPED
        .iter()
        .any(|name| metadata.target().starts_with(name));
    !capped || *metadata.level() <= LevelFilter::INFO
}

/// A file a day, made with mode 0600 from the first byte.
struct DailyFile<C> {
    dir: PathBuf,
    clock: C,
    day: NaiveDate,
    file: File,
}

impl<C: Clock> DailyFile<C> {
    fn open(dir: &Path, clock: C) -> io::Result<Self> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(dir)?;
        let day = day_of(clock.now());
        prune(dir, day);
        Ok(Self {
            file: open_day(dir, day)?,
            dir: dir.to_owned(),
            clock,
            day,
        })
    }
}

impl<C: Clock> Write for DailyFile<C> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let day = day_of(self.clock.now());
        if day != self.day {
            self.file = open_day(&self.dir, day)?;
            self.day = day;
            prune(&self.dir, day);
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The day in UTC, as the lines' own times are.
fn day_of(now: Moment) -> NaiveDate {
    now.date_naive()
}

fn name_of(day: NaiveDate) -> String {
    format!("frontdesk.{}.log", day.format("%Y-%m-%d"))
}

fn open_day(dir: &Path, day: NaiveDate) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(dir.join(name_of(day)))?;
    // one that was there before may have been made by hand
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

/// Removes our own logs of days long past. What cannot be removed stays; a log is not worth failing
/// for.
fn prune(dir: &Path, today: NaiveDate) {
    let Some(oldest) = today.checked_sub_days(Days::new(KEPT_DAYS)) else {
        return;
    };
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let day = name
            .to_str()
            .and_then(|name| name.strip_prefix("frontdesk.")?.strip_suffix(".log"))
            .and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
        if day.is_some_and(|day| day < oldest) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[derive(Clone)]
    struct Days(Arc<AtomicI64>);

    impl Clock for Days {
        fn now(&self) -> Moment {
            let days = self.0.load(Ordering::SeqCst);
            chrono::DateTime::from_timestamp(1_795_500_000 + days * 86_400, 0).unwrap()
        }
    }

    fn logged(level: Option<&str>, what: impl FnOnce()) -> String {
        let dir = tempfile::tempdir().unwrap();
        let file = DailyFile::open(dir.path(), Days(Arc::default())).unwrap();
        let (writer, guard) = tracing_appender::non_blocking(file);
        tracing::subscriber::with_default(subscriber(writer, filter(level).unwrap()), what);
        drop(guard);
        let entry = fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap();
        fs::read_to_string(entry.path()).unwrap()
    }

    #[test]
    fn tokens_of_other_crates_stay_out_at_any_level() {
        let text = logged(Some("trace,yup_oauth2::storage=trace"), || {
            tracing::debug!(target: "yup_oauth2::storage", "token ya29");
            tracing::trace!(target: "hyper_util::client", "header");
            tracing::info!(target: "yup_oauth2", "signed in");
            tracing::debug!(target: "frontdesk::worker", "a step");
        });
        assert!(!text.contains("ya29") && !text.contains("header"), "{text}");
        assert!(
            text.contains("signed in") && text.contains("a step"),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn without_the_variable_only_what_matters_is_logged() {
        for level in [None, Some(" ")] {
            let text = logged(level, || {
                tracing::debug!("a step");
                tracing::info!("started");
            });
            assert!(
                text.contains("started") && !text.contains("a step"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_level_that_is_none_is_refused_in_words() {
        for wrong in ["loud", "frontdesk=loud", "===", "info,lots"] {
            let error = filter(Some(wrong)).unwrap_err().to_string();
            assert!(error.contains(wrong), "{error}");
        }
        for right in [
            "DEBUG",
            "frontdesk=debug",
            "warn,frontdesk::worker=trace",
            "off",
        ] {
            assert!(filter(Some(right)).is_ok(), "{right}");
        }
    }

    #[test]
    fn each_day_has_a_file_of_its_own_that_only_its_owner_reads_and_old_ones_go() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("log");
        let days = Days(Arc::default());
        let mut file = DailyFile::open(&dir, days.clone()).unwrap();
        fs::write(dir.join("notes.txt"), "mine").unwrap();
        file.write_all(b"first\n").unwrap();
        days.0.store(1, Ordering::SeqCst);
        file.write_all(b"second\n").unwrap();
        let names = || {
            let mut names: Vec<String> = fs::read_dir(&dir)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        };
        let first = name_of(day_of(Days(Arc::default()).now()));
        assert_eq!(names().len(), 3);
        assert_eq!(fs::read_to_string(dir.join(&first)).unwrap(), "first\n");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&dir.join(&first)), 0o600);
        assert_eq!(mode(&dir), 0o700);
        days.0.store(20, Ordering::SeqCst);
        file.write_all(b"late\n").unwrap();
        assert_eq!(names().len(), 2, "{:?}", names());
        assert!(dir.join("notes.txt").exists());
    }
}
