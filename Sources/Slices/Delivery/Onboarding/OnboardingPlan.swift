internal import JSON
internal import People
internal import Records
internal import Wording

/// The steps that clients are taken in by.
enum OnboardingPlan {
    struct Entry {
        let key: String
        let kind: OnboardingStep.Kind, owner: OnboardingStep.Owner
        let days: Int
        var fields: [OnboardingField] = []
    }

    static let welcome = PlannedStep.welcome, account = "account_setup", metrics = "success_metrics"
    static let requirements = "requirements", preferences = "preferences"
    static let plan = "delivery_plan", report = "first_report"

    /// The number of days that a task of an agency's own may take unless it says otherwise.
    private static let daysUsual = 7

    static let entries: [Entry] = [
        Entry(key: welcome, kind: .message, owner: .agent, days: 0),
        Entry(
            key: account, kind: .form, owner: .client, days: 7,
            fields: [
                .init("website", .text), .init("legal_name", .text), .init("billing_address", .text),
                .init("team_size", .number, in: 1...10_000_000), .init("start_on", .date),
                .init("logo", .file),
            ]),
        Entry(
            key: preferences, kind: .form, owner: .client, days: 7,
            fields: [
                .init("channel", .choice, choices: Preference.channels.map(\.rawValue)),
                .init("hour", .number, in: 0...23),
                .init("weekday", .choice, choices: Preference.Weekday.choices),
                .init("length", .choice, choices: Preference.Length.choices),
                .init("content_types", .choice, many: true, choices: Preference.Content.choices),
                .init("frequency", .choice, choices: ["P1D", "P7D", "P14D", "P30D", "P91D"]),
            ]),
        Entry(
            key: metrics, kind: .form, owner: .client, days: 7,
            fields: [.init("metric", .text), .init("target", .number), .init("by", .date)]),
        Entry(
            key: requirements, kind: .document, owner: .client, days: 7,
            fields: [.init("requirements", .text, many: true), .init("files", .file, many: true)]),
        Entry(key: "kick_off", kind: .meeting, owner: .agency, days: 7),
        Entry(key: plan, kind: .task, owner: .agency, days: 7),
        Entry(key: report, kind: .document, owner: .agency, days: 31),
    ]

    /// The plan of packages that have none of their own.
    private static let usual = Parts(entries.map { PlannedStep(key: $0.key) })

    /// The steps of a new client by a plan, in words that it reads.
    static func steps(_ words: Wording, of own: Parts<PlannedStep>) -> [OnboardingStep] {
        let plan = own.list.isEmpty ? usual : own
        return plan.list.map { planned in
            let known = entries.first { $0.key == planned.key }
            var step = OnboardingStep()
            (step.key, step.kind) = (planned.key, known?.kind ?? .task)
            let owner = planned.owner.flatMap { OnboardingStep.Owner(rawValue: $0.rawValue) }
            step.owner = owner ?? known?.owner ?? .agency
            (step.after, step.days) = (plan.before(planned), planned.days ?? known?.days ?? daysUsual)
            step.title = planned.title ?? words("onboarding.step", ["key": .text(planned.key)])
            step.fields = Parts(
                (known?.fields ?? []).map { field in
                    var asked = field
                    asked.label = words("onboarding.field", ["name": .text(field.name)])
                    return asked
                })
            return step
        }
    }
}
