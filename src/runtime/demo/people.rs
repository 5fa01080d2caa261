//! Who comes to the demo clinic. Any person can be made alone, from their place in the list, so that
//! sixty thousand need no memory.
//!
//! People live in households, whose members share family name, phone and e-mail; every now and then
//! a household is named like another, and only birth dates tell their members apart.

use super::lists::{self, Culture};
use super::random::Random;
use crate::domain::customer::Customer;
use crate::domain::id::CustomerId;
use chrono::{Days, NaiveDate};

/// How many people live together, over and over.
const SIZES: [u64; 6] = [1, 1, 4, 2, 1, 3];
/// How many people that are.
const PEOPLE: u64 = 12;
/// Of so many households one is named like the one seven before it.
const NAMESAKE_EVERY: u64 = 25;
const NAMESAKE_BEFORE: u64 = 7;

const PERSON: u64 = 11;
const HOUSEHOLD: u64 = 12;

/// Numbers that nobody has, kept free by the regulators for films: a thousand after each.
const PHONES: &[(&str, &str)] = &[
    ("30", "23125"),
    ("89", "99998"),
    ("40", "66969"),
    ("69", "90009"),
    ("221", "4710"),
];

/// Days of life of a grown-up beyond eighteen years, and of a child.
const GROWN_UP: u64 = 27_000;
const CHILD: u64 = 6_300;

/// The people of a clinic.
#[derive(Debug)]
pub(super) struct People {
    seed: u64,
    today: NaiveDate,
    count: u64,
    cultures: Vec<(u64, Culture)>,
}

/// What a household's members are called.
struct Family<'a> {
    culture: &'a Culture,
    name: &'static str,
    /// The given name that the first of them has, counted through women's and men's in turn.
    first: u64,
}

/// Where somebody lives, and as which of the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Home {
    household: u64,
    member: u64,
}

impl People {
    pub fn new(seed: u64, today: NaiveDate, count: u64) -> Self {
        Self {
            seed,
            today,
            count,
            cultures: lists::cultures(),
        }
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn all(&self) -> impl Iterator<Item = Customer> + '_ {
        (0..self.count).map(|place| self.person(place))
    }

    /// The id of the person at a place.
    pub fn id(&self, place: u64) -> CustomerId {
        let mut random = Random::of(self.seed, &[PERSON, place]);
        CustomerId::new(random.uuid().to_string())
    }

    /// The name of the person at a place. In a household women and men take turns, and no two have
    /// the same name.
    pub fn name(&self, place: u64) -> String {
        let home = home(place);
        let Some(family) = self.family(home.household) else {
            return format!("Patient {place}");
        };
        let Family {
            culture,
            name,
            first,
        } = family;
        let names = culture.given.iter().cycle();
        let turn = usize::try_from(first + home.member).unwrap_or_default();
        let names = names
            .skip(turn % 2)
            .map(Vec::as_slice)
            .next()
            .unwrap_or_default();
        let nth = |nth: usize| {
            names
                .get(nth % names.len().max(1))
                .copied()
                .unwrap_or("Kim")
        };
        let given = nth(turn / 2);
        if culture.family_first {
            // as such names are written, without a blank
            format!("{name}{given}")
        } else if first % 7 == 0 {
            format!("{given} {} {name}", nth(turn / 2 + 1))
        } else {
            format!("{given} {name}")
        }
    }

    fn family(&self, household: u64) -> Option<Family<'_>> {
        let named_like = match household % NAMESAKE_EVERY {
            NAMESAKE_BEFORE => household - NAMESAKE_BEFORE,
            _ => household,
        };
        let mut random = Random::of(self.seed, &[HOUSEHOLD, named_like]);
        let weights: Vec<(u64, &Culture)> = self
            .cultures
            .iter()
            .map(|(weight, c)| (*weight, c))
            .collect();
        let culture = random.weighed(&weights)?;
        Some(Family {
            culture,
            name: random.pick(&culture.family)?,
            first: random.below(10_000),
        })
    }

    /// The person at a place.
    pub fn person(&self, place: u64) -> Customer {
        let home = home(place);
        let mut shared = Random::of(self.seed, &[HOUSEHOLD, home.household, 1]);
        let mobile = (!shared.in_hundred(12)).then(|| phone(home.household));
        let email = shared.in_hundred(70).then(|| {
            let family = self.family(home.household);
            let family = family.and_then(|family| plain(family.name));
            let family = family.unwrap_or_else(|| "family".to_owned());
            format!("{family}{}@example.org", home.household + 1)
        });
        Customer {
            customer_id: self.id(place),
            customer_name: self.name(place),
            mobile,
            email,
            born: self.born(home),
        }
    }

    /// Two of one household are never born on the same day, and of one name hardly ever: the steps are
    /// prime, so that birth dates repeat only after thousands of households.
    fn born(&self, home: Home) -> Option<NaiveDate> {
        let start = Random::of(self.seed, &[PERSON]).below(CHILD);
        let days = if home.member < 2 {
            18 * 366 + (start + home.household * 7_919 + home.member * 523) % GROWN_UP
        } else {
            60 + (start + home.household * 7_919 + home.member * 761) % CHILD
        };
        self.today.checked_sub_days(Days::new(days))
    }
}

fn home(place: u64) -> Home {
    let mut member = place % PEOPLE;
    let mut household = place / PEOPLE * SIZES.len() as u64;
    for size in SIZES {
        if member < size {
            break;
        }
        member -= size;
        household += 1;
    }
    Home { household, member }
}

/// A household's phone, as different people write it down.
fn phone(household: u64) -> String {
    let block = household / 1000 % PHONES.len() as u64;
    let block = usize::try_from(block).unwrap_or_default();
    let (area, start) = PHONES.get(block).copied().unwrap_or(("30", "23125"));
    let last = household * 37 % 1000;
    match household % 4 {
        0 => format!("+49 {area} {start} {last:03}"),
        1 => format!("0{area} / {start}{last:03}"),
        2 => format!("0{area}-{start}-{last:03}"),
        _ => format!("+49{area}{start}{last:03}"),
    }
}

/// A name in small ASCII letters, where there is a usual way to write it so.
fn plain(name: &str) -> Option<String> {
    const WRITTEN: &[(&str, &str)] = &[
        ("àáâãå", "a"),
        ("ăạ", "a"),
        ("ä", "ae"),
        ("çć", "c"),
        ("đ", "d"),
        ("èéêëęầ", "e"),
        ("ğ", "g"),
        ("ìíîïıĩ", "i"),
        ("ł", "l"),
        ("ñńň", "n"),
        ("òóôõỳ", "o"),
        ("öø", "oe"),
        ("ř", "r"),
        ("śşš", "s"),
        ("ß", "ss"),
        ("ùúûũ", "u"),
        ("ü", "ue"),
        ("ýÿ", "y"),
        ("źżž", "z"),
    ];
    let mut out = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' => out.push(c),
            ' ' | '-' | '\'' => {}
            _ => out.push_str(WRITTEN.iter().find(|(from, _)| from.contains(c))?.1),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::{NAME, clean};
    use std::collections::{HashMap, HashSet};

    fn people(count: u64) -> People {
        People::new(1, NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(), count)
    }

    #[test]
    fn names_repeat_and_birth_dates_tell_their_bearers_apart() {
        for (count, most_alike) in [(300, 0), (60_000, 40)] {
            let mut born: HashMap<String, Vec<NaiveDate>> = HashMap::new();
            for person in people(count).all() {
                let name = person.customer_name;
                born.entry(name).or_default().push(person.born.unwrap());
            }
            assert!(born.values().filter(|dates| dates.len() > 1).count() >= 6);
            let alike = born.values().map(|dates| {
                let different: HashSet<_> = dates.iter().collect();
                dates.len() - different.len()
            });
            let alike: usize = alike.sum();
            assert!(alike <= most_alike, "{alike} of {count}");
        }
    }

    #[test]
    fn families_share_phone_and_mail_and_ids_are_their_own() {
        let all: Vec<Customer> = people(300).all().collect();
        let count = |of: &dyn Fn(&Customer) -> Option<String>| -> (usize, usize) {
            let given: Vec<String> = all.iter().filter_map(of).collect();
            let different: HashSet<&String> = given.iter().collect();
            (given.len(), different.len())
        };
        let (phones, different) = count(&|c| c.mobile.clone());
        assert!(
            phones > 240 && different < phones * 2 / 3,
            "{phones} {different}"
        );
        let (mails, different) = count(&|c| c.email.clone());
        assert!(
            mails > 150 && different < mails * 2 / 3,
            "{mails} {different}"
        );
        let (ids, different) = count(&|c| Some(c.customer_id.to_string()));
        assert_eq!((ids, different), (300, 300));
    }

    #[test]
    fn everything_about_a_person_is_clean_and_plausible() {
        let today = people(0).today;
        for person in people(3_000).all() {
            let name = &person.customer_name;
            assert_eq!(clean(name, NAME), *name);
            let born = person.born.unwrap();
            assert!(
                born < today && today.years_since(born).unwrap() < 95,
                "{born}"
            );
            for text in [&person.mobile, &person.email].into_iter().flatten() {
                assert!(text.is_ascii() && clean(text, NAME) == *text);
            }
        }
    }

    #[test]
    fn names_of_many_scripts_are_met_among_a_few_hundred() {
        let names: Vec<String> = people(300).all().map(|p| p.customer_name).collect();
        let any = |from: char, to: char| {
            let within = |name: &String| name.chars().any(|c| (from..=to).contains(&c));
            names.iter().any(within)
        };
        assert!(any('\u{4e00}', '\u{9fff}'), "Chinese");
        assert!(any('\u{0600}', '\u{06ff}'), "Arabic");
        assert!(any('\u{00e0}', '\u{00ff}'), "accents");
    }

    #[test]
    fn in_a_household_all_bear_one_family_name_and_different_names() {
        let people = people(1_200);
        let mut at_home: HashMap<u64, HashSet<String>> = HashMap::new();
        for place in 0..people.count() {
            let names = at_home.entry(home(place).household).or_default();
            assert!(names.insert(people.name(place)), "{names:?}");
        }
        let sizes: Vec<usize> = (0..6).map(|household| at_home[&household].len()).collect();
        assert_eq!(sizes, [1, 1, 4, 2, 1, 3]);
    }
}
