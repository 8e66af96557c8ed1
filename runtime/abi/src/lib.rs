//! marque-abi
