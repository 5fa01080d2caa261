//! The one sanitiser: text from outside (calendars, customers, configuration, a paste) passes here
//! at ingest, so that nothing further in has to think of it.

use unicode_segmentation::UnicodeSegmentation;

/// The most combining marks that stay on one character.
const MARKS: usize = 4;

/// Longest name of a person, a doctor, a service.
pub const NAME: usize = 120;
/// Longest free text: a reason, a note.
pub const NOTE: usize = 2_000;

/// The text on one line without what could harm a screen, a log or a reader: control characters,
/// bidi controls, zero-width characters outside emoji sequences, tag characters, more than four
/// combining marks in a row. White space is folded and trimmed; the result has at most `most`
/// characters and is cut between graphemes.
pub fn clean(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most * 4));
    let mut count = 0usize;
    let mut space = false;
    for grapheme in text.graphemes(true) {
        if grapheme
            .chars()
            .all(|c| c.is_whitespace() || c.is_control())
        {
            space = space || grapheme.chars().any(char::is_whitespace);
            continue;
        }
        let kept = clean_grapheme(grapheme);
        if kept.is_empty() {
            continue;
        }
        let need = kept.chars().count() + usize::from(space && !out.is_empty());
        if count + need > most {
            break;
        }
        if space && !out.is_empty() {
            out.push(' ');
        }
        space = false;
        out.push_str(&kept);
        count += need;
    }
    out
}

/// Whether `clean` would change nothing but length and white space.
pub fn is_clean(text: &str) -> bool {
    text.graphemes(true)
        .all(|g| clean_grapheme(g) == g && !g.chars().any(char::is_control))
}

fn clean_grapheme(grapheme: &str) -> String {
    let emoji = grapheme.chars().any(is_pictograph);
    let mut marks = 0;
    grapheme
        .chars()
        .filter(|&c| {
            if is_mark(c) {
                marks += 1;
                return marks <= MARKS;
            }
            match c {
                // joins emoji into one; elsewhere invisible
                '\u{200D}' => emoji,
                _ => !is_invisible(c),
            }
        })
        .collect()
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05BD}'
        | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0E31}' | '\u{0E34}'..='\u{0E3A}'
        | '\u{0E47}'..='\u{0E4E}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}')
}

fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}' | '\u{00A9}' | '\u{00AE}')
}

/// The digits of a phone number, with its leading plus: what two spellings are compared by.
pub fn phone_digits(text: &str) -> String {
    let plus = text.trim_start().starts_with('+');
    let digits = text.chars().filter(char::is_ascii_digit);
    if plus {
        std::iter::once('+').chain(digits).collect()
    } else {
        digits.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_could_harm_a_screen_goes_and_names_stay() {
        assert_eq!(
            clean("a\u{1b}[31mb\u{202e}c\u{200b}d\u{e0041}", 99),
            "a[31mbcd"
        );
        assert_eq!(clean("  Zoë\t\tÅström \n", 99), "Zoë Åström");
        assert_eq!(clean("مريم 李雷 Đặng", 99), "مريم 李雷 Đặng");
        assert_eq!(
            clean("👩\u{200d}⚕\u{fe0f} Dr", 99),
            "👩\u{200d}⚕\u{fe0f} Dr"
        );
        assert_eq!(
            clean(&format!("a{}", "\u{301}".repeat(50)), 99),
            format!("a{}", "\u{301}".repeat(4))
        );
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once_and_keeps_within_the_length(text in ".{0,200}") {
            let once = clean(&text, 50);
            prop_assert!(once.chars().count() <= 50);
            prop_assert_eq!(clean(&once, 50), once.clone());
            prop_assert!(is_clean(&once));
        }
    }
}
