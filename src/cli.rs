//! The same acts as on the screens, without a screen: text for people, or `--json`.

pub mod zones;
