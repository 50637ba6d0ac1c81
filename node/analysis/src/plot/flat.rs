//! Figures seen from above: values as colours.

use super::{colour::colour, Area, Drawn, Grid, Text, BINS};
use plotters::prelude::{ChartBuilder, Color, PathElement, RGBColor, Rectangle};

/// Height of the histogram above a figure, width of the one beside it, in pixels.
const SIDE: i32 = 110;
/// Width of the colour scale beside a figure.
const SCALE: i32 = 90;
/// Room for the labels of an axis.
const LABELS: i32 = 50;
const MARGIN: i32 = 8;
const FONT: &str = "sans-serif";
const GREY: RGBColor = RGBColor(120, 120, 120);
const BARS: RGBColor = RGBColor(107, 174, 214);
/// Contour lines, between 0 and the top.
const CONTOURS: usize = 8;
/// Steps of the colour scale.
const STEPS: usize = 50;

/// The frequencies, with both marginals at the sides.
pub fn frequency(area: &Area<'_>, grid: &Grid, margins: &[Vec<f64>; 2], text: &Text) -> Drawn {
    let area = area.titled(&text.caption, (FONT, 20))?;
    let (width, _) = area.dim_in_pixel();
    let parts = area.split_by_breakpoints([width as i32 - SIDE], [SIDE]);
    if let [above, _, middle, beside] = parts.as_slice() {
        squares(middle, grid, text, false)?;
        let top = margins.iter().flatten().copied().fold(1.0, f64::max);
        let edge = |i: usize| i as f64 / BINS as f64;

        let mut chart = ChartBuilder::on(above)
            .margin(MARGIN)
            .y_label_area_size(LABELS)
            .build_cartesian_2d(0.0..1.0_f64, 0.0..top)?;
        let bars = margins[0].iter().enumerate();
        chart.draw_series(
            bars.map(|(i, height)| Rectangle::new([(edge(i), 0.0), (edge(i + 1), *height)], BARS.filled())),
        )?;

        let mut chart = ChartBuilder::on(beside)
            .margin(MARGIN)
            .x_label_area_size(LABELS)
            .build_cartesian_2d(0.0..top, 0.0..1.0_f64)?;
        let bars = margins[1].iter().enumerate();
        chart.draw_series(
            bars.map(|(i, height)| Rectangle::new([(0.0, edge(i)), (*height, edge(i + 1))], BARS.filled())),
        )?;
    }
    Ok(())
}

/// The density, with contour lines and a scale of the colours.
pub fn density(area: &Area<'_>, grid: &Grid, text: &Text) -> Drawn {
    let area = area.titled(&text.caption, (FONT, 18))?;
    let (width, _) = area.dim_in_pixel();
    let (middle, beside) = area.split_horizontally(width as i32 - SCALE);
    squares(&middle, grid, text, true)?;
    scale(&beside, grid)
}

/// Values as coloured squares with axes.
fn squares(area: &Area<'_>, grid: &Grid, text: &Text, contours: bool) -> Drawn {
    let mut chart = ChartBuilder::on(area)
        .margin(MARGIN)
        .x_label_area_size(LABELS)
        .y_label_area_size(LABELS)
        .build_cartesian_2d(0.0..1.0_f64, 0.0..1.0_f64)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .x_desc(text.u.as_str())
        .y_desc(text.v.as_str())
        .label_style((FONT, 14))
        .axis_desc_style((FONT, 16))
        .draw()?;
    chart.draw_series(grid.squares().map(|(i, j)| {
        let corners = [(grid.edge(i), grid.edge(j)), (grid.edge(i + 1), grid.edge(j + 1))];
        Rectangle::new(corners, colour(grid.share(grid.at(i, j))).filled())
    }))?;
    if contours {
        for step in 1..CONTOURS {
            let level = grid.top * step as f64 / CONTOURS as f64;
            let lines = contour(grid, level);
            chart.draw_series(lines.into_iter().map(|line| PathElement::new(line.to_vec(), GREY)))?;
        }
    }
    Ok(())
}

/// What the colours mean.
fn scale(area: &Area<'_>, grid: &Grid) -> Drawn {
    let top = grid.top;
    let mut chart = ChartBuilder::on(area)
        .margin(MARGIN)
        .margin_bottom(MARGIN + LABELS)
        .y_label_area_size(LABELS)
        .build_cartesian_2d(0.0..1.0_f64, 0.0..top)?;
    chart.configure_mesh().disable_mesh().disable_x_axis().label_style((FONT, 14)).draw()?;
    let at = |step: usize| step as f64 / STEPS as f64;
    chart.draw_series((0..STEPS).map(|step| {
        let corners = [(0.0, top * at(step)), (1.0, top * at(step + 1))];
        Rectangle::new(corners, colour(at(step)).filled())
    }))?;
    Ok(())
}

/// The lines on which the interpolated values are at a level: marching squares between the centres of neighbours.
fn contour(grid: &Grid, level: f64) -> Vec<[(f64, f64); 2]> {
    let last = grid.n.saturating_sub(1);
    let cells = (0..last).flat_map(|i| (0..last).map(move |j| (i, j)));
    cells.flat_map(|(i, j)| contour_of_cell(grid, i, j, level)).collect()
}

/// The lines in one cell: none, one, or two where a saddle is.
fn contour_of_cell(grid: &Grid, i: usize, j: usize, level: f64) -> Vec<[(f64, f64); 2]> {
    // Around the cell.
    let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1), (i, j)];
    let points = corners.map(|(i, j)| (grid.centre(i), grid.centre(j), grid.at(i, j)));
    let crossings: Vec<(f64, f64)> = points
        .iter()
        .zip(points.iter().skip(1))
        .filter(|(a, b)| (a.2 < level) != (b.2 < level))
        .map(|(a, b)| {
            let part = (level - a.2) / (b.2 - a.2);
            (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part)
        })
        .collect();
    crossings.chunks_exact(2).filter_map(|pair| <[(f64, f64); 2]>::try_from(pair).ok()).collect()
}
