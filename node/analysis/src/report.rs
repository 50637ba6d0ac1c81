//! What a fit found.

use crate::{error::Error, pseudo::Series};
use gridpeg_copula::{
    fit::{select, Fitted, Selection},
    rank::{kendall, pearson, spearman},
};
use serde::Serialize;
use std::{cmp::Ordering, fmt};

/// One copula, its parameters by maximum likelihood.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// The family's name.
    pub family: &'static str,
    /// Rotation in degrees: c90(u, v) = c(1 − u, v), c180 = c(1 − u, 1 − v), c270 = c(u, 1 − v).
    pub rotation: u32,
    /// (ρ), (ρ, ν), (θ) or none.
    pub parameters: Vec<f64>,
    /// Σ ln c(u, v).
    pub loglik: f64,
    /// −2 loglik + 2P, P parameters: what the chains compare.
    pub aic: f64,
    /// Eq. 10, read with A the mean log-likelihood: AIC / n.
    pub aic_mean: f64,
}

/// All candidates, and how the series correlate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FitReport {
    /// Rows.
    pub n: usize,
    /// The candidate with the least AIC.
    pub best: Candidate,
    /// All 16: 7 families, three of them in four rotations.
    pub candidates: Vec<Candidate>,
    /// Kendall's τ_b of the two columns.
    pub kendall_tau: Option<f64>,
    /// Spearman's ρ of the two columns (eq. 8).
    pub spearman_rho: Option<f64>,
    /// Pearson's correlation of the two columns (eq. 7).
    pub pearson: Option<f64>,
}

impl Candidate {
    /// Of a fit to n pairs.
    pub fn new(fitted: &Fitted, n: usize) -> Self {
        let copula = &fitted.copula;
        Self {
            family: copula.family.name(),
            rotation: u32::from(copula.rotation.degrees()),
            parameters: copula.parameters.iter().copied().take(copula.family.parameters()).collect(),
            loglik: fitted.log_likelihood,
            aic: fitted.aic,
            aic_mean: fitted.aic / n as f64,
        }
    }
}

impl FitReport {
    /// Fits all candidates.
    pub fn new(series: &Series) -> Result<(Self, Selection), Error> {
        let selection = select(&series.pairs()?).map_err(|error| Error::Fit(error.to_string()))?;
        let n = selection.n;
        let report = Self {
            n,
            best: Candidate::new(&selection.best, n),
            candidates: selection.candidates.iter().map(|fitted| Candidate::new(fitted, n)).collect(),
            kendall_tau: kendall(&series.first, &series.second),
            spearman_rho: spearman(&series.first, &series.second),
            pearson: pearson(&series.first, &series.second),
        };
        Ok((report, selection))
    }
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parameters = self.parameters.iter().map(|value| format!("{value:.6}")).collect::<Vec<_>>().join(" ");
        let Self { family, rotation, loglik, aic, aic_mean, .. } = self;
        write!(f, "{family:<12} {rotation:>8}  {parameters:<22} {loglik:>14.6} {aic:>14.6} {aic_mean:>12.6}")
    }
}

impl fmt::Display for FitReport {
    /// A table, the best first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |value: Option<f64>| value.map_or_else(|| "undefined".to_string(), |value| format!("{value:.6}"));
        writeln!(f, "{} pairs", self.n)?;
        writeln!(f, "Kendall's tau {}", number(self.kendall_tau))?;
        writeln!(f, "Spearman's rho {}", number(self.spearman_rho))?;
        writeln!(f, "Pearson's correlation {}", number(self.pearson))?;
        writeln!(f)?;
        let [parameters, loglik, aic, mean] = ["parameters", "log-likelihood", "AIC", "AIC/n (10)"];
        writeln!(f, "{:<12} {:>8}  {parameters:<22} {loglik:>14} {aic:>14} {mean:>12}", "family", "rotation")?;
        let mut candidates: Vec<&Candidate> = self.candidates.iter().collect();
        candidates.sort_by(|a, b| a.aic.partial_cmp(&b.aic).unwrap_or(Ordering::Equal));
        candidates.into_iter().try_for_each(|candidate| writeln!(f, "{candidate}"))
    }
}
