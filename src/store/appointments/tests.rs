//! A row comes back as it was.

use crate::domain::appointment::{Source, Status, SyncState};
use crate::domain::policy::Role;
use crate::domain::service::{Buffers, Service};
use crate::port::store::{Records, Store};
use crate::store::appointments;
use crate::store::tests::{Clinic, appointment, at, stamp_of, visit};

#[test]
fn every_field_of_an_appointment_comes_back() {
    let mut clinic = Clinic::new();
    let service = Service {
        service_id: "s1".into(),
        service_name: "Check-up".to_owned(),
        minutes: 30,
        buffers: Buffers::NONE,
        active: true,
    };
    let admin = stamp_of(Role::Admin, 0);
    clinic.db.add_service(&admin, &service).unwrap();
    let mut full = appointment("a1", 60);
    full.google_event_id = Some("event".into());
    full.etag = Some("\"7\"".into());
    full.service_id = Some("s1".into());
    full.service_name = "Check-up".to_owned();
    full.buffers = Buffers::new(5, 120).unwrap();
    full.zone = chrono_tz::America::Argentina::Buenos_Aires;
    full.status = Status::Cancelled;
    full.sync_state = SyncState::NeedsRepair;
    full.source = Source::Adopted;
    full.rev = 3;
    full.attempt = 4;
    full.cancelled_at = Some(at(9));
    full.cancellation_reason = Some("Grippe – ‘flu’".to_owned());
    appointments::insert(&clinic.db.conn, &full).unwrap();
    assert_eq!(
        clinic.db.appointment(&"a1".into()).unwrap(),
        Some(full.clone())
    );

    full.visit = visit(500);
    full.etag = None;
    full.google_event_id = Some("other".into());
    full.rev = 9;
    full.attempt = 5;
    full.status = Status::Refused;
    full.sync_state = SyncState::Synced;
    full.cancelled_at = None;
    full.cancellation_reason = None;
    appointments::save(&clinic.db.conn, &full).unwrap();
    assert_eq!(clinic.db.appointment(&"a1".into()).unwrap(), Some(full));
    assert_eq!(clinic.db.appointment(&"a2".into()).unwrap(), None);
}
