//! `rpc.discover`: the node's face as an OpenRPC 1.3.2 document, from the types that serve.
//!
//! Parameters and results have the schemas of their Rust types, descriptions are their
//! doc comments, and examples are real answers that tests took and hold fresh.
//!
//! Start reading at `methods.rs`.

mod book;
mod errors;
mod methods;
#[cfg(test)]
mod tests;

use book::Book;
use serde_json::{Value, json};
use std::sync::OnceLock;

/// The version of OpenRPC that the document keeps to.
const OPENRPC: &str = "1.3.2";

/// The node's OpenRPC document. It says nothing of a single node: all of one version give
/// the same.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(build)
}

fn build() -> Value {
    let mut book = Book::new();
    methods::write(&mut book);
    let (methods, schemas) = book.finish();
    json!({
        "openrpc": OPENRPC,
        "info": {
            "title": "Marque node",
            "description": "JSON-RPC 2.0 over HTTP and WebSocket. Parameters go by name or by position; results name everything canonically.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "Apache-2.0"},
        },
        "methods": methods,
        "components": {
            "schemas": schemas,
            "errors": errors::components(),
        },
    })
}
