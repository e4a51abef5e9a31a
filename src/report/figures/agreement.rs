//! Figure 7: a square for every two judges, the darker the more examples get the same flag from both.

use super::canvas::{Align, Canvas, FAINT, INK, OMISSION, Weight, ink_on, tint};
use super::drawing::{Drawing, EDGE, WIDE};
use super::text::fitted;
use crate::model::Axis;
use crate::report::view::{AgreementView, SameFlag};

const HEAD: i32 = 44;

impl Drawing for AgreementView {
    const NAME: &'static str = "agreement";
    const TINTED: bool = true;

    fn title(&self) -> String {
        "How often two judges agree whether to flag an example".to_owned()
    }

    fn note(&self) -> String {
        format!("{}; cells: per cent of the common examples with the same flag", self.note)
    }

    fn caption(&self) -> String {
        "Judges are numbered; the numbers stand beside their names. Two judges that agree are not therefore right: two that \
         flag nothing agree on everything. How each agrees with the gold labels stands in the table of numbers."
            .to_owned()
    }

    fn describe(&self) -> String {
        let mut text = "Share of common examples with the same flag.".to_owned();
        for (axis, grid) in &self.grids {
            for (row, cells) in grid.iter().enumerate() {
                for (column, cell) in cells.iter().enumerate().skip(row + 1) {
                    if let Some(same) = cell {
                        text.push_str(&format!(
                            " {axis}, {} and {}: {:.0} % of {:.0}.",
                            self.judges[row],
                            self.judges[column],
                            100.0 * same.share,
                            same.examples
                        ));
                    }
                }
            }
        }
        text
    }

    fn height(&self, width: i32) -> i32 {
        let grid = HEAD + self.cell(width) * self.judges.len() as i32 + 14;
        if width >= WIDE { grid } else { grid * self.grids.len() as i32 }
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        let step = HEAD + self.cell(width) * self.judges.len() as i32 + 14;
        for (index, (axis, grid)) in self.grids.iter().enumerate() {
            let index = index as i32;
            let at = if width >= WIDE { (EDGE + index * (width / 2), top) } else { (EDGE, top + index * step) };
            self.paint_grid(canvas, *axis, grid, at, width);
        }
    }
}

impl AgreementView {
    fn names(&self, width: i32) -> i32 {
        if width >= WIDE { 130 } else { 96 }
    }

    fn cell(&self, width: i32) -> i32 {
        let room = if width >= WIDE { width / 2 } else { width } - 2 * EDGE - self.names(width);
        (room / self.judges.len().max(1) as i32).clamp(12, 40)
    }

    fn paint_grid(&self, canvas: &Canvas<'_>, axis: Axis, grid: &[Vec<Option<SameFlag>>], at: (i32, i32), width: i32) {
        let (left, top) = at;
        let cell = self.cell(width);
        let names = self.names(width);
        let size = if cell >= 24 { 10.5 } else { 7.5 };
        canvas.text((left, top + 8), axis.name(), 12.0, Align::Left, Weight::Bold, INK);
        for (row, cells) in grid.iter().enumerate() {
            let y = top + HEAD + row as i32 * cell;
            let number = (row + 1).to_string();
            let name = format!("{number} {}", self.judges[row]);
            canvas.label((left, y + cell / 2), &fitted(&name, size, false, names - 6), size, INK);
            canvas.centred((left + names + row as i32 * cell + cell / 2, top + HEAD - 10), &number, size, FAINT);
            for (column, same) in cells.iter().enumerate() {
                let x = left + names + column as i32 * cell;
                if let Some(same) = same {
                    // From a half, which is what chance gives two judges that flag half, to all.
                    let shade = (same.share - 0.5).max(0.0) * 2.0;
                    canvas.rectangle((x, y), (x + cell - 1, y + cell - 1), tint(OMISSION, shade));
                    let words = fitted(&format!("{:.0}", 100.0 * same.share), size, false, cell);
                    canvas.centred((x + cell / 2, y + cell / 2), &words, size, ink_on(OMISSION, shade));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::checks::nothing_overlaps;
    use crate::report::figures::drawing::figure;

    #[test]
    fn every_pair_has_a_cell_and_nothing_overlaps() {
        for judges in [2, 5, 20] {
            let cell = |row: usize, column: usize| {
                (row != column).then(|| SameFlag { share: (row + column) as f64 / 40.0, examples: 100.0 })
            };
            let grid: Vec<Vec<Option<SameFlag>>> =
                (0..judges).map(|row| (0..judges).map(|column| cell(row, column)).collect()).collect();
            let view = AgreementView {
                note: "Labels (human labels) only say which examples count".to_owned(),
                judges: (0..judges).map(|judge| format!("judge-{judge:02}-{}", "wide".repeat(15))).collect(),
                grids: Axis::ALL.map(|axis| (axis, grid.clone())).to_vec(),
            };
            let figure = figure(&view);
            nothing_overlaps(&figure.svg);
            nothing_overlaps(&figure.narrow);
            let document = roxmltree::Document::parse(&figure.svg).unwrap();
            let cells = document.descendants().filter(|node| node.has_tag_name("rect")).count();
            assert_eq!(cells, 1 + 2 * judges * (judges - 1));
        }
    }
}
