//! # The analysis
//!
//! How electricity and carbon prices hang together, and what it is worth to have found out. This crate is the only
//! place with statistics: runtimes, nodes and offline tools all call it. It knows no chain and no pallet.
//!
//! | paper | here |
//! |---|---|
//! | eq. 2, samples of the two prices | [`prices`]: one pair per clearing period |
//! | eq. 3, H = C(F_x, F_y) | [`Copula`]: seven families, four rotations |
//! | eq. 4, kernel density; eqs. 5 and 6, distribution and quantile | [`marginal`] |
//! | eqs. 7 and 8, ρ from Spearman's ρ_S | [`rank`], [`consensus::reference`] |
//! | maximum likelihood (text after eq. 8) | `fit` (with `std`) |
//! | eq. 10, AIC | [`consensus::evaluate`] |
//! | Monte Carlo simulation, the auction's advice (Algorithm 2, line 5; figs. 8 and 9) | [`guidance`] |
//!
//! ## Equation 10
//! AIC = −2A + (2/T)·P is the usual criterion divided by T if A is the *mean* log-likelihood, and this is how it is
//! read: with A the total, the penalty would all but vanish, and the copula with the most parameters would fit noise.
//! Times T: AIC = −2 Σ ln c(u, v) + 2P.
//!
//! ## The exact path and the fast path
//! Every formula is generic over [`Math`], the elementary functions. With [`Pinned`] a result has the same bits on
//! every machine and in wasm: claims are checked, references and marginals computed and guidance given with nothing
//! else. A search may use `Native`, which is faster, because what it finds is a *claim*: a family, a rotation and
//! parameters in Q16.16, which everybody evaluates again, exactly:
//!
//! ```text
//! prices ──marginal──▶ u-values in 2⁻³² ──fit, on any arithmetic──▶ Claim in Q16.16
//!                              │                                      │
//!                              └──────▶ evaluate, Pinned only ◀───────┘
//!                                              │
//!                                     AIC in 2⁻²⁰ ──▶ gain in 1/16
//! ```
//!
//! ```
//! use gridpeg_copula::{evaluate, gain, reference, Claim};
//!
//! // Thirty u-values that rise together.
//! let pairs: Vec<(u32, u32)> = (1..=30).map(|i| (i * 130_000_000, i * 130_000_000 + (i % 4) * 30_000_000)).collect();
//! let (gaussian, aic) = reference(&pairs);
//! assert_eq!(gaussian.family, 1);
//! assert_eq!(evaluate(&pairs, &gaussian), Ok(aic));
//! // Independence is always worth 0; carrying the reference earns nothing.
//! assert_eq!(evaluate(&pairs, &Claim::INDEPENDENCE), Ok(0));
//! assert_eq!(gain(aic, aic), 0);
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | [`math`] | the elementary functions, exact and fast |
//! | [`normal`], [`student`] | the two margins that need quantiles |
//! | [`family`] | families, rotations, bounds; densities, distributions, conditional distributions |
//! | [`claim`], [`consensus`] | claims and what they are worth |
//! | [`rank`] | ranks and correlations |
//! | [`marginal`] | kernel distributions and u-values |
//! | `fit` | the search for the best copula (with `std`) |
//! | [`guidance`] | the carbon price to be expected at an electricity price |
//! | [`prices`] | the forms that runtimes, nodes and tools share |

#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::panic, clippy::unwrap_used))]
#![warn(missing_docs)]

extern crate alloc;

pub mod claim;
pub mod consensus;
mod families;
pub mod family;
#[cfg(feature = "std")]
pub mod fit;
pub mod guidance;
pub mod marginal;
pub mod math;
pub mod normal;
pub mod prices;
pub mod rank;
pub mod student;

pub use claim::{Claim, ClaimError, MAX_OBSERVATIONS, MIN_OBSERVATIONS};
#[cfg(feature = "std")]
pub use consensus::best_claim;
pub use consensus::{evaluate, gain, reference, AIC_UNIT, Q32};
pub use family::{Copula, Density, Family, ParameterError, Rotation};
pub use guidance::{Guidance, PROBABILITIES};
pub use marginal::{from_q32, to_q32, u_values, Marginal, MarginalError};
#[cfg(feature = "std")]
pub use math::Native;
pub use math::{Math, Pinned, Probability};
pub use prices::{CarbonGuidance, Price, PricePair, WindowState};
pub use rank::{gaussian_rho, kendall, pearson, pseudo_observations, ranks, spearman};
pub use student::StudentT;
