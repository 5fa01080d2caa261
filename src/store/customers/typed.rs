//! What somebody typed to find a person: words of a name, a birth date, digits of a phone.

use super::fold::fold;

/// The most words that are looked at: whoever pastes a page searches for its beginning.
const MOST_WORDS: usize = 8;
/// The most characters of it.
const MOST_CHARS: usize = 200;

/// A search, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    /// Beginnings of words of a name, folded.
    pub(super) words: Vec<String>,
    /// A birth date, or its beginning.
    pub(super) born: Option<Born>,
    /// Digits of a phone, in one piece.
    pub(super) digits: String,
    /// The digits began with a plus.
    pub(super) plus: bool,
}

/// A birth date as far as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Born {
    /// The beginning of `1987-03-14`, at least the year and its hyphen.
    Iso(String),
    /// Day and month (`03-14`), and the year as far as it was typed (`19`, `87`).
    Day {
        /// Month and day as a date ends.
        month_day: String,
        /// What was typed of the year; may be empty.
        year: String,
    },
}

impl Born {
    /// Whether a date (`1987-03-14`) is meant.
    pub(super) fn means(&self, date: &str) -> bool {
        match self {
            Self::Iso(start) => date.starts_with(start),
            Self::Day { month_day, year } => {
                date.get(5..) == Some(month_day)
                    && (date.starts_with(year.as_str())
                        || (year.len() == 2 && date.get(2..4) == Some(year)))
            }
        }
    }
}

impl Typed {
    /// Takes the text apart.
    pub(super) fn parse(text: &str) -> Self {
        let mut out = Self::default();
        let text: String = text.chars().take(MOST_CHARS).collect();
        for part in text.split_whitespace() {
            if part.chars().any(char::is_alphabetic) {
                let folded = fold(part);
                let words = folded.split(' ').filter(|word| !word.is_empty());
                out.words.extend(words.map(str::to_owned));
            } else if let Some(born) = out.born.is_none().then(|| parse_born(part)).flatten() {
                out.born = Some(born);
            } else {
                out.plus |= out.digits.is_empty() && part.starts_with('+');
                out.digits.extend(part.chars().filter(char::is_ascii_digit));
            }
        }
        out.words.truncate(MOST_WORDS);
        out
    }

    /// Whether nothing can be searched for.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.born.is_none() && self.digits.is_empty()
    }

    /// The year, if four digits alone may be one of birth.
    pub(super) fn year(&self) -> Option<&str> {
        let may_be = self.digits.len() == 4 && !self.plus && self.born.is_none();
        let digits = Some(self.digits.as_str()).filter(|_| may_be);
        digits.filter(|d| d.starts_with("19") || d.starts_with("20"))
    }

    /// The digits as they may stand in a phone number: as typed and, of a national number, without its
    /// zeros, since it may be written with the country.
    pub(super) fn spellings(&self) -> Vec<&str> {
        let digits = self.digits.as_str();
        let bare = digits.trim_start_matches('0');
        let national = bare.len() != digits.len() && bare.len() >= 3;
        std::iter::once(digits)
            .chain(national.then_some(bare))
            .collect()
    }

    /// The digits without the country, for a number that may be written without it.
    pub(super) fn without_country(&self) -> Vec<&str> {
        let rest = (1..=3).filter_map(|country| self.digits.get(country..));
        rest.filter(|rest| self.plus && rest.len() >= 5).collect()
    }
}

/// `14.3.`, `14.3.87`, `14/3/1987`, `1987-`, `1987-03`, `1987-03-14`.
fn parse_born(part: &str) -> Option<Born> {
    if let Some((year, rest)) = part.split_once('-') {
        let fits = year.len() == 4
            && rest.len() <= 5
            && (year.starts_with("19") || year.starts_with("20"));
        let digits = part.chars().all(|c| c.is_ascii_digit() || c == '-');
        return (fits && digits).then(|| Born::Iso(part.to_owned()));
    }
    let separator = ['.', '/'].into_iter().find(|s| part.contains(*s))?;
    let mut fields = part.split(separator);
    let number = |field: Option<&str>, most: u8| {
        let field = field.filter(|f| (1..=2).contains(&f.len()))?;
        field.parse::<u8>().ok().filter(|n| (1..=most).contains(n))
    };
    let (first, second) = (number(fields.next(), 31)?, number(fields.next(), 31)?);
    let year = fields.next().unwrap_or_default();
    if year.len() > 4 || !year.chars().all(|c| c.is_ascii_digit()) || fields.next().is_some() {
        return None;
    }
    // 14/3 and 3/14 both mean the 14th of March; where either may be the month, the day comes first
    let (day, month) = match (first, second) {
        (month, day) if day > 12 && separator == '/' => (day, month),
        other => other,
    };
    (month <= 12).then(|| Born::Day {
        month_day: format!("{month:02}-{day:02}"),
        year: year.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_dates_and_phones_are_told_apart() {
        let typed = Typed::parse("Sílva  m 14.3.87 +49 (151) 23");
        assert_eq!(typed.words, ["silva", "m"]);
        assert!(typed.born.as_ref().unwrap().means("1987-03-14"));
        assert_eq!(typed.digits, "4915123");
        assert!(typed.plus);
        assert!(Typed::parse(" ,;  ").is_empty());
        assert!(Typed::parse(&"ab ".repeat(100_000)).words.len() <= 8);
    }

    #[test]
    fn a_birth_date_is_understood_while_it_is_typed() {
        let means = |text: &str, date: &str| match Typed::parse(text).born {
            Some(born) => born.means(date),
            None => false,
        };
        for text in [
            "14.3",
            "14.3.",
            "14.03.",
            "14.3.1",
            "14.3.19",
            "14.3.198",
            "14.3.1987",
            "14.3.87",
            "14/3/1987",
            "3/14/1987",
            "1987-",
            "1987-03",
            "1987-03-14",
        ] {
            assert!(means(text, "1987-03-14"), "{text}");
        }
        for text in [
            "14.3.1988",
            "14.4.",
            "1988-",
            "0151-2345",
            "0151/234567",
            "40.1.",
        ] {
            assert!(!means(text, "1987-03-14"), "{text}");
        }
    }

    #[test]
    fn a_number_is_looked_for_in_each_of_its_spellings() {
        let typed = Typed::parse("0151 2345");
        assert_eq!(typed.spellings(), ["01512345", "1512345"]);
        let typed = Typed::parse("+49 151 2345");
        assert_eq!(typed.spellings(), ["491512345"]);
        assert_eq!(typed.without_country(), ["91512345", "1512345", "512345"]);
        assert_eq!(Typed::parse("01").spellings(), ["01"]);
        assert_eq!(Typed::parse("2345").spellings(), ["2345"]);
        assert_eq!(Typed::parse("1987").year(), Some("1987"));
        assert_eq!(Typed::parse("2345").year(), None);
    }
}
