//! marque-state
