//! marque-sdk
