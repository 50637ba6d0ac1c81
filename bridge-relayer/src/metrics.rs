//! Metrics, by the questions that an operator asks.
//!
//! | question | metrics |
//! |---|---|
//! | Is it connected? | `relayer_connected{chain}` |
//! | Are headers keeping up? | `relayer_best_source_block` against `relayer_best_known_at_destination` |
//! | Does a message wait, and which? | `relayer_undelivered_messages`, `relayer_oldest_undelivered_nonce` |
//! | What did it do? | `relayer_headers_submitted_total`, `relayer_messages_delivered_total` |
//! | Can it pay? | `relayer_signer_balance` |
//! | What goes wrong? | `relayer_errors_total{kind}` |

use crate::{chain::ChainName, error::Error};
use gridpeg_messages::{
    units::{Balance, COIN},
    Nonce,
};
use polkadot_sdk::substrate_prometheus_endpoint::{
    register, Counter, CounterVec, Gauge, GaugeVec, Opts, PrometheusError, Registry, F64, U64,
};

/// The relayer's metrics.
#[derive(Clone)]
pub(crate) struct Metrics {
    best_source_block: Gauge<U64>,
    best_known_at_destination: Gauge<U64>,
    headers_submitted: Counter<U64>,
    messages_delivered: Counter<U64>,
    oldest_undelivered: Gauge<U64>,
    undelivered: Gauge<U64>,
    signer_balance: Gauge<F64>,
    connected: GaugeVec<U64>,
    errors: CounterVec<U64>,
}

impl Metrics {
    /// Registers all metrics.
    pub(crate) fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        Ok(Self {
            best_source_block: register(
                Gauge::new("relayer_best_source_block", "Number of the source chain's best block")?,
                registry,
            )?,
            best_known_at_destination: register(
                Gauge::new(
                    "relayer_best_known_at_destination",
                    "Number of the heaviest source block that the destination's light client knows",
                )?,
                registry,
            )?,
            headers_submitted: register(
                Counter::new("relayer_headers_submitted_total", "Headers that the destination took from this relayer")?,
                registry,
            )?,
            messages_delivered: register(
                Counter::new(
                    "relayer_messages_delivered_total",
                    "Messages that the destination took from this relayer",
                )?,
                registry,
            )?,
            oldest_undelivered: register(
                Gauge::new(
                    "relayer_oldest_undelivered_nonce",
                    "Nonce of the oldest message sent and not delivered; 0 if there is none",
                )?,
                registry,
            )?,
            undelivered: register(
                Gauge::new("relayer_undelivered_messages", "Messages sent and not delivered, confirmed or not")?,
                registry,
            )?,
            signer_balance: register(
                Gauge::new(
                    "relayer_signer_balance",
                    "Free balance of the signing account at the destination, in coins",
                )?,
                registry,
            )?,
            connected: register(
                GaugeVec::new(Opts::new("relayer_connected", "1 while connected to the chain's node"), &["chain"])?,
                registry,
            )?,
            errors: register(
                CounterVec::new(Opts::new("relayer_errors_total", "Errors by kind"), &["kind"])?,
                registry,
            )?,
        })
    }

    /// How far the source is, and how much of it the destination knows.
    pub(crate) fn heights(&self, source: u32, known: u32) {
        self.best_source_block.set(source.into());
        self.best_known_at_destination.set(known.into());
    }

    /// The last nonce sent at the source and the last one received at the destination.
    pub(crate) fn lane(&self, sent: Nonce, received: Nonce) {
        let undelivered = sent.saturating_sub(received);
        self.undelivered.set(undelivered);
        self.oldest_undelivered.set(if undelivered > 0 { received.saturating_add(1) } else { 0 });
    }

    /// The destination took headers.
    pub(crate) fn headers(&self, count: u32) {
        self.headers_submitted.inc_by(count.into());
    }

    /// The destination took a message.
    pub(crate) fn message(&self) {
        self.messages_delivered.inc();
    }

    /// What the signer has.
    pub(crate) fn balance(&self, balance: Balance) {
        // For people to look at: a float is exact enough.
        self.signer_balance.set(balance as f64 / COIN as f64);
    }

    /// Whether there is a connection to a chain's node.
    pub(crate) fn connected(&self, chain: ChainName, connected: bool) {
        self.connected.with_label_values(&[chain.as_str()]).set(connected.into());
    }

    /// Counts an error.
    pub(crate) fn error(&self, error: &Error) {
        self.errors.with_label_values(&[error.kind()]).inc();
    }
}
