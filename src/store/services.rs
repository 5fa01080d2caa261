//! Services.

use super::audit::{self, Action, Line};
use super::column::{text, wrong};
use super::customers::fold::fold;
use crate::domain::id::ServiceId;
use crate::domain::service::{Buffers, Service};
use crate::port::store::{Stamp, StoreError};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// All services by name.
pub(super) fn all(conn: &Connection) -> Result<Vec<Service>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT service_id, service_name, minutes, buffer_before, buffer_after, active
         FROM services ORDER BY name_folded, service_id",
    )?;
    let rows = rows.query_map([], decode)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether there is such a service.
pub(super) fn exists(conn: &Connection, id: &ServiceId) -> Result<bool, StoreError> {
    let mut rows = conn.prepare_cached("SELECT 1 FROM services WHERE service_id = ?1")?;
    Ok(rows.exists([id.as_str()])?)
}

/// Offers a service.
pub(super) fn add(conn: &Connection, stamp: &Stamp, service: &Service) -> Result<(), StoreError> {
    let taken: Option<String> = conn
        .prepare_cached("SELECT service_name FROM services WHERE name_folded = ?1 AND active = 1")?
        .query_row([fold(&service.service_name)], |row| row.get(0))
        .optional()?;
    if let Some(name) = taken.filter(|_| service.active) {
        return Err(StoreError::Rule(format!(
            "there is already a service named {name}: choose another name"
        )));
    }
    if exists(conn, &service.service_id)? {
        return Err(StoreError::Rule(
            "this service is already recorded".to_owned(),
        ));
    }
    insert(conn, service)?;
    let words = format!("{} offered", service.service_name);
    audit::append(conn, stamp, &Line::new(Action::Clinic, &words))?;
    Ok(())
}

/// Writes the row.
pub(super) fn insert(conn: &Connection, service: &Service) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO services (service_id, service_name, name_folded, minutes, buffer_before,
                               buffer_after, active)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        service.service_id.as_str(),
        service.service_name,
        fold(&service.service_name),
        service.minutes,
        service.buffers.before(),
        service.buffers.after(),
        service.active
    ])?;
    Ok(())
}

fn decode(row: &Row<'_>) -> rusqlite::Result<Service> {
    Ok(Service {
        service_id: text(row, 0)?.into(),
        service_name: row.get(1)?,
        minutes: row.get(2)?,
        buffers: buffers(row, 3, 4)?,
        active: row.get(5)?,
    })
}

/// Buffers kept in two columns.
pub(super) fn buffers(row: &Row<'_>, before: usize, after: usize) -> rusqlite::Result<Buffers> {
    Buffers::new(row.get(before)?, row.get(after)?).map_err(|e| wrong(before, Type::Integer, &e))
}

#[cfg(test)]
mod tests {
    use crate::domain::policy::Role;
    use crate::domain::service::{Buffers, Service};
    use crate::port::store::{Records, Store, StoreError};
    use crate::store::tests::{Clinic, stamp_of};

    fn service(id: &str, name: &str) -> Service {
        Service {
            service_id: id.into(),
            service_name: name.to_owned(),
            minutes: 45,
            buffers: Buffers::new(5, 10).unwrap(),
            active: true,
        }
    }

    #[test]
    fn services_come_back_by_name_and_a_second_of_the_same_name_is_refused() {
        let mut clinic = Clinic::empty();
        let admin = stamp_of(Role::Admin, 0);
        clinic
            .db
            .add_service(&admin, &service("s1", "Check-up"))
            .unwrap();
        clinic
            .db
            .add_service(&admin, &service("s2", "ambulant"))
            .unwrap();
        let again = clinic.db.add_service(&admin, &service("s3", "check up"));
        assert!(matches!(again, Err(StoreError::Rule(_))), "{again:?}");
        assert_eq!(
            clinic.db.services().unwrap(),
            [service("s2", "ambulant"), service("s1", "Check-up")]
        );
    }
}
