//! Names that the pallet's files share: its own public types, and what they use of other crates.

pub use crate::{
    terms::{Terms, Version},
    types::{
        BookInClearing, Party, PeriodTotals, Seen, SettleStage, Sizes, SlotInSettlement, Stage, Stake, Standing, Tally,
    },
    weights::WeightInfo,
};
pub use gridpeg_market::records::{
    AccountTrade, Bill, BookOrder, BookResult, Cursors, ItemisedBill, MarketStatus, MonthSums, OrderInfo, OrderRequest,
    Place, Progress, Quote, Settlement, TradeRecord,
};

pub(crate) use crate::work::Work;
pub(crate) use alloc::vec::Vec;
pub(crate) use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
pub(crate) use gridpeg_header::{Millis, U256};
pub(crate) use gridpeg_market::{
    book::{Key, OrderId, Side},
    calendar::{Calendar, Month, Slot},
    leaf::PvLeaf,
    settlement::Line,
    traits::{Bus, Direction, ElectricityCredit, FeederId, Feeders, Level, Metering, Mode, SiteId, SiteInfo},
    units::{Balance, FinePrice, Price, Wh},
};
pub(crate) use gridpeg_messages::traits::ObservePrices;
pub(crate) use polkadot_sdk::{
    frame_support::{
        ensure,
        storage::with_storage_layer,
        traits::{
            fungible::{Inspect, InspectHold, Mutate, MutateHold},
            Get, Time,
        },
        weights::{Weight, WeightMeter},
    },
    sp_runtime::{traits::SaturatedConversion, BoundedVec, DispatchError, DispatchResult, Perbill},
};
pub(crate) use scale_info::TypeInfo;

pub(crate) const LOG_TARGET: &str = "runtime::pv-market";
