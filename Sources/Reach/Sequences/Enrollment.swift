internal import Database
package import JSON
package import Jobs
package import Messages
package import Nouns
internal import People
package import Records
package import Telemetry
internal import Templates
internal import Tenancy

/// The reason why a contact is no longer in a sequence.
package enum ExitReason: String, Choice {
    case reply, unsubscribe, bounce, meeting
    case dealStage = "deal_stage"
    /// A person took them out.
    case manual
    case archived
    /// The lead came into another stage of its life.
    case stage
    /// The person has come back.
    case reactivated
    /// A message of it failed, or was taken back.
    case failed
    /// The contact is gone, or cannot be written to.
    case removed

    /// The reasons that a sequence may name.
    package static let standard: [ExitReason] = [.reply, .unsubscribe, .bounce, .meeting, .dealStage]
}

/// Somebody on their way through a sequence: one row of `enrollments`. `SequenceWorkflow` takes them on.
package struct Enrollment: ToldRecord {
    package enum Status: String, Choice { case active, paused, finished, exited }

    package var head = Head<Enrollment>()
    package var sequenceID = ID<MessageSequence>.unset
    package var sequenceVersion = 1
    package var leadID: LeadID?
    package var contactID = ContactID.unset
    package var clientID: ClientID?
    package var status = Status.active
    package var position = 0
    package var nextAt: Instant?
    package var nextStep: String?
    package var nextChannel: SequenceStep.Kind?
    package var exitReason: ExitReason?
    package var reason: String?
    package var author = JSON.null
    package var authorName: String?
    package var why: String?
    package var lastAt: Instant?
    package var contactedAt: Instant?
    package var messageID: MessageID?
    package var lastMessageID: MessageID?
    package var taskID: ID<OutreachTask>?
    package var conversationID: ID<Conversation>?
    package var endedAt: Instant?
    package var runID: WorkflowRunID?
    package var agentRunID: AgentRunID?
    package var decisionID: DecisionID?
    package var said = JSON.null
    /// The outcome of each step.
    package var history: JSON = []
    /// The time from which the days of the steps count; `nil`: each from the one before.
    package var countedFrom: Instant?
    /// The least time between two touches, beside the delays of the steps.
    package var touchEvery: String?
    package var convertedAt: Instant?

    package init() {}

    package static let idPrefix = "enr", noun = "enrollment"
    package static let resource = Resource<Enrollment>(
        "enrollments", named: "Enrollment",
        rule: .first(of: [.client(), .parent("lead_id", of: "leads"), .parent("contact_id", of: "contacts")]),
        [
            .id("sequence_id", \.sequenceID, .readOnly, .filterable),
            .integer(
                "sequence_version", \.sequenceVersion, in: 1...1_000_000, .readOnly, .filterable,
                .about("The revision of the sequence that it goes by.")),
            .id("lead_id", \.leadID, .readOnly, .filterable),
            .id("contact_id", \.contactID, .readOnly, .filterable),
            .id("client_id", \.clientID, .readOnly, .filterable),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the person is under way, paused, done or taken out.")),
            .integer("position", \.position, in: 0...1000, .readOnly, .about("How many steps are done.")),
            .instant("next_at", \.nextAt, .readOnly, .filterable, .about("When the next step is due.")),
            .text("next_step", \.nextStep, max: 40, .readOnly, .about("The id of the next step.")),
            .choice(
                "next_channel", \.nextChannel, .readOnly,
                .about("The channel of the next message, or a task.")),
            .choice("exit_reason", \.exitReason, .readOnly, .filterable),
            .text(
                "reason", \.reason, max: 500, .readOnly,
                .about("The reason in words, or why the enrolment waits, in the reader's language.")),
            .document(
                "author", \.author, .readOnly,
                .about("The author who enrolled the contact, and in whose name the messages are sent.")),
            .text("author_name", \.authorName, max: 320, .readOnly),
            .text(
                "why", \.why, max: 500, .readOnly, .about("Why they were enrolled, in the reader's language.")
            ),
            .instant("last_at", \.lastAt, .readOnly, .about("When the last step was sent or done.")),
            .instant("contacted_at", \.contactedAt, .readOnly, .filterable),
            .id("message_id", \.messageID, .readOnly, .about("The message that is on its way.")),
            .id("last_message_id", \.lastMessageID, .readOnly, .about("The last message that was sent.")),
            .id("task_id", \.taskID, .readOnly, .about("The task that is open.")),
            .id("conversation_id", \.conversationID, .readOnly),
            .instant("ended_at", \.endedAt, .readOnly),
            .text(
                "run_id", \.runID, max: 64, .readOnly,
                .about("The workflow run that carries out the enrolment.")),
            .text(
                "agent_run_id", \.agentRunID, max: 64, .readOnly,
                .about("The run of the agent that enrolled them.")),
            .text(
                "decision_id", \.decisionID, max: 64, .readOnly,
                .about("The decision by which the agent enrolled them.")),
            .document("said", \.said, .secret, .added(in: 929)),
            .document(
                "history", \.history, schema: EnrollmentNote.listSchema, .readOnly, .added(in: 955),
                .about("The outcome of each step, in the order of time.")),
            .instant(
                "counted_from", \.countedFrom, .readOnly, .added(in: 955),
                .about("The time from which the days of the steps count; null: each from the one before.")),
            .text(
                "touch_every", \.touchEvery, max: 20, .readOnly, .added(in: 955), .example("P14D"),
                .about("How much time lies between two touches at least.")),
            .instant(
                "converted_at", \.convertedAt, .readOnly, .added(in: 1073),
                .about("When the contact's lead was won, after a step was sent to them.")),
        ])

    package static let told = ["reason", "why"]

    /// Says why it is as it is.
    mutating func tell(reason saying: Saying?) { reason = say("reason", saying) }

    package var isRunning: Bool { status == .active || status == .paused }
    package var subject: Subject { Subject(id) }

    /// As whom its messages are written.
    var writer: Actor {
        Actor(
            author["type"]?.text.flatMap(Actor.Kind.init(rawValue:)) ?? .system,
            id: author["id"]?.text ?? Actor.system.id)
    }

    /// The payload of its events: nothing that is personal.
    var payload: JSON {
        [
            "sequence_id": JSON(sequenceID), "lead_id": JSON(leadID),
            "contact_id": JSON(contactID), "status": .string(status.rawValue),
            "position": JSON(position), "exit_reason": JSON(exitReason?.rawValue), "author": author,
        ]
    }

    /// Goes on to the next step, which is due by the time at which this one was sent or done.
    mutating func advance(_ plan: SequencePlan, at done: Instant, in zone: TimeZoneRules) {
        (position, lastAt, messageID, taskID) = (position + 1, done, nil, nil)
        wait(for: plan, after: done, in: zone)
    }

    /// Sets when and what comes next.
    mutating func wait(for plan: SequencePlan, after base: Instant, in zone: TimeZoneRules) {
        let next = position < plan.steps.count ? plan.steps[position] : nil
        (nextStep, nextChannel) = (next?.name, next?.channel)
        nextAt = next.map { due($0, of: plan, after: base, in: zone) }
    }

    /// Passes over a step: what comes next takes its day.
    mutating func passOver(_ plan: SequencePlan) {
        position += 1
        let next = position < plan.steps.count ? plan.steps[position] : nil
        (nextStep, nextChannel) = (next?.name, next?.channel)
        if next == nil { nextAt = nil }
    }

    /// The code in a history of a step that they have had in an earlier enrolment.
    static let hadBefore = "had_before"

    /// Returns whether they have had a step before this enrolment began.
    func hasHad(_ step: SequenceStep) -> Bool {
        (history.array ?? []).contains {
            $0["code"]?.text == Self.hadBefore && $0["step"]?.text == step.name
        }
    }

    /// The shortest time between two touches whose days count from one time, when one was late.
    private static let leastApart: Duration = .seconds(2 * 86_400)

    private func due(
        _ step: SequenceStep, of plan: SequencePlan, after base: Instant, in zone: TimeZoneRules
    ) -> Instant {
        let timing = plan.timing(of: step)
        var due = timing.due(after: base, in: zone)
        if let countedFrom {
            due = timing.atLikedHour(plan.planned(position, from: countedFrom, in: zone), in: zone)
            if let lastAt {
                let apart = StepTiming(delay: min(timing.delay, Self.leastApart), hour: timing.hour)
                due = max(due, apart.due(after: lastAt, in: zone))
            }
        }
        if let lastAt, let rhythm = touchEvery.flatMap({ Duration(iso8601: $0) }) {
            due = max(due, StepTiming(delay: rhythm, hour: timing.hour).due(after: lastAt, in: zone))
        }
        return timing.fit(due, in: zone)
    }
}
