//! The order of the boxes of one cycle: over a few levels, by where most of their imports point.
//!
//! All of them on one level would be a row in which every arrow crosses the others. The heaviest edges are taken first,
//! each unless it would lead back to where it comes from or need more than [`MOST`] levels; what is left over is drawn
//! upwards or along the row.

use std::cmp::Reverse;

/// Levels of one cycle.
const MOST: usize = 5;

/// Edges that are tried: the heaviest.
const TRIED: usize = 3_000;

/// An edge between two boxes of the cycle, by their positions in it, and its weight.
pub(super) type Inner = (usize, usize, u32);

/// The level of each of `count` boxes, from 0: a box is above those that its heavy edges lead to.
pub(super) fn of(count: usize, edges: &[Inner]) -> Vec<u32> {
    let mut order: Vec<&Inner> = edges.iter().collect();
    order.sort_by_key(|(from, to, weight)| (Reverse(*weight), *from, *to));
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut above: Vec<Vec<usize>> = vec![Vec::new(); count];
    // How many levels lie below and above each box.
    let mut height: Vec<usize> = vec![0; count];
    let mut depth: Vec<usize> = vec![0; count];
    for (from, to, _) in order.into_iter().take(TRIED) {
        let (Some(up), Some(down)) = (depth.get(*from).copied(), height.get(*to).copied()) else { continue };
        if from == to || up + 1 + down >= MOST || reaches(&below, *to, *from) {
            continue;
        }
        if let (Some(below), Some(above)) = (below.get_mut(*from), above.get_mut(*to)) {
            below.push(*to);
            above.push(*from);
        }
        raise(&mut height, &above, *from, down + 1);
        raise(&mut depth, &below, *to, up + 1);
    }
    height.into_iter().map(|level| u32::try_from(level).unwrap_or(u32::MAX)).collect()
}

/// Whether one box leads to another along the edges taken.
fn reaches(below: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = vec![false; below.len()];
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if let Some(known @ false) = seen.get_mut(at) {
            *known = true;
            open.extend(below.get(at).into_iter().flatten());
        }
    }
    false
}

/// Gives a box at least a level, and those beyond it one more each. There is no cycle among the edges taken.
fn raise(levels: &mut [usize], beyond: &[Vec<usize>], at: usize, level: usize) {
    let mut open = vec![(at, level)];
    while let Some((at, level)) = open.pop() {
        if let Some(known) = levels.get_mut(at).filter(|known| **known < level) {
            *known = level;
            open.extend(beyond.get(at).into_iter().flatten().map(|next| (*next, level + 1)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_lies_the_way_most_of_its_imports_point() {
        // 0 imports 1 a lot, 1 imports 2; 2 leads back once.
        assert_eq!(of(3, &[(0, 1, 40), (1, 2, 9), (2, 0, 1)]), [2, 1, 0]);
        assert_eq!(of(2, &[(0, 1, 1), (1, 0, 7)]), [0, 1]);
        assert_eq!(of(2, &[(0, 1, 1), (1, 0, 1)]), [1, 0], "equally heavy: the first as it comes");
    }

    #[test]
    fn a_long_circle_needs_few_levels() {
        let ring: Vec<Inner> = (0..30).map(|at| (at, (at + 1) % 30, 5)).collect();
        let levels = of(30, &ring);
        assert!(levels.iter().all(|level| (*level as usize) < MOST), "{levels:?}");
        assert!(levels.iter().any(|level| *level > 0));
    }
}
