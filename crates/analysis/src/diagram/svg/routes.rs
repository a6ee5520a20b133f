//! Where the arrows of a drawing run: out of one box at a place of their own, between the boxes of the rows on the way,
//! into the other; and where their labels find room.

use std::collections::BTreeMap;

use super::super::{Arrow, Diagram, Node};

/// How far an arrow keeps from the boxes of a row that it passes.
const CLEAR: f64 = 6.0;
/// How far beside the first and the last box of a row an arrow passes.
const BESIDE: f64 = 14.0;
/// How high an arrow along a row rises.
const ARC: f64 = 26.0;
/// Width of a letter of a label, and its height.
const LETTER: (f64, f64) = (6.2, 11.0);

/// Space between two labels.
const APART: f64 = 6.0;

/// A point, in the units of the diagram.
type Point = (f64, f64);

/// An end of an arrow at a box: where the other one is, the arrow, and whether it leaves here.
type End = (f64, usize, bool);

/// An arrow with its way.
pub(in crate::diagram) struct Route<'d> {
    /// What it stands for.
    pub arrow: &'d Arrow,
    /// The points it runs through, each reached in an upright direction.
    pub points: Vec<Point>,
    /// Whether it leads up or along its row, against the order of the layers.
    pub back: bool,
    /// Where its label stands; `None` where there is no room for it.
    pub label: Option<Point>,
}

/// Boxes that are drawn side by side.
struct Row {
    top: f64,
    bottom: f64,
    /// Left and right edges, from the left.
    boxes: Vec<Point>,
}

impl Row {
    /// Where an arrow that would pass at `x` passes between the boxes.
    fn passage(&self, x: f64) -> f64 {
        let first = self.boxes.first().map_or(x, |one| one.0 - BESIDE);
        let last = self.boxes.last().map_or(x, |one| one.1 + BESIDE);
        let gaps = self.boxes.windows(2).filter_map(|pair| match pair {
            [one, other] => Some(f64::midpoint(one.1, other.0)),
            _ => None,
        });
        // Beyond the row the straight way is free.
        let free = (x <= first || x >= last).then_some(x);
        let ways = free.into_iter().chain([first, last]).chain(gaps);
        ways.min_by(|a, b| (a - x).abs().total_cmp(&(b - x).abs())).unwrap_or(x)
    }
}

/// The ways of all arrows, in the order of the diagram.
pub(in crate::diagram) fn of(diagram: &Diagram) -> Vec<Route<'_>> {
    let (rows, row_of) = rows(&diagram.nodes);
    let ends: Vec<(usize, usize)> = diagram
        .edges
        .iter()
        .map(|edge| (edge.from as usize, edge.to as usize))
        .map(
            |(from, to)| {
                if row_of.contains_key(&from) && row_of.contains_key(&to) { (from, to) } else { (0, 0) }
            },
        )
        .collect();
    let ports = ports(&diagram.nodes, &row_of, &ends);
    let mut routes: Vec<Route<'_>> = Vec::new();
    for ((arrow, (from, to)), (start, end)) in diagram.edges.iter().zip(&ends).zip(ports) {
        let (Some(one), Some(other)) = (diagram.nodes.get(*from), diagram.nodes.get(*to)) else { continue };
        if from == to {
            continue;
        }
        let (above, below) = (row_of.get(from).copied().unwrap_or(0), row_of.get(to).copied().unwrap_or(0));
        let points = if above == below {
            let rise = one.y.min(other.y) - ARC;
            vec![(start, one.y), (f64::midpoint(start, end), rise), (end, other.y)]
        } else {
            between(&rows, (one, start, above), (other, end, below))
        };
        routes.push(Route { arrow, points, back: above >= below, label: None });
    }
    place_labels(&mut routes);
    routes
}

fn rows(nodes: &[Node]) -> (Vec<Row>, BTreeMap<usize, usize>) {
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    let place = |index: &usize| nodes.get(*index).map_or((0.0, 0.0), |node| (node.y, node.x));
    order.sort_by(|a, b| {
        let (a, b) = (place(a), place(b));
        a.0.total_cmp(&b.0).then_with(|| a.1.total_cmp(&b.1))
    });
    let mut rows: Vec<Row> = Vec::new();
    let mut row_of = BTreeMap::new();
    for index in order {
        let Some(node) = nodes.get(index) else { continue };
        if rows.last().is_none_or(|row| node.y > row.top) {
            rows.push(Row { top: node.y, bottom: node.y, boxes: Vec::new() });
        }
        row_of.insert(index, rows.len() - 1);
        if let Some(row) = rows.last_mut() {
            row.bottom = row.bottom.max(node.y + node.height);
            row.boxes.push((node.x, node.x + node.width));
        }
    }
    (rows, row_of)
}

/// Where each arrow leaves its box and reaches the other, from the left: spread over the edge of the box in the order
/// of where they lead, so that they do not cross before they are apart.
fn ports(nodes: &[Node], row_of: &BTreeMap<usize, usize>, ends: &[(usize, usize)]) -> Vec<Point> {
    let middle = |index: usize| nodes.get(index).map_or(0.0, |node| node.x + node.width / 2.0);
    // By box and whether it is the lower edge.
    let mut sides: BTreeMap<(usize, bool), Vec<End>> = BTreeMap::new();
    for (number, (from, to)) in ends.iter().enumerate() {
        let down = row_of.get(from) < row_of.get(to);
        let along = row_of.get(from) == row_of.get(to);
        sides.entry((*from, down)).or_default().push((middle(*to), number, true));
        sides.entry((*to, !down && !along)).or_default().push((middle(*from), number, false));
    }
    let mut found = vec![(0.0, 0.0); ends.len()];
    for ((index, _), mut arrows) in sides {
        let Some(node) = nodes.get(index) else { continue };
        arrows.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        let step = node.width / (arrows.len() + 1) as f64;
        for (place, (_, number, leaves)) in arrows.into_iter().enumerate() {
            let x = node.x + step * (place + 1) as f64;
            if let Some(ends) = found.get_mut(number) {
                if leaves { ends.0 = x } else { ends.1 = x }
            }
        }
    }
    found
}

/// The way from one row to another.
fn between(
    rows: &[Row],
    (one, start, from): (&Node, f64, usize),
    (other, end, to): (&Node, f64, usize),
) -> Vec<Point> {
    let down = from < to;
    let leave = if down { one.y + one.height } else { one.y };
    let reach = if down { other.y } else { other.y + other.height };
    let mut points = vec![(start, leave)];
    // Past the taller boxes of its own row.
    if let Some(row) = rows.get(from).filter(|row| down && row.bottom > leave) {
        points.push((start, row.bottom));
    }
    let passed: Vec<&Row> = rows.get(from.min(to) + 1..from.max(to)).unwrap_or_default().iter().collect();
    let count = passed.len() as f64 + 1.0;
    let in_order: Vec<&Row> = if down { passed } else { passed.into_iter().rev().collect() };
    for (number, row) in (1_u32..).zip(in_order) {
        let x = row.passage(start + (end - start) * f64::from(number) / count);
        let (enter, exit) = if down { (row.top, row.bottom) } else { (row.bottom, row.top) };
        let sign = if down { 1.0 } else { -1.0 };
        points.extend([(x, enter - sign * CLEAR), (x, exit + sign * CLEAR)]);
    }
    if let Some(row) = rows.get(to).filter(|row| !down && row.bottom > reach) {
        points.push((end, row.bottom));
    }
    points.push((end, reach));
    points
}

/// Gives labels places at which they cover no other, the heaviest arrows first: those of the many light ones, which say
/// the least, are left out where it is full.
fn place_labels(routes: &mut [Route<'_>]) {
    let mut order: Vec<usize> = (0..routes.len()).collect();
    let weight = |index: &usize| routes.get(*index).map_or(0, |route| weight(route.arrow));
    order.sort_by_key(|index| (std::cmp::Reverse(weight(index)), *index));
    let mut taken: Vec<(Point, f64)> = Vec::new();
    for index in order {
        let Some(route) = routes.get_mut(index).filter(|route| !route.arrow.label.is_empty()) else {
            continue;
        };
        let width = route.arrow.label.chars().count() as f64 * LETTER.0 + APART;
        let free = |at: &Point| {
            taken.iter().all(|(other, wide)| {
                (at.0 - other.0).abs() > f64::midpoint(width, *wide) || (at.1 - other.1).abs() > LETTER.1
            })
        };
        let places = [0.5, 0.35, 0.65, 0.22, 0.78].map(|part| along(&route.points, part));
        route.label = places.into_iter().flatten().find(free);
        taken.extend(route.label.map(|at| (at, width)));
    }
}

/// How many imports an arrow stands for; 1 where its label says something else.
pub(super) fn weight(arrow: &Arrow) -> u32 {
    arrow.label.parse().unwrap_or(1)
}

/// A point on the longest bend of a way.
fn along(points: &[Point], part: f64) -> Option<Point> {
    let wide = |pair: &&[Point]| match pair {
        [one, other] => (one.0 - other.0).abs() + (one.1 - other.1).abs() / 100.0,
        _ => 0.0,
    };
    let bend = points.windows(2).max_by(|a, b| wide(a).total_cmp(&wide(b)))?;
    let [one, other] = bend else { return None };
    let (t, rest) = (part, 1.0 - part);
    let x = rest * rest * (1.0 + 2.0 * t) * one.0 + t * t * (3.0 - 2.0 * t) * other.0;
    let middle = f64::midpoint(one.1, other.1);
    let y = rest.powi(3) * one.1 + 3.0 * rest * t * middle + t.powi(3) * other.1;
    Some((x, y + LETTER.1 / 3.0))
}
