//! From prices to u-values: the kernel marginals of eqs. 4 to 6.

use crate::{
    error::Error,
    number::UNITS,
    sample::{scaled, Kind, Sample},
};
use gridpeg_copula::{
    guidance::Guidance,
    marginal::{from_q32, u_values, Marginal},
    Copula,
};

/// The least bandwidth of numbers that are not in units of price, relative to the largest of them.
const LEAST_RELATIVE_BANDWIDTH: f64 = 1e-12;

/// Both series, ready for the analysis.
#[derive(Clone, Debug)]
pub struct Series {
    /// What the sample's numbers were multiplied by; see [`Sample::scale`].
    pub scale: f64,
    /// The first series.
    pub first: Vec<f64>,
    /// The second series.
    pub second: Vec<f64>,
    kind: Kind,
}

impl Series {
    /// The sample's numbers. Pseudo-observations are not scaled.
    pub fn of(sample: &Sample, kind: Kind) -> Self {
        Self::scaled(sample, kind, if kind == Kind::Prices { sample.scale() } else { 1.0 })
    }

    /// The sample's numbers times a scale.
    pub fn scaled(sample: &Sample, kind: Kind, scale: f64) -> Self {
        let (first, second) = sample.rows.iter().map(|[a, b]| (scaled(a, scale), scaled(b, scale))).unzip();
        Self { scale, first, second, kind }
    }

    /// (u, v): through the kernel marginals and Q0.32, as on the chain; pseudo-observations as they are.
    pub fn pairs(&self) -> Result<Vec<(f64, f64)>, Error> {
        if self.kind == Kind::PseudoObservations {
            return Ok(self.first.iter().copied().zip(self.second.iter().copied()).collect());
        }
        let u = self.u(&self.first)?;
        let v = self.u(&self.second)?;
        Ok(u.into_iter().zip(v).collect())
    }

    /// The guidance that a copula gives on these marginals; the first series is the electricity price.
    pub fn guidance(&self, copula: Copula) -> Result<Guidance, Error> {
        Ok(Guidance { copula, electricity: self.marginal(&self.first)?, carbon: self.marginal(&self.second)? })
    }

    fn u(&self, series: &[f64]) -> Result<Vec<f64>, Error> {
        let values = u_values(series, self.least_bandwidth(series)).map_err(|error| Error::Fit(error.to_string()))?;
        Ok(values.into_iter().map(from_q32).collect())
    }

    fn marginal(&self, series: &[f64]) -> Result<Marginal, Error> {
        Marginal::new(series, self.least_bandwidth(series)).map_err(|error| Error::Fit(error.to_string()))
    }

    /// One unit of price, as on the chain, if the numbers are in units.
    fn least_bandwidth(&self, series: &[f64]) -> f64 {
        if self.scale == UNITS {
            return 1.0;
        }
        let largest = series.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        (LEAST_RELATIVE_BANDWIDTH * largest).max(f64::MIN_POSITIVE)
    }
}
