internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Calls any web service: for workflows and agents that speak to what has no connector of its own.
struct HTTPRequestTool: OutsideTool {
    struct Input: Declared {
        enum Method: String, Choice {
            case get = "GET", head = "HEAD", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
        }

        var method = Method.get
        var url = ""
        var body = JSON.null
        var headers = JSONObject()
        var integrationID: IntegrationID?

        static let schema = Schema<Input>(
            "HTTPRequestInput",
            [
                .choice("method", \.method, .standard("GET"), .about("The method.")),
                .text(
                    "url", \.url, max: 2000, .required, .about("An address of the web, with https or http.")),
                .document(
                    "body", \.body, schema: [:],
                    .about("Sent as JSON; a text is sent as it is, unless headers name another type.")),
                .document(
                    "headers", \.headers, .about("By name, as texts. Idempotency-Key is set by Bureau.")),
                .id(
                    "integration_id", \.integrationID,
                    .about(
                        "The web service whose credentials go along, unseen; the address lies under its base_url."
                    )),
            ])
    }

    static let name = WebAccounts.tool
    let title = "HTTP request"
    let summary = "Sends a request to a web service and answers with its status, headers and body."
    let effect = ToolClass.sends
    let outbound: (any OutboundHTTP)?
    var accounts = WebAccounts()

    private static let answerBytesMax = 256 * 1024
    private static let kept = [
        "content-type", "content-length", "date", "etag", "last-modified", "location", "retry-after", "link",
        "x-request-id",
    ]

    var unavailable: String? { outbound == nil ? "this server is not configured to reach the web" : nil }

    func connector(for input: Input, _ caller: ToolCaller, in tx: Transaction) throws -> Connector? {
        try input.integrationID.map { try accounts.connector($0, input.url, caller, tx) }
    }

    func leaves(_ input: Input, _ caller: ToolCaller, in tx: Transaction) throws {
        if let id = input.integrationID { try accounts.noteUse(id, caller.actor, tx) }
    }

    /// Each host fails for itself.
    func providers(for input: Input) -> [ToolProvider] { [ToolProvider(Self.host(of: input.url) ?? "")] }

    func faults(_ input: Input) -> [ValueFault] {
        var faults: [ValueFault] = []
        if Self.host(of: input.url) == nil {
            faults.append(
                ValueFault(
                    pointer: "/url", code: "invalid_url",
                    detail: "url must be an address such as https://host/path."))
        }
        for (name, value) in input.headers.members {
            let place = "/headers/\(name.pointerToken)"
            if !WebAccounts.canSet(header: name) {
                faults.append(
                    ValueFault(
                        pointer: place, code: "invalid_key",
                        detail: "The header \(name.prefix(64)) cannot be set: leave it out."))
            } else if !(value.text?.isHeaderValue ?? false) {
                faults.append(
                    ValueFault(
                        pointer: place, code: "wrong_type",
                        detail: "The header \(name.prefix(64)) must be a text on one line."))
            }
        }
        return faults
    }

    func preview(_ input: Input) -> ToolPreview {
        ToolPreview(
            title: "\(input.method.rawValue) \(input.url)",
            text: "Sends a request to \(Self.host(of: input.url) ?? input.url).",
            recipient: Self.host(of: input.url))
    }

    func captured(_ input: Input) -> JSON { ["status": 200, "headers": [:], "body": ""] }

    func perform(_ input: Input, _ call: ToolCall) async throws -> ToolAnswer {
        guard let outbound else {
            throw ToolFailure("tool_unavailable", unavailable ?? "", isRetryable: false)
        }
        let request = request(input, call), response: OutboundResponse
        do {
            if input.integrationID == nil {
                response = try await outbound.send(request)
            } else {
                response = try await accounts.send(request, call)
            }
        } catch let failure as OutboundFailure {
            throw failure.toolFailure(timeout)
        }
        guard (200..<300).contains(response.status) else { throw Self.failure(response) }
        return ToolAnswer([
            "status": JSON(response.status),
            "headers": .object(
                JSONObject(
                    Self.kept.compactMap { name in response.header(name).map { (name, .string($0)) } })),
            "body": try Self.document(response, to: input.method),
        ])
    }

    private func request(_ input: Input, _ call: ToolCall) -> OutboundRequest {
        var headers = input.headers.members.map { (name: $0.key, value: $0.value.text ?? "") }
        headers.append((name: "Idempotency-Key", value: call.key))
        func hasHeader(_ name: String) -> Bool { headers.contains { $0.name.lowercased() == name } }
        var body: [UInt8]?
        if !input.body.isNull {
            body = input.body.text.map { Array($0.utf8) } ?? input.body.bytes
            if !hasHeader("content-type") {
                let type = input.body.text == nil ? "application/json" : "text/plain; charset=utf-8"
                headers.append((name: "Content-Type", value: type))
            }
        }
        return OutboundRequest(
            method: input.method.rawValue, url: input.url, headers: headers, body: body, timeout: timeout,
            answerBytesMax: Self.answerBytesMax)
    }

    /// Server errors, and what asks for patience, may go better next time; that the request is wrong will not change.
    private static func failure(_ response: OutboundResponse) -> ToolFailure {
        let status = response.status
        let asksForPatience = [408, 425, 429].contains(status)
        return ToolFailure(
            "http_\(status)", "the service answered \(status)",
            isRetryable: status >= 500 || asksForPatience, retryAfter: response.retryAfter,
            blamesProvider: status >= 500)
    }

    /// JSON as a document, any other text as text; what is neither is left out. What is called JSON and is none was cut
    /// off, or something in between has said it: nobody knows what came of a request that changes something.
    private static func document(
        _ response: OutboundResponse, to method: Input.Method
    ) throws(ToolFailure) -> JSON {
        if response.body.isEmpty { return "" }
        let type = (response.header("Content-Type") ?? "").lowercased()
        if type.contains("json"), let json = try? JSONParser.parse(response.body) { return json }
        let kind = String(type.prefix { $0 != ";" }).trimmed
        guard kind != "application/json", !kind.hasSuffix("+json") else {
            let isRead = method == .get || method == .head
            throw ToolFailure(
                "malformed_answer", "the service calls its answer JSON, which it is not", isRetryable: isRead,
                isAmbiguous: !isRead, blamesProvider: true)
        }
        return String(validating: response.body, as: UTF8.self).map(JSON.string) ?? .null
    }

    /// `host` or `host:port` of an http or https address; `nil` for anything else.
    static func host(of url: String) -> String? {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, ["http:", "https:"].contains(parts[0].lowercased()), parts[1].isEmpty else {
            return nil
        }
        let host = parts[2].prefix { $0 != "?" && $0 != "#" }
        let isPlain = host.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: "\\")
        }
        let isUnbroken = url.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
        return host.isEmpty || !isPlain || !isUnbroken ? nil : host.lowercased()
    }
}

extension OutboundFailure {
    fileprivate func toolFailure(_ limit: Duration) -> ToolFailure {
        switch self {
        case .refused(let reason): ToolFailure("address_refused", reason, isRetryable: false)
        case .unreachable(let reason):
            ToolFailure("unreachable", reason, isRetryable: true, blamesProvider: true)
        case .broken(let reason):
            ToolFailure(
                "connection_broken", reason, isRetryable: true, isAmbiguous: true, blamesProvider: true)
        case .timeout: .timeout(limit)
        case .tooLarge:
            ToolFailure("answer_too_large", "the answer is larger than can be kept", isRetryable: false)
        }
    }
}

extension String {
    package var isHeaderValue: Bool {
        utf8.count <= 4000 && utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
