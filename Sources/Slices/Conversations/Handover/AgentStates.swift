package import JSON

/// The present states of the agents of one conversation.
package struct AgentStates: Hashable, Sendable {
    package enum State: String, Sendable {
        /// It handles what comes.
        case active
        /// It watches, and does nothing.
        case standby
        /// It may not act.
        case disabled
        /// It has given the conversation away.
        case handover
    }

    package let primary: State, monitor: State, bridge: State

    private init(_ primary: State, _ monitor: State, _ bridge: State) {
        (self.primary, self.monitor, self.bridge) = (primary, monitor, bridge)
    }

    package static let atRest = AgentStates(.active, .standby, .standby)
    package static let waitingForHuman = AgentStates(.handover, .active, .standby)
    package static let booking = AgentStates(.disabled, .active, .active)
    /// A person speaks: none of the agents does.
    package static let humanSpeaks = AgentStates(.handover, .standby, .standby)

    /// The occasions that move a conversation from one set of states to another.
    package enum Transition: String, CaseIterable, Sendable {
        /// The customer asks for a person, or an agent gives up.
        case requested
        /// Nobody has answered in time: the booking link goes out.
        case timedOut = "timed_out"
        /// A person has answered, or taken the conversation over.
        case answered
        /// Nobody came at all: the primary agent speaks again.
        case reactivated
        /// The person gives the conversation back.
        case released
    }

    /// The states after a turn; `nil` where that turn cannot come now.
    package func after(_ turn: Transition) -> AgentStates? {
        switch (self, turn) {
        case (.atRest, .requested), (.humanSpeaks, .requested): .waitingForHuman
        case (.waitingForHuman, .timedOut): .booking
        case (.atRest, .answered), (.waitingForHuman, .answered), (.booking, .answered): .humanSpeaks
        case (.waitingForHuman, .reactivated), (.booking, .reactivated): .atRest
        case (.humanSpeaks, .released), (.waitingForHuman, .released), (.booking, .released): .atRest
        default: nil
        }
    }

    package init?(json: JSON) {
        let known = [Self.atRest, .waitingForHuman, .booking, .humanSpeaks]
        guard let states = known.first(where: { $0.json == json }) else { return nil }
        self = states
    }

    package var json: JSON {
        [
            "primary_agent": .string(primary.rawValue), "handover_monitor": .string(monitor.rawValue),
            "calendly_bridge": .string(bridge.rawValue),
        ]
    }
}
