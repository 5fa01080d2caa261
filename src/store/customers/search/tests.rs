//! People are found as a desk looks for them.

use crate::domain::customer::Customer;
use crate::domain::policy::Role;
use crate::port::store::{Records, Store};
use crate::store::tests::{Clinic, at, customer, stamp_of};
use chrono::NaiveDate;

/// Name, phone, birth date.
const PEOPLE: [(&str, &str, &str); 12] = [
    ("Maria Silva", "+49 151 234 5678", "1987-03-14"),
    ("Mario Silvestri", "0151 9990001", "1990-07-01"),
    ("Ana Maria Souza", "030/1234567", "1987-03-15"),
    ("Sean O'Brien", "+353 86 1111111", "2001-12-31"),
    ("Zoë Åström", "+46 70 222 3344", "1955-03-14"),
    ("John Johnson", "+1 555 010 1987", "1960-01-02"),
    ("Jon Meier", "0171 5678", "1961-01-02"),
    ("Johanna Meyer", "", "1962-01-02"),
    ("李雷", "+86 138 0013 8000", "1999-09-09"),
    ("Li Wei", "", "1999-09-10"),
    ("Lina Weiss", "", "1999-09-11"),
    ("Klara Kovač", "", ""),
];

fn clinic() -> Clinic {
    let mut clinic = Clinic::empty();
    for (n, (name, phone, born)) in PEOPLE.iter().enumerate() {
        let person = Customer {
            mobile: (!phone.is_empty()).then(|| (*phone).to_owned()),
            born: NaiveDate::parse_from_str(born, "%Y-%m-%d").ok(),
            ..customer(&format!("c{n}"), name)
        };
        let desk = stamp_of(Role::Receptionist, 0);
        clinic.db.add_customer(&desk, &person).unwrap();
    }
    clinic
}

fn names(clinic: &Clinic, text: &str) -> Vec<String> {
    let hits = clinic.db.find_customers(text, 10, at(0)).unwrap();
    hits.into_iter()
        .map(|hit| hit.customer.customer_name)
        .collect()
}

#[test]
fn a_name_is_found_by_the_beginnings_of_its_words_in_any_order() {
    let clinic = clinic();
    assert_eq!(names(&clinic, "mar silva"), ["Maria Silva"]);
    assert_eq!(names(&clinic, "silva m"), ["Maria Silva"]);
    assert_eq!(names(&clinic, "astrom"), ["Zoë Åström"]);
    assert_eq!(names(&clinic, "ZOË"), ["Zoë Åström"]);
    assert_eq!(names(&clinic, "obrien"), ["Sean O'Brien"]);
    assert_eq!(names(&clinic, "o’br"), ["Sean O'Brien"]);
    assert_eq!(names(&clinic, "雷"), ["李雷"]);
    assert_eq!(names(&clinic, "kovac"), ["Klara Kovač"]);
    assert_eq!(names(&clinic, "xyz"), Vec::<String>::new());
    assert_eq!(names(&clinic, "\"'*:^(){} "), Vec::<String>::new());
}

#[test]
fn the_best_comes_first() {
    let clinic = clinic();
    // a whole word before a beginning, the beginning of the name before its middle
    assert_eq!(
        names(&clinic, "maria")[..2],
        ["Maria Silva", "Ana Maria Souza"]
    );
    assert_eq!(names(&clinic, "li wei")[..2], ["Li Wei", "Lina Weiss"]);
    assert_eq!(names(&clinic, "li")[0], "Li Wei");
}

#[test]
fn the_whole_name_is_found_among_thousands_who_begin_like_it() {
    let mut clinic = clinic();
    let desk = stamp_of(Role::Receptionist, 0);
    for n in 0..400 {
        let other = customer(&format!("x{n}"), &format!("Liane Weinert{n}"));
        clinic.db.add_customer(&desk, &other).unwrap();
    }
    assert_eq!(names(&clinic, "li wei")[0], "Li Wei");
    assert_eq!(names(&clinic, "li").len(), 10);
}

#[test]
fn a_phone_is_found_by_any_part_of_it_however_it_was_written() {
    let clinic = clinic();
    assert_eq!(names(&clinic, "3344"), ["Zoë Åström"]);
    assert_eq!(names(&clinic, "5678"), ["Maria Silva", "Jon Meier"]);
    assert_eq!(names(&clinic, "0151 234"), ["Maria Silva"]);
    assert_eq!(names(&clinic, "+49151234"), ["Maria Silva"]);
    assert_eq!(names(&clinic, "+49 30 1234567"), ["Ana Maria Souza"]);
    assert_eq!(names(&clinic, "5678 jon"), ["Jon Meier"]);
    assert_eq!(names(&clinic, "99999999"), Vec::<String>::new());
    // those that end with it before those that have it somewhere else
    let somewhere = names(&clinic, "01");
    assert_eq!(somewhere[0], "Mario Silvestri");
    assert!(somewhere.contains(&"Jon Meier".to_owned()));
}

#[test]
fn a_birth_date_is_found_as_it_is_said_or_written() {
    let clinic = clinic();
    for text in [
        "14.3.1987",
        "14.03.87",
        "1987-03-14",
        "14/3/1987",
        "3/14/1987",
    ] {
        assert_eq!(names(&clinic, text), ["Maria Silva"], "{text}");
    }
    assert_eq!(names(&clinic, "14.3."), ["Zoë Åström", "Maria Silva"]);
    assert_eq!(names(&clinic, "14.3. maria"), ["Maria Silva"]);
    assert_eq!(
        names(&clinic, "1987-03"),
        ["Maria Silva", "Ana Maria Souza"]
    );
    // a year of birth, or the end of a number
    assert_eq!(
        names(&clinic, "1987"),
        ["John Johnson", "Maria Silva", "Ana Maria Souza"]
    );
    assert_eq!(names(&clinic, "ana 1987"), ["Ana Maria Souza"]);
    assert_eq!(names(&clinic, "31.2.1987"), Vec::<String>::new());
}

#[test]
fn a_mistyped_name_is_found_when_nothing_fits_better() {
    let clinic = clinic();
    assert_eq!(names(&clinic, "jhon"), ["John Johnson", "Jon Meier"]);
    assert_eq!(names(&clinic, "mayer"), ["Johanna Meyer"]);
    assert!(names(&clinic, "meier").contains(&"Johanna Meyer".to_owned()));
    assert_eq!(names(&clinic, "meier")[0], "Jon Meier");
    assert_eq!(names(&clinic, "clara kovac"), ["Klara Kovač"]);
    assert_eq!(names(&clinic, "silvetsri"), ["Mario Silvestri"]);
}

#[test]
fn the_last_and_the_next_visit_come_with_the_person() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic.book("a2", 120);
    clinic.book("a3", 180);
    clinic.cancel("a2", 5);
    let hit = |now| {
        clinic
            .db
            .find_customers("ana", 1, at(now))
            .unwrap()
            .remove(0)
    };
    let chen = |minute| Some((at(minute), "Chen".to_owned()));
    assert_eq!((hit(0).last_visit, hit(0).next_visit), (None, chen(60)));
    assert_eq!(
        (hit(100).last_visit, hit(100).next_visit),
        (chen(60), chen(180))
    );
    assert_eq!(
        (hit(999).last_visit, hit(999).next_visit),
        (chen(180), None)
    );
}

#[test]
fn with_nothing_typed_those_seen_last_come_first_then_the_newest() {
    let mut clinic = Clinic::new();
    let desk = stamp_of(Role::Receptionist, 0);
    clinic
        .db
        .add_customer(&desk, &customer("c3", "Cy"))
        .unwrap();
    clinic.book("a1", 60);
    let names = |now: i64, limit| -> Vec<String> {
        let hits = clinic.db.find_customers("  ", limit, at(now)).unwrap();
        hits.into_iter().map(|h| h.customer.customer_name).collect()
    };
    assert_eq!(names(0, 9), ["Cy", "Bo", "Ana"]);
    assert_eq!(names(999, 9), ["Ana", "Cy", "Bo"]);
    assert_eq!(names(999, 1), ["Ana"]);
}

#[test]
fn a_changed_name_or_phone_is_found_and_the_old_one_no_more() {
    let clinic = clinic();
    let conn = &clinic.db.conn;
    conn.execute(
        "UPDATE customers SET name_folded = 'maria weber', phone_digits = '777666'
         WHERE customer_id = 'c0'",
        [],
    )
    .unwrap();
    let found = |text: &str| names(&clinic, text).contains(&"Maria Silva".to_owned());
    assert!(found("weber") && found("7766"));
    assert!(!found("maria silva") && !found("1512345"));
    conn.execute("DELETE FROM customers WHERE customer_id = 'c0'", [])
        .unwrap();
    for text in ["weber", "7766"] {
        assert_eq!(names(&clinic, text), Vec::<String>::new(), "{text}");
    }
    let left: i64 = conn
        .query_row(
            "SELECT count(*) FROM phone_endings p
             WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.customer_no = p.customer_no)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(left, 0);
}
