internal import Agents
internal import HTTPClient
internal import Integrations
internal import JSON
internal import Messages
internal import Telemetry

/// The requests of connectors to mail services, and what an end means for the mail that was to be sent.
struct MailService: Sendable {
    /// The service's name, the prefix of its codes: `mailgun_401`.
    let name: String
    let outbound: HTTPClient
    let now: @Sendable () -> Instant
    var deadline: Duration = .seconds(30)

    /// For what takes long to hand over, such as a file.
    var withPatience: MailService { with(deadline: max(deadline, .seconds(120))) }
    /// For what is worth no waiting.
    var inPassing: MailService { with(deadline: min(deadline, .seconds(5))) }

    private func with(deadline: Duration) -> MailService {
        var service = self
        service.deadline = deadline
        return service
    }

    /// An answer that is about the mail or the account, or the outcome where there is no such answer.
    enum HandOver {
        case answer(HTTPClientResponse)
        case outcome(SendOutcome)
    }

    /// Hands a mail over, once: what comes of it is known by the answer only. `permit`: `nil` for what is no message.
    func handOver(
        _ permit: Permit?, _ url: String, _ headers: [(name: String, value: String)], _ body: [UInt8]
    ) async -> HandOver {
        do {
            var request = HTTPClientRequest("POST", try OutboundURL(url), headers: headers, body: body)
            (request.deadline, request.redirectsMax, request.isSentOnce) = (deadline, 0, true)
            permit?.reach.note(bytes: body.count)
            let response = try await outbound.send(request)
            if let permit { note(response, in: permit.reach) }
            return verdict(on: response)
        } catch let error as HTTPClientError {
            return .outcome(outcome(of: error))
        } catch {
            return .outcome(.unknown(detail: "The sending was interrupted before \(name) had answered."))
        }
    }

    /// Notes what the answer says of the service's limits, and its members, by which changes of it are seen.
    private func note(_ response: HTTPClientResponse, in reach: ConnectorCall) {
        reach.note(status: response.status)
        reach.note(bytes: response.body.count)
        var limit = ServiceLimit(at: now()) { response.header($0) }
        if response.status == 429 { limit.pause = pause(after: response) ?? .seconds(30) }
        reach.note(limit)
        if (200..<300).contains(response.status), let answer = (try? JSONParser.parse(response.body))?.object
        {
            reach.note(fields: answer.members.map(\.key))
        }
    }

    private func verdict(on response: HTTPClientResponse) -> HandOver {
        switch response.status {
        // A gateway waited in vain for the service, which may have taken the mail all the same.
        case 504: .outcome(unknown(response))
        case 408, 429, 500...:
            .outcome(.later(code: code(response), detail: words(of: response), after: pause(after: response)))
        case 300..<400:
            .outcome(refused(.account, response, "\(name) answers with a redirect: check base_url."))
        default: .answer(response)
        }
    }

    private func outcome(of error: HTTPClientError) -> SendOutcome {
        switch error {
        case .invalidURL, .invalidRequest, .refusedAddress:
            .refused(SendRefusal(.account, code: error.code.description, detail: error.description))
        case _ where error.isBeforeSending:
            .later(code: error.code.description, detail: error.description, after: nil)
        default: .unknown(detail: "\(error)")
        }
    }

    func refused(
        _ cause: SendRefusal.Cause, _ response: HTTPClientResponse, code: String? = nil,
        _ detail: String? = nil
    ) -> SendOutcome {
        .refused(SendRefusal(cause, code: code ?? self.code(response), detail: detail ?? words(of: response)))
    }

    /// A yes that is not the service's: something in between may have said it, or the service without an end.
    func unknown(_ response: HTTPClientResponse) -> SendOutcome {
        .unknown(detail: "The address answers \(response.status), but not like \(name): check base_url.")
    }

    func code(_ response: HTTPClientResponse) -> String { "\(name)_\(response.status)" }

    /// Returns the pause that the service asks for: `Retry-After`, or until its limit is reset, in seconds or
    /// milliseconds.
    func pause(after response: HTTPClientResponse) -> Duration? {
        if let asked = response.retryAfter { return asked }
        if response.status == 429, let body = try? JSONParser.parse(response.body),
            let seconds = body["parameters"]?["retry_after"]?.int
        {
            return .seconds(min(max(0, seconds), 86_400))
        }
        guard response.status == 429,
            let reset = response.header("X-RateLimit-Reset").flatMap({ Int64($0.filter { $0 != " " }) })
        else { return nil }
        return ServiceLimit.time(until: reset, at: now())
    }

    // MARK: Questions

    /// An answer to a question that changes nothing.
    func ask(
        _ url: String, _ headers: [(name: String, value: String)], sizeMax: Int = 1 << 20
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest("GET", try OutboundURL(url), headers: headers)
        (request.deadline, request.redirectsMax) = (deadline, 0)
        request.bodyLimit = .fail(sizeMax)
        return try await outbound.send(request)
    }

    /// Returns the answer of a service to a question about a mail; `nil` where there is none. It is noted what came.
    func look(
        _ url: String, _ headers: [(name: String, value: String)], _ reach: ConnectorCall
    ) async -> JSON? {
        guard let response = try? await ask(url, headers) else { return nil }
        reach.note(status: response.status)
        reach.note(bytes: response.body.count)
        guard response.status == 200 else { return nil }
        return try? JSONParser.parse(response.body)
    }

    /// The bytes at a place.
    func fetch(
        _ url: String, _ headers: [(name: String, value: String)], sizeMax: Int = 1 << 20
    ) async -> FetchedMedia {
        do {
            return content(of: try await ask(url, headers, sizeMax: sizeMax))
        } catch let error as HTTPClientError {
            switch error {
            case .invalidURL, .invalidRequest, .refusedAddress: return .gone(detail: error.description)
            default: return .later(code: error.code.description, detail: error.description)
            }
        } catch {
            return .later(code: "cancelled", detail: "The request was interrupted.")
        }
    }

    /// The bytes of an answer, or why it has none.
    func content(of response: HTTPClientResponse) -> FetchedMedia {
        switch response.status {
        case 200..<300: .content(response.body)
        case 408, 429, 500...: .later(code: code(response), detail: words(of: response))
        default: .gone(detail: "\(name) answered \(response.status).")
        }
    }

    /// Returns whether the service knows us, by a question that only those it knows may ask; `judge` looks at
    /// its answer.
    func check(
        _ url: String, _ headers: [(name: String, value: String)], _ judge: (JSON) -> IntegrationCheck
    ) async -> IntegrationCheck {
        await check(
            url, headers,
            answer: { response in
                switch response.status {
                case 200..<300:
                    guard let body = try? JSONParser.parse(response.body) else { return unreadable }
                    return judge(body)
                case 408, 429, 500...: return .unclear(code: code(response), detail: words(of: response))
                default: return .bad(code: refusalCode(response), detail: refusalWords(response))
                }
            })
    }

    /// Returns whether the service knows us, as `judge` finds from an answer that need not be JSON.
    func check(
        _ url: String, _ headers: [(name: String, value: String)],
        answer judge: (HTTPClientResponse) -> IntegrationCheck
    ) async -> IntegrationCheck {
        do {
            return judge(try await ask(url, headers))
        } catch let error as HTTPClientError {
            let code = error.code.description
            return switch error {
            case .invalidURL, .invalidRequest, .refusedAddress: .bad(code: code, detail: error.description)
            default: .unclear(code: code, detail: error.description)
            }
        } catch {
            return .unclear(code: "cancelled", detail: "The test was interrupted.")
        }
    }

    /// The code of an answer that refuses us. 403 has one of its own: the service knows the credentials, which do not
    /// suffice (RFC 9110 §15.5.4).
    func refusalCode(_ response: HTTPClientResponse) -> String {
        response.status == 403 ? IntegrationCheck.permissionCode : code(response)
    }

    /// Returns the words of an answer that refuses us, for people; in `words` where these are known.
    func refusalWords(_ response: HTTPClientResponse, _ words: String? = nil) -> String {
        let words = words ?? self.words(of: response)
        return response.status == 403 ? "The credentials lack a permission: \(words)" : words
    }

    /// The result of a test where the answer is not the service's, or lacks a part that its answers always have.
    var unreadable: IntegrationCheck {
        .unclear(
            code: "\(name)_unreadable", detail: "The address does not answer like \(name): check base_url.")
    }

    /// Returns an answer's words on what went wrong, for people.
    func words(of response: HTTPClientResponse) -> String {
        let body = (try? JSONParser.parse(response.body)) ?? .null
        let said =
            body["message"] ?? body["Message"] ?? body["errors"]?.array?.first?["message"]
            ?? body["error"]?["message"]
        let text = said?.text ?? String(decoding: response.body.prefix(300), as: UTF8.self)
        let plain = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return plain.isEmpty ? "The service answers \(response.status)." : String(plain.prefix(300))
    }
}
