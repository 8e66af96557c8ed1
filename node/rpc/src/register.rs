//! How a method is declared: its parameters' type says its name, its result's type what it
//! answers, and a function does the work.

use crate::context::Context;
use crate::error::RpcError;
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::server::RpcModule;
use jsonrpsee::types::Params;
use marque_client::api::Method;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::sync::Arc;

/// The node's methods.
pub(crate) type Module = RpcModule<Context>;

/// Methods by what they cost.
pub(crate) trait Register {
    /// A method that answers at once, from memory or a few reads.
    fn answer<M: Method>(
        &mut self,
        work: fn(&Context, M) -> Result<M::Output, RpcError>,
    ) -> Registered
    where
        M::Output: Clone;

    /// A method that reads much or runs contracts: on a thread of its own.
    fn work<M: Method>(
        &mut self,
        work: fn(&Context, M) -> Result<M::Output, RpcError>,
    ) -> Registered
    where
        M::Output: Clone;

    /// A method that waits for something.
    fn wait<M, Work, Wait>(&mut self, work: Work) -> Registered
    where
        M: Method,
        M::Output: Clone,
        Work: Fn(Arc<Context>, M) -> Wait + Clone + Send + Sync + 'static,
        Wait: Future<Output = Result<M::Output, RpcError>> + Send + 'static;
}

/// What registration gives: only a name that is taken can go wrong.
pub(crate) type Registered = Result<(), RegisterMethodError>;

impl Register for Module {
    fn answer<M: Method>(
        &mut self,
        work: fn(&Context, M) -> Result<M::Output, RpcError>,
    ) -> Registered
    where
        M::Output: Clone,
    {
        self.register_method(M::NAME, move |params, context, _| {
            work(context, read_params::<M>(&params)?)
        })
        .map(drop)
    }

    fn work<M: Method>(
        &mut self,
        work: fn(&Context, M) -> Result<M::Output, RpcError>,
    ) -> Registered
    where
        M::Output: Clone,
    {
        self.register_async_method(M::NAME, move |given, context, _| {
            let asked = read_params::<M>(&given);
            async move {
                let asked = asked?;
                context.at_work(move |context| work(context, asked)).await
            }
        })
        .map(drop)
    }

    fn wait<M, Work, Wait>(&mut self, work: Work) -> Registered
    where
        M: Method,
        M::Output: Clone,
        Work: Fn(Arc<Context>, M) -> Wait + Clone + Send + Sync + 'static,
        Wait: Future<Output = Result<M::Output, RpcError>> + Send + 'static,
    {
        self.register_async_method(M::NAME, move |given, context, _| {
            let ready = read_params::<M>(&given).map(|method| work(context, method));
            async move { ready?.await }
        })
        .map(drop)
    }
}

/// Reads parameters by name or by position.
pub(crate) fn read_params<M: Method>(params: &Params<'_>) -> Result<M, RpcError> {
    let text = params.as_str().unwrap_or("{}");
    if text.starts_with('[') {
        return by_position::<M>(text);
    }
    read(text)
}

/// Parameters by position are given their names first, so that errors can name them.
fn by_position<M: Method>(text: &str) -> Result<M, RpcError> {
    let values: Vec<&RawValue> = read(text)?;
    if values.len() > M::PARAMS.len() {
        return Err(RpcError::Params {
            field: None,
            message: format!(
                "{} takes {} parameters at most, {} are given",
                M::NAME,
                M::PARAMS.len(),
                values.len()
            ),
            expected: Some(M::PARAMS.join(", ")),
        });
    }
    let mut named = String::with_capacity(text.len().saturating_mul(2));
    for (name, value) in M::PARAMS.iter().zip(&values) {
        named.push(if named.is_empty() { '{' } else { ',' });
        named.push('"');
        named.push_str(name);
        named.push_str("\":");
        named.push_str(value.get());
    }
    named.push_str(if named.is_empty() { "{}" } else { "}" });
    read(&named)
}

fn read<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, RpcError> {
    serde_json::from_str(text).map_err(|error| shape(&error.to_string()))
}

/// The same for a value that is part of the parameters.
pub(crate) fn value<T: DeserializeOwned>(
    field: &str,
    value: serde_json::Value,
) -> Result<T, RpcError> {
    serde_json::from_value(value).map_err(|error| RpcError::params(field, error.to_string()))
}

/// Takes the field and what was expected out of serde's words.
fn shape(message: &str) -> RpcError {
    // Where in the text it was is of no use: the text is not the caller's.
    let message = message.split(" at line ").next().unwrap_or(message);
    let (about, expected) = match message.split_once(", expected ") {
        Some((about, expected)) => (about, Some(expected.to_owned())),
        None => (message, None),
    };
    let field = about
        .split("field `")
        .nth(1)
        .and_then(|rest| rest.split('`').next());
    RpcError::Params {
        field: field.map(Into::into),
        message: message.into(),
        expected,
    }
}
