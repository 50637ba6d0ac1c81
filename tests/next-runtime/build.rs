fn main() {
    // Its metadata hash is not asked for, so it is built once, not twice.
    #[cfg(feature = "std")]
    substrate_wasm_builder::WasmBuilder::init_with_defaults().build();
}
