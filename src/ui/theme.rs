//! Colours by what they mean. The themes are files (`assets/themes`), each with colours of the 256
//! that nearly every terminal has and with names of the sixteen for those that have no more.

use crate::app::state::Palette;
use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

/// How many colours a terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// None, or none are wanted (`NO_COLOR`).
    None,
    /// Sixteen.
    Sixteen,
    /// 256 and more.
    Many,
}

impl Depth {
    /// What the environment says of the terminal: `NO_COLOR`, `COLORTERM` and `TERM`.
    pub fn of(no_color: Option<&str>, colorterm: Option<&str>, term: Option<&str>) -> Self {
        let term = term.unwrap_or_default();
        if no_color.is_some_and(|value| !value.is_empty()) || term == "dumb" {
            Self::None
        } else if colorterm.is_some_and(|value| !value.is_empty())
            || ["256color", "direct", "kitty", "alacritty", "ghostty"]
                .iter()
                .any(|known| term.contains(known))
        {
            Self::Many
        } else {
            Self::Sixteen
        }
    }
}

macro_rules! theme {
    ($($(#[$doc:meta])* $role:ident),+ $(,)?) => {
        /// Styles by what they mean.
        #[derive(Clone, Debug)]
        pub struct Theme {
            $($(#[$doc])* pub $role: Style),+
        }

        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            $($role: Look),+
        }

        impl File {
            fn theme(&self, depth: Depth) -> Theme {
                let base = &self.base;
                Theme { $($role: self.$role.style(base, depth)),+ }
            }

            #[cfg(test)]
            fn looks(&self) -> Vec<(&'static str, &Look)> {
                vec![$((stringify!($role), &self.$role)),+]
            }
        }

        impl Theme {
            /// Told without colours at all.
            fn bare() -> Self {
                Self { $($role: Style::new()),+ }
            }
        }
    };
}

theme! {
    /// What nothing else is.
    base,
    /// Of less interest.
    dim,
    /// Of more interest.
    strong,
    /// The line at the top.
    status,
    /// Lines of frames.
    frame,
    /// Frame of what the keys move, and of dialogs.
    focus,
    /// It went well; live; confirmed.
    good,
    /// On its way.
    pending,
    /// A person must choose; it went wrong.
    repair,
    /// Outside hours.
    outside,
    /// Taken in the calendar.
    taken,
    /// Not known.
    unknown,
    /// A visit.
    visit,
    /// The selection.
    selected,
    /// The selection while the keys move something else.
    selected_elsewhere,
    /// The line of now.
    now,
    /// A key in the line of keys.
    key,
    /// A field of text.
    field,
    /// The field that has the focus.
    field_focused,
    /// A message.
    notice,
    /// A message that something went well.
    notice_good,
    /// A message that something did not go as asked for.
    notice_bad,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    fg: Option<u8>,
    bg: Option<u8>,
    ansi_fg: Option<String>,
    ansi_bg: Option<String>,
    #[serde(default)]
    shapes: Vec<Shape>,
}

/// How letters differ other than in colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    Bold,
    Dim,
    Reversed,
    Underlined,
}

impl Look {
    fn style(&self, base: &Self, depth: Depth) -> Style {
        let named = |name: Option<&String>| name.and_then(|name| name.parse::<Color>().ok());
        let (fg, bg) = match depth {
            Depth::None => (None, None),
            Depth::Sixteen => (named(self.ansi_fg.as_ref()), named(self.ansi_bg.as_ref())),
            Depth::Many => (
                self.fg.or(base.fg).map(Color::Indexed),
                self.bg.or(base.bg).map(Color::Indexed),
            ),
        };
        let mut style = Style::new()
            .fg(fg.unwrap_or(Color::Reset))
            .bg(bg.unwrap_or(Color::Reset));
        // Where colours tell, letters need not shout as well.
        let colourless = depth == Depth::None || (self.fg.is_none() && base.fg.is_none());
        for shape in &self.shapes {
            let modifier = match shape {
                Shape::Bold => Modifier::BOLD,
                Shape::Underlined => Modifier::UNDERLINED,
                Shape::Dim if colourless => Modifier::DIM,
                Shape::Reversed if colourless || bg.is_none() => Modifier::REVERSED,
                Shape::Dim | Shape::Reversed => continue,
            };
            style = style.add_modifier(modifier);
        }
        style
    }
}

const FILES: [(Palette, &str); 4] = [
    (Palette::Dark, include_str!("../../assets/themes/dark.toml")),
    (
        Palette::Light,
        include_str!("../../assets/themes/light.toml"),
    ),
    (
        Palette::Clear,
        include_str!("../../assets/themes/clear.toml"),
    ),
    (
        Palette::Plain,
        include_str!("../../assets/themes/plain.toml"),
    ),
];

impl Theme {
    /// The theme of a palette for a terminal of so many colours.
    pub fn of(palette: Palette, depth: Depth) -> Self {
        FILES
            .iter()
            .find(|(of, _)| *of == palette)
            .and_then(|(_, file)| toml::from_str::<File>(file).ok())
            .map_or_else(Self::bare, |file| file.theme(depth))
    }
}

#[cfg(test)]
mod tests;
