//! The node of the electricity chain, the main chain.

fn main() {
    if let Err(error) = gridpeg_node::run(electricity_node::NETWORK) {
        eprintln!("Error: {error}");
        std::process::exit(1);
    }
}
