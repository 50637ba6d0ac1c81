// Checks that a stock polkadot-js client understands a running chain: metadata in every version, headers with their
// digest, a transfer from signing to finality. Ends with 1 at the first thing that does not fit.

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
  'lightClient',
  'lanes',
  'peg',
  'commitments'
];
const RUNTIME_APIS = ['hybridPowApi', 'lightClientApi', 'lanesApi', 'pegApi'];
const METADATA_VERSIONS = [14, 15, 16];
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
    registry.setMetadata(metadata);

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
