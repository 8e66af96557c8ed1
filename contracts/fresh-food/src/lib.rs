//! marque-fresh-food
