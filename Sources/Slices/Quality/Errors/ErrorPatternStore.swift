internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Patterns of errors: `tx.errorPatterns`.
struct ErrorPatternStore<Base: Queryable> {
    let tx: Base

    func find(_ component: String, _ category: ErrorPattern.Category) throws -> ErrorPattern? {
        try ErrorPattern.resource.first(
            where: "component = \(component) AND category = \(category.rawValue)", in: tx)
    }

    func count() throws -> Int {
        Int(try tx.int("SELECT count(*) FROM error_patterns WHERE tenant_id = \(tx.tenant)") ?? 0)
    }

    /// Returns the open patterns, the newest error first.
    func open(limit: Int = 100) throws -> [ErrorPattern] {
        try ErrorPattern.resource.all(
            where: "status = 'open'", suffix: "ORDER BY last_at DESC, id LIMIT \(limit)", in: tx)
    }

    /// Returns the service, or tool, that has just failed in such a way.
    func service(
        failingSince instant: Instant, _ category: ErrorPattern.Category, _ code: String
    ) throws -> ErrorPattern? {
        try ErrorPattern.resource.first(
            where: """
                origin IN ('service', 'tool') AND last_at >= \(instant)
                    AND (category = \(category.rawValue) OR code = \(code))
                """, suffix: "ORDER BY last_at DESC, id LIMIT 1", in: tx)
    }

    /// Returns what people call that which has failed: the provider of an integration, the kind of a job.
    func component(of failure: BookedFailure) throws -> String {
        let name = failure.name ?? failure.component
        switch failure.origin {
        case .job: return "job \(name)"
        case .agent: return "agent \(name)"
        case .file: return "import of \(name)"
        case .tool: return "tool \(name)"
        case .service: return try provider(of: failure) ?? name
        case .hook: return "hook of \(try provider(of: failure) ?? name)"
        }
    }

    private func provider(of failure: BookedFailure) throws -> String? {
        try failure.integrationID.flatMap { try Integration.resource.find($0, in: tx)?.provider }
    }
}

extension Queryable {
    var errorPatterns: ErrorPatternStore<Self> { ErrorPatternStore(tx: self) }
}

extension ErrorPatternStore where Base == Transaction {
    func save(_ old: ErrorPattern, _ new: inout ErrorPattern) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try ErrorPattern.resource.update(old, to: new, in: tx)
    }

    /// Brings the trends up to date, and forgets what has not come for long.
    func review(on day: CivilDate, keptFor time: Duration) throws {
        for old in try ErrorPattern.resource.all(where: "1 = 1", suffix: "ORDER BY id LIMIT 500", in: tx) {
            guard old.lastAt + time > tx.now else {
                try ErrorPattern.resource.delete(old, in: tx)
                continue
            }
            var pattern = old
            pattern.judge(on: day)
            if pattern.trend != old.trend || pattern.expectedTomorrow != old.expectedTomorrow {
                try save(old, &pattern)
            }
        }
    }

    /// Sets what is to become of a pattern.
    func set(_ status: ErrorPattern.Status, of old: ErrorPattern, by actor: Actor) throws -> ErrorPattern {
        guard old.status != status else { return old }
        var pattern = old
        pattern.status = status
        try save(old, &pattern)
        if status != .open { try tx.alerts.resolve(kind: "error_pattern", subject: old.subject) }
        try tx.auditLog.add(
            actor, "error_pattern.updated", pattern.subject, ["status": .string(status.rawValue)])
        return pattern
    }
}
