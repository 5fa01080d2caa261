//! The desk as a terminal sees it, from outside through a pseudo-terminal: start to first frame, keys,
//! bytes, idling, memory. With 40 doctors and 1,000,000 appointments unless told otherwise:
//!
//! ```sh
//! cargo bench --bench terminal                      # makes the big clinic once, in target/
//! FRONTDESK_BENCH=small cargo bench --bench terminal
//! ```
//!
//! Medians of some runs; compare only what one call printed. The terminal is this program: nothing is rendered.
#![allow(clippy::unwrap_used, missing_docs)]

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

const RUNS: usize = 7;
/// No byte for so long: the program has come to rest.
const QUIET: Duration = Duration::from_millis(150);

struct Desk {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    output: Receiver<(Instant, usize)>,
    started: Instant,
}

/// What came after something was done: time to the first and the last byte, and how many.
struct Answer {
    first: Duration,
    last: Duration,
    bytes: usize,
}

impl Desk {
    fn open(dir: &Path) -> Self {
        let size = PtySize {
            rows: 48,
            cols: 160,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_frontdesk"));
        command.args(["demo", "--data-dir"]);
        command.arg(dir);
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        let mut reader = pair.master.try_clone_reader().unwrap();
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let (send, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if send.send((Instant::now(), count)).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            writer: pair.master.take_writer().unwrap(),
            _master: pair.master,
            output,
            started,
        }
    }

    fn until_quiet(&self, since: Instant) -> Option<Answer> {
        let mut answer: Option<Answer> = None;
        loop {
            match self.output.recv_timeout(QUIET) {
                Ok((at, count)) => {
                    let after = at.duration_since(since);
                    let sum = answer.get_or_insert(Answer {
                        first: after,
                        last: after,
                        bytes: 0,
                    });
                    sum.last = after;
                    sum.bytes += count;
                }
                Err(RecvTimeoutError::Timeout) if answer.is_some() => return answer,
                Err(RecvTimeoutError::Timeout) if since.elapsed() > Duration::from_secs(2) => {
                    return None;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return answer,
            }
        }
    }

    fn press(&mut self, keys: &str) -> Option<Answer> {
        let since = Instant::now();
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        self.until_quiet(since)
    }

    /// Peak resident memory in MiB, where the system tells it.
    fn memory(&self) -> Option<f64> {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.child.process_id()?)).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
        line.split_whitespace()
            .nth(1)?
            .parse::<f64>()
            .ok()
            .map(|kib| kib / 1024.0)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn clinic() -> PathBuf {
    let small = std::env::var("FRONTDESK_BENCH").is_ok_and(|v| v == "small");
    let (name, args): (_, &[&str]) = if small {
        ("small", &[])
    } else {
        ("million", &["--doctors", "40", "--appointments", "1000000"])
    };
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("clinic-{name}"));
    let made = Command::new(env!("CARGO_BIN_EXE_frontdesk"))
        .args(["demo", "--prepare", "--fresh", "--data-dir"])
        .arg(&dir)
        .args(args)
        .status()
        .unwrap();
    assert!(made.success());
    dir
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn report(name: &str, answers: &[Answer]) {
    let of = |value: fn(&Answer) -> f64| median(answers.iter().map(value).collect());
    let mut last: Vec<f64> = answers.iter().map(|a| millis(a.last)).collect();
    last.sort_by(f64::total_cmp);
    let p95 = last.get(last.len() * 95 / 100).copied().unwrap_or(f64::NAN);
    #[allow(clippy::cast_precision_loss, reason = "bytes of a frame")]
    let bytes = of(|a| a.bytes as f64);
    println!(
        "{name:<28} first byte {:6.2} ms   last {:6.2} ms   p95 {p95:6.2} ms   {bytes:6.0} bytes   ({} times)",
        of(|a| millis(a.first)),
        of(|a| millis(a.last)),
        answers.len()
    );
}

fn main() {
    let dir = clinic();
    let (mut start, mut day, mut cursor, mut burst, mut memory) =
        (vec![], vec![], vec![], vec![], vec![]);
    let (mut idle_bytes, mut idle_time) = (0usize, 0f64);
    for _ in 0..RUNS {
        let mut desk = Desk::open(&dir);
        start.extend(desk.until_quiet(desk.started));
        for _ in 0..12 {
            day.extend(desk.press("]"));
        }
        for key in ["j", "k"] {
            for _ in 0..12 {
                cursor.extend(desk.press(key));
            }
        }
        burst.extend(desk.press(&"j".repeat(20)));
        memory.extend(desk.memory());
        let since = Instant::now();
        while let Ok((_, count)) = desk.output.recv_timeout(Duration::from_secs(2)) {
            idle_bytes += count;
        }
        idle_time += since.elapsed().as_secs_f64();
    }
    report("start", &start);
    report("next day", &day);
    report("cursor", &cursor);
    report("20 keys in one write", &burst);
    println!(
        "idle                         {idle_bytes} bytes in {idle_time:.0} s (a line at each full minute)"
    );
    println!("memory at the end            {:.1} MiB", median(memory));
}
