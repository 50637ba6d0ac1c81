//! The node of the carbon chain, the side chain.

use gridpeg_node::{Network, Ports};

fn main() {
    let network = Network {
        id: "carbon",
        name: "Gridpeg Carbon",
        impl_name: "Gridpeg Carbon Node",
        description: "Node of the carbon chain: emissions and quota, in coins that the peg alone issues",
        wasm: carbon_runtime::WASM_BINARY,
        ss58_format: 6083,
        ports: Ports { p2p: 30433, rpc: 9945, prometheus: 9616 },
    };
    if let Err(error) = gridpeg_node::run(network) {
        eprintln!("Error: {error}");
        std::process::exit(1);
    }
}
