//! What the ledger keeps of an event beside the movement, and gives back on trace.
