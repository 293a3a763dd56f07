internal import Agents
internal import JSON
internal import Messages
internal import People
internal import Records
internal import Telemetry
internal import Templates

/// All that the check of a conversation's states rests on.
struct StateFacts: Sendable {
    var handler = Conversation.Handler.agent
    /// The states of its agents; `nil` where the row has none that are known.
    var states: AgentStates?
    var isMail = false
    /// Whether a handover is under way.
    var isWaiting = false
    /// When the last check of that handover was due.
    var lastCheckAt: Instant?
    let at: Instant

    init(at: Instant) { self.at = at }

    init(of conversation: Conversation, at now: Instant) {
        at = now
        (handler, isMail) = (conversation.handler, conversation.channel == .email)
        states = AgentStates(json: conversation.agents)
        guard let handover = conversation.lastHandover, !handover.isOver else { return }
        (isWaiting, lastCheckAt) = (true, handover.checks.map(\.dueAt).max())
    }

    /// Reads the recorded inputs of a decision.
    init?(json: JSON) {
        guard let at = json["at"]?.text.flatMap({ Instant($0) }),
            let handler = json["handler"]?.text.flatMap(Conversation.Handler.init(rawValue:))
        else { return nil }
        (self.at, self.handler) = (at, handler)
        states = json["agents"].flatMap(AgentStates.init(json:))
        isMail = json["is_mail"]?.flag ?? false
        isWaiting = json["is_waiting"]?.flag ?? false
        lastCheckAt = json["last_check_at"]?.text.flatMap { Instant($0) }
    }

    var json: JSON {
        [
            "at": .string(at.description), "handler": .string(handler.rawValue),
            "agents": states?.json ?? .null, "is_mail": .bool(isMail), "is_waiting": .bool(isWaiting),
            "last_check_at": JSON(lastCheckAt?.description),
        ]
    }
}

/// A check of the states of a conversation: the faults, and what puts each right.
struct StateCheck: Sendable {
    enum Fault: String, CaseIterable, Sendable {
        /// The agents have it, and none of them may speak: they are at rest again.
        case nobodySpeaks = "nobody_speaks"
        /// A person has it, and the agents do not know: they are silent.
        case agentsSpeak = "agents_speak"
        /// Somebody waits for a person of whom nothing is asked: the agents have it again.
        case waitsForNobody = "waits_for_nobody"
        /// Somebody waits, and the agents do not know: they wait, too.
        case agentsDoNotWait = "agents_do_not_wait"
        /// Somebody waits for whom nothing is done any more: people are told, and the agent speaks again.
        case forgotten
    }

    static let version = "1"
    let facts: StateFacts
    /// `nil`: all agrees.
    let fault: Fault?

    /// `patience` is how long after the last check somebody who waits counts as forgotten.
    init(_ facts: StateFacts, patience: Duration) {
        self.facts = facts
        switch facts.handler {
        // Of a mail that a person has answered nobody else has to know: agents answer no mails here.
        case .agent where facts.isMail && facts.states == .humanSpeaks: fault = nil
        case .agent: fault = facts.states == .atRest ? nil : .nobodySpeaks
        case .human: fault = facts.states == .humanSpeaks ? nil : .agentsSpeak
        case .waitingForHuman where !facts.isWaiting: fault = .waitsForNobody
        case .waitingForHuman where facts.states != .waitingForHuman && facts.states != .booking:
            fault = .agentsDoNotWait
        case .waitingForHuman:
            fault = facts.lastCheckAt.map { $0 + patience <= facts.at } ?? true ? .forgotten : nil
        }
    }

    /// The states that the agents get at once.
    var states: AgentStates? {
        switch fault {
        case .nobodySpeaks, .waitsForNobody: .atRest
        case .agentsSpeak: .humanSpeaks
        case .agentsDoNotWait: .waitingForHuman
        case .forgotten, nil: nil
        }
    }

    var outcome: JSON { ["fault": JSON(fault?.rawValue), "agents": states?.json ?? .null] }

    var conclusion: Conclusion {
        let factor: JSON = [
            "name": "handler", "value": .string(facts.handler.rawValue), "weight": 1, "contribution": 1,
        ]
        return Conclusion(
            outcome: outcome, confidence: 1,
            factors: [
                factor.saying(
                    "evidence",
                    Saying("evidence.state_fault", ["fault": .text(fault?.rawValue ?? "none")]))
            ],
            model: ["name": "rules", "version": .string(Self.version)], inputs: facts.json)
    }
}
