# shellcheck shell=bash
# Which toolchain builds the runtimes. Sourced by scripts/env and scripts/wasm-target.

WASM_TARGET=wasm32v1-none
DEBIAN_WASM_LIB=/usr/lib/rustlib/$WASM_TARGET/lib

_have_core() { compgen -G "$1/libcore-*.rlib" >/dev/null; }

# The default toolchain can build for the wasm target.
default_toolchain_has_wasm() {
    local sysroot
    sysroot=$(rustc --print sysroot 2>/dev/null) && _have_core "$sysroot/lib/rustlib/$WASM_TARGET/lib"
}

# Debian's toolchain can, and rustup knows it as `debian`.
debian_toolchain_has_wasm() {
    _have_core "$DEBIAN_WASM_LIB" && rustup run debian rustc --version >/dev/null 2>&1
}

# Sends the runtimes' build to Debian's toolchain if it is the only one that has the target.
use_wasm_toolchain() {
    if ! default_toolchain_has_wasm && debian_toolchain_has_wasm; then
        export WASM_BUILD_TOOLCHAIN=debian
        export CARGO_TARGET_WASM32V1_NONE_LINKER=wasm-ld-22
    fi
}
