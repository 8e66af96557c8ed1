//! Every limit on a contract's code, with its code, name and remedy, in one table.
//!
//! The shape limits follow NEAR's: they bound what a compiler can be made to do before it
//! starts. A module that passes them all compiles within about a second; ARCHITECTURE has
//! the measurements. Codes and names never change; a new limit gets a new code.

/// The version of this table. Part of the compiled cache's key: a change of any number
/// here is a change of what the chain accepts.
pub const LIMITS_VERSION: u32 = 1;

/// Contracts that may run inside one another, the outermost counted. The caller keeps it: what
/// a node has room for never decides a result.
pub const MAX_CALL_DEPTH: usize = 8;

macro_rules! limits {
    ($( $(#[$doc:meta])* $code:literal $name:ident = $allowed:expr, $remedy:literal; )*) => {
        /// What a module broke.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Limit {
            $( $(#[$doc])* $name, )*
        }

        impl Limit {
            /// Every limit, by code.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            /// The stable number, 6001 to 6099.
            pub const fn code(self) -> u16 {
                match self { $( Self::$name => $code, )* }
            }

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$name => stringify!($name), )* }
            }

            /// The most that is taken; 0 for what is not taken at all.
            pub const fn allowed(self) -> u64 {
                match self { $( Self::$name => $allowed, )* }
            }

            /// What to do about it.
            pub const fn remedy(self) -> &'static str {
                match self { $( Self::$name => $remedy, )* }
            }
        }
    };
}

limits! {
    // Sizes of the whole.
    /// Bytes of the module.
    6001 CodeBytes = 256 * 1024, "build with opt-level z, lto and strip, or move data out of the code";
    /// Bytes of an import's, export's or custom section's name.
    6003 NameBytes = 64, "shorten the name";
    /// Custom sections.
    6004 CustomSections = 16, "strip custom sections";
    /// Function types.
    6005 Types = 512, "use fewer distinct function signatures";
    /// Parameters of a function type.
    6006 Params = 24, "pass a pointer to a struct";
    /// Imported functions.
    6007 Imports = 64, "import each host call once";
    /// Functions that the module defines.
    6008 Functions = 4_096, "build with lto, so that unused functions go";
    /// Globals.
    6009 Globals = 64, "keep state in memory or storage";
    /// Exports.
    6010 Exports = 64, "export entries only";
    /// Tables.
    6011 Tables = 1, "use one function table";
    /// Entries of the function table.
    6012 TableEntries = 4_096, "use fewer function pointers and trait objects";
    /// Element segments.
    6013 ElementSegments = 64, "let the linker merge the segments";
    /// Functions listed in element segments, in all.
    6014 Elements = 4_096, "use fewer function pointers and trait objects";
    /// Memories.
    6015 Memories = 1, "use one memory";
    /// 64 KiB pages that the memory begins with.
    6016 InitialPages = 32, "link with a 64 KiB stack, allocate at run time";
    /// Data segments.
    6017 DataSegments = 256, "let the linker merge the segments";
    /// The end of the last data segment, in bytes of memory.
    6018 DataEnd = 32 * 65_536, "link with a 64 KiB stack before the data";

    // Sizes of one function body.
    /// Bytes of a body.
    6020 BodyBytes = 32 * 1024, "split the function, or mark parts of it inline(never)";
    /// Locals of a body, parameters included.
    6021 Locals = 256, "split the function, or mark parts of it inline(never)";
    /// Branches, targets and block ends of a body.
    6022 Blocks = 1_024, "split the function, or mark parts of it inline(never)";
    /// The work that a body makes for a compiler: see `check::work`.
    6023 BodyWork = 120_000, "split the function, or mark parts of it inline(never)";
    /// Blocks and loops open at once in a body.
    6024 Nesting = 128, "split the function, or flatten its control flow";
    /// Loops open at once in a body.
    6027 LoopNesting = 10, "split the function, or mark inner loops' functions inline(never)";
    /// Values on the operand stack at once.
    6025 OperandHeight = 256, "split the expression";
    /// Targets of one `br_table`.
    6026 BranchTargets = 1_024, "split the match";

    // Sums over all bodies.
    /// The work that all bodies make for a compiler.
    6030 ModuleWork = 700_000, "make the contract smaller: several contracts can call each other";
    /// Branches, targets and block ends, summed.
    6031 ModuleBlocks = 20_000, "make the contract smaller: several contracts can call each other";

    // What is not taken at all.
    /// Not a valid WebAssembly module.
    6040 Malformed = 0, "compile again; the bytes are damaged or not a core module";
    /// A floating-point type or instruction.
    6041 Float = 0, "use integers or the SDK's decimals; floats round differently and are never needed for custody";
    /// SIMD.
    6042 Simd = 0, "build for wasm32v1-none";
    /// Bulk memory instructions.
    6043 BulkMemory = 0, "build for wasm32v1-none";
    /// Threads, shared memory, atomics.
    6044 Threads = 0, "build for wasm32v1-none";
    /// 64-bit memory or tables.
    6045 Memory64 = 0, "build for wasm32v1-none";
    /// Reference types beyond the one function table.
    6046 ReferenceTypes = 0, "build for wasm32v1-none (rustc 1.82 and later enable this for wasm32-unknown-unknown)";
    /// Sign-extension instructions.
    6047 SignExtension = 0, "build for wasm32v1-none";
    /// Functions or blocks with several results, or blocks with parameters.
    6048 MultiValue = 0, "build for wasm32v1-none";
    /// Tail calls.
    6049 TailCall = 0, "build for wasm32v1-none";
    /// Exceptions.
    6050 Exceptions = 0, "build with panic = abort for wasm32v1-none";
    /// Garbage-collected types, typed function references, stack switching.
    6051 GarbageCollection = 0, "build for wasm32v1-none";
    /// Any other proposal beyond WebAssembly 1.0.
    6052 OtherFeature = 0, "build for wasm32v1-none";
    /// A start function, which would run before the contract is asked anything.
    6053 StartFunction = 0, "move the work into init";
    /// A component instead of a core module.
    6054 Component = 0, "deploy the core module that the component was made from";

    // How the module meets the host.
    /// An import that is no host call of this version, or not a function.
    6060 UnknownImport = 0, "import from the module marque only, through the SDK of this version";
    /// An import whose type is not the table's.
    6061 ImportType = 0, "build with the SDK of this version";
    /// An export that is neither an entry nor the memory.
    6062 UnknownExport = 0, "export the entries and the memory only";
    /// An export of the wrong kind or signature.
    6063 ExportType = 0, "entries are functions without parameters or results";
    /// The memory is not exported as `memory`, or there is none.
    6064 NoMemory = 0, "export the memory as `memory`";
    /// No entry at all.
    6065 NoEntry = 0, "write at least one rule, message or query";
    /// A segment or global whose start is not a constant, or lies outside.
    6066 Segment = 0, "build for wasm32v1-none; segments lie at constant places inside memory and table";
    /// No metadata section, two of them, or one that cannot be read.
    6070 Metadata = 0, "build with the SDK of this version, which writes the section marque.meta";
    /// The metadata's entries are not the exported ones.
    6071 MetadataEntries = 0, "build with the SDK of this version, which lists the exported entries";
}

/// Pages that a memory can grow to, whatever it declares: 16 MiB.
pub const MAX_PAGES: u32 = 256;

/// Bytes of counted stack that a call may use; see [`crate::schedule`] for a frame's size.
pub const STACK_BYTES: u32 = 1024 * 1024;

/// Bytes of one argument of a host call.
pub const MAX_ARGUMENT: u32 = 256 * 1024;

/// Bytes of a call's answer or refusal.
pub const MAX_ANSWER: u32 = 256 * 1024;

/// Bytes of a panic's message that are kept.
pub const MAX_PANIC: u32 = 512;
