//! Compares mirror and calendars without changing either; and lets the journal of a database that was put
//! back from a backup go on afterwards.

use super::engine::{Engine, Tell};
use super::refusals::sentence;
use super::sync::{Cursors, SyncError};
use crate::domain::dates::say_when;
use crate::domain::event::{Event, EventStatus};
use crate::domain::id::{AppointmentId, CalendarId};
use crate::domain::time::Interval;
use crate::flow::reconcile::{Known, Verdict, judge};
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Outcome, Refusal};
use crate::port::report::Progress;
use crate::port::store::{Records, Store, StoreError};
use crate::port::sync::{Changes, Difference, DifferenceKind, ReadFrom, Remote, SyncRules};
use std::collections::BTreeMap;

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// Compares mirror and calendars. What was open in a database that was put back from a backup goes on
    /// afterwards, unless its event was changed since: then a person decides.
    pub(super) async fn check(&self, actor: &Actor, tell: &Tell) -> Result<Outcome, Refusal> {
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
        let changes = self.read_all(calendar, &from, Cursors::LeftAlone).await?;
        let ours = |event: &Event| {
            let mark = event.mark.as_ref();
            mark.filter(|m| m.clinic == self.settings().clinic)
                .map(|m| m.appointment.clone())
        };
        events.extend(
            changes
                .events
                .iter()
                .filter_map(|event| Some((ours(event)?, event.clone()))),
        );
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

    /// Mirror and calendars were compared: what waits in a journal that was put back goes on, but for what was
    /// overtaken meanwhile.
    async fn wake_journal(
        &self,
        actor: &Actor,
        events: &BTreeMap<AppointmentId, Event>,
    ) -> Result<Vec<Difference>, Refusal> {
        // of what is gone anyway there is nothing to be afraid of
        let live = |id: &AppointmentId| {
            let event = events.get(id)?;
            (event.status != EventStatus::Cancelled).then_some(event)
        };
        let unsettled = self.store(|store| store.unsettled()).await?;
        let overtaken: Vec<AppointmentId> = unsettled
            .into_iter()
            .filter_map(|row| row.operation)
            .filter(|operation| {
                let updated = live(&operation.appointment_id).and_then(|event| event.updated);
                updated.is_some_and(|updated| updated > operation.created_at)
            })
            .map(|operation| operation.appointment_id)
            .collect();
        let stamp = self.stamp(actor);
        let laid_down = self
            .store(move |store| store.end_restored(&stamp, &overtaken))
            .await?;
        let told = laid_down.into_iter().map(|(operation, visit)| Difference {
            event: live(&visit.appointment_id).map(|event| event.id.clone()),
            kind: DifferenceKind::OldIntent,
            appointment: Some(visit.appointment_id),
            sentence: format!(
                "A {} of {} was open when the backup was made, and its event was changed since: it was not \
                 carried out and is in repair.",
                operation.flow.kind(),
                visit.customer_name
            ),
            calendar: operation.calendar,
        });
        Ok(told.collect())
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
                say_when(a.visit.start(), zone)
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
            format!("in the calendar it is {}", say_when(to.start(), zone)),
        ),
        Verdict::Back(at) => (
            DifferenceKind::StillThere,
            format!(
                "called off here, and in the calendar {}",
                say_when(at.start(), zone)
            ),
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
                say_when(row.time.start(), zone)
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
