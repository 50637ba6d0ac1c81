// The SCALE types of the header's digest items. They are no types of the runtimes' calls or storage, so the metadata
// does not have them. Same order of fields as in primitives/header/src/digest.rs and primitives/copula/src/claim.rs.

export const JOINT_TYPES = {
  /** `PreRuntime(pow_)` */
  JointPreDigest: {
    author: 'AccountId32',
    claim: 'Option<JointClaim>'
  },
  JointClaim: {
    family: 'u8',
    rotation: 'u8',
    parameters: '[i32; 2]'
  },
  /** `Consensus(jnt_)` */
  JointDigest: {
    time: 'u64',
    target: 'U256',
    analysis: 'Option<JointAnalysis>',
    work: 'U256',
    ancestry: 'H256',
    subtrees: 'Vec<JointSubtreeRoot>'
  },
  JointAnalysis: {
    observations: 'u32',
    aic: 'i64',
    gain: 'u32'
  },
  JointSubtreeRoot: {
    id: 'JointSubtreeId',
    root: 'H256'
  },
  JointSubtreeId: {
    _enum: { PvTrading: 1, Emissions: 2, QuotaTrading: 3, CrossChain: 4 }
  }
};
