//! marque-ledger
