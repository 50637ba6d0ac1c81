//! What distinguishes the electricity chain's node.

use gridpeg_node::{Network, Ports};

/// The electricity chain.
pub const NETWORK: Network = Network {
    id: "electricity",
    name: "Gridpeg Electricity",
    impl_name: "Gridpeg Electricity Node",
    description: "Node of the electricity chain: PV trades, and the escrow behind the carbon chain's coins",
    wasm: electricity_runtime::WASM_BINARY,
    ss58_format: 6082,
    ports: Ports { p2p: 30333, rpc: 9944, prometheus: 9615 },
};
