//! What a list says about an act: who else stands in its way. The one judgement that all lists go by.

use crate::calendar::{Calendar, Event, Id, Status};
use crate::case::{Case, Mutant, Shape, WIDENED};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// A visit or a person's entry; or a placeholder that is older than a lease.
    pub taken: bool,
    /// A claim whose lease is over, and its etag.
    pub over: Option<(Id, u8)>,
    /// A live claim with a lower id.
    pub yields: bool,
    /// A live claim with a higher id, or somebody's placeholder.
    pub waits: bool,
}

impl Verdict {
    pub fn free(self) -> bool {
        self == Self::default()
    }
}

/// Whose list it is.
#[derive(Clone, Copy, Debug)]
pub struct Looker {
    pub own: Id,
    pub wanted: Shape,
    /// The visit that is being moved: it does not count against its own move.
    pub original: Option<Id>,
}

/// Judges a list, holding the lease of one event to be over.
pub fn judge(case: &Case, looker: Looker, list: &Calendar, over: Option<Id>) -> Verdict {
    let widened = if case.lacks(Mutant::NotWidened) {
        0
    } else {
        WIDENED
    };
    let mut verdict = Verdict::default();
    for (id, event) in (0..).zip(list) {
        if !event.live() || id == looker.own || looker.original == Some(id) {
            continue;
        }
        let shape = case.shape(id, event.at);
        if looker.wanted.lists(shape, widened) && looker.wanted.conflicts(shape) {
            count(&mut verdict, case, looker, (id, event), over == Some(id));
        }
    }
    verdict
}

fn count(
    verdict: &mut Verdict,
    case: &Case,
    looker: Looker,
    (id, event): (Id, &Event),
    over: bool,
) {
    match (event.status, case.is_placeholder(id)) {
        (Status::Tentative, true) if case.lacks(Mutant::PlaceholderNeverYields) => {
            verdict.waits = true;
        }
        (Status::Tentative, _) if over => verdict.over = verdict.over.or(Some((id, event.etag))),
        (Status::Tentative, _) if id < looker.own => verdict.yields = true,
        (Status::Tentative, _) => verdict.waits = true,
        (_, true) if !over => verdict.waits = true,
        (_, _) => verdict.taken = true,
    }
}
