//! A receptionist made of code: presses keys through the keymap, hears answers, looks at the screen.

use super::clinic::{self, World};
use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use frontdesk::app::state::Palette;
use frontdesk::app::{self, Effect, Msg, Setup, State};
use frontdesk::domain::policy::Role;
use frontdesk::port::command::{Actor, Code, Command, Outcome, Refusal};
use frontdesk::port::desk::Clinic;
use frontdesk::port::report::{Progress, Report};
use frontdesk::ui::theme::Depth;
use frontdesk::ui::{self, ViewState, keymap};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

pub struct Robot {
    pub state: State,
    pub view: ViewState,
    pub world: World,
    /// Acts that were handed out and not answered yet.
    pub acts: Vec<(u64, Command)>,
    /// Everything else that was asked of the outside.
    pub effects: Vec<Effect>,
    /// Whether questions are answered at once.
    pub answers: bool,
}

pub fn setup(size: (u16, u16)) -> Setup {
    Setup {
        clinic: Clinic {
            name: "Riverside Clinic".to_owned(),
            zone: clinic::ZONE,
        },
        actor: Actor {
            name: "ana".to_owned(),
            role: Role::Receptionist,
        },
        now: clinic::now(),
        customer_label: "Patient".to_owned(),
        size,
        ascii: false,
        palette: Palette::Dark,
        help_rows: keymap::help_rows(),
    }
}

impl Robot {
    /// At a desk of that size, with everything answered.
    pub fn at(width: u16, height: u16) -> Self {
        Self::with(setup((width, height)), 6)
    }

    pub fn with(setup: Setup, doctors: usize) -> Self {
        let mut robot = Self {
            state: State::new(setup),
            view: ViewState::new(Depth::Many),
            world: World { doctors },
            acts: vec![],
            effects: vec![],
            answers: true,
        };
        let effects = app::start(&mut robot.state);
        robot.carry_out(effects);
        robot.tell(Msg::Report(Report::Link {
            at: clinic::now(),
            error: None,
        }));
        robot
    }

    pub fn tell(&mut self, msg: Msg) {
        let effects = app::update(&mut self.state, msg);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask {
                    topic,
                    question,
                    query,
                } if self.answers => {
                    let answer = self.world.answer(&query).map(Box::new);
                    let answer =
                        answer.ok_or(Refusal::new(Code::NotFound, "There is no such thing."));
                    self.tell(Msg::Report(Report::Answered {
                        topic,
                        question,
                        answer,
                    }));
                }
                Effect::Do { ticket, command } => self.acts.push((ticket, command)),
                other => self.effects.push(other),
            }
        }
    }

    /// Presses keys: letters as they are, others in angle brackets (`<Enter>`, `<C-c>`, `<M-1>`).
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for event in events(keys) {
            if let Some(msg) = keymap::translate(&self.state, &event) {
                self.tell(msg);
            }
        }
        self
    }

    pub fn click(&mut self, column: u16, row: u16) -> &mut Self {
        let event = Event::Mouse(MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column,
            row,
            modifiers: KeyModifiers::NONE,
        });
        let msg = keymap::translate(&self.state, &event).unwrap();
        self.tell(msg);
        self
    }

    pub fn progress(&mut self, ticket: u64, step: Progress) {
        self.tell(Msg::Report(Report::Progressed { ticket, step }));
    }

    pub fn done(&mut self, ticket: u64, result: Result<Outcome, Refusal>) {
        self.tell(Msg::Report(Report::Done {
            ticket,
            result: result.map(Box::new),
        }));
    }

    /// The screen as text.
    pub fn screen(&mut self) -> String {
        let (width, height) = self.state.size;
        self.screen_of(width, height)
    }

    /// The cells with their colours.
    pub fn cells(&mut self, width: u16, height: u16) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal
            .draw(|frame| ui::draw(frame, &self.state, &mut self.view))
            .unwrap();
        terminal.backend().buffer().clone()
    }

    pub fn screen_of(&mut self, width: u16, height: u16) -> String {
        let buffer = self.cells(width, height);
        let mut out = String::new();
        for y in 0..height {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..width {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                skip = ui::text::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    pub fn sees(&mut self, words: &str) -> bool {
        self.screen().contains(words)
    }

    pub fn quits(&self) -> bool {
        self.effects.contains(&Effect::Quit)
    }
}

pub fn events(keys: &str) -> Vec<Event> {
    let mut out = vec![];
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let (code, held, len) = match rest.strip_prefix('<').and_then(|r| r.split_once('>')) {
            Some((name, _)) if !name.is_empty() => {
                let (code, held) = named(name);
                (code, held, name.len() + 2)
            }
            _ => (KeyCode::Char(first), KeyModifiers::NONE, first.len_utf8()),
        };
        out.push(Event::Key(KeyEvent::new(code, held)));
        rest = &rest[len..];
    }
    out
}

fn named(name: &str) -> (KeyCode, KeyModifiers) {
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PageUp" => KeyCode::PageUp,
        "PageDown" => KeyCode::PageDown,
        "BackTab" => KeyCode::BackTab,
        "Backspace" => KeyCode::Backspace,
        "F5" => KeyCode::F(5),
        _ => {
            let held = match &name[..2] {
                "C-" => KeyModifiers::CONTROL,
                "M-" => KeyModifiers::ALT,
                _ => panic!("no such key: {name}"),
            };
            return (KeyCode::Char(name[2..].chars().next().unwrap()), held);
        }
    };
    (code, KeyModifiers::NONE)
}
