//! The cases.

use crate::case::{Act, Case, Desk, Mode, visit};

pub fn all() -> Vec<Case> {
    let two = [Act::Book(visit(0, 2)), Act::Book(visit(1, 2))];
    let buffered = [
        Act::Book(visit(1, 1).buffered(0, 1)),
        Act::Book(visit(2, 1)),
    ];
    let onto = |to: i8, shape| [Act::Move(0, to), Act::Book(shape)];
    vec![
        Case::of("two bookings", &[], &two).with(|c| c.crashes = 2),
        Case::of("two bookings, three attempts", &[], &two).with(|c| c.attempts = 3),
        Case::of("buffers", &[], &buffered),
        Case::of("entry", &[], &two).with(|c| { c.entry = Some(visit(2, 1)); c.crashes = 1;}),
        Case::of("touches", &[], &two).with(|c| c.touches = 1),
        Case::of("no leases", &[], &two).with(|c| c.leases = false),
        Case::of("lag 2", &[], &two).with(|c| {c.lag = 2; c.crashes = 0; c.delays = 0; }),
        Case::of("lag 2c", &[], &two).with(|c| {c.lag = 2; c.delays = 0; }),
        Case::of("move then booking", &[visit(0, 2)], &onto(1, visit(2, 1))),
        Case::of("booking then move", &[visit(0, 2)], &[Act::Book(visit(2,1)), Act::Move(0, 1)]),
        Case::of("booking old place", &[visit(0, 2)], &onto(1, visit(0, 1))),
        Case::of("move repaired", &[visit(0, 1)], &onto(1, visit(1, 1))).with(|c| c.repairs = 1),
        Case::of("two moves of one", &[visit(0, 1)], &[Act::Move(0, 1), Act::Move(0, 2)]),
        Case::of("two moves of one to one", &[visit(0, 1)], &[Act::Move(0, 1), Act::Move(0, 1)]),
        Case::of("two moves of two", &[visit(0, 1), visit(3,1)], &[Act::Move(0, 1), Act::Move(1, 1)]),
        Case::of("swap", &[visit(0, 1), visit(1,1)], &[Act::Move(0, 1), Act::Move(1, 0)]),
        Case::of("move cancel", &[visit(0, 1)], &[Act::Move(0, 1), Act::Cancel(0)]),
        Case::of("cancel, booking", &[visit(0, 1)], &[Act::Cancel(0), Act::Book(visit(0, 1))]),
        Case::of("there and back", &[visit(0, 1)], &[Act::Move(0, 1), Act::Move(0, 2), Act::Move(0, 0)]).with(|c| {
            c.desks.pop();
            c.desks[1].script = vec![1, 2];
            c.attempts = 1;
        }),
        Case::of("shared bookings", &[], &two).shared().with(|c| { c.entry = Some(visit(1, 1)); c.touches = 1; }),
        Case::of("shared move", &[visit(0, 2)], &onto(1, visit(0, 1))).shared().with(|c| { c.entry = Some(visit(2, 1)); c.touches = 1; }),
        Case::of("shared moves", &[visit(0, 1)], &[Act::Move(0, 1), Act::Move(0, 2)]).shared(),
    ]
}
