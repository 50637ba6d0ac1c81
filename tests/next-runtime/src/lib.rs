//! The electricity chain's runtime, one version on: `WASM_BINARY` is what the test of a runtime upgrade upgrades to. The
//! runtime itself is `electricity-runtime` with the feature `next`.

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

#[cfg(not(feature = "std"))]
pub use electricity_runtime::*;
