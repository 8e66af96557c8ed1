//! marque-rpc
