//! The floors of the house (see `src/lib.rs`): a module imports only from floors below its own.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Floor of each top-level module.
const FLOORS: &[(&str, u8)] = &[
    ("domain", 0),
    ("flow", 1),
    ("port", 2),
    ("sqlite", 2),
    ("google", 3),
    ("store", 3),
    ("practice", 3),
    ("worker", 3),
    ("app", 3),
    ("ui", 4),
    ("cli", 4),
    ("runtime", 5),
];

/// Crates that a module must not know.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "domain",
        &[
            "tokio",
            "rusqlite",
            "ratatui",
            "crossterm",
            "axum",
            "google_calendar3",
            "std::fs",
            "std::net",
        ],
    ),
    (
        "flow",
        &[
            "tokio",
            "rusqlite",
            "ratatui",
            "crossterm",
            "axum",
            "google_calendar3",
            "std::fs",
            "std::net",
        ],
    ),
    (
        "port",
        &[
            "rusqlite",
            "ratatui",
            "crossterm",
            "axum",
            "google_calendar3",
        ],
    ),
    (
        "app",
        &[
            "tokio",
            "rusqlite",
            "ratatui",
            "crossterm",
            "axum",
            "google_calendar3",
            "std::fs",
            "std::net",
        ],
    ),
    ("ui", &["tokio", "rusqlite", "axum", "google_calendar3"]),
    (
        "worker",
        &[
            "rusqlite",
            "ratatui",
            "crossterm",
            "axum",
            "google_calendar3",
        ],
    ),
];

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The code of a file without comment lines.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    lines.join("\n")
}

/// Top-level modules named after `crate::` (also in `crate::{a, b::c}`) or `frontdesk::`.
fn modules_named(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let word = |s: &str| -> String {
        s.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect()
    };
    for (at, prefix) in code
        .match_indices("crate::")
        .chain(code.match_indices("frontdesk::"))
    {
        let rest = code[at + prefix.len()..].trim_start();
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0usize;
            let mut start = true;
            for (i, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    c if c.is_whitespace() => {}
                    _ if start && depth == 0 => {
                        found.push(word(&group[i..]));
                        start = false;
                    }
                    _ => {}
                }
            }
        } else {
            found.push(word(rest));
        }
    }
    found
}

fn module_of(path: &Path) -> Option<String> {
    let first = path.strip_prefix("src").ok()?.components().next()?;
    let name = first
        .as_os_str()
        .to_str()?
        .trim_end_matches(".rs")
        .to_owned();
    (name != "lib" && name != "main").then_some(name)
}

fn violations() -> (usize, Vec<String>) {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut bad = Vec::new();
    let mut edges = 0;
    for path in &files {
        let Some(module) = module_of(path) else {
            continue;
        };
        let Some(&floor) = floors.get(module.as_str()) else {
            bad.push(format!(
                "{}: module `{module}` has no floor",
                path.display()
            ));
            continue;
        };
        let code = code(path);
        for other in modules_named(&code) {
            if other == module || !floors.contains_key(other.as_str()) {
                continue;
            }
            edges += 1;
            if floors[other.as_str()] >= floor {
                bad.push(format!(
                    "{}: {module} must not import {other}",
                    path.display()
                ));
            }
        }
        for (name, crates) in FORBIDDEN {
            if *name != module {
                continue;
            }
            for krate in *crates {
                if code.contains(&format!("{krate}::")) {
                    bad.push(format!(
                        "{}: {module} must not know {krate}",
                        path.display()
                    ));
                }
            }
        }
    }
    (edges, bad)
}

#[test]
fn a_module_imports_only_from_floors_below_its_own() {
    let (edges, bad) = violations();
    assert!(
        edges > 20,
        "the reader found only {edges} edges: it no longer reads the sources"
    );
    assert!(bad.is_empty(), "\n{}", bad.join("\n"));
}

#[test]
fn the_reader_sees_grouped_and_plain_imports() {
    let code = "use crate::{domain::id, flow::{a, b}, port};\nlet x = crate::store::open();";
    assert_eq!(modules_named(code), ["domain", "flow", "port", "store"]);
}
