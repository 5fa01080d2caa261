//! Free slots: 60 days of a doctor, 1,000 busy blocks, some 2,000 candidates. The claim is 50 µs, and that it
//! grows with the blocks and the slots together, never with their product.
#![allow(clippy::unwrap_used, missing_docs)]

use chrono::{DateTime, Duration};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use frontdesk::domain::service::Buffers;
use frontdesk::domain::slots::{Wanted, free_slots};
use frontdesk::domain::time::{Interval, Moment};
use std::hint::black_box;

fn day(number: i64, minute: i64) -> Moment {
    let first = DateTime::from_timestamp(1_800_000_000 - 1_800_000_000 % 86_400, 0).unwrap();
    first + Duration::days(number) + Duration::minutes(minute)
}

fn slots(c: &mut Criterion) {
    let mut group = c.benchmark_group("free slots, 15 minutes apart");
    for days in [15_i64, 60, 240] {
        // 08:00 to 16:30: 34 candidates a day, 2,040 in 60 days
        let open: Vec<Interval> = (0..days)
            .map(|d| Interval::new(day(d, 480), day(d, 990)).unwrap())
            .collect();
        let blocks = days * 1_000 / 60;
        let busy: Vec<Interval> = (0..blocks)
            .map(|n| Interval::lasting(day(n * 60 / 1_000, 480 + (n * 37) % 500), 5))
            .collect();
        let mut busy = busy;
        busy.sort_unstable();
        let wanted = Wanted {
            minutes: 15,
            buffers: Buffers::new(5, 5).unwrap(),
            step: 15,
            not_before: day(0, 0),
        };
        let found = free_slots(&open, &busy, &[], wanted).len();
        assert!(
            found > 30,
            "hardly anything is free ({found}): not the case that is claimed"
        );
        group.bench_function(BenchmarkId::new("days", days), |b| {
            b.iter(|| free_slots(black_box(&open), black_box(&busy), &[], wanted));
        });
    }
    group.finish();
}

criterion_group!(benches, slots);
criterion_main!(benches);
