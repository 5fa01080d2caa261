//! A disk and a database that do not take what is to be written.

use super::{book, booking, hold, let_go, ours, repairs, the_visit, told};
use crate::support::{Clinic, Ran, day_at, eventually};
use rusqlite::Connection;
use serde_json::json;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is said when the end of a booking could not be written down.
fn unfinished(why: &str) -> (String, String) {
    let words = format!(
        "The visit is recorded here and may stand in the calendar already, but its end could not be written \
         down. Do not promise the time yet, and do not book it a second time: {why}. Once it can be written, \
         an open desk ends this by itself within a minute; without one: frontdesk repair retry ID"
    );
    ("internal".to_owned(), words)
}

/// What must come of it once the trouble is over: one visit, confirmed in both.
fn is_made_good(clinic: &Clinic) {
    eventually("the lease of the program that ended runs out", || {
        clinic.run(&["repair", "retry", "--all"]);
        repairs(clinic) == json!([])
    });
    let visit = the_visit(clinic, &clinic.config());
    assert_eq!(visit["status"], "confirmed", "{visit}");
    let events = ours(clinic);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["id"], visit["google_event_id"]);
}

/// The program in a shell that lets it hear of a file that may not grow, instead of ending it.
fn limited(clinic: &Clinic, limit: &str, args: &[&str]) -> Command {
    let program = clinic.command();
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(format!(
            "trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\""
        ))
        .arg(program.get_program())
        .args(program.get_args())
        .arg("--json")
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

#[test]
fn on_a_disk_without_room_nothing_is_booked_and_that_is_said() {
    let clinic = Clinic::with_chen();
    let path = clinic.dir.path().join("clinic.db");
    let start = day_at(1, "10:30");
    let args = booking(&start, "Maria Silva");
    // no room for the index of the log: the database cannot even be opened
    let ran = Ran::from(limited(&clinic, "8", &args).output().unwrap());
    assert_eq!(ran.code, 1, "{ran:?}");
    let words = format!(
        "The database {} cannot be written, because the disk is full. Free some space and start again; \
         nothing was lost.",
        path.display()
    );
    assert_eq!(told(&ran), ("internal".to_owned(), words));
    // the index stands, since another program has the database open: no room for the booking
    let open = Connection::open(&path).unwrap();
    let tables: i64 = open
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .unwrap();
    assert!(tables > 0);
    let ran = Ran::from(limited(&clinic, "8", &args).output().unwrap());
    assert_eq!(ran.code, 1, "{ran:?}");
    let words = "The disk takes no more, since it is full, over a quota, or broken: nothing was recorded; see \
                 to the disk and try again.";
    assert_eq!(told(&ran), ("internal".to_owned(), words.to_owned()));
    assert!(clinic.events(crate::support::CHEN, true).is_empty());
    let people = clinic.run(&["customer", "list", "Maria"]).ok().json();
    assert_eq!(people, json!([]), "nor is the new person recorded");
    // with room again
    book(&clinic, "10:30", "Maria Silva").ok();
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_fills_up_between_intent_and_commit_loses_nothing_and_claims_nothing() {
    let clinic = Clinic::with_chen();
    let start = day_at(1, "10:30");
    clinic.fault(&json!({"route": "events.patch", "hold": true, "times": 1}));
    let args = booking(&start, "Maria Silva");
    let booking = limited(&clinic, "unlimited", &args).spawn().unwrap();
    clinic.wait_for_faults();
    let full = Command::new("prlimit")
        .args(["--pid", &booking.id().to_string(), "--fsize=8192:8192"])
        .status()
        .unwrap();
    assert!(full.success());
    let ran = let_go(&clinic, booking);
    assert_eq!(ran.code, 1, "{ran:?}");
    let why = "the disk takes no more, since it is full, over a quota, or broken: see to it";
    assert_eq!(told(&ran), unfinished(why));
    assert_eq!(
        ours(&clinic)[0]["status"],
        "confirmed",
        "Google had the last word"
    );
    is_made_good(&clinic);
}

/// A file system of its own that is full: needs the right to mount, at least in a namespace of one's own.
#[test]
#[cfg(target_os = "linux")]
#[ignore = "needs unshare(1) and the right to make a user namespace"]
fn a_file_system_that_is_really_full_is_called_so() {
    for (left, words) in [
        (
            0,
            "because the disk is full. Free some space and start again",
        ),
        (
            64,
            "The disk is full: nothing was recorded; make room on it and try again.",
        ),
    ] {
        let clinic = Clinic::with_chen();
        let full = clinic.dir.path().join("full");
        std::fs::create_dir(&full).unwrap();
        let config = clinic.configure("full.toml", "full/clinic.db", "");
        let start = day_at(1, "10:30");
        let script = format!(
            "set -e; mount -t tmpfs -o size=2m tmpfs {full}; cp {db} {full}/clinic.db; \
             head -c {left}K /dev/zero > {full}/reserve; cat /dev/zero > {full}/filler 2>/dev/null || true; \
             rm {full}/reserve; exec \"$0\" \"$@\"",
            full = full.display(),
            db = clinic.dir.path().join("clinic.db").display(),
        );
        let program = crate::support::program(clinic.dir.path(), &config);
        let mut inside = Command::new("unshare");
        inside.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]);
        inside.arg(program.get_program()).args(program.get_args());
        inside.arg("--json").args(booking(&start, "Maria Silva"));
        inside.env("XDG_STATE_HOME", clinic.dir.path().join("state"));
        let ran = Ran::from(inside.output().unwrap());
        assert_eq!(ran.code, 1, "{ran:?}");
        let (code, message) = told(&ran);
        assert_eq!(code, "internal");
        assert!(message.contains(words), "{left}: {message}");
        assert!(clinic.events(crate::support::CHEN, true).is_empty());
    }
}

#[test]
fn another_program_that_holds_the_database_is_waited_for_and_then_told_of() {
    let clinic = Clinic::with_chen();
    let other = Connection::open(clinic.dir.path().join("clinic.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ran = book(&clinic, "10:30", "Maria Silva");
    assert_eq!(ran.code, 1, "{ran:?}");
    let words = "Another program holds the clinic's database and did not let go of it for five seconds: \
                 nothing was recorded; try again, and if it stays so, look for a program that hangs.";
    assert_eq!(told(&ran), ("internal".to_owned(), words.to_owned()));
    // who only asks is not kept waiting
    assert_eq!(repairs(&clinic), json!([]));
    other.execute_batch("ROLLBACK").unwrap();
    assert!(clinic.events(crate::support::CHEN, true).is_empty());
    book(&clinic, "10:30", "Maria Silva").ok();
}

#[test]
fn a_database_held_between_intent_and_commit_leaves_a_visit_that_is_made_good() {
    let clinic = Clinic::with_chen();
    let start = day_at(1, "10:30");
    let config = clinic.config();
    let args = booking(&start, "Maria Silva");
    let held = hold(&clinic, &config, "events.patch", &args);
    let other = Connection::open(clinic.dir.path().join("clinic.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ran = let_go(&clinic, held);
    assert_eq!(ran.code, 1, "{ran:?}");
    let why =
        "another program holds the clinic's database and did not let go of it for five seconds";
    assert_eq!(told(&ran), unfinished(why));
    // a second booking of the time is not possible meanwhile, whoever tries
    other.execute_batch("ROLLBACK").unwrap();
    let second = book(&clinic, "10:30", "Bo Lindqvist");
    assert_eq!(second.code, 4, "{second:?}");
    let words = "Dr Chen, tomorrow 10:30 is not available. Maria Silva is booked 10:30–11:00.";
    assert_eq!(
        told(&second),
        ("not_available".to_owned(), words.to_owned())
    );
    is_made_good(&clinic);
}

#[test]
fn a_database_held_in_the_middle_of_a_move_leaves_a_visit_that_is_moved_in_the_end() {
    let clinic = Clinic::with_chen();
    let config = clinic.config();
    let visit = book(&clinic, "10:30", "Maria Silva").ok().json();
    let (id, to) = (
        visit["appointment_id"].as_str().unwrap(),
        day_at(1, "15:00"),
    );
    let held = hold(
        &clinic,
        &config,
        "events.patch",
        &["move", id, "--start", &to],
    );
    let other = Connection::open(clinic.dir.path().join("clinic.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ran = let_go(&clinic, held);
    assert_eq!(ran.code, 1, "{ran:?}");
    let words = "The move is recorded here and may be carried out in the calendar already, but its end could \
                 not be written down. The visit stands at its old time or at its new one: promise neither, \
                 and do not move it a second time: another program holds the clinic's database and did not \
                 let go of it for five seconds. Once it can be written, an open desk ends this by itself \
                 within a minute; without one: frontdesk repair retry ID";
    assert_eq!(told(&ran), ("internal".to_owned(), words.to_owned()));
    other.execute_batch("ROLLBACK").unwrap();
    is_made_good(&clinic);
    let moved = the_visit(&clinic, &config);
    assert_eq!(moved["start"], crate::support::utc(1, "15:00"));
    assert_eq!(ours(&clinic)[0]["id"], visit["google_event_id"]);
}

/// Lets everybody read and nobody write, and runs the program as somebody to whom that applies: to root
/// it does not.
fn read_only(clinic: &Clinic, folder: &Path, args: &[&str]) -> Ran {
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(clinic.dir.path(), 0o755);
    let config = clinic.dir.path().join("read-only.toml");
    mode(&config, 0o644);
    for entry in std::fs::read_dir(folder).unwrap() {
        mode(&entry.unwrap().path(), 0o444);
    }
    mode(folder, 0o555);
    let mut command = crate::support::program(clinic.dir.path(), &config);
    command.arg("--json").args(args);
    if std::fs::metadata(folder).unwrap().uid() == 0 {
        command.uid(65_534).gid(65_534);
    }
    let ran = Ran::from(command.output().unwrap());
    mode(folder, 0o755);
    ran
}

#[test]
fn a_database_that_can_only_be_read_is_told_before_anything_is_asked_of_google() {
    let clinic = Clinic::with_chen();
    let folder = clinic.dir.path().join("read-only");
    std::fs::create_dir(&folder).unwrap();
    std::fs::copy(
        clinic.dir.path().join("clinic.db"),
        folder.join("clinic.db"),
    )
    .unwrap();
    clinic.configure("read-only.toml", "read-only/clinic.db", "");
    clinic.forget_calls();
    let start = day_at(1, "10:30");
    let ran = read_only(&clinic, &folder, &booking(&start, "Maria Silva"));
    assert_eq!(ran.code, 1, "{ran:?}");
    let words = format!(
        "The database {} cannot be written, because its disk or file is read-only. Mount the disk for \
         writing, or choose another path.",
        folder.join("clinic.db").display()
    );
    assert_eq!(told(&ran), ("internal".to_owned(), words));
    assert!(clinic.calls().is_empty(), "{:?}", clinic.calls());
}
