internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Books failures as patterns, in the transaction in which each is booked: nothing has to be searched for afterwards.
struct ErrorBook: FailureConsumer {
    /// So long before a failure another component's counts as its cause.
    private static let linked: Duration = .seconds(120)
    /// More kinds of errors than this are one together.
    private static let patternsMax = 500
    let agent: DataManagementAgent

    func failed(_ failure: BookedFailure, in tx: Transaction) throws {
        // That a service knows nothing of somebody is an answer.
        guard failure.origin != .service || failure.code != "not_found", tx.tenant != .platform else {
            return
        }
        let settings = try agent.settings(from: tx.agentConfigurations.published(agent).values).settings
        let component = try tx.errorPatterns.component(of: failure)
        let rule = settings.rule(for: failure.code, component)
        let category = rule?.category ?? ErrorPattern.Category(code: failure.code)
        let day = try tx.runtime.questions.zone(tx).local(of: tx.now).date
        guard let old = try tx.errorPatterns.find(component, category) else {
            guard try tx.errorPatterns.count() < Self.patternsMax else { return }
            var pattern = ErrorPattern.new(id: tx.nextID(), now: tx.now)
            (pattern.component, pattern.category, pattern.origin) = (
                component, category, failure.origin.rawValue
            )
            pattern.firstAt = tx.now
            try take(failure, into: &pattern, rule, settings, day, tx)
            try ErrorPattern.resource.insert(&pattern, in: tx)
            return try tell(pattern, tx)
        }
        var pattern = old
        try take(failure, into: &pattern, rule, settings, day, tx)
        try tx.errorPatterns.save(old, &pattern)
        if old.severity != pattern.severity { try tell(pattern, tx) }
    }

    private func take(
        _ failure: BookedFailure, into pattern: inout ErrorPattern, _ rule: ErrorRule?,
        _ settings: DataManagementSettings, _ day: CivilDate, _ tx: Transaction
    ) throws {
        (pattern.count, pattern.lastAt, pattern.code) = (pattern.count + failure.count, tx.now, failure.code)
        if pattern.status == .resolved { pattern.status = .open }
        pattern.add(failure.count, on: day)
        let today = pattern.errors(on: day)
        pattern.severity =
            rule?.severity
            ?? (today >= settings.errorsCritical
                ? .critical : today >= settings.errorsWarning ? .warning : .info)
        try findCause(of: failure, &pattern, tx)
    }

    /// An agent or a job fails because of what failed just before it with the same kind of error, mostly a service.
    private func findCause(
        of failure: BookedFailure, _ pattern: inout ErrorPattern, _ tx: Transaction
    ) throws {
        var root: ErrorPattern?
        if failure.origin == .job || failure.origin == .agent {
            root = try tx.errorPatterns.service(
                failingSince: tx.now - Self.linked, pattern.category, failure.code)
        }
        if let root {
            pattern.rootCount = (pattern.rootID == root.id ? pattern.rootCount : 0) + failure.count
            pattern.rootID = root.id
        }
        let share = Double(pattern.rootCount) / Double(max(1, pattern.count))
        let cause = root?.component ?? pattern.component
        pattern.cause = [
            "component": .string(cause),
            "category": .string((root?.category ?? pattern.category).rawValue),
            "detail": .string(String("\(failure.code): \(failure.withoutAddresses)".prefix(500))),
            "confidence": .number(root == nil ? 0.8 : (min(0.95, 0.5 + share / 2) * 100).rounded() / 100),
        ]
        pattern.recommendedAction = pattern.advice.english
    }

    /// Tells of a pattern that has become worse; of single errors nobody is told.
    private func tell(_ pattern: ErrorPattern, _ tx: Transaction) throws {
        guard pattern.severity != .info, pattern.status == .open else { return }
        try tx.publish("error_pattern.raised", pattern.subject, pattern.payload)
        guard pattern.severity == .critical else { return }
        try tx.alerts.raise(
            kind: "error_pattern", severity: .critical, subject: pattern.subject,
            title: Saying(
                "alert.error_pattern",
                [
                    "component": .saying(ErrorPattern.named(pattern.component)),
                    "count": .number(pattern.count),
                ]),
            action: Saying("alert.error_pattern_do"))
    }
}

extension BookedFailure {
    /// The detail without the addresses of people, which are nobody's business here.
    fileprivate var withoutAddresses: String {
        guard detail.contains("@") else { return detail }
        return detail.split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.contains("@") ? "…" : String(word)
        }.joined(separator: " ")
    }
}

extension ErrorPattern {
    private static let daysKept = 14

    var payload: JSON {
        [
            "component": .string(component), "category": .string(category.rawValue), "count": JSON(count),
            "severity": .string(severity.rawValue),
        ]
    }

    func errors(on day: CivilDate) -> Int { days[day.iso]?.int.map { Int($0) } ?? 0 }

    mutating func add(_ number: Int, on day: CivilDate) {
        days[day.iso] = JSON(errors(on: day) + number)
        judge(on: day)
    }

    /// Sets the trend, and what is expected, by the day and the week before it.
    mutating func judge(on day: CivilDate) {
        let first = day.adding(days: -Self.daysKept).iso
        days = JSONObject(days.members.filter { $0.0 >= first })
        let week = (1...7).map { Double(errors(on: day.adding(days: -$0))) }
        let before = week.reduce(0, +) / 7, today = Double(errors(on: day))
        let isNew = firstAt >= lastAt - .seconds(86_400)
        trend =
            today > max(2, before * 1.5) && !isNew
            ? .rising : before > 0 && today < before / 2 ? .falling : .steady
        // Recent days count more.
        let weights = (0...7).map { 1 / Double($0 + 1) }
        let sum = zip([today] + week, weights).reduce(0) { $0 + $1.0 * $1.1 }
        expectedTomorrow = (sum / weights.reduce(0, +) * 10).rounded() / 10
    }
}
