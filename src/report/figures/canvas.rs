//! A thin layer over plotters: the few marks that the figures are made of.

use plotters::coord::Shift;
use plotters::prelude::{
    Circle, DrawingArea, IntoDrawingArea, IntoFont, PathElement, Polygon, RGBColor, Rectangle, SVGBackend, ShapeStyle,
    Text, TextStyle,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, IntoTextStyle};

use crate::model::Axis;

/// Colours that stay apart in greyscale and for colour-blind readers; shapes differ as well.
pub(super) const OMISSION: RGBColor = RGBColor(0x17, 0x4A, 0x85);
pub(super) const COMMISSION: RGBColor = RGBColor(0xD9, 0x73, 0x0D);
pub(super) const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
pub(super) const FAINT: RGBColor = RGBColor(0x59, 0x59, 0x59);
pub(super) const RULE: RGBColor = RGBColor(0xD4, 0xD4, 0xD4);
pub(super) const BAND: RGBColor = RGBColor(0xE4, 0xE0, 0xEE);
pub(super) const BAND_EDGE: RGBColor = RGBColor(0x9A, 0x8F, 0xB4);
pub(super) const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);

/// All of them beside the tints of omission.
#[cfg(test)]
pub(super) const PALETTE: [RGBColor; 8] = [OMISSION, COMMISSION, INK, FAINT, RULE, BAND, BAND_EDGE, PAPER];

/// plotters divides a font size by this before it writes it.
const FONT_FACTOR: f64 = 1.24;

/// Where a text sits relative to its point.
#[derive(Debug, Clone, Copy)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

/// Weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Normal,
    Bold,
}

/// Filled or outlined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    Solid,
    Hollow,
}

/// Colour of an axis.
pub(super) const fn colour(axis: Axis) -> RGBColor {
    match axis {
        Axis::Omission => OMISSION,
        Axis::Commission => COMMISSION,
    }
}

/// From near-white to the full colour.
pub(super) fn tint(full: RGBColor, share: f64) -> RGBColor {
    let mix = |channel: u8| (245.0 + (f64::from(channel) - 245.0) * share.clamp(0.0, 1.0)).round() as u8;
    RGBColor(mix(full.0), mix(full.1), mix(full.2))
}

/// The ink that can be read on a tint.
pub(super) fn ink_on(full: RGBColor, share: f64) -> RGBColor {
    let RGBColor(red, green, blue) = tint(full, share);
    let light = 0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue);
    if light < 128.0 { PAPER } else { INK }
}

/// A drawing in progress. Drawing into memory cannot fail.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

const NEVER: &str = "drawing into memory does not fail";

/// Draws on a white sheet and returns the SVG with a title and a description for readers who do not see it.
pub(super) fn draw(size: (i32, i32), title: &str, description: &str, paint: impl FnOnce(&Canvas<'_>)) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (size.0 as u32, size.1 as u32)).into_drawing_area();
        area.fill(&PAPER).expect(NEVER);
        let canvas = Canvas { area };
        paint(&canvas);
        canvas.area.present().expect(NEVER);
    }
    with_description(&svg, title, description)
}

/// Puts `<title>` and `<desc>` first, as screen readers expect them.
fn with_description(svg: &str, title: &str, description: &str) -> String {
    let (head, rest) = svg.split_once('>').unwrap_or((svg, ""));
    format!(
        "{head} role=\"img\" font-family=\"sans-serif\">\n<title>{}</title>\n<desc>{}</desc>{rest}",
        escape(title),
        escape(description)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Pixels of a dash, and from the beginning of one to that of the next.
const DASH: f64 = 5.0;
const PERIOD: f64 = 9.0;

/// The dashes of a path. The pattern runs on where one part of the path ends and the next begins.
fn dashes(points: &[(i32, i32)]) -> Vec<Vec<(i32, i32)>> {
    /// Shorter steps than this would not move the pattern on.
    const LEAST: f64 = 0.01;
    let mut dashes: Vec<Vec<(i32, i32)>> = Vec::new();
    // How far the pattern has come, and whether a dash is being drawn.
    let (mut phase, mut open) = (0.0, false);
    for pair in points.windows(2) {
        let (x, y) = (f64::from(pair[1].0 - pair[0].0), f64::from(pair[1].1 - pair[0].1));
        let length = x.hypot(y);
        let at = |along: f64| {
            let share = along / length;
            (pair[0].0 + (share * x).round() as i32, pair[0].1 + (share * y).round() as i32)
        };
        let mut along = 0.0;
        while along < length {
            let inked = phase < DASH;
            let step = (if inked { DASH } else { PERIOD } - phase).min(length - along).max(LEAST);
            let (from, to) = (at(along), at((along + step).min(length)));
            match dashes.last_mut().filter(|_| inked && open) {
                Some(dash) => dash.push(to),
                None if inked => dashes.push(vec![from, to]),
                None => {}
            }
            open = inked;
            along += step;
            phase = if phase + step >= PERIOD { 0.0 } else { phase + step };
        }
    }
    dashes
}

impl Canvas<'_> {
    pub(super) fn text(&self, at: (i32, i32), text: &str, size: f64, align: Align, weight: Weight, colour: RGBColor) {
        let horizontal = match align {
            Align::Left => HPos::Left,
            Align::Centre => HPos::Center,
            Align::Right => HPos::Right,
        };
        let style = if weight == Weight::Bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = ("sans-serif", size * FONT_FACTOR).into_font().style(style);
        let style: TextStyle<'_> =
            font.into_text_style(&self.area).color(&colour).pos(Pos::new(horizontal, VPos::Center));
        self.area.draw(&Text::new(text.to_owned(), at, style)).expect(NEVER);
    }

    pub(super) fn line(&self, from: (i32, i32), to: (i32, i32), width: u32, colour: RGBColor) {
        self.path(&[from, to], width, colour);
    }

    /// A normal text from its left end.
    pub(super) fn label(&self, at: (i32, i32), text: &str, size: f64, colour: RGBColor) {
        self.text(at, text, size, Align::Left, Weight::Normal, colour);
    }

    /// A normal text around its middle.
    pub(super) fn centred(&self, at: (i32, i32), text: &str, size: f64, colour: RGBColor) {
        self.text(at, text, size, Align::Centre, Weight::Normal, colour);
    }

    pub(super) fn path(&self, points: &[(i32, i32)], width: u32, colour: RGBColor) {
        let style = ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: width };
        self.area.draw(&PathElement::new(points.to_vec(), style)).expect(NEVER);
    }

    /// A line of dashes.
    pub(super) fn dashed(&self, from: (i32, i32), to: (i32, i32), width: u32, colour: RGBColor) {
        self.dashed_path(&[from, to], width, colour);
    }

    /// Dashes along a path, whatever the length of its parts.
    fn dashed_path(&self, points: &[(i32, i32)], width: u32, colour: RGBColor) {
        for dash in dashes(points) {
            self.path(&dash, width, colour);
        }
    }

    /// The curve of an axis: whole for omission, dashed for commission.
    pub(super) fn curve(&self, points: &[(i32, i32)], axis: Axis) {
        match axis {
            Axis::Omission if points.len() > 1 => self.path(points, 2, colour(axis)),
            Axis::Omission => {}
            Axis::Commission => self.dashed_path(points, 2, colour(axis)),
        }
    }

    pub(super) fn rectangle(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor) {
        self.area.draw(&Rectangle::new([from, to], colour.filled())).expect(NEVER);
    }

    /// The mark of an axis: a circle for omission, a diamond for commission.
    pub(super) fn mark(&self, at: (i32, i32), radius: i32, axis: Axis, fill: Fill) {
        let inner = if fill == Fill::Solid { colour(axis) } else { PAPER };
        let outline = ShapeStyle { color: colour(axis).to_rgba(), filled: false, stroke_width: 2 };
        match axis {
            Axis::Omission => {
                self.area.draw(&Circle::new(at, radius, inner.filled())).expect(NEVER);
                self.area.draw(&Circle::new(at, radius, outline)).expect(NEVER);
            }
            Axis::Commission => {
                let (x, y) = at;
                let reach = radius + 1;
                let corners = vec![(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)];
                self.area.draw(&Polygon::new(corners.clone(), inner)).expect(NEVER);
                let closed: Vec<(i32, i32)> = corners.iter().copied().chain([corners[0]]).collect();
                self.area.draw(&PathElement::new(closed, outline)).expect(NEVER);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Linear light of a colour.
    fn linear(RGBColor(red, green, blue): RGBColor) -> [f64; 3] {
        [red, green, blue].map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// Relative luminance, WCAG 2.
    fn luminance([red, green, blue]: [f64; 3]) -> f64 {
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(one: RGBColor, other: RGBColor) -> f64 {
        let (one, other) = (luminance(linear(one)), luminance(linear(other)));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// CIE L*a*b* of linear light, D65.
    fn lab([red, green, blue]: [f64; 3]) -> [f64; 3] {
        let xyz = [
            (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
            0.2126 * red + 0.7152 * green + 0.0722 * blue,
            (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
        ];
        let [x, y, z] = xyz.map(|value| if value > 0.008_856 { value.cbrt() } else { 7.787 * value + 16.0 / 116.0 });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn distance(one: [f64; 3], other: [f64; 3]) -> f64 {
        one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt()
    }

    /// Machado, Oliveira and Fernandes (2009), IEEE TVCG 15:1291, severity 1.0, on linear light.
    const PROTANOPIA: [[f64; 3]; 3] =
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]];
    const DEUTERANOPIA: [[f64; 3]; 3] =
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];

    fn seen(colour: RGBColor, by: [[f64; 3]; 3]) -> [f64; 3] {
        let light = linear(colour);
        by.map(|row| row.iter().zip(light).map(|(share, light)| share * light).sum::<f64>().clamp(0.0, 1.0))
    }

    #[test]
    fn the_axes_stay_apart_for_the_colour_blind_and_in_greyscale() {
        // A distance of 2.3 is just noticeable (Mahy et al. 1994).
        for by in [PROTANOPIA, DEUTERANOPIA] {
            let apart = distance(lab(seen(OMISSION, by)), lab(seen(COMMISSION, by)));
            assert!(apart > 40.0, "{apart}");
        }
        let lightness = |colour: RGBColor| lab(linear(colour))[0];
        assert!((lightness(OMISSION) - lightness(COMMISSION)).abs() > 20.0);
    }

    #[test]
    fn dashes_run_on_over_short_parts_of_a_path() {
        // 30 pixels in one part or in thirty: dashes from 0, 9, 18 and 27, each of 5 and the last cut off.
        let ends = |dashes: Vec<Vec<(i32, i32)>>| -> Vec<(i32, i32)> {
            dashes.iter().map(|dash| (dash[0].0, dash[dash.len() - 1].0)).collect()
        };
        let expected = [(0, 5), (9, 14), (18, 23), (27, 30)];
        assert_eq!(ends(dashes(&[(0, 0), (30, 0)])), expected);
        assert_eq!(ends(dashes(&(0..=30).map(|x| (x, 0)).collect::<Vec<_>>())), expected);
        assert!(dashes(&[(4, 4), (4, 4)]).is_empty() && dashes(&[]).is_empty());
    }

    #[test]
    fn what_is_told_by_a_shade_is_told_in_greyscale_too() {
        // Cells: the larger the share the darker, for every reader.
        let lightness = |colour: RGBColor| lab(linear(colour))[0];
        for step in 0..20 {
            let (less, more) = [step, step + 1].map(|step| tint(OMISSION, f64::from(step) / 20.0)).into();
            assert!(lightness(less) > lightness(more) + 1.0, "{step}");
            for by in [PROTANOPIA, DEUTERANOPIA] {
                assert!(lab(seen(less, by))[0] > lab(seen(more, by))[0], "{step}");
            }
        }
        // The band of people has an edge that can be seen on the sheet, and marks can be told from it.
        assert!(contrast(BAND_EDGE, PAPER) >= 3.0, "{}", contrast(BAND_EDGE, PAPER));
        assert!([OMISSION, FAINT].iter().all(|mark| contrast(*mark, BAND) >= 4.5));
        assert!(contrast(COMMISSION, BAND) >= 2.3, "{}", contrast(COMMISSION, BAND));
    }

    #[test]
    fn marks_and_words_can_be_told_from_the_sheet() {
        // WCAG 2.2: 4.5 for words, 3 for graphics.
        for (colour, least) in [(INK, 4.5), (FAINT, 4.5), (OMISSION, 4.5), (COMMISSION, 3.0)] {
            assert!(contrast(colour, PAPER) >= least, "{colour:?}: {}", contrast(colour, PAPER));
        }
        for step in 0..=20 {
            let share = f64::from(step) / 20.0;
            let ratio = contrast(ink_on(OMISSION, share), tint(OMISSION, share));
            assert!(ratio >= 4.0, "{share}: {ratio}");
        }
    }
}
