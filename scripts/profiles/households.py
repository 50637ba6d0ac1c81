"""Reads the household profiles: one year by the hour, of six buildings (CityLearn challenge 2022, phase all).

A building's file has `non_shiftable_load` in kWh and `solar_generation` in W for each kWp; the schema beside it has the
kWp. The rows have month and hour, 1 to 24, but no day; days are counted here. The year begins and ends within a day,
which is left out.
"""

import csv
import json
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

BUILDINGS = range(1, 7)
HOURS = 24


class ProfileError(Exception):
    """The profiles, or what is asked of them, make no sense."""


class Hours(NamedTuple):
    """A building's day: 24 hours in Wh. `before` and `after` are the generation of the hours around it."""
    load: list
    generation: list
    before: int
    after: int


class Building(NamedTuple):
    number: int
    nominal: int  # of its plant, W
    days: dict  # MM-DD -> row of the day's first hour
    rows: list  # (load, generation) in Wh, by the hour

    def day(self, day):
        if day not in self.days:
            raise ProfileError(f"the profiles have no whole day {day}; write the day as MM-DD")
        first = self.days[day]
        load, generation = zip(*self.rows[first:first + HOURS])
        # A whole day can be the first or last of the file.
        before = self.rows[first - 1][1] if first else 0
        after = self.rows[first + HOURS][1] if first + HOURS < len(self.rows) else 0
        return Hours(list(load), list(generation), before, after)


def watt_hours(text, factor):
    """Whole Wh, rounded down."""
    value = (Decimal(text) * factor).to_integral_value(ROUND_FLOOR)
    if value < 0:
        raise ProfileError(f"an energy is below 0: {text}")
    return int(value)


def count_days(hours):
    """MM-DD -> row, of the days that have all their hours, from rows of (month, hour)."""
    days, date, last = {}, (0, 0), None
    for row, (month, hour) in enumerate(hours):
        if last is not None and hour != last % HOURS + 1:
            raise ProfileError(f"hour {hour} comes after hour {last} in row {row + 2}")
        last = hour
        if hour == 1:
            date = (month, date[1] + 1 if date[0] == month else 1)
            days["{:02}-{:02}".format(*date)] = row
    return {day: row for day, row in days.items() if row + HOURS <= len(hours)}


def read_building(folder, number, kilowatts):
    path = folder / f"Building_{number}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        energies = [(watt_hours(row["non_shiftable_load"], 1000), watt_hours(row["solar_generation"], kilowatts))
                    for row in rows]
        days = count_days([(int(row["month"]), int(row["hour"])) for row in rows])
    except OSError as error:
        raise ProfileError(f"{path} cannot be read: {error}") from None
    except (KeyError, ValueError, ArithmeticError) as error:
        raise ProfileError(f"{path} is no building's profile: {error!r}") from None
    # W per kWp over an hour, times kWp, is Wh.
    return Building(number, int(kilowatts * 1000), days, energies)


def read(folder):
    """All six, from the folder pv_citylearn."""
    path = folder / "schema.json"
    try:
        schema = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        powers = [Decimal(schema["buildings"][f"Building_{n}"]["pv"]["attributes"]["nominal_power"]) for n in BUILDINGS]
    except OSError as error:
        raise ProfileError(f"{path} cannot be read: {error}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise ProfileError(f"{path} is not the profiles' schema: {error!r}") from None
    return [read_building(folder, number, power) for number, power in zip(BUILDINGS, powers)]
