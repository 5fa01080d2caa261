//! Brings mirror and calendars together on request, or compares the two without changing anything.

use super::drive::End;
use super::engine::{Engine, Tell};
use super::refusals::sentence;
use super::sync::{SyncError, SyncHow};
use crate::domain::dates::say_time;
use crate::domain::doctor::Doctor;
use crate::domain::event::{Event, EventStatus};
use crate::domain::id::{AppointmentId, CalendarId, DoctorId};
use crate::domain::time::Interval;
use crate::flow::operation::{Cause, Operation, Settlement};
use crate::flow::reconcile::{Known, Verdict, judge};
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Outcome, Refusal, Retried};
use crate::port::report::Progress;
use crate::port::store::{Looks, Records, Store, StoreError, Take};
use crate::port::sync::{
    CalendarSync, Changes, Difference, DifferenceKind, ReadFrom, Remote, SyncAct, SyncRules, Synced,
};
use std::collections::BTreeMap;

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    pub(super) async fn sync_act(
        &self,
        actor: &Actor,
        act: SyncAct,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        match act {
            SyncAct::Pass => self.pass(actor, SyncHow::Now, &tell).await,
            SyncAct::Rebuild => self.pass(actor, SyncHow::Whole, &tell).await,
            SyncAct::Check => self.check(actor, &tell).await,
            SyncAct::Fix => {
                let checked = self.check(actor, &tell).await?;
                self.pass(actor, SyncHow::Whole, &tell).await?;
                Ok(checked)
            }
            SyncAct::Release(doctor) => self.release(actor, &doctor).await,
            SyncAct::Upcoming(doctor) => self.upcoming(actor, &doctor, &tell).await,
        }
    }

    /// Every calendar of an active doctor, with its doctor's name.
    async fn synced_calendars(&self) -> Result<Vec<CalendarId>, Refusal> {
        let doctors = self.doctors_of(Vec::new()).await?;
        let mut calendars: Vec<CalendarId> =
            doctors.into_iter().map(|d| d.google_calendar_id).collect();
        calendars.sort_unstable();
        calendars.dedup();
        if calendars.is_empty() {
            return Err(Refusal::new(
                Code::Rule,
                "There is no doctor yet, so there is no calendar to read: frontdesk doctor add --name NAME \
                 --calendar ID",
            ));
        }
        Ok(calendars)
    }

    async fn pass(&self, actor: &Actor, how: SyncHow, tell: &Tell) -> Result<Outcome, Refusal> {
        let calendars = self.synced_calendars().await?;
        let total = calendars.len();
        let mut out = Vec::with_capacity(total);
        for (n, calendar) in calendars.iter().enumerate() {
            tell(Progress::counted(n, total));
            let result = match self.sync_calendar(calendar, how).await {
                Ok(Some(synced)) => Ok(synced),
                // another program took it over meanwhile: what it reads is the same
                Ok(None) => Ok(Synced::default()),
                Err(SyncError::Calendar(error)) => Err(sentence(&error.to_string())),
                Err(SyncError::Store(error)) => return Err(error.into()),
            };
            out.push(CalendarSync {
                calendar: calendar.clone(),
                result,
            });
        }
        tell(Progress::counted(total, total));
        // and what was settled while a calendar was read
        self.look_again_at(Looks::Due).await?;
        let window = self.horizon();
        self.read_calendars(&calendars, window).await?;
        let sent = self.send_pending(actor, tell).await?;
        Ok(Outcome::Synced {
            calendars: out,
            sent,
        })
    }

    /// What is pending goes out.
    async fn send_pending(&self, actor: &Actor, tell: &Tell) -> Result<Vec<Retried>, Refusal> {
        let unsettled = self.store(|store| store.unsettled()).await?;
        let mut sent = Vec::new();
        for row in unsettled.into_iter().filter(|row| row.operation.is_some()) {
            let appointment = row.appointment;
            let id = appointment.appointment_id.clone();
            sent.push(match self.retry_one(actor, id, tell.clone()).await {
                Ok(retried) => retried,
                Err(refusal) => Retried {
                    appointment,
                    message: refusal.message,
                },
            });
        }
        Ok(sent)
    }

    async fn release(&self, actor: &Actor, doctor: &DoctorId) -> Result<Outcome, Refusal> {
        let calendar = self.doctor(doctor).await?.google_calendar_id;
        let (stamp, which) = (self.stamp(actor), calendar.clone());
        let held = self
            .store(move |store| store.release_brake(&stamp, &which))
            .await?;
        if !held {
            return Err(Refusal::new(
                Code::Rule,
                format!("Nothing is held back in {calendar}."),
            ));
        }
        let result = match self.sync_calendar(&calendar, SyncHow::Now).await {
            Ok(synced) => Ok(synced.unwrap_or_default()),
            Err(SyncError::Calendar(error)) => Err(sentence(&error.to_string())),
            Err(SyncError::Store(error)) => return Err(error.into()),
        };
        Ok(Outcome::Synced {
            calendars: vec![CalendarSync { calendar, result }],
            sent: Vec::new(),
        })
    }

    /// Compares mirror and calendars. What was open in a database that was put back from a backup goes on
    /// afterwards, unless its event was changed since: then a person decides.
    async fn check(&self, actor: &Actor, tell: &Tell) -> Result<Outcome, Refusal> {
        let calendars = self.synced_calendars().await?;
        let (mut differences, mut unread) = (Vec::new(), Vec::new());
        let mut events: BTreeMap<AppointmentId, Event> = BTreeMap::new();
        let total = calendars.len();
        for (n, calendar) in calendars.iter().enumerate() {
            tell(Progress::counted(n, total));
            match self.compare(calendar, &mut events).await {
                Ok(found) => differences.extend(found),
                Err(SyncError::Calendar(error)) => {
                    unread.push((calendar.clone(), sentence(&error.to_string())));
                }
                Err(SyncError::Store(error)) => return Err(error.into()),
            }
        }
        tell(Progress::counted(total, total));
        let restored = self.store(|store| store.restored()).await?;
        if restored && unread.is_empty() {
            differences.extend(self.wake_journal(actor, &events).await?);
        }
        Ok(Outcome::Checked {
            differences,
            unread,
        })
    }

    async fn compare(
        &self,
        calendar: &CalendarId,
        events: &mut BTreeMap<AppointmentId, Event>,
    ) -> Result<Vec<Difference>, SyncError> {
        let from = ReadFrom::Start(self.sync_start());
        let mut changes = self.read_changes(calendar, &from).await?;
        let asked = changes.clone();
        for event in self.store(move |store| store.missing(&asked)).await? {
            if let Some(event) = self.really(calendar, &event).await? {
                changes.events.push(event);
            }
        }
        let changes = changes.as_told_last();
        for event in &changes.events {
            if let Some(mark) = event
                .mark
                .as_ref()
                .filter(|m| m.clinic == self.settings().clinic)
            {
                events.insert(mark.appointment.clone(), event.clone());
            }
        }
        let rules = self.sync_rules();
        let zone = self.settings().zone;
        self.store(move |store| {
            let mut out = Vec::new();
            for event in &changes.events {
                out.extend(difference(store, event, &changes, &rules, zone)?);
            }
            out.extend(entries(store, &changes, &rules, zone)?);
            Ok(out)
        })
        .await
        .map_err(Into::into)
    }

    /// Mirror and calendars were compared: what waits in a journal that was put back goes on.
    async fn wake_journal(
        &self,
        actor: &Actor,
        events: &BTreeMap<AppointmentId, Event>,
    ) -> Result<Vec<Difference>, Refusal> {
        let stamp = self.stamp(actor);
        self.store(move |store| store.set_restored(&stamp, false))
            .await?;
        let unsettled = self.store(|store| store.unsettled()).await?;
        let mut out = Vec::new();
        for operation in unsettled.into_iter().filter_map(|row| row.operation) {
            let event = events.get(&operation.appointment_id);
            // of what is gone anyway there is nothing to be afraid of
            let event = event.filter(|event| event.status != EventStatus::Cancelled);
            let later = event
                .and_then(|event| event.updated)
                .is_some_and(|updated| updated > operation.created_at);
            if !later {
                continue;
            }
            if let Some(end) = self.lay_down(actor, &operation).await? {
                let End::Settled(visit, _) = end else {
                    continue;
                };
                out.push(Difference {
                    calendar: operation.calendar.clone(),
                    kind: DifferenceKind::OldIntent,
                    appointment: Some(operation.appointment_id.clone()),
                    event: event.map(|event| event.id.clone()),
                    sentence: format!(
                        "A {} of {} was open when the backup was made, and its event was changed since: it was \
                         not carried out and is in repair.",
                        operation.flow.kind(),
                        visit.customer_name
                    ),
                });
            }
        }
        Ok(out)
    }

    /// Ends an operation without carrying it out: a person decides.
    async fn lay_down(
        &self,
        actor: &Actor,
        operation: &Operation,
    ) -> Result<Option<End>, StoreError> {
        let (stamp, until) = (self.stamp(actor), self.lease_until());
        let which = Take::Of(operation.appointment_id.clone());
        let settlement = Settlement::Repair {
            cause: Cause::ChangedInGoogle,
            detail: format!(
                "A {} was open when the backup was made that this database was put back from, and the event \
                 was changed since",
                operation.flow.kind()
            ),
        };
        let settled = settlement.clone();
        let visit = self
            .store(move |store| {
                let Some(held) = store.take(&stamp, &which, until)?.pop() else {
                    return Ok(None);
                };
                store.settle(&stamp, &held, &settled).map(Some)
            })
            .await?;
        Ok(visit.map(|visit| End::Settled(Box::new(visit), settlement)))
    }

    /// Puts coming visits into the doctor's calendar, one after the other; what was done stays done.
    async fn upcoming(
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
}

/// What one event and the mirror do not agree about.
fn difference(
    records: &impl Records,
    event: &Event,
    changes: &Changes,
    rules: &SyncRules,
    zone: chrono_tz::Tz,
) -> Result<Option<Difference>, StoreError> {
    let mark = event.mark.as_ref().filter(|m| m.clinic == rules.clinic);
    let id = mark
        .map(|mark| mark.appointment.clone())
        .or_else(|| event.id.appointment());
    let Some(id) = id else { return Ok(None) };
    let known = match records.appointment(&id)? {
        None => None,
        Some(appointment) => {
            let row = records.unsettled_one(&id)?;
            Some(Known {
                open: row.as_ref().is_some_and(|row| row.operation.is_some()),
                settled_since: false,
                cause: row.and_then(|row| row.repair).map(|(cause, _)| cause),
                seen: records
                    .remote(&changes.calendar, &event.id)?
                    .is_some_and(|known| known.etag == event.etag),
                appointment,
            })
        }
    };
    let verdict = judge(event, known.as_ref(), &changes.calendar, &rules.clinic);
    let open = known.as_ref().is_some_and(|known| known.open);
    let Some((kind, what)) = told(verdict, event, open, mark.is_some(), zone) else {
        return Ok(None);
    };
    let who = known.as_ref().map_or_else(
        || "A visit that is not known here".to_owned(),
        |known| {
            let a = &known.appointment;
            format!(
                "{} with {}, {}",
                a.customer_name,
                a.doctor_name,
                said(a.visit, zone)
            )
        },
    );
    Ok(Some(Difference {
        calendar: changes.calendar.clone(),
        kind,
        appointment: Some(id),
        event: Some(event.id.clone()),
        sentence: format!("{who}: {what}."),
    }))
}

/// The kind of a difference and its words; none where there is none.
fn told(
    verdict: Verdict,
    event: &Event,
    open: bool,
    ours: bool,
    zone: chrono_tz::Tz,
) -> Option<(DifferenceKind, String)> {
    Some(match verdict {
        Verdict::Gone | Verdict::CalledOffElsewhere => (
            DifferenceKind::NoEvent,
            "its event is not in the calendar".to_owned(),
        ),
        Verdict::Adopt => (
            DifferenceKind::NoVisit,
            "the calendar has it, as booked or changed at another desk".to_owned(),
        ),
        Verdict::MovedByPerson(to) | Verdict::MovedByDesk(to) => (
            DifferenceKind::OtherTime,
            format!("in the calendar it is {}", said(to, zone)),
        ),
        Verdict::Back(at) => (
            DifferenceKind::StillThere,
            format!("called off here, and in the calendar {}", said(at, zone)),
        ),
        Verdict::Renew | Verdict::Returned => (
            DifferenceKind::Changed,
            "its event was edited in the calendar, at the same time".to_owned(),
        ),
        Verdict::Spoilt(how) => (DifferenceKind::Changed, how.sentence().to_owned()),
        Verdict::Strange => (
            DifferenceKind::Changed,
            "its event does not bear the clinic's mark any more".to_owned(),
        ),
        Verdict::Leave if ours && !open && event.status == EventStatus::Tentative => (
            DifferenceKind::Leftover,
            "a claim stands in the calendar that nobody works on".to_owned(),
        ),
        Verdict::Leave | Verdict::LookAgain => return None,
    })
}

/// People's entries that are not known as they are.
fn entries(
    records: &impl Records,
    changes: &Changes,
    rules: &SyncRules,
    zone: chrono_tz::Tz,
) -> Result<Vec<Difference>, StoreError> {
    let mut out = Vec::new();
    let mut there = BTreeMap::new();
    for event in &changes.events {
        if let Some(row) = Remote::of(event, &changes.calendar, changes.zone, rules) {
            there.insert(row.event.clone(), row);
        }
    }
    let mut tell = |row: &Remote, what: &str| {
        out.push(Difference {
            calendar: changes.calendar.clone(),
            kind: DifferenceKind::Entry,
            appointment: None,
            event: Some(row.event.clone()),
            sentence: sentence(&format!(
                "{} {}, {what}",
                row.say(zone),
                said(row.time, zone)
            )),
        });
    };
    for row in there.values().filter(|row| row.is_persons()) {
        match records.remote(&changes.calendar, &row.event)? {
            None => tell(row, "is not known here"),
            Some(known) if known.time != row.time || known.reason != row.reason => {
                tell(row, "is known here otherwise");
            }
            Some(_) => {}
        }
    }
    let Some(since) = changes.whole_since else {
        return Ok(out);
    };
    let whole = Interval::new(since, since + chrono::Duration::days(20_000));
    let Ok(whole) = whole else { return Ok(out) };
    for row in records.remotes(std::slice::from_ref(&changes.calendar), whole)? {
        if row.is_persons() && !there.contains_key(&row.event) {
            tell(&row, "is not in the calendar any more");
        }
    }
    Ok(out)
}

/// "Tue 24 Nov 10:30".
fn said(at: Interval, zone: chrono_tz::Tz) -> String {
    let day = at.start().with_timezone(&zone).format("%a %-d %b");
    format!("{day} {}", say_time(at.start(), zone))
}
