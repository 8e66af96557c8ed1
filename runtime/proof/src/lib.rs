//! marque-proof
