//! Figures 8 and 9: the frequencies of the u-values, and the density of the copula that fits them best.
//!
//! | file | what it shows |
//! |---|---|
//! | `frequency.svg` | frequencies in squares of the unit square, as colours; both marginals at the sides |
//! | `frequency-3d.svg` | the same as bars (fig. 8) |
//! | `density.svg` | the density c(u, v), as colours with contour lines |
//! | `density-3d.svg` | the same as a surface (fig. 9) |
//!
//! Frequencies are shares divided by the square's area, so both figures are densities and can be compared. Densities grow
//! without bound towards the corners: they are cut at their 99 % quantile over the grid, which the caption gives.

mod colour;
mod flat;
mod solid;

use crate::{error::Error, report::Candidate};
use gridpeg_copula::{
    fit::{select, Fitted},
    Copula, Pinned,
};
use plotters::{
    coord::Shift,
    prelude::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea, SVGBackend, WHITE},
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Squares on each side in the figures of frequencies.
const BINS: usize = 10;
/// Points on each side in the figures of densities.
const POINTS: usize = 40;
/// Share of the grid's points below which a density is cut.
const CUT: f64 = 0.99;
/// Size of a flat figure in pixels.
const FLAT: (u32, u32) = (760, 780);
/// Size of a figure in perspective.
const SOLID: (u32, u32) = (900, 760);

/// What figures are drawn on.
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// What drawing returns.
type Drawn = Result<(), DrawingAreaErrorKind<io::Error>>;

/// Values over the unit square, at the centres of n · n equal squares.
#[derive(Clone, Debug)]
pub struct Grid {
    n: usize,
    /// Column by column: u outside, v inside.
    values: Vec<f64>,
    /// The colour scale and the height of the axis end here; values above it are drawn like it.
    top: f64,
}

/// The text of a figure.
#[derive(Clone, Debug)]
struct Text {
    caption: String,
    u: String,
    v: String,
    /// Of the values.
    height: &'static str,
}

/// Fits the pairs, draws all figures into a folder, and returns their paths.
pub fn figures(names: &[String; 2], pairs: &[(f64, f64)], folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let selection = select(pairs).map_err(|error| Error::Fit(error.to_string()))?;
    let frequency = Grid::frequencies(pairs);
    let density = Grid::density(&selection.best.copula);
    let text =
        |caption, height| Text { caption, u: format!("u of {}", names[0]), v: format!("v of {}", names[1]), height };
    let counted = text(format!("Frequencies of {} pairs", pairs.len()), "frequency");
    let fitted = text(density_caption(&selection.best, pairs.len(), &density), "density");
    let margins = [marginal(pairs.iter().map(|pair| pair.0)), marginal(pairs.iter().map(|pair| pair.1))];

    fs::create_dir_all(folder).map_err(|reason| Error::Write { file: folder.display().to_string(), reason })?;
    Ok(vec![
        write_figure(folder, "frequency.svg", FLAT, &|area| flat::frequency(area, &frequency, &margins, &counted))?,
        write_figure(folder, "frequency-3d.svg", SOLID, &|area| solid::bars(area, &frequency, &counted))?,
        write_figure(folder, "density.svg", FLAT, &|area| flat::density(area, &density, &fitted))?,
        write_figure(folder, "density-3d.svg", SOLID, &|area| solid::surface(area, &density, &fitted))?,
    ])
}

fn write_figure(
    folder: &Path,
    name: &str,
    size: (u32, u32),
    draw: &dyn Fn(&Area<'_>) -> Drawn,
) -> Result<PathBuf, Error> {
    let file = folder.join(name);
    let name = || file.display().to_string();
    let mut svg = String::new();
    render(&mut svg, size, draw).map_err(|error| Error::Draw { file: name(), reason: error.to_string() })?;
    fs::write(&file, svg).map_err(|reason| Error::Write { file: name(), reason })?;
    Ok(file)
}

fn render(svg: &mut String, size: (u32, u32), draw: &dyn Fn(&Area<'_>) -> Drawn) -> Drawn {
    let area = SVGBackend::with_string(svg, size).into_drawing_area();
    area.fill(&WHITE)?;
    draw(&area)?;
    area.present()
}

fn density_caption(best: &Fitted, n: usize, density: &Grid) -> String {
    let Candidate { family, rotation, parameters, .. } = Candidate::new(best, n);
    let parameters = parameters.iter().map(|value| format!(" {value:.3}")).collect::<String>();
    let turned = if rotation == 0 { String::new() } else { format!(", turned by {rotation} degrees") };
    let highest = density.values.iter().copied().fold(0.0, f64::max);
    let cut = if highest > density.top { format!(", cut at {:.2}", density.top) } else { String::new() };
    format!("Density of the best copula: {family}{parameters}{turned}{cut}")
}

/// The density of one coordinate in [`BINS`] equal parts of [0, 1].
fn marginal(values: impl ExactSizeIterator<Item = f64>) -> Vec<f64> {
    let share = BINS as f64 / values.len().max(1) as f64;
    let mut bins = vec![0.0; BINS];
    for value in values {
        if let Some(bin) = bins.get_mut(bin(value)) {
            *bin += share;
        }
    }
    bins
}

/// Which of [`BINS`] equal parts of [0, 1] a value is in.
fn bin(value: f64) -> usize {
    ((value * BINS as f64) as usize).min(BINS - 1)
}

impl Grid {
    /// Of the pairs.
    pub fn frequencies(pairs: &[(f64, f64)]) -> Self {
        let share = (BINS * BINS) as f64 / pairs.len().max(1) as f64;
        let mut values = vec![0.0; BINS * BINS];
        for (u, v) in pairs {
            if let Some(value) = values.get_mut(bin(*u) * BINS + bin(*v)) {
                *value += share;
            }
        }
        let top = values.iter().copied().fold(0.0, f64::max);
        Self { n: BINS, values, top }
    }

    /// Of a copula.
    pub fn density(copula: &Copula) -> Self {
        let density = copula.density::<Pinned>();
        let centre = |index: usize| (index as f64 + 0.5) / POINTS as f64;
        let values: Vec<f64> = (0..POINTS)
            .flat_map(|i| (0..POINTS).map(move |j| (i, j)))
            .map(|(i, j)| density.ln(centre(i), centre(j)).exp())
            .collect();
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        let top = sorted.get((CUT * sorted.len() as f64) as usize).copied().unwrap_or(1.0).clamp(1.0, 1e6);
        Self { n: POINTS, values, top }
    }

    /// The value of a square, cut at the top.
    fn at(&self, i: usize, j: usize) -> f64 {
        self.values.get(i * self.n + j).copied().unwrap_or_default().min(self.top)
    }

    /// The centre of the i-th part.
    fn centre(&self, i: usize) -> f64 {
        (i as f64 + 0.5) / self.n as f64
    }

    /// The lower end of the i-th part.
    fn edge(&self, i: usize) -> f64 {
        i as f64 / self.n as f64
    }

    /// All squares, those at smaller u and v first.
    fn squares(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.n).flat_map(move |i| (0..self.n).map(move |j| (i, j)))
    }

    /// A value as a share of the top.
    fn share(&self, value: f64) -> f64 {
        if self.top > 0.0 {
            value / self.top
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_are_a_density() {
        let pairs: Vec<(f64, f64)> = (1..100).map(|i| (f64::from(i) / 100.0, f64::from(100 - i) / 100.0)).collect();
        let grid = Grid::frequencies(&pairs);
        let mean = grid.values.iter().sum::<f64>() / grid.values.len() as f64;
        assert!((mean - 1.0).abs() < 1e-12);
        assert!(grid.at(0, 9) > 5.0 && grid.at(0, 0) == 0.0);
        assert!((marginal(pairs.iter().map(|pair| pair.0)).iter().sum::<f64>() - BINS as f64).abs() < 1e-9);
    }

    #[test]
    fn independence_is_flat() {
        let grid = Grid::density(&Copula::INDEPENDENCE);
        assert!(grid.squares().all(|(i, j)| (grid.at(i, j) - 1.0).abs() < 1e-12));
    }
}
