internal import Agents
package import JSON
package import Nouns
package import Records
package import Telemetry

/// The onboarding of a new client, step by step: one row of `onboardings`.
package struct Onboarding: ManagedRecord {
    package enum Status: String, Choice {
        case active, completed
        /// Nobody has done anything for so long that people were told.
        case stalled
        case cancelled
    }

    package var head = Head<Onboarding>()
    package var clientID = ClientID.unset
    package var status = Status.active
    package var progress = 0.0
    package var steps = Parts<OnboardingStep>()
    package var startedAt: Instant?
    package var completedAt: Instant?
    /// The time since when the client has something to do, and has done nothing.
    package var waitingSince: Instant?
    /// The number of reminders to the client since then.
    package var reminders = 0
    package var isWelcomed = false
    package var runID: WorkflowRunID?

    package init() {}

    package static let idPrefix = "onb", noun = "onboarding"
    package static let resource = Resource<Onboarding>(
        "onboardings", named: "Onboarding", personal: .within("onboardings"),
        console: ConsoleForm(
            columns: ["client_id", "status", "progress", "started_at"], form: [], filters: ["status"]),
        [
            .id("client_id", \.clientID, .readOnly, .filterable, .about("The client that is taken in.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the onboarding goes on, is over, or waits for the client for too long.")),
            .number(
                "progress", \.progress, in: 0...1, .readOnly,
                .about("The share of the steps that are done or skipped.")),
            .parts("steps", \.steps, max: 50, .readOnly, .personal, .about("The steps, in their order.")),
            .instant("started_at", \.startedAt, .readOnly, .filterable, .sortable),
            .instant("completed_at", \.completedAt, .readOnly),
            .instant(
                "waiting_since", \.waitingSince, .readOnly,
                .about("Since when the client has something to do, and has done nothing.")),
            .integer(
                "reminders", \.reminders, in: 0...100, .readOnly,
                .about("How often the client was reminded since then.")),
            .boolean("is_welcomed", \.isWelcomed, .secret), .text("run_id", \.runID, max: 64, .secret),
        ])

    // MARK: Rules

    package var isRunning: Bool { status == .active || status == .stalled }

    /// The steps that the client can do now.
    package var openToClient: [OnboardingStep] {
        steps.list.filter { $0.owner == .client && $0.state == .open }
    }

    /// Opens what no step before keeps shut, and counts what is over.
    mutating func settle(today: CivilDate, at now: Instant) {
        let over = Set(steps.list.filter(\.isOver).map(\.key))
        for index in steps.list.indices
        where steps.list[index].state == .waiting && over.isSuperset(of: steps.list[index].after) {
            steps.list[index].state = .open
            steps.list[index].dueOn = CivilDate(daysSinceEpoch: today.daysSinceEpoch + steps.list[index].days)
        }
        progress = steps.list.isEmpty ? 1 : Double(over.count) / Double(steps.list.count)
        (waitingSince, reminders) = (openToClient.isEmpty ? nil : now, 0)
        guard isRunning else { return }
        if over.count == steps.list.count {
            (status, completedAt) = (.completed, now)
        } else {
            status = .active
        }
    }
}

/// Something that has to be done before a client is at home.
package struct OnboardingStep: Part {
    package enum Kind: String, Choice { case message, form, task, meeting, document }
    package enum Owner: String, Choice { case agency, client, agent }
    package enum State: String, Choice { case waiting, open, done, skipped }

    package var key = ""
    package var title = ""
    package var kind = Kind.task
    package var owner = Owner.agency
    package var state = State.waiting
    package var dueOn: CivilDate?
    package var doneAt: Instant?
    package var after: [String] = []
    package var fields = Parts<OnboardingField>()
    package var answers = JSON.null
    package var doneBy: String?
    package var reason: String?
    /// The number of days that it may take from when it can be begun.
    package var days = 0

    package init() {}

    package var isOver: Bool { state == .done || state == .skipped }

    package static let schema = Schema<OnboardingStep>(
        "OnboardingStep",
        [
            .text("key", \.key, max: 40, .required, .about("Names the step.")),
            .text("title", \.title, max: 300, .about("The step in the client's language.")),
            .choice("kind", \.kind), .choice("owner", \.owner, .about("The party that does the step.")),
            .choice("state", \.state, .about("waiting until all steps in after are over.")),
            .date("due_on", \.dueOn), .instant("done_at", \.doneAt),
            .texts("after", \.after, max: 50, length: 40, .about("The steps that come first.")),
            .parts("fields", \.fields, max: 30, .about("The fields that the step asks for.")),
            .document(
                "answers", \.answers, schema: ["type": ["object", "null"]],
                .about("The answers that were filled in.")),
            .text("done_by", \.doneBy, max: 200, .about("The user who did it.")),
            .text("reason", \.reason, max: 1000, .about("Why the step was skipped.")),
            .integer("days", \.days, in: 0...365, .about("How many days the step may take.")),
        ])
}
