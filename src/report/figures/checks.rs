//! What every figure is held to, on both sheets: texts inside the sheet and apart from each other, colours that were tested
//! for readers who see no colour or not all, marks whose shape tells the axis, and words for readers who see nothing.

use roxmltree::Document;

use super::canvas::{COMMISSION, OMISSION, PALETTE, PAPER, tint};
use super::drawing::{Drawing, figure};
use super::text;

struct Placed {
    text: String,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

fn placed(document: &Document<'_>) -> Vec<Placed> {
    let number = |node: &roxmltree::Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
    document
        .descendants()
        .filter(|node| node.has_tag_name("text"))
        .map(|node| {
            let words = node.text().unwrap_or("").trim().to_owned();
            let size = number(&node, "font-size");
            let width = text::width(&words, size, node.attribute("font-weight") == Some("bold"));
            let x = number(&node, "x");
            let left = match node.attribute("text-anchor") {
                Some("middle") => x - width / 2.0,
                Some("end") => x - width,
                _ => x,
            };
            let y = number(&node, "y");
            Placed { text: words, left, right: left + width, top: y - size / 2.0, bottom: y + size / 2.0 }
        })
        .collect()
}

/// The texts of a figure, in drawing order.
pub(super) fn texts(svg: &str) -> Vec<String> {
    placed(&Document::parse(svg).unwrap()).into_iter().map(|placed| placed.text).collect()
}

/// Draws a figure for one, five and twenty judges, and holds both sheets to everything.
pub(super) fn holds_when_crowded<D: Drawing>(view: impl Fn(usize) -> D) {
    for judges in [1, 5, 20] {
        let figure = figure(&view(judges));
        assert!(!figure.caption.is_empty());
        nothing_overlaps(&figure.svg);
        nothing_overlaps(&figure.narrow);
    }
}

/// Fails where a text leaves the sheet or touches another, a mark leaves the sheet, a colour is none of the tested ones, a
/// shape belies its axis, or there is nothing for a reader who does not see the figure.
pub(super) fn nothing_overlaps(svg: &str) {
    let document = Document::parse(svg).unwrap();
    let root = document.root_element();
    let size = |name: &str| root.attribute(name).unwrap().parse::<f64>().unwrap();
    let (width, height) = (size("width"), size("height"));
    texts_apart(&placed(&document), width, height);
    marks_inside(&document, width, height);
    told_without_colour(&document);
    told_in_words(&document);
}

fn texts_apart(texts: &[Placed], width: f64, height: f64) {
    assert!(texts.len() > 3);
    for (index, one) in texts.iter().enumerate() {
        let inside = one.left >= 0.0 && one.right <= width + 0.5 && one.top >= 0.0 && one.bottom <= height;
        assert!(inside, "{:?} leaves the sheet: {} to {} of {width}", one.text, one.left, one.right);
        for other in &texts[index + 1..] {
            let apart = one.right <= other.left + 0.5
                || other.right <= one.left + 0.5
                || one.bottom <= other.top + 1.0
                || other.bottom <= one.top + 1.0;
            assert!(apart, "{:?} and {:?} overlap", one.text, other.text);
        }
    }
}

fn marks_inside(document: &Document<'_>, width: f64, height: f64) {
    for node in document.descendants() {
        for (attribute, limit) in [("x", width), ("cx", width), ("y", height), ("cy", height)] {
            if let Some(value) = node.attribute(attribute) {
                let value: f64 = value.parse().unwrap();
                assert!((0.0..=limit).contains(&value), "{attribute} = {value} of {limit}");
            }
        }
    }
}

/// Colours are those whose distance and contrast are tested (`canvas`), and the two of the axes also differ in shape.
fn told_without_colour(document: &Document<'_>) {
    let written = |colour: plotters::style::RGBColor| format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2);
    let mut tested: Vec<String> = PALETTE.map(written).to_vec();
    tested.extend((0..=4000).map(|step| written(tint(OMISSION, f64::from(step) / 4000.0))));
    for node in document.descendants() {
        for colour in ["fill", "stroke"].iter().filter_map(|name| node.attribute(*name)) {
            assert!(colour == "none" || tested.iter().any(|known| known == colour), "{colour} is not tested");
            let other_axis = match node.tag_name().name() {
                "circle" => written(COMMISSION),
                "polygon" => written(OMISSION),
                _ => continue,
            };
            assert_ne!(colour, other_axis, "a {} is of the other axis", node.tag_name().name());
        }
    }
    assert_eq!(
        document.descendants().find(|node| node.has_tag_name("rect")).unwrap().attribute("fill"),
        Some(&*written(PAPER))
    );
}

/// A title and a description, before everything else.
fn told_in_words(document: &Document<'_>) {
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let mut elements = root.children().filter(roxmltree::Node::is_element);
    for name in ["title", "desc"] {
        let element = elements.next().unwrap();
        assert!(element.has_tag_name(name) && element.text().is_some_and(|text| text.len() > 10), "no {name}");
    }
}

/// Every figure is held to it: no file draws one without a test that calls it.
#[test]
fn every_figure_is_held_to_this() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/figures");
    let mut figures = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        // In two parts, so that this file does not name it.
        if text.contains(concat!("impl Drawing ", "for")) {
            figures += 1;
            let (code, tests) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
            let held = tests.contains("holds_when_crowded(") || tests.contains("nothing_overlaps(");
            assert!(held && code.contains("const NAME"), "{} is not held to it", path.display());
        }
    }
    assert!(figures >= 10, "only {figures} figures were found");
}
