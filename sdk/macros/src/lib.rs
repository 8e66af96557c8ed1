//! marque-macros
