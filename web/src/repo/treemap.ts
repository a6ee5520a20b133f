/** Rectangles whose areas are the sizes of things, near to squares: the layout "squarified treemap". */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The worst ratio of sides in a row of areas along a side; 1 is a square. */
function worst(row: readonly number[], side: number): number {
  const sum = row.reduce((all, each) => all + each, 0);
  const [least, most] = [Math.min(...row), Math.max(...row)];
  return Math.max((side * side * most) / (sum * sum), (sum * sum) / (side * side * least));
}

/**
 * A box for each size, in their order, which is to be the largest first. Together they fill the frame. Sizes below one
 * count as one, so that nothing vanishes.
 */
export function squarify(sizes: readonly number[], frame: Box): Box[] {
  const counted = sizes.map((size) => Math.max(1, size));
  const total = counted.reduce((sum, each) => sum + each, 0);
  const scale = (frame.width * frame.height) / Math.max(1, total);
  const areas = counted.map((each) => each * scale);
  const boxes: Box[] = [];
  let { x, y, width, height } = frame;
  for (let start = 0; start < areas.length; ) {
    const side = Math.min(width, height);
    let end = start + 1;
    while (end < areas.length && worst(areas.slice(start, end + 1), side) <= worst(areas.slice(start, end), side)) end += 1;
    const row = areas.slice(start, end);
    const sum = row.reduce((all, each) => all + each, 0);
    const thick = side > 0 ? sum / side : 0;
    let at = 0;
    for (const area of row) {
      const long = thick > 0 ? area / thick : 0;
      boxes.push(width >= height ? { x, y: y + at, width: thick, height: long } : { x: x + at, y, width: long, height: thick });
      at += long;
    }
    if (width >= height) {
      x += thick;
      width = Math.max(0, width - thick);
    } else {
      y += thick;
      height = Math.max(0, height - thick);
    }
    start = end;
  }
  return boxes;
}
