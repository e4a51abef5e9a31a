//! A sign-flip test as records write it.

use crate::stats::Undefined;
use crate::stats::signflip::SignFlip;

/// A mid-p-value or why there is none, and the name of its method.
pub(crate) struct MidP {
    pub(crate) value: Option<f64>,
    pub(crate) undefined: Option<Undefined>,
    pub(crate) method: String,
}

impl MidP {
    pub(crate) fn of(test: Result<SignFlip, Undefined>) -> Self {
        match test {
            Ok(test) => {
                Self { value: Some(test.p_mid), undefined: None, method: format!("{}_mid_p", test.method.name()) }
            }
            Err(reason) => Self { value: None, undefined: Some(reason), method: "undefined".to_owned() },
        }
    }
}
