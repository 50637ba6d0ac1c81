//! Maxima of a smooth function of one variable: a grid over the whole range, then Brent's method in every interval that
//! holds a maximum.

use crate::math::{Math, Native};

/// Where a maximum is, and the value there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Peak {
    /// The argument.
    pub at: f64,
    /// The function's value.
    pub value: f64,
}

/// How closely a maximum is located. The coordinates that are searched have a natural scale of about 1.
const TOLERANCE: f64 = 1e-6;
/// How far from an end of the range, in parts of the neighbouring interval, the function is probed for whether it falls
/// from there.
const PROBE: f64 = 1e-5;
/// The golden section of an interval, from its nearer end: (3 − √5)/2.
const GOLDEN: f64 = 0.3819660112501051;
/// More evaluations than a search takes: about 8 in practice; golden sections alone would need 30.
const MAX_EVALUATIONS: usize = 80;

/// `count` ≥ 2 points from `low` to `high`, evenly spaced, both included.
pub(super) fn nodes(low: f64, high: f64, count: u32) -> Vec<f64> {
    let intervals = f64::from(count.max(2) - 1);
    // Weighted so that both ends are exact.
    (0..count.max(2)).map(|i| f64::from(i) / intervals).map(|t| low * (1.0 - t) + high * t).collect()
}

/// The greatest value over the range of the nodes, which ascend: every local maximum among the nodes is followed.
pub(super) fn maximise(mut curve: impl FnMut(f64) -> f64, nodes: &[f64]) -> Peak {
    let points: Vec<Peak> = nodes.iter().map(|&at| Peak { at, value: curve(at) }).collect();
    let mut best = Peak { at: f64::NAN, value: f64::NEG_INFINITY };
    for (i, &top) in points.iter().enumerate() {
        let left = i.checked_sub(1).and_then(|i| points.get(i)).copied();
        let right = points.get(i + 1).copied();
        if let Some(peak) = climb_from(&mut curve, left, top, right) {
            if best.at.is_nan() || peak.value > best.value {
                best = peak;
            }
        }
    }
    best
}

/// The local maximum at a node or beside it; `None` if one of the neighbouring nodes is higher. Of several equal nodes
/// only the last counts. At an end of the range a neighbour is missing.
pub(super) fn climb_from(
    mut curve: impl FnMut(f64) -> f64,
    left: Option<Peak>,
    top: Peak,
    right: Option<Peak>,
) -> Option<Peak> {
    if left.is_some_and(|left| left.value > top.value) || right.is_some_and(|right| right.value >= top.value) {
        return None;
    }
    Some(match (left, right) {
        (Some(left), Some(right)) => climb(&mut curve, left, top, right),
        (Some(inner), None) | (None, Some(inner)) => climb_at_end(&mut curve, top, inner),
        (None, None) => top,
    })
}

/// The maximum between an end of the range and the node next to it, which is lower.
fn climb_at_end(curve: &mut impl FnMut(f64) -> f64, end: Peak, inner: Peak) -> Peak {
    let at = end.at + PROBE * (inner.at - end.at);
    let probe = Peak { at, value: curve(at) };
    if probe.value <= end.value {
        // It falls from the end: the bound itself.
        end
    } else if end.at < inner.at {
        climb(curve, end, probe, inner)
    } else {
        climb(curve, inner, probe, end)
    }
}

/// Brent's method: parabolas through the best three points, golden sections where those do not help. `top` lies between
/// the others and is not lower.
fn climb(curve: &mut impl FnMut(f64) -> f64, left: Peak, top: Peak, right: Peak) -> Peak {
    let (mut low, mut high) = (left.at, right.at);
    // The best point, the second best, and the one that was second best before.
    let mut best = top;
    let (mut second, mut third) = if left.value >= right.value { (left, right) } else { (right, left) };
    // The last step and the one before: a parabola must at least halve the latter.
    let mut step = high - low;
    let mut earlier = step;
    for _ in 0..MAX_EVALUATIONS {
        let middle = 0.5 * (low + high);
        if Native::abs(best.at - middle) <= 2.0 * TOLERANCE - 0.5 * (high - low) {
            break;
        }
        let (before, room) = (earlier, if best.at < middle { high - best.at } else { low - best.at });
        earlier = step;
        step = match parabola(best, second, third) {
            Some(jump) if Native::abs(jump) < 0.5 * Native::abs(before) && inside(best.at + jump, low, high) => {
                let near_end = best.at + jump - low < 2.0 * TOLERANCE || high - best.at - jump < 2.0 * TOLERANCE;
                if near_end {
                    TOLERANCE.copysign(room)
                } else {
                    jump
                }
            }
            _ => {
                earlier = room;
                GOLDEN * room
            }
        };
        let at = best.at + if Native::abs(step) >= TOLERANCE { step } else { TOLERANCE.copysign(step) };
        let next = Peak { at, value: curve(at) };
        if next.value >= best.value {
            if next.at < best.at {
                high = best.at;
            } else {
                low = best.at;
            }
            (third, second, best) = (second, best, next);
        } else {
            if next.at < best.at {
                low = next.at;
            } else {
                high = next.at;
            }
            if next.value >= second.value || second.at == best.at {
                (third, second) = (second, next);
            } else if next.value >= third.value || third.at == best.at || third.at == second.at {
                third = next;
            }
        }
    }
    best
}

/// How far from `best` the top of the parabola through three points is. `None` where there is none.
fn parabola(best: Peak, second: Peak, third: Peak) -> Option<f64> {
    let r = (best.at - second.at) * (best.value - third.value);
    let q = (best.at - third.at) * (best.value - second.value);
    let numerator = (best.at - third.at) * q - (best.at - second.at) * r;
    let jump = -numerator / (2.0 * (q - r));
    jump.is_finite().then_some(jump)
}

fn inside(x: f64, low: f64, high: f64) -> bool {
    low < x && x < high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_include_both_ends() {
        let nodes = nodes(-0.3, 0.7, 11);
        assert_eq!((nodes.len(), nodes[0], nodes[10]), (11, -0.3, 0.7));
        assert!(nodes.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_maximum_inside_is_found_in_few_evaluations() {
        for k in 0..100 {
            let top = 0.037 * f64::from(k);
            let mut count = 0;
            let curve = |x: f64| {
                count += 1;
                -(x - top).cosh() - 0.05 * (x - top).powi(3)
            };
            let peak = maximise(curve, &nodes(-1.0, 5.0, 18));
            assert!((peak.at - top).abs() < 1e-5, "{top}: {peak:?}");
            assert!(count < 18 + 14, "{top}: {count} evaluations");
        }
    }

    #[test]
    fn a_maximum_at_an_end_is_the_end_itself() {
        let grid = nodes(-1.0, 5.0, 18);
        assert_eq!(maximise(|x| x, &grid), Peak { at: 5.0, value: 5.0 });
        assert_eq!(maximise(|x| -x, &grid), Peak { at: -1.0, value: 1.0 });
    }

    #[test]
    fn a_maximum_next_to_an_end_is_found() {
        for top in [-0.999, -0.95, -0.8, 4.8, 4.97, 4.9995] {
            let peak = maximise(|x| -(x - top) * (x - top), &nodes(-1.0, 5.0, 18));
            assert!((peak.at - top).abs() < 1e-5, "{top}: {peak:?}");
        }
    }

    #[test]
    fn the_highest_of_several_maxima_wins() {
        let curve = |x: f64| (-(x + 0.2) * (x + 0.2) * 8.0).exp() + 1.01 * (-(x - 3.1) * (x - 3.1) * 8.0).exp();
        let peak = maximise(curve, &nodes(-1.0, 5.0, 18));
        assert!((peak.at - 3.1).abs() < 1e-5, "{peak:?}");
    }

    #[test]
    fn a_constant_is_its_own_maximum() {
        assert_eq!(maximise(|_| 1.0, &nodes(0.0, 1.0, 5)).value, 1.0);
    }

    #[test]
    fn points_without_a_value_are_no_hindrance() {
        let (left, right) = (Peak { at: 0.0, value: f64::NEG_INFINITY }, Peak { at: 2.0, value: f64::NEG_INFINITY });
        let curve = |x: f64| -(x - 1.3) * (x - 1.3);
        let top = Peak { at: 1.0, value: curve(1.0) };
        let peak = climb_from(curve, Some(left), top, Some(right)).unwrap();
        assert!((peak.at - 1.3).abs() < 1e-5, "{peak:?}");
    }
}
