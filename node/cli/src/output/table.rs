//! Tables that a person can read: aligned, and folded to the terminal's width.

use super::Style;
use unicode_width::UnicodeWidthStr as _;

/// Between two columns.
const GAP: usize = 2;
/// No column is folded below this.
const NARROWEST: usize = 12;

/// A column's heading and how it is set.
#[derive(Clone, Debug)]
pub struct Column {
    name: String,
    right: bool,
    folds: bool,
}

impl Column {
    /// Of words, which fold where the terminal is narrow.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_string(),
            right: false,
            folds: true,
        }
    }

    /// Of numbers: set to the right, never folded.
    pub fn number(name: &str) -> Self {
        Self {
            right: true,
            folds: false,
            ..Self::new(name)
        }
    }

    /// Never folded, such as a time.
    pub fn fixed(name: &str) -> Self {
        Self {
            folds: false,
            ..Self::new(name)
        }
    }
}

/// A text in a style; each of its lines stands in a line of its own.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// In a style.
    pub fn new(style: Style, text: impl Into<String>) -> Self {
        Self {
            text: clean(&text.into()),
            style,
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(Style::Plain, text)
    }
}

/// Others wrote what stands in a cell: nothing in it may steer the terminal.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .collect()
}

/// Rows under headings. A column in which every cell is empty is left out.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// With these columns.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
        }
    }

    /// With columns of words.
    pub fn of(names: &[&str]) -> Self {
        Self::new(names.iter().map(|name| Column::new(name)))
    }

    /// Names and values, without headings.
    pub fn pairs() -> Self {
        Self::new([Column::fixed(""), Column::new("")])
    }

    /// Adds a row; missing cells are empty.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Adds a name and its value, if there is one.
    pub fn pair(&mut self, name: &str, value: impl Into<Cell>) {
        let value = value.into();
        if !value.text.is_empty() {
            self.row([Cell::new(Style::Faint, name), value]);
        }
    }

    /// The table's lines, folded to a width if there is one.
    pub fn render(&self, width: Option<usize>, colour: bool) -> String {
        let columns: Vec<usize> = (0..self.columns.len())
            .filter(|at| self.rows.iter().any(|row| has_text(row, *at)))
            .collect();
        let widths = self.widths(&columns, width);
        let mut text = String::new();
        if columns.iter().any(|at| !self.name(*at).is_empty()) {
            let heading: Vec<Cell> = self
                .columns
                .iter()
                .map(|column| Cell::new(Style::Strong, column.name.as_str()))
                .collect();
            self.draw(&heading, &columns, &widths, colour, &mut text);
        }
        for row in &self.rows {
            self.draw(row, &columns, &widths, colour, &mut text);
        }
        text
    }

    fn name(&self, at: usize) -> &str {
        self.columns.get(at).map_or("", |column| &column.name)
    }

    /// What each column gets: its widest cell, less where the whole is too wide.
    fn widths(&self, columns: &[usize], width: Option<usize>) -> Vec<usize> {
        let widest = |at: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(at));
            let cells = cells.flat_map(|cell| cell.text.lines().map(|line| line.width()));
            cells.max().unwrap_or(0).max(self.name(at).width())
        };
        let mut widths: Vec<usize> = columns.iter().map(|at| widest(*at)).collect();
        let Some(width) = width else {
            return widths;
        };
        let gaps = columns.len().saturating_sub(1).saturating_mul(GAP);
        let folds = |at: usize| self.columns.get(at).is_some_and(|column| column.folds);
        // The widest foldable column gives way first, one character at a time.
        while widths.iter().sum::<usize>().saturating_add(gaps) > width {
            let candidates = widths.iter_mut().zip(columns).filter(|(_, at)| folds(**at));
            match candidates.map(|(width, _)| width).max() {
                Some(widest) if *widest > NARROWEST => *widest -= 1,
                _ => break,
            }
        }
        widths
    }

    fn draw(
        &self,
        row: &[Cell],
        columns: &[usize],
        widths: &[usize],
        colour: bool,
        to: &mut String,
    ) {
        let empty = Cell::default();
        let cells: Vec<(&Cell, Vec<String>, bool)> = columns
            .iter()
            .zip(widths)
            .map(|(at, width)| {
                let cell = row.get(*at).unwrap_or(&empty);
                let right = self.columns.get(*at).is_some_and(|column| column.right);
                (cell, fold(&cell.text, *width), right)
            })
            .collect();
        let height = cells
            .iter()
            .map(|(_, lines, _)| lines.len())
            .max()
            .unwrap_or(0);
        for line in 0..height {
            let mut blank = 0;
            for ((cell, lines, right), width) in cells.iter().zip(widths) {
                let text = lines.get(line).map_or("", String::as_str);
                let fill = width.saturating_sub(text.width());
                if !text.is_empty() {
                    let before = if *right { fill } else { 0 };
                    to.push_str(&" ".repeat(blank + before));
                    to.push_str(&cell.style.paint(text, colour));
                    blank = if *right { GAP } else { fill + GAP };
                } else {
                    blank += fill + GAP;
                }
            }
            to.push('\n');
        }
    }
}

fn has_text(row: &[Cell], at: usize) -> bool {
    row.get(at).is_some_and(|cell| !cell.text.is_empty())
}

/// Breaks lines at spaces, or behind `/` where a link is too long, or anywhere at last.
fn fold(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        while rest.width() > width.max(1) {
            let at = break_at(rest, width.max(1));
            let (head, tail) = rest.split_at(at);
            lines.push(head.trim_end().to_string());
            rest = tail.trim_start();
        }
        lines.push(rest.to_string());
    }
    lines
}

/// A byte offset at which the text before it fits; never 0.
fn break_at(text: &str, width: usize) -> usize {
    let mut fits = 0;
    let mut good = 0;
    let mut used = 0;
    for (at, c) in text.char_indices() {
        let wide = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used + wide > width && fits > 0 {
            if c == ' ' {
                good = at;
            }
            break;
        }
        used += wide;
        fits = at + c.len_utf8();
        if matches!(c, ' ' | '/' | ',' | ';') {
            good = fits;
        }
    }
    if good > 0 { good } else { fits.max(1) }
}

#[cfg(test)]
mod tests;
