//! How a contract's crate becomes the module that a chain runs, for whoever asks cargo for it:
//! the binary's own build, `marque contract build` and contracts' tests. Two that say the same
//! of the same source get the same bytes.

/// What contracts are compiled to.
pub const TARGET: &str = "wasm32v1-none";

/// The profile that they are compiled with.
pub const PROFILE: &str = "contract";

/// Cargo's `--config`: the profile, whatever the workspace says.
pub const CONFIG: [&str; 9] = [
    "profile.contract.inherits=\"release\"",
    "profile.contract.opt-level=\"z\"",
    "profile.contract.lto=true",
    "profile.contract.codegen-units=1",
    "profile.contract.panic=\"abort\"",
    "profile.contract.strip=true",
    "profile.contract.debug=false",
    "profile.contract.overflow-checks=true",
    "profile.contract.incremental=false",
];

/// Rustc's flags: a stack of 64 KiB, since the linker's own default is a megabyte of memory; and
/// calls and addresses in as few bytes as they need, which is a tenth of the code: the linker
/// leaves room for the largest of them unless told.
pub const LINK: [&str; 2] = [
    "-Clink-arg=-zstack-size=65536",
    "-Clink-arg=--compress-relocations",
];

/// Where the flags go, between them [`FLAGS_END`]: the one way that no configuration adds to.
pub const FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";

/// What ends each flag but the last.
pub const FLAGS_END: &str = "\u{1f}";

/// What the user's shell, or an outer build, sets for other builds and must not reach a
/// contract's. A target folder is not among them: where it stands changes no byte.
pub const OUTER: [&str; 6] = [
    "RUSTFLAGS",
    FLAGS,
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_TARGET",
    "CARGO_INCREMENTAL",
];

/// Rustc's flag that puts a name in the place of a folder, as `=folder=name`, so that a module
/// does not tell where, or by whom, it was built. Of two that fit, rustc takes the last.
pub const REMAP: &str = "--remap-path-prefix";

/// What stands for the compiler's own folder.
pub const AS_RUST: &str = "/rust";

/// What stands for the workspace.
pub const AS_PROJECT: &str = "/project";

/// What stands for the target folder: build scripts write sources there.
pub const AS_TARGET: &str = "/target";

/// What stands for the folder of any registry's sources.
pub const AS_REGISTRY: &str = "/registry";
