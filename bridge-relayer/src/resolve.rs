//! Ending a conflict: the destination acted on headers that were confirmed, and a heavier branch has replaced them. It
//! is frozen until it is proven that the branch which is heaviest now says the same of what was received.
//!
//! Two leaves can prove that: the source's lane state, where it has sent no more than was received; or the message that
//! was received last, while it is open. They are looked for in the newest header that is confirmed on the new branch,
//! once for each.

use crate::{backoff::Reminder, engine::Link, error::Error, leaves::Tree, transaction::Call, view::View};
use gridpeg_header::{Tip, H256};
use gridpeg_messages::{units::Balance, HeaderProof, LaneState, Nonce, OutboxLeaf, Payload};
use std::time::{Duration, Instant};
use tracing::{info, warn};

const RESOLVE: Call = Call { pallet: "Lanes", name: "resolve" };
/// The node's answer when a message is not open at a block.
const NOT_OPEN: i32 = -32102;
/// How often it is said what an operator has to do.
const REMINDER: Duration = Duration::from_secs(600);

/// What was tried.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    /// The header that was tried last.
    header: Option<H256>,
    reminder: Reminder,
}

/// The leaf that can prove that both chains agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// The source's lanes.
    State,
    /// The message that was received last.
    Message(Nonce),
}

/// What the destination will make of a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Both chains agree: the conflict ends.
    Agree,
    /// So much was received that was not sent.
    Deficit(Balance),
    /// No less than is known: the call would be refused, or paid for.
    Known(Balance),
}

/// Tries to end a conflict, once for each newly confirmed header.
pub(crate) async fn attempt(link: &Link<'_>, view: &View, attempts: &mut Attempts) -> Result<(), Error> {
    // Of the branch that is heaviest now, not of the one that was confirmed before.
    let confirmed: Option<Tip> = link.destination.api("LightClientApi_confirmed", &[], view.at.hash).await?;
    let Some(header) = confirmed.filter(|tip| tip.number > 0 && attempts.header != Some(tip.hash)) else {
        return Ok(());
    };
    let tree = Tree::of(link.source, &header).await?;
    let (state, mut proof) = tree.state().await?;
    if let Choice::Message(nonce) = choose(&state, &view.lanes.state) {
        let found = match tree.messages(&[nonce]).await {
            Err(Error::Refused { code: NOT_OPEN, .. }) => None,
            found => found?.pop(),
        };
        let Some(found) = found else {
            attempts.header = Some(header.hash);
            say(link, attempts, &not_open(link, nonce, &header));
            return Ok(());
        };
        proof = found;
    }
    let verdict = judge(&proof.leaf, &view.lanes.state, view.lanes.deficit);
    if let Verdict::Known(deficit) = verdict {
        attempts.header = Some(header.hash);
        say(link, attempts, &unbacked(link, deficit));
        return Ok(());
    }
    let arguments = (HeaderProof::Kept(header.hash), proof);
    let timeout = link.settings.inclusion_timeout;
    let result = link.destination.submit(link.direction, link.signer, RESOLVE, &arguments, timeout).await;
    link.metrics.transaction(&result);
    if matches!(result, Ok(_) | Err(Error::Dispatch { .. })) {
        attempts.header = Some(header.hash);
    }
    let included = result?;
    let (number, block) = (included.number, included.block);
    if included.events.iter().any(|event| event.fields_of(RESOLVE.pallet, "ConflictResolved").is_some()) {
        info!(
            direction = %link.direction,
            header = header.number,
            header_hash = ?header.hash,
            block = number,
            block_hash = ?block,
            "conflict resolved",
        );
    } else if let Verdict::Deficit(deficit) = verdict {
        say(link, attempts, &unbacked(link, deficit));
    }
    Ok(())
}

fn choose(source: &LaneState, destination: &LaneState) -> Choice {
    if destination.received == 0 || source.sent <= destination.received {
        return Choice::State;
    }
    Choice::Message(destination.received)
}

/// What the destination will make of a leaf, by its own rule.
fn judge(leaf: &OutboxLeaf, destination: &LaneState, known: Option<Balance>) -> Verdict {
    let (agrees, backed) = match leaf {
        OutboxLeaf::State(source) => {
            let same = source.sent == destination.received && source.last_sent == destination.last_received;
            (destination.received == 0 || same, source.sent_total)
        }
        OutboxLeaf::Message(message) => {
            let Payload::Transfer(transfer) = &message.payload;
            (message.hash() == destination.last_received, transfer.total)
        }
        OutboxLeaf::Receipt(_) => (false, 0),
    };
    let deficit = destination.received_total.saturating_sub(backed);
    match known {
        _ if agrees => Verdict::Agree,
        Some(known) if deficit >= known => Verdict::Known(deficit),
        _ => Verdict::Deficit(deficit),
    }
}

fn say(link: &Link<'_>, attempts: &mut Attempts, what: &str) {
    if attempts.reminder.due(Instant::now(), REMINDER) {
        warn!(direction = %link.direction, "the conflict needs the authorities: {what}");
    }
}

fn unbacked(link: &Link<'_>, deficit: Balance) -> String {
    format!(
        "the {destination} chain has received {deficit} units more than the heaviest branch of the {source} chain has \
         sent, or other messages; it stays frozen. Find out who mined the new branch. If the old one becomes the \
         heaviest again, the conflict ends by itself; otherwise make good the deficit by an upgrade of the runtime",
        source = link.source.name,
        destination = link.destination.name,
    )
}

fn not_open(link: &Link<'_>, nonce: Nonce, header: &Tip) -> String {
    format!(
        "message {nonce}, the last one that the {destination} chain received, is not open at block #{number} of the \
         {source} chain, so this header proves nothing. Take an older block of the {source} chain's present branch in \
         which it was open, get joint_proof({nonce}, block) and joint_ancestor(block) from a {source} node, and submit \
         lanes.resolve on the {destination} chain with their `encoded` fields",
        source = link.source.name,
        destination = link.destination.name,
        number = header.number,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_messages::{Message, Transfer};

    fn message(nonce: Nonce, total: Balance) -> Message {
        let transfer = Transfer { sender: [3; 32], recipient: [4; 32], amount: 5, total };
        Message {
            destination: H256::repeat_byte(2),
            nonce,
            previous: H256::zero(),
            acknowledged: 0,
            payload: Payload::Transfer(transfer),
        }
    }

    fn received(nonce: Nonce, total: Balance) -> LaneState {
        LaneState {
            received: nonce,
            received_total: total,
            last_received: message(nonce, total).hash(),
            ..Default::default()
        }
    }

    fn sent(nonce: Nonce, total: Balance) -> LaneState {
        LaneState { sent: nonce, sent_total: total, last_sent: message(nonce, total).hash(), ..Default::default() }
    }

    #[test]
    fn the_state_proves_where_no_more_was_sent_than_received_else_the_last_message() {
        assert_eq!(choose(&sent(4, 40), &received(5, 50)), Choice::State);
        assert_eq!(choose(&sent(5, 50), &received(5, 50)), Choice::State);
        assert_eq!(choose(&sent(6, 60), &received(5, 50)), Choice::Message(5));
        // Nothing was received, so nothing can be lost.
        assert_eq!(choose(&sent(6, 60), &LaneState::default()), Choice::State);
    }

    #[test]
    fn the_same_last_message_agrees() {
        let destination = received(5, 50);
        assert_eq!(judge(&OutboxLeaf::State(sent(5, 50)), &destination, None), Verdict::Agree);
        assert_eq!(judge(&OutboxLeaf::Message(message(5, 50)), &destination, Some(3)), Verdict::Agree);
        assert_eq!(judge(&OutboxLeaf::State(sent(6, 60)), &LaneState::default(), None), Verdict::Agree);
    }

    #[test]
    fn what_was_not_sent_is_a_deficit_and_is_reported_once() {
        let destination = received(5, 50);
        let state = OutboxLeaf::State(sent(4, 40));
        assert_eq!(judge(&state, &destination, None), Verdict::Deficit(10));
        assert_eq!(judge(&state, &destination, Some(10)), Verdict::Known(10));
        // A lower one is news; a higher one shows any earlier header, and would be paid for.
        assert_eq!(judge(&state, &destination, Some(12)), Verdict::Deficit(10));
        assert_eq!(judge(&state, &destination, Some(7)), Verdict::Known(10));
        // Another message of the same sum: nothing is missing in total, but the chains do not agree.
        let other = OutboxLeaf::Message(message(5, 70));
        assert_eq!(judge(&other, &destination, None), Verdict::Deficit(0));
    }
}
