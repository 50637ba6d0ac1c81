// Replays a day: orders before the gates, readings after the slots, many slots on their way at once.

/**
 * How many slots ahead of the present one orders are placed, and for how many at a time: together below the 64 open
 * orders that an account can have, and far enough ahead of the gate for a minute without blocks.
 */
export const AHEAD = 40;
export const WINDOW = 8;

/**
 * Replays slot by slot as blocks come, until the last slot is settled.
 *
 * `time` is the chain's at the beginning, `blocks` those that follow, the time going on from one to the next.
 * `order(from, to)` places the orders of these slots and `read(from, to)` hands in their readings; both return
 * promises, which are not waited for before the next. `first` and `last` are the day's slots on the chain's calendar. `journal`
 * takes every block. `say` is called with a line of progress now and then.
 *
 * Fails as soon as one of the promises does.
 */
export async function replay({ blocks, calendar, first, journal, last, order, read, say = () => {}, time }) {
  const failures = [];
  const under = [];
  const start = (promise) => under.push(promise.catch((error) => failures.push(error)));
  let ordered = first;
  let due = first;
  let said = first;
  const orderAhead = (present) => {
    while (ordered <= last && ordered - present <= AHEAD) {
      const until = Math.min(ordered + WINDOW - 1, last);

      start(order(ordered, until));
      ordered = until + 1;
    }
  };

  orderAhead(calendar.slotAt(time));
  for await (const block of blocks) {
    journal.add(block);
    if (failures.length > 0) {
      throw failures[0];
    }

    const present = calendar.slotAt(block.time);

    orderAhead(present);

    // The slots before the present one are over by this block's time, so also by that of any later block.
    const over = Math.min(present - 1, last);

    if (over >= due) {
      start(read(due, over));
      due = over + 1;
    }
    if (present >= said + WINDOW && said <= last) {
      said = present;
      say(`slot ${present - first} of ${last - first + 1}: ${status(journal, first)}`);
    }
    if (journal.settled >= last) {
      break;
    }
  }

  await Promise.all(under);
  if (failures.length > 0) {
    throw failures[0];
  }
}

function status({ orders, settled, trades }, first) {
  return `${orders} orders, ${trades.made} trades, ${Math.max(settled - first + 1, 0)} slots settled`;
}
