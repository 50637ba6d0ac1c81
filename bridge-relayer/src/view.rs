//! What both chains say at one moment: what a pass goes by.

use crate::{
    chain::{Chain, Head},
    engine::Link,
    error::Error,
};
use gridpeg_header::{Tip, H256};
use gridpeg_messages::units::Balance;
use gridpeg_runtime_api::{Conflict, KnownHeader, LanesStatus, RelayLimits};

/// Both chains at their best blocks.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// The destination's best block.
    pub(crate) at: Head,
    /// The heaviest source header that the destination's light client knows.
    pub(crate) known: Tip,
    /// The lanes at the destination.
    pub(crate) lanes: LanesStatus,
    /// What freezes the destination.
    pub(crate) conflict: Option<Conflict>,
    /// What the destination takes in a call.
    pub(crate) limits: RelayLimits,
    /// What the signer has.
    pub(crate) balance: Balance,
    /// The source's best block.
    pub(crate) head: Head,
    /// The lanes at the source.
    pub(crate) source: LanesStatus,
}

impl View {
    /// Asks both nodes.
    pub(crate) async fn ask(link: &Link<'_>) -> Result<Self, Error> {
        let (head, at) = tokio::try_join!(link.source.head(), link.destination.head())?;
        let (source, known, lanes, conflict, limits, balance) = tokio::try_join!(
            lanes(link.source, head.hash),
            link.destination.api::<Option<Tip>>("LightClientApi_best", &[], at.hash),
            lanes(link.destination, at.hash),
            link.destination.api::<Option<Conflict>>("LightClientApi_conflict", &[], at.hash),
            link.destination.api::<RelayLimits>("LanesApi_limits", &[], at.hash),
            link.destination.balance(link.signer.public_key().0, at.hash),
        )?;
        let lanes = in_conflict(lanes, conflict);
        let known =
            known.ok_or_else(|| Error::Data(format!("{} chain: the light client is empty", link.destination.name)))?;
        Ok(Self { at, known, lanes, conflict, limits, balance, head, source })
    }

    /// What keeps messages and receipts from being delivered now, if anything does.
    pub(crate) fn obstacle(&self) -> Option<String> {
        if let Some(conflict) = self.conflict {
            return Some(format!(
                "the destination is frozen: a heavier branch has replaced {} headers above #{}, confirmed ones among them",
                conflict.depth, conflict.common,
            ));
        }
        let until = self.lanes.paused_until?;
        Some(format!("the destination's lanes are paused until its block #{until}"))
    }
}

/// Both lanes of a chain.
pub(crate) async fn lanes(chain: &Chain, at: H256) -> Result<LanesStatus, Error> {
    chain.api("LanesApi_lanes", &[], at).await
}

/// A deficit counts in the conflict in which it was found; the chain may keep it longer.
pub(crate) fn in_conflict(lanes: LanesStatus, conflict: Option<Conflict>) -> LanesStatus {
    LanesStatus { deficit: lanes.deficit.filter(|_| conflict.is_some()), ..lanes }
}

/// What a chain's light client knows of a header of the counterpart.
pub(crate) async fn known_header(chain: &Chain, header: H256, at: H256) -> Result<Option<KnownHeader>, Error> {
    chain.api("LightClientApi_header", header.as_bytes(), at).await
}
