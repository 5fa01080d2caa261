//! `customer`.

use super::fake::{FakeDesk, LI, MARIA};
use super::say;
use crate::domain::customer::NewCustomer;
use crate::port::command::Command;
use crate::port::query::Query;

#[test]
fn a_customer_is_recorded_clean() {
    let desk = FakeDesk::new();
    let said = say(
        &desk,
        &[
            "--json",
            "customer",
            "add",
            "--name",
            "Zoë\u{200b}  Å",
            "--mobile",
            "+49 170 1",
            "--email",
            "zoe@x.example",
            "--born",
            "2001-02-03",
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(
        desk.command(),
        Command::AddCustomer(NewCustomer {
            name: "Zoë Å".to_owned(),
            mobile: Some("+49 170 1".to_owned()),
            email: Some("zoe@x.example".to_owned()),
            born: Some("2001-02-03".parse().unwrap()),
        })
    );
    assert_eq!(
        said.json(),
        serde_json::json!({
            "customer_id": "c-new",
            "customer_name": "Zoë Å",
            "mobile": "+49 170 1",
            "email": "zoe@x.example",
            "born": "2001-02-03",
        })
    );
}

#[test]
fn a_customer_whose_name_is_too_long_is_refused_not_cut() {
    let desk = FakeDesk::new();
    for name in ["n".repeat(121), "n".repeat(1_000_000)] {
        let said = say(&desk, &["customer", "add", "--name", &name]);
        assert_eq!(said.code, 2);
        assert!(said.err.contains("too long") && said.err.len() < 300);
    }
    assert!(desk.performed.borrow().is_empty());
}

#[test]
fn customers_are_found_and_more_than_are_shown_is_said() {
    let desk = FakeDesk::new();
    let said = say(&desk, &["customer", "list"]);
    insta::assert_snapshot!(said.out, @r"
    Maria López  1980-05-03  +49 30 1234  -                                          c0570000-0000-4000-8000-000000000001
    María López  -           -            -                                          c0570000-0000-4000-8000-000000000002
    李雷         1991-01-30  -            next Tue 24 Nov 2026, 10:30 Dr. Anna Chen  c0570000-0000-4000-8000-000000000003
    ");
    let said = say(
        &desk,
        &[
            "--json", "customer", "list", "maria", "lopez", "--limit", "1",
        ],
    );
    assert_eq!(said.json().as_array().unwrap().len(), 1);
    assert!(said.err.contains("more than these 1"));
    assert_eq!(
        desk.asked.borrow().last(),
        Some(&Query::Customers {
            text: "maria lopez".to_owned(),
            limit: 2
        })
    );
    let said = say(&desk, &["customer", "list", "zzz"]);
    assert_eq!(said.code, 0);
    assert!(said.out.contains("Nobody found for “zzz”"));
    let li = say(&desk, &["--json", "customer", "list", "李"]).json();
    assert_eq!(li[0]["next_visit"], "2026-11-24T09:30:00Z");
}

#[test]
fn a_customer_is_shown_with_their_visits() {
    let desk = FakeDesk::new();
    let said = say(&desk, &["customer", "show", LI]);
    insta::assert_snapshot!(said.out, @r"
    李雷
      born    1991-01-30
      id      c0570000-0000-4000-8000-000000000003
    1 visit (times of Europe/Berlin)
      Tue 24 Nov 2026, 10:30-11:00  Dr. Anna Chen  Check-up  confirmed  a9900000
    ");
    let json = say(&desk, &["--json", "customer", "show", MARIA]).json();
    assert_eq!(json["customer_name"], "Maria López");
    assert_eq!(json["visits"], serde_json::json!([]));
    let gone = say(
        &desk,
        &["customer", "show", "c0570000-0000-4000-8000-0000000000ff"],
    );
    assert_eq!(gone.code, 3);
}
