//! In which forms the figures of a report are written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::CliError;
use super::output;
use crate::report::Figure;

/// A form of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum FigureForm {
    /// As it is drawn; always written.
    Svg,
    /// 1920 pixels wide, 300 to the inch.
    Png,
    /// One page, with text that can be copied.
    Pdf,
}

impl FigureForm {
    /// The ending of its files, and its name in settings.
    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }
}

/// The forms asked for, in order; figures are written as SVG whatever was asked for.
pub(super) fn forms(asked: &[FigureForm]) -> Vec<FigureForm> {
    asked.iter().copied().chain([FigureForm::Svg]).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The files of the figures in these forms. They are drawn side by side, and stay in order.
pub(super) fn figure_files(figures: &[Figure], forms: &[FigureForm]) -> Result<Vec<(PathBuf, Vec<u8>)>, CliError> {
    if forms.iter().any(|form| *form != FigureForm::Svg) {
        warn_of_lacking_letters(figures);
    }
    let each: Vec<(&Figure, FigureForm)> =
        figures.iter().flat_map(|figure| forms.iter().map(move |form| (figure, *form))).collect();
    each.into_par_iter().map(|(figure, form)| figure_file(figure, form)).collect()
}

/// Says which figures hold letters that PNG and PDF have no picture of, and how many.
fn warn_of_lacking_letters(figures: &[Figure]) {
    let lacking: Vec<(&str, BTreeSet<char>)> = figures
        .iter()
        .map(|figure| (figure.name, figure.lacking_letters()))
        .filter(|(_, letters)| !letters.is_empty())
        .collect();
    let letters: BTreeSet<char> = lacking.iter().flat_map(|(_, letters)| letters).copied().collect();
    let Some(first) = letters.first() else { return };
    let names: Vec<&str> = lacking.iter().map(|(name, _)| *name).collect();
    let figures = if names.len() == 1 { "1 figure holds" } else { &format!("{} figures hold", names.len()) };
    let letters = if letters.len() == 1 { "1 letter" } else { &format!("{} letters", letters.len()) };
    output::say(&format!(
        "warning: {figures} {letters} that the built-in font lacks, the first U+{:04X}: empty boxes in PNG and PDF, whole in \
         SVG: {}",
        u32::from(*first),
        names.join(", ")
    ));
}

fn figure_file(figure: &Figure, form: FigureForm) -> Result<(PathBuf, Vec<u8>), CliError> {
    let bytes = match form {
        FigureForm::Svg => figure.svg.clone().into_bytes(),
        FigureForm::Png => figure.png()?,
        FigureForm::Pdf => figure.pdf()?,
    };
    Ok((Path::new("figures").join(format!("{}.{}", figure.name, form.ending())), bytes))
}
