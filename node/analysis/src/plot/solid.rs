//! Figures in perspective: values as heights.
//!
//! The view is from large u, large v and above, so what has smaller u and v is behind: it is drawn first.

use super::{
    colour::{colour, shaded},
    Area, Drawn, Grid, Text,
};
use plotters::{
    element::{PathElement, Polygon},
    prelude::{ChartBuilder, Color, IntoFont, RGBColor, ShapeStyle, BLACK},
};

/// A point: u, height, v.
type Point = (f64, f64, f64);

const FONT: &str = "sans-serif";
const EDGES: RGBColor = RGBColor(90, 90, 90);
const MARGIN: i32 = 30;
/// Turn around the vertical axis, tilt towards the eye, size.
const YAW: f64 = 0.6;
const PITCH: f64 = 0.35;
const ZOOM: f64 = 0.8;
/// Part of a square that its bar leaves free at each side.
const GAP: f64 = 0.1;
/// Light on a bar's faces: the top, those towards large u and large v.
const LIGHT: [f64; 3] = [1.0, 0.72, 0.86];

/// Bars.
pub fn bars(area: &Area<'_>, grid: &Grid, text: &Text) -> Drawn {
    let faces = grid.squares().flat_map(|(i, j)| bar(grid, i, j)).collect();
    draw(area, grid, text, faces)
}

/// A surface through the values at the squares' centres.
pub fn surface(area: &Area<'_>, grid: &Grid, text: &Text) -> Drawn {
    let last = grid.n.saturating_sub(1);
    let point = |i: usize, j: usize| (grid.centre(i), grid.at(i, j), grid.centre(j));
    let faces = (0..last).flat_map(|i| (0..last).map(move |j| (i, j))).map(|(i, j)| {
        let corners = vec![point(i, j), point(i + 1, j), point(i + 1, j + 1), point(i, j + 1)];
        let mean = corners.iter().map(|corner| corner.1).sum::<f64>() / 4.0;
        (corners, colour(grid.share(mean)))
    });
    draw(area, grid, text, faces.collect())
}

/// The faces of a bar that can be seen; none if its value is 0.
fn bar(grid: &Grid, i: usize, j: usize) -> Vec<(Vec<Point>, RGBColor)> {
    let height = grid.at(i, j);
    if height <= 0.0 {
        return Vec::new();
    }
    let gap = GAP / grid.n as f64;
    let (u0, u1) = (grid.edge(i) + gap, grid.edge(i + 1) - gap);
    let (v0, v1) = (grid.edge(j) + gap, grid.edge(j + 1) - gap);
    let top = vec![(u0, height, v0), (u1, height, v0), (u1, height, v1), (u0, height, v1)];
    let at_large_u = vec![(u1, 0.0, v0), (u1, 0.0, v1), (u1, height, v1), (u1, height, v0)];
    let at_large_v = vec![(u0, 0.0, v1), (u1, 0.0, v1), (u1, height, v1), (u0, height, v1)];
    let share = grid.share(height);
    [top, at_large_u, at_large_v].into_iter().zip(LIGHT).map(|(face, light)| (face, shaded(share, light))).collect()
}

/// Draws faces in their order, and axes.
fn draw(area: &Area<'_>, grid: &Grid, text: &Text, faces: Vec<(Vec<Point>, RGBColor)>) -> Drawn {
    let top = if grid.top > 0.0 { grid.top * 1.05 } else { 1.0 };
    let mut chart = ChartBuilder::on(area)
        .caption(text.caption.as_str(), (FONT, 20))
        .margin(MARGIN)
        .build_cartesian_3d(0.0..1.0_f64, 0.0..top, 0.0..1.0_f64)?;
    chart.with_projection(|mut projection| {
        projection.yaw = YAW;
        projection.pitch = PITCH;
        projection.scale = ZOOM;
        projection.into_matrix()
    });
    chart
        .configure_axes()
        .x_labels(5)
        .y_labels(5)
        .z_labels(5)
        .max_light_lines(1)
        .light_grid_style(BLACK.mix(0.08))
        .label_style((FONT, 13))
        .draw()?;
    for (corners, face) in faces {
        let mut outline = corners.clone();
        outline.extend(corners.first().copied());
        let outline_style = ShapeStyle { color: EDGES.mix(0.5), filled: false, stroke_width: 1 };
        chart.draw_series([Polygon::new(corners, face.filled())])?;
        chart.draw_series([PathElement::new(outline, outline_style)])?;
    }
    let titles = [
        (text.u.clone(), (0.5, 0.0, 1.25)),
        (text.height.to_string(), (0.0, top * 1.05, 0.0)),
        (text.v.clone(), (1.2, 0.0, 0.5)),
    ];
    let font = || (FONT, 16).into_font();
    chart.draw_series(titles.map(|(title, at)| plotters::element::Text::new(title, at, font())))?;
    Ok(())
}
