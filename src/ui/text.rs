//! Text in cells: how wide it is, cut with a mark where it does not fit, broken into lines.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns that the text takes.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text in at most `most` columns; what does not fit is cut between characters and marked.
pub fn fit(text: &str, most: usize, mark: &str) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(width(mark));
    let mut out = String::with_capacity(text.len());
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += width(grapheme);
        if used > room {
            break;
        }
        out.push_str(grapheme);
    }
    if width(mark) <= most {
        out.truncate(out.trim_end().len());
        out.push_str(mark);
    }
    out
}

/// The text broken into lines of at most `most` columns, between words where there are any.
pub fn wrap(text: &str, most: usize) -> Vec<String> {
    let most = most.max(1);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let wide = width(word);
        if used > 0 && used + 1 + wide <= most {
            line.push(' ');
            line.push_str(word);
            used += 1 + wide;
            continue;
        }
        if used > 0 {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        // a word longer than a line is broken between characters
        for grapheme in word.graphemes(true) {
            let columns = width(grapheme);
            if used > 0 && used + columns > most {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += columns;
        }
    }
    if used > 0 || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_does_not_fit_is_cut_between_characters_and_marked() {
        assert_eq!(fit("Maria Silva", 20, "…"), "Maria Silva");
        assert_eq!(fit("Maria Silva", 7, "…"), "Maria…");
        assert_eq!(fit("李雷李雷", 5, "…"), "李雷…");
        assert_eq!(fit("李雷李雷", 4, "…"), "李…");
        assert_eq!(fit("abc", 1, "…"), "…");
        assert_eq!(fit("abc", 0, "…"), "");
    }

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 3), [""]);
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_it_may_be(text in "[ a-z李é]{0,60}", most in 2usize..20) {
            prop_assert!(width(&fit(&text, most, "…")) <= most);
            prop_assert!(wrap(&text, most).iter().all(|line| width(line) <= most));
        }
    }
}
