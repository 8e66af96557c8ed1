//! marque-chain
