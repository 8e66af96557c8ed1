//! marque-store
