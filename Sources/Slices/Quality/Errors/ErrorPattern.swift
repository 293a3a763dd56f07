package import JSON
package import Jobs
internal import Nouns
package import Records
package import Telemetry
internal import Templates

/// Errors of one component that have the same kind of cause: one row of `error_patterns`, however often they come.
package struct ErrorPattern: Record {
    package enum Category: String, Choice {
        case network, authentication, validation, database, timeout, provider
        case rateLimit = "rate_limit"
        case inside = "internal"
    }

    package enum Severity: String, Choice { case info, warning, critical }
    package enum Trend: String, Choice { case rising, steady, falling }

    package enum Status: String, Choice {
        case open
        /// Somebody has seen to it; it opens again where it fails once more.
        case resolved
        /// It is known, and is to be told no more.
        case ignored
    }

    package var head = Head<ErrorPattern>()
    package var category = Category.inside
    package var component = ""
    package var origin = ""
    package var severity = Severity.info
    package var count = 0
    package var firstAt = Instant(seconds: 0)
    package var lastAt = Instant(seconds: 0)
    package var trend = Trend.steady
    package var expectedTomorrow = 0.0
    package var cause: JSONObject = [:]
    package var recommendedAction = ""
    package var status = Status.open
    package var code = ""
    /// Errors by the agency's days, the last two weeks.
    var days: JSONObject = [:]
    /// The pattern of another component that mostly fails shortly before this one, and how often it did.
    var rootID: ID<ErrorPattern>?
    var rootCount = 0

    package init() {}

    private static let counts: ClosedRange<Int64> = 0...Int64.max

    package static let idPrefix = "errp"
    package static let noun = "error_pattern"
    package static let resource = Resource<ErrorPattern>(
        "error_patterns", named: "ErrorPattern",
        console: ConsoleForm(
            title: "component", columns: ["category", "severity", "count", "trend", "last_at"],
            filters: ["category", "severity", "status"]),
        [
            .choice("category", \.category, .readOnly, .filterable, .about("The category of the error.")),
            .text(
                "component", \.component, max: 200, .readOnly, .filterable,
                .about(
                    "The component that fails: a service, its hooks, an agent, a kind of job, or files of a resource.")),
            .text("origin", \.origin, max: 20, .readOnly, .about("Where the error was booked.")),
            .choice(
                "severity", \.severity, .readOnly, .filterable,
                .about("By how often it occurred in a day; the settings of data_management have the numbers.")),
            .integer("count", \.count, in: counts, .readOnly, .about("How often it came.")),
            .instant("first_at", \.firstAt, .readOnly, .about("When it came first.")),
            .instant("last_at", \.lastAt, .readOnly, .sortable, .filterable, .about("When it last came.")),
            .choice(
                "trend", \.trend, .readOnly, .filterable,
                .about("Whether it comes more often than in the days before.")),
            .number(
                "expected_tomorrow", \.expectedTomorrow, in: 0...1e12, .readOnly,
                .about("How often it is expected on the next day.")),
            .document(
                "cause", \.cause, .readOnly,
                .about("The component at fault, its kind of error, what it said last, and how sure that is.")),
            .text(
                "recommended_action", \.recommendedAction, max: 500, .readOnly,
                .about("The recommended action for a person.")),
            .choice(
                "status", \.status, .filterable,
                .about("Whether it is open, was seen to, or is to be told no more.")),
            .text("code", \.code, max: 100, .readOnly, .about("The code of the last error.")),
            .document("days", \.days, .secret),
            .id("root_id", \.rootID, .secret),
            .integer("root_count", \.rootCount, in: counts, .secret),
        ])

    package var subject: Subject { Subject(id) }

    /// The advice to whoever reads it: what has failed first has to be seen to first.
    var advice: Saying {
        let root = cause["component"]?.text ?? component
        let kind = cause["category"]?.text.flatMap(Category.init(rawValue:)) ?? category
        let advice = Saying("error_pattern.advice", ["category": .text(kind.rawValue)])
        guard root != component else { return advice }
        return Saying(
            "error_pattern.first", ["component": .saying(Self.named(root)), "advice": .saying(advice)])
    }

    /// Returns what people call that which fails: `job lead_import`, `import of leads`, a service.
    static func named(_ component: String) -> Saying {
        let kinds = [
            "job": "job ", "agent": "agent ", "tool": "tool ", "file": "import of ", "hook": "hook of ",
        ]
        let kind = kinds.first { component.hasPrefix($0.value) }
        let name = String(component.dropFirst(kind?.value.count ?? 0))
        return Saying("error_pattern.named", ["kind": .text(kind?.key ?? "service"), "name": .text(name)])
    }
}

extension ErrorPattern.Category {
    /// Tells the kind of error by its code, where the agency says nothing else.
    init(code: String) {
        switch code {
        case "unauthenticated", "permission_missing", "access_refused", "invalid_token", "bad_credentials",
            "credentials_refused", "credentials_expired", "invalid_signature":
            self = .authentication
        case "rate_limited", "too_many_requests": self = .rateLimit
        case "timeout", "timed_out", "agent_timeout", "too_slow": self = .timeout
        case "unreachable", "address_refused", "refused_address", "dns", "connect", "tls", "disconnected",
            "too_many_redirects", "downgrade":
            self = .network
        case "database_unavailable", "not_stored": self = .database
        case "internal_error", "unknown", "quarantined": self = .inside
        case "invalid_answer", "answer_too_large", "too_large", "protocol", "server_error", "unavailable",
            "redirected":
            self = .provider
        default:
            self = code.split(separator: "_").last.flatMap { Int($0) }.map(Self.init(status:)) ?? .validation
        }
    }

    /// Tells the kind of error by a status of HTTP.
    private init(status: Int) {
        self =
            switch status {
            case 401, 403, 407: .authentication
            case 429: .rateLimit
            case 408, 504: .timeout
            case 500...599: .provider
            default: .validation
            }
    }
}
