// Reads both chains' books straight from storage, over plain JSON-RPC: an independent reader, which shares no code with
// the relayer, with polkadot-js' API or with the other scripts here. Only the hash functions are a library's.

import { parseArgs } from 'node:util';

import { Keyring } from '@polkadot/keyring';
import { blake2AsHex, cryptoWaitReady, encodeAddress, xxhashAsHex } from '@polkadot/util-crypto';

const SS58_PREFIXES = { electricity: 6082, carbon: 6083 };
const DEVELOPMENT_ACCOUNTS = ['//Alice', '//Bob', '//Charlie', '//Dave'];
// The escrow has no key: `modl`, the pallet's id `gp/escro`, zeros.
const ESCROW = Buffer.concat([Buffer.from('modlgp/escro'), Buffer.alloc(20)]);
const UNIT = 10n ** 12n;

const { values } = parseArgs({
  options: {
    account: { type: 'string', multiple: true, default: [] },
    carbon: { type: 'string', default: 'ws://127.0.0.1:9945' },
    electricity: { type: 'string', default: 'ws://127.0.0.1:9944' }
  }
});

read().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});

async function read() {
  await cryptoWaitReady();

  const keyring = new Keyring({ type: 'sr25519' });
  const accounts = [...DEVELOPMENT_ACCOUNTS, ...values.account].map((name) => [name, publicKey(keyring, name)]);
  const electricity = await openChain(values.electricity);
  const carbon = await openChain(values.carbon);

  print('', `electricity, block ${electricity.number}`, `carbon, block ${carbon.number}`);
  for (const [name, key] of accounts) {
    print(shorten(name), coins(await freeBalance(electricity, key)), coins(await freeBalance(carbon, key)));
  }
  print('escrow account', coins(await freeBalance(electricity, ESCROW)), '');
  print('total issuance', coins(await issuance(electricity)), coins(await issuance(carbon)));
  console.log(`escrow account on the electricity chain: ${encodeAddress(ESCROW, SS58_PREFIXES.electricity)}`);
  for (const [name, key] of accounts.slice(DEVELOPMENT_ACCOUNTS.length)) {
    console.log(`${name} on the carbon chain: ${encodeAddress(key, SS58_PREFIXES.carbon)}`);
  }
}

/** A chain at its best block, so that all that is read belongs together. */
async function openChain(url) {
  const chain = { url: url.replace(/^ws/, 'http') };

  chain.at = await ask(chain, 'chain_getBlockHash', []);
  chain.number = Number((await ask(chain, 'chain_getHeader', [chain.at])).number);

  return chain;
}

async function ask({ url }, method, params) {
  let response;

  try {
    response = await fetch(url, {
      body: JSON.stringify({ id: 1, jsonrpc: '2.0', method, params }),
      headers: { 'content-type': 'application/json' },
      method: 'POST',
      signal: AbortSignal.timeout(30_000)
    });
  } catch (error) {
    throw new Error(`${url} does not answer (${error.cause?.code ?? error.message}); is a node running there?`);
  }

  const { error, result } = await response.json();

  if (error) {
    throw new Error(`${url}, ${method}: ${error.message}`);
  }

  return result;
}

/** `System.Account[key].data.free`, 0 where there is no account. */
async function freeBalance(chain, key) {
  const hashed = `${blake2AsHex(key, 128).slice(2)}${Buffer.from(key).toString('hex')}`;
  const account = await storage(chain, `${prefix('System', 'Account')}${hashed}`);

  // nonce, consumers, providers, sufficients: u32 each; then free: u128.
  return account ? u128(account, 16) : 0n;
}

async function issuance(chain) {
  return u128(await storage(chain, prefix('Balances', 'TotalIssuance')), 0);
}

async function storage(chain, key) {
  const value = await ask(chain, 'state_getStorage', [key, chain.at]);

  return value && Buffer.from(value.slice(2), 'hex');
}

function prefix(pallet, item) {
  return `${xxhashAsHex(pallet, 128)}${xxhashAsHex(item, 128).slice(2)}`;
}

function u128(bytes, offset) {
  return bytes.readBigUInt64LE(offset) + (bytes.readBigUInt64LE(offset + 8) << 64n);
}

/** The key of an account given as a secret URI (`//Bob`), an address or 32 bytes of hex. */
function publicKey(keyring, account) {
  return account.startsWith('//') ? keyring.addFromUri(account).publicKey : keyring.decodeAddress(account, true);
}

function coins(amount) {
  return `${amount / UNIT}.${(amount % UNIT).toString().padStart(12, '0').slice(0, 6)} GPEG`;
}

function shorten(name) {
  return name.length > 26 ? `${name.slice(0, 23)}...` : name;
}

function print(name, left, right) {
  console.log(`${name.padEnd(26)} ${left.padStart(28)} ${right.padStart(28)}`);
}
