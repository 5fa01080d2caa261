//! The lists of names and texts that the demo is made of, as they stand in `assets/demo`: lines of
//! fields with bars between, blank lines and lines with `#` left out.

const NAMES: &str = include_str!("../../../assets/demo/names.txt");
const DOCTORS: &str = include_str!("../../../assets/demo/doctors.txt");
const SERVICES: &str = include_str!("../../../assets/demo/services.txt");
const CANCELLATIONS: &str = include_str!("../../../assets/demo/cancellations.txt");

/// Names that go together.
#[derive(Debug)]
pub(super) struct Culture {
    /// Women's and men's.
    pub given: [Vec<&'static str>; 2],
    pub family: Vec<&'static str>,
    pub family_first: bool,
}

/// One line of `doctors.txt`.
#[derive(Clone, Copy, Debug)]
pub(super) struct DoctorLine {
    pub given: &'static str,
    pub family: &'static str,
    /// Given and family name in plain letters.
    pub address: (&'static str, &'static str),
    pub title: &'static str,
    pub specialty: &'static str,
    pub kind: &'static str,
    pub hours: &'static str,
    pub slot_minutes: u16,
    pub work: &'static str,
}

/// One line of `services.txt`.
#[derive(Debug)]
pub(super) struct ServiceLine {
    pub name: &'static str,
    pub minutes: u32,
    pub before: u32,
    pub after: u32,
    /// How often each kind of work has it.
    pub work: Vec<(&'static str, u64)>,
    pub reasons: Vec<&'static str>,
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn fields<const N: usize>(line: &'static str) -> Option<[&'static str; N]> {
    let fields: Vec<&str> = line.split('|').map(str::trim).collect();
    fields.try_into().ok()
}

fn parts(field: &'static str, between: char) -> Vec<&'static str> {
    let parts = field.split(between).map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

/// How common each culture is, and its names.
pub(super) fn cultures() -> Vec<(u64, Culture)> {
    let culture = |line| {
        let [weight, order, women, men, family] = fields(line)?;
        let culture = Culture {
            given: [parts(women, ','), parts(men, ',')],
            family: parts(family, ','),
            family_first: order == "family",
        };
        Some((weight.parse().ok()?, culture))
    };
    lines(NAMES).filter_map(culture).collect()
}

pub(super) fn doctors() -> Vec<DoctorLine> {
    let doctor = |line| {
        let [
            given,
            family,
            plain,
            plain_family,
            title,
            specialty,
            kind,
            hours,
            slot,
            work,
        ] = fields(line)?;
        Some(DoctorLine {
            given,
            family,
            address: (plain, plain_family),
            title,
            specialty,
            kind,
            hours,
            slot_minutes: slot.parse().ok()?,
            work,
        })
    };
    lines(DOCTORS).filter_map(doctor).collect()
}

pub(super) fn services() -> Vec<ServiceLine> {
    let service = |line| {
        let [name, minutes, before, after, work, reasons] = fields(line)?;
        let weighed = |part: &'static str| {
            let (work, weight) = part.split_once(' ')?;
            Some((work, weight.parse().ok()?))
        };
        Some(ServiceLine {
            name,
            minutes: minutes.parse().ok()?,
            before: before.parse().ok()?,
            after: after.parse().ok()?,
            work: parts(work, ',').into_iter().filter_map(weighed).collect(),
            reasons: parts(reasons, ';'),
        })
    };
    lines(SERVICES).filter_map(service).collect()
}

pub(super) fn cancellations() -> Vec<&'static str> {
    lines(CANCELLATIONS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::{NAME, clean};
    use std::collections::HashSet;

    #[test]
    fn every_line_is_read() {
        assert_eq!(cultures().len(), lines(NAMES).count());
        assert_eq!(doctors().len(), lines(DOCTORS).count());
        assert_eq!(services().len(), lines(SERVICES).count());
        assert!(cultures().len() > 10 && doctors().len() >= 40 && services().len() >= 8);
    }

    #[test]
    fn all_text_is_clean_and_there_are_wide_and_right_to_left_names() {
        for text in [NAMES, DOCTORS, SERVICES, CANCELLATIONS] {
            for line in lines(text) {
                assert_eq!(clean(line, 2_000), line);
            }
        }
        let cultures = cultures();
        let has = |name: &str| {
            let named = |(_, culture): &(u64, Culture)| {
                culture.given.iter().any(|names| names.contains(&name))
            };
            cultures.iter().any(named)
        };
        assert!(has("雷") && has("مريم") && has("Zoë"));
        for (_, culture) in &cultures {
            for names in [&culture.given[0], &culture.given[1], &culture.family] {
                assert!(names.len() >= 3, "a family of four has four names");
                assert!(names.iter().all(|name| name.chars().count() < NAME / 3));
            }
        }
    }

    #[test]
    fn doctors_have_names_and_addresses_of_their_own_and_do_something() {
        let doctors = doctors();
        let families: HashSet<_> = doctors.iter().map(|d| d.family).collect();
        let addresses: HashSet<_> = doctors.iter().map(|d| d.address.1).collect();
        assert_eq!(families.len(), doctors.len());
        assert_eq!(addresses.len(), doctors.len());
        let services = services();
        for doctor in doctors {
            let (given, family) = doctor.address;
            assert!(
                given
                    .bytes()
                    .chain(family.bytes())
                    .all(|b| b.is_ascii_lowercase())
            );
            let has = |s: &ServiceLine| s.work.iter().any(|(work, _)| *work == doctor.work);
            assert!(services.iter().any(has), "{}", doctor.family);
        }
    }
}
