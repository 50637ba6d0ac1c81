//! Clearing: books worked by hand, random books against a slow reference, and what holds for every book.

mod books;
mod differential;
mod properties;
mod reference;
mod worked;
