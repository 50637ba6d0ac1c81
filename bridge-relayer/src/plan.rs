//! Which receipts and messages to carry, from what both chains say of their lanes.

use crate::{config::Carry, view::View};
use gridpeg_header::Millis;
use gridpeg_messages::{LaneState, Nonce};
use gridpeg_runtime_api::LanesStatus;

/// What a call brings besides headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Receipts of the destination's own messages, by their nonces.
    pub(crate) receipts: Vec<Nonce>,
    /// Messages to the destination.
    pub(crate) messages: Vec<Nonce>,
    /// There are more than one call takes.
    pub(crate) more: bool,
}

/// What the destination lacks of what the source's lanes had at a confirmed header, as much as one call takes. Receipts
/// come first: they cost no room at the destination, they make some.
pub(crate) fn wanted(destination: &LanesStatus, source: &LaneState, most: u32) -> Wanted {
    let (receipts, receipts_left) = run(destination.settled, source.received, most.into());
    let room = u64::from(most).saturating_sub(receipts.len() as u64);
    let (messages, messages_left) = run(destination.state.received, source.sent, room);
    Wanted { receipts, messages, more: receipts_left || messages_left }
}

/// The nonces above `done` up to `there`, at most so many, and whether some are left.
fn run(done: Nonce, there: Nonce, most: u64) -> (Vec<Nonce>, bool) {
    let last = there.min(done.saturating_add(most));
    ((done.saturating_add(1)..=last).collect(), there > last.max(done))
}

/// Whether the source has anything that the destination lacks, confirmed or not.
pub(crate) fn is_due(view: &View) -> bool {
    view.source.state.sent > view.lanes.state.received || view.source.state.received > view.lanes.settled
}

/// Whether the destination takes messages and receipts now, and this relayer is to carry them.
pub(crate) fn takes_leaves(view: &View, carry: Carry) -> bool {
    carry == Carry::All && view.conflict.is_none() && view.lanes.paused_until.is_none()
}

/// Whether the destination's light client is recent enough to take leaves when its heaviest header has this time. Somewhat
/// less than what the destination allows: the next block's clock is ahead of the last one's.
pub(crate) fn is_recent(view: &View, tip_time: Millis) -> bool {
    let allowed = view.limits.max_tip_age;
    let margin = allowed.checked_div(24).unwrap_or_default();
    view.at.time.saturating_add(margin) < tip_time.saturating_add(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Head;
    use gridpeg_header::{forge::easy_parameters, Tip, H256, U256};
    use gridpeg_runtime_api::{Conflict, RelayLimits};

    const HOUR: Millis = 3_600_000;

    #[test]
    fn leaves_wait_until_the_light_client_is_recent() {
        let view = view(status(1, 0, 0), status(0, 0, 0));
        assert!(is_recent(&view, 100 * HOUR));
        assert!(is_recent(&view, 78 * HOUR));
        assert!(!is_recent(&view, 77 * HOUR));
        assert!(!is_recent(&view, 0));
    }

    fn status(sent: Nonce, received: Nonce, settled: Nonce) -> LanesStatus {
        LanesStatus {
            state: LaneState { sent, received, ..Default::default() },
            settled,
            acknowledged: 0,
            paused_until: None,
            deficit: None,
        }
    }

    fn view(source: LanesStatus, lanes: LanesStatus) -> View {
        let head = Head { number: 9, hash: H256::zero(), time: 100 * HOUR, work: U256::zero() };
        View {
            at: head,
            known: Tip::genesis(H256::zero(), &easy_parameters()),
            lanes,
            conflict: None,
            limits: RelayLimits { headers: 64, leaves: 32, window: 256, max_tip_age: 24 * HOUR },
            balance: 0,
            head,
            source,
        }
    }

    #[test]
    fn all_that_is_missing_is_wanted_receipts_first() {
        let destination = status(5, 7, 2);
        let wanted = wanted(&destination, &status(9, 4, 0).state, 32);
        assert_eq!(wanted, Wanted { receipts: vec![3, 4], messages: vec![8, 9], more: false });
    }

    #[test]
    fn receipts_are_wanted_without_messages() {
        let wanted = wanted(&status(5, 7, 2), &status(7, 5, 0).state, 32);
        assert_eq!(wanted, Wanted { receipts: vec![3, 4, 5], messages: vec![], more: false });
    }

    #[test]
    fn a_call_takes_a_limited_number_and_the_rest_comes_later() {
        let destination = status(9, 0, 0);
        let wanted = |most| super::wanted(&destination, &status(3, 2, 0).state, most);
        assert_eq!(wanted(4), Wanted { receipts: vec![1, 2], messages: vec![1, 2], more: true });
        assert_eq!(wanted(5), Wanted { receipts: vec![1, 2], messages: vec![1, 2, 3], more: false });
        assert_eq!(wanted(1), Wanted { receipts: vec![1], messages: vec![], more: true });
        // A node cannot make the relayer collect for ever.
        let liar = super::wanted(&destination, &status(Nonce::MAX, Nonce::MAX, 0).state, 3);
        assert_eq!((liar.receipts.len(), liar.messages.len(), liar.more), (3, 0, true));
    }

    #[test]
    fn nothing_is_wanted_of_a_header_that_is_behind_the_destination() {
        assert_eq!(wanted(&status(5, 7, 5), &status(6, 4, 0).state, 32), Wanted::default());
        assert_eq!(wanted(&status(0, Nonce::MAX, Nonce::MAX), &status(6, 4, 0).state, 32), Wanted::default());
    }

    #[test]
    fn a_direction_is_idle_when_the_destination_has_all() {
        assert!(!is_due(&view(status(3, 2, 3), status(2, 3, 2))));
        assert!(is_due(&view(status(4, 2, 3), status(2, 3, 2))));
        assert!(is_due(&view(status(3, 2, 3), status(2, 3, 1))));
    }

    #[test]
    fn only_headers_go_to_a_frozen_or_paused_destination() {
        let mut view = view(status(1, 0, 0), status(0, 0, 0));
        assert!(takes_leaves(&view, Carry::All));
        assert_eq!(view.obstacle(), None);
        assert!(!takes_leaves(&view, Carry::Headers));
        view.lanes.paused_until = Some(50);
        assert!(!takes_leaves(&view, Carry::All));
        assert!(view.obstacle().unwrap().contains("paused until its block #50"));
        view.lanes.paused_until = None;
        view.conflict = Some(Conflict { confirmed: (8, H256::zero()), common: 4, depth: 5 });
        assert!(!takes_leaves(&view, Carry::All));
        assert!(view.obstacle().unwrap().contains("replaced 5 headers above #4"));
    }
}
