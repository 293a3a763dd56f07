internal import Records

/// The plan for somebody who waits for a person: the four checks and their times, sooner for those who need it sooner.
package struct HandoverPlan: Sendable {
    package enum Urgency: String, Choice {
        case low, normal, high, urgent

        /// By which the waiting times are multiplied.
        fileprivate var factor: Double {
            switch self {
            case .low: 1.5
            case .normal: 1
            case .high: 2.0 / 3
            case .urgent: 1.0 / 3
            }
        }
    }

    package enum Action: String, CaseIterable, Sendable {
        case alertStaff = "alert_staff"
        case waitingUpdate = "waiting_update"
        case bookingMessage = "booking_message"
        case reactivatePrimary = "reactivate_primary"

        /// Minutes after the request, for who waits without any urgency.
        fileprivate var minutes: Int {
            switch self {
            case .alertStaff: 15
            case .waitingUpdate: 30
            case .bookingMessage: 45
            case .reactivatePrimary: 60
            }
        }
    }

    package struct Check: Hashable, Sendable {
        package let action: Action
        package let minutes: Int
    }

    package let checks: [Check]
    /// Whether the booking link does not wait for its check.
    package let booksAtOnce: Bool

    /// A moment for whoever is there after all.
    package static let bookingAtOnceAfter: Duration = .seconds(60)

    /// `pace` is what the agency has learnt or set: 1 leaves the times as they are, 0.5 halves them. In important
    /// customers' favour the times are halved once more. Outside business hours nobody waits for a person who cannot
    /// come: the booking link goes out at once.
    package init(
        _ urgency: Urgency, isImportant: Bool = false, isOpen: Bool = true, pace: Double = 1
    ) {
        let factor = urgency.factor * (isImportant ? 0.5 : 1) * min(max(pace, 0.25), 4)
        booksAtOnce = !isOpen || urgency == .urgent
        var last = 0
        checks = Action.allCases.map { action in
            let scaled = Int((Double(action.minutes) * factor).rounded())
            // However short the times are, each check has its own minute.
            last = max(scaled, last + 1)
            return Check(action: action, minutes: last)
        }
    }
}
