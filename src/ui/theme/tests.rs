use super::*;

/// Red, green and blue of the 256 colours; the first 16 differ from terminal to terminal.
fn rgb(index: u8) -> [f64; 3] {
    let level = |n: u8| if n == 0 { 0.0 } else { f64::from(55 + 40 * n) };
    match index {
        0..=15 => panic!("colour {index} looks different on every terminal"),
        16..=231 => {
            let n = index - 16;
            [level(n / 36), level(n / 6 % 6), level(n % 6)]
        }
        232..=255 => [f64::from(8 + 10 * (index - 232)); 3],
    }
}

/// Contrast as WCAG 2 defines it.
fn contrast(a: u8, b: u8) -> f64 {
    let luminance = |index| {
        let linear = rgb(index).map(|c| {
            let c = c / 255.0;
            if c <= 0.03928 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055_f64).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_text_of_every_theme_has_a_contrast_of_4_5_to_1() {
    for (palette, file) in FILES {
        let file: File = toml::from_str(file).unwrap();
        for (role, look) in file.looks() {
            let fg = look.fg.or(file.base.fg);
            let bg = look.bg.or(file.base.bg);
            let (Some(fg), Some(bg)) = (fg, bg) else {
                assert_eq!(palette, Palette::Plain, "{role}");
                continue;
            };
            // lines of frames are no text
            let least = if role == "frame" { 3.0 } else { 4.5 };
            let found = contrast(fg, bg);
            assert!(found >= least, "{palette:?} {role}: {found:.2}");
        }
    }
}

#[test]
fn states_are_as_readable_on_the_status_line_and_on_visits_as_elsewhere() {
    for (palette, file) in FILES {
        let file: File = toml::from_str(file).unwrap();
        let grounds = [
            (
                "status",
                &file.status,
                vec![&file.good, &file.pending, &file.strong],
            ),
            ("visit", &file.visit, vec![&file.pending]),
        ];
        for (name, ground, states) in grounds {
            for state in states {
                let (Some(fg), Some(bg)) = (state.fg, ground.bg) else {
                    assert_eq!(palette, Palette::Plain);
                    continue;
                };
                let found = contrast(fg, bg);
                assert!(found >= 4.5, "{palette:?} {fg} on {name}: {found:.2}");
            }
        }
    }
}

#[test]
fn names_of_the_sixteen_colours_are_names_that_exist() {
    for (palette, file) in FILES {
        let file: File = toml::from_str(file).unwrap();
        for (role, look) in file.looks() {
            for name in [&look.ansi_fg, &look.ansi_bg].into_iter().flatten() {
                assert!(name.parse::<Color>().is_ok(), "{palette:?} {role}: {name}");
            }
        }
    }
}

#[test]
fn without_colours_no_style_names_one() {
    for (palette, _) in FILES {
        let theme = Theme::of(palette, Depth::None);
        assert_eq!(theme.repair.fg, Some(Color::Reset));
        assert!(theme.selected.add_modifier.contains(Modifier::REVERSED));
    }
}

#[test]
fn the_environment_decides_how_many_colours_there_are() {
    assert_eq!(
        Depth::of(Some("1"), Some("truecolor"), Some("xterm")),
        Depth::None
    );
    assert_eq!(Depth::of(None, None, Some("xterm-256color")), Depth::Many);
    assert_eq!(Depth::of(None, None, Some("linux")), Depth::Sixteen);
    assert_eq!(Depth::of(Some(""), None, None), Depth::Sixteen);
}
