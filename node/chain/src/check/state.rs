//! The state: every leaf under its root, the root under the header, and the last blocks' undo.

use marque_state::{State, tables as declared};

use super::{Check, open};
use crate::tables;

impl Check<'_> {
    /// The state, if it can be opened.
    pub(super) fn state(&mut self) -> Option<State> {
        self.progress("state", 0, 1);
        let opened = open(&self.snapshot);
        let state = self.found(declared::TIP.id().name, opened)?;
        let tip = state.tip()?;
        self.confirm("tip", tip.height, tip.root);
        if let Some(checked) = self.found(declared::STATE.id().name, state.check()) {
            self.report.leaves = checked.rows;
        }
        let undo = state.check_undo();
        for (height, root) in self
            .found(declared::UNDO.id().name, undo)
            .unwrap_or_default()
        {
            self.confirm("undo", height, root);
        }
        let counters = marque_ledger::read::counters(&state).ok().flatten();
        let counters = counters.unwrap_or_default();
        if (counters.events, counters.entries) != (self.report.events, self.report.entries) {
            self.damaged(
                "state",
                "counters",
                "the ledger counts other events or entries",
            );
        }
        self.progress("state", 1, 1);
        Some(state)
    }

    fn confirm(&mut self, table: &'static str, height: u64, root: [u8; 32]) {
        let header = tables::HEADERS.get(&*self.snapshot, &height);
        // A missing header was named before.
        if let Ok(Some(signed)) = header
            && signed.header.state_root.0 != root
        {
            self.at_height(
                table,
                height,
                "it has another state root than the header says",
            );
        }
    }
}
