//! Storage forms.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_copula::{
    claim::{MAX_OBSERVATIONS, MIN_OBSERVATIONS},
    prices::{Price, PricePair},
};
use gridpeg_header::{Claim, Millis};
use gridpeg_messages::prices::{Side, Summary};
use scale_info::TypeInfo;

/// Unrelated accounts that each side of the trade needs for its price to count.
pub const MIN_PARTIES: u32 = 2;
/// The shortest clearing period: a second.
pub const MIN_CLEARING_PERIOD: Millis = 1_000;
/// The longest clearing period: 366 days.
pub const MAX_CLEARING_PERIOD: Millis = 366 * 24 * 60 * 60 * 1_000;

/// What genesis fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Settings {
    /// Length of a clearing period in milliseconds. Period number n is from n · length to (n + 1) · length, Unix time.
    pub clearing_period: Millis,
    /// Most pairs in the window, [`MIN_OBSERVATIONS`] to [`MAX_OBSERVATIONS`].
    pub window: u32,
    /// Least Wh that a period's electricity price needs behind it.
    pub minimum_electricity: u128,
    /// Least grams that a period's carbon price needs behind it.
    pub minimum_carbon: u128,
}

impl Settings {
    /// Daily periods, 512 pairs, 1 kWh, 1 kg.
    pub const DEFAULT: Self =
        Self { clearing_period: 24 * 60 * 60 * 1_000, window: 512, minimum_electricity: 1_000, minimum_carbon: 1_000 };

    /// Which value is out of bounds, and what its bounds are.
    pub fn check(&self) -> Result<(), &'static str> {
        if !(MIN_CLEARING_PERIOD..=MAX_CLEARING_PERIOD).contains(&self.clearing_period) {
            return Err("clearingPeriod must be 1000 to 31622400000 ms");
        }
        if !(MIN_OBSERVATIONS..=MAX_OBSERVATIONS).contains(&self.window) {
            return Err("window must be 30 to 1024 pairs");
        }
        if self.minimum_electricity == 0 || self.minimum_carbon == 0 {
            return Err("minimumElectricity and minimumCarbon must be at least 1");
        }
        Ok(())
    }

    /// When a period ends, in Unix milliseconds; `None` if that is no u64.
    pub(crate) fn end_of(&self, period: u64) -> Option<Millis> {
        period.checked_add(1)?.checked_mul(self.clearing_period)
    }

    /// Whether a side's price counts.
    pub(crate) fn judge(&self, side: Side, summary: &Summary) -> Result<Price, Shortfall> {
        let least = match side {
            Side::Electricity => self.minimum_electricity,
            Side::Carbon => self.minimum_carbon,
        };
        if summary.quantity < least {
            return Err(Shortfall::Quantity);
        }
        if summary.sellers < MIN_PARTIES {
            return Err(Shortfall::Sellers);
        }
        if summary.buyers < MIN_PARTIES {
            return Err(Shortfall::Buyers);
        }
        Ok(summary.price)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Why a side's price does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Shortfall {
    /// Less was traded than the side's minimum.
    Quantity,
    /// Fewer than [`MIN_PARTIES`] sellers that did not buy too.
    Sellers,
    /// Fewer than [`MIN_PARTIES`] buyers that did not sell too.
    Buyers,
}

/// What is known of one side of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Report {
    /// Its price counts.
    Qualified(Price),
    /// Its price does not count, so the period has no pair.
    NotQualified,
}

/// A period of which a side was reported, and which is no pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct OpenPeriod {
    /// Its number.
    pub period: u64,
    /// What was reported of the electricity price.
    pub electricity: Option<Report>,
    /// What was reported of the carbon price.
    pub carbon: Option<Report>,
}

impl OpenPeriod {
    /// Nothing is reported yet.
    pub(crate) fn new(period: u64) -> Self {
        Self { period, electricity: None, carbon: None }
    }

    pub(crate) fn report_mut(&mut self, side: Side) -> &mut Option<Report> {
        match side {
            Side::Electricity => &mut self.electricity,
            Side::Carbon => &mut self.carbon,
        }
    }

    /// The pair that the period makes.
    pub(crate) fn pair(&self) -> Option<PricePair> {
        match (self.electricity, self.carbon) {
            (Some(Report::Qualified(electricity)), Some(Report::Qualified(carbon))) => {
                Some(PricePair { period: self.period, electricity, carbon })
            }
            _ => None,
        }
    }

    /// Whether a report that is still missing could make it a pair.
    pub(crate) fn is_hopeful(&self) -> bool {
        ![self.electricity, self.carbon].contains(&Some(Report::NotQualified))
    }
}

/// The window as the analysis sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Number of this window; see [`crate::Revision`].
    pub revision: u64,
    /// The pairs' u-values (electricity, carbon) in 2⁻³², oldest first.
    pub pairs: Vec<(u32, u32)>,
    /// The reference claim and AIC_ref in 2⁻²⁰; `None` with fewer than [`MIN_OBSERVATIONS`] pairs.
    pub reference: Option<(Claim, i64)>,
}
