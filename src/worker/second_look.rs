//! Looks again, for some minutes, at times that were settled a moment ago, and puts right what it finds.

use super::engine::{Engine, system};
use crate::domain::appointment::Appointment;
use crate::flow::second_look::{Seen, Standing, Subject};
use crate::port::calendar::{Calendar, CalendarError};
use crate::port::clock::{Clock, Ids};
use crate::port::store::{Found, Looks, SecondLook, Store, StoreError};

/// Looks made in one round.
const AT_ONCE: usize = 20;

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// Looks again at what is due, or at everything that is still to be looked at; answers with how many
    /// visits changed. A look that Google does not answer is made again a little later.
    pub async fn look_again_at(&self, which: Looks) -> Result<usize, StoreError> {
        let now = self.now();
        if which == Looks::Due {
            // most rounds have nothing to do, and a write for nothing would keep others waiting
            let due = self.store(|store| store.next_due()).await?;
            if due.is_none_or(|due| due > now) {
                return Ok(0);
            }
        }
        let looks = self
            .store(move |store| store.take_looks(now, which, AT_ONCE))
            .await?;
        let mut changed = 0;
        for look in looks {
            changed += usize::from(self.second_look(look, which).await?);
        }
        Ok(changed)
    }

    async fn second_look(&self, look: SecondLook, which: Looks) -> Result<bool, StoreError> {
        let _turn = self.turn(&look.appointment.appointment_id).await;
        match self.find(&look, which).await {
            Ok(found) => {
                let stamp = self.stamp(&system());
                self.store(move |store| store.record_look(&stamp, &look, found.as_ref()))
                    .await
            }
            Err(Unanswered::Calendar(error)) => {
                tracing::info!(%error, "a second look was not answered");
                Ok(false)
            }
            Err(Unanswered::Store(error)) => Err(error),
        }
    }

    async fn find(&self, look: &SecondLook, which: Looks) -> Result<Option<Found>, Unanswered> {
        let appointment = &look.appointment;
        let calendar = &appointment.google_calendar_id;
        let database = self.store(|store| store.database_id()).await?;
        let subject = Subject {
            appointment,
            settled: look.settled,
            clinic: &self.settings().clinic,
            database: &database,
        };
        let window = subject.window();
        if which == Looks::Due
            && let Err(held) = self.may_ask(std::slice::from_ref(calendar))
        {
            return Err(CalendarError::NoAnswer(held.words(self.now())).into());
        }
        let listed = self.inner.calendar.list(calendar, window).await;
        self.heard(std::slice::from_ref(calendar), listed.as_ref().err());
        let listed = listed?;
        let (events, zone) = (listed.value.events, listed.value.zone);
        let Seen {
            own_is_missing,
            in_the_way,
            leftover,
        } = subject.judge(&events, zone, listed.server_time);
        if let Some((event, etag)) = leftover {
            match self.inner.calendar.delete(calendar, &event, &etag).await {
                Ok(())
                | Err(CalendarError::Gone | CalendarError::NotFound | CalendarError::Stale) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.met(calendar, window, &events, listed.server_time, &database)
            .await;
        if own_is_missing {
            let standing = self.standing(&subject, appointment).await?;
            return Ok(match standing {
                Standing::AsKnown => in_the_way.map(Found::InTheWay),
                Standing::MovedByDesk { etag, visit, rev } => {
                    Some(Found::MovedByDesk { etag, visit, rev })
                }
                Standing::MovedByPerson { etag, visit } => {
                    Some(Found::MovedByPerson { etag, visit })
                }
                Standing::Gone => Some(Found::Gone),
                Standing::Strange => Some(Found::Strange),
            });
        }
        Ok(in_the_way.map(Found::InTheWay))
    }

    async fn standing(
        &self,
        subject: &Subject<'_>,
        appointment: &Appointment,
    ) -> Result<Standing, Unanswered> {
        let calendar = &appointment.google_calendar_id;
        let Some(event) = &appointment.google_event_id else {
            return Ok(Standing::AsKnown);
        };
        match self.inner.calendar.get(calendar, event).await {
            Ok(read) => Ok(subject.standing(Some(&read.value))),
            Err(CalendarError::Gone) => Ok(Standing::Gone),
            Err(CalendarError::NotFound) => {
                // gone counts only if the calendar itself still answers
                self.inner.calendar.answers(calendar).await?;
                Ok(Standing::Gone)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Why a look came to nothing.
enum Unanswered {
    Calendar(CalendarError),
    Store(StoreError),
}

impl From<CalendarError> for Unanswered {
    fn from(error: CalendarError) -> Self {
        Self::Calendar(error)
    }
}

impl From<StoreError> for Unanswered {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
