//! What a desk is told when a time is not to be had: why, and which other times are free instead.

use super::engine::Engine;
use super::refusals::sentence;
use crate::domain::doctor::Doctor;
use crate::domain::id::AppointmentId;
use crate::domain::service::{Buffers, MOST_VISIT_MINUTES};
use crate::domain::time::{Interval, day};
use crate::domain::why::{Why, Words};
use crate::flow::operation::Because;
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Code, Refusal};
use crate::port::store::{Store, StoreError};

/// How many other slots are offered when one was lost.
const OFFERED: usize = 3;

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// A booking or a move that came to nothing. `stays` says where a visit stands that was to be moved.
    pub(super) async fn refused(
        &self,
        doctor: &Doctor,
        (visit, buffers): (Interval, Buffers),
        because: Because,
        why: &str,
        stays: Option<&str>,
    ) -> Refusal {
        let what = self.say(doctor, visit);
        let (code, message) = match because {
            Because::SlotTaken => (Code::NotAvailable, format!("{what} is taken: {why}")),
            Because::CalendarRefused => {
                (Code::NotAvailable, format!("{what} was not booked: {why}"))
            }
            Because::NoAnswer => (
                Code::NoAnswer,
                format!("{what} could not be checked: {why}"),
            ),
        };
        let message = match stays {
            Some(stays) => format!("{} {stays}", sentence(&message)),
            None => sentence(&message),
        };
        let mut refusal = Refusal::new(code, message);
        if because == Because::SlotTaken {
            self.look_again(doctor, visit).await;
            refusal.nearest = self.nearest(doctor, visit, buffers).await;
        }
        refusal
    }

    /// Journals an intent. A visit of another desk that stands in the way is asked about first: it may be
    /// called off since.
    pub(super) async fn begin<T, F>(&self, begin: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&mut S) -> Result<T, StoreError> + Clone + Send + 'static,
    {
        let first = self.store(begin.clone()).await;
        match first {
            Err(StoreError::Overlap(other)) if self.ask_elsewhere(&other).await? => {
                self.store(begin).await
            }
            first => first,
        }
    }

    /// A refusal by our own records in the words of the screens, with other slots; the calendar is read for them
    /// where the mirror does not know it. `besides` is the visit that was to be moved.
    pub(super) async fn not_begun(
        &self,
        error: StoreError,
        doctor: &Doctor,
        visit: Interval,
        buffers: Buffers,
        besides: Option<&AppointmentId>,
    ) -> Refusal {
        let mut refusal = Refusal::from(error);
        if refusal.code == Code::NotAvailable {
            let whys = self.in_the_way(doctor, visit, buffers, besides).await;
            if !whys.is_empty() {
                refusal.message = self.not_available(doctor, visit, &whys);
            }
            refusal.nearest = self.nearest(doctor, visit, buffers).await;
            if refusal.nearest.is_empty() {
                self.look_again(doctor, visit).await;
                refusal.nearest = self.nearest(doctor, visit, buffers).await;
            }
        }
        refusal
    }

    /// Which time is not to be had, and why, in words.
    pub(super) fn not_available(&self, doctor: &Doctor, visit: Interval, whys: &[Why]) -> String {
        let zone = self.settings().zone;
        let words = Words {
            doctor,
            zone,
            today: self.now().with_timezone(&zone).date_naive(),
        };
        let what = self.say(doctor, visit);
        format!("{what} is not available. {}", words.say_all(whys))
    }

    /// What the desk's own records know to be in the way. That a calendar was not read is none of it.
    async fn in_the_way(
        &self,
        doctor: &Doctor,
        visit: Interval,
        buffers: Buffers,
        besides: Option<&AppointmentId>,
    ) -> Vec<Why> {
        let (settings, now, doctor) = (self.settings().clone(), self.now(), doctor.clone());
        let besides = besides.cloned();
        let whys = self
            .store(move |store| {
                let wanted = (visit, buffers);
                super::answers::obstacles(store, &settings, now, &doctor, wanted, besides.as_ref())
            })
            .await;
        let mut whys = whys.unwrap_or_default();
        whys.retain(|why| !why.is_doubt());
        whys
    }

    /// The mirror was wrong about this day: read it once more, so that what is offered instead is free.
    async fn look_again(&self, doctor: &Doctor, visit: Interval) {
        let zone = self.settings().zone;
        let date = visit.start().with_timezone(&zone).date_naive();
        let calendars = [doctor.google_calendar_id.clone()];
        if let Err(error) = self.read_calendars(&calendars, day(zone, date)).await {
            tracing::warn!(%error, "the calendar could not be read again");
        }
    }

    async fn nearest(&self, doctor: &Doctor, visit: Interval, buffers: Buffers) -> Vec<Interval> {
        let (settings, now, doctor) = (self.settings().clone(), self.now(), doctor.clone());
        let minutes = u32::try_from(visit.minutes()).unwrap_or(MOST_VISIT_MINUTES);
        self.store(move |store| {
            super::answers::nearest(
                store,
                &settings,
                now,
                &doctor,
                visit.start(),
                (minutes, buffers),
                OFFERED,
            )
        })
        .await
        .unwrap_or_default()
    }
}
