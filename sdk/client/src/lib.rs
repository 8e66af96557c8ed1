//! marque-client
