use super::{Cell, Column, Style, Table, fold};

fn sample() -> Table {
    let mut table = Table::new([
        Column::fixed("when"),
        Column::new("what"),
        Column::new("never"),
        Column::number("n"),
    ]);
    table.row([
        "08:00".into(),
        "offered to carol".into(),
        "".into(),
        "1".into(),
    ]);
    table.row(["09:30".into(), "受け取った".into(), "".into(), "12".into()]);
    table
}

#[test]
fn columns_are_aligned_and_empty_ones_left_out() {
    assert_eq!(
        sample().render(None, false),
        "when   what               n\n08:00  offered to carol   1\n09:30  受け取った        12\n"
    );
}

#[test]
fn a_narrow_terminal_folds_words() {
    assert_eq!(
        sample().render(Some(23), false),
        "when   what           n\n08:00  offered to     1\n       carol\n09:30  受け取った    12\n"
    );
}

#[test]
fn links_break_behind_a_slash_and_long_words_anywhere() {
    assert_eq!(
        fold("https://id.gs1.org/01/09506000134352", 22),
        ["https://id.gs1.org/01/", "09506000134352"]
    );
    assert_eq!(fold("ABCDEFGH", 3), ["ABC", "DEF", "GH"]);
    assert_eq!(fold("受け取った", 4), ["受け", "取っ", "た"]);
}

#[test]
fn colour_changes_no_width() {
    let mut table = Table::of(&["a", "b"]);
    table.row([Cell::new(Style::Bad, "x"), "y".into()]);
    assert_eq!(
        table.render(None, true),
        "\u{1b}[1ma\u{1b}[0m  \u{1b}[1mb\u{1b}[0m\n\u{1b}[31mx\u{1b}[0m  y\n"
    );
}

#[test]
fn what_others_wrote_does_not_steer_the_terminal() {
    let mut table = Table::of(&["a"]);
    table.row(["\u{1b}[2J\r\u{7}gone".into()]);
    assert_eq!(table.render(None, false), "a\n [2J  gone\n");
}
