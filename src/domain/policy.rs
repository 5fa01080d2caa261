//! Who may do what. Asked by the worker before an act and again inside the intent's transaction;
//! screens only hide what would be refused.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What somebody is at the clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works the front desk.
    Receptionist,
    /// Sees their own day.
    Doctor,
    /// Keeps doctors, services, accounts and repairs.
    Admin,
    /// Comes as a patient.
    Customer,
    /// The program itself: retries and recovery.
    System,
}

/// A kind of act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// See schedules and customers.
    Read,
    /// Book a visit.
    Book,
    /// Move visits to another time.
    Move,
    /// Call a visit off.
    Cancel,
    /// Add or change a customer.
    KeepCustomers,
    /// Add or change doctors, hours, services.
    KeepClinic,
    /// Retry or settle what is not in step.
    Repair,
}

/// An act that a role may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a {role:?} may not do this ({act:?}): ask an admin")]
pub struct Denied {
    /// Who asked.
    pub role: Role,
    /// For what.
    pub act: Act,
}

/// Whether the role may do the act.
pub fn may(role: Role, act: Act) -> Result<(), Denied> {
    let allowed = match role {
        Role::Admin => true,
        Role::Receptionist => act != Act::KeepClinic,
        Role::System => matches!(
            act,
            Act::Read | Act::Repair | Act::Book | Act::Move | Act::Cancel
        ),
        Role::Doctor => act == Act::Read,
        Role::Customer => false,
    };
    if allowed {
        Ok(())
    } else {
        Err(Denied { role, act })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receptionist_books_but_does_not_keep_the_clinic() {
        assert!(may(Role::Receptionist, Act::Book).is_ok());
        assert!(may(Role::Receptionist, Act::KeepClinic).is_err());
        assert!(may(Role::Doctor, Act::Cancel).is_err());
        assert!(may(Role::Admin, Act::KeepClinic).is_ok());
    }
}
