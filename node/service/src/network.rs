//! What distinguishes one chain's node from the other's.

/// One chain, as its binary describes it.
#[derive(Clone, Copy, Debug)]
pub struct Network {
    /// Short name, lower case: the prefix of its spec ids and its network protocol's id.
    pub id: &'static str,
    /// Name that wallets and logs show.
    pub name: &'static str,
    /// The node's name, as `system_name` reports it.
    pub impl_name: &'static str,
    /// One line for `--help`.
    pub description: &'static str,
    /// The runtime's wasm blob; `None` if the binary was built with `SKIP_WASM_BUILD`.
    pub wasm: Option<&'static [u8]>,
    /// Prefix of its addresses.
    pub ss58_format: u16,
    /// Ports that the node listens on unless told otherwise.
    pub ports: Ports,
}

/// Default TCP ports.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// Peer-to-peer network (`--port`).
    pub p2p: u16,
    /// JSON-RPC over HTTP and WebSocket (`--rpc-port`).
    pub rpc: u16,
    /// Prometheus metrics (`--prometheus-port`).
    pub prometheus: u16,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A network without a runtime.
    pub(crate) const NETWORK: Network = Network {
        id: "test",
        name: "Test",
        impl_name: "Test Node",
        description: "A node for tests",
        wasm: None,
        ss58_format: 6083,
        ports: Ports { p2p: 30433, rpc: 9945, prometheus: 9616 },
    };
}
