//! The blocks of a judge's numbers. No block imports another: what two of them need lies below both.

pub(crate) mod axis;
pub(crate) mod bias;
pub(crate) mod calibration;
pub(crate) mod consequences;
pub(crate) mod detectable;
pub(crate) mod dose;
pub(crate) mod framing;
pub(crate) mod gap;
pub(crate) mod gold_uncertainty;
pub(crate) mod items;
pub(crate) mod missingness;
pub(crate) mod operating;
pub(crate) mod separation;
pub(crate) mod stability;
pub(crate) mod systems;
pub(crate) mod twins;
