//! The engine: wasmtime, set up so that a result depends on nothing but code and input.

use crate::artifacts::{Artifacts, CompiledFolder};
use crate::cache::Cache;
use crate::check::{Checked, FEATURES, check};
use crate::error::VmError;
use crate::instrument::instrument;
use crate::limits::{LIMITS_VERSION, Limit, MAX_CALL_DEPTH, MAX_PAGES};
use crate::module::{Facts, Module};
use crate::run::{Call, link};
use crate::schedule::{RESIDENT_PAGES, SCHEDULE_VERSION};
use core::hash::Hash as _;
use marque_primitives::hash::{Hash, sha256};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, Linker, PoolingAllocationConfig,
    RegallocAlgorithm, WasmFeatures,
};

/// Native stack that the code of one call may use. The counted stack always ends a call
/// first: the tests measure the worst frames at each optimisation level.
pub(crate) const NATIVE_STACK: usize = 16 * 1024 * 1024;

/// A page of linear memory, in bytes.
const PAGE_BYTES: usize = 65_536;

/// Room that every machine has: eight stacks of calls.
pub const MIN_INSTANCES: u32 = 64;

/// How hard the compiler tries. Results and gas are the same at each level.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum OptLevel {
    /// Compiles fastest.
    None,
    /// Runs fastest.
    #[default]
    Speed,
}

/// The settings that an operator may choose; none changes a result.
#[derive(Clone, Copy, Debug)]
pub struct VmConfig {
    /// How hard the compiler tries.
    pub opt_level: OptLevel,
    /// Calls that may run at once, nested ones counted; at least [`MIN_INSTANCES`].
    pub instances: u32,
    /// Whether one module is compiled on several threads.
    pub parallel_compilation: bool,
    /// Compiled modules kept in memory.
    pub cached_modules: usize,
    /// Bytes that they take there at most.
    pub cached_bytes: usize,
}

impl Default for VmConfig {
    fn default() -> Self {
        Self {
            opt_level: OptLevel::Speed,
            instances: 256,
            parallel_compilation: true,
            cached_modules: 1_024,
            cached_bytes: 512 * 1024 * 1024,
        }
    }
}

/// The virtual machine: an engine, the linked host calls, and compiled modules.
/// Shared between threads by reference.
pub struct Vm {
    pub(crate) engine: Engine,
    linker: Linker<Call>,
    pub(crate) cache: Cache,
    pub(crate) artifacts: Option<Artifacts>,
    version: Hash,
    stacks: usize,
}

impl core::fmt::Debug for Vm {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Vm")
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl Vm {
    /// Sets up the engine.
    ///
    /// # Errors
    /// [`VmError::NodeFault`] if this machine cannot run it (address space, processor).
    pub fn new(config: &VmConfig) -> Result<Self, VmError> {
        let mut settings = settings(config);
        let instances = config.instances.max(MIN_INSTANCES);
        settings.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(instances)));
        let engine = Engine::new(&settings).map_err(VmError::fault)?;
        let linker = link(&engine).map_err(VmError::fault)?;
        let version = version(&engine);
        Ok(Self {
            engine,
            linker,
            cache: Cache::new(config.cached_modules, config.cached_bytes),
            artifacts: None,
            version,
            stacks: usize::try_from(instances).map_or(0, |all| all / MAX_CALL_DEPTH),
        })
    }

    /// The same, and what it compiles for good is kept in a folder.
    ///
    /// # Errors
    /// As [`Vm::new`], and if the folder cannot be used.
    pub fn with_folder(config: &VmConfig, folder: &CompiledFolder) -> Result<Self, VmError> {
        let mut vm = Self::new(config)?;
        vm.artifacts = Some(Artifacts::open(folder, vm.version)?);
        Ok(vm)
    }

    /// How many calls there is room for at once, each with as many inside it as there may be.
    pub fn stacks(&self) -> usize {
        self.stacks
    }

    /// Digest of everything beside the code that decides what is compiled: limits, gas
    /// schedule, host calls, wasmtime and its settings.
    pub fn version(&self) -> Hash {
        self.version
    }

    /// Checks, instruments, compiles and links a module.
    ///
    /// # Errors
    /// [`VmError::Rejected`] if the chain does not take the code; else [`VmError::NodeFault`].
    pub fn compile(&self, code: &[u8]) -> Result<Module, VmError> {
        self.compile_checked(&check(code)?)
    }

    /// Compiles a module that was checked before.
    ///
    /// # Errors
    /// [`VmError::NodeFault`] if the compiler fails.
    pub fn compile_checked(&self, checked: &Checked<'_>) -> Result<Module, VmError> {
        let metered = instrument(checked).map_err(VmError::fault)?;
        let compiled =
            wasmtime::Module::from_binary(&self.engine, &metered).map_err(VmError::fault)?;
        self.link(Facts::of(checked), &compiled)
    }

    pub(crate) fn link(
        &self,
        facts: Facts,
        compiled: &wasmtime::Module,
    ) -> Result<Module, VmError> {
        let linked = self.linker.instantiate_pre(compiled);
        Module::new(facts, linked.map_err(VmError::fault)?)
    }
}

/// Compiles without keeping or running anything, for the child that tries foreign code.
pub(crate) fn compile_only(checked: &Checked<'_>) -> Result<usize, VmError> {
    let settings = settings(&VmConfig {
        parallel_compilation: false,
        ..VmConfig::default()
    });
    let engine = Engine::new(&settings).map_err(VmError::fault)?;
    let metered = instrument(checked).map_err(VmError::fault)?;
    let artifact = engine.precompile_module(&metered).map_err(VmError::fault)?;
    Ok(artifact.len())
}

/// The settings that all engines share.
fn settings(config: &VmConfig) -> Config {
    let mut settings = Config::new();
    settings.wasm_features(WasmFeatures::all(), false);
    settings.wasm_features(FEATURES, true);
    settings.cranelift_opt_level(match config.opt_level {
        OptLevel::None => wasmtime::OptLevel::None,
        OptLevel::Speed => wasmtime::OptLevel::Speed,
    });
    settings.cranelift_regalloc_algorithm(RegallocAlgorithm::Backtracking);
    settings.parallel_compilation(config.parallel_compilation);
    settings.max_wasm_stack(NATIVE_STACK);
    settings.async_stack_size(NATIVE_STACK);
    settings.memory_init_cow(true);
    // Traps are told apart by their kind alone; backtraces and address maps cost time and space.
    settings.wasm_backtrace_max_frames(None);
    settings.generate_address_map(false);
    settings.native_unwind_info(false);
    settings
}

fn pages(count: u32) -> usize {
    PAGE_BYTES.saturating_mul(usize::try_from(count).unwrap_or(0))
}

fn pool(instances: u32) -> PoolingAllocationConfig {
    let tables = usize::try_from(Limit::TableEntries.allowed()).unwrap_or(usize::MAX);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(instances)
        .total_memories(instances)
        .total_tables(instances)
        .max_memory_size(pages(MAX_PAGES))
        .table_elements(tables)
        // What most calls touch is zeroed by hand: returning it to the system and taking it
        // back costs more, and two threads would wait for each other. Where the kernel says
        // which pages were written, only those are.
        .linear_memory_keep_resident(pages(RESIDENT_PAGES))
        .pagemap_scan(Enabled::Auto)
        .table_keep_resident(tables.saturating_mul(size_of::<usize>()));
    pool
}

fn version(engine: &Engine) -> Hash {
    struct Collect(Vec<u8>);
    impl core::hash::Hasher for Collect {
        fn write(&mut self, bytes: &[u8]) {
            self.0.extend_from_slice(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut compatibility = Collect(Vec::new());
    engine
        .precompile_compatibility_hash()
        .hash(&mut compatibility);
    sha256(&[
        b"marque/vm/v1",
        &marque_abi::ABI_VERSION.to_le_bytes(),
        &LIMITS_VERSION.to_le_bytes(),
        &SCHEDULE_VERSION.to_le_bytes(),
        &compatibility.0,
    ])
}
