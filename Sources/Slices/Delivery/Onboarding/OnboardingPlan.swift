internal import JSON
internal import People
internal import Records
internal import Wording

/// The steps that every client is taken in by.
enum OnboardingPlan {
    struct Entry {
        let key: String
        let kind: OnboardingStep.Kind, owner: OnboardingStep.Owner
        let after: [String]
        let days: Int
        var fields: [OnboardingField] = []
    }

    static let welcome = "welcome", account = "account_setup", metrics = "success_metrics"
    static let requirements = "requirements", preferences = "preferences"
    static let plan = "delivery_plan", report = "first_report"

    private static let clients = [account, preferences, metrics, requirements]

    static let entries: [Entry] = [
        Entry(key: welcome, kind: .message, owner: .agent, after: [], days: 0),
        Entry(
            key: account, kind: .form, owner: .client, after: [welcome], days: 7,
            fields: [
                .init("website", .text), .init("legal_name", .text), .init("billing_address", .text),
                .init("team_size", .number, in: 1...10_000_000), .init("start_on", .date),
                .init("logo", .file),
            ]),
        Entry(
            key: preferences, kind: .form, owner: .client, after: [welcome], days: 7,
            fields: [
                .init("channel", .choice, choices: Preference.channels.map(\.rawValue)),
                .init("hour", .number, in: 0...23),
            ]),
        Entry(
            key: metrics, kind: .form, owner: .client, after: [welcome], days: 7,
            fields: [.init("metric", .text), .init("target", .number), .init("by", .date)]),
        Entry(
            key: requirements, kind: .document, owner: .client, after: [welcome], days: 7,
            fields: [.init("requirements", .text, many: true), .init("files", .file, many: true)]),
        Entry(key: "kick_off", kind: .meeting, owner: .agency, after: clients, days: 7),
        Entry(key: plan, kind: .task, owner: .agency, after: ["kick_off"], days: 7),
        Entry(key: report, kind: .document, owner: .agency, after: [plan], days: 31),
    ]

    /// The steps of a new client, in words that it reads.
    static func steps(_ words: Wording) -> [OnboardingStep] {
        entries.map { entry in
            var step = OnboardingStep()
            (step.key, step.kind, step.owner) = (entry.key, entry.kind, entry.owner)
            (step.after, step.days) = (entry.after, entry.days)
            step.title = words("onboarding.step", ["key": .text(entry.key)])
            step.fields = Parts(
                entry.fields.map { field in
                    var asked = field
                    asked.label = words("onboarding.field", ["name": .text(field.name)])
                    return asked
                })
            return step
        }
    }
}
