internal import Agents
internal import Cryptography
internal import HTTPClient
internal import Integrations
internal import JSON
internal import Records
internal import Telemetry

/// Meta's Graph API, as publishers call it: https://developers.facebook.com/docs/graph-api
struct MetaGraph: Sendable {
    let wire: LookupWire

    init(
        _ title: String, _ outbound: HTTPClient, _ now: @escaping @Sendable () -> Instant,
        _ deadline: Duration
    ) {
        wire = LookupWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    init(_ wire: LookupWire) { self.wire = wire }

    func get(
        _ url: String, _ fields: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        try await get(url, [("fields", fields)], access, reach)
    }

    func get(
        _ url: String, _ query: [(String, String)], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let address = "\(url)?\(Self.form(query + proof(access)))"
        return try read(
            try await wire.ask(address, access, reach, headers: Self.headers(access)), access, reach)
    }

    /// Returns figures of something that stands there, by their names. One that the network does not know any more
    /// makes it refuse all of them: then each is asked for alone, and those that it refuses are left out.
    func insights(
        _ metrics: [String], at node: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [String: Int] {
        do throws(ToolFailure) {
            let answer = try await get(
                "\(node)/insights", [("metric", metrics.joined(separator: ","))], access, reach)
            return try Self.values(of: answer, wire)
        } catch {
            guard error.code == Self.noMetric else { throw error }
            guard metrics.count > 1 else { return [:] }
            var found: [String: Int] = [:]
            for metric in metrics {
                let one = try await insights([metric], at: node, access, reach)
                found.merge(one) { first, _ in first }
            }
            return found
        }
    }

    /// A value is a number, or several by their kinds.
    private static func values(of answer: JSON, _ wire: LookupWire) throws(ToolFailure) -> [String: Int] {
        guard let list = answer["data"]?.array else { throw wire.unreadable }
        var found: [String: Int] = [:]
        for metric in list {
            guard let name = metric["name"]?.text,
                let value = metric["values"]?.array?.last?["value"] ?? metric["total_value"]?["value"]
            else { continue }
            if let kinds = value.object {
                found[name] = kinds.members.reduce(0) { $0 + Int($1.value.int ?? 0) }
            } else if let number = value.int {
                found[name] = Int(number)
            }
        }
        return found
    }

    /// Changes something. `isSilent`: nobody sees it, so that it may be done again.
    func post(
        _ url: String, _ fields: [(String, String)], _ access: IntegrationAccess, _ reach: ConnectorCall,
        isSilent: Bool = false
    ) async throws(ToolFailure) -> JSON {
        let answer = try await wire.ask(
            url, access, reach, method: "POST", headers: Self.headers(access),
            form: Self.form(fields + proof(access)), changes: !isSilent)
        return try read(answer, access, reach, changes: !isSilent)
    }

    /// Takes something away.
    func delete(
        _ url: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let proof = Self.form(proof(access))
        let answer = try await wire.ask(
            proof.isEmpty ? url : "\(url)?\(proof)", access, reach, method: "DELETE",
            headers: Self.headers(access), changes: true)
        return try read(answer, access, reach, changes: true)
    }

    /// Hands over a file.
    func upload(
        _ form: MultipartForm, to url: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        var form = form
        for (name, value) in proof(access) { form.add(name, value) }
        let answer = try await wire.ask(
            url, access, reach, method: "POST", headers: Self.headers(access), content: form.encoded)
        return try read(answer, access, reach)
    }

    func read(
        _ answer: LookupWire.Answer, _ access: IntegrationAccess, _ reach: ConnectorCall,
        changes: Bool = false
    ) throws(ToolFailure) -> JSON {
        if let failure = failure(answer, access, reach, changes: changes) { throw failure }
        guard answer.body.object != nil else {
            var failure = wire.unreadable
            failure.isAmbiguous = changes
            throw failure
        }
        return answer.body
    }

    /// Shows that the token is used by its own app.
    private func proof(_ access: IntegrationAccess) -> [(String, String)] {
        let secret = access.credential("app_secret")
        guard !secret.isEmpty else { return [] }
        let code = HMAC.sha256(key: Array(secret.utf8), Array(access.credential("access_token").utf8))
        return [("appsecret_proof", Hex.encode(code))]
    }

    private static func headers(_ access: IntegrationAccess) -> [(name: String, value: String)] {
        [("Authorization", "Bearer \(access.credential("access_token"))")]
    }

    private static func form(_ pairs: [(String, String)]) -> String {
        pairs.map { "\($0.0.percentEncoded)=\($0.1.percentEncoded)" }.joined(separator: "&")
    }

    // MARK: Errors

    /// Returns what an answer's error means. Its codes say more than the status, which is mostly 400.
    private func failure(
        _ answer: LookupWire.Answer, _ access: IntegrationAccess, _ reach: ConnectorCall, changes: Bool
    ) -> ToolFailure? {
        guard !answer.isGood else { return nil }
        guard let error = answer.body["error"], let code = error["code"]?.int else {
            var failure = wire.usualFailure(answer, reach)
            failure?.isAmbiguous = changes && answer.status >= 500
            return failure
        }
        let words = access.redacted(
            error["error_user_msg"]?.words ?? error["message"]?.words ?? "\(wire.title) answers \(code)")
        let subcode = error["error_subcode"]?.int
        func refused(_ code: String) -> ToolFailure { ToolFailure(code, words, isRetryable: false) }
        switch code {
        case 190, 102: return wire.unauthenticated
        case 4, 17, 32, 613, 80000...80014: return wire.pause(reach, for: Self.pause(answer) ?? .seconds(300))
        case 9 where subcode == Self.spentDay: return wire.pause(reach, for: .seconds(3600))
        case 368: return wire.pause(reach, for: .seconds(86_400))
        case 506: return refused(Self.duplicate)
        case 100 where subcode == Self.missingNode: return refused(Self.gone)
        case 100 where words.contains("valid insights metric"): return refused(Self.noMetric)
        case _ where subcode == 1_366_051: return refused(Self.duplicate)
        case 10, 200...299: return refused(IntegrationCheck.permissionCode)
        case _ where Self.isPassing(code, subcode, error):
            return ToolFailure(
                "unavailable", words, isRetryable: true, retryAfter: answer.retryAfter,
                isAmbiguous: changes && answer.status >= 500, blamesProvider: true)
        default: return refused("refused")
        }
    }

    /// The network has the same words already.
    static let duplicate = "duplicate"
    /// The code of what does not stand there any more.
    static let gone = "not_found"
    /// The network does not know a figure by that name any more.
    static let noMetric = "unknown_metric"
    private static let missingNode: Int64 = 33
    /// All that an account may publish in a day is published.
    private static let spentDay: Int64 = 2_207_042
    /// Subcodes of faults that pass: those of containers at Instagram, and of posts that follow too fast.
    private static let passing: Set<Int64> = [
        2_207_001, 2_207_003, 2_207_020, 2_207_032, 2_207_052, 1_390_008, 1_363_047, 1_609_010,
    ]

    private static func isPassing(_ code: Int64, _ subcode: Int64?, _ error: JSON) -> Bool {
        code == 1 || code == 2 || error["is_transient"] == true || subcode.map(passing.contains) ?? false
    }

    /// The minutes after which it says that access comes back, the longest of all that it names.
    private static func pause(_ answer: LookupWire.Answer) -> Duration? {
        guard let text = answer.header("X-Business-Use-Case-Usage"),
            let usage = try? JSONParser.parse(Array(text.utf8))
        else { return answer.retryAfter }
        let minutes =
            (usage.object?.members ?? []).flatMap { $0.value.array ?? [] }
            .compactMap { $0["estimated_time_to_regain_access"]?.int }.max() ?? 0
        return minutes > 0 ? .seconds(min(minutes, 1440) * 60) : answer.retryAfter
    }

    /// A moment as the Graph API writes it: `2026-01-15T08:00:00+0000`.
    static func moment(_ value: JSON?) -> Instant? {
        guard let text = value?.text, text.count > 5 else { return nil }
        return Instant(text) ?? Instant("\(text.dropLast(2)):\(text.suffix(2))")
    }
}
