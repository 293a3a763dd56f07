package import Database
package import HTTPServer
internal import JSON
package import Records

/// `?wait=PT10S`: how long a request waits for the run that it starts.
package struct RunWait: Sendable {
    private static let secondsMax = 60
    private let limit: Duration

    /// Throws 400 for anything but `PT1S` to `PT60S`, or `PT1M`.
    package init(_ call: Call) throws(Problem) {
        try call.allowQuery("wait")
        guard let text = call.query("wait") else {
            limit = .zero
            return
        }
        guard text.hasPrefix("PT"), let unit = text.last, let number = Int(text.dropFirst(2).dropLast()), number >= 0,
            unit == "S" || unit == "M", case let seconds = unit == "M" ? number * 60 : number, seconds <= Self.secondsMax
        else { throw Problem(.invalidParameter, "wait is a duration up to PT60S, as PT10S.") }
        limit = .seconds(seconds)
    }

    /// The finished run with 200; `accepted`, which is 202, when there is no wait or the time is over.
    package func finished(_ accepted: Response, _ call: Call, _ runtime: Runtime) async throws -> Response {
        guard limit > .zero, let id = accepted.header("Location")?.split(separator: "/").last.map(String.init),
            let run = try await runtime.run(call.tenant, id, waitingFor: limit), run.status.isFinished
        else { return accepted }
        return try runtime.database.read(call.tenant) { try run.response(status: 200, in: $0) }
    }
}

extension AgentRunRecord {
    package func response(status: Int, in reader: some Queryable) throws -> Response {
        var writer = JSONWriter(capacity: 1024)
        write(into: &writer, decisions: try reader.decisions(ofRun: id))
        return Response(
            status: status, headers: [("Content-Type", "application/json"), ("Location", "/v1/agent-runs/\(id)")],
            body: .bytes(writer.bytes))
    }

    /// 202 with the run to follow.
    package func accepted(in tx: Transaction) throws -> Response { try response(status: 202, in: tx) }
}

extension Queryable {
    package func decisions(ofRun id: String) throws -> [String] {
        try all("SELECT id FROM decisions WHERE tenant_id = \(tenant) AND run_id = \(id) ORDER BY id LIMIT 1000") { $0.text(0) }
    }
}
