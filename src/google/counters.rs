//! Counts requests, so that command line and benches can say what a booking costs.

use std::sync::atomic::{AtomicU64, Ordering};

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// freeBusy.
    FreeBusy,
    /// One page of events.
    List,
    /// One page of what a calendar holds, or of what has changed in it.
    Changes,
    /// One event.
    Get,
    /// Insert.
    Insert,
    /// PATCH `status=confirmed` under an etag.
    Confirm,
    /// PATCH of the times under an etag.
    Reschedule,
    /// DELETE under an etag.
    Delete,
    /// Whether a calendar answers.
    Answers,
    /// Opening a watch channel.
    Watch,
    /// Stopping one.
    Unwatch,
}

impl Route {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::FreeBusy,
        Self::List,
        Self::Changes,
        Self::Get,
        Self::Insert,
        Self::Confirm,
        Self::Reschedule,
        Self::Delete,
        Self::Answers,
        Self::Watch,
        Self::Unwatch,
    ];

    /// One word for logs and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::FreeBusy => "freeBusy",
            Self::List => "events.list",
            Self::Changes => "events.changes",
            Self::Get => "events.get",
            Self::Insert => "events.insert",
            Self::Confirm => "events.confirm",
            Self::Reschedule => "events.reschedule",
            Self::Delete => "events.delete",
            Self::Answers => "events.answers",
            Self::Watch => "events.watch",
            Self::Unwatch => "channels.stop",
        }
    }

    /// The HTTP method.
    pub(super) fn method(self) -> &'static str {
        match self {
            Self::FreeBusy | Self::Insert | Self::Watch | Self::Unwatch => "POST",
            Self::List | Self::Changes | Self::Get | Self::Answers => "GET",
            Self::Confirm | Self::Reschedule => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// How many requests were begun, whatever became of them.
#[derive(Debug, Default)]
pub struct Counters {
    free_busy: AtomicU64,
    list: AtomicU64,
    changes: AtomicU64,
    get: AtomicU64,
    insert: AtomicU64,
    confirm: AtomicU64,
    reschedule: AtomicU64,
    delete: AtomicU64,
    answers: AtomicU64,
    watch: AtomicU64,
    unwatch: AtomicU64,
}

impl Counters {
    /// Requests of one kind.
    pub fn of(&self, route: Route) -> u64 {
        self.counter(route).load(Ordering::Relaxed)
    }

    /// Requests of every kind.
    pub fn total(&self) -> u64 {
        Route::ALL.iter().map(|route| self.of(*route)).sum()
    }

    pub(super) fn count(&self, route: Route) {
        self.counter(route).fetch_add(1, Ordering::Relaxed);
    }

    fn counter(&self, route: Route) -> &AtomicU64 {
        match route {
            Route::FreeBusy => &self.free_busy,
            Route::List => &self.list,
            Route::Changes => &self.changes,
            Route::Get => &self.get,
            Route::Insert => &self.insert,
            Route::Confirm => &self.confirm,
            Route::Reschedule => &self.reschedule,
            Route::Delete => &self.delete,
            Route::Answers => &self.answers,
            Route::Watch => &self.watch,
            Route::Unwatch => &self.unwatch,
        }
    }
}
