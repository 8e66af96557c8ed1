//! Events back out.
