use super::super::booking::tests::{at, draft};
use super::*;

#[test]
fn placeholder() {
    let _ = (at(0), draft());
}
