package import JSON
internal import Records
package import Telemetry

/// The reason why a conversation was handed over to people.
package enum HandoverReason: String, Choice {
    case askedForHuman = "asked_for_human"
    case frustration
    case repeatedFailure = "repeated_failure"
    case importantCustomer = "important_customer"
    case unknownAnswer = "unknown_answer"
    /// A person has rejected what the agent would have answered, or nobody has looked at it in time.
    case answerRejected = "answer_rejected"
    /// A colleague, or another agent, gave it away.
    case byHand = "by_hand"
}

/// The state of a handover to a person, and the checks until one answers: the `handover` of a conversation. It stays
/// when the handover is over, until the next.
package struct HandoverState: Sendable {
    package enum Outcome: String, Choice { case answered, reactivated, released, closed }

    package struct Check: Sendable {
        package let after: String, action: HandoverPlan.Action
        package let dueAt: Instant
        package var doneAt: Instant?
    }

    package var reason: String
    package var requestedAt: Instant
    package var urgency: HandoverPlan.Urgency
    /// The customer's request, in their own words.
    package var request: String?
    package var language: String?
    package var checks: [Check]
    /// The notification with which the check `alert_staff` told people of the wait.
    package var notice: String?
    package var bookingURL: String?
    package var endedAt: Instant?
    package var outcome: Outcome?

    package var isOver: Bool { endedAt != nil }

    package init(
        reason: String, urgency: HandoverPlan.Urgency, request: String?, language: String?,
        _ plan: HandoverPlan, at now: Instant
    ) {
        (self.reason, self.urgency, self.request, self.language) = (reason, urgency, request, language)
        requestedAt = now
        checks = plan.checks.map {
            Check(after: "PT\($0.minutes)M", action: $0.action, dueAt: now + .seconds(60 * $0.minutes))
        }
    }

    package init?(_ json: JSON) {
        guard let reason = json["reason"]?.text, let at = json["requested_at"]?.text.flatMap(Instant.init),
            let urgency = json["urgency"]?.text.flatMap(HandoverPlan.Urgency.init)
        else { return nil }
        (self.reason, requestedAt, self.urgency) = (reason, at, urgency)
        (request, language) = (json["request"]?.text, json["language"]?.text)
        checks = (json["checks"]?.array ?? []).compactMap { check in
            guard let after = check["after"]?.text, let due = check["due_at"]?.text.flatMap(Instant.init),
                let action = check["action"]?.text.flatMap(HandoverPlan.Action.init)
            else { return nil }
            return Check(
                after: after, action: action, dueAt: due, doneAt: check["done_at"]?.text.flatMap(Instant.init)
            )
        }
        (notice, bookingURL) = (json["notice_id"]?.text, json["booking_url"]?.text)
        endedAt = json["ended_at"]?.text.flatMap(Instant.init)
        outcome = json["outcome"]?.text.flatMap(Outcome.init)
    }

    package var json: JSON {
        [
            "reason": .string(reason), "requested_at": .string(requestedAt.description),
            "urgency": .string(urgency.rawValue), "request": JSON(request), "language": JSON(language),
            "checks": .array(
                checks.map {
                    [
                        "after": .string($0.after), "action": .string($0.action.rawValue),
                        "due_at": .string($0.dueAt.description), "done_at": JSON($0.doneAt?.description),
                    ]
                }),
            "notice_id": JSON(notice), "booking_url": JSON(bookingURL),
            "ended_at": JSON(endedAt?.description), "outcome": JSON(outcome?.rawValue),
        ]
    }

    package mutating func finish(_ action: HandoverPlan.Action, at now: Instant) {
        guard let index = checks.firstIndex(where: { $0.action == action }) else { return }
        checks[index].doneAt = now
    }

    package func isDone(_ action: HandoverPlan.Action) -> Bool {
        checks.first { $0.action == action }?.doneAt != nil
    }

    package mutating func end(_ outcome: Outcome, at now: Instant) {
        (self.outcome, endedAt) = (outcome, now)
    }

    /// Returns the time that the contact has waited, in whole minutes.
    package func minutesWaited(at now: Instant) -> Int {
        Int(max(0, (now - requestedAt).components.seconds) / 60)
    }
}
