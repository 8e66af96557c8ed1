//! marque-vm
