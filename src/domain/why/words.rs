//! What stands in the way of a time, in sentences: the same ones on the screens, in refusals and on the command
//! line.

use super::{CalendarEntry, Why};
use crate::domain::blocks::Reason;
use crate::domain::dates::{say_day, say_span, say_time};
use crate::domain::doctor::Doctor;
use crate::domain::time::{Interval, Moment};
use chrono::{Duration, NaiveDate, NaiveTime};
use chrono_tz::Tz;

/// Whom and when sentences are about.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// Whose time.
    pub doctor: &'a Doctor,
    /// The clinic's zone: times are said in it.
    pub zone: Tz,
    /// Today in that zone.
    pub today: NaiveDate,
}

impl Words<'_> {
    /// One or two sentences.
    pub fn say(&self, why: &Why) -> String {
        let name = &self.doctor.doctor_name;
        match why {
            Why::Past => "This time has gone by.".to_owned(),
            Why::Beyond { days } => format!(
                "This is further away than the {days} days that the calendar of {name} is read ahead."
            ),
            Why::OutsideHours { hours, opens } => self.outside(hours, *opens),
            Why::TooLong { closes, minutes } => format!(
                "The hours of {name} end at {}: {minutes} minutes from here do not fit.",
                say_time(*closes, self.zone)
            ),
            Why::BufferOf {
                customer,
                time,
                minutes,
                after,
            } => format!(
                "{} {} kept free {} the visit of {customer} ({}).",
                plural(*minutes),
                if *minutes == 1 { "is" } else { "are" },
                if *after { "after" } else { "before" },
                say_span(time, self.zone)
            ),
            Why::OwnBuffer { minutes, after, of } => {
                let side = if *after { "after" } else { "before" };
                format!(
                    "The {} to be kept free {side} this visit would not be: {}.",
                    plural(*minutes),
                    self.clause(of)
                )
            }
            Why::Unread { since, error } => self.unread(*since, error.as_deref()),
            Why::Visit { .. }
            | Why::InMove { .. }
            | Why::Event { .. }
            | Why::BusyUnnamed { .. } => {
                let clause = self.clause(why);
                let mut chars = clause.chars();
                let first: String = chars
                    .next()
                    .map(char::to_uppercase)
                    .into_iter()
                    .flatten()
                    .collect();
                format!("{first}{}.", chars.as_str())
            }
        }
    }

    /// All of them, one after the other.
    pub fn say_all(&self, whys: &[Why]) -> String {
        let said: Vec<String> = whys.iter().map(|why| self.say(why)).collect();
        said.join(" ")
    }

    /// What is to be known of an entry of whole days that its owner has marked free.
    pub fn marked_free(entry: &CalendarEntry) -> String {
        if entry.title.is_empty() {
            "Marked free all day: an entry of the calendar’s owner.".to_owned()
        } else {
            format!("Marked free all day: {}.", entry.title)
        }
    }

    /// Without its full stop, so that it can stand in another sentence.
    fn clause(&self, why: &Why) -> String {
        let name = &self.doctor.doctor_name;
        match why {
            Why::Visit { customer, time } => {
                format!("{customer} is booked {}", say_span(time, self.zone))
            }
            Why::InMove { customer, time } => format!(
                "the visit of {customer} is just being moved to {}",
                say_span(time, self.zone)
            ),
            Why::Event {
                reason,
                title,
                time,
                all_day,
            } => {
                let what = self.event(*reason, *time, *all_day, title.is_some());
                // an entry of ours bears the customer's name, which the visit itself says
                let title = title.as_ref().filter(|_| !is_ours(*reason));
                match title {
                    Some(title) => format!("{what}: {title}"),
                    None => what,
                }
            }
            Why::BusyUnnamed { time } => format!(
                "taken in the calendar of {name}, {}",
                self.span(*time, false)
            ),
            other => {
                let sentence = self.say(other);
                sentence.trim_end_matches('.').to_owned()
            }
        }
    }

    fn event(&self, reason: Reason, time: Interval, all_day: bool, titled: bool) -> String {
        let name = &self.doctor.doctor_name;
        let span = self.span(time, all_day);
        match reason {
            Reason::OutOfOffice if all_day => format!("{name} is out of office {span}"),
            Reason::OutOfOffice => format!("{name} is out of office until {}", self.until(time)),
            Reason::FocusTime => format!("{name} has focus time, {span}"),
            Reason::AllDay => format!("taken in the calendar of {name} {span}"),
            Reason::Private if titled => format!("taken in the calendar of {name}, {span}"),
            Reason::Private => {
                format!("taken in the calendar of {name} by a private entry, {span}")
            }
            Reason::Visit => format!(
                "taken in the calendar of {name} by a visit that this desk does not know there, {span}"
            ),
            Reason::Claim => format!("another desk is just about to book {span}"),
        }
    }

    fn outside(&self, hours: &[Interval], opens: Option<Moment>) -> String {
        let name = &self.doctor.doctor_name;
        let Some(opens) = opens else {
            return format!("{name} has no hours on any day.");
        };
        let hours: Vec<String> = hours.iter().map(|h| say_span(h, self.zone)).collect();
        let next = || {
            format!(
                "The next begin {} at {}.",
                say_day(self.date(opens), self.today),
                say_time(opens, self.zone)
            )
        };
        match hours.as_slice() {
            [] => format!("{name} has no hours on this day. {}", next()),
            hours => format!(
                "Outside the hours of {name}: {} on this day. {}",
                hours.join(", "),
                next()
            ),
        }
    }

    fn unread(&self, since: Option<Moment>, error: Option<&str>) -> String {
        let whose = format!(
            "The calendar of {} ({})",
            self.doctor.doctor_name, self.doctor.google_calendar_id
        );
        match (since, error) {
            (Some(since), Some(error)) => format!(
                "{whose} could not be read since {}: {}.",
                self.when(since),
                error.trim_end_matches('.')
            ),
            (Some(since), None) => {
                format!("{whose} could not be read since {}.", self.when(since))
            }
            (None, _) => format!("{whose} has not been read yet."),
        }
    }

    fn date(&self, moment: Moment) -> NaiveDate {
        moment.with_timezone(&self.zone).date_naive()
    }

    /// The time, with its day where that is another one than today.
    fn when(&self, moment: Moment) -> String {
        let (date, time) = (self.date(moment), say_time(moment, self.zone));
        if date == self.today {
            time
        } else {
            format!("{}, {time}", say_day(date, self.today))
        }
    }

    /// The end of something, with its day where that is another one than that of its start.
    fn until(&self, time: Interval) -> String {
        let end = say_time(time.end(), self.zone);
        if self.date(time.start()) == self.date(time.end()) {
            end
        } else {
            format!("{} {end}", say_day(self.date(time.end()), self.today))
        }
    }

    /// `10:00–10:45`, `all day`, `all day from Mon 23 Nov to Wed 25 Nov`.
    fn span(&self, time: Interval, all_day: bool) -> String {
        let last = time.end() - Duration::nanoseconds(1);
        let (first, last) = (self.date(time.start()), self.date(last));
        let day = |date| say_day(date, self.today);
        match (all_day, first == last) {
            (true, true) => "all day".to_owned(),
            (true, false) => format!("all day from {} to {}", day(first), day(last)),
            (false, true) => say_span(&time, self.zone),
            (false, false) => {
                let end = time.end().with_timezone(&self.zone);
                let end = if end.time() == NaiveTime::MIN {
                    "24:00".to_owned()
                } else {
                    say_time(time.end(), self.zone)
                };
                let start = say_time(time.start(), self.zone);
                format!("from {} {start} to {} {end}", day(first), day(last))
            }
        }
    }
}

fn is_ours(reason: Reason) -> bool {
    matches!(reason, Reason::Visit | Reason::Claim)
}

fn plural(minutes: u16) -> String {
    match minutes {
        1 => "1 minute".to_owned(),
        many => format!("{many} minutes"),
    }
}
