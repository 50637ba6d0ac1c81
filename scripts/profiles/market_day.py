"""Makes a day on the market out of household profiles: sites, meters, quarter-hourly readings, orders.

Everything is in whole numbers, and whatever is drawn comes from SHA-256 of the seed and of what it is drawn for: the
same on every machine, and one option does not change what others drew. docs/feeder.md has the rules.
"""

import hashlib
from typing import NamedTuple

from households import HOURS, ProfileError

QUARTERS = 4
SLOTS = HOURS * QUARTERS
SLOT_LENGTH = 900_000  # ms
# Where buildings 1 to 6 are on the 33-bus feeder: the buses of which the voltage rise is published.
BUSES = (18, 14, 32, 6, 24, 20)
LEVEL = 0
# The most a plant gives for some minutes, in percent of its nominal power; what a house's connection carries, W.
PLANT, CONNECTION = 125, 12_000
# A quarter's weight within its hour's load: 1000, give or take as much.
LOAD_SPREAD = 200
# A forecast's error: give or take as many thousandths, so that an honest one stays within a free band of 10 %.
FORECAST_SPREAD = 80
# How far from its end of the range between feed-in price and tariff a limit may be, in thousandths of the range.
PRICE_REACH = 600
HIGHEST_PRICE = 10**18
MODES = {"self-use": "SelfUse", "all-to-grid": "AllToGrid", "market": "Market"}


class Silent(NamedTuple):
    building: int
    direction: str
    first: int
    last: int


class Options(NamedTuple):
    day: str
    seed: int = 1
    consumers: tuple = (4, 5, 6)  # buildings whose roof counts as empty
    modes: dict = {}  # building -> mode, where it is not the market
    green: tuple = (1,)  # buildings that offer their energy as green
    silent: tuple = ()  # of Silent
    under: dict = {}  # building -> percent of its generation that fails
    first: int = 0
    last: int = SLOTS - 1
    slot_length: int = SLOT_LENGTH
    lot: int = 10  # Wh
    feed_in: int = 400_000_000_000  # 10^-12 coin per kWh
    tariff: int = 600_000_000_000


class Quarter(NamedTuple):
    """What a house does in a slot, Wh."""
    load: int
    generation: int

    @property
    def imported(self):
        return max(self.load - self.generation, 0)

    @property
    def exported(self):
        return max(self.generation - self.load, 0)


METERED = {
    "Generation": lambda quarter: quarter.generation,
    "Import": lambda quarter: quarter.imported,
    "Export": lambda quarter: quarter.exported,
}


def draw(seed, below, *purpose):
    """A number from 0 to below - 1, always the same for the same seed and purpose."""
    text = "/".join(str(part) for part in ("gridpeg-profiles", seed, *purpose))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big") % below


def around(seed, spread, *purpose):
    """From -spread to +spread."""
    return draw(seed, 2 * spread + 1, *purpose) - spread


def apportion(total, weights):
    """Whole parts in proportion to the weights that add up to the total."""
    whole, parts, done, weight = sum(weights), [], 0, 0
    for each in weights:
        weight += each
        until = total * weight // whole if whole else 0
        parts.append(until - done)
        done = until
    return parts


def split_load(seed, building, load):
    """An hour's load over its quarters: equal parts, give or take a fifth, as drawn."""
    quarters = []
    for hour, energy in enumerate(load):
        weights = [1000 + around(seed, LOAD_SPREAD, "load", building, hour, quarter) for quarter in range(QUARTERS)]
        quarters += apportion(energy, weights)
    return quarters


def split_generation(generation, before, after):
    """An hour's generation over its quarters: along straight lines between the middles of the hours."""
    quarters = []
    for previous, now, following in zip([before, *generation], generation, [*generation[1:], after]):
        # Eighths of an hour from the middle: -3, -1, 1, 3.
        weights = [8 * now - 3 * (now - previous), 8 * now - (now - previous),
                   8 * now + (following - now), 8 * now + 3 * (following - now)]
        quarters += apportion(now, weights)
    return quarters


def house(options, building, failing=0):
    """A building's quarters. `failing` percent of its generation is missing, of each hour, the rest rounded down."""
    hours = building.day(options.day)
    load = split_load(options.seed, building.number, hours.load)
    if building.number in options.consumers:
        return [Quarter(energy, 0) for energy in load]
    left = 100 - failing
    generation = split_generation([energy * left // 100 for energy in hours.generation],
                                  hours.before * left // 100, hours.after * left // 100)
    return [Quarter(*pair) for pair in zip(load, generation)]


def order(options, site, number, slot, expected):
    """What a site on the market orders for a slot, or None: all that it expects to give or take, if that is a lot."""
    selling = expected.exported > 0
    energy = expected.exported if selling else expected.imported
    quantity = energy * (1000 + around(options.seed, FORECAST_SPREAD, "forecast", number, slot)) // 1000
    if quantity < options.lot:
        return None
    # A seller starts from the feed-in price, a buyer from the tariff: what the grid would pay or take.
    reach = (options.tariff - options.feed_in) * draw(options.seed, PRICE_REACH + 1, "price", number, slot) // 1000
    limit = options.feed_in + reach if selling else options.tariff - reach
    return {"slot": slot, "site": site, "side": "Ask" if selling else "Bid", "quantity": quantity, "limit": str(limit),
            "green": selling and number in options.green}


def refuse(wrong, reason):
    if wrong:
        raise ProfileError(reason)


def check(options, buildings):
    numbers = {building.number for building in buildings}
    producers = numbers - set(options.consumers)
    silent = (each.building for each in options.silent)
    named = {*options.consumers, *options.modes, *options.green, *options.under, *silent}
    refuse(named - numbers, f"there is no building {sorted(named - numbers)}; they are {sorted(numbers)}")
    refuse(set(options.under) - producers or set(options.green) - producers,
           "a consumer has no plant: it can neither under-deliver nor sell")
    refuse(not all(0 < percent <= 100 for percent in options.under.values()), "what fails is 1 to 100 percent")
    refuse(not 0 <= options.first <= options.last < SLOTS, f"slots are 0 to {SLOTS - 1}, the first not after the last")
    for each in options.silent:
        refuse(each.direction not in METERED, f"meters count {', '.join(METERED)}, not {each.direction}")
        refuse(each.building not in producers and each.direction != "Import", "a consumer has an import meter only")
        refuse(not 0 <= each.first <= each.last < SLOTS, f"slots are 0 to {SLOTS - 1}, the first not after the last")
    refuse(not 0 < options.slot_length <= SLOT_LENGTH, f"a slot lasts up to {SLOT_LENGTH} ms")
    refuse(options.lot <= 0, "a lot is above 0")
    refuse(not 0 < options.feed_in <= options.tariff <= HIGHEST_PRICE,
           f"prices are above 0 and up to {HIGHEST_PRICE}, the feed-in price not above the tariff")


def capacity(options, building, direction):
    """A meter's capacity in W. In shorter slots the same energy is a higher power."""
    watts = building.nominal * PLANT // 100 if direction == "Generation" else CONNECTION
    return -(-watts * SLOT_LENGTH // options.slot_length)


def readings(options, meter, number, direction, limit, quarters):
    """A meter's readings: what it counted in each slot, and its counter after it. It counts on while it is silent."""
    silent = [each for each in options.silent if (each.building, each.direction) == (number, direction)]
    made, counter = [], 0
    for slot in range(options.first, options.last + 1):
        energy = METERED[direction](quarters[slot])
        refuse(energy > limit * options.slot_length // 3_600_000,
               f"building {number} has {energy} Wh in slot {slot}: more than its {direction} meter may count")
        counter += energy
        if not any(each.first <= slot <= each.last for each in silent):
            made.append({"meter": meter, "slot": slot, "energy": energy, "counter": counter, "quality": 0,
                         "revision": 0})
    return made


def make(buildings, options):
    """The day, as it goes into the JSON."""
    check(options, buildings)
    sites, meters, counted, orders, totals = [], [], [], [], []
    for site, building in enumerate(buildings):
        number = building.number
        name, mode = f"building-{number}", options.modes.get(number, "Market")
        actual = house(options, building, options.under.get(number, 0))
        expected = house(options, building)
        sites.append({"name": name, "bus": BUSES[number - 1], "level": LEVEL, "mode": mode})
        for direction in ("Import",) if number in options.consumers else METERED:
            limit = capacity(options, building, direction)
            meter = len(meters)
            meters.append({"name": f"{name}-{direction.lower()}", "site": site, "direction": direction,
                           "capacity": limit})
            counted += readings(options, meter, number, direction, limit, actual)
        slots = range(options.first, options.last + 1)
        if mode == "Market":
            orders += [made for slot in slots if (made := order(options, site, number, slot, expected[slot]))]
        took_part = actual[options.first:options.last + 1]
        totals.append({"site": site, "load": sum(quarter.load for quarter in took_part),
                       **{direction.lower(): sum(map(energy, took_part)) for direction, energy in METERED.items()}})
    # Who comes first within a slot is drawn too: it decides between equal limits.
    orders.sort(key=lambda made: (made["slot"], draw(options.seed, 1 << 64, "turn", made["slot"], made["site"])))
    counted.sort(key=lambda reading: (reading["slot"], reading["meter"]))
    return {
        "day": options.day, "seed": options.seed, "slotLength": options.slot_length, "firstSlot": options.first,
        "lastSlot": options.last, "lot": options.lot, "feedIn": str(options.feed_in), "tariff": str(options.tariff),
        "silent": [{"meter": meter, "first": max(each.first, options.first), "last": min(each.last, options.last)}
                   for each in options.silent for meter, made in enumerate(meters)
                   if made["name"] == f"building-{each.building}-{each.direction.lower()}"
                   and each.first <= options.last and each.last >= options.first],
        "underDelivering": [{"site": site, "percent": options.under[building.number]}
                            for site, building in enumerate(buildings) if building.number in options.under],
        "sites": sites, "meters": meters, "readings": counted, "orders": orders, "totals": totals,
    }
