//! A site's mode, and its owner.
//!
//! ## Mode
//! The owner chooses a [`Mode`] from a later month on, any later one; until that month it can be chosen again, and the
//! present mode calls the change off. A site knows two modes, the one before the last change and the one after it, so
//! that slots of the month before can still be settled as they were. So the next change waits until all of them are
//! settled ([`Error::ModeTooSoon`]): a few days at the beginning of a month.
//!
//! ## Owner
//! | | begins | ends |
//! |---|---|---|
//! | sold, moved | the owner: `propose_owner` | the operator: `confirm_owner` |
//! | the owner's key is lost | the operator: `recover_owner` | the operator: `confirm_owner`, after `ownerDelay` |
//!
//! Until then the owner and the operator can call it off (`cancel_owner`), and the owner can propose somebody else
//! instead: so an owner who still has the key **objects** to a recovery. If the key is with a thief the two are at a
//! stand: then the operator retires the site's meters and registers another site for the owner.
//!
//! A recovery that is begun takes the place of what the owner has proposed, and the other way round. Who confirms names
//! the next owner, so that nobody is confirmed who was proposed a moment ago. Orders and bills stay with the account
//! that placed them; statements go to who owns the site when they are written.

use crate::*;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_mode(who: T::AccountId, site: SiteId, mode: Mode, from: Month) -> DispatchResult {
        let mut info = Self::owned_site(&who, site)?;
        let calendar = Self::calendar();
        let month = calendar.month_of(Self::present()?);
        ensure!(from > month, Error::<T>::MonthNotLater);
        if let Some((chosen, since)) = info.next.filter(|(_, since)| *since <= month) {
            let first = *calendar.slots_of_month(since).start();
            let is_settled = first.checked_sub(1).is_none_or(|last| Settled::<T>::get() >= Some(last));
            ensure!(is_settled, Error::<T>::ModeTooSoon);
            info.mode = chosen;
        }
        info.next = (mode != info.mode).then_some((mode, from));
        Sites::<T>::insert(site, info);
        Self::deposit_event(Event::ModeSet { site, mode, from });
        Ok(())
    }

    pub(crate) fn do_propose_owner(who: T::AccountId, site: SiteId, to: T::AccountId) -> DispatchResult {
        let info = Self::owned_site(&who, site)?;
        ensure!(to != info.owner, Error::<T>::SameOwner);
        Proposals::<T>::insert(site, Proposal { to: to.clone(), not_before: None });
        Self::deposit_event(Event::OwnerProposed { site, to });
        Ok(())
    }

    pub(crate) fn do_recover_owner(who: T::AccountId, site: SiteId, to: T::AccountId) -> DispatchResult {
        let info = Self::operated_site(&who, site)?;
        ensure!(to != info.owner, Error::<T>::SameOwner);
        let not_before = Self::now().saturating_add(SettingsOf::<T>::get().owner_delay);
        Proposals::<T>::insert(site, Proposal { to: to.clone(), not_before: Some(not_before) });
        Self::deposit_event(Event::RecoveryBegun { site, to, not_before });
        Ok(())
    }

    pub(crate) fn do_cancel_owner(who: T::AccountId, site: SiteId) -> DispatchResult {
        if Self::owned_site(&who, site).is_err() {
            Self::operated_site(&who, site)?;
        }
        Proposals::<T>::take(site).ok_or(Error::<T>::NoProposal)?;
        Self::deposit_event(Event::OwnerKept { site, by: who });
        Ok(())
    }

    pub(crate) fn do_confirm_owner(who: T::AccountId, site: SiteId, to: T::AccountId) -> DispatchResult {
        let mut info = Self::operated_site(&who, site)?;
        let proposal = Proposals::<T>::get(site).ok_or(Error::<T>::NoProposal)?;
        ensure!(proposal.to == to, Error::<T>::ProposalChanged);
        let is_due = proposal.not_before.is_none_or(|not_before| Self::now() >= not_before);
        ensure!(is_due, Error::<T>::RecoveryTooSoon);
        Proposals::<T>::remove(site);
        let from = core::mem::replace(&mut info.owner, to.clone());
        Sites::<T>::insert(site, info);
        SitesOf::<T>::remove(&from, site.to_be_bytes());
        SitesOf::<T>::insert(&to, site.to_be_bytes(), ());
        Self::deposit_event(Event::OwnerChanged { site, from, to });
        Ok(())
    }
}
