//! A contract's code in both of its forms.

use marque_sdk::native::Contract;

/// A contract: its WebAssembly, as the chain is given it, and, where a test has it, the same
/// source compiled into the test.
///
/// With both, each call runs in the virtual machine and then natively against what the
/// ledger answered the first run. Any difference fails the test, both sides shown; a
/// debugger and line coverage see the native run.
///
/// ```
/// use marque_fresh_food::fresh_food;
/// use marque_primitives::{Address, Decimal};
/// use marque_testing::{Code, World, compile};
///
/// // In the contract's own tests: `contract!(fresh_food)`.
/// let code = Code::both(&compile("marque-fresh-food"), fresh_food::CONTRACT);
/// let mut world = World::new();
/// let nobody = Vec::<Address>::new();
/// let args = (Decimal::from_integer(5), 30u32, nobody.clone(), nobody);
/// let rules = world.by("alice").deploy(code, &args).contract();
/// let bob = world.address("bob");
/// let listed: bool = world.query(rules, "listed", &bob).unwrap();
/// assert!(!listed);
/// ```
#[derive(Clone, Debug)]
pub struct Code {
    pub(crate) wasm: Vec<u8>,
    pub(crate) native: Option<Contract>,
}

impl Code {
    /// WebAssembly beside the same contract's `CONTRACT`.
    ///
    /// ```
    /// use marque_fresh_food::fresh_food;
    /// use marque_testing::{Code, compile};
    ///
    /// let wasm = compile("marque-fresh-food");
    /// assert_eq!(Code::both(&wasm, fresh_food::CONTRACT).wasm(), wasm);
    /// ```
    pub fn both(wasm: &[u8], native: Contract) -> Self {
        Self {
            wasm: wasm.to_vec(),
            native: Some(native),
        }
    }

    /// The WebAssembly.
    ///
    /// ```
    /// use marque_testing::{Code, compile_example};
    ///
    /// let wasm = compile_example("marque-sdk", "smallest");
    /// assert_eq!(Code::from(&wasm).wasm(), wasm);
    /// ```
    pub fn wasm(&self) -> &[u8] {
        &self.wasm
    }
}

impl From<&[u8]> for Code {
    /// WebAssembly alone: it runs in the virtual machine only.
    fn from(wasm: &[u8]) -> Self {
        Self {
            wasm: wasm.to_vec(),
            native: None,
        }
    }
}

impl From<&Vec<u8>> for Code {
    fn from(wasm: &Vec<u8>) -> Self {
        wasm.as_slice().into()
    }
}

impl From<&Code> for Code {
    fn from(code: &Code) -> Self {
        code.clone()
    }
}

/// The contract of the package under test in both forms, by the path of its module.
///
/// ```no_run
/// use marque_fresh_food::fresh_food;
/// let code = marque_testing::contract!(fresh_food);
/// ```
#[macro_export]
macro_rules! contract {
    ($($module:ident)::+) => {
        $crate::Code::both(
            &$crate::compile(::core::env!("CARGO_PKG_NAME")),
            $($module)::+::CONTRACT,
        )
    };
}
