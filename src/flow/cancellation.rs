//! Calls a visit off: DELETE under the etag; the record stays. What a person changed meanwhile is
//! asked about, never deleted.

use super::operation::{Cause, Settlement};
use super::step::{Call, Fact, Phase, Step};
use crate::domain::event::{Event, EventDraft, EventStatus, EventTimes};
use crate::domain::id::{AppointmentId, ClinicId, Etag, EventId};
use crate::domain::time::Interval;
use serde::{Deserialize, Serialize};

/// A cancellation and how far it has come. Every step is safe to repeat, so there is no point to keep:
/// taken up again, it begins anew with what stands in Google.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// The event to remove.
    pub event: EventId,
    /// Its version as we know it; none: read it first.
    pub etag: Option<Etag>,
    /// Its times as we know them.
    pub visit: Interval,
    /// How often we changed it, as we know it.
    pub rev: u32,
    /// Whose event it must be.
    pub appointment: AppointmentId,
    /// Of which clinic.
    pub clinic: ClinicId,
    /// The desk has seen that a person changed it, and still wants it gone.
    pub despite_changes: bool,
    /// The event of a booking that was never answered: its insert may still be on its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unanswered: Option<Box<EventDraft>>,
    at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum At {
    Intended,
    Reading,
    /// Inserting what may be on its way, so that its id is used up.
    Taking,
    Deleting,
}

impl Cancellation {
    /// A cancellation that has not begun.
    pub fn new(
        event: EventId,
        etag: Option<Etag>,
        visit: Interval,
        rev: u32,
        appointment: AppointmentId,
        clinic: ClinicId,
        despite_changes: bool,
    ) -> Self {
        Self {
            event,
            etag,
            visit,
            rev,
            appointment,
            clinic,
            despite_changes,
            unanswered: None,
            at: At::Intended,
        }
    }

    /// Of a booking that has not ended. That its event is not there says nothing: the insert may still
    /// land, and the event would stand for nobody. So its id is used up first.
    #[must_use]
    pub fn of_unanswered(mut self, mut draft: EventDraft) -> Self {
        draft.status = EventStatus::Tentative;
        self.event = draft.id.clone();
        self.unanswered = Some(Box::new(draft));
        self
    }

    /// What becomes known, and what to do about it.
    #[must_use]
    pub fn step(mut self, fact: Fact) -> (Self, Vec<Step>) {
        let steps = self.on(fact);
        (self, steps)
    }

    fn on(&mut self, fact: Fact) -> Vec<Step> {
        match (self.at, fact) {
            (_, Fact::NoAnswer(why)) => vec![Step::PutOff(why)],
            (_, Fact::Refused(why)) => vec![Step::Settle(Settlement::Repair {
                cause: Cause::RefusedByGoogle,
                detail: format!("The event could not be removed from the calendar: {why}"),
            })],
            (_, Fact::Begun | Fact::Resumed) => match self.etag.clone() {
                Some(etag) if !self.despite_changes => {
                    let mut steps = vec![Step::Tell(Phase::Removing)];
                    steps.extend(self.delete(etag));
                    steps
                }
                _ => self.read(),
            },
            (At::Deleting, Fact::Deleted) | (_, Fact::Gone) => {
                vec![Step::Settle(Settlement::Cancelled)]
            }
            (_, Fact::Missing) => match self.unanswered.clone() {
                Some(draft) => {
                    self.at = At::Taking;
                    vec![Step::Call(Call::Insert(draft))]
                }
                None => vec![Step::Settle(Settlement::Cancelled)],
            },
            (At::Reading | At::Taking, Fact::Event(event)) => self.table(&event),
            _ => self.read(),
        }
    }

    fn read(&mut self) -> Vec<Step> {
        self.at = At::Reading;
        vec![Step::Call(Call::Get(self.event.clone()))]
    }

    fn delete(&mut self, etag: Etag) -> Vec<Step> {
        self.at = At::Deleting;
        vec![Step::Call(Call::Delete(self.event.clone(), etag))]
    }

    fn table(&mut self, event: &Event) -> Vec<Step> {
        if event.status == EventStatus::Cancelled {
            return vec![Step::Settle(Settlement::Cancelled)];
        }
        let Some(mark) = event
            .mark
            .as_ref()
            .filter(|mark| mark.clinic == self.clinic && mark.appointment == self.appointment)
        else {
            return vec![Step::Settle(Settlement::Repair {
                cause: Cause::StrangersEvent,
                detail: "The event under this visit's id is not ours any more; it was left alone"
                    .to_owned(),
            })];
        };
        let same = event.times == Some(EventTimes::Timed(self.visit)) && mark.rev == self.rev;
        match event.etag.clone() {
            Some(etag) if same || self.despite_changes => {
                // From here on only what has been seen now is deleted; a further change asks again.
                self.rev = mark.rev;
                if let Some(EventTimes::Timed(visit)) = event.times {
                    self.visit = visit;
                }
                self.etag = Some(etag.clone());
                self.delete(etag)
            }
            _ => vec![Step::Settle(Settlement::Repair {
                cause: Cause::ChangedInGoogle,
                detail: "Somebody moved or changed the event in Google Calendar, so it was not removed. \
                         Cancel again to remove it all the same"
                    .to_owned(),
            })],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::booking::tests::{at, draft, event_of};
    use super::*;

    fn begun() -> Cancellation {
        let draft = draft();
        Cancellation::new(
            draft.id.clone(),
            Some("\"1\"".into()),
            draft.visit,
            0,
            draft.mark.appointment.clone(),
            draft.mark.clinic.clone(),
            false,
        )
    }

    #[test]
    fn an_unchanged_event_is_deleted_under_its_etag() {
        let (flow, steps) = begun().step(Fact::Begun);
        let delete = Step::Call(Call::Delete(flow.event.clone(), "\"1\"".into()));
        assert_eq!(steps.last(), Some(&delete));
        assert_eq!(
            flow.step(Fact::Deleted).1,
            [Step::Settle(Settlement::Cancelled)]
        );
    }

    #[test]
    fn what_is_gone_already_is_done() {
        for fact in [Fact::Missing, Fact::Gone] {
            let (flow, _) = begun().step(Fact::Begun);
            assert_eq!(flow.step(fact).1, [Step::Settle(Settlement::Cancelled)]);
        }
    }

    #[test]
    fn an_insert_that_may_still_land_is_met_before_it_is_called_off() {
        let (flow, _) = Cancellation {
            etag: None,
            ..begun()
        }
        .of_unanswered(draft())
        .step(Fact::Begun);
        let (flow, steps) = flow.step(Fact::Missing);
        let taken = EventDraft {
            status: EventStatus::Tentative,
            ..draft()
        };
        assert_eq!(steps, [Step::Call(Call::Insert(Box::new(taken)))]);
        // it landed just now
        let (late, steps) = flow.clone().step(Fact::Duplicate);
        assert_eq!(steps, [Step::Call(Call::Get(late.event.clone()))]);
        let stands = event_of(&draft(), EventStatus::Tentative, "\"7\"");
        for (flow, event) in [(flow, stands.clone()), (late, stands)] {
            let (flow, steps) = flow.step(Fact::Event(Box::new(event)));
            let delete = Step::Call(Call::Delete(flow.event.clone(), "\"7\"".into()));
            assert_eq!(steps, [delete]);
            assert_eq!(
                flow.step(Fact::Deleted).1,
                [Step::Settle(Settlement::Cancelled)]
            );
        }
    }

    #[test]
    fn a_title_edited_by_a_person_does_not_stop_it_but_a_move_asks() {
        let (flow, _) = begun().step(Fact::Begun);
        let (flow, steps) = flow.step(Fact::Stale);
        assert_eq!(steps, [Step::Call(Call::Get(flow.event.clone()))]);
        let mut edited = event_of(&draft(), EventStatus::Confirmed, "\"2\"");
        edited.summary = "Call her first".into();
        let (_, steps) = flow.clone().step(Fact::Event(Box::new(edited.clone())));
        assert_eq!(
            steps,
            [Step::Call(Call::Delete(flow.event.clone(), "\"2\"".into()))]
        );
        edited.times = Some(EventTimes::Timed(Interval::lasting(at(500), 30)));
        let (_, steps) = flow.step(Fact::Event(Box::new(edited)));
        assert!(matches!(
            steps.as_slice(),
            [Step::Settle(Settlement::Repair {
                cause: Cause::ChangedInGoogle,
                ..
            })]
        ));
    }

    #[test]
    fn no_answer_puts_it_off_and_nothing_is_given_up() {
        let (flow, _) = begun().step(Fact::Begun);
        let (flow, steps) = flow.step(Fact::NoAnswer("time-out".into()));
        assert_eq!(steps, [Step::PutOff("time-out".into())]);
        let (_, steps) = flow.step(Fact::Resumed);
        assert!(matches!(steps.last(), Some(Step::Call(Call::Delete(..)))));
    }
}
