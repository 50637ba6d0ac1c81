//! Metrics, by the questions that an operator asks.
//!
//! `direction` is `electricity-to-carbon` or `carbon-to-electricity`; of a direction, the source is the chain before
//! the `to`. All series are there from the start, at 0 until their chain was asked.
//!
//! | question | metrics |
//! |---|---|
//! | Is it connected? | `relayer_connected{direction, chain}` |
//! | Are headers keeping up? | `relayer_best_source_block{direction}` |
//! | … against | `relayer_best_known_at_destination{direction}` |
//! | How many messages wait? | `relayer_undelivered_messages{direction}` |
//! | … which first, and how long? | `relayer_oldest_undelivered_nonce{direction}` |
//! | | `relayer_oldest_undelivered_age_seconds{direction}` |
//! | How many receipts wait? | `relayer_undelivered_receipts{direction}` |
//! | Where is the lane? | `relayer_lane_sent{direction}` |
//! | | `relayer_lane_received{direction}` |
//! | | `relayer_lane_settled{direction}` |
//! | Is the destination frozen, or paused? | `relayer_conflict{direction}` |
//! | | `relayer_paused{direction}` |
//! | … how much is missing? | `relayer_deficit{direction}` |
//! | What did it bring? | `relayer_headers_submitted_total{direction}` |
//! | | `relayer_messages_delivered_total{direction}` |
//! | | `relayer_receipts_delivered_total{direction}` |
//! | What became of its transactions? | `relayer_transactions_total{direction, result}` |
//! | … how many did others forestall? | `relayer_duplicates_total{direction}` |
//! | Can it pay? | `relayer_signer_balance{chain}` |
//! | | `relayer_signer_balance_low{chain}` |
//! | What goes wrong? | `relayer_errors_total{direction, kind}` |
//!
//! `result` and `kind` are those of [`Error::RESULTS`] and [`Error::KINDS`].

use crate::{
    chain::Head,
    error::Error,
    names::{ChainName, Direction},
};
use gridpeg_messages::{
    units::{Balance, COIN},
    Nonce,
};
use gridpeg_runtime_api::LanesStatus;
use polkadot_sdk::substrate_prometheus_endpoint::{
    register, CounterVec, GaugeVec, Opts, PrometheusError, Registry, F64, U64,
};

/// The metrics of both directions.
#[derive(Clone)]
pub(crate) struct Families {
    connected: GaugeVec<F64>,
    best_source: GaugeVec<F64>,
    best_known: GaugeVec<F64>,
    undelivered: GaugeVec<F64>,
    oldest_nonce: GaugeVec<F64>,
    oldest_age: GaugeVec<F64>,
    undelivered_receipts: GaugeVec<F64>,
    lane_sent: GaugeVec<F64>,
    lane_received: GaugeVec<F64>,
    lane_settled: GaugeVec<F64>,
    conflict: GaugeVec<F64>,
    paused: GaugeVec<F64>,
    deficit: GaugeVec<F64>,
    balance: GaugeVec<F64>,
    balance_low: GaugeVec<F64>,
    headers: CounterVec<U64>,
    messages: CounterVec<U64>,
    receipts: CounterVec<U64>,
    transactions: CounterVec<U64>,
    duplicates: CounterVec<U64>,
    errors: CounterVec<U64>,
}

impl Families {
    /// Registers all metrics.
    pub(crate) fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let gauge = |name: &str, help: &str, labels: &[&str]| {
            register(GaugeVec::<F64>::new(Opts::new(name, help), labels)?, registry)
        };
        let counter = |name: &str, help: &str, labels: &[&str]| {
            register(CounterVec::<U64>::new(Opts::new(name, help), labels)?, registry)
        };
        let direction = ["direction"];
        Ok(Self {
            connected: gauge(
                "relayer_connected",
                "1 while the direction is connected to the chain's node",
                &["direction", "chain"],
            )?,
            best_source: gauge("relayer_best_source_block", "Number of the source chain's best block", &direction)?,
            best_known: gauge(
                "relayer_best_known_at_destination",
                "Number of the heaviest source block that the destination's light client knows",
                &direction,
            )?,
            undelivered: gauge(
                "relayer_undelivered_messages",
                "Messages sent at the source and not received at the destination, confirmed or not",
                &direction,
            )?,
            oldest_nonce: gauge(
                "relayer_oldest_undelivered_nonce",
                "Nonce of the oldest message sent and not received; 0 if there is none",
                &direction,
            )?,
            oldest_age: gauge(
                "relayer_oldest_undelivered_age_seconds",
                "Time since the oldest message sent and not received was sent; 0 if there is none",
                &direction,
            )?,
            undelivered_receipts: gauge(
                "relayer_undelivered_receipts",
                "Receipts written at the source, for messages of the opposite direction, that the destination lacks",
                &direction,
            )?,
            lane_sent: gauge("relayer_lane_sent", "Nonce of the last message sent at the source", &direction)?,
            lane_received: gauge(
                "relayer_lane_received",
                "Nonce of the last message received at the destination",
                &direction,
            )?,
            lane_settled: gauge(
                "relayer_lane_settled",
                "Nonce of the last message of which the source has the receipt",
                &direction,
            )?,
            conflict: gauge(
                "relayer_conflict",
                "1 while the destination is frozen, because confirmed headers were replaced by a heavier branch",
                &direction,
            )?,
            paused: gauge("relayer_paused", "1 while the destination's lanes are paused", &direction)?,
            deficit: gauge(
                "relayer_deficit",
                "Coins received at the destination and not sent on the source's heaviest branch, once that is proven",
                &direction,
            )?,
            balance: gauge(
                "relayer_signer_balance",
                "Free balance of the account that signs on the chain, in coins",
                &["chain"],
            )?,
            balance_low: gauge(
                "relayer_signer_balance_low",
                "1 while the signing account has less than low_balance",
                &["chain"],
            )?,
            headers: counter(
                "relayer_headers_submitted_total",
                "Headers that the destination took from this relayer",
                &direction,
            )?,
            messages: counter(
                "relayer_messages_delivered_total",
                "Messages that the destination took from this relayer",
                &direction,
            )?,
            receipts: counter(
                "relayer_receipts_delivered_total",
                "Receipts that the destination took from this relayer",
                &direction,
            )?,
            transactions: counter(
                "relayer_transactions_total",
                "Transactions made, by what became of them",
                &["direction", "result"],
            )?,
            duplicates: counter(
                "relayer_duplicates_total",
                "Transactions that came too late because another relayer had done the work",
                &direction,
            )?,
            errors: counter("relayer_errors_total", "Errors by kind", &["direction", "kind"])?,
        })
    }

    /// The metrics of a direction, all of its series at 0.
    pub(crate) fn of(&self, direction: Direction) -> Metrics {
        let label = direction.as_str();
        for chain in ChainName::BOTH {
            self.connected.with_label_values(&[label, chain.as_str()]).set(0.0);
        }
        for family in [
            &self.best_source,
            &self.best_known,
            &self.undelivered,
            &self.oldest_nonce,
            &self.oldest_age,
            &self.undelivered_receipts,
            &self.lane_sent,
            &self.lane_received,
            &self.lane_settled,
            &self.conflict,
            &self.paused,
            &self.deficit,
        ] {
            family.with_label_values(&[label]).set(0.0);
        }
        for family in [&self.balance, &self.balance_low] {
            family.with_label_values(&[direction.destination().as_str()]).set(0.0);
        }
        for family in [&self.headers, &self.messages, &self.receipts, &self.duplicates] {
            family.with_label_values(&[label]).inc_by(0);
        }
        for result in Error::RESULTS {
            self.transactions.with_label_values(&[label, result]).inc_by(0);
        }
        for kind in Error::KINDS {
            self.errors.with_label_values(&[label, kind]).inc_by(0);
        }
        Metrics { families: self.clone(), direction }
    }
}

/// The metrics of one direction.
#[derive(Clone)]
pub(crate) struct Metrics {
    families: Families,
    direction: Direction,
}

impl Metrics {
    /// Metrics that nobody looks at, for a command that ends by itself.
    pub(crate) fn unserved(direction: Direction) -> Result<Self, PrometheusError> {
        Ok(Families::register(&Registry::new())?.of(direction))
    }

    /// Whether there is a connection to a chain's node.
    pub(crate) fn connected(&self, chain: ChainName, connected: bool) {
        let labels = [self.direction.as_str(), chain.as_str()];
        self.families.connected.with_label_values(&labels).set(flag(connected));
    }

    /// How far the source is, and how much of it the destination knows.
    pub(crate) fn heights(&self, source: &Head, known: u32) {
        self.set(&self.families.best_source, source.number.into());
        self.set(&self.families.best_known, known.into());
    }

    /// The lanes as source and destination see them.
    pub(crate) fn lanes(&self, source: &LanesStatus, destination: &LanesStatus) {
        let (sent, received) = (source.state.sent, destination.state.received);
        let undelivered = sent.saturating_sub(received);
        let oldest = if undelivered > 0 { received.saturating_add(1) } else { 0 };
        self.set(&self.families.lane_sent, nonce(sent));
        self.set(&self.families.lane_received, nonce(received));
        self.set(&self.families.lane_settled, nonce(source.settled));
        self.set(&self.families.undelivered, nonce(undelivered));
        self.set(&self.families.oldest_nonce, nonce(oldest));
        let receipts = source.state.received.saturating_sub(destination.settled);
        self.set(&self.families.undelivered_receipts, nonce(receipts));
        self.set(&self.families.paused, flag(destination.paused_until.is_some()));
        self.set(&self.families.deficit, coins(destination.deficit.unwrap_or_default()));
    }

    /// How long the oldest message that is not delivered has waited; 0 if there is none.
    pub(crate) fn oldest_age(&self, milliseconds: u64) {
        self.set(&self.families.oldest_age, milliseconds as f64 / 1_000.0);
    }

    /// Whether the destination is in a conflict.
    pub(crate) fn conflict(&self, conflict: bool) {
        self.set(&self.families.conflict, flag(conflict));
    }

    /// What the signer has, and whether that is little.
    pub(crate) fn balance(&self, balance: Balance, low: bool) {
        let chain = self.direction.destination().as_str();
        self.families.balance.with_label_values(&[chain]).set(coins(balance));
        self.families.balance_low.with_label_values(&[chain]).set(flag(low));
    }

    /// The destination took headers.
    pub(crate) fn headers(&self, count: u32) {
        self.count(&self.families.headers, count.into());
    }

    /// The destination took a message.
    pub(crate) fn message(&self) {
        self.count(&self.families.messages, 1);
    }

    /// The destination took a receipt.
    pub(crate) fn receipt(&self) {
        self.count(&self.families.receipts, 1);
    }

    /// Counts a transaction by what became of it.
    pub(crate) fn transaction<T>(&self, result: &Result<T, Error>) {
        let result = result.as_ref().err().map_or("included", Error::result);
        self.families.transactions.with_label_values(&[self.direction.as_str(), result]).inc();
    }

    /// Counts a transaction that came too late.
    pub(crate) fn duplicate(&self) {
        self.count(&self.families.duplicates, 1);
    }

    /// Counts an error.
    pub(crate) fn error(&self, error: &Error) {
        self.families.errors.with_label_values(&[self.direction.as_str(), error.kind()]).inc();
    }

    fn set(&self, family: &GaugeVec<F64>, value: f64) {
        family.with_label_values(&[self.direction.as_str()]).set(value);
    }

    fn count(&self, family: &CounterVec<U64>, count: u64) {
        family.with_label_values(&[self.direction.as_str()]).inc_by(count);
    }
}

fn flag(value: bool) -> f64 {
    f64::from(u8::from(value))
}

/// For people to look at: a float is exact enough.
fn coins(amount: Balance) -> f64 {
    amount as f64 / COIN as f64
}

fn nonce(nonce: Nonce) -> f64 {
    nonce as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(registry: &Registry, name: &str) -> Vec<f64> {
        let family = registry.gather().into_iter().find(|family| family.get_name() == name).unwrap();
        family.get_metric().iter().map(|metric| metric.get_gauge().get_value()).collect()
    }

    #[test]
    fn every_series_is_there_from_the_start() {
        let registry = Registry::new();
        let families = Families::register(&registry).unwrap();
        assert!(registry.gather().is_empty());
        for direction in Direction::BOTH {
            families.of(direction);
        }
        assert_eq!(registry.gather().len(), 21);
        assert_eq!(value(&registry, "relayer_connected").len(), 4);
        assert_eq!(value(&registry, "relayer_signer_balance").len(), 2);
    }

    #[test]
    fn what_waits_is_the_difference_of_the_lanes() {
        let registry = Registry::new();
        let metrics = Families::register(&registry).unwrap().of(Direction::CarbonToElectricity);
        let mut source =
            LanesStatus { state: Default::default(), settled: 4, acknowledged: 0, paused_until: None, deficit: None };
        let mut destination = source;
        (source.state.sent, source.state.received) = (9, 3);
        (destination.state.received, destination.settled) = (6, 1);
        destination.deficit = Some(2 * COIN);
        metrics.lanes(&source, &destination);
        assert_eq!(value(&registry, "relayer_undelivered_messages"), [3.0]);
        assert_eq!(value(&registry, "relayer_oldest_undelivered_nonce"), [7.0]);
        assert_eq!(value(&registry, "relayer_undelivered_receipts"), [2.0]);
        assert_eq!(value(&registry, "relayer_lane_settled"), [4.0]);
        assert_eq!(value(&registry, "relayer_deficit"), [2.0]);
        source.state.sent = 6;
        metrics.lanes(&source, &destination);
        assert_eq!(value(&registry, "relayer_oldest_undelivered_nonce"), [0.0]);
    }
}
