//! The file that `marque init` writes: every setting explained, with its default.

use super::{SETTINGS, Settings};
use std::fmt::Write as _;

const HEAD: &str = "\
# A Marque node's configuration. What begins with # is explanation, or a default that is in
# force as it is: take the # away to change it. The environment goes before this file
# (rpc.listen is MARQUE_RPC_LISTEN there), and options go before both (--set rpc.listen=…).
# Paths that do not begin with / are beside this file. `marque run --check` says what is in
# force, and what is wrong.
";

/// What stands for a default that is none.
const NONE: &str = "\"…\"";

/// The whole file; what differs from the defaults stands in it.
pub fn template(settings: &Settings) -> String {
    let (mut text, mut section) = (HEAD.to_owned(), "");
    let (mut settings, mut defaults) = (settings.clone(), Settings::default());
    for setting in SETTINGS {
        let (of, key) = setting.parts();
        text.push('\n');
        if of != section {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "[{of}]");
            section = of;
        }
        for line in setting.words.lines() {
            let _ = writeln!(text, "# {line}");
        }
        let value = (setting.place)(&mut settings).shown(&setting.kind);
        let default = (setting.place)(&mut defaults).shown(&setting.kind);
        let mark = if value == default { "# " } else { "" };
        let _ = match value {
            Some(value) => writeln!(text, "{mark}{key} = {value}"),
            None => writeln!(text, "# {key} = {NONE}"),
        };
    }
    text
}
