//! The screens from outside: keys in, reports in, a screen out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "screens/clinic.rs"]
mod clinic;
#[path = "screens/robot.rs"]
mod robot;

use robot::Robot;

#[test]
fn peek() {
    for (w, h) in [(160, 48), (80, 24), (38, 10)] {
        println!("{}", Robot::at(w, h).screen());
    }
}
