//! Colours for values.

use plotters::style::RGBColor;

/// From low to high: light to dark, distinct for the colour-blind and in print.
const STEPS: [(f64, f64, f64); 6] = [
    (247.0, 251.0, 255.0),
    (198.0, 219.0, 239.0),
    (107.0, 174.0, 214.0),
    (33.0, 113.0, 181.0),
    (8.0, 61.0, 127.0),
    (4.0, 24.0, 58.0),
];

/// The colour of a value between 0 and 1.
pub fn colour(value: f64) -> RGBColor {
    shaded(value, 1.0)
}

/// The same, darker: 1 is full light, 0 none.
pub fn shaded(value: f64, light: f64) -> RGBColor {
    let place = value.clamp(0.0, 1.0) * (STEPS.len() - 1) as f64;
    let below = (place as usize).min(STEPS.len() - 2);
    let part = place - below as f64;
    let mix = |a: f64, b: f64| ((a + (b - a) * part) * light).round() as u8;
    match STEPS.get(below..below + 2) {
        Some([a, b]) => RGBColor(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2)),
        _ => RGBColor(0, 0, 0),
    }
}
