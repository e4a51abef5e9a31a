//! pending
use super::*;
use crate::judge::JudgeSpec;
use crate::model::*;
impl LiveSpec {
    /// p
    pub fn account(&self) -> String { todo!() }
    /// p
    pub fn host(&self) -> Option<String> { todo!() }
    /// p
    pub fn call(&self, _: &Asked<'_>) -> Result<Call, String> { todo!() }
    /// p
    pub fn disposition(&self, _: u16, _: &str) -> Disposition { todo!() }
    /// p
    pub fn verdict(&self, _: &JudgeSpec, _: &Asked<'_>, _: &StoredReply, _: &str) -> Verdict { todo!() }
}
/// p
pub fn wait_asked(_: &[(String, String)], _: u16, _: &str) -> Option<std::time::Duration> { todo!() }
/// p
pub fn share_of_samples(_: &JudgeSpec, _: &Card, _: &mut Vec<Verdict>) { todo!() }
