//! A clinic for whole-program tests: a practice calendar on a free port, a configuration and a database in
//! a folder of its own, and the real program run against them.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod term;

use frontdesk::practice::{CalendarSpec, Options, Server};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// The calendar of the one doctor of most tests.
pub const CHEN: &str = "chen@clinic.example";

pub struct Clinic {
    pub dir: tempfile::TempDir,
    pub address: String,
    server: Option<Server>,
    /// Seconds that Google's clock is ahead of this machine's.
    ahead: Arc<AtomicI64>,
    runtime: tokio::runtime::Runtime,
}

/// How a run of the program ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// What it answered with `--json`.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("not JSON ({e}): {self:?}"))
    }

    /// The error it answered with `--json`.
    pub fn error(&self) -> Value {
        let text: Value = serde_json::from_str(self.err.trim())
            .unwrap_or_else(|e| panic!("not JSON ({e}): {self:?}"));
        text["error"].clone()
    }

    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
            err: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
        }
    }
}

impl Clinic {
    /// A clinic without doctors whose practice calendar has these calendars.
    pub fn bare(calendars: &[&str]) -> Self {
        Self::with(calendars, "")
    }

    /// The same with more lines of configuration.
    pub fn with(calendars: &[&str], more: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let specs = calendars
            .iter()
            .map(|id| CalendarSpec {
                id: (*id).to_owned(),
                summary: (*id).to_owned(),
                time_zone: "Europe/Berlin".to_owned(),
            })
            .collect();
        let ahead = Arc::new(AtomicI64::new(0));
        let server = runtime
            .block_on(Server::start(Options {
                data: dir.path().join("practice.db"),
                listen: ([127, 0, 0, 1], 0).into(),
                calendars: specs,
                now: clock(&ahead),
            }))
            .expect("a practice calendar");
        let clinic = Self {
            address: server.address().to_string(),
            dir,
            server: Some(server),
            ahead,
            runtime,
        };
        clinic.configure("frontdesk.toml", "clinic.db", more);
        clinic
    }

    /// A clinic with Dr Chen, whose hours are all day, every day, and a service of 30 minutes.
    pub fn with_chen() -> Self {
        let clinic = Self::bare(&[CHEN]);
        clinic
            .run(&["doctor", "add", "--name", "Dr Chen", "--calendar", CHEN])
            .ok();
        clinic
            .run(&["hours", "set", "Dr Chen", "all", "00:00-24:00"])
            .ok();
        clinic
    }

    /// Writes a configuration for a desk with a database of its own.
    pub fn configure(&self, file: &str, database: &str, more: &str) -> PathBuf {
        let path = self.dir.path().join(file);
        let text = format!(
            "[clinic]\nname = \"Riverside Clinic\"\ntime_zone = \"Europe/Berlin\"\n\n\
             [database]\npath = \"{}\"\n\n\
             [google]\nmode = \"practice\"\nbase_url = \"http://{}/calendar/v3/\"\n{more}\n",
            self.dir.path().join(database).display(),
            self.address,
        );
        std::fs::write(&path, text).expect("a configuration");
        path
    }

    pub fn config(&self) -> PathBuf {
        self.dir.path().join("frontdesk.toml")
    }

    pub fn command(&self) -> Command {
        program(self.dir.path(), &self.config())
    }

    /// Runs the program with `--json`.
    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_as(&self.config(), args)
    }

    /// Runs it with another configuration.
    pub fn run_as(&self, config: &Path, args: &[&str]) -> Ran {
        let mut command = program(self.dir.path(), config);
        command
            .arg("--json")
            .args(args)
            .output()
            .expect("the program runs")
            .into()
    }

    /// Starts it with `--json` and does not wait.
    pub fn spawn(&self, args: &[&str]) -> Child {
        let mut command = self.command();
        command
            .arg("--json")
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().expect("the program starts")
    }

    /// Sets a fault.
    pub fn fault(&self, fault: &Value) {
        let (status, body) = self.http("POST", "/practice/faults", &fault.to_string());
        assert!(status < 300, "{status} {body}");
    }

    pub fn clear_faults(&self) {
        self.http("DELETE", "/practice/faults", "");
    }

    /// Waits until every fault with `times` has hit as often as that.
    pub fn wait_for_faults(&self) {
        eventually("the faults have hit", || {
            let (_, body) = self.http("GET", "/practice/faults", "");
            let faults: Value = serde_json::from_str(&body).expect("JSON");
            let list = faults["faults"].as_array().expect("a list of faults");
            list.iter().all(|fault| fault["times"] == 0)
        });
    }

    /// The routes called so far, in order.
    pub fn calls(&self) -> Vec<String> {
        let log: Value =
            serde_json::from_str(&self.http("GET", "/practice/log", "").1).expect("JSON");
        let list = log
            .as_array()
            .or_else(|| log["requests"].as_array())
            .cloned()
            .unwrap_or_default();
        list.iter()
            .map(|entry| entry["route"].as_str().unwrap_or("?").to_owned())
            .collect()
    }

    pub fn forget_calls(&self) {
        self.http("DELETE", "/practice/log", "");
    }

    /// Events in a calendar as a client of Google's would list them, cancelled ones too when asked.
    pub fn events(&self, calendar: &str, deleted: bool) -> Vec<Value> {
        let path = format!(
            "/calendar/v3/calendars/{}/events?maxResults=2500&showDeleted={deleted}",
            calendar.replace('@', "%40")
        );
        let (status, body) = self.http("GET", &path, "");
        assert_eq!(status, 200, "{body}");
        let body: Value = serde_json::from_str(&body).expect("JSON");
        body["items"].as_array().expect("items").clone()
    }

    /// Puts a person's event into a calendar.
    pub fn insert(&self, calendar: &str, event: &Value) -> Value {
        let path = format!(
            "/calendar/v3/calendars/{}/events",
            calendar.replace('@', "%40")
        );
        let (status, body) = self.http("POST", &path, &event.to_string());
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect("JSON")
    }

    /// Changes an event as a person does on a phone.
    pub fn patch(&self, calendar: &str, event: &str, change: &Value) -> Value {
        let path = format!(
            "/calendar/v3/calendars/{}/events/{event}",
            calendar.replace('@', "%40")
        );
        let (status, body) = self.http("PATCH", &path, &change.to_string());
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect("JSON")
    }

    /// Deletes an event as a person does on a phone.
    pub fn delete(&self, calendar: &str, event: &str) {
        let path = format!(
            "/calendar/v3/calendars/{}/events/{event}",
            calendar.replace('@', "%40")
        );
        let (status, body) = self.http("DELETE", &path, "");
        assert_eq!(status, 204, "{body}");
    }

    pub fn http(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("the practice calendar listens");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|s| s.parse().ok())
            .expect("a status");
        (status, body.to_owned())
    }

    /// Lets Google's clock jump ahead.
    pub fn let_pass(&self, seconds: i64) {
        self.ahead.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Stops the practice calendar: Google does not answer any more.
    pub fn stop_google(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }

    /// Starts it again at the same address.
    pub fn start_google(&mut self) {
        let server = self.runtime.block_on(Server::start(Options {
            data: self.dir.path().join("practice.db"),
            listen: self.address.parse().expect("an address"),
            calendars: Vec::new(),
            now: clock(&self.ahead),
        }));
        self.server = Some(server.expect("the practice calendar starts again"));
    }
}

/// The practice calendar's clock.
fn clock(ahead: &Arc<AtomicI64>) -> Arc<dyn Fn() -> chrono::DateTime<chrono::Utc> + Send + Sync> {
    let ahead = Arc::clone(ahead);
    Arc::new(move || now() + chrono::Duration::seconds(ahead.load(Ordering::SeqCst)))
}

/// The program, with its own folders and nothing of the caller's.
pub fn program(dir: &Path, config: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
    command
        .env("HOME", dir)
        .env("XDG_CONFIG_HOME", dir.join("config"))
        .env("XDG_DATA_HOME", dir.join("data"))
        .env("XDG_STATE_HOME", dir.join("state"))
        .env("USER", "ana")
        .env_remove("GOOGLE_CLIENT_ID")
        .env_remove("NO_COLOR")
        .arg("--config")
        .arg(config);
    command
}

#[allow(clippy::disallowed_methods, reason = "the practice calendar's clock")]
pub fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}

/// A day from now on, as the command line takes it, with a time.
pub fn day_at(days: i64, time: &str) -> String {
    let date =
        now().with_timezone(&chrono_tz::Europe::Berlin).date_naive() + chrono::Duration::days(days);
    format!("{date}T{time}")
}

/// The same moment in RFC 3339.
pub fn utc(days: i64, time: &str) -> String {
    let text = day_at(days, time);
    let moment =
        frontdesk::domain::dates::parse_moment(&text, chrono_tz::Europe::Berlin).expect("a time");
    moment.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Waits until something is so; fails after a minute.
pub fn eventually(what: &str, mut so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !so() {
        assert!(
            started.elapsed() < Duration::from_mins(1),
            "it never came about: {what}"
        );
        std::thread::sleep(Duration::from_millis(25));
    }
}
