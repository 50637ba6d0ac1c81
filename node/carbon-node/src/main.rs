//! The node of the carbon chain, the side chain.

fn main() {
    if let Err(error) = gridpeg_node::run(carbon_node::NETWORK) {
        eprintln!("Error: {error}");
        std::process::exit(1);
    }
}
