//! Figure 7: a square for every two judges, and for every judge and rater, the darker the more examples get the same flag
//! from both.

use super::canvas::{Align, Canvas, FAINT, INK, OMISSION, Weight, ink_on, tint};
use super::drawing::{Drawing, EDGE, WIDE};
use super::text::{fitted, named, wrapped};
use crate::report::view::{AgreementGrid, AgreementView, SameFlag};

const HEAD: i32 = 44;

/// Space between the judges' columns and the raters'.
const PARTING: i32 = 14;

/// Space below a grid.
const FOOT: i32 = 16;

const LEGEND_LINE: i32 = 15;
const LEGEND_SIZE: f64 = 10.5;

/// Sizes of a cell: the largest, the one in which a count has room too, the one below which no number has.
const LARGEST: i32 = 44;
const WITH_COUNT: i32 = 36;
const WITH_NUMBER: i32 = 17;

/// Cells of which two grids are drawn side by side.
const SIDE_BY_SIDE: i32 = 28;

/// Pairs that the words spell out.
const SPELLED: usize = 200;

impl Drawing for AgreementView {
    const NAME: &'static str = "agreement";
    const TINTED: bool = true;

    fn title(&self) -> String {
        let raters = self.grids.iter().any(|grid| !grid.raters.is_empty());
        match (self.judges.len() > 1, raters) {
            (true, true) => "How often a judge flags the same examples as another judge, and as each rater",
            (true, false) => "How often two judges agree whether to flag an example",
            (false, _) => "How often a judge flags the same examples as each rater",
        }
        .to_owned()
    }

    fn note(&self) -> String {
        format!("{}; in a cell: per cent of them with the same flag", self.note)
    }

    fn caption(&self) -> String {
        "Judges are numbered and raters lettered, each beside its name; n is the number of common examples, where there is \
         room for it. Two that agree are not therefore right: two that flag nothing agree on everything. Kappa, which takes \
         that off, stands with every interval in tables/pair_agreement.csv."
            .to_owned()
    }

    fn describe(&self) -> String {
        let mut sentences = Vec::new();
        for grid in &self.grids {
            for (row, judge) in self.judges.iter().enumerate() {
                let judges = self.judges.iter().zip(&grid.with_judges[row]).skip(row + 1);
                let raters = grid.raters.iter().zip(&grid.with_raters[row]);
                let words = |(other, cell): (&String, &Option<SameFlag>)| {
                    let same = cell.as_ref()?;
                    let kappa = same.kappa.map_or(String::new(), |kappa| format!(", kappa {kappa:.2}"));
                    let (share, n) = (100.0 * same.share, same.examples);
                    Some(format!(" {}, {judge} and {other}: {share:.0} % of {n:.0}{kappa}.", grid.axis))
                };
                sentences.extend(judges.chain(raters).filter_map(words));
            }
        }
        let more = sentences.len().saturating_sub(SPELLED);
        sentences.truncate(SPELLED);
        if more > 0 {
            sentences.push(format!(" {more} more pairs stand in tables/pair_agreement.csv."));
        }
        format!("Share of common examples with the same flag.{}", sentences.concat())
    }

    fn height(&self, width: i32) -> i32 {
        let layout = Layout::of(self, width);
        let heights = self.grids.iter().map(|grid| layout.height(grid, self.judges.len()));
        if layout.beside { heights.max().unwrap_or(0) } else { heights.sum() }
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        let layout = Layout::of(self, width);
        let (mut left, mut top) = (EDGE, top);
        for grid in &self.grids {
            self.paint_grid(canvas, grid, (left, top), &layout);
            if layout.beside {
                left += width / 2;
            } else {
                top += layout.height(grid, self.judges.len());
            }
        }
    }
}

/// The columns of a block: what heads each, and its cells by row.
struct Block<'a> {
    heads: Vec<String>,
    rows: &'a [Vec<Option<SameFlag>>],
}

/// Judges with judges, and judges with raters; a block without a cell is not drawn.
fn blocks(grid: &AgreementGrid) -> Vec<Block<'_>> {
    let numbers = (1..=grid.with_judges.len()).map(|number| number.to_string()).collect();
    let letters = (0..grid.raters.len()).map(letter).collect();
    [Block { heads: numbers, rows: &grid.with_judges }, Block { heads: letters, rows: &grid.with_raters }]
        .into_iter()
        .filter(|block| block.rows.iter().flatten().any(Option::is_some))
        .collect()
}

/// What heads a rater's column.
fn letter(rater: usize) -> String {
    char::from(b'a' + (rater % 26) as u8).to_string()
}

/// How the grids of a sheet are laid out.
struct Layout {
    /// Whether the two axes stand side by side.
    beside: bool,
    /// Whether the blocks of an axis do.
    blocks_beside: bool,
    names: i32,
    cell: i32,
    /// Width of one grid.
    room: i32,
}

impl Layout {
    fn of(view: &AgreementView, width: i32) -> Self {
        let wide = width >= WIDE;
        let names = if wide { 130 } else { 96 };
        let columns = |grid: &AgreementGrid| {
            let of_blocks = blocks(grid).into_iter().map(|block| block.heads.len() as i32);
            if wide { of_blocks.sum::<i32>() } else { of_blocks.max().unwrap_or(0) }
        };
        let columns = view.grids.iter().map(columns).max().unwrap_or(0).max(1);
        let cell = |room: i32| (room - names - if wide { PARTING } else { 0 }) / columns;
        let half = width / 2 - 2 * EDGE;
        let beside = wide && cell(half) >= SIDE_BY_SIDE;
        let room = if beside { half } else { width - 2 * EDGE };
        Self { beside, blocks_beside: wide, names, cell: cell(room).clamp(8, LARGEST), room }
    }

    fn legend(&self, grid: &AgreementGrid) -> Vec<String> {
        if grid.raters.is_empty() {
            return Vec::new();
        }
        let names: Vec<String> =
            grid.raters.iter().enumerate().map(|(at, rater)| format!("{} {rater}", letter(at))).collect();
        wrapped(&format!("Raters: {}", names.join("; ")), LEGEND_SIZE, false, self.room)
    }

    fn height(&self, grid: &AgreementGrid, judges: usize) -> i32 {
        let of_block = HEAD + self.cell * judges as i32;
        let blocks = if self.blocks_beside { 1 } else { blocks(grid).len() as i32 };
        of_block * blocks + LEGEND_LINE * self.legend(grid).len() as i32 + FOOT
    }
}

impl AgreementView {
    fn paint_grid(&self, canvas: &Canvas<'_>, grid: &AgreementGrid, at: (i32, i32), layout: &Layout) {
        let (left, mut top) = at;
        let mut x = left + layout.names;
        for (index, block) in blocks(grid).iter().enumerate() {
            if index == 0 || !layout.blocks_beside {
                self.paint_names(canvas, (left, top), layout);
                canvas.text((left, top + 8), grid.axis.name(), 12.0, Align::Left, Weight::Bold, INK);
            }
            paint_block(canvas, block, (x, top), layout.cell);
            if layout.blocks_beside {
                x += block.heads.len() as i32 * layout.cell + PARTING;
            } else {
                top += HEAD + self.judges.len() as i32 * layout.cell;
            }
        }
        if layout.blocks_beside {
            top += HEAD + self.judges.len() as i32 * layout.cell;
        }
        for (line, words) in layout.legend(grid).iter().enumerate() {
            canvas.label((left, top + LEGEND_LINE * line as i32 + 10), words, LEGEND_SIZE, FAINT);
        }
    }

    fn paint_names(&self, canvas: &Canvas<'_>, at: (i32, i32), layout: &Layout) {
        let size = size(layout.cell);
        for (row, judge) in self.judges.iter().enumerate() {
            let name = named(&format!("{} {judge}", row + 1), size, false, layout.names - 6);
            canvas.label((at.0, at.1 + HEAD + row as i32 * layout.cell + layout.cell / 2), &name, size, INK);
        }
    }
}

/// Size of the words of a cell.
fn size(cell: i32) -> f64 {
    if cell >= 24 {
        10.5
    } else if cell >= WITH_NUMBER {
        8.0
    } else {
        7.5
    }
}

fn paint_block(canvas: &Canvas<'_>, block: &Block<'_>, at: (i32, i32), cell: i32) {
    let size = size(cell);
    for (column, head) in block.heads.iter().enumerate() {
        canvas.centred((at.0 + column as i32 * cell + cell / 2, at.1 + HEAD - 10), head, size, FAINT);
    }
    for (row, cells) in block.rows.iter().enumerate() {
        let y = at.1 + HEAD + row as i32 * cell;
        for (column, same) in cells.iter().enumerate() {
            let x = at.0 + column as i32 * cell;
            let Some(same) = same else { continue };
            // From a half, which is what chance gives two that flag half, to all.
            let shade = (same.share - 0.5).max(0.0) * 2.0;
            canvas.rectangle((x, y), (x + cell - 1, y + cell - 1), tint(OMISSION, shade));
            let ink = ink_on(OMISSION, shade);
            let (middle, raised) = (x + cell / 2, if cell >= WITH_COUNT { 6 } else { 0 });
            if cell >= WITH_NUMBER {
                canvas.centred((middle, y + cell / 2 - raised), &format!("{:.0}", 100.0 * same.share), size, ink);
            }
            if cell >= WITH_COUNT {
                let words = fitted(&format!("n {:.0}", same.examples), 8.0, false, cell - 2);
                canvas.centred((middle, y + cell / 2 + 9), &words, 8.0, ink);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Axis;
    use crate::report::figures::checks::{nothing_overlaps, texts};
    use crate::report::figures::drawing::figure;

    fn view(judges: usize, raters: usize) -> AgreementView {
        let cell = |row: usize, column: usize| SameFlag {
            share: if row == 0 { 1.0 } else { (row + column) as f64 / 40.0 },
            examples: 12_345.0,
            kappa: (row > 0).then_some(0.25),
        };
        let grid = |columns: usize, diagonal: bool| -> Vec<Vec<Option<SameFlag>>> {
            let shown = |row: usize, column: usize| (diagonal || row != column).then(|| cell(row, column));
            (0..judges).map(|row| (0..columns).map(|column| shown(row, column)).collect()).collect()
        };
        let grids = Axis::ALL.map(|axis| AgreementGrid {
            axis,
            raters: (0..raters).map(|rater| format!("rater-{rater}-{} (person)", "wide".repeat(rater))).collect(),
            with_judges: grid(judges, false),
            with_raters: grid(raters, true),
        });
        AgreementView {
            note: "Set with human labels; 12345 common examples a cell".to_owned(),
            judges: (0..judges).map(|judge| format!("judge-{judge:02}-{}", "wide".repeat(15))).collect(),
            grids: grids.to_vec(),
        }
    }

    #[test]
    fn every_pair_has_a_cell_and_nothing_overlaps() {
        for (judges, raters) in [(2, 0), (1, 2), (2, 3), (5, 1), (5, 20), (20, 0), (20, 3), (20, 20)] {
            let figure = figure(&view(judges, raters));
            for svg in [&figure.svg, &figure.narrow] {
                nothing_overlaps(svg);
                let document = roxmltree::Document::parse(svg).unwrap();
                let cells = document.descendants().filter(|node| node.has_tag_name("rect")).count();
                assert_eq!(cells, 1 + 2 * (judges * (judges - 1) + judges * raters), "{judges} and {raters}");
            }
            // The wide sheet has a number in every cell, whatever the size.
            let hundreds = texts(&figure.svg).iter().filter(|text| *text == "100").count();
            assert!(hundreds >= 2 * (judges - 1 + raters), "{hundreds} of {judges} and {raters}");
            let spelled = figure.description.matches(" % of 12345").count();
            assert_eq!(spelled, (2 * (judges * (judges - 1) / 2 + judges * raters)).min(SPELLED));
        }
    }

    #[test]
    fn raters_are_told_by_letter_and_by_what_they_are() {
        let figure = figure(&view(2, 2));
        let words = texts(&figure.svg).join(" ");
        assert!(words.contains("a rater-0- (person); b rater-1-wide (person)"), "{words}");
        assert!(words.contains("n 12345"), "{words}");
        assert!(figure.title.contains("each rater") && figure.description.contains("kappa 0.25"));
    }
}
