//! Exit codes. 2 is clap's: the command line is not understood.

/// Stopped by a signal, or all is well.
pub(crate) const GOOD: u8 = 0;
/// The configuration is bad, or the metrics address is in use.
pub(crate) const BAD_CONFIGURATION: u8 = 1;
/// The two nodes are not a pair.
pub(crate) const NO_PAIR: u8 = 3;
/// Something needs the operator.
pub(crate) const NEEDS_OPERATOR: u8 = 4;
/// Something is left to be carried.
pub(crate) const LEFT: u8 = 5;

/// The code of `status`.
pub(crate) fn of_status(healthy: bool) -> u8 {
    if healthy {
        GOOD
    } else {
        NEEDS_OPERATOR
    }
}

/// The code of `check-pair`.
pub(crate) fn of_check_pair(pair: bool) -> u8 {
    if pair {
        GOOD
    } else {
        NO_PAIR
    }
}

/// The code of `relay-once`.
pub(crate) fn of_relay_once(left: bool) -> u8 {
    if left {
        LEFT
    } else {
        GOOD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_has_its_code() {
        assert_eq!((of_status(true), of_status(false)), (0, 4));
        assert_eq!((of_check_pair(true), of_check_pair(false)), (0, 3));
        assert_eq!((of_relay_once(false), of_relay_once(true)), (0, 5));
        let codes = [GOOD, BAD_CONFIGURATION, NO_PAIR, NEEDS_OPERATOR, LEFT];
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
