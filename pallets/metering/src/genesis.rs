//! Feeders, sites and meters that are there from the start.
//!
//! ```json
//! "metering": {
//!   "calendar": { "start": 0, "slotLength": 900000, "slotsPerMonth": 2922 },
//!   "correctionWindow": 86400000,
//!   "ownerDelay": 604800000,
//!   "feeders": [{ "operator": "5Grw…", "preset": "ieee33" }],
//!   "sites": [{ "owner": "5FHn…", "feeder": 0, "bus": 18, "level": 0, "mode": "market" }],
//!   "meters": [{ "site": 0, "direction": "generation", "capacity": 5000, "key": "0x…", "start": 0, "since": 0 }]
//! }
//! ```
//!
//! Numbers are places in the lists, from 0. `start` and `since` may be left out: the counter begins at 0, the service
//! with slot 0. On a calendar that began long ago a later `since` keeps the first reading within the capacity.

use crate::*;
use alloc::{format, string::String};
use gridpeg_header::H256;

/// A feeder with tables that are known.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FeederSpec<AccountId> {
    /// Who registers its sites and meters.
    pub operator: AccountId,
    /// Which tables it has.
    pub preset: Preset,
}

/// Tables that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Preset {
    /// The IEEE 33-bus feeder.
    Ieee33,
}

impl From<Preset> for Tables {
    fn from(preset: Preset) -> Self {
        match preset {
            Preset::Ieee33 => Self::Ieee33,
        }
    }
}

/// A site.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SiteSpec<AccountId> {
    /// Who owns it.
    pub owner: AccountId,
    /// The feeder that it hangs on.
    pub feeder: FeederId,
    /// Its bus there.
    pub bus: Bus,
    /// Its voltage level.
    pub level: Level,
    /// Its mode: `selfUse`, `allToGrid` or `market`.
    pub mode: Mode,
}

/// A meter.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MeterSpec {
    /// Where it is.
    pub site: SiteId,
    /// Which way it counts: `generation`, `import` or `export`.
    pub direction: Direction,
    /// The most power that it can see, in W.
    pub capacity: u64,
    /// Its sr25519 key, in hexadecimal.
    pub key: H256,
    /// What its counter shows, Wh.
    #[serde(default)]
    pub start: Wh,
    /// The first slot in service.
    #[serde(default)]
    pub since: Slot,
}

impl<T: Config> Default for GenesisConfig<T> {
    fn default() -> Self {
        let Settings { calendar, correction_window, owner_delay } = Settings::default();
        let (feeders, sites, meters) = Default::default();
        Self { calendar, correction_window, owner_delay, feeders, sites, meters }
    }
}

impl<T: Config> Pallet<T> {
    /// Writes what genesis says, or says what is wrong with it.
    pub(crate) fn found(genesis: &GenesisConfig<T>) -> Result<(), String> {
        let GenesisConfig { calendar, correction_window, owner_delay, feeders, sites, meters } = genesis;
        let settings =
            Settings { calendar: *calendar, correction_window: *correction_window, owner_delay: *owner_delay };
        settings.check()?;
        SettingsOf::<T>::put(settings);
        each("feeders", feeders, |FeederSpec { operator, preset }| {
            Self::do_register_feeder(operator.clone(), (*preset).into())
        })?;
        each("sites", sites, |site| {
            let SiteSpec { owner, feeder, bus, level, mode } = site.clone();
            let on = Feeders::<T>::get(feeder).ok_or(Error::<T>::UnknownFeeder)?;
            Self::add_site(SiteInfo { owner, feeder, bus, level, mode, next: None }, &on)
        })?;
        each("meters", meters, |&MeterSpec { site, direction, capacity, key, start, since }| {
            ensure!(Sites::<T>::contains_key(site), Error::<T>::UnknownSite);
            Self::begin_meter(Device { capacity, key: key.0, start }.at(site, direction, since, None))
        })
    }
}

/// Takes each entry of a list; an error says which one it is about.
fn each<Entry>(list: &str, entries: &[Entry], take: impl Fn(&Entry) -> DispatchResult) -> Result<(), String> {
    entries.iter().enumerate().try_for_each(|(index, entry)| {
        take(entry).map_err(|error| format!("{list}[{index}]: {}", <&'static str>::from(error)))
    })
}
