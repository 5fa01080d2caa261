//! Names of time zones as people type them, for the command line and the configuration.

use crate::domain::text::clean;
use chrono_tz::{TZ_VARIANTS, Tz};

/// How alike a name must be to be offered.
const ALIKE: f64 = 0.8;

/// The zone of that name (upper and lower case are one), or a sentence with the nearest name.
pub fn parse(text: &str) -> Result<Tz, String> {
    let wanted = text.trim();
    if let Some(zone) = TZ_VARIANTS
        .iter()
        .find(|zone| zone.name().eq_ignore_ascii_case(wanted))
    {
        return Ok(*zone);
    }
    let said = clean(wanted, 60);
    Err(match nearest(&said) {
        Some(zone) => format!(
            "“{said}” is not a time zone; did you mean “{}”?",
            zone.name()
        ),
        None => format!("“{said}” is not a time zone: write a name such as Europe/Berlin or UTC"),
    })
}

/// The zone whose name, or whose city, is most like the text.
fn nearest(text: &str) -> Option<Tz> {
    let wanted = text.to_lowercase().replace(' ', "_");
    let score = |zone: &Tz| {
        let name = zone.name().to_lowercase();
        let city = name.rsplit('/').next().unwrap_or(&name);
        strsim::jaro_winkler(&name, &wanted).max(strsim::jaro_winkler(city, &wanted))
    };
    TZ_VARIANTS
        .iter()
        .map(|zone| (score(zone), *zone))
        .filter(|(alike, _)| *alike >= ALIKE)
        // the first of equals, so that the answer does not depend on the order of deprecated aliases
        .fold(None, |best: Option<(f64, Tz)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })
        .map(|(_, zone)| zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_known_by_its_name_in_any_case() {
        assert_eq!(parse("europe/berlin"), Ok(chrono_tz::Europe::Berlin));
        assert_eq!(parse(" UTC "), Ok(chrono_tz::UTC));
    }

    #[test]
    fn a_wrong_zone_brings_the_nearest_known_one() {
        let says = |text: &str| parse(text).unwrap_err();
        assert!(says("Europe/Berln").contains("“Europe/Berlin”"));
        assert!(says("Berlin").contains("“Europe/Berlin”"));
        assert!(says("New York").contains("“America/New_York”"));
        assert!(says("zzzzqqq").contains("such as"));
        assert!(says(&"x".repeat(1_000_000)).len() < 300);
    }
}
