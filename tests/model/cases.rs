//! The worlds that are tried. Cells are numbered from 0; a visit is given by its first cell and its length.

use crate::case::{Act, Case, visit};

/// Two desks want times that overlap by one cell.
pub fn two_bookings() -> Case {
    let acts = [Act::Book(visit(0, 2)), Act::Book(visit(1, 2))];
    Case::of("two bookings", &[], &acts)
}

/// Visits side by side; the first one's buffer reaches into the second. Or the other way round.
pub fn through_a_buffer(first: bool) -> Case {
    let (one, two) = if first {
        (visit(1, 1).buffered(0, 1), visit(2, 1))
    } else {
        (visit(1, 1), visit(2, 1).buffered(1, 0))
    };
    let acts = [Act::Book(one), Act::Book(two)];
    Case::of("bookings that meet in a buffer", &[], &acts)
}

/// A visit moves by less than its length; somebody books a part of its new time.
pub fn move_and_booking() -> Case {
    let acts = [Act::Move(0, 1), Act::Book(visit(2, 1))];
    Case::of("a move and a booking", &[visit(0, 2)], &acts)
}

/// The same, and the booking's claim wins.
pub fn booking_and_move() -> Case {
    let acts = [Act::Book(visit(2, 1)), Act::Move(0, 1)];
    Case::of("a booking and a move", &[visit(0, 2)], &acts)
}

/// The new time is free at once, the old one is wanted by another desk.
pub fn move_and_booking_behind() -> Case {
    let acts = [Act::Move(0, 1), Act::Book(visit(0, 1))];
    Case::of("a move and a booking behind it", &[visit(0, 1)], &acts)
}

/// Two desks move one visit, to times that overlap each other; one of them the old time too.
pub fn two_moves_of_one() -> Case {
    let acts = [Act::Move(0, 1), Act::Move(0, 2)];
    Case::of("two moves of one visit", &[visit(0, 2)], &acts)
}

/// Two desks move one visit to times that have nothing to do with each other.
pub fn two_moves_apart() -> Case {
    let acts = [Act::Move(0, 1), Act::Move(0, 2)];
    Case::of("two moves of one visit, apart", &[visit(0, 1)], &acts)
}

/// Two desks move two visits to the same time, each from its side.
pub fn two_moves_of_two() -> Case {
    let acts = [Act::Move(0, 1), Act::Move(1, 2)];
    Case::of(
        "two moves of two visits",
        &[visit(0, 2), visit(3, 2)],
        &acts,
    )
}

/// One desk moves a visit; another moves it elsewhere and back.
pub fn there_and_back() -> Case {
    let acts = [Act::Move(0, 1), Act::Move(0, 2), Act::Move(0, 0)];
    Case::of("there and back", &[visit(0, 1)], &acts).with(|case| {
        case.desks.pop();
        case.desks[1].script = vec![1, 2];
        case.attempts = 1;
    })
}

/// One desk moves a visit, another one moves it elsewhere, a third books the first one's new time.
pub fn two_moves_and_a_booking() -> Case {
    let acts = [Act::Move(0, 1), Act::Move(0, 2), Act::Book(visit(1, 1))];
    Case::of("two moves and a booking", &[visit(0, 1)], &acts).with(|case| case.attempts = 1)
}

/// One desk moves a visit, the other one calls it off.
pub fn move_and_cancellation() -> Case {
    let acts = [Act::Move(0, 1), Act::Cancel(0)];
    Case::of("a move and a cancellation", &[visit(0, 1)], &acts)
}

/// A visit is called off, and its time is booked anew.
pub fn cancellation_and_booking() -> Case {
    let acts = [Act::Cancel(0), Act::Book(visit(0, 1))];
    Case::of("a cancellation and a booking", &[visit(0, 1)], &acts)
}

/// Three desks, each meeting its neighbour's time, one meeting both.
pub fn three_bookings() -> Case {
    let acts = [
        Act::Book(visit(0, 2)),
        Act::Book(visit(1, 2)),
        Act::Book(visit(2, 2)),
    ];
    Case::of("three bookings", &[], &acts)
}

/// A visit moves by less than its length; two desks want parts of its new time, and each other's.
pub fn move_and_two_bookings() -> Case {
    let acts = [
        Act::Move(0, 2),
        Act::Book(visit(3, 2)),
        Act::Book(visit(4, 1)),
    ];
    Case::of("a move and two bookings", &[visit(0, 3)], &acts)
}

/// A person adds an entry to the middle of it, and may take it away again.
pub fn with_entry(case: Case) -> Case {
    case.with(|case| case.entry = Some(visit(1, 1)))
}

/// One database for all desks: they do not meet each other, only a person.
pub fn shared(case: Case) -> Case {
    let case = with_entry(case.shared());
    case.with(|case| case.touches = 1)
}

/// One crash a desk instead of two.
pub fn fewer(case: Case) -> Case {
    case.with(|case| case.crashes = 1)
}

/// Lists may be two writes old.
pub fn lagging(case: Case) -> Case {
    case.with(|case| case.lag = 2)
}

/// A person clears a placeholder, whether its desk is gone or not.
pub fn repaired(case: Case) -> Case {
    case.with(|case| case.repairs = 1)
}
