//! A node's RPC, blocking: tests are a sequence of steps.

use gridpeg_header::{H256, U256};
use serde_json::Value;
use std::{
    future::Future,
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};
use subxt::rpcs::{
    client::{RpcClient, RpcParams},
    Error,
};
use tokio::{runtime::Runtime, time::timeout};

/// Longest that one call may take: a busy machine's node answers late.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Drives the connections of all nodes.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Runtime::new().unwrap_or_else(|error| panic!("no tokio runtime: {error}")));

/// Runs a future to its end. Not to be called by a future.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    RUNTIME.block_on(future)
}

/// What `joint_header` answers, as far as tests need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JointHeader {
    /// Height.
    pub number: u32,
    /// The block's hash.
    pub hash: H256,
    /// Timestamp, Unix milliseconds.
    pub time: u64,
    /// Cumulative base work, in hashes.
    pub work: U256,
}

impl JointHeader {
    /// `None` if the answer has another form.
    pub(crate) fn from_answer(answer: &Value) -> Option<Self> {
        Some(Self {
            number: answer["number"].as_u64()?.try_into().ok()?,
            hash: hash(&answer["hash"])?,
            time: answer["time"].as_u64()?,
            work: U256::from_big_endian(hash(&answer["work"])?.as_bytes()),
        })
    }
}

/// A hash in an answer.
pub(crate) fn hash(answer: &Value) -> Option<H256> {
    serde_json::from_value(answer.clone()).ok()
}

/// The height in a header, which is hex there.
pub(crate) fn number(header: &Value) -> Option<u32> {
    u32::from_str_radix(header["number"].as_str()?.strip_prefix("0x")?, 16).ok()
}

/// A connection to one node, made at the first call.
pub(crate) struct Rpc {
    url: String,
    client: Mutex<Option<RpcClient>>,
}

impl Rpc {
    pub(crate) fn new(port: u16) -> Self {
        Self { url: format!("ws://127.0.0.1:{port}"), client: Mutex::default() }
    }

    /// The next call connects again.
    pub(crate) fn disconnect(&self) {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    pub(crate) fn client(&self) -> Result<RpcClient, String> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = client.as_ref() {
            return Ok(client.clone());
        }
        let connecting = async { timeout(TIMEOUT, RpcClient::from_insecure_url(&self.url)).await };
        match block_on(connecting) {
            Ok(Ok(connected)) => Ok(client.insert(connected).clone()),
            Ok(Err(error)) => Err(format!("{}: {error}", self.url)),
            Err(_) => Err(format!("{}: no connection within {TIMEOUT:?}", self.url)),
        }
    }

    pub(crate) fn call(&self, method: &str, params: &[Value]) -> Result<Value, String> {
        let mut encoded = RpcParams::new();
        for param in params {
            encoded.push(param).map_err(|error| format!("{method}: {error}"))?;
        }
        let client = self.client()?;
        match block_on(async { timeout(TIMEOUT, client.request::<Value>(method, encoded)).await }) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(Error::User(refusal))) => {
                // What is wrong with a transaction stands in the data.
                let data = refusal.data.as_ref().map(|data| format!(": {}", data.get())).unwrap_or_default();
                Err(format!("{method}: {refusal}{data}"))
            }
            Ok(Err(error)) => Err(format!("{method}: {error}")),
            Err(_) => Err(format!("{method}: no answer within {TIMEOUT:?}")),
        }
    }
}
