//! The two faces that PNG and PDF are set in, DejaVu Sans and its bold: which letters they have, and how wide those are.
//!
//! Read from the font itself, which is part of the program: tables `head`, `hhea`, `hmtx` and `cmap` of OpenType 1.9.

use std::sync::LazyLock;

/// A face.
#[derive(Debug)]
pub(super) struct Face {
    bytes: &'static [u8],
    /// Ranges of characters in order: first, last, and the glyph of the first (`cmap`, format 12).
    ranges: Vec<[u32; 3]>,
    /// Where the widths begin, and of how many glyphs there are any: the others are as wide as the last of them.
    widths: usize,
    wide_glyphs: usize,
    units_per_em: f64,
}

/// The two faces.
pub(super) static REGULAR: LazyLock<Face> = LazyLock::new(|| Face::read(dejavu::sans::regular()).expect(WHOLE));
pub(super) static BOLD: LazyLock<Face> = LazyLock::new(|| Face::read(dejavu::sans::bold()).expect(WHOLE));
const WHOLE: &str = "the font that is part of the program is whole";

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn place(bytes: &[u8], at: usize) -> Option<usize> {
    u32_at(bytes, at).map(|place| place as usize)
}

/// Where a table begins.
fn table(bytes: &[u8], name: &[u8; 4]) -> Option<usize> {
    let tables = usize::from(u16_at(bytes, 4)?);
    let record = (0..tables).map(|table| 12 + 16 * table).find(|at| bytes.get(*at..at + 4) == Some(name))?;
    place(bytes, record + 8)
}

/// The ranges of the map of all of Unicode (platform 3, encoding 10).
fn ranges(bytes: &[u8]) -> Option<Vec<[u32; 3]>> {
    let map = table(bytes, b"cmap")?;
    let maps = usize::from(u16_at(bytes, map + 2)?);
    let whole = |at: &usize| u16_at(bytes, *at) == Some(3) && u16_at(bytes, at + 2) == Some(10);
    let record = (0..maps).map(|other| map + 4 + 8 * other).find(whole)?;
    let found = map + place(bytes, record + 4)?;
    if u16_at(bytes, found)? != 12 {
        return None;
    }
    let count = place(bytes, found + 12)?;
    let range = |at: usize| Some([u32_at(bytes, at)?, u32_at(bytes, at + 4)?, u32_at(bytes, at + 8)?]);
    (0..count).map(|number| range(found + 16 + 12 * number)).collect()
}

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        Some(Self {
            bytes,
            ranges: ranges(bytes)?,
            widths: table(bytes, b"hmtx")?,
            wide_glyphs: usize::from(u16_at(bytes, table(bytes, b"hhea")? + 34)?),
            units_per_em: f64::from(u16_at(bytes, table(bytes, b"head")? + 18)?),
        })
    }

    /// How wide a letter is in units of the font size; `None` where the face has no such letter.
    pub(super) fn ems(&self, character: char) -> Option<f64> {
        let code = u32::from(character);
        let after = self.ranges.partition_point(|range| range[0] <= code);
        let [first, last, glyph] = *self.ranges.get(after.checked_sub(1)?)?;
        let glyph = (code <= last).then(|| glyph + code - first).filter(|glyph| *glyph > 0)?;
        let of = (glyph as usize).min(self.wide_glyphs.saturating_sub(1));
        u16_at(self.bytes, self.widths + 4 * of).map(|width| f64::from(width) / self.units_per_em)
    }
}

/// Whether PNG and PDF cannot draw a letter: neither face has it, and it is no line break or the like, and none that only
/// changes the look of the one before it.
pub(super) fn is_lacking(character: char) -> bool {
    let selects_look = matches!(character, '\u{fe00}'..='\u{fe0f}');
    !selects_look && !character.is_control() && REGULAR.ems(character).is_none() && BOLD.ems(character).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        // Advance widths by fontTools 4.68.0 (`font["hmtx"]`), of 2048 units an em.
        let units = |face: &Face, words: &str| -> Vec<Option<f64>> {
            words.chars().map(|character| face.ems(character).map(|ems| (2048.0 * ems).round())).collect()
        };
        assert_eq!(units(&REGULAR, "AmЩق"), [1401.0, 1995.0, 2240.0, 1589.0].map(Some));
        assert_eq!(units(&BOLD, "AmЩق"), [1585.0, 2134.0, 2715.0, 1831.0].map(Some));
        // A mark that stands on the letter before it.
        assert_eq!(units(&REGULAR, "\u{301}"), [Some(0.0)]);
    }

    #[test]
    fn letters_of_other_scripts_are_lacking_and_those_of_dejavu_are_not() {
        for character in "判事न्या한글\u{1f642}".chars() {
            assert!(is_lacking(character), "{character}");
        }
        for character in "gpt-4 éЖωקاضي…—\u{fe0f}\n".chars() {
            assert!(!is_lacking(character), "{character}");
        }
    }
}
