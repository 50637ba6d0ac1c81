//! The node of the electricity chain, the main chain.

use gridpeg_node::{Network, Ports};

fn main() {
    let network = Network {
        id: "electricity",
        name: "Gridpeg Electricity",
        impl_name: "Gridpeg Electricity Node",
        description: "Node of the electricity chain: PV trades, and the escrow behind the carbon chain's coins",
        wasm: electricity_runtime::WASM_BINARY,
        ss58_format: 6082,
        ports: Ports { p2p: 30333, rpc: 9944, prometheus: 9615 },
    };
    if let Err(error) = gridpeg_node::run(network) {
        eprintln!("Error: {error}");
        std::process::exit(1);
    }
}
