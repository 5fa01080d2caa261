//! Reads a birth date as people write it. Unlike a day to go to it must name its year: a wrong year
//! is a wrong person.

use crate::domain::dates::parse_day;
use crate::domain::text;
use chrono::{Datelike, NaiveDate};

/// The birth date that was typed: `14.3.1987`, `14/3/87`, `14 mar 1987`, `1987-03-14`. Empty: none. A
/// year of two digits is the latest that is not in the future.
pub fn read(typed: &str, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let wrong = || {
        format!(
            "“{}” is not a birth date: write 14.3.1987 or 1987-03-14, or leave it empty.",
            text::clean(typed, 40)
        )
    };
    let parts: Vec<&str> = typed
        .split(['.', '/', '-', ' ', ','])
        .filter(|part| !part.is_empty())
        .collect();
    let [first, middle, last] = parts.as_slice() else {
        return Err(wrong());
    };
    let plain = if first.len() == 4 {
        format!("{first}-{middle}-{last}")
    } else {
        format!("{first} {middle} {}", full_year(last, today))
    };
    let born = parse_day(&plain, today).map_err(|_| wrong())?;
    if born > today {
        return Err("A birth date cannot be in the future.".to_owned());
    }
    Ok(Some(born))
}

fn full_year(year: &str, today: NaiveDate) -> String {
    match year.parse::<i32>() {
        Ok(short) if year.len() == 2 => {
            let this = today.year() - today.year() % 100 + short;
            let full = if this > today.year() {
                this - 100
            } else {
                this
            };
            full.to_string()
        }
        _ => year.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_date_names_its_year_and_is_not_in_the_future() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let today = day(2026, 11, 24);
        let read = |typed: &str| read(typed, today);
        for same in [
            "14.3.1987",
            "14/3/1987",
            "14 mar 1987",
            "1987-03-14",
            "14.03.87",
            " 14-3-87 ",
        ] {
            assert_eq!(read(same), Ok(Some(day(1987, 3, 14))), "{same}");
        }
        assert_eq!(read("1.2.26"), Ok(Some(day(2026, 2, 1))));
        assert_eq!(read("1.2.27"), Ok(Some(day(1927, 2, 1))));
        assert_eq!(read("  "), Ok(None));
        for wrong in ["14.3.", "tomorrow", "31.2.1990", "1.1.2030", "x y z", "+3"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
