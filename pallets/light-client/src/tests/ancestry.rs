//! Headers of any age, proven as ancestors of kept ones.

use super::*;
use gridpeg_header::ancestry::{AncestryProof, Node, Range};

/// Proves a branch's block against the range that its later block `of` commits.
fn prove(branch: &Branch, number: u32, of: u32) -> AncestryProof {
    let mut range = Range::default();
    let mut before = U256::zero();
    for tip in (0..of).map(|number| branch.tip_at(number)) {
        range.push(Node::leaf(&tip.hash, tip.work - before)).unwrap();
        before = tip.work;
    }
    range.prove(number).unwrap()
}

/// Names a branch's block as an ancestor of its later block `of`.
pub(super) fn ancestor(branch: &Branch, number: u32, of: u32) -> HeaderProof {
    HeaderProof::Ancestor {
        header: bounded(branch.headers()[number as usize - 1].encode()),
        of: branch.tip_at(of).hash,
        proof: prove(branch, number, of),
    }
}

/// What a block of [`aged`] commits.
fn root_of(number: u32) -> H256 {
    H256::from_low_u64_be(number.into())
}

/// Sixty blocks, each with its own cross-chain root. The floor is at 40, block 57 is confirmed.
fn aged() -> Branch {
    let mut branch = Branch::new(GENESIS, easy_parameters());
    for number in 1..=60 {
        branch.extend(3_000, root_of(number), 1);
    }
    submit(&branch, 1).unwrap();
    assert_eq!(Floor::<Test>::get(), 40);
    assert_eq!(Confirmed::<Test>::get(), Some(named(&branch, 57)));
    branch
}

fn answer(proof: HeaderProof) -> Result<H256, DispatchError> {
    LightClient::confirmed_cross_root(&proof)
}

#[test]
fn a_header_of_any_age_is_proven_by_a_kept_one() {
    new_test_ext().execute_with(|| {
        let branch = aged();
        for of in [40, 41, 48, 56, 57] {
            for number in 1..of {
                assert_eq!(answer(ancestor(&branch, number, of)), Ok(root_of(number)), "{number} of {of}");
            }
        }
    });
}

#[test]
fn an_ancestry_proof_needs_a_kept_and_confirmed_header_on_the_heaviest_branch() {
    new_test_ext().execute_with(|| {
        let branch = aged();
        // Not confirmed yet.
        assert_noop!(answer(ancestor(&branch, 5, 58)), Error::<Test>::NotConfirmed);
        // No longer kept; never known.
        assert_noop!(answer(ancestor(&branch, 5, 39)), Error::<Test>::HeaderUnknown);
        let unknown = leave(&branch, 50, 2, 2);
        assert_noop!(answer(ancestor(&unknown, 5, 52)), Error::<Test>::HeaderUnknown);
        // On another branch.
        submit(&unknown, 51).unwrap();
        assert_noop!(answer(ancestor(&unknown, 5, 52)), Error::<Test>::NotOnHeaviestBranch);
    });
    new_test_ext().execute_with(|| {
        let branch = branch(6);
        submit(&branch, 1).unwrap();
        let HeaderProof::Ancestor { header, proof, .. } = ancestor(&branch, 1, 3) else { panic!("an ancestor") };
        assert_noop!(answer(HeaderProof::Ancestor { header, of: GENESIS, proof }), Error::<Test>::NotConfirmed);
    });
}

#[test]
fn a_header_that_is_no_ancestor_is_refused() {
    new_test_ext().execute_with(|| {
        let branch = aged();
        let fork = leave(&branch, 29, 20, 2);
        let of = branch.tip_at(57).hash;
        // Of another fork, by that fork's range and by this one's.
        for proof in [prove(&fork, 30, 45), prove(&branch, 30, 57)] {
            let header = bounded(fork.headers()[29].encode());
            let proof = HeaderProof::Ancestor { header, of, proof };
            assert_noop!(answer(proof), Error::<Test>::AncestryInvalid);
        }
        // Itself and a later one: a header commits only those before it.
        for number in [57, 58] {
            for proof in [prove(&branch, 56, 57), prove(&branch, number, 60)] {
                let header = bounded(branch.headers()[number as usize - 1].encode());
                let proof = HeaderProof::Ancestor { header, of, proof };
                assert_noop!(answer(proof), Error::<Test>::AncestryInvalid);
            }
        }
    });
}

#[test]
fn an_ancestry_proof_for_another_header_or_of_another_one_is_refused() {
    new_test_ext().execute_with(|| {
        let branch = aged();
        let headers = branch.headers();
        let proof = |header: &gridpeg_header::Header, of: u32| HeaderProof::Ancestor {
            header: bounded(header.encode()),
            of: branch.tip_at(of).hash,
            proof: prove(&branch, 20, 57),
        };
        assert_eq!(answer(proof(&headers[19], 57)), Ok(root_of(20)));
        assert_noop!(answer(proof(&headers[19], 56)), Error::<Test>::AncestryInvalid);
        assert_noop!(answer(proof(&headers[20], 57)), Error::<Test>::AncestryInvalid);
        // The right number, another content; the same with another seal.
        let mut edited = headers[19].clone();
        edited.state_root = H256([7; 32]);
        assert_noop!(answer(proof(&edited, 57)), Error::<Test>::AncestryInvalid);
        let mut resealed = headers[19].clone();
        resealed.digest.logs[2] = gridpeg_header::digest::seal_item([7; 8]);
        assert_noop!(answer(proof(&resealed, 57)), Error::<Test>::AncestryInvalid);
        // Strictly decoded, and genesis commits nothing.
        let mut unsealed = headers[19].clone();
        unsealed.digest.pop();
        assert_noop!(answer(proof(&unsealed, 57)), Error::<Test>::SealMalformed);
        let mut genesis = headers[19].clone();
        genesis.number = 0;
        assert_noop!(answer(proof(&genesis, 57)), Error::<Test>::HeaderMalformed);
    });
}

#[test]
fn an_ancestry_proof_has_exactly_one_form() {
    new_test_ext().execute_with(|| {
        let branch = aged();
        let good = prove(&branch, 20, 57);
        let with = |blocks: u32, nodes: Vec<Node>| {
            answer(HeaderProof::Ancestor {
                header: bounded(branch.headers()[19].encode()),
                of: branch.tip_at(57).hash,
                proof: AncestryProof { blocks, nodes: nodes.try_into().unwrap() },
            })
        };
        let nodes = good.nodes.to_vec();
        assert_eq!(with(57, nodes.clone()), Ok(root_of(20)));
        for at in 0..nodes.len() {
            let mut changed = nodes.clone();
            changed[at].hash.0[31] ^= 1;
            assert_noop!(with(57, changed), Error::<Test>::AncestryInvalid);
            let mut dearer = nodes.clone();
            dearer[at].work += U256::one();
            assert_noop!(with(57, dearer), Error::<Test>::AncestryInvalid);
            let mut overflowing = nodes.clone();
            overflowing[at].work = U256::MAX;
            assert_noop!(with(57, overflowing), Error::<Test>::AncestryInvalid);
            let mut shorter = nodes.clone();
            shorter.remove(at);
            assert_noop!(with(57, shorter), Error::<Test>::AncestryInvalid);
        }
        let longer = [&nodes[..], &[Node::default()]].concat();
        assert_noop!(with(57, longer), Error::<Test>::AncestryInvalid);
        for blocks in [0, 20, 21, 56, 58, u32::MAX] {
            assert_noop!(with(blocks, nodes.clone()), Error::<Test>::AncestryInvalid);
        }
    });
}
