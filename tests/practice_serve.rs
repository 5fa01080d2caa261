//! Serves a practice calendar for clients of other makers, until the process is ended:
//! `PRACTICE_PORT=8790 PRACTICE_DATA=/tmp/practice.db cargo test --test practice_serve -- --ignored`

#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

use std::sync::Arc;
use std::time::Instant;

use chrono::{Duration, TimeZone as _, Utc};
use frontdesk::practice::{self, CalendarSpec, Options, SeedEvent, SeedSpan, Server};

fn doctors(count: usize) -> Vec<CalendarSpec> {
    let spec = |n| CalendarSpec {
        id: format!("doctor{n}@clinic.example"),
        summary: format!("Doctor {n}"),
        time_zone: "Europe/Berlin".into(),
    };
    (1..=count).map(spec).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "serves until the process is ended"]
async fn serve() {
    let number =
        |name: &str, usual: usize| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let data = std::env::var("PRACTICE_DATA").unwrap();
    let calendars = doctors(number("PRACTICE_DOCTORS", 2));
    let events = number("PRACTICE_EVENTS", 0);
    if events > 0 {
        let first = Utc.with_ymd_and_hms(2026, 1, 5, 7, 0, 0).unwrap();
        let list = (0..events).map(|n| {
            let doctor = &calendars[n % calendars.len()];
            let slot = i64::try_from(n / calendars.len()).unwrap();
            let start = first + Duration::days(slot / 20) + Duration::minutes(30 * (slot % 20));
            let end = start + Duration::minutes(25);
            let span = SeedSpan::Timed {
                start,
                end,
                zone: None,
            };
            let mut event = SeedEvent::new(&doctor.id, "Visit", span);
            if slot < 5 {
                event.recurrence = vec!["RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE".into()];
            }
            event.private.insert("appointment".into(), format!("a{n}"));
            event.private.insert("clinic".into(), "c1".into());
            event
        });
        let started = Instant::now();
        let seeded = practice::seed(data.as_ref(), &calendars, list, Utc::now()).unwrap();
        println!("seeded {} events in {:?}", seeded.len(), started.elapsed());
    }
    let port = u16::try_from(number("PRACTICE_PORT", 0)).unwrap();
    let options = Options {
        data: data.into(),
        listen: ([127, 0, 0, 1], port).into(),
        calendars,
        now: Arc::new(Utc::now),
    };
    let server = Server::start(options).await.unwrap();
    println!("listening on {}", server.base_url());
    std::future::pending::<()>().await;
}
