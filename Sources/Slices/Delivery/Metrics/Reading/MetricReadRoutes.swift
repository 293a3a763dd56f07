internal import Agents
internal import Database
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

/// Reading metrics out of connected services: on demand, and what has come of each reading.
func metricReadRoutes(_ routes: inout Routes, _ integrations: IntegrationServices, _ runtime: Runtime) {
    routes.declare(MetricRead.resource)
    routes.shows(MetricRead.resource, read: "metrics:read")
    routes.declare(MetricReadBody.self)
    routes.schema("MetricsRead", countsSchema)
    routes.event(
        "metrics.read", "The metrics of some days were read out of a service.", about: "integration",
        [
            "source": .anyText, "rows": .anyInteger, "created": .anyInteger, "updated": .anyInteger,
            "through": .textOrNull,
        ])
    routes.get(
        "/v1/metric-reads", .permission("metrics:read"), "List the readings of metrics out of services",
        query: ParameterDoc.list(MetricRead.resource), .list(MetricRead.resource)
    ) { call in
        .read { reader in
            try ListQuery(MetricRead.resource, call.request.head.query, dialect: reader.dialect)
                .page(in: reader)
        }
    }
    routes.get(
        "/v1/metric-reads/{id}", .permission("metrics:read"), "Get a reading of metrics",
        .record(MetricRead.resource)
    ) { call in
        let id = try call.id("id", of: MetricRead.self)
        return .read { .record(try MetricRead.resource.get(id, in: $0)) }
    }
    routes.post(
        "/v1/integrations/{id}/sync", .permission("metrics:write"),
        "Import the metrics of some days from an analytics or advertising service, as a job",
        named: "read_metrics",
        body: .json(.reference("MetricReadRequest")), query: [.wait],
        .json(.reference("MetricsRead"), "The metrics that were read, where it ended within wait."),
        .json(.reference("Job"), status: 202, "The job, to be followed at Location.")
    ) { call in
        let (id, body) = try (call.id("id", of: Integration.self), call.body(MetricReadBody.self))
        let wait = try RunWait(call)
        return .task {
            let accepted = try await call.commit { tx in
                let (integration, service) = try tx.readable(id, integrations)
                let days = try tx.days(body, of: integration, service)
                let live = try tx.metrics.liveRead(
                    of: id, from: days.lowerBound, through: days.upperBound)
                if let job = live?.jobID { return try tx.jobs.accepted(job, runtime) }
                let job = try tx.metrics.begin(
                    integration, from: days.lowerBound, through: days.upperBound)
                try tx.auditLog.add(
                    call.actor, "metrics.asked_for", integration.subject,
                    ["from": .string(days.lowerBound.iso), "to": .string(days.upperBound.iso)])
                return try tx.jobs.accepted(job, runtime)
            }
            return try await wait.over(accepted, call, runtime)
        }
    }
}

extension Transaction {
    /// Returns the integration with its service; throws where its metrics cannot be read.
    fileprivate func readable(
        _ id: IntegrationID, _ integrations: IntegrationServices
    ) throws -> (Integration, any MetricService) {
        guard !sandboxClock.isSandbox else {
            throw Problem(
                .conflict,
                "A sandbox asks no services: read metrics in the agency, or record some with POST /v1/metrics."
            )
        }
        let integration = try Integration.resource.get(id, in: self)
        guard let service = integrations.providers[integration.provider] as? any MetricService else {
            throw Problem(.conflict, "\(integration.provider) has no metrics that could be read by the day.")
        }
        guard integration.status == .active, integration.environment == .live else {
            throw Problem(.conflict, "The integration is not in use: look at its status and environment.")
        }
        if let rival = try metrics.rival(of: integration) {
            throw Problem(
                .conflict,
                "\(rival) already reads the same metrics of this service: disable one of the two, or give it another client_id."
            )
        }
        return (integration, service)
    }

    fileprivate func days(
        _ body: MetricReadBody, of integration: Integration, _ service: any MetricService
    ) throws -> ClosedRange<CivilDate> {
        let today = try agency.tenant().today(now)
        var faults = Faults()
        for (name, day) in [("from", body.from), ("to", body.to)] {
            if let day, day > today {
                faults.add("/\(name)", "out_of_range", "\(name) must not be in the future.")
            }
        }
        let usual = try metrics.unsettledDays(of: integration, service, through: body.to)
        let first = body.from ?? usual.lowerBound
        if first > usual.upperBound { faults.add("/from", "out_of_range", "from must not be after to.") }
        if usual.upperBound.daysSinceEpoch - first.daysSinceEpoch >= MetricReadBody.daysMax {
            faults.add(
                "/from", "out_of_range", "One request may ask for at most \(MetricReadBody.daysMax) days.")
        }
        try faults.throwIfAny()
        return first...usual.upperBound
    }
}

extension RunWait {
    /// The counts with 200 once the reading has ended; the job, with 202, when the time is over first.
    fileprivate func over(
        _ accepted: Response, _ call: Call, _ runtime: Runtime
    ) async throws -> Response {
        guard !isNone, let last = accepted.header("Location")?.split(separator: "/").last else {
            return accepted
        }
        let job = String(last)
        let end = Instant.steadyClock() + limit
        while true {
            let read = try runtime.database.read(call.tenant) { reader in
                try MetricRead.resource.first(where: "job_id = \(job)", in: reader)
            }
            guard let read else { return accepted }
            switch read.status {
            case .completed: return .json(read.counts)
            case .failed:
                throw Problem(
                    .conflict,
                    "The metrics could not be read: \(read.error?["detail"]?.text ?? "no answer").",
                    extra: ["error": read.error.map { .object($0) } ?? .null])
            case .queued, .running: break
            }
            guard Instant.steadyClock() < end else { return accepted }
            await systemWait(until: .steadyClock() + .milliseconds(50))
            try Task.checkCancellation()
        }
    }
}

private let countsSchema: JSON = .record([
    "rows": ["type": "integer", "description": "How many values were read."],
    "created": ["type": "integer", "description": "How many of them were new."],
    "updated": ["type": "integer", "description": "How many of them were others than before."],
    "through": ["type": ["string", "null"], "description": "The last day that was read in whole."],
])
