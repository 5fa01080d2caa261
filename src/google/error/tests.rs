//! Google's refusals, word for word, and what they come to.

use super::*;
use CalendarError as E;
use serde_json::json;

fn body(code: u16, domain: &str, reason: &str, message: &str) -> Value {
    json!({"error": {
        "errors": [{"domain": domain, "reason": reason, "message": message}],
        "code": code, "message": message,
    }})
}

fn told_of(code: u16, domain: &str, reason: &str, message: &str) -> CalendarError {
    refusal(&body(code, domain, reason, message), &Heard::default())
}

#[test]
fn each_refusal_of_google_has_its_own_meaning() {
    let slow = E::SlowDown { retry_after: None };
    let invalid = |words: &str| E::Invalid(words.to_owned());
    let cases = [
        (
            400,
            "calendar",
            "timeRangeEmpty",
            "The specified time range is empty.",
            invalid("the end does not come after the start"),
        ),
        (
            400,
            "global",
            "invalid",
            "Invalid resource id value.",
            invalid(
                "its words are “Invalid resource id value.”. Trying again will not help: please \
                 report this sentence",
            ),
        ),
        (
            400,
            "global",
            "invalid",
            "Invalid sync token value.",
            E::SyncTokenInvalid,
        ),
        (
            403,
            "usageLimits",
            "userRateLimitExceeded",
            "User Rate Limit Exceeded",
            slow.clone(),
        ),
        (
            403,
            "usageLimits",
            "rateLimitExceeded",
            "Rate Limit Exceeded",
            slow.clone(),
        ),
        (
            429,
            "usageLimits",
            "rateLimitExceeded",
            "Rate Limit Exceeded",
            slow,
        ),
        (
            403,
            "usageLimits",
            "quotaExceeded",
            "Calendar usage limits exceeded",
            E::Quota,
        ),
        (403, "usageLimits", "somethingNew", "?", E::Quota),
        (404, "global", "notFound", "Not Found", E::NotFound),
        (
            409,
            "global",
            "duplicate",
            "The requested identifier already exists.",
            E::Duplicate,
        ),
        (
            410,
            "global",
            "deleted",
            "Resource has been deleted",
            E::Gone,
        ),
        (
            410,
            "calendar",
            "fullSyncRequired",
            "Sync token is no longer valid, a full sync is required.",
            E::SyncTokenInvalid,
        ),
        (
            412,
            "global",
            "conditionNotMet",
            "Precondition Failed",
            E::Stale,
        ),
    ];
    for (code, domain, reason, message, expected) in cases {
        assert_eq!(
            told_of(code, domain, reason, message),
            expected,
            "{code} {reason}"
        );
    }
}

#[test]
fn troubles_of_the_servers_are_no_answer() {
    for (code, reason) in [
        (500, "backendError"),
        (503, "backendError"),
        (409, "conflict"),
        (408, ""),
    ] {
        let error = told_of(code, "global", reason, "Backend Error");
        assert!(
            matches!(error, E::NoAnswer(_)),
            "{code} {reason}: {error:?}"
        );
    }
}

#[test]
fn missing_rights_are_told_with_what_to_do() {
    let missing_scope = json!({"error": {
        "code": 403, "status": "PERMISSION_DENIED",
        "message": "Request had insufficient authentication scopes.",
        "errors": [{"domain": "global", "reason": "insufficientPermissions", "message": "Insufficient Permission"}],
    }});
    let E::Forbidden(words) = refusal(&missing_scope, &Heard::default()) else {
        panic!("a missing scope is no right");
    };
    assert!(words.contains("sign in again"), "{words}");
    let E::Forbidden(words) = told_of(403, "global", "forbidden", "Forbidden") else {
        panic!("a calendar shared for reading is no right");
    };
    assert!(words.contains("sharing settings"), "{words}");
    let off = told_of(
        403,
        "usageLimits",
        "accessNotConfigured",
        "Enable it by visiting https://x.y/z",
    );
    assert!(matches!(off, E::Forbidden(_)), "{off:?}");
    let unknown = told_of(
        403,
        "global",
        "new",
        "See https://x.y/z?key=1 for\u{202e} more",
    );
    assert_eq!(unknown, E::Forbidden("See for more".to_owned()));
}

#[test]
fn dead_tokens_ask_for_a_sign_in() {
    let dead = json!({"error": {
        "code": 401, "status": "UNAUTHENTICATED", "message": "Invalid Credentials",
        "errors": [{"domain": "global", "reason": "authError", "message": "Invalid Credentials"}],
    }});
    let grant = json!({"error": "invalid_grant", "error_description": "Token has been expired."});
    for body in [dead, grant] {
        assert!(
            matches!(refusal(&body, &Heard::default()), E::SignIn(_)),
            "{body}"
        );
    }
    let none = Failure::Call(common::Error::MissingToken(Box::new(NoToken(
        "not connected",
    ))));
    assert_eq!(
        told(none, &Heard::default()),
        E::SignIn("not connected".to_owned())
    );
    // whatever else a token source says may hold secrets
    let other = Failure::Call(common::Error::MissingToken(
        "refresh of 1//secret failed".into(),
    ));
    assert!(
        !told(other, &Heard::default())
            .to_string()
            .contains("secret")
    );
}

#[test]
fn words_that_are_not_googles_say_nothing_of_an_event() {
    let heard = |status| Heard {
        status,
        retry_after: None,
    };
    for (body, status) in [
        (json!({"message": "blocked by the filter"}), 403),
        (json!({}), 404),
        (json!([]), 410),
        (json!("gone"), 412),
    ] {
        let error = refusal(&body, &heard(status));
        assert!(
            matches!(error, E::NoAnswer(_)),
            "{body} {status}: {error:?}"
        );
    }
    assert!(matches!(refusal(&json!({}), &heard(401)), E::SignIn(_)));
    // a body of Google's shape without a code goes by the status
    assert_eq!(refusal(&json!({"error": {}}), &heard(412)), E::Stale);
}

#[test]
fn a_wait_is_read_from_seconds_and_from_dates() {
    let headers = |pairs: &[(&'static str, &'static str)]| -> HeaderMap {
        let parsed =
            |(k, v): &(&'static str, &'static str)| (k.parse().unwrap(), v.parse().unwrap());
        pairs.iter().map(parsed).collect()
    };
    assert_eq!(
        retry_after(&headers(&[("retry-after", "7")])),
        Some(Duration::from_secs(7))
    );
    let dated = headers(&[
        ("date", "Tue, 24 Nov 2026 09:00:00 GMT"),
        ("retry-after", "Tue, 24 Nov 2026 09:01:30 GMT"),
    ]);
    assert_eq!(retry_after(&dated), Some(Duration::from_secs(90)));
    let past = headers(&[
        ("date", "Tue, 24 Nov 2026 09:00:00 GMT"),
        ("retry-after", "Tue, 24 Nov 2026 08:00:00 GMT"),
    ]);
    assert_eq!(retry_after(&past), Some(Duration::ZERO));
    assert_eq!(retry_after(&headers(&[("retry-after", "soon")])), None);
    assert_eq!(
        server_time(&dated),
        Some("2026-11-24T09:00:00Z".parse::<Moment>().unwrap())
    );
}

#[test]
fn a_time_out_says_how_long_was_waited() {
    let words = |limit| told(Failure::TimedOut(limit), &Heard::default()).to_string();
    assert_eq!(
        words(Duration::from_secs(10)),
        "Google did not answer (nothing came within 10 seconds)"
    );
    assert!(words(Duration::from_millis(250)).contains("250 milliseconds"));
}
