//! The test vectors of `docs/protocol.md` are what the code computes: each line below stands there, word for word.

use codec::Encode;
use gridpeg_header::{
    ancestry::{Node, Range},
    digest::{joint_item, pre_runtime_item, seal_item},
    forge::easy_parameters,
    target::{effective_target, next_target, work_of},
    work::work_hash,
    Header, JointDigest, JointHeader, PowParameters, PreDigest, SubtreeId, SubtreeRoot, H256, U256,
};
use gridpeg_messages::{Domain, Message, Payload, Transfer};
use polkadot_sdk::sp_runtime::Digest;

const DOMAIN: Domain = Domain { tree: SubtreeId::CrossChain, chain: H256([5; 32]) };

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn number(value: U256) -> String {
    hex(&value.to_big_endian())
}

fn header() -> Header {
    let joint = JointDigest {
        time: 1_700_000_000_000,
        target: U256::one() << 240,
        analysis: None,
        work: U256::from(65_536),
        ancestry: H256([6; 32]),
        subtrees: [SubtreeRoot { id: SubtreeId::CrossChain, root: DOMAIN.root(&[]) }].to_vec().try_into().unwrap(),
    };
    let pre = PreDigest { author: [7; 32], claim: None };
    Header {
        parent_hash: H256([1; 32]),
        number: 1,
        state_root: H256([2; 32]),
        extrinsics_root: H256([3; 32]),
        digest: Digest { logs: vec![pre_runtime_item(&pre), joint_item(&joint), seal_item([0, 1, 2, 3, 4, 5, 6, 7])] },
    }
}

fn lines() -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let mut line = |what: &str, value: String| lines.push((what.to_string(), value));

    let header = header();
    let decoded = JointHeader::decode(&header.encode()).unwrap();
    line("sealed header", hex(&header.encode()));
    line("R_i", hex(decoded.pre_hash.as_bytes()));
    line("block hash", hex(decoded.hash.as_bytes()));
    line("work hash", hex(decoded.work_hash().as_bytes()));
    line(
        "work hash of R_i = 32 × 01 and that nonce",
        hex(work_hash(&H256([1; 32]), [0, 1, 2, 3, 4, 5, 6, 7]).as_bytes()),
    );

    let target = U256::one() << 240;
    let parameters = PowParameters { block_time: 3_000, half_life: 10, ..easy_parameters() };
    line("base work of 2²⁴⁰ − 1", number(work_of(target - 1)));
    for solve_time in [0, 1_000, 3_000, 7_000, 1_000_000] {
        line(&format!("target after st = {solve_time}"), number(next_target(target, solve_time, &parameters)));
    }
    line("d_base + d_v for G = 160, D = 500", number(effective_target(target, 160, 500)));

    let leaves: Vec<H256> = [&b"a"[..], b"b", b"c"].into_iter().map(|leaf| DOMAIN.leaf(leaf)).collect();
    line("leaf \"a\"", hex(leaves[0].as_bytes()));
    line("root of \"a\", \"b\", \"c\"", hex(DOMAIN.root(&leaves).as_bytes()));
    line("root of no leaves", hex(DOMAIN.root(&[]).as_bytes()));

    let mut range = Range::default();
    for (byte, work) in [(1u8, 0u32), (2, 16), (3, 16), (4, 16), (5, 32)] {
        range.push(Node::leaf(&H256([byte; 32]), work.into())).unwrap();
    }
    line("ancestry root", hex(range.root().unwrap().as_bytes()));

    let amount = 1_000_000_000_000;
    let transfer = Transfer { sender: [1; 32], recipient: [2; 32], amount, total: 3 * amount };
    let message = Message {
        destination: H256([3; 32]),
        nonce: 7,
        previous: H256([4; 32]),
        acknowledged: 5,
        payload: Payload::Transfer(transfer),
    };
    line("Message", hex(&message.encode()));
    line("message hash", hex(message.hash().as_bytes()));
    lines
}

#[test]
fn the_documents_vectors_are_what_the_code_computes() {
    let document = include_str!("../../../docs/protocol.md");
    let mut missing = Vec::new();
    for (what, value) in lines() {
        if !document.lines().any(|line| line == format!("| {what} | `{value}` |")) {
            missing.push(format!("| {what} | `{value}` |"));
        }
    }
    assert!(missing.is_empty(), "docs/protocol.md lacks:\n{}", missing.join("\n"));
}
