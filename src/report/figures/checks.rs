//! What every figure is held to: texts inside the sheet and apart from each other, on both sheets.

use roxmltree::Document;

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

/// Fails where a text leaves the sheet or touches another, or a mark leaves the sheet.
pub(super) fn nothing_overlaps(svg: &str) {
    let document = Document::parse(svg).unwrap();
    let root = document.root_element();
    let size = |name: &str| root.attribute(name).unwrap().parse::<f64>().unwrap();
    let (width, height) = (size("width"), size("height"));
    let texts = placed(&document);
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
    for node in document.descendants() {
        for (attribute, limit) in [("x", width), ("cx", width), ("y", height), ("cy", height)] {
            if let Some(value) = node.attribute(attribute) {
                let value: f64 = value.parse().unwrap();
                assert!((0.0..=limit).contains(&value), "{attribute} = {value} of {limit}");
            }
        }
    }
}
