internal import HTTPClient
internal import JSON
internal import StandIns
internal import Telemetry

/// Closed loops that each hand one mail after the other to a server on this machine, over a connection that is kept;
/// the server runs in this process, on the same cores. What it has not counted was not sent.
enum SubmissionBenchmark {
    struct NotAccepted: Error { let outcome: SMTPOutcome }
    struct WrongCount: Error { let sent: Int, arrived: Int, connections: Int }

    static func run() async throws -> JSON {
        var result: JSONObject = [:]
        for lanes in [1, 4] { result["\(lanes)"] = try await measure(lanes) }
        return .object(result)
    }

    private static func measure(_ lanes: Int) async throws -> JSON {
        let server = try SMTPStandIn { $0.keepsBytes = false }
        let client = SMTPClient(
            HTTPClientConfiguration(AddressGuard(allowsPrivate: true)), name: "bench.test")
        let line = String(repeating: "x", count: 70) + "\r\n"
        let text =
            "From: a@bench.test\r\nTo: b@bench.test\r\nSubject: Hello\r\n\r\n"
            + String(repeating: line, count: 13)
        let submission = SMTPSubmission(
            to: try MailServer(server.url, upgrade: .none), from: "a@bench.test", to: ["b@bench.test"],
            Array(text.utf8))
        let times = Times()
        let start = Instant.steadyClock(), end = start + .seconds(Int64(number("SECS", 5)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<lanes {
                group.addTask {
                    while Instant.steadyClock() < end {
                        let begun = Instant.steadyClock()
                        let outcome = await client.send(submission)
                        guard case .accepted = outcome else { throw NotAccepted(outcome: outcome) }
                        times.add(Instant.steadyClock() - begun)
                    }
                }
            }
            try await group.waitForAll()
        }
        let taken = seconds(Instant.steadyClock() - start)
        let all = times.all
        guard server.mailCount == all.count, server.connections <= lanes else {
            throw WrongCount(sent: all.count, arrived: server.mailCount, connections: server.connections)
        }
        client.close()
        return [
            "rate": .number(Double(all.count) / taken), "p50": .number(percentile(0.5, of: all)),
            "p99": .number(percentile(0.99, of: all)),
        ]
    }
}
