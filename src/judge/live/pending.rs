//! Pending: the asking side.
use super::{Asked, Call, LiveSpec};
impl LiveSpec {
    /// p
    pub fn account(&self) -> String {
        todo!()
    }
    /// p
    pub fn host(&self) -> Option<String> {
        todo!()
    }
    /// p
    pub fn call(&self, _: &Asked<'_>) -> Result<Call, String> {
        todo!()
    }
}
