//! The demo's own random numbers: `SplitMix64` (Steele, Lea, Flood 2014), so that the same plan makes
//! the same clinic with every version of every crate. Not for secrets.

use uuid::Uuid;

/// The odd constant of `SplitMix64`.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The stream of something: what is named by other parts has another stream. Anything can so be
    /// made alone, without making what comes before it.
    pub fn of(seed: u64, parts: &[u64]) -> Self {
        let state = parts
            .iter()
            .fold(mix(seed.wrapping_add(GAMMA)), |state, part| {
                mix(state ^ mix(part.wrapping_add(GAMMA)))
            });
        Self(state)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }

    /// A number below `end`; 0 when there is none.
    pub fn below(&mut self, end: u64) -> u64 {
        // the high half of the product: as even as it needs to be here
        let wide = u128::from(self.next()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// A number from `first` to `last`, both possible.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        let span = last.abs_diff(first) + 1;
        first.saturating_add_unsigned(self.below(span))
    }

    /// Whether something happens that happens so often in a hundred.
    pub fn in_hundred(&mut self, often: u64) -> bool {
        self.below(100) < often
    }

    /// One of them; none of none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let at = self.below(from.len() as u64);
        usize::try_from(at).ok().and_then(|at| from.get(at))
    }

    /// One of them, the heavier ones more often; none of none.
    pub fn weighed<T: Copy>(&mut self, from: &[(u64, T)]) -> Option<T> {
        let total = from.iter().map(|(weight, _)| weight).sum();
        let mut left = self.below(total);
        from.iter().find_map(|(weight, what)| {
            if left < *weight {
                return Some(*what);
            }
            left -= weight;
            None
        })
    }

    /// A UUID in the form of version 4.
    pub fn uuid(&mut self) -> Uuid {
        let bits = u128::from(self.next()) << 64 | u128::from(self.next());
        uuid::Builder::from_u128(bits)
            .with_variant(uuid::Variant::RFC4122)
            .with_version(uuid::Version::Random)
            .into_uuid()
    }
}

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        // the first outputs of the reference implementation for the seed 1234567
        let mut random = Random(1_234_567);
        let first: Vec<u64> = std::iter::repeat_with(|| random.next()).take(3).collect();
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn other_parts_have_another_stream() {
        let first = |parts: &[u64]| Random::of(7, parts).next();
        assert_eq!(first(&[1, 2]), first(&[1, 2]));
        assert_ne!(first(&[1, 2]), first(&[2, 1]));
        assert_ne!(first(&[1]), first(&[1, 0]));
    }

    proptest! {
        #[test]
        fn a_number_is_within_its_bounds(seed: u64, first in -99i64..99, more in 0i64..99) {
            let number = Random::of(seed, &[]).between(first, first + more);
            prop_assert!((first..=first + more).contains(&number));
        }

        #[test]
        fn what_weighs_nothing_is_never_picked(seed: u64) {
            let picked = Random::of(seed, &[]).weighed(&[(0, 'a'), (3, 'b'), (0, 'c'), (1, 'd')]);
            prop_assert!(matches!(picked, Some('b' | 'd')));
        }
    }
}
