//! The auction: rounds worked by hand, random rounds against a slow reference, and what holds for every round.

mod differential;
mod properties;
mod reference;
mod rounds;
mod worked;
