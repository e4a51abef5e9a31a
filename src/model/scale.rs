//! The two axes of harm and the ordinal levels on them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An ordinal level on an axis; 0 is none. The gold set's card names the levels.
pub type Severity = u8;

/// A kind of harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// What the response failed to give.
    Omission,
    /// What the response gave wrongly.
    Commission,
}

impl Axis {
    /// Both axes, omission first.
    pub const ALL: [Self; 2] = [Self::Omission, Self::Commission];

    /// The name used in every file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Omission => "omission",
            Self::Commission => "commission",
        }
    }

    /// The other axis.
    pub const fn other(self) -> Self {
        match self {
            Self::Omission => Self::Commission,
            Self::Commission => Self::Omission,
        }
    }

    /// Position in [`Axis::ALL`].
    pub const fn index(self) -> usize {
        match self {
            Self::Omission => 0,
            Self::Commission => 1,
        }
    }
}

impl fmt::Display for Axis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One value for each axis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PerAxis<T> {
    /// The value for omission.
    pub omission: T,
    /// The value for commission.
    pub commission: T,
}

impl<T> PerAxis<T> {
    /// Computes both values, omission first.
    pub fn from_fn(mut value: impl FnMut(Axis) -> T) -> Self {
        Self { omission: value(Axis::Omission), commission: value(Axis::Commission) }
    }

    /// The value for one axis.
    pub const fn get(&self, axis: Axis) -> &T {
        match axis {
            Axis::Omission => &self.omission,
            Axis::Commission => &self.commission,
        }
    }

    /// The value for one axis, to be changed.
    pub const fn get_mut(&mut self, axis: Axis) -> &mut T {
        match axis {
            Axis::Omission => &mut self.omission,
            Axis::Commission => &mut self.commission,
        }
    }
}
