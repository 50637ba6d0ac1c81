//! What distinguishes the carbon chain's node.

use gridpeg_node::{Network, Ports};

/// The carbon chain.
pub const NETWORK: Network = Network {
    id: "carbon",
    name: "Gridpeg Carbon",
    impl_name: "Gridpeg Carbon Node",
    description: "Node of the carbon chain: emissions and quota, in coins that the peg alone issues",
    wasm: carbon_runtime::WASM_BINARY,
    ss58_format: 6083,
    ports: Ports { p2p: 30433, rpc: 9945, prometheus: 9616 },
};
