//! The demo clinic's calendars: the events of its appointments, written as the Google adapter writes
//! them, and the doctors' private entries.

use super::clinic::Clinic;
use super::private::{Entry, Look, When};
use super::random::Random;
use crate::domain::appointment::{Appointment, Status};
use crate::domain::doctor::Doctor;
use crate::domain::event::{Mark, MarkKind};
use crate::domain::id::{ClinicId, DatabaseId, DeskId, OperationId};
use crate::flow::booking::LEASE_SECONDS;
use crate::flow::wording::{Facts, Wording};
use crate::google;
use crate::practice::{CalendarSpec, SeedEvent, SeedSpan, SeedStatus};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;

const ENTRY: u64 = 51;
const OPERATION: u64 = 52;

/// The desk that is said to have written the demo.
const DESK: &str = "demo";

/// One calendar for each doctor.
pub(super) fn calendars(doctors: &[Doctor]) -> Vec<CalendarSpec> {
    let calendar = |doctor: &Doctor| CalendarSpec {
        id: doctor.google_calendar_id.to_string(),
        summary: doctor.doctor_name.clone(),
        time_zone: doctor.zone.name().to_owned(),
    };
    doctors.iter().map(calendar).collect()
}

/// The private entries, then the events of the appointments in the order of
/// [`Clinic::appointments_in_calendars`].
pub(super) fn events<'a>(
    clinic: &'a Clinic,
    id: &'a ClinicId,
    database: &'a DatabaseId,
) -> impl Iterator<Item = SeedEvent> + 'a {
    let seed = clinic.plan().seed;
    let wording = Wording::default();
    let entries = clinic.entries().enumerate();
    let entries = entries.map(move |(place, (doctor, entry))| of_entry(seed, place, doctor, entry));
    let visits = clinic.appointments_in_calendars().enumerate();
    entries.chain(visits.map(move |(place, appointment)| {
        let operation = Random::of(seed, &[OPERATION, place as u64]).uuid();
        let operation = OperationId::new(operation.to_string());
        let mark = mark(&appointment, id.clone(), database.clone(), operation);
        of_appointment(&appointment, &mark, &wording)
    }))
}

/// How many private entries there are.
pub(super) fn entry_count(clinic: &Clinic) -> usize {
    clinic.entries().count()
}

fn mark(
    appointment: &Appointment,
    clinic: ClinicId,
    database: DatabaseId,
    operation: OperationId,
) -> Mark {
    Mark {
        kind: MarkKind::Appointment,
        clinic,
        database,
        desk: DeskId::new(DESK),
        appointment: appointment.appointment_id.clone(),
        operation,
        rev: appointment.rev,
        attempt: appointment.attempt,
        doctor: appointment.doctor_id.clone(),
        service: appointment.service_id.clone(),
        customer: Some(appointment.customer_id.clone()),
        name: None,
        buffers: appointment.buffers,
        lease_seconds: LEASE_SECONDS,
    }
}

fn of_appointment(appointment: &Appointment, mark: &Mark, wording: &Wording) -> SeedEvent {
    let facts = Facts {
        customer: &appointment.customer_name,
        doctor: &appointment.doctor_name,
        service: &appointment.service_name,
        phone: None,
        reason: &appointment.reason,
    };
    let span = SeedSpan::Timed {
        start: appointment.visit.start(),
        end: appointment.visit.end(),
        zone: Some(appointment.zone),
    };
    let calendar = appointment.google_calendar_id.as_str();
    let mut event = SeedEvent::new(calendar, wording.title(&facts), span);
    event.id = appointment
        .google_event_id
        .as_ref()
        .map(ToString::to_string);
    event.status = if appointment.status == Status::Cancelled {
        SeedStatus::Cancelled
    } else {
        SeedStatus::Confirmed
    };
    event.private = google::mark_properties(mark)
        .into_iter()
        .flatten()
        .collect();
    event.visibility = Some("private".to_owned());
    event.silent = true;
    event.updated = Some(appointment.cancelled_at.unwrap_or(appointment.created_at));
    event
}

fn of_entry(seed: u64, place: usize, doctor: &Doctor, entry: &Entry) -> SeedEvent {
    let calendar = doctor.google_calendar_id.as_str();
    let mut event = SeedEvent::new(
        calendar,
        entry.title.as_str(),
        span(&entry.when, doctor.zone),
    );
    let id = Random::of(seed, &[ENTRY, place as u64]).uuid();
    event.id = Some(id.simple().to_string());
    event.recurrence = recurrence(&entry.when);
    match entry.look {
        Look::Plain => {}
        Look::Tentative => event.status = SeedStatus::Tentative,
        Look::Transparent => event.transparent = true,
        Look::Declined => event.declined = true,
        Look::OutOfOffice => event.event_type = Some("outOfOffice".to_owned()),
        Look::FocusTime => event.event_type = Some("focusTime".to_owned()),
        Look::WorkingLocation => {
            event.event_type = Some("workingLocation".to_owned());
            event.visibility = Some("public".to_owned());
        }
        Look::Birthday => {
            event.event_type = Some("birthday".to_owned());
            event.visibility = Some("private".to_owned());
        }
    }
    event
}

fn span(when: &When, calendar: Tz) -> SeedSpan {
    let moment = |at: NaiveDateTime, zone| crate::domain::time::at_or_after(zone, at);
    match when {
        When::Days { from, until, .. } => SeedSpan::Days {
            first: *from,
            end: *until,
        },
        When::Timed {
            from, until, zone, ..
        } => SeedSpan::Timed {
            start: moment(*from, *zone),
            end: moment(*until, *zone),
            zone: Some(*zone).filter(|zone| *zone != calendar),
        },
    }
}

fn recurrence(when: &When) -> Vec<String> {
    match when {
        When::Days { yearly: true, .. } => vec!["RRULE:FREQ=YEARLY".to_owned()],
        When::Timed {
            from,
            zone,
            weekly: Some((weekdays, except)),
            ..
        } => {
            let days: Vec<&str> = weekdays.iter().map(|day| letters(*day)).collect();
            let rule = format!("RRULE:FREQ=WEEKLY;BYDAY={}", days.join(","));
            let left_out = |day: &NaiveDate| exdate(*day, from.time(), *zone);
            std::iter::once(rule)
                .chain(except.iter().map(left_out))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn exdate(day: NaiveDate, time: NaiveTime, zone: Tz) -> String {
    let at = day.and_time(time).format("%Y%m%dT%H%M%S");
    format!("EXDATE;TZID={}:{at}", zone.name())
}

fn letters(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}

#[cfg(test)]
mod tests {
    use super::super::Plan;
    use super::*;
    use crate::domain::id::EventId;
    use crate::domain::text::{NOTE, clean};
    use std::collections::HashSet;

    #[test]
    fn every_event_has_an_id_that_google_takes_and_clean_text_and_ours_are_marked_and_private() {
        let plan = Plan {
            doctors: 13,
            ..Plan::usual(NaiveDate::from_ymd_opt(2026, 11, 24).unwrap())
        };
        let clinic = Clinic::new(&plan).unwrap();
        let (id, database) = (ClinicId::new("Clinic"), DatabaseId::new("d-1"));
        let all: Vec<SeedEvent> = events(&clinic, &id, &database).collect();
        let mut ids = HashSet::new();
        for event in &all {
            let id = event.id.as_deref().unwrap();
            assert!(ids.insert(id) && (5..=1024).contains(&id.len()));
            assert!(id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'v')));
            assert_eq!(clean(&event.summary, NOTE), event.summary);
        }
        let (private, ours) = all.split_at(entry_count(&clinic));
        assert!(
            private
                .iter()
                .all(|e| e.private.is_empty() && e.updated.is_none())
        );
        assert_eq!(ours.len(), clinic.appointment_count());
        for (event, appointment) in ours.iter().zip(clinic.appointments()) {
            let id = appointment.google_event_id.as_ref().map(EventId::as_str);
            assert_eq!(event.id.as_deref(), id);
            let marked = event.private.get("fdAppointment").unwrap();
            assert_eq!(marked, appointment.appointment_id.as_str());
            assert_eq!(event.visibility.as_deref(), Some("private"));
            assert!(event.silent && event.attendees.is_empty() && event.description.is_none());
            let cancelled = event.status == SeedStatus::Cancelled;
            assert_eq!(cancelled, appointment.cancelled_at.is_some());
        }
    }

    #[test]
    fn a_weekly_entry_names_its_days_and_leaves_one_out() {
        let from = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap();
        let when = When::Timed {
            from: from.and_hms_opt(8, 0, 0).unwrap(),
            until: from.and_hms_opt(8, 30, 0).unwrap(),
            zone: chrono_tz::Europe::Berlin,
            weekly: Some((
                vec![Weekday::Thu, Weekday::Fri],
                vec![from + chrono::Days::new(7)],
            )),
        };
        assert_eq!(
            recurrence(&when),
            [
                "RRULE:FREQ=WEEKLY;BYDAY=TH,FR",
                "EXDATE;TZID=Europe/Berlin:20261203T080000"
            ]
        );
    }
}
