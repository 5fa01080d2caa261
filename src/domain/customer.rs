//! Who comes to the clinic.

use super::id::CustomerId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A customer. Names and phones repeat (a family may share both); only the id is an identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The identity.
    pub customer_id: CustomerId,
    /// Name as it is said, sanitised, never empty.
    pub customer_name: String,
    /// Phone as it was typed, sanitised.
    pub mobile: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Date of birth.
    pub born: Option<NaiveDate>,
}

/// What is known of a new customer before there is an id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NewCustomer {
    /// Name, as typed.
    pub name: String,
    /// Phone, as typed.
    pub mobile: Option<String>,
    /// E-mail, as typed.
    pub email: Option<String>,
    /// Date of birth.
    pub born: Option<NaiveDate>,
}
