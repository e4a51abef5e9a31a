//! The other forms of a figure, made from its SVG: PNG for slides and pages, PDF for papers. Both are set in DejaVu Sans, which
//! is part of the program: no font of the system is read, so that a figure looks the same wherever it is made.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use krilla::geom::Size;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::{Document, SerializeSettings};
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

use super::drawing::Figure;
use super::face::is_lacking;

/// Pixels of a PNG for each of the SVG: a wide sheet is 1920 pixels, at 300 to the inch 16.3 cm.
const SCALE: f32 = 2.0;
/// Points (1/72 inch) of a PDF for each pixel of the SVG, of which CSS has 96 to the inch.
const POINTS: f32 = 0.75;
const FAMILY: &str = "DejaVu Sans";

/// Why a figure could not be written in a form.
#[derive(Debug, thiserror::Error)]
#[error("the figure {name} could not be written as {form}: {fault}")]
pub struct FigureError {
    name: &'static str,
    form: &'static str,
    fault: String,
}

impl Figure {
    /// The wide sheet as PNG: two pixels for each of the SVG, 300 to the inch.
    ///
    /// # Errors
    /// Where the sheet is too large for memory.
    pub fn png(&self) -> Result<Vec<u8>, FigureError> {
        let fault = |fault: String| FigureError { name: self.name, form: "PNG", fault };
        let tree = tree(&self.svg).map_err(fault)?;
        let size = tree.size().to_int_size().scale_by(SCALE);
        let pixmap = size.and_then(|size| Pixmap::new(size.width(), size.height()));
        let mut pixmap = pixmap.ok_or_else(|| fault("it is too large".to_owned()))?;
        resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixmap.as_mut());
        Ok(with_resolution(pixmap.encode_png().map_err(|error| fault(error.to_string()))?))
    }

    /// The wide sheet as a PDF of one page: text stays text, and of the fonts only the letters that are used go along. It
    /// names no date, so that the same figure is the same bytes.
    ///
    /// # Errors
    /// Where the sheet is larger than a page may be.
    pub fn pdf(&self) -> Result<Vec<u8>, FigureError> {
        let fault = |fault: String| FigureError { name: self.name, form: "PDF", fault };
        let tree = tree(&self.svg).map_err(fault)?;
        let (width, height) = (POINTS * tree.size().width(), POINTS * tree.size().height());
        let size = Size::from_wh(width, height).ok_or_else(|| fault("it is empty".to_owned()))?;
        let mut document = Document::new_with(SerializeSettings::default());
        document.set_metadata(
            Metadata::new()
                .title(self.title.clone())
                .description(self.description.clone())
                .language("en".to_owned())
                .creator("lacuna".to_owned()),
        );
        let mut page = document.start_page_with(PageSettings::new(size));
        let mut surface = page.surface();
        let drawn = surface.draw_svg(&tree, size, SvgSettings::default());
        surface.finish();
        page.finish();
        drawn.ok_or_else(|| fault("it could not be drawn".to_owned()))?;
        document.finish().map_err(|error| fault(format!("{error:?}")))
    }
}

impl Figure {
    /// Letters of the wide sheet that DejaVu Sans lacks: empty boxes in PNG and PDF.
    pub fn lacking_letters(&self) -> BTreeSet<char> {
        // What comes before is words for readers who do not see the figure.
        let drawn = self.svg.split_once("</desc>").map_or(self.svg.as_str(), |(_, drawn)| drawn);
        drawn.chars().filter(|character| is_lacking(*character)).collect()
    }
}

/// The two faces that figures are set in, and no others.
static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for face in [dejavu::sans::regular(), dejavu::sans::bold()] {
        fonts.load_font_source(Source::Binary(Arc::new(face)));
    }
    fonts.set_sans_serif_family(FAMILY);
    // What is set where no family is found.
    fonts.set_serif_family(FAMILY);
    Arc::new(fonts)
});

/// What stands for a letter that the font lacks, as wide as the font's own sign for that. It takes the place of the letter
/// before lines are set: what is shaped without a glyph can end up in one place with its neighbour.
const BOX: char = '\u{25af}';

fn with_boxes(svg: &str) -> Cow<'_, str> {
    if svg.contains(is_lacking) {
        svg.chars().map(|character| if is_lacking(character) { BOX } else { character }).collect::<String>().into()
    } else {
        svg.into()
    }
}

/// An SVG with its texts laid out. Nothing that it might name is read: no file, no address, no image inside it.
fn tree(svg: &str) -> Result<Tree, String> {
    let options = Options {
        fontdb: FONTS.clone(),
        font_family: FAMILY.to_owned(),
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    Tree::from_str(&with_boxes(svg), &options).map_err(|error| error.to_string())
}

/// Length of the signature of a PNG and of its first chunk, after which the resolution may stand.
const HEADER: usize = 8 + 25;
/// The chunk `pHYs`: 11,811 pixels a metre both ways, which is 300 an inch, with its checksum (PNG specification, 11.3.4.3).
const RESOLUTION: [u8; 21] =
    [0, 0, 0, 9, b'p', b'H', b'Y', b's', 0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1, 0x78, 0xa5, 0x3f, 0x76];

fn with_resolution(mut png: Vec<u8>) -> Vec<u8> {
    png.splice(HEADER..HEADER, RESOLUTION);
    png
}

#[cfg(test)]
mod tests {
    use resvg::usvg::{Node, Text};

    use super::*;
    use crate::report::figures::text;

    fn figure(body: &str) -> Figure {
        let svg = format!(
            "<svg width=\"120\" height=\"40\" viewBox=\"0 0 120 40\" xmlns=\"http://www.w3.org/2000/svg\" \
             xmlns:xlink=\"http://www.w3.org/1999/xlink\">{body}</svg>"
        );
        let words = |words: &str| words.to_owned();
        Figure {
            name: "toy",
            title: words("A title"),
            caption: words("c"),
            description: words("d"),
            tinted: false,
            narrow: svg.clone(),
            svg,
        }
    }

    /// Width of a text as it is set.
    fn set(words: &str, bold: bool) -> f64 {
        let weight = if bold { "bold" } else { "normal" };
        let escaped = words.replace('&', "&amp;").replace('<', "&lt;");
        let text = format!(
            "<text xml:space=\"preserve\" font-family=\"sans-serif\" font-weight=\"{weight}\" font-size=\"100\" \
             y=\"100\">{escaped}</text>"
        );
        let tree = tree(&figure(&text).svg).unwrap();
        let texts: Vec<&Text> = tree.root().children().iter().filter_map(text_of).collect();
        f64::from(texts[0].bounding_box().width()) / 100.0
    }

    fn text_of(node: &Node) -> Option<&Text> {
        match node {
            Node::Text(text) => Some(text),
            Node::Group(group) => group.children().iter().find_map(text_of),
            _ => None,
        }
    }

    #[test]
    fn no_letter_is_set_wider_than_texts_are_laid_out_for() {
        let ascii = '!'..='~';
        let beyond = ('\u{a1}'..='\u{17f}').chain('\u{386}'..='\u{3ce}').chain('\u{400}'..='\u{45f}').chain(['…', '—']);
        // Hebrew and Arabic, which DejaVu has; Devanagari, Hangul, Han and pictures, which it lacks.
        let others = "אבשקاضيسگनष한글判事\u{1f642}\u{1f389}".chars();
        let none = ['\u{ad}', '\u{38b}', '\u{38d}', '\u{3a2}'];
        for bold in [false, true] {
            let letters = ascii.clone().chain(beyond.clone()).chain(others.clone());
            for character in letters.filter(|character| !none.contains(character)) {
                let words = character.to_string();
                let (wide, room) = (set(&words, bold), text::width(&words, 1.0, bold));
                assert!(wide <= room + 0.002, "{character:?} (bold: {bold}): {wide} is wider than {room}");
                if character.is_ascii() {
                    assert!(wide > 0.97 * room, "{character:?} (bold: {bold}): {wide} is narrower than {room}");
                }
            }
            // Kerning moves a few letters, in a line of words hardly at all; joined letters are narrower than single ones.
            for words in [
                "Judges see from 0.5 % (gpt-4o) to 99.9 % (annotator_1) of the omission harm; 10000.5/20000",
                "قاضي-1 sees 5 %",
                "判事-1, न्यायाधीश, judge\u{1f642}",
            ] {
                assert!(set(words, bold) <= 1.002 * text::width(words, 1.0, bold), "{words}");
            }
        }
    }

    #[test]
    fn a_letter_that_the_font_lacks_is_a_box_and_is_counted() {
        let paper = "<rect width=\"120\" height=\"40\" fill=\"#FFFFFF\"/>";
        let with = |words: &str| {
            figure(&format!("{paper}<text font-family=\"sans-serif\" font-size=\"20\" x=\"5\" y=\"30\">{words}</text>"))
        };
        let blank = figure(paper).png().unwrap();
        // Three scripts and a picture, alone: each is drawn, and the same box.
        for letter in ["判", "न", "한", "\u{1f642}"] {
            let drawn = with(letter);
            assert!(drawn.png().unwrap() != blank, "{letter} vanished");
            assert!(drawn.png().unwrap() == with("判").png().unwrap(), "{letter} is no box");
            assert!(drawn.pdf().unwrap().starts_with(b"%PDF-"));
            assert_eq!(drawn.lacking_letters().into_iter().collect::<String>(), letter);
        }
        // Letters that are joined in other fonts are as many boxes, apart.
        let (word, boxes) = (set("न्यायाधीश", false), set(&BOX.to_string().repeat(9), false));
        assert!((word - boxes).abs() < 1e-6, "{word} and {boxes}");
        assert!(with("قاضي").png().unwrap() != blank && with("قاضي é…").lacking_letters().is_empty());
        // Words for readers who do not see the figure are not drawn.
        let mut told = with("a");
        told.svg = told.svg.replacen('>', "><title>判</title><desc>判事</desc>", 1);
        assert!(told.lacking_letters().is_empty());
    }

    #[test]
    fn a_png_is_twice_as_large_and_says_its_resolution() {
        let figure = figure(
            "<rect width=\"60\" height=\"40\" fill=\"#174A85\"/><rect x=\"60\" width=\"60\" height=\"40\" fill=\"#FFFFFF\"/>",
        );
        let png = figure.png().unwrap();
        assert_eq!(png[HEADER - 25 + 4..HEADER - 25 + 8], *b"IHDR");
        assert_eq!(png[HEADER..HEADER + 21], RESOLUTION);
        assert_eq!(png[HEADER + 25..HEADER + 29], *b"IDAT");
        let drawn = Pixmap::decode_png(&png).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (240, 80));
        let colour = |x: u32, y: u32| drawn.pixel(x, y).map(|pixel| (pixel.red(), pixel.green(), pixel.blue()));
        assert_eq!((colour(10, 10), colour(200, 70)), (Some((0x17, 0x4a, 0x85)), Some((255, 255, 255))));
        assert_eq!(png, figure.png().unwrap(), "the same figure is the same bytes");
    }

    #[test]
    fn the_checksum_of_the_resolution_is_right() {
        // CRC-32 of the name and the data (PNG specification, 5.5).
        let crc = !RESOLUTION[4..17].iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 })
        });
        assert_eq!(crc.to_be_bytes(), RESOLUTION[17..]);
    }

    #[test]
    fn a_pdf_is_the_same_bytes_and_names_no_date() {
        let figure = figure("<text font-family=\"sans-serif\" font-size=\"10\" y=\"20\">n 295</text>");
        let pdf = figure.pdf().unwrap();
        assert!(pdf.starts_with(b"%PDF-") && pdf == figure.pdf().unwrap());
        let holds = |words: &str| pdf.windows(words.len()).any(|part| part == words.as_bytes());
        assert!(!holds("CreationDate") && !holds("CreateDate") && !holds("ModDate"));
        // 120 x 40 pixels; a font that is part of it, with the letters of its glyphs, so that they can be copied.
        assert!(
            holds("/MediaBox[0 0 90 30]") && holds("DejaVuSans") && holds("/ToUnicode"),
            "{}",
            String::from_utf8_lossy(&pdf)
        );
        assert!(pdf.len() < 40_000, "{} bytes: the font was not cut to its letters", pdf.len());
    }

    #[test]
    fn nothing_that_a_figure_names_is_read() {
        // A picture that is there: drawn by whoever follows the path or reads the data.
        let file = tempfile::NamedTempFile::with_suffix(".png").unwrap();
        let black = figure("<rect width=\"120\" height=\"40\"/>").png().unwrap();
        std::fs::write(file.path(), &black).unwrap();
        let data = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, &black);
        let paper = "<rect width=\"120\" height=\"40\" fill=\"#FFFFFF\"/>";
        let blank = figure(paper).png().unwrap();
        for address in [file.path().display().to_string(), format!("data:image/png;base64,{data}")] {
            for name in ["href", "xlink:href"] {
                let named = format!("{paper}<image {name}=\"{address}\" width=\"120\" height=\"40\"/>");
                assert!(figure(&named).png().unwrap() == blank, "{name} was followed");
            }
        }
    }

    #[test]
    fn only_the_two_faces_of_the_program_are_there() {
        let faces: Vec<_> = FONTS.faces().map(|face| (face.families[0].0.as_str(), face.weight.0)).collect();
        assert_eq!(faces, [(FAMILY, 400), (FAMILY, 700)]);
    }
}
