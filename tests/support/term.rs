//! A terminal for whole-program tests: the real program in a pseudo-terminal, and its screen as text.
#![allow(dead_code, reason = "each test file uses its part")]

use super::{Clinic, eventually};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub struct Term {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    seen: Arc<Mutex<Seen>>,
}

struct Seen {
    parser: vt100::Parser,
    bytes: Vec<u8>,
}

impl Term {
    /// Opens the desk of a clinic.
    pub fn open(clinic: &Clinic, columns: u16, rows: u16) -> Self {
        Self::open_in(clinic.dir.path(), &clinic.config(), columns, rows)
    }

    /// Opens the desk with a configuration.
    pub fn open_in(dir: &Path, config: &Path, columns: u16, rows: u16) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_frontdesk"));
        command.env("HOME", dir);
        for (name, folder) in [
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
        ] {
            command.env(name, dir.join(folder));
        }
        command.env("USER", "ana");
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        command.arg("--config");
        command.arg(config);
        Self::run(command, columns, rows)
    }

    pub fn run(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system()
            .openpty(size(columns, rows))
            .expect("a pseudo-terminal");
        let child = pair
            .slave
            .spawn_command(command)
            .expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let seen = Arc::new(Mutex::new(Seen {
            parser: vt100::Parser::new(rows, columns, 0),
            bytes: Vec::new(),
        }));
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let mut seen = shared.lock().expect("the screen");
                seen.parser.process(&buffer[..count]);
                seen.bytes.extend_from_slice(&buffer[..count]);
            }
        });
        let writer = pair.master.take_writer().expect("a writer");
        Self {
            child,
            master: Some(pair.master),
            writer: Some(writer),
            seen,
        }
    }

    /// Types the bytes in one write.
    pub fn send(&mut self, keys: &str) {
        let writer = self.writer.as_mut().expect("a terminal");
        writer.write_all(keys.as_bytes()).expect("typed");
        writer.flush().expect("typed");
    }

    /// The screen as text, a line a row.
    pub fn text(&self) -> String {
        self.seen
            .lock()
            .expect("the screen")
            .parser
            .screen()
            .contents()
    }

    /// Everything written so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.seen.lock().expect("the screen").bytes.clone()
    }

    /// Waits until the screen holds the text.
    pub fn wait_for(&self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !self.text().contains(text) {
            assert!(
                Instant::now() < deadline,
                "“{text}” never came:\n{}",
                self.text()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the screen no longer holds the text.
    pub fn wait_gone(&self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.text().contains(text) {
            assert!(
                Instant::now() < deadline,
                "“{text}” stayed:\n{}",
                self.text()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.seen
            .lock()
            .expect("the screen")
            .parser
            .screen_mut()
            .set_size(rows, columns);
        self.master
            .as_ref()
            .expect("a terminal")
            .resize(size(columns, rows))
            .expect("resized");
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().expect("a process")
    }

    pub fn signal(&self, name: &str) {
        let status = std::process::Command::new("kill")
            .args([format!("-{name}"), self.pid().to_string()])
            .status()
            .expect("kill runs");
        assert!(status.success());
    }

    /// Waits for the end and says how long it took and with which code.
    pub fn ended(&mut self) -> (Duration, u32) {
        let started = Instant::now();
        let mut code = None;
        eventually("the program ends", || {
            code = self
                .child
                .try_wait()
                .expect("a process")
                .map(|status| status.exit_code());
            code.is_some()
        });
        (started.elapsed(), code.expect("an exit code"))
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a process").is_none()
    }
}

impl Drop for Term {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}
