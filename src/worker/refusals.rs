//! How errors of the database become refusals: which code, which sentence.

use crate::port::command::{Code, Refusal};
use crate::port::store::StoreError;

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Denied(_) => Code::NotPermitted,
            StoreError::Overlap(_) => Code::NotAvailable,
            StoreError::NotFound(_) => Code::NotFound,
            StoreError::KeyReused => Code::Usage,
            StoreError::OperationOpen | StoreError::Rule(_) => Code::Rule,
            StoreError::LeaseLost
            | StoreError::Busy
            | StoreError::DiskFull
            | StoreError::ReadOnly
            | StoreError::Failed(_) => Code::Internal,
        };
        Self::new(code, sentence(&error.to_string()))
    }
}

/// A sentence: begins with a capital and ends with a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars
        .next()
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_default();
    out.push_str(chars.as_str());
    if !out.ends_with(['.', '!', '?', '”']) {
        out.push('.');
    }
    out
}
