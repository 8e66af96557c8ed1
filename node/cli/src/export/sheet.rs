//! A table for a spreadsheet (RFC 4180).

/// Rows as text, the columns' names first.
pub struct Sheet(String);

impl Sheet {
    /// With its columns.
    pub fn new(columns: &[&str]) -> Self {
        let mut sheet = Self(String::new());
        sheet.row(columns);
        sheet
    }

    /// One more row.
    pub fn row<T: AsRef<str>>(&mut self, cells: &[T]) {
        let cells: Vec<String> = cells.iter().map(|cell| field(cell.as_ref())).collect();
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }

    /// All of it.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// What others wrote must not become a formula where the table is opened.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    match text.contains([',', '"', '\r', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}
