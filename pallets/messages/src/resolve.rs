//! After a conflict: does the counterpart's heaviest branch still have what was received?

use super::inbox::Theirs;
use super::*;

impl<T: Config> Pallet<T> {
    /// In a conflict: by how much more was received than the counterpart's heaviest branch has sent, as far as that was
    /// proven. `None` without a conflict, whatever an earlier one has left in [`Deficit`].
    pub fn deficit() -> Option<Balance> {
        Deficit::<T>::get().filter(|_| T::Counterpart::conflict())
    }

    /// What [`Call::resolve`] costs at most.
    pub(super) fn resolve_weight() -> Weight {
        // The light client starts on the present branch again; importing a header costs at least as much.
        T::WeightInfo::resolve()
            .saturating_add(T::Counterpart::proof_weight())
            .saturating_add(T::Counterpart::import_weight(1))
    }

    pub(super) fn do_resolve(at: &HeaderProof, proven: &LeafProof) -> Result<Pays, DispatchError> {
        let chain = T::Counterpart::genesis().ok_or(Error::<T>::NotAnchored)?;
        ensure!(T::Counterpart::conflict(), Error::<T>::NoConflict);
        Theirs::at::<T>(chain, at)?.verify::<T>(proven)?;
        let Some(backed) = Self::backed_otherwise(&proven.leaf)? else {
            Deficit::<T>::kill();
            T::Counterpart::resolve_conflict();
            Self::deposit_event(Event::ConflictResolved);
            return Ok(Pays::No);
        };
        let (_, received_total) = T::Receiver::totals();
        let deficit = received_total.saturating_sub(backed);
        let before = Deficit::<T>::get();
        ensure!(before != Some(deficit), Error::<T>::NothingNew);
        Deficit::<T>::put(deficit);
        Self::deposit_event(Event::DeficitFound { deficit });
        // Two leaves in turns would otherwise change it without end and for nothing.
        Ok(if before.is_none_or(|before| deficit < before) { Pays::No } else { Pays::Yes })
    }

    /// `None` if a leaf of the counterpart's heaviest branch shows that all that was received is part of it; otherwise
    /// how much that branch has sent up to there.
    fn backed_otherwise(leaf: &OutboxLeaf) -> Result<Option<Balance>, DispatchError> {
        let (received, last, own) = (Received::<T>::get(), LastReceived::<T>::get(), Self::own_genesis());
        let (agrees, backed) = match leaf {
            // Nothing was received, so nothing can be lost.
            OutboxLeaf::State(state) if received == 0 => (true, state.sent_total),
            OutboxLeaf::State(state) if state.sent <= received => {
                (state.sent == received && state.last_sent == last, state.sent_total)
            }
            OutboxLeaf::Message(message) if message.nonce == received && message.destination == own => {
                let Payload::Transfer(transfer) = &message.payload;
                (message.hash() == last, transfer.total)
            }
            _ => return Err(Error::<T>::UnexpectedLeaf.into()),
        };
        Ok((!agrees).then_some(backed))
    }
}
