//! Video meetings. Without `conferenceDataVersion=1` what a client says about them is dropped.

use serde_json::{Map, Value, json};

use crate::practice::call::Call;
use crate::practice::refusal::Refusal;

/// Whether this call may speak about conferences.
pub(in crate::practice) fn is_spoken(call: &Call) -> Result<bool, Refusal> {
    match call.query.number("conferenceDataVersion")? {
        None | Some(0) => Ok(false),
        Some(1) => Ok(true),
        Some(other) => Err(Refusal::parameter(
            "conferenceDataVersion",
            format!("Invalid value '{other}'. Values must be within the range: [0, 1]"),
        )),
    }
}

/// Settles the conference of an event about to be written. `old` is the event as it was.
/// A `createRequest` is granted at once, unless its `requestId` is the one granted before.
pub(in crate::practice) fn settle(
    fields: &mut Map<String, Value>,
    old: Option<&Map<String, Value>>,
    spoken: bool,
) -> Result<(), Refusal> {
    let before = old.and_then(|old| old.get("conferenceData"));
    if !spoken {
        match before {
            Some(before) => fields.insert("conferenceData".into(), before.clone()),
            None => fields.remove("conferenceData"),
        };
    }
    let Some(asked) = fields
        .get("conferenceData")
        .filter(|asked| !asked.is_null())
    else {
        fields.remove("conferenceData");
        fields.remove("hangoutLink");
        return Ok(());
    };
    let request = |data: &Value| {
        let id = data.pointer("/createRequest/requestId");
        id.and_then(Value::as_str).map(str::to_owned)
    };
    let data = match (asked.get("createRequest"), request(asked)) {
        (None | Some(Value::Null), _) => asked.clone(),
        (Some(_), None) => return Err(Refusal::invalid("Invalid conference request id.")),
        (Some(_), Some(id)) => match before {
            Some(before) if request(before).as_ref() == Some(&id) => before.clone(),
            _ => granted(&id, asked)?,
        },
    };
    let entries = data.get("entryPoints").and_then(Value::as_array);
    let video = entries.into_iter().flatten().find_map(|entry| {
        let is_video = entry.get("entryPointType").and_then(Value::as_str) == Some("video");
        is_video.then(|| entry.get("uri").cloned()).flatten()
    });
    if let Some(link) = video {
        fields.insert("hangoutLink".into(), link);
    }
    fields.insert("conferenceData".into(), data);
    Ok(())
}

fn granted(request: &str, asked: &Value) -> Result<Value, Refusal> {
    let kind = asked.pointer("/createRequest/conferenceSolutionKey/type");
    if !matches!(kind.and_then(Value::as_str), None | Some("hangoutsMeet")) {
        return Err(Refusal::invalid("Invalid conference type value."));
    }
    // Ten letters that follow from the request alone: a test can foretell the link.
    let mut seed = 0xcbf2_9ce4_8422_2325_u64;
    let mut letters = String::new();
    for byte in request.bytes() {
        seed = (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    for place in 0..10 {
        if place == 3 || place == 7 {
            letters.push('-');
        }
        let letter = u8::try_from(seed % 26).unwrap_or_default();
        letters.push(char::from(b'a' + letter));
        seed /= 26;
    }
    let link = format!("https://meet.google.com/{letters}");
    let key = json!({ "type": "hangoutsMeet" });
    Ok(json!({
        "createRequest": {
            "requestId": request,
            "conferenceSolutionKey": key,
            "status": { "statusCode": "success" },
        },
        "entryPoints": [{
            "entryPointType": "video",
            "uri": link,
            "label": link.trim_start_matches("https://"),
        }],
        "conferenceSolution": { "key": key, "name": "Google Meet" },
        "conferenceId": letters,
    }))
}
