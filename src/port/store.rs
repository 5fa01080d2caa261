//! What a database must do. Calls block; they run on the lanes' own threads, never on the one that
//! draws. Every write is one transaction (`BEGIN IMMEDIATE`) with its audit row in it; permission is
//! decided again inside it.

use super::budget::{BudgetRecords, BudgetStore};
use super::channels::{ChannelRecords, ChannelStore};
use super::command::Actor;
use super::entries::EntryRecords;
use super::notices::{NoticeRecords, NoticeStore};
use super::query::{Counts, CustomerHit, Entry, Reading, RepairAction};
use super::repair::{RepairRecords, RepairStore};
use super::sync::{SyncRecords, SyncStore};
use crate::domain::appointment::Appointment;
use crate::domain::customer::Customer;
use crate::domain::doctor::Doctor;
use crate::domain::event::Mark;
use crate::domain::id::{
    AppointmentId, AuditId, CalendarId, CustomerId, DatabaseId, DeskId, DoctorId, Etag, EventId,
    OperationId,
};
use crate::domain::policy::Denied;
use crate::domain::schedule::WeeklyHours;
use crate::domain::service::Service;
use crate::domain::time::{Interval, Moment};
use crate::flow::operation::{Cause, Operation, Settlement};
use thiserror::Error;

/// What went wrong with the database. The text is a sentence fit for a person.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StoreError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Another visit of ours stands there.
    #[error("{} already has a visit there: {}", .0.doctor_name, .0.customer_name)]
    Overlap(Box<Appointment>),
    /// No such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The idempotency key was used for other parameters.
    #[error(
        "this key was used before for another booking, so nothing was booked: use a new key, or send \
         exactly what was sent the first time"
    )]
    KeyReused,
    /// Another operation on the same appointment is under way.
    #[error("another change of this visit is still under way: wait for it, or look into repair")]
    OperationOpen,
    /// It is in a state in which this cannot be done.
    #[error("{0}")]
    Rule(String),
    /// The lease on the operation was lost to another program: stop, it goes on there.
    #[error("another program has taken this over and goes on with it: look again in a moment")]
    LeaseLost,
    /// Other programs kept the database busy for longer than five seconds.
    #[error(
        "another program holds the clinic's database and did not let go of it for five seconds: nothing \
         was recorded; try again, and if it stays so, look for a program that hangs"
    )]
    Busy,
    /// No room on the disk.
    #[error("the disk is full: nothing was recorded; make room on it and try again")]
    DiskFull,
    /// The disk refused a write: a quota, a limit on the size of files, or a broken disk.
    #[error(
        "the disk takes no more, since it is full, over a quota, or broken: nothing was recorded; see to the \
         disk and try again"
    )]
    DiskRefuses,
    /// The database cannot be written.
    #[error(
        "the clinic's database can only be read: nothing was recorded; check who may write to it and to \
         its folder"
    )]
    ReadOnly,
    /// Anything else.
    #[error("the database failed: {0}")]
    Failed(String),
}

/// Who acts, at which desk, when: goes into the audit of every write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub desk: DeskId,
    /// When.
    pub now: Moment,
}

/// A booking to be journalled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingIntent {
    /// The appointment as it will stand, pending.
    pub appointment: Appointment,
    /// Recorded in the same transaction, when the person is new.
    pub new_customer: Option<Customer>,
    /// The operation that will carry it out; leased to the stamp's desk.
    pub operation: Operation,
    /// Idempotency key, and a fingerprint of the parameters.
    pub key: Option<(String, String)>,
    /// The lease on the operation.
    pub lease_until: Moment,
}

/// What became of an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Journalled: carry it out.
    New(Box<Appointment>),
    /// The key was used before with the same parameters: this is what it came to.
    Replayed(Box<Appointment>),
}

/// Which operations to take over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Take {
    /// Open ones whose next try has come, oldest first.
    Due {
        /// At most so many.
        limit: usize,
        /// Not those of these appointments: acts of this very program that still have their turn.
        besides: Vec<AppointmentId>,
    },
    /// The open one of an appointment, whenever its next try is.
    Of(AppointmentId),
}

/// Which second looks to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// Those whose time has come.
    Due,
    /// All, at once.
    All,
}

/// A time that was settled a moment ago and is to be looked at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondLook {
    /// The appointment, as it stood when the look was taken.
    pub appointment: Appointment,
    /// The time: the visit's own, or one that it did not get.
    pub settled: Interval,
}

/// What a second look found about a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Another desk of the clinic has moved it.
    MovedByDesk {
        /// Its version.
        etag: Etag,
        /// Its times.
        visit: Interval,
        /// How often desks have changed it.
        rev: u32,
    },
    /// A person has moved its event.
    MovedByPerson {
        /// Its version.
        etag: Etag,
        /// Its times.
        visit: Interval,
    },
    /// Its event was deleted.
    Gone,
    /// Its event is not ours any more.
    Strange,
    /// Something else takes its time: what, in words.
    InTheWay(String),
}

/// A visit that another desk booked, as its event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// Where it was met.
    pub calendar: CalendarId,
    /// Its event.
    pub event: EventId,
    /// Its version.
    pub etag: Etag,
    /// Its times.
    pub visit: Interval,
    /// What the other desk wrote on it.
    pub mark: Mark,
}

/// A hold that outlived its lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldLeft {
    /// Its event.
    pub hold: EventId,
    /// The visit that was to be moved.
    pub appointment: AppointmentId,
    /// The time that it keeps.
    pub held: Interval,
}

/// Busy time of a calendar, as free/busy said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusyBlock {
    /// Whose.
    pub calendar: CalendarId,
    /// When.
    pub interval: Interval,
}

/// What one read of one calendar brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarRead {
    /// Which.
    pub calendar: CalendarId,
    /// The busy stretches of the window, or why it could not be read, in words, and whether the
    /// calendar itself said so (true: it is unknown from now on) or nobody answered (false: what is
    /// known grows stale).
    pub result: Result<Vec<Interval>, (String, bool)>,
}

/// A row of the repair pane as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsettled {
    /// The appointment.
    pub appointment: Appointment,
    /// Its open operation, if there is one.
    pub operation: Option<Operation>,
    /// Set when a person must choose: what kind of trouble, and the sentence.
    pub repair: Option<(Cause, String)>,
    /// Since when it is not in step.
    pub since: Moment,
    /// The time that was booked, where a person must choose and it stands at another by now.
    pub former: Option<Interval>,
}

/// An act that can be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undoable {
    /// Its row in the audit.
    pub audit: AuditId,
    /// The appointment it was about.
    pub appointment: AppointmentId,
    /// What it was.
    pub act: UndoableAct,
    /// When it was.
    pub at: Moment,
}

/// Acts that can be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoableAct {
    /// Undone by cancelling.
    Booked,
    /// Undone by booking the same time again, if it is still free.
    Cancelled,
    /// Undone by moving it back, if the old time is still free.
    Moved {
        /// When it was before.
        from: Interval,
    },
    /// Google's time was taken; undone by moving it back, if the old time is still free.
    TookTime {
        /// When it was before.
        from: Interval,
    },
    /// A repair item was left as it is; undone by opening it again.
    Ignored,
}

/// Reading. Every list is in the order that its user needs it in.
pub trait Records:
    NoticeRecords + SyncRecords + ChannelRecords + BudgetRecords + EntryRecords + RepairRecords
{
    /// The identity of this database.
    fn database_id(&self) -> Result<DatabaseId, StoreError>;

    /// Whether an event of another database of this clinic was ever met: from then on every booking takes
    /// the full protocol.
    fn full_protocol(&self) -> Result<bool, StoreError>;

    /// Visits of the calendar that other desks booked and that take time in the stretch, as known here.
    fn booked_elsewhere(
        &self,
        calendar: &CalendarId,
        within: Interval,
    ) -> Result<Vec<Appointment>, StoreError>;

    /// The hold that a visit in repair is about, where it is about one.
    fn hold_in_the_way(&self, id: &AppointmentId) -> Result<Option<EventId>, StoreError>;

    /// A number that changes when another connection has written.
    fn data_version(&self) -> Result<i64, StoreError>;

    /// All doctors, active or not, by name.
    fn doctors(&self) -> Result<Vec<Doctor>, StoreError>;

    /// All services by name.
    fn services(&self) -> Result<Vec<Service>, StoreError>;

    /// One person.
    fn customer(&self, id: &CustomerId) -> Result<Option<Customer>, StoreError>;

    /// People of exactly this name (case and accents folded).
    fn customers_named(&self, name: &str) -> Result<Vec<Customer>, StoreError>;

    /// People by parts of name, digits of a phone, or a birth date, the best first; with their last
    /// and next visit seen from `now`. Empty text: those seen last.
    fn find_customers(
        &self,
        text: &str,
        limit: usize,
        now: Moment,
    ) -> Result<Vec<CustomerHit>, StoreError>;

    /// Visits of a person, newest first.
    fn visits_of(
        &self,
        customer: &CustomerId,
        limit: usize,
    ) -> Result<Vec<Appointment>, StoreError>;

    /// One appointment.
    fn appointment(&self, id: &AppointmentId) -> Result<Option<Appointment>, StoreError>;

    /// The appointment that was booked under this idempotency key, while the key is remembered;
    /// [`StoreError::KeyReused`] if its parameters were others.
    fn keyed(
        &self,
        key: &str,
        fingerprint: &str,
        now: Moment,
    ) -> Result<Option<Appointment>, StoreError>;

    /// Appointments whose id begins like this (at least four characters), at most `limit`.
    fn appointments_like(&self, prefix: &str, limit: usize)
    -> Result<Vec<Appointment>, StoreError>;

    /// Appointments that meet the stretch, by start; of these doctors (all: empty). With `every`, also
    /// cancelled and refused ones; otherwise only those that take time.
    fn appointments(
        &self,
        doctors: &[DoctorId],
        within: Interval,
        every: bool,
    ) -> Result<Vec<Appointment>, StoreError>;

    /// Start of each visit that takes time in the stretch, for these doctors (all: empty), by start;
    /// cheap enough for a month.
    fn visit_starts(
        &self,
        doctors: &[DoctorId],
        within: Interval,
    ) -> Result<Vec<Moment>, StoreError>;

    /// Visit and buffers of what takes time in the stretch widened by 24 hours on both sides, with the
    /// doctor, by start; the little that slot search needs.
    fn taken(
        &self,
        doctors: &[DoctorId],
        within: Interval,
    ) -> Result<Vec<(DoctorId, Interval, crate::domain::service::Buffers)>, StoreError>;

    /// What has happened to an appointment, newest first.
    fn timeline(&self, id: &AppointmentId) -> Result<Vec<Entry>, StoreError>;

    /// Busy blocks that meet the stretch, by calendar and start.
    fn busy(
        &self,
        calendars: &[CalendarId],
        within: Interval,
    ) -> Result<Vec<BusyBlock>, StoreError>;

    /// How well each calendar is known over the stretch, in the order asked for: the last successful
    /// read that covers all of it, and the last error since. `fresh_since` parts live from stale.
    fn readings(
        &self,
        calendars: &[CalendarId],
        within: Interval,
        fresh_since: Moment,
    ) -> Result<Vec<Reading>, StoreError>;

    /// How much is pending and in repair.
    fn counts(&self) -> Result<Counts, StoreError>;

    /// Everything that is pending or in repair; repair first, newest problem first.
    fn unsettled(&self) -> Result<Vec<Unsettled>, StoreError>;

    /// The same for one appointment.
    fn unsettled_one(&self, id: &AppointmentId) -> Result<Option<Unsettled>, StoreError>;

    /// Acts at this desk since the moment that can still be undone (not undone or overtaken yet),
    /// newest first.
    fn undoable(&self, desk: &DeskId, since: Moment) -> Result<Vec<Undoable>, StoreError>;

    /// When the next open operation or second look is due; none: nothing waits.
    fn next_due(&self) -> Result<Option<Moment>, StoreError>;

    /// Checks the audit's hash chain; the first row that does not fit.
    fn audit_break(&self) -> Result<Option<AuditId>, StoreError>;
}

/// Writing.
pub trait Store:
    Records + NoticeStore + SyncStore + ChannelStore + BudgetStore + RepairStore + Send
{
    /// Takes a doctor on. A second active doctor of the same name is refused (names are how people ask).
    fn add_doctor(&mut self, stamp: &Stamp, doctor: &Doctor) -> Result<(), StoreError>;

    /// Changes weekly hours; answers with the doctor as they stand.
    fn set_hours(
        &mut self,
        stamp: &Stamp,
        id: &DoctorId,
        hours: &WeeklyHours,
    ) -> Result<Doctor, StoreError>;

    /// The doctor's visits are in this calendar from now on; answers with the doctor as they stand.
    fn set_calendar(
        &mut self,
        stamp: &Stamp,
        id: &DoctorId,
        calendar: &CalendarId,
    ) -> Result<Doctor, StoreError>;

    /// Offers a service.
    fn add_service(&mut self, stamp: &Stamp, service: &Service) -> Result<(), StoreError>;

    /// Records a person.
    fn add_customer(&mut self, stamp: &Stamp, customer: &Customer) -> Result<(), StoreError>;

    /// Journals a booking: permission, key, no local overlap, the person, the pending appointment, the
    /// operation, the audit row.
    fn begin_booking(&mut self, stamp: &Stamp, intent: &BookingIntent)
    -> Result<Begun, StoreError>;

    /// Journals that an existing appointment is booked again (undo of a cancellation, retry of a
    /// repair, another calendar than before): it turns pending, with the operation's attempt; the same checks as a booking.
    fn begin_rebooking(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        lease_until: Moment,
    ) -> Result<Appointment, StoreError>;

    /// Journals a cancellation with its reason. An open booking operation of the appointment that is
    /// not leased to a living program is replaced; a leased one is [`StoreError::OperationOpen`]. Where
    /// nothing of the booking was ever sent, the visit is called off at once and no operation is left; a
    /// move of which nothing was sent is dropped.
    fn begin_cancellation(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        reason: &str,
        lease_until: Moment,
    ) -> Result<Appointment, StoreError>;

    /// Journals a move: no local overlap at the new time, which is held until the move has ended. The
    /// visit must stand confirmed, and keeps its time until then. Where nothing of what is still open
    /// about the visit was ever sent, only the last state counts: a pending booking takes the new time,
    /// stays pending, and is leased to the stamp's desk; a pending move gives way to this one, and if the
    /// visit stands at the new time anyway nothing is left to do.
    fn begin_move(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        lease_until: Moment,
    ) -> Result<Appointment, StoreError>;

    /// Leases operations to the stamp's desk until the moment; those leased to others and not yet run
    /// out are left alone.
    fn take(
        &mut self,
        stamp: &Stamp,
        which: &Take,
        until: Moment,
    ) -> Result<Vec<Operation>, StoreError>;

    /// Somebody is told that the appointment's open operation, which another program carries out, is
    /// recorded and goes on: from now on it does not end in a refusal, but in repair. Answers with the
    /// appointment, which may have come to its end by now.
    fn promise(&mut self, stamp: &Stamp, id: &AppointmentId) -> Result<Appointment, StoreError>;

    /// Prolongs the lease; [`StoreError::LeaseLost`] if it is another's by now.
    fn prolong(&mut self, stamp: &Stamp, id: &OperationId, until: Moment)
    -> Result<(), StoreError>;

    /// Stores the recovery point (before the call that it announces). `note` becomes an audit row.
    fn journal(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        note: Option<&str>,
    ) -> Result<(), StoreError>;

    /// Puts the operation off until its `next_try_at` with its `last_error`, and gives the lease back.
    /// The appointment is `sync_pending`.
    fn put_off(&mut self, stamp: &Stamp, operation: &Operation) -> Result<Appointment, StoreError>;

    /// Ends the operation: appointment, repair item, audit, operation done, in one transaction.
    fn settle(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        settlement: &Settlement,
    ) -> Result<Appointment, StoreError>;

    /// Settles a repair item by a person's choice ([`RepairAction::AdoptTimes`] with Google's times,
    /// etag and count as a [`Settlement::Moved`], [`RepairAction::Ignore`] with a reason).
    fn resolve_repair(
        &mut self,
        stamp: &Stamp,
        id: &AppointmentId,
        action: RepairAction,
        google: Option<&Settlement>,
        reason: &str,
    ) -> Result<Appointment, StoreError>;

    /// An event of another database was met.
    fn use_full_protocol(&mut self) -> Result<(), StoreError>;

    /// Hands out second looks, each once; one that is not recorded is due again a little later.
    fn take_looks(
        &mut self,
        now: Moment,
        which: Looks,
        limit: usize,
    ) -> Result<Vec<SecondLook>, StoreError>;

    /// Records a second look and puts right what it found, unless something has happened to the visit
    /// since; true if anything about the visit changed.
    fn record_look(
        &mut self,
        stamp: &Stamp,
        look: &SecondLook,
        found: Option<&Found>,
    ) -> Result<bool, StoreError>;

    /// Takes over a visit that another desk booked, or what changed about it; true if anything did. A visit
    /// of a calendar that is no doctor's here is left alone. [`StoreError::Overlap`] with a visit of another
    /// desk: what is known of that one may be out of date, so ask about it first.
    fn adopt(&mut self, stamp: &Stamp, met: &Elsewhere) -> Result<bool, StoreError>;

    /// The event of a visit that another desk booked is gone.
    fn called_off_elsewhere(&mut self, stamp: &Stamp, id: &AppointmentId)
    -> Result<(), StoreError>;

    /// A hold for a move that its desk never finished: the visit goes into repair, unless it is there, is
    /// under way here, or is not known; true if it went.
    fn hold_left(&mut self, stamp: &Stamp, left: &HoldLeft) -> Result<bool, StoreError>;

    /// Journals that such a hold is taken away.
    fn begin_clearance(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        lease_until: Moment,
    ) -> Result<Appointment, StoreError>;

    /// Marks an act as undone by the stamp's actor.
    fn mark_undone(&mut self, stamp: &Stamp, audit: AuditId) -> Result<(), StoreError>;

    /// Stores what a free/busy read brought; true if anything but the time of reading changed.
    fn record_reads(
        &mut self,
        now: Moment,
        window: Interval,
        reads: &[CalendarRead],
    ) -> Result<bool, StoreError>;
}
