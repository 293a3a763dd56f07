internal import Agents
internal import Cryptography
internal import HTTPClient
internal import Integrations
internal import JSON
internal import Jobs
internal import Records

/// One request to a site of WordPress. A site may be anywhere, with a firewall or a cache before it: only JSON counts
/// as its answer.
struct WordPressWire: Sendable {
    let usual: LookupWire

    private static let answerBytesMax = 4 << 20

    // MARK: Where the interface is

    /// Returns where the site's interface is, as its front page says it; the usual place where it says nothing. The
    /// credentials go to the site's own address alone.
    func root(_ access: IntegrationAccess, _ reach: ConnectorCall) async throws(ToolFailure) -> String {
        let home: HTTPClientResponse
        do {
            var request = HTTPClientRequest(
                "GET", try OutboundURL(access.baseURL + "/"), headers: [("Accept", "text/html")], body: nil)
            (request.deadline, request.redirectsMax) = (usual.deadline, 0)
            request.bodyLimit = .truncate(Self.pageMax)
            home = try await usual.outbound.send(request)
        } catch let error as HTTPClientError {
            throw failure(error, access, isWriting: false)
        } catch {
            throw ToolFailure("interrupted", "the request was interrupted", isRetryable: true)
        }
        reach.note(status: home.status)
        reach.note(bytes: home.body.count)
        let told =
            home.header("Link").flatMap(Self.root(inHeader:))
            ?? Self.root(inPage: String(decoding: home.body, as: UTF8.self))
        guard let told else { return access.baseURL + "/wp-json/" }
        guard let place = try? OutboundURL(told), let site = try? OutboundURL(access.baseURL),
            (place.host, place.port, place.isSecure) == (site.host, site.port, site.isSecure)
        else {
            throw ToolFailure(
                "invalid_setting", "the site says that its interface is at another address: check base_url",
                isRetryable: false)
        }
        return told
    }

    /// The part of a front page that is looked through.
    private static let pageMax = 256 << 10
    private static let relation = "https://api.w.org/"

    private static func root(inHeader header: String) -> String? {
        header.split(separator: ",").lazy.map(String.init).first { $0.contains(relation) }
            .flatMap { link in
                guard let first = link.firstIndex(of: "<"), let last = link.firstIndex(of: ">"), first < last
                else { return nil }
                return String(link[link.index(after: first)..<last])
            }
    }

    private static func root(inPage page: String) -> String? {
        for match in page.matches(of: #/<link\s[^>]*>/#.ignoresCase()) where match.output.contains(relation) {
            if let address = match.output.firstMatch(of: #/href\s*=\s*["']([^"']+)["']/#.ignoresCase())?.1 {
                return String(address).replacing("&amp;", with: "&")
            }
        }
        return nil
    }

    /// A path below the interface, which may itself be in the query (`?rest_route=/`).
    private static func url(_ root: String, _ path: String, _ query: [(String, String)] = []) -> String {
        let isQuery = root.contains("?")
        let fields = query.map { "\($0.0)=\($0.1.percentEncoded)" }.joined(separator: "&")
        let base = root.hasSuffix("/") ? root + path : "\(root)/\(path)"
        return fields.isEmpty ? base : base + (isQuery ? "&" : "?") + fields
    }

    // MARK: Requests

    func get(
        _ root: String, _ path: String, _ query: [(String, String)], _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let answer = try await send("GET", Self.url(root, path, query), nil, [], access, reach)
        if let failure = failure(answer, reach, isWriting: false) { throw failure }
        return answer.body
    }

    func list(
        _ root: String, _ path: String, _ query: [(String, String)], _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [JSON] {
        guard let list = try await get(root, path, query, access, reach).array else {
            throw usual.unreadable
        }
        return list
    }

    func post(
        _ root: String, _ path: String, _ body: JSON, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let answer = try await send(
            "POST", Self.url(root, path), body.bytes, [("Content-Type", "application/json")], access, reach)
        if let failure = failure(answer, reach, isWriting: true) { throw failure }
        return answer.body
    }

    /// Returns the answer to a file, whatever its status.
    func upload(
        _ root: String, _ path: String, _ bytes: [UInt8], type: String, named name: String,
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> LookupWire.Answer {
        try await send(
            "POST", Self.url(root, path), bytes,
            [("Content-Type", type), ("Content-Disposition", "attachment; filename=\"\(name)\"")], access,
            reach)
    }

    private func send(
        _ method: String, _ url: String, _ body: [UInt8]?, _ headers: [(name: String, value: String)],
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> LookupWire.Answer {
        // It is shown in groups, and the blanks between them are no part of it.
        let password = access.credential("application_password").filter { !$0.isWhitespace }
        let key = Base64.encode(Array("\(access.credential("username")):\(password)".utf8))
        let response: HTTPClientResponse
        do {
            var request = HTTPClientRequest(
                method, try OutboundURL(url),
                headers: headers + [("Authorization", "Basic \(key)"), ("Accept", "application/json")],
                body: body)
            (request.deadline, request.redirectsMax) = (usual.deadline, 0)
            request.isSentOnce = true
            request.bodyLimit = .fail(Self.answerBytesMax)
            reach.note(bytes: body?.count ?? 0)
            response = try await usual.outbound.send(request)
        } catch let error as HTTPClientError {
            throw failure(error, access, isWriting: method != "GET")
        } catch {
            throw ToolFailure(
                "interrupted", "the request was interrupted", isRetryable: true, isAmbiguous: method != "GET")
        }
        reach.note(status: response.status)
        reach.note(bytes: response.body.count)
        let isJSON = response.header("Content-Type")?.lowercased().contains("json") == true
        let read = isJSON ? (try? JSONParser.parse(response.body)) ?? .null : .null
        if let members = read.object { reach.note(fields: members.members.map(\.key)) }
        return LookupWire.Answer(
            status: response.status, body: read, retryAfter: response.retryAfter, headers: response.headers)
    }

    // MARK: Failures

    private func failure(
        _ error: HTTPClientError, _ access: IntegrationAccess, isWriting: Bool
    ) -> ToolFailure {
        switch error {
        case .invalidURL, .invalidRequest, .refusedAddress:
            ToolFailure(error.code.description, access.redacted(error.description), isRetryable: false)
        default:
            ToolFailure(
                error.code.description, access.redacted(error.description), isRetryable: true,
                isAmbiguous: isWriting && !error.isBeforeSending, blamesProvider: true)
        }
    }

    /// Returns what an answer means that is none of success. The site's words are kept nowhere.
    func failure(_ answer: LookupWire.Answer, _ reach: ConnectorCall, isWriting: Bool) -> ToolFailure? {
        if answer.isGood { return answer.body.isNull ? unreadable(isWriting: isWriting) : nil }
        let code = answer.body["code"]?.text
        switch answer.status {
        case 401: return usual.unauthenticated
        case 403 where code == nil, 406 where code == nil:
            return ToolFailure(
                "firewall", "something before the site lets nothing through: ask its host to",
                isRetryable: true, retryAfter: answer.retryAfter ?? .seconds(600))
        case 404 where code == "rest_no_route":
            return ToolFailure(
                "interface_off", "the site's interface for programs is switched off, or too old",
                isRetryable: false)
        case 404 where code == nil: return unreadable(isWriting: false)
        case 413:
            return ToolFailure("too_large", "the site takes no file that large", isRetryable: false)
        case 500...:
            var failure = usual.unavailable(answer)
            failure.isAmbiguous = isWriting
            return failure
        default: return usual.usualFailure(answer, reach)
        }
    }

    /// The failure of an answer that is not WordPress's; it may have got what was sent all the same.
    func unreadable(isWriting: Bool) -> ToolFailure {
        var failure = usual.unreadable
        failure.isAmbiguous = isWriting
        return failure
    }
}
