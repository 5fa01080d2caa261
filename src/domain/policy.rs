//! Who may do what. Asked by the worker before an act and again inside the intent's transaction;
//! screens only hide what would be refused.

use super::id::DoctorId;
use super::notice::NoticeKind;
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

/// Which notices somebody is shown; with both, only those that fit both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hears {
    /// Only those of these kinds; none of them: nothing.
    pub kinds: &'static [NoticeKind],
    /// Only those that concern this doctor; none given: whomever they concern.
    pub of: Option<DoctorId>,
}

/// Which notices the role is shown. `doctor` is who the person is, if they are a doctor of the clinic.
pub fn hears(role: Role, doctor: Option<&DoctorId>) -> Hears {
    let kinds = match role {
        Role::Admin | Role::System => NoticeKind::ALL,
        Role::Receptionist => NoticeKind::OF_THE_DESK,
        Role::Doctor if doctor.is_some() => NoticeKind::ALL,
        Role::Doctor | Role::Customer => &[],
    };
    Hears {
        kinds,
        of: doctor.filter(|_| role == Role::Doctor).cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_hears_what_is_theirs_to_hear() {
        let chen = DoctorId::new("chen");
        let all = Hears {
            kinds: NoticeKind::ALL,
            of: None,
        };
        assert_eq!(hears(Role::Admin, None), all);
        assert_eq!(hears(Role::Admin, Some(&chen)), all);
        assert_eq!(hears(Role::System, None), all);
        let desk = hears(Role::Receptionist, None);
        assert!(desk.kinds.contains(&NoticeKind::BookingEnded));
        assert!(!desk.kinds.contains(&NoticeKind::SignInNeeded));
        assert!(!desk.kinds.contains(&NoticeKind::QuotaNearlyUsed));
        let doctor = hears(Role::Doctor, Some(&chen));
        assert_eq!((doctor.kinds, doctor.of), (NoticeKind::ALL, Some(chen)));
        assert!(hears(Role::Doctor, None).kinds.is_empty());
        assert!(hears(Role::Customer, None).kinds.is_empty());
    }

    #[test]
    fn only_the_accounts_are_kept_from_the_desk() {
        let kept: Vec<_> = NoticeKind::ALL
            .iter()
            .filter(|kind| !NoticeKind::OF_THE_DESK.contains(kind))
            .collect();
        let accounts = [&NoticeKind::SignInNeeded, &NoticeKind::QuotaNearlyUsed];
        assert_eq!(kept, accounts);
    }

    #[test]
    fn a_receptionist_books_but_does_not_keep_the_clinic() {
        assert!(may(Role::Receptionist, Act::Book).is_ok());
        assert!(may(Role::Receptionist, Act::KeepClinic).is_err());
        assert!(may(Role::Doctor, Act::Cancel).is_err());
        assert!(may(Role::Admin, Act::KeepClinic).is_ok());
    }
}
