//! How long has a message waited? Messages carry no time, so the block that sent one is looked for.

use crate::{
    chain::{Chain, Head},
    error::Error,
};
use gridpeg_header::Millis;
use gridpeg_messages::Nonce;

/// The time of the block in which a message was sent. The head's lanes have it. `None` if the node cannot say: it has
/// reorganised meanwhile, or does not keep the leaves of old blocks.
pub(crate) async fn sent_at(source: &Chain, head: &Head, nonce: Nonce) -> Result<Option<Millis>, Error> {
    match find(source, head, nonce).await {
        Err(Error::Refused { .. } | Error::Data(_)) => Ok(None),
        found => found.map(Some),
    }
}

async fn find(source: &Chain, head: &Head, nonce: Nonce) -> Result<Millis, Error> {
    let mut search = Search::below(head.number);
    while let Some(number) = search.probe() {
        let block = source.header_at(number).await?;
        let sent = source.lane_state(block.hash()).await?.sent;
        search.learn(number, sent >= nonce);
    }
    let block = source.header_at(search.lowest).await?;
    Ok(source.describe(&block)?.time)
}

/// Looks for the lowest height at which something holds that holds from there on, and not at genesis: first close to
/// the top, in steps that double, then by halves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Search {
    /// It does not hold here.
    never: u32,
    /// It holds here.
    lowest: u32,
    /// Width of the next step down, while it has held at every height looked at.
    step: Option<u32>,
}

impl Search {
    /// It holds at `top`.
    fn below(top: u32) -> Self {
        Self { never: 0, lowest: top, step: Some(1) }
    }

    /// The height to look at next; `None` when `lowest` is found.
    fn probe(&self) -> Option<u32> {
        let width = self.lowest.saturating_sub(self.never);
        if width <= 1 {
            return None;
        }
        let down = match self.step {
            Some(step) if step < width => step,
            _ => width / 2,
        };
        Some(self.lowest.saturating_sub(down))
    }

    /// Whether it holds at the height that was looked at.
    fn learn(&mut self, number: u32, holds: bool) {
        if holds {
            self.lowest = number;
            self.step = self.step.map(|step| step.saturating_mul(2));
        } else {
            self.never = number;
            self.step = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found when it holds from `first` to `top`, and in how many looks.
    fn search(first: u32, top: u32) -> (u32, u32) {
        let mut search = Search::below(top);
        let mut looks = 0;
        while let Some(number) = search.probe() {
            search.learn(number, number >= first);
            looks += 1;
        }
        (search.lowest, looks)
    }

    #[test]
    fn the_first_height_is_found_wherever_it_is() {
        for top in 1..40 {
            for first in 1..=top {
                assert_eq!(search(first, top).0, first, "from {first} to {top}");
            }
        }
    }

    #[test]
    fn what_is_recent_is_found_in_a_few_looks_and_the_rest_in_twice_as_many_as_halving_takes() {
        let top = 1_000_000;
        assert_eq!(search(top, top), (top, 1));
        assert!(search(top - 10, top).1 <= 8);
        assert!(search(1, top).1 <= 40);
        assert!(search(top / 2, top).1 <= 40);
    }
}
