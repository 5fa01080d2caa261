//! The Store port over a database that several desks share and that outlives each of them.

use super::google::Span;
use super::in_step;
use super::world::{World, held};
use frontdesk::domain::appointment::{Appointment, Status};
use frontdesk::domain::customer::Customer;
use frontdesk::domain::doctor::Doctor;
use frontdesk::domain::id::{
    AppointmentId, AuditId, CalendarId, ChannelId, CustomerId, DatabaseId, DeskId, DoctorId,
    EventId, OperationId,
};
use frontdesk::domain::schedule::WeeklyHours;
use frontdesk::domain::service::{Buffers, Service};
use frontdesk::domain::time::{Interval, Moment};
use frontdesk::domain::why::{CalendarEntry, Held};
use frontdesk::flow::operation::{Operation, Settlement};
use frontdesk::port::budget::{BudgetRecords, BudgetStore};
use frontdesk::port::channels::{ChannelRecords, ChannelStore, WatchChannel};
use frontdesk::port::command::Actor;
use frontdesk::port::entries::EntryRecords;
use frontdesk::port::notices::{News, Notice, NoticeRecords, NoticeStore, ReadWhich};
use frontdesk::port::query::{Counts, CustomerHit, Entry, GoogleSide, Reading, RepairAction};
use frontdesk::port::repair::{RepairRecords, RepairStore};
use frontdesk::port::store::{
    Begun, BookingIntent, BusyBlock, CalendarRead, Elsewhere, Found, HoldLeft, Looks, Records,
    SecondLook, Stamp, Store, StoreError, Take, Undoable, Unsettled,
};
use frontdesk::port::sync::{
    Changes, Cursor, Part, Remote, SyncRecords, SyncRules, SyncStore, SyncToken,
};
use frontdesk::store::Database;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// One desk's handle on a database.
#[derive(Clone)]
pub struct Handle {
    pub world: Arc<World>,
    /// Which database.
    pub number: usize,
}

impl Handle {
    fn with<T>(
        &self,
        name: &str,
        work: impl FnOnce(&mut Database) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mirror = self.world.mirrors.get(self.number).expect("a database");
        let result = work(&mut held(&mirror.database));
        if let Err(error) = &result {
            self.world
                .note(format_args!("  db{} {name}: {error}", self.number));
            // nothing is wrong with the disk here, and the triggers are never what refuses
            if matches!(error, StoreError::Failed(_) | StoreError::Busy)
                || error
                    .to_string()
                    .contains("another visit of this doctor stands there")
            {
                self.world
                    .break_promise(format!("the store failed in {name}: {error}"));
            }
        }
        result
    }

    /// An edit was taken up here without a call: nothing of the visit may ever have reached the calendar.
    fn collapsed(&self, visit: &Appointment) {
        self.world.collapsed.fetch_add(1, Ordering::Relaxed);
        self.world.note(format_args!(
            "  db{} takes {} for {} {:?}",
            self.number,
            visit.appointment_id,
            Span(visit.visit),
            visit.status
        ));
        let event = visit.google_event_id.as_ref();
        let reached = event.is_some_and(|event| {
            held(&self.world.google)
                .current(&visit.google_calendar_id, event)
                .is_some()
        });
        if reached {
            let id = &visit.appointment_id;
            self.world
                .break_promise(format!("{id} was changed here only, and Google has it"));
        }
    }

    fn write<T>(
        &self,
        name: &str,
        work: impl FnOnce(&mut Database) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let result = self.with(name, work);
        if result.is_ok() {
            self.world.note(format_args!("  db{} {name}", self.number));
        }
        result
    }
}

macro_rules! asked {
    ($($name:ident($($arg:ident: $ty:ty),*) -> $out:ty;)*) => {$(
        fn $name(&self, $($arg: $ty),*) -> Result<$out, StoreError> {
            self.with(stringify!($name), |db| db.$name($($arg),*))
        }
    )*};
}

macro_rules! written {
    ($($name:ident($($arg:ident: $ty:ty),*) -> $out:ty;)*) => {$(
        fn $name(&mut self, $($arg: $ty),*) -> Result<$out, StoreError> {
            self.write(stringify!($name), |db| db.$name($($arg),*))
        }
    )*};
}

impl SyncRecords for Handle {
    asked! {
        restored() -> bool;
        audit_length() -> i64;
        cursors() -> Vec<Cursor>;
        remotes(calendars: &[CalendarId], within: Interval) -> Vec<Remote>;
        remote(calendar: &CalendarId, event: &EventId) -> Option<Remote>;
        missing(changes: &Changes) -> Vec<EventId>;
    }
}

impl SyncStore for Handle {
    written! {
        take_cursor(stamp: &Stamp, calendar: &CalendarId, until: Moment, by_force: bool)
            -> Option<SyncToken>;
        leave_cursor(stamp: &Stamp, calendar: &CalendarId) -> ();
        forget_token(stamp: &Stamp, calendar: &CalendarId) -> ();
        release_brake(stamp: &Stamp, calendar: &CalendarId) -> bool;
        mark_restored(stamp: &Stamp) -> ();
        end_restored(stamp: &Stamp, overtaken: &[AppointmentId]) -> Vec<(Operation, Appointment)>;
    }

    /// What is read from Google takes nothing away that was known.
    fn apply_changes(
        &mut self,
        stamp: &Stamp,
        changes: &Changes,
        rules: &SyncRules,
        from: usize,
    ) -> Result<Part, StoreError> {
        if changes.events.is_empty() {
            return self.with("apply_changes", |db| {
                db.apply_changes(stamp, changes, rules, from)
            });
        }
        let before = self.with("appointments", in_step::everything)?;
        let synced = self.with("apply_changes", |db| {
            db.apply_changes(stamp, changes, rules, from)
        })?;
        self.world
            .note(format_args!("  db{} takes over {synced:?}", self.number));
        let after = self.with("appointments", in_step::everything)?;
        if let Some(what) = in_step::after_a_read(&before, &after) {
            self.world.break_promise(what);
        }
        for appointment in &after {
            in_step::record(&self.world, self.number, appointment);
        }
        Ok(synced)
    }
}

impl ChannelRecords for Handle {
    asked! {
        channels(listener: &str) -> Vec<WatchChannel>;
    }
}

impl ChannelStore for Handle {
    written! {
        keep_channel(channel: &WatchChannel) -> ();
        forget_channel(id: &ChannelId) -> ();
        forget_ended(now: Moment) -> ();
    }
}

impl EntryRecords for Handle {
    asked! {
        entries(calendars: &[CalendarId], within: Interval) -> Vec<Vec<CalendarEntry>>;
        strays(calendar: &CalendarId, within: Interval) -> Vec<CalendarEntry>;
        held(doctors: &[DoctorId], within: Interval) -> Vec<(DoctorId, Held)>;
    }
}

impl Records for Handle {
    asked! {
        database_id() -> DatabaseId;
        data_version() -> i64;
        doctors() -> Vec<Doctor>;
        services() -> Vec<Service>;
        customer(id: &CustomerId) -> Option<Customer>;
        customers_named(name: &str) -> Vec<Customer>;
        find_customers(text: &str, limit: usize, now: Moment) -> Vec<CustomerHit>;
        visits_of(customer: &CustomerId, limit: usize) -> Vec<Appointment>;
        appointment(id: &AppointmentId) -> Option<Appointment>;
        appointments_like(prefix: &str, limit: usize) -> Vec<Appointment>;
        appointments(doctors: &[DoctorId], within: Interval, every: bool) -> Vec<Appointment>;
        visit_starts(doctors: &[DoctorId], within: Interval) -> Vec<Moment>;
        taken(doctors: &[DoctorId], within: Interval) -> Vec<(DoctorId, Interval, Buffers)>;
        timeline(id: &AppointmentId) -> Vec<Entry>;
        busy(calendars: &[CalendarId], within: Interval) -> Vec<BusyBlock>;
        readings(calendars: &[CalendarId], within: Interval, fresh_since: Moment) -> Vec<Reading>;
        counts() -> Counts;
        unsettled() -> Vec<Unsettled>;
        unsettled_one(id: &AppointmentId) -> Option<Unsettled>;
        undoable(desk: &DeskId, since: Moment) -> Vec<Undoable>;
        full_protocol() -> bool;
        hold_in_the_way(id: &AppointmentId) -> Option<EventId>;
        booked_elsewhere(calendar: &CalendarId, within: Interval) -> Vec<Appointment>;
        keyed(key: &str, fingerprint: &str, now: Moment) -> Option<Appointment>;
        next_due() -> Option<Moment>;
        audit_break() -> Option<AuditId>;
    }
}

impl NoticeRecords for Handle {
    asked! {
        notices(reader: &Actor, unread_only: bool, limit: usize) -> Vec<Notice>;
        unread_notices(reader: &Actor) -> u32;
    }
}

impl NoticeStore for Handle {
    written! {
        tell_news(stamp: &Stamp, news: &News) -> ();
        read_notices(stamp: &Stamp, which: &ReadWhich) -> u32;
    }
}

impl BudgetRecords for Handle {
    asked! {
        requests_in_last_minute(now: Moment) -> u32;
    }
}

impl BudgetStore for Handle {
    written! {
        count_requests(now: Moment, new: u64) -> ();
    }
}

impl RepairRecords for Handle {
    asked! {
        google_side(visit: &Appointment) -> Option<GoogleSide>;
    }
}

impl RepairStore for Handle {
    written! {
        record_sight(now: Moment, visit: &Appointment, event: Option<&Remote>) -> bool;
        begin_put_back(stamp: &Stamp, operation: &Operation, lease_until: Moment) -> Appointment;
        reopen(stamp: &Stamp, id: &AppointmentId) -> Appointment;
    }
}

impl Store for Handle {
    written! {
        add_doctor(stamp: &Stamp, doctor: &Doctor) -> ();
        set_hours(stamp: &Stamp, id: &DoctorId, hours: &WeeklyHours) -> Doctor;
        set_calendar(stamp: &Stamp, id: &DoctorId, calendar: &CalendarId) -> Doctor;
        add_service(stamp: &Stamp, service: &Service) -> ();
        add_customer(stamp: &Stamp, customer: &Customer) -> ();
        begin_rebooking(stamp: &Stamp, operation: &Operation, lease_until: Moment) -> Appointment;
        take(stamp: &Stamp, which: &Take, until: Moment) -> Vec<Operation>;
        prolong(stamp: &Stamp, id: &OperationId, until: Moment) -> ();
        journal(stamp: &Stamp, operation: &Operation, note: Option<&str>) -> ();
        put_off(stamp: &Stamp, operation: &Operation) -> Appointment;
        promise(stamp: &Stamp, id: &AppointmentId) -> Appointment;
        use_full_protocol() -> ();
        take_looks(now: Moment, which: Looks, limit: usize) -> Vec<SecondLook>;
        record_look(stamp: &Stamp, look: &SecondLook, found: Option<&Found>) -> bool;
        adopt(stamp: &Stamp, met: &Elsewhere) -> bool;
        called_off_elsewhere(stamp: &Stamp, id: &AppointmentId) -> ();
        hold_left(stamp: &Stamp, left: &HoldLeft) -> bool;
        begin_clearance(stamp: &Stamp, operation: &Operation, lease_until: Moment) -> Appointment;
        mark_undone(stamp: &Stamp, audit: AuditId) -> ();
        record_reads(now: Moment, window: Interval, reads: &[CalendarRead]) -> bool;
        resolve_repair(
            stamp: &Stamp, id: &AppointmentId, action: RepairAction, google: Option<&Settlement>,
            reason: &str
        ) -> Appointment;
    }

    fn begin_booking(
        &mut self,
        stamp: &Stamp,
        intent: &BookingIntent,
    ) -> Result<Begun, StoreError> {
        let begun = self.write("begin_booking", |db| db.begin_booking(stamp, intent))?;
        if let Begun::New(appointment) = &begun {
            in_step::record(&self.world, self.number, appointment);
        }
        Ok(begun)
    }

    fn begin_move(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        lease_until: Moment,
    ) -> Result<Appointment, StoreError> {
        let begun = self.write("begin_move", |db| {
            db.begin_move(stamp, operation, lease_until)
        })?;
        if begun.status == Status::Pending {
            self.collapsed(&begun);
        }
        Ok(begun)
    }

    fn begin_cancellation(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        reason: &str,
        lease_until: Moment,
    ) -> Result<Appointment, StoreError> {
        let begun = self.write("begin_cancellation", |db| {
            db.begin_cancellation(stamp, operation, reason, lease_until)
        })?;
        if begun.status == Status::Cancelled {
            self.collapsed(&begun);
        }
        Ok(begun)
    }

    /// I6: nothing is committed as booked that Google never confirmed.
    fn settle(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        settlement: &Settlement,
    ) -> Result<Appointment, StoreError> {
        if let Settlement::Confirmed { event, visit, .. } = settlement
            && !held(&self.world.google).was_confirmed(&operation.calendar, event)
        {
            self.world.break_promise(format!(
                "I6: {event} {} is committed as booked and was never confirmed",
                Span(*visit)
            ));
        }
        let id = &operation.appointment_id;
        if let Settlement::Moved { visit, .. } = settlement
            && let Some(event) = self.appointment(id)?.and_then(|a| a.google_event_id)
            && !held(&self.world.google).stood_at(&operation.calendar, &event, *visit)
        {
            self.world.break_promise(format!(
                "I6: {event} is committed as moved to {} and never stood there",
                Span(*visit)
            ));
        }
        self.world.note(format_args!(
            "  db{} settle {id}: {settlement:?}",
            self.number
        ));
        self.write("settle", |db| db.settle(stamp, operation, settlement))
    }
}
