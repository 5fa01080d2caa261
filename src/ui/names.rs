//! What doctors are called where there is little room: titles go first, then given names become
//! initials, so that what tells people apart is what stays.

use super::text::width;

/// Words in front of a name that tell nobody apart.
const TITLES: [&str; 9] = [
    "dr", "dr.", "prof", "prof.", "mr", "mr.", "ms", "ms.", "mrs",
];

/// The names, each in its own room. Either all keep their titles or none does, so that a list reads
/// evenly; a name that is too long in any case does not take the others' titles away.
pub fn in_room<'a>(names: impl IntoIterator<Item = (&'a str, usize)>) -> Vec<String> {
    let names: Vec<(&str, usize)> = names.into_iter().collect();
    let needs = |(name, room): &(&str, usize)| width(name) > *room && fits_shortened(name, *room);
    let titled = !names.iter().any(needs);
    names
        .iter()
        .map(|(name, room)| {
            if titled && width(name) <= *room {
                (*name).to_owned()
            } else {
                shortened(name, *room)
            }
        })
        .collect()
}

fn fits_shortened(name: &str, room: usize) -> bool {
    width(&shortened(name, room)) <= room
}

/// Without titles; then with initials; then the family name alone, which is cut if it must be.
fn shortened(name: &str, room: usize) -> String {
    let plain = untitled(name);
    if width(plain) <= room {
        return plain.to_owned();
    }
    let Some((given, family)) = plain.rsplit_once(' ') else {
        return plain.to_owned();
    };
    // scripts without capitals do not write initials
    let initial = given.chars().next().filter(|c| c.is_uppercase());
    match initial.map(|initial| format!("{initial}. {family}")) {
        Some(initialled) if width(&initialled) <= room => initialled,
        Some(_) => family.to_owned(),
        None => plain.to_owned(),
    }
}

fn untitled(name: &str) -> &str {
    let mut rest = name.trim();
    while let Some((first, behind)) = rest.split_once(' ') {
        if !TITLES.contains(&first.to_lowercase().as_str()) {
            break;
        }
        rest = behind.trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(names: &[&str], room: usize) -> Vec<String> {
        in_room(names.iter().map(|name| (*name, room)))
    }

    #[test]
    fn names_that_fit_stay_as_they_are() {
        assert_eq!(all(&["Dr. Amara Okafor"], 16), ["Dr. Amara Okafor"]);
        assert_eq!(all(&["Dr Chen", "Dr"], 8), ["Dr Chen", "Dr"]);
    }

    #[test]
    fn titles_go_from_all_of_them_and_then_given_names_become_initials() {
        let names = ["Prof. Dr. Amara Okafor", "Dr. Mei Chen", "Jonas Lindqvist"];
        let shown = ["Amara Okafor", "Mei Chen", "J. Lindqvist"];
        assert_eq!(all(&names, 13), shown);
        assert_eq!(all(&names, 9), ["A. Okafor", "Mei Chen", "Lindqvist"]);
    }

    #[test]
    fn a_name_that_is_too_long_anyhow_leaves_the_others_their_titles() {
        let names = ["Dr Chen", "Dr Przybyszewska-Lindqvist"];
        assert_eq!(all(&names, 12), ["Dr Chen", "Przybyszewska-Lindqvist"]);
    }

    #[test]
    fn names_without_capitals_are_not_initialled() {
        assert_eq!(all(&["李 医生"], 4), ["李 医生"]);
    }
}
