internal import Agents
internal import Cryptography
package import HTTPClient
package import Integrations
package import Records
package import Telemetry

/// Any service of the web that has no connector of its own, as workflows and agents ask it by `http_request`. It knows
/// the agency by a token, by a name and password, or by a header of its own; a public one by nothing.
package struct WebService: WebProvider {
    package let name = "http"
    package let title = "Web service"
    package let capabilities: Set<Capability> = [.http]
    package let credentials = [
        CredentialField("token", required: false, "Sent as Authorization: Bearer …"),
        CredentialField(
            "username", required: false, "With password, in place of token: Authorization: Basic …"),
        CredentialField("password", required: false, "The password for the username."),
        CredentialField(
            "header_name", required: false,
            "With header_value, in place of both: a header of its own, such as X-API-Key."),
        CredentialField("header_value", required: false, "The value of the header."),
    ]
    package let settings = [
        SettingField(
            "test_path", .text(max: 1000),
            "A path under base_url that answers only those it knows, for tests; without, base_url is asked.")
    ]
    package let baseURL: String? = nil

    private let service: MailService

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        service = MailService(name: "http", outbound: outbound, now: now, deadline: deadline)
    }

    private static let kinds = [["token"], ["username", "password"], ["header_name", "header_value"]]

    package func faults(in credentials: [String: String]) -> [Fault] {
        func has(_ name: String) -> Bool { credentials[name] != nil }
        var faults: [Fault] = []
        let given = Self.kinds.filter { $0.contains(where: has) }
        for name in given.dropFirst().joined() where has(name) {
            faults.append(
                Fault(
                    "/credentials/\(name)", "too_many",
                    "Send one kind of credentials: token, username and password, or header_name and header_value."
                ))
        }
        for name in (given.first ?? []) where !has(name) {
            faults.append(
                Fault("/credentials/\(name)", "required", "\(name) is required beside the other credential."))
        }
        if credentials["username"]?.contains(":") == true {
            faults.append(
                Fault("/credentials/username", "invalid_text", "username must not have a colon (RFC 7617)."))
        }
        if let name = credentials["header_name"], !WebAccounts.canSet(header: name) {
            faults.append(
                Fault(
                    "/credentials/header_name", "invalid_key", "header_name must be a header that can be set."
                ))
        }
        let isPlain = credentials["header_value"]?.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && $0.value != 0x7F
        }
        if isPlain == false {
            faults.append(
                Fault(
                    "/credentials/header_value", "invalid_text",
                    "header_value must not have control characters."))
        }
        return faults
    }

    package func headers(_ access: IntegrationAccess) -> [(name: String, value: String)] {
        func credential(_ name: String) -> String? { access.credentials[name] }
        if let token = credential("token") { return [("Authorization", "Bearer \(token)")] }
        if let name = credential("username"), let password = credential("password") {
            return [("Authorization", "Basic \(Base64.encode(Array("\(name):\(password)".utf8)))")]
        }
        if let name = credential("header_name"), let value = credential("header_value") {
            return [(name, value)]
        }
        return []
    }

    /// Its words are not told: some services repeat what they were sent.
    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        let path = access.setting("test_path")
        let url = access.baseURL + (path.map { $0.hasPrefix("/") ? $0 : "/\($0)" } ?? "")
        return await service.check(
            url, headers(access),
            answer: { Self.verdict($0.status, hasPath: path != nil, isKnown: !access.credentials.isEmpty) })
    }

    /// `isKnown`: whether the service was told who asks.
    private static func verdict(_ status: Int, hasPath: Bool, isKnown: Bool) -> IntegrationCheck {
        let (code, detail) = ("http_\(status)", "The service answers \(status).")
        switch status {
        case 200..<300: return .good(detail)
        case 408, 429, 500...: return .unclear(code: code, detail: detail)
        case 403 where isKnown:
            return .bad(
                code: IntegrationCheck.permissionCode,
                detail: "\(detail) It knows the credentials, which lack the permission for this address.")
        case 401, 403: return .bad(code: code, detail: detail)
        default:
            return hasPath
                ? .bad(code: code, detail: "\(detail) Check base_url and test_path.")
                : .unclear(code: code, detail: "\(detail) Set a test_path that only known callers may read.")
        }
    }
}
