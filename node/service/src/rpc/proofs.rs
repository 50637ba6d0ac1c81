//! Makes the proofs of the joint methods. None is answered that does not lead to the root in the header.

use super::{
    answers::{AncestorAnswer, LeafAnswer, NodeAnswer, ProofAnswer},
    errors::Error,
};
use crate::client::Hash;
use codec::Encode;
use gridpeg_header::{ancestry::AncestryProof, Header, JointHeader, SubtreeId};
use gridpeg_messages::{message::MaxHeaderLen, Domain, HeaderProof, LeafProof, Nonce, OutboxLeaf};
use polkadot_sdk::sp_runtime::BoundedVec;

/// The leaf that is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted {
    Message(Nonce),
    Receipt(Nonce),
    State,
}

impl Wanted {
    fn is(self, leaf: &OutboxLeaf) -> bool {
        match (self, leaf) {
            (Self::Message(nonce), OutboxLeaf::Message(message)) => message.nonce == nonce,
            (Self::Receipt(nonce), OutboxLeaf::Receipt(receipt)) => receipt.nonce == nonce,
            (Self::State, OutboxLeaf::State(_)) => true,
            _ => false,
        }
    }

    /// The error that says what there is instead.
    fn missing(self, block: Hash, leaves: &[OutboxLeaf]) -> Error {
        let of_kind = |leaf: &OutboxLeaf| match (self, leaf) {
            (Self::Message(_), OutboxLeaf::Message(message)) => Some(message.nonce),
            (Self::Receipt(_), OutboxLeaf::Receipt(receipt)) => Some(receipt.nonce),
            _ => None,
        };
        let open = leaves.iter().filter_map(of_kind).collect();
        match self {
            Self::Message(nonce) => Error::NotOpen { kind: "message", nonce, block, open },
            Self::Receipt(nonce) => Error::NotOpen { kind: "receipt", nonce, block, open },
            Self::State => Error::failed("the outbox lacks the state of the lanes"),
        }
    }
}

/// Proves one of the leaves that a header commits.
pub(super) fn prove_leaf(
    domain: &Domain,
    header: &JointHeader,
    leaves: Vec<OutboxLeaf>,
    wanted: Wanted,
) -> Result<ProofAnswer, Error> {
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| domain.leaf(&leaf.encode())).collect();
    let root = domain.root(&hashes);
    if header.joint.subtree(SubtreeId::CrossChain) != Some(root) {
        return Err(Error::failed("the outbox does not lead to the root that the header commits"));
    }
    let Some((index, leaf)) = (0u32..).zip(&leaves).find(|(_, leaf)| wanted.is(leaf)) else {
        return Err(wanted.missing(header.hash, &leaves));
    };
    let proof = domain.prove(&hashes, index).ok_or_else(|| Error::failed("the outbox has too many leaves"))?;
    domain.verify(&root, &leaf.encode(), &proof).map_err(Error::failed)?;
    Ok(ProofAnswer {
        block: header.hash,
        number: header.number,
        root,
        leaf: LeafAnswer::new(leaf),
        index: proof.index,
        count: proof.count,
        siblings: proof.siblings.to_vec(),
        encoded: LeafProof { leaf: leaf.clone(), proof }.encode().into(),
    })
}

/// Describes a block that was proven to be an ancestor of another.
pub(super) fn describe_ancestor(
    header: &Header,
    block: &JointHeader,
    of: &JointHeader,
    proof: AncestryProof,
) -> Result<AncestorAnswer, Error> {
    let header = header.encode();
    let bounded = BoundedVec::<u8, MaxHeaderLen>::try_from(header.clone())
        .map_err(|_| Error::failed("the header is too long for a proof"))?;
    Ok(AncestorAnswer {
        block: block.hash,
        number: block.number,
        of: of.hash,
        of_number: of.number,
        header: header.into(),
        blocks: proof.blocks,
        nodes: NodeAnswer::list(&proof),
        encoded: HeaderProof::Ancestor { header: bounded, of: of.hash, proof }.encode().into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::{self, domain, outbox};
    use codec::DecodeAll;
    use gridpeg_header::ancestry::Node;
    use jsonrpsee::types::ErrorObjectOwned;

    fn header(leaves: &[OutboxLeaf]) -> JointHeader {
        JointHeader::from_header(&mock::header(leaves)).unwrap()
    }

    #[test]
    fn every_leaf_is_proven_and_named() {
        let leaves = outbox(3..6, 7..12);
        let header = header(&leaves);
        for (index, leaf) in (0u32..).zip(&leaves) {
            let wanted = match leaf {
                OutboxLeaf::Message(message) => Wanted::Message(message.nonce),
                OutboxLeaf::Receipt(receipt) => Wanted::Receipt(receipt.nonce),
                OutboxLeaf::State(_) => Wanted::State,
            };
            let answer = prove_leaf(&domain(), &header, leaves.clone(), wanted).unwrap();
            assert_eq!((answer.block, answer.number, answer.root), (header.hash, 1, mock::root(&leaves)));
            assert_eq!((answer.index, answer.count), (index, 9));
            assert_eq!(answer.leaf, LeafAnswer::new(leaf));
            let decoded = LeafProof::decode_all(&mut &answer.encoded.0[..]).unwrap();
            assert_eq!(&decoded.leaf, leaf);
            assert_eq!(decoded.proof.siblings.to_vec(), answer.siblings);
            domain().verify(&answer.root, &leaf.encode(), &decoded.proof).unwrap();
        }
    }

    /// The code and data of a refusal.
    fn refused(leaves: &[OutboxLeaf], committed: &[OutboxLeaf], wanted: Wanted) -> (i32, Option<String>) {
        let refused = prove_leaf(&domain(), &header(committed), leaves.to_vec(), wanted).unwrap_err();
        let error = ErrorObjectOwned::from(refused);
        (error.code(), error.data().map(|data| data.get().to_string()))
    }

    #[test]
    fn a_leaf_that_is_not_open_is_not_proven() {
        let leaves = outbox(3..6, 7..12);
        for (wanted, open) in [
            (Wanted::Message(3), "[7,11]"),
            (Wanted::Message(12), "[7,11]"),
            (Wanted::Receipt(7), "[3,5]"),
            (Wanted::Receipt(2), "[3,5]"),
        ] {
            assert_eq!(refused(&leaves, &leaves, wanted), (-32102, Some(format!("{{\"openNonces\":{open}}}"))));
        }
        let empty = outbox([], []);
        assert_eq!(refused(&empty, &empty, Wanted::Receipt(1)), (-32102, Some("{\"openNonces\":[]}".into())));
        // No chain has such an outbox.
        assert_eq!(refused(&leaves[1..], &leaves[1..], Wanted::State), (-32104, None));
    }

    #[test]
    fn leaves_that_lead_to_another_root_prove_nothing() {
        let leaves = outbox(3..6, 7..12);
        assert_eq!(refused(&leaves[..8], &leaves, Wanted::Message(7)), (-32104, None));
        assert_eq!(refused(&leaves, &leaves[..8], Wanted::State), (-32104, None));
    }

    #[test]
    fn ancestors_are_described_as_the_other_chain_takes_them() {
        let old = mock::header(&outbox([], []));
        let (block, of) = (JointHeader::from_header(&old).unwrap(), header(&outbox([], [1])));
        let proof = AncestryProof { blocks: 2, nodes: vec![Node::default(); 2].try_into().unwrap() };
        let answer = describe_ancestor(&old, &block, &of, proof.clone()).unwrap();
        assert_eq!((answer.block, answer.of, answer.blocks, answer.nodes.len()), (block.hash, of.hash, 2, 2));
        assert_eq!(JointHeader::decode(&answer.header.0), Ok(block));
        let HeaderProof::Ancestor { header, of: later, proof: decoded } =
            HeaderProof::decode_all(&mut &answer.encoded.0[..]).unwrap()
        else {
            panic!("another kind of proof");
        };
        assert_eq!((header.to_vec(), later, decoded), (answer.header.0, of.hash, proof));
    }
}
