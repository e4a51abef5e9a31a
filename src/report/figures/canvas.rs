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
pub(super) const COMMISSION: RGBColor = RGBColor(0xC2, 0x5A, 0x0C);
pub(super) const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
pub(super) const FAINT: RGBColor = RGBColor(0x5E, 0x5E, 0x5E);
pub(super) const RULE: RGBColor = RGBColor(0xD4, 0xD4, 0xD4);
pub(super) const BAND: RGBColor = RGBColor(0xE4, 0xE0, 0xEE);
pub(super) const BAND_EDGE: RGBColor = RGBColor(0x9A, 0x8F, 0xB4);
pub(super) const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);

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

    pub(super) fn path(&self, points: &[(i32, i32)], width: u32, colour: RGBColor) {
        let style = ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: width };
        self.area.draw(&PathElement::new(points.to_vec(), style)).expect(NEVER);
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
