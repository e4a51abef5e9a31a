//! In which forms the figures of a report are written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::CliError;
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
    let each: Vec<(&Figure, FigureForm)> =
        figures.iter().flat_map(|figure| forms.iter().map(move |form| (figure, *form))).collect();
    each.into_par_iter().map(|(figure, form)| figure_file(figure, form)).collect()
}

fn figure_file(figure: &Figure, form: FigureForm) -> Result<(PathBuf, Vec<u8>), CliError> {
    let bytes = match form {
        FigureForm::Svg => figure.svg.clone().into_bytes(),
        FigureForm::Png => figure.png()?,
        FigureForm::Pdf => figure.pdf()?,
    };
    Ok((Path::new("figures").join(format!("{}.{}", figure.name, form.ending())), bytes))
}
