//! marque-epcis
