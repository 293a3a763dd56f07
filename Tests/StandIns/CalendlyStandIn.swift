import Cryptography
package import JSON

/// Calendly: says who a token is, and posts signed hooks.
package final class CalendlyStandIn: Sendable {
    package let token = "calendly-token", signingKey = "bureau-test-calendly-key"
    package let service: ServiceStandIn

    package init() throws {
        let token = token
        service = try ServiceStandIn { request in
            guard request.header("Authorization") == "Bearer \(token)" else {
                return StandInAnswer(
                    401, #"{"title":"Unauthenticated","message":"The access token is invalid"}"#)
            }
            guard request.path == "/users/me" else { return StandInAnswer(404, "{}") }
            return StandInAnswer(
                200,
                #"{"resource":{"uri":"https://api.calendly.com/users/U1","name":"Ann","email":"a@acme.test"}}"#
            )
        }
    }

    /// A hook as it is signed at a second since 1970.
    package func hook(_ body: JSON, at second: Int64, key: String? = nil) -> StandInHook {
        let signed = Array("\(second).".utf8) + body.bytes
        let code = Hex.encode(HMAC.sha256(key: Array((key ?? signingKey).utf8), signed))
        return StandInHook(
            [("Content-Type", "application/json"), ("Calendly-Webhook-Signature", "t=\(second),v1=\(code)")],
            body.bytes)
    }

    /// Returns its word on an invitee: `I1` of the event `E1`.
    package static func told(
        _ event: String, _ invitee: String, of scheduled: String, at start: String, email: String,
        created: String, _ more: JSONObject = [:]
    ) -> JSON {
        let root = "https://api.calendly.com/scheduled_events/\(scheduled)"
        var payload: JSONObject = [
            "uri": .string("\(root)/invitees/\(invitee)"), "event": .string(root), "email": .string(email),
            "name": "Ann Lee", "status": event == "invitee.canceled" ? "canceled" : "active",
            "rescheduled": false, "old_invitee": .null, "new_invitee": .null,
            "cancel_url": .string("https://calendly.com/cancellations/\(invitee)"),
            "reschedule_url": .string("https://calendly.com/reschedulings/\(invitee)"),
            "questions_and_answers": [["question": "Goal?", "answer": "Leads", "position": 0]],
            "tracking": ["utm_source": "bureau", "utm_content": .null],
            "scheduled_event": [
                "uri": .string(root), "name": "Intro", "start_time": .string(start),
                "location": ["type": "zoom", "join_url": "https://zoom.example/j/1"],
            ],
        ]
        for (name, value) in more.members { payload[name] = value }
        return [
            "event": .string(event), "created_at": .string(created),
            "created_by": "https://api.calendly.com/users/U1", "payload": .object(payload),
        ]
    }
}
