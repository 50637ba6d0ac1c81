// Accounts, a feeder and sites for check-market.js: its own, whatever else is on the chain.

import { eventsOf, submit } from '../../lib/submit.js';
import { COIN } from '../../lib/scenario.js';
import { Sender } from '../../lib/sender.js';
import { keyOf, registerSite } from '../market.js';

const SUDO = '//Alice';
const RICH = '//Bob';
const GIFT = 100n * COIN;
/** Enough for fees, not for an order of many kWh. */
const POCKET_MONEY = COIN / 10n;
const OPERATORS = ['operator', 'operator-of-document'];

/**
 * Registers two feeders and funds new accounts. Returns `{ account, document, feeder, operator, suri }`:
 * `account(name)` is a sender, `suri(name)` its secret URI; `document` has the feeder of the document's code, and
 * `operatorSuri`, so that nobody else counts that operator's nonces.
 */
export async function setUp(api, names) {
  const root = `//Check//${Date.now()}`;
  const suri = (name) => `${root}//${name}`;
  const senders = new Map(
    await Promise.all([...OPERATORS, ...names].map(async (name) => [name, new Sender(api, await keyOf(suri(name)))]))
  );
  const account = (name) => senders.get(name);
  const { balances, metering, sudo, utility } = api.tx;
  const feeders = OPERATORS.map((name) => metering.registerFeeder(account(name).publicKey, { Ieee33: null }));
  const gifts = [...senders].map(([name, { publicKey }]) =>
    balances.transferKeepAlive(publicKey, name === 'poor' ? POCKET_MONEY : GIFT)
  );
  const [outcome] = await Promise.all([
    submit(api, sudo.sudo(utility.batchAll(feeders)), await keyOf(SUDO)),
    submit(api, utility.batchAll(gifts), await keyOf(RICH))
  ]);
  const [feeder, other] = eventsOf(api, outcome, 'metering', 'FeederRegistered').map((data) => data.feeder.toNumber());
  const document = { feeder: other, operatorSuri: suri(OPERATORS[1]) };

  return { account, document, feeder, operator: account(OPERATORS[0]), suri };
}

/** A site of an account, in market mode unless said otherwise. Returns its number. */
export async function siteOf(api, { feeder, operator }, owner, mode = 'Market') {
  const { site } = await registerSite(api, operator, { bus: 18, feeder, mode, owner });

  return site;
}
