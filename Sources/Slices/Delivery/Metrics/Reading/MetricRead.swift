internal import Agents
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// A reading of metrics out of a connected service: which days, and what came of it. One row of `metric_reads`.
package struct MetricRead: Record {
    package enum Status: String, Choice {
        case queued, running, completed, failed
        var isOver: Bool { self == .completed || self == .failed }
    }

    package var head = Head<MetricRead>()
    package var integrationID = IntegrationID.unset
    package var clientID: ClientID?
    package var jobID: JobID?
    package var source = ""
    package var firstDay = CivilDate(year: 1970, month: 1, day: 1)
    package var lastDay = CivilDate(year: 1970, month: 1, day: 1)
    package var status = Status.queued
    package var rows = 0
    package var created = 0
    package var updated = 0
    /// The last day that was read in whole.
    package var through: CivilDate?
    package var error: JSONObject?
    package var finishedAt: Instant?

    package init() {}

    package static let idPrefix = "mread", noun = "metric_read"
    package static let resource = Resource<MetricRead>(
        "metric_reads", named: "MetricRead",
        console: ConsoleForm(
            title: "source",
            columns: ["client_id", "status", "through", "created", "updated", "finished_at"],
            filters: ["status"]),
        [
            .id(
                "integration_id", \.integrationID, .readOnly, .filterable,
                .about("The integration through which the metrics were read.")),
            .id(
                "client_id", \.clientID, .readOnly, .filterable,
                .about("The client whose metrics they are; null: the agency's own.")),
            .id("job_id", \.jobID, .readOnly, .about("The job that makes it.")),
            .text(
                "source", \.source, max: 80, .readOnly, .filterable, .about("The provider of the service.")),
            .date("first_day", \.firstDay, .readOnly, .about("The first day that was asked for.")),
            .date("last_day", \.lastDay, .readOnly, .sortable, .about("The last day that was asked for.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the reading waits, runs, has completed or has failed.")),
            .integer("rows", \.rows, in: 0...Int64.max, .readOnly, .about("How many values were read.")),
            .integer(
                "created", \.created, in: 0...Int64.max, .readOnly, .about("How many of them were new.")),
            .integer(
                "updated", \.updated, in: 0...Int64.max, .readOnly,
                .about("How many of them were others than before.")),
            .date("through", \.through, .readOnly, .about("The last day that was read in whole.")),
            .document(
                "error", \.error, .readOnly,
                .about("Why the last attempt failed: code and detail; null where it did not.")),
            .instant("finished_at", \.finishedAt, .readOnly, .about("When the reading ended.")),
        ])

    package var subject: Subject { Subject(id) }

    /// The answer to those who wait for it.
    var counts: JSON {
        [
            "rows": JSON(rows), "created": JSON(created), "updated": JSON(updated),
            "through": JSON(through?.iso),
        ]
    }
}

/// The body of `POST /v1/integrations/{id}/sync`.
struct MetricReadBody: Declared {
    var from: CivilDate?
    var to: CivilDate?

    /// The most days that one request may ask for.
    static let daysMax = 1100

    static let schema = Schema<MetricReadBody>(
        "MetricReadRequest",
        [
            .date(
                "from", \.from, .example("2026-11-01"),
                .about("The first day; by default the first that is not known, or may still change.")),
            .date("to", \.to, .example("2026-11-10"), .about("The last day; by default yesterday.")),
        ])
}
