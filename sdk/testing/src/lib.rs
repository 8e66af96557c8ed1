//! marque-testing
