//! Doctors.

use super::audit::{self, Action, Line};
use super::column::{Word, text, word, wrong, zone};
use super::customers::fold::fold;
use super::error::unreadable;
use crate::domain::doctor::Doctor;
use crate::domain::id::{CalendarId, DoctorId};
use crate::domain::schedule::WeeklyHours;
use crate::port::store::{Stamp, StoreError};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

macro_rules! columns {
    () => {
        "doctor_id, doctor_name, google_calendar_id, specialty, kind, zone, hours, slot_minutes, active"
    };
}

/// All doctors by name.
pub(super) fn all(conn: &Connection) -> Result<Vec<Doctor>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM doctors ORDER BY name_folded, doctor_id"
    );
    let mut rows = conn.prepare_cached(sql)?;
    let rows = rows.query_map([], decode)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One doctor.
pub(super) fn one(conn: &Connection, id: &DoctorId) -> Result<Option<Doctor>, StoreError> {
    let sql = concat!("SELECT ", columns!(), " FROM doctors WHERE doctor_id = ?1");
    let mut rows = conn.prepare_cached(sql)?;
    Ok(rows.query_row([id.as_str()], decode).optional()?)
}

/// The doctors whose calendar it is, those who take visits first.
pub(super) fn of_calendar(
    conn: &Connection,
    calendar: &CalendarId,
) -> Result<Vec<Doctor>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM doctors WHERE google_calendar_id = ?1 ORDER BY active DESC, name_folded, doctor_id"
    );
    let mut rows = conn.prepare_cached(sql)?;
    let rows = rows.query_map([calendar.as_str()], decode)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One doctor who must exist and be bookable.
pub(super) fn bookable(conn: &Connection, id: &DoctorId) -> Result<Doctor, StoreError> {
    let doctor = one(conn, id)?.ok_or(StoreError::NotFound("doctor"))?;
    if doctor.active {
        return Ok(doctor);
    }
    Err(StoreError::Rule(format!(
        "{} takes no visits any more: choose another doctor",
        doctor.doctor_name
    )))
}

/// Takes a doctor on.
pub(super) fn add(conn: &Connection, stamp: &Stamp, doctor: &Doctor) -> Result<(), StoreError> {
    let taken: Option<String> = conn
        .prepare_cached("SELECT doctor_name FROM doctors WHERE name_folded = ?1 AND active = 1")?
        .query_row([fold(&doctor.doctor_name)], |row| row.get(0))
        .optional()?;
    if let Some(name) = taken.filter(|_| doctor.active) {
        return Err(StoreError::Rule(format!(
            "there is already a doctor named {name}: names are how people ask, so choose another"
        )));
    }
    if one(conn, &doctor.doctor_id)?.is_some() {
        return Err(StoreError::Rule(
            "this doctor is already recorded".to_owned(),
        ));
    }
    insert(conn, doctor)?;
    let words = format!("{} taken on", doctor.doctor_name);
    audit::append(conn, stamp, &Line::new(Action::Clinic, &words))?;
    Ok(())
}

/// Writes the row.
pub(super) fn insert(conn: &Connection, doctor: &Doctor) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO doctors (doctor_id, doctor_name, name_folded, google_calendar_id, specialty,
                              kind, zone, hours, slot_minutes, active)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        doctor.doctor_id.as_str(),
        doctor.doctor_name,
        fold(&doctor.doctor_name),
        doctor.google_calendar_id.as_str(),
        doctor.specialty,
        doctor.kind.word(),
        doctor.zone.name(),
        hours_text(&doctor.hours)?,
        doctor.slot_minutes,
        doctor.active
    ])?;
    Ok(())
}

/// Changes weekly hours.
pub(super) fn set_hours(
    conn: &Connection,
    stamp: &Stamp,
    id: &DoctorId,
    hours: &WeeklyHours,
) -> Result<Doctor, StoreError> {
    let doctor = one(conn, id)?.ok_or(StoreError::NotFound("doctor"))?;
    conn.prepare_cached("UPDATE doctors SET hours = ?2 WHERE doctor_id = ?1")?
        .execute(params![id.as_str(), hours_text(hours)?])?;
    let words = format!("hours of {} changed", doctor.doctor_name);
    audit::append(conn, stamp, &Line::new(Action::Clinic, &words))?;
    Ok(Doctor {
        hours: hours.clone(),
        ..doctor
    })
}

/// Another calendar for the doctor's visits. Those that are booked stay where they are until they are put
/// there.
pub(super) fn set_calendar(
    conn: &Connection,
    stamp: &Stamp,
    id: &DoctorId,
    calendar: &CalendarId,
) -> Result<Doctor, StoreError> {
    let doctor = one(conn, id)?.ok_or(StoreError::NotFound("doctor"))?;
    conn.prepare_cached("UPDATE doctors SET google_calendar_id = ?2 WHERE doctor_id = ?1")?
        .execute([id.as_str(), calendar.as_str()])?;
    let words = format!("calendar of {} is now {calendar}", doctor.doctor_name);
    audit::append(conn, stamp, &Line::new(Action::Clinic, &words))?;
    Ok(Doctor {
        google_calendar_id: calendar.clone(),
        ..doctor
    })
}

fn hours_text(hours: &WeeklyHours) -> Result<String, StoreError> {
    serde_json::to_string(hours).map_err(|e| unreadable("a doctor's hours", e))
}

fn decode(row: &Row<'_>) -> rusqlite::Result<Doctor> {
    Ok(Doctor {
        doctor_id: text(row, 0)?.into(),
        doctor_name: row.get(1)?,
        google_calendar_id: text(row, 2)?.into(),
        specialty: row.get(3)?,
        kind: word(row, 4)?,
        zone: zone(row, 5)?,
        hours: serde_json::from_str(text(row, 6)?).map_err(|e| wrong(6, Type::Text, &e))?,
        slot_minutes: row.get(7)?,
        active: row.get(8)?,
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::policy::Role;
    use crate::port::store::{Records, Store, StoreError};
    use crate::store::tests::{Clinic, doctor, stamp_of};

    #[test]
    fn a_doctor_comes_back_as_they_were_and_in_order_of_name() {
        let mut clinic = Clinic::empty();
        let admin = stamp_of(Role::Admin, 0);
        for (id, name) in [("d2", "Zoë Abt"), ("d1", "émile Bo"), ("d3", "Dr Chen")] {
            clinic.db.add_doctor(&admin, &doctor(id, name)).unwrap();
        }
        let names: Vec<String> = clinic
            .db
            .doctors()
            .unwrap()
            .into_iter()
            .map(|d| d.doctor_name)
            .collect();
        assert_eq!(names, ["Dr Chen", "émile Bo", "Zoë Abt"]);
        assert_eq!(clinic.db.doctors().unwrap()[0], doctor("d3", "Dr Chen"));
    }

    #[test]
    fn a_second_active_doctor_of_the_same_name_is_refused_and_a_receptionist_may_not() {
        let mut clinic = Clinic::empty();
        let admin = stamp_of(Role::Admin, 0);
        clinic
            .db
            .add_doctor(&admin, &doctor("d1", "Zoë Abt"))
            .unwrap();
        let again = clinic.db.add_doctor(&admin, &doctor("d2", "zoe  ABT"));
        assert!(matches!(again, Err(StoreError::Rule(_))), "{again:?}");
        let mut gone = doctor("d2", "zoe abt");
        gone.active = false;
        clinic.db.add_doctor(&admin, &gone).unwrap();
        let denied = clinic
            .db
            .add_doctor(&stamp_of(Role::Receptionist, 0), &doctor("d4", "New"));
        assert!(matches!(denied, Err(StoreError::Denied(_))), "{denied:?}");
    }

    #[test]
    fn hours_are_changed_and_an_unknown_doctor_is_named() {
        let mut clinic = Clinic::empty();
        let admin = stamp_of(Role::Admin, 0);
        clinic.db.add_doctor(&admin, &doctor("d1", "Abt")).unwrap();
        let hours = crate::domain::schedule::WeeklyHours::office()
            .with("sat", "09:00-11:00")
            .unwrap();
        let changed = clinic.db.set_hours(&admin, &"d1".into(), &hours).unwrap();
        assert_eq!(changed.hours, hours);
        assert_eq!(clinic.db.doctors().unwrap()[0].hours, hours);
        assert_eq!(
            clinic.db.set_hours(&admin, &"d9".into(), &hours),
            Err(StoreError::NotFound("doctor"))
        );
        assert_eq!(clinic.db.audit_break(), Ok(None));
    }
}
