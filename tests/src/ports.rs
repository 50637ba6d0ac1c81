//! Ports of this machine that nothing listens on.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::atomic::{AtomicU32, Ordering},
};

/// The ports that are tried lie below those that the kernel gives to outgoing connections: a node that is restarted must
/// find its ports free.
const FIRST: u16 = 20_000;
/// How many there are.
const COUNT: u32 = 12_000;

/// A port on the loopback interface that nothing listens on. Each call gives another one.
pub(crate) fn free() -> u16 {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    // Other tests that run at the same time begin elsewhere.
    let begin = std::process::id().wrapping_mul(97) % COUNT;
    let next = || FIRST + ((begin + CALLS.fetch_add(1, Ordering::Relaxed)) % COUNT) as u16;
    let found = (0..COUNT).map(|_| next()).find(|port| is_free(*port));
    found.unwrap_or_else(|| panic!("all {COUNT} ports from {FIRST} on are in use on the loopback interface"))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_free_and_given_once() {
        let port = free();
        assert_ne!(free(), port);
        assert!(is_free(port));
        let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        assert!(!is_free(port));
    }
}
