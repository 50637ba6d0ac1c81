// Checks that a stock polkadot-js client understands a running chain: metadata in every version, headers with their
// digest, the leaves of the cross-chain tree with their proofs, a transfer from signing to finality. Ends with 1 at the
// first thing that does not fit.

import assert from 'node:assert/strict';

import { Keyring } from '@polkadot/keyring';
import { Metadata, TypeRegistry } from '@polkadot/types';
import { bnToHex, compactStripLength, hexToBigInt } from '@polkadot/util';
import { cryptoWaitReady } from '@polkadot/util-crypto';

import { coins } from './lib/format.js';
import { connect } from './lib/connect.js';
import { eventsOf, submit } from './lib/submit.js';
import { main } from './lib/main.js';
import { waitFor } from './lib/wait.js';

const PALLETS = [
  'system',
  'timestamp',
  'hybridPow',
  'transactionPayment',
  'balances',
  'utility',
  'sudo',
  'authorities',
  'upgrades',
  'jointPrices',
  'lightClient',
  'lanes',
  'peg',
  'commitments'
];
const RUNTIME_APIS = ['hybridPowApi', 'analysisApi', 'lightClientApi', 'lanesApi', 'subtreesApi', 'pegApi'];
const METADATA_VERSIONS = [14, 15, 16];
/** The extensions of a transaction that polkadot-js does not know: they must carry nothing, or it could not sign. */
const EXTENSIONS = ['RefuseStale'];
/** The kinds of leaves, as the joint methods and as the metadata name them. */
const KINDS = { message: 'Message', receipt: 'Receipt', state: 'State' };
const BLOCKS = 5;
const BLOCKS_MS = 180_000;
const AMOUNT = 10n ** 12n;

main(['url'], ['url'], async ({ url }) => {
  await cryptoWaitReady();

  const api = await connect(url);

  console.log(`${url}: ${api.runtimeChain}, ${api.runtimeVersion.specName} ${api.runtimeVersion.specVersion}`);
  await checkMetadata(api);
  checkDecorated(api);
  await checkHeaders(api);
  await checkLeaves(api);
  await checkAncestor(api);
  await checkTransfer(api);
});

/** Decodes every metadata version that the chain offers, and makes a value of every type in it. */
async function checkMetadata(api) {
  const offered = (await api.call.metadata.metadataVersions()).map((version) => version.toNumber());
  const versions = METADATA_VERSIONS.filter((version) => offered.includes(version));

  assert(versions.length > 0, `the chain offers metadata ${offered} and none of ${METADATA_VERSIONS}`);

  for (const version of versions) {
    const bytes = await metadataAt(api, version);
    const registry = new TypeRegistry();
    const metadata = new Metadata(registry, bytes);

    assert.equal(metadata.version, version);
    registry.setMetadata(metadata, undefined, undefined, true);

    const { types } = registry.lookup;

    for (const { id } of types) {
      registry.createTypeUnsafe(registry.lookup.getTypeDef(id).type, []);
    }
    console.log(`metadata: V${version}, ${bytes.length} bytes, all ${types.length} types understood`);
  }
}

/** The metadata's own bytes: the runtime answers with an optional byte string. */
async function metadataAt(api, version) {
  const argument = bnToHex(version, { bitLength: 32, isLe: true });
  const answer = await api.rpc.state.call('Metadata_metadata_at_version', argument);
  const [some, ...rest] = answer.toU8a(true);

  assert.equal(some, 1, `metadata V${version} is offered but not there`);

  const [, bytes] = compactStripLength(Uint8Array.from(rest));

  return bytes;
}

/** Every pallet with its calls, events and errors, and every runtime call, is there under the name that we document. */
function checkDecorated(api) {
  const pallets = api.runtimeMetadata.asLatest.pallets;
  const names = pallets.map(({ name }) => name.toString());

  for (const name of PALLETS) {
    const found = names.find((candidate) => candidate.toLowerCase() === name.toLowerCase());

    assert(found, `pallet ${name} is missing; the chain has ${names.join(', ')}`);
  }

  const count = (sections) => Object.values(sections).reduce((sum, section) => sum + Object.keys(section).length, 0);
  const variantsOf = ({ type }) => api.registry.lookup.getSiType(type).def.asVariant.variants.length;
  const variants = (kind) =>
    pallets
      .filter((pallet) => pallet[kind].isSome)
      .reduce((sum, pallet) => sum + variantsOf(pallet[kind].unwrap()), 0);

  for (const [kind, sections] of [['calls', api.tx], ['events', api.events], ['errors', api.errors]]) {
    assert.equal(count(sections), variants(kind), `not all ${kind} are decorated`);
  }

  // Every call's arguments have types that can be made.
  for (const section of Object.values(api.tx)) {
    for (const { meta } of Object.values(section)) {
      meta.args.forEach(({ type }) => api.registry.createType(type.toString()));
    }
  }
  for (const name of RUNTIME_APIS) {
    assert(api.call[name], `runtime API ${name} is missing`);
  }
  for (const name of EXTENSIONS) {
    const extensions = api.runtimeMetadata.asLatest.extrinsic.transactionExtensions;
    const found = extensions.find(({ identifier }) => identifier.eq(name));

    assert(found, `the transaction extension ${name} is missing`);
    for (const id of [found.type, found.implicit]) {
      const { type } = api.registry.lookup.getTypeDef(id);

      assert.equal(api.registry.createTypeUnsafe(type, []).encodedLength, 0, `${name} carries data`);
    }
  }
  console.log(`calls: ${count(api.tx)}, events: ${count(api.events)}, errors: ${count(api.errors)}, all decorated`);
}

/** Decodes the digests of the latest blocks to the last byte and checks them against the chain's own answers. */
async function checkHeaders(api) {
  const best = await waitFor(`${BLOCKS} blocks`, BLOCKS_MS, async () => {
    const header = await api.rpc.chain.getHeader();

    return header.number.toNumber() >= BLOCKS && header;
  });
  let header = best;
  let child;

  for (let i = 0; i < BLOCKS; i++) {
    const { joint, pre } = decodeDigest(api, header);
    const hash = header.hash.toHex();
    const number = header.number.toNumber();
    const at = await api.at(hash);
    const shown = (await api.rpc.joint.header(hash)).toJSON();
    const derived = await api.derive.chain.getHeader(hash);

    assert.equal((await at.query.timestamp.now()).toBigInt(), joint.time.toBigInt(), `block ${number}: time`);
    assert.equal(derived.author.toHex(), pre.author.toHex(), `block ${number}: author`);
    assert(joint.subtrees.some(({ id }) => id.isCrossChain), `block ${number}: cross-chain root`);
    assert.equal(shown.hash, hash, `block ${number}: joint_header hash`);
    assert.equal(shown.number, number, `block ${number}: joint_header number`);
    assert.equal(shown.author, pre.author.toHex(), `block ${number}: joint_header author`);
    assert.equal(shown.encoded, header.toHex(), `block ${number}: joint_header encoded`);
    assert.equal(BigInt(shown.time), joint.time.toBigInt(), `block ${number}: joint_header time`);
    assert.equal(hexToBigInt(shown.target), joint.target.toBigInt(), `block ${number}: joint_header target`);
    assert.equal(hexToBigInt(shown.work), joint.work.toBigInt(), `block ${number}: joint_header work`);
    assert.equal(shown.ancestry, joint.ancestry.toHex(), `block ${number}: joint_header ancestry`);
    assert.deepEqual(shown.claim, pre.claim.toJSON(), `block ${number}: joint_header claim`);
    assert.deepEqual(shown.analysis, joint.analysis.toJSON(), `block ${number}: joint_header analysis`);
    await checkClaim(api, header, pre, joint);

    if (child) {
      const own = child.work.toBigInt() - joint.work.toBigInt();

      assert.equal(own, 2n ** 256n / child.target.toBigInt(), `block ${number + 1}: cumulative work`);
      assert(child.time.toBigInt() > joint.time.toBigInt(), `block ${number + 1}: time is not above its parent's`);
    }
    child = joint;
    header = await api.rpc.chain.getHeader(header.parentHash);
  }

  const last = best.number.toNumber();

  console.log(`headers: digests of blocks ${last - BLOCKS + 1} to ${last} decoded and checked`);
}

/** A block has a claim exactly if its parent's state has enough price pairs, and an analysis of all of them. */
async function checkClaim(api, header, pre, joint) {
  const number = header.number.toNumber();
  const window = await (await api.at(header.parentHash)).call.analysisApi.window();

  assert.equal(pre.claim.isSome, window.get('least').isSome, `block ${number}: claim`);
  assert.equal(joint.analysis.isSome, pre.claim.isSome, `block ${number}: claim without analysis, or the reverse`);
  if (joint.analysis.isSome) {
    const { observations } = joint.analysis.unwrap();

    assert.equal(observations.toNumber(), window.get('pairs').length, `block ${number}: price pairs`);
  }
}

/** Every leaf that the best block commits, as runtime API and RPC tell them, decoded by nothing but the metadata. */
async function checkLeaves(api) {
  const hash = (await api.rpc.chain.getBlockHash()).toHex();
  const at = await api.at(hash);
  const { root } = (await api.rpc.joint.header(hash)).toJSON().subtrees.find(({ name }) => name === 'crossChain');
  const outbox = await at.call.lanesApi.outbox();
  const status = await at.call.lanesApi.lanes();
  const counts = { Message: 0, Receipt: 0, State: 0 };

  assert(outbox[0].isState, 'the first leaf is the state of the lanes');
  assert.deepEqual(outbox[0].asState.toU8a(), status.get('state').toU8a(), 'the state of the lanes, asked twice');
  for (const [index, leaf] of outbox.entries()) {
    const nonce = leaf.isState ? [] : [leaf.value.get('nonce').toBigInt()];
    const ask = { Message: api.rpc.joint.proof, Receipt: api.rpc.joint.receipt, State: api.rpc.joint.lanes }[leaf.type];
    const shown = (await ask(...nonce, hash)).toJSON();
    const proven = leafProof(api, shown.encoded);

    assert.equal(KINDS[shown.leaf.kind], leaf.type, `leaf ${index}: kind`);
    assert.equal(shown.leaf.encoded, leaf.toHex(), `leaf ${index}: encoding`);
    assert.equal(proven.get('leaf').toHex(), leaf.toHex(), `leaf ${index}: the leaf in the proof`);
    assert.equal(shown.block, hash, `leaf ${index}: block`);
    assert.equal(shown.root, root, `leaf ${index}: root`);
    assert.deepEqual([shown.index, shown.count], [index, outbox.length], `leaf ${index}: place`);
    assert.deepEqual(
      proven.get('proof').get('siblings').map((sibling) => sibling.toHex()),
      shown.siblings,
      `leaf ${index}: siblings`
    );
    counts[leaf.type] += 1;
  }
  assert.equal(status.get('state').get('sent').toNumber() - status.get('settled').toNumber(), counts.Message);
  assert.equal(status.get('state').get('received').toNumber() - status.get('acknowledged').toNumber(), counts.Receipt);
  console.log(`leaves: the state of the lanes, ${counts.Receipt} receipt(s), ${counts.Message} message(s), all proven`);
}

/** A leaf's proof as `lanes.deliver` takes it: decoding leaves nothing over. */
function leafProof(api, encoded) {
  const call = api.tx.lanes.deliver([], { Kept: api.genesisHash }, [encoded]);
  const [, at, leaves] = call.method.args;

  assert(at.isSome && at.unwrap().isKept, 'the header that a leaf is proven against');
  assert.equal(leaves[0].toHex(), encoded, 'a proof read back');

  return leaves[0];
}

/** An ancestor's proof as `lanes.deliver` takes it. */
async function checkAncestor(api) {
  const of = await api.rpc.chain.getHeader();
  const number = Math.max(1, of.number.toNumber() - 2 * BLOCKS);
  const block = await api.rpc.chain.getBlockHash(number);
  const shown = (await api.rpc.joint.ancestor(block, of.hash)).toJSON();
  const call = api.tx.lanes.deliver([shown.header], shown.encoded, []);
  const [[header], at] = call.method.args;
  const ancestor = at.unwrap().asAncestor;
  const nodes = ancestor.get('proof').get('nodes');

  assert.equal(at.unwrap().toHex(), shown.encoded, 'an ancestor read back');
  assert.equal(header.toHex(), shown.header, 'the header in the call');
  assert.equal(ancestor.get('header').toHex(), shown.header, 'the header in the proof');
  assert.equal(api.registry.createType('Header', shown.header).hash.toHex(), block.toHex(), 'the ancestor');
  assert.deepEqual([shown.block, shown.number, shown.blocks], [block.toHex(), number, shown.ofNumber], 'its place');
  assert.deepEqual(
    // polkadot-js calls a field `hash_` where its codecs have a property `hash` of their own.
    nodes.map((node) => [node.get('hash_').toHex(), node.get('work').toBigInt()]),
    shown.nodes.map(({ hash, work }) => [hash, hexToBigInt(work)]),
    'nodes'
  );
  console.log(`ancestor: block ${number} of block ${shown.ofNumber}, ${nodes.length} node(s)`);
}

/** The digest items of a header: exactly `PreRuntime(pow_)`, `Consensus(jnt_)`, `Seal(pow_)`. */
function decodeDigest(api, header) {
  const number = header.number.toNumber();
  const items = header.digest.logs.filter((item) => !item.isRuntimeEnvironmentUpdated);

  assert.equal(items.length, 3, `block ${number}: digest items`);

  const [first, second, third] = items;

  assert(first.isPreRuntime && second.isConsensus && third.isSeal, `block ${number}: order of digest items`);

  const seal = payload(third.asSeal, 'pow_', number);

  assert.equal(seal.length, 8, `block ${number}: length of the seal`);

  return {
    joint: strict(api, 'JointDigest', payload(second.asConsensus, 'jnt_', number), number),
    pre: strict(api, 'JointPreDigest', payload(first.asPreRuntime, 'pow_', number), number)
  };
}

function payload([engine, bytes], expected, number) {
  assert.equal(engine.toString(), expected, `block ${number}: engine id`);

  return bytes.toU8a(true);
}

function strict(api, type, bytes, number) {
  const decoded = api.registry.createType(type, bytes);

  assert.deepEqual(decoded.toU8a(), Uint8Array.from(bytes), `block ${number}: bytes that are not part of ${type}`);

  return decoded;
}

/** Signs and sends a transfer, and sees it in a block and finalized. */
async function checkTransfer(api) {
  const keyring = new Keyring({ type: 'sr25519' });
  const sender = keyring.addFromUri('//Bob');
  const recipient = keyring.addFromUri(`//Check//${Date.now()}`);
  const outcome = await submit(
    api,
    api.tx.balances.transferKeepAlive(recipient.publicKey, AMOUNT),
    sender,
    'finalized'
  );
  const [{ amount }] = eventsOf(api, outcome, 'balances', 'Transfer');
  const { data } = await (await api.at(outcome.finalized.hash)).query.system.account(recipient.publicKey);

  assert.equal(amount.toBigInt(), AMOUNT, 'amount in the transfer event');
  assert.equal(data.free.toBigInt(), AMOUNT, 'balance of the recipient');
  console.log(
    `transfer: ${coins(AMOUNT)} in block ${outcome.inBlock.number}, finalized with block ${outcome.finalized.number}`
  );
}
