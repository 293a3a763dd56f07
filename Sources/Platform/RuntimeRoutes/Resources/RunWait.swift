internal import Agents
package import Database
package import HTTPServer
internal import JSON
package import Jobs
internal import Nouns
package import Records
package import Routing

/// `?wait=PT10S`: how long a request waits for the run that it starts.
package struct RunWait: Sendable {
    private static let limitMax: Duration = .seconds(60)
    package let limit: Duration

    /// Throws 400 for anything but a duration of ISO 8601, up to `PT60S`.
    package init(_ call: Call) throws(Problem) {
        try call.allowQuery("wait")
        guard let text = call.query("wait") else {
            limit = .zero
            return
        }
        guard let limit = Duration(iso8601: text), limit <= Self.limitMax else {
            throw Problem(.invalidParameter, "wait must be a duration up to PT60S, such as PT10S.")
        }
        self.limit = limit
    }

    package var isNone: Bool { limit == .zero }

    /// The run with 200 once it has ended; as it stands, with 202, when there is no wait or the time is over.
    package func finished(_ accepted: Response, _ call: Call, _ runtime: Runtime) async throws -> Response {
        guard !isNone, let last = accepted.header("Location")?.split(separator: "/").last,
            let id = AgentRunID(String(last)),
            let run = try await runtime.run(call.tenant, id, waitingFor: limit)
        else { return accepted }
        return try runtime.database.read(call.tenant) { reader in
            try run.response(in: reader, status: run.status.isFinished ? 200 : 202)
        }
    }
}

extension AgentRunRecord {
    /// Returns the response with its ETag; 202 says where to follow the run.
    package func response(in reader: some Queryable, status: Int = 200) throws -> Response {
        var writer = JSONWriter(capacity: 1024)
        write(into: &writer, decisions: try reader.runs.decisionIDs(ofRun: id))
        var headers = [("Content-Type", "application/json"), ("ETag", ETag.text(version))]
        if status == 202 { headers.append(("Location", "/v1/agent-runs/\(id)")) }
        return Response(status: status, headers: headers, body: .bytes(writer.bytes))
    }

    /// 202 with the run to follow.
    package func accepted(in tx: Transaction) throws -> Response { try response(in: tx, status: 202) }
}
