//! A doctor's visits move into another calendar: each is booked there by the usual protocol, and its old
//! event is taken away. Nothing that was done is undone by stopping half-way.

use super::drive::{Effort, End};
use super::engine::{Engine, Tell};
use super::refusals::sentence;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::doctor::Doctor;
use crate::domain::id::{CalendarId, DoctorId};
use crate::domain::time::Interval;
use crate::flow::operation::{Flow, Settlement};
use crate::flow::step::Fact;
use crate::port::calendar::{Calendar, CalendarError};
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Outcome, Refusal, Retried};
use crate::port::report::Progress;
use crate::port::store::{Store, StoreError};
use chrono::Duration;

/// As far as anybody books.
fn ahead() -> Duration {
    Duration::days(5 * 366)
}

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    pub(super) async fn set_calendar(
        &self,
        actor: &Actor,
        doctor: DoctorId,
        calendar: CalendarId,
    ) -> Result<Outcome, Refusal> {
        // a calendar that does not answer now would only be found out at the first booking
        self.inner
            .calendar
            .answers(&calendar)
            .await
            .map_err(|error| {
                let code = if error.is_passing() {
                    Code::NoAnswer
                } else {
                    Code::NotAvailable
                };
                let why = sentence(&error.to_string());
                Refusal::new(
                    code,
                    format!("{calendar} cannot be used: {why} Nothing was changed."),
                )
            })?;
        let stamp = self.stamp(actor);
        let doctor = self
            .store(move |store| store.set_calendar(&stamp, &doctor, &calendar))
            .await?;
        Ok(Outcome::Doctor(doctor))
    }

    /// Puts coming visits into the doctor's calendar, one after the other; what was done stays done.
    pub(super) async fn upcoming(
        &self,
        actor: &Actor,
        doctor: &DoctorId,
        tell: &Tell,
    ) -> Result<Outcome, Refusal> {
        let doctor: Doctor = self.doctor(doctor).await?;
        let visits = self.not_there(&doctor).await?;
        let total = visits.len();
        let mut sent = Vec::with_capacity(total);
        for (n, visit) in visits.into_iter().enumerate() {
            tell(Progress::counted(n, total));
            let result = self.put_there(actor, &doctor, &visit, tell).await;
            sent.push(match result {
                Ok(retried) => retried,
                Err(refusal) => Retried {
                    appointment: visit,
                    message: refusal.message,
                },
            });
        }
        tell(Progress::counted(total, total));
        Ok(Outcome::Synced {
            calendars: Vec::new(),
            sent,
        })
    }

    /// Coming visits of the doctor that are not in the doctor's calendar.
    async fn not_there(&self, doctor: &Doctor) -> Result<Vec<Appointment>, StoreError> {
        let now = self.now();
        let Ok(coming) = Interval::new(now, now + ahead()) else {
            return Ok(Vec::new());
        };
        let (ids, calendar) = (
            [doctor.doctor_id.clone()],
            doctor.google_calendar_id.clone(),
        );
        self.store(move |store| {
            let mut visits = store.appointments(&ids, coming, false)?;
            visits.retain(|visit| {
                let elsewhere =
                    visit.google_calendar_id != calendar || visit.google_event_id.is_none();
                elsewhere && visit.visit.start() > now && visit.status == Status::Confirmed
            });
            Ok(visits)
        })
        .await
    }

    /// Books one of them in the doctor's calendar, and takes its old event away.
    async fn put_there(
        &self,
        actor: &Actor,
        doctor: &Doctor,
        visit: &Appointment,
        tell: &Tell,
    ) -> Result<Retried, Refusal> {
        let _turn = self.turn(&visit.appointment_id).await;
        let customer = visit.customer_id.clone();
        let phone = self
            .store(move |store| Ok(store.customer(&customer)?.and_then(|c| c.mobile)))
            .await?;
        let apart = self.apart().await?;
        let mut there = visit.clone();
        there.attempt += 1;
        there.google_calendar_id = doctor.google_calendar_id.clone();
        let mut operation = self.booking_of(&there, phone.as_deref(), &apart, true);
        if let Flow::Booking(booking) = &mut operation.flow {
            booking.told = true;
        }
        let (stamp, begun, until) = (self.stamp(actor), operation.clone(), self.lease_until());
        self.store(move |store| store.begin_rebooking(&stamp, &begun, until))
            .await?;
        let end = self
            .drive(actor, operation, Fact::Begun, Effort::Usual, tell)
            .await?;
        Ok(match end {
            End::Settled(now, Settlement::Confirmed { .. }) => {
                let left = self.take_away(visit).await;
                Retried {
                    appointment: *now,
                    message: left.map_or_else(
                        || "Put into the doctor's calendar.".to_owned(),
                        |why| {
                            format!(
                                "Put into the doctor's calendar; its old entry in {} is still there: {why}",
                                visit.google_calendar_id
                            )
                        },
                    ),
                }
            }
            End::Settled(now, _) => Retried {
                message: if now.sync_state == SyncState::NeedsRepair {
                    "Not put there: it is in repair.".to_owned()
                } else {
                    "Not put there.".to_owned()
                },
                appointment: *now,
            },
            End::PutOff(now, put_off) => Retried {
                appointment: *now,
                message: sentence(&format!("{}; the program goes on trying", put_off.why)),
            },
        })
    }

    /// The old event; why it is still there, in words.
    async fn take_away(&self, visit: &Appointment) -> Option<String> {
        let (event, etag) = (visit.google_event_id.as_ref()?, visit.etag.as_ref()?);
        let calendar = &visit.google_calendar_id;
        match self.inner.calendar.delete(calendar, event, etag).await {
            Ok(()) | Err(CalendarError::Gone | CalendarError::NotFound) => None,
            Err(error) => Some(sentence(&error.to_string())),
        }
    }
}
