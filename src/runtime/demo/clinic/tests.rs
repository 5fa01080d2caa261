use super::*;
use crate::domain::service::conflict;
use crate::domain::text::{NAME, NOTE, clean};
use chrono_tz::Europe::Berlin;
use proptest::prelude::*;
use std::collections::{HashMap, HashSet};

fn plan(doctors: usize, appointments: Option<usize>) -> Plan {
    Plan {
        doctors,
        appointments,
        today: NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(),
        zone: Berlin,
        seed: 1,
    }
}

fn made(plan: &Plan) -> (Clinic, Vec<Appointment>) {
    let clinic = Clinic::new(plan).unwrap();
    let appointments = clinic.appointments().collect();
    (clinic, appointments)
}

/// No two visits of a doctor conflict, and none meets what the doctor's calendar blocks.
fn nothing_conflicts(clinic: &Clinic, appointments: &[Appointment]) {
    let mut of_doctor: HashMap<&str, Vec<&Appointment>> = HashMap::new();
    for a in appointments.iter().filter(|a| a.takes_time()) {
        of_doctor.entry(a.doctor_id.as_str()).or_default().push(a);
    }
    for (member, entries) in clinic.members.iter().zip(&clinic.entries) {
        let doctor = &member.doctor;
        let mine = of_doctor
            .remove(doctor.doctor_id.as_str())
            .unwrap_or_default();
        for (at, a) in mine.iter().enumerate() {
            let near = mine.iter().skip(at + 1).take(20);
            for b in near {
                assert!(
                    !conflict(a.visit, a.buffers, b.visit, b.buffers),
                    "{a:?} {b:?}"
                );
            }
            let date = a.visit.start().with_timezone(&doctor.zone).date_naive();
            let open = doctor.hours.open_on(date, doctor.zone);
            assert!(open.iter().any(|window| window.covers(&a.visit)), "{a:?}");
            for taken in private::taken(entries, date, doctor.zone) {
                assert!(!taken.meets(&a.blocked()), "{a:?} in {taken:?}");
            }
        }
    }
    assert!(of_doctor.is_empty());
}

#[test]
fn the_usual_clinic_has_a_lived_in_fortnight_and_emptier_weeks_to_come() {
    let (clinic, appointments) = made(&plan(6, None));
    assert_eq!(appointments.len(), clinic.appointment_count());
    assert_eq!(clinic.customer_count(), 336);
    nothing_conflicts(&clinic, &appointments);
    let in_days = |from: i64, to: i64| {
        let day = |a: &&Appointment| {
            let date = a.visit.start().with_timezone(&Berlin).date_naive();
            (from..=to).contains(&(date - clinic.plan.today).num_days())
        };
        appointments.iter().filter(day).count()
    };
    let (past, week, third, fourth) = (
        in_days(-14, -1),
        in_days(0, 6),
        in_days(14, 20),
        in_days(21, 27),
    );
    assert!(past > 600 && past < 1500, "{past}");
    assert!(week > 200 && week < past, "{week}");
    assert!(
        third * 3 < week * 2 && fourth < third && fourth > 20,
        "{week} {third} {fourth}"
    );
    assert!(in_days(0, 0) > 40, "{}", in_days(0, 0));
    let (cancelled, offered) = (
        appointments
            .iter()
            .filter(|a| a.status == Status::Cancelled)
            .count(),
        appointments
            .iter()
            .map(|a| a.service_name.as_str())
            .collect::<HashSet<_>>()
            .len(),
    );
    assert!(cancelled * 100 / appointments.len() >= 3, "{cancelled}");
    assert!(offered >= 8, "{offered}");
}

#[test]
fn every_appointment_is_whole_and_its_text_clean() {
    let (clinic, appointments) = made(&plan(14, None));
    let mut ids = HashSet::new();
    let mut at_once: HashMap<(String, Moment), String> = HashMap::new();
    let midnight = at_or_after(Berlin, clinic.plan.today.and_time(NaiveTime::MIN));
    let people: HashMap<_, _> = clinic
        .customers()
        .map(|c| (c.customer_id, c.customer_name))
        .collect();
    for a in &appointments {
        assert!(ids.insert(a.appointment_id.clone()));
        assert!(uuid::Uuid::parse_str(a.appointment_id.as_str()).is_ok());
        assert_eq!(people.get(&a.customer_id), Some(&a.customer_name));
        assert_eq!(
            a.google_event_id,
            Some(EventId::of_attempt(&a.appointment_id, 1))
        );
        for (text, most) in [
            (&a.customer_name, NAME),
            (&a.doctor_name, NAME),
            (&a.reason, NOTE),
        ] {
            assert_eq!(clean(text, most), *text);
        }
        assert!(a.created_at < a.visit.start() && a.created_at < midnight);
        assert_eq!(a.status == Status::Cancelled, a.cancelled_at.is_some());
        assert_eq!(a.cancelled_at.is_some(), a.cancellation_reason.is_some());
        if let Some(at) = a.cancelled_at {
            assert!(
                a.created_at < at && at < midnight && at < a.visit.start(),
                "{a:?}"
            );
        }
        let key = (a.customer_id.to_string(), a.visit.start());
        assert_eq!(
            at_once.insert(key, a.appointment_id.to_string()),
            None,
            "at two doctors at once"
        );
    }
    let in_order = appointments
        .windows(2)
        .all(|w| w[0].visit.start() <= w[1].visit.start());
    assert!(in_order);
}

#[test]
fn there_are_exactly_as_many_appointments_as_asked_for() {
    for asked in [0, 1, 7, 300, 900, 1_500, 20_000] {
        let (clinic, appointments) = made(&plan(6, Some(asked)));
        assert_eq!(
            (appointments.len(), clinic.appointment_count()),
            (asked, asked)
        );
        nothing_conflicts(&clinic, &appointments);
    }
    let (clinic, appointments) = made(&plan(6, Some(20_000)));
    assert_eq!(clinic.customer_count(), 1_200);
    let in_calendars: Vec<_> = clinic.appointments_in_calendars().collect();
    assert!(in_calendars.len() < 5_000);
    assert_eq!(
        appointments[appointments.len() - in_calendars.len()..],
        in_calendars
    );
}

#[test]
fn what_cannot_be_is_refused_in_a_sentence() {
    let refused = |doctors, appointments| {
        Clinic::new(&plan(doctors, appointments))
            .unwrap_err()
            .to_string()
    };
    assert!(refused(0, None).starts_with("A demo clinic has 1 to 200 doctors, not 0."));
    assert!(refused(201, None).contains("not 201"));
    let sentence = refused(1, Some(1_000_000));
    assert!(
        sentence.contains("1000000") && sentence.contains("--doctors"),
        "{sentence}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_clinic_is_free_of_conflicts_and_made_the_same_twice(
        seed: u64, doctors in 1usize..15, days in 0i64..900, more in 0usize..2_000, natural: bool,
        zone in prop::sample::select(vec![
            Berlin, chrono_tz::America::New_York, chrono_tz::Asia::Tokyo, chrono_tz::Australia::Lord_Howe,
            chrono_tz::Europe::London,
        ]),
    ) {
        let plan = Plan {
            seed,
            zone,
            today: plan(1, None).today + Duration::days(days),
            ..plan(doctors, (!natural).then_some(more))
        };
        let (clinic, appointments) = made(&plan);
        nothing_conflicts(&clinic, &appointments);
        let (again, same) = made(&plan);
        prop_assert_eq!(&appointments, &same);
        prop_assert_eq!(clinic.doctors(), again.doctors());
        prop_assert!(clinic.customers().eq(again.customers()));
        if !natural {
            prop_assert_eq!(appointments.len(), more);
        }
        for a in &appointments {
            prop_assert!(a.created_at < a.visit.start());
            prop_assert!(a.cancelled_at.is_none_or(|at| a.created_at < at));
        }
    }
}
