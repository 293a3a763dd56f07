package import Database
internal import HTTPServer
package import JSON
package import Records

/// The callers that a route admits.
package enum Access: Sendable {
    case anyone
    /// Any principal of a tenant.
    case tenant
    case permission(Permission)
    /// A client's own people, in the portal: nobody else, whatever they hold.
    case portal(Permission)
    /// Any principal, of a tenant or of the platform.
    case signedIn
    case platformAdmin
}

/// The kind of body that a route reads.
package enum BodyKind: Sendable {
    case none
    /// JSON of the schema; `isOptional` when the route also takes no body.
    case json(JSON, isOptional: Bool = false)
    /// Spooled to disk as it comes: media types, and whether it is one of these at most.
    case stream([String])
    /// The body may be any bytes of any type, up to a limit; the second value describes them in the document.
    case raw(limit: Int, RawContent = .file)
}

/// Describes a body that is accepted as it comes.
package enum RawContent: Sendable {
    /// The body is a file: its bytes, or the part `file` of a form.
    case file
    /// The body is a document of the media type.
    case text(String)
    /// The body has the same members as JSON or as a form of a page.
    case form(JSON)
    /// The body is whatever another service sends.
    case anything
}

/// One success answer of a route: for the documents, and so for callers.
package struct Answer: Sendable {
    package let status: Int
    let about: String
    package let mediaType: String?
    private let content: Deferred<JSON>?
    package var schema: JSON? { content?.value }

    package static func json(
        _ schema: @autoclosure @escaping @Sendable () -> JSON, status: Int = 200, _ about: String = "Done."
    ) -> Answer {
        Answer(status: status, about: about, mediaType: "application/json", content: Deferred(schema))
    }
    package static func record<R: Record>(_ resource: Resource<R>, status: Int = 200) -> Answer {
        .json(
            .reference(resource.schema.name), status: status,
            "The \(resource.singular).")
    }
    package static func list<R: Record>(_ resource: Resource<R>) -> Answer {
        .list(of: .reference(resource.schema.name))
    }
    package static func list(of item: @autoclosure @escaping @Sendable () -> JSON) -> Answer {
        .json(.page(of: item()), "A page.")
    }
    package static func empty(_ about: String = "Done.") -> Answer {
        Answer(status: 204, about: about, mediaType: nil, content: nil)
    }
    package static func media(_ type: String, _ about: String, status: Int = 200) -> Answer {
        let isText = type.hasPrefix("text/") || type.hasSuffix("ndjson") || type.hasSuffix("xml")
        let content = Deferred<JSON> { isText ? ["type": "string"] : .binary }
        return Answer(status: status, about: about, mediaType: type, content: content)
    }
}

/// A query or header parameter of a route, for the documents.
package struct ParameterDoc: Sendable {
    package let name: String
    let place: String
    let about: String
    let schema: JSON
    /// Whether a request without it is refused.
    var isRequired = false
    /// Whether it is a condition, which may come with an operator, too: `score[gte]`.
    fileprivate var isCondition = false

    package static func query(
        _ name: String, _ about: String, _ schema: JSON = ["type": "string"], isRequired: Bool = false
    ) -> ParameterDoc {
        ParameterDoc(name: name, place: "query", about: about, schema: schema, isRequired: isRequired)
    }
    package static func header(_ name: String, _ about: String) -> ParameterDoc {
        ParameterDoc(name: name, place: "header", about: about, schema: ["type": "string"])
    }
}

extension ParameterDoc {
    /// Returns the parameters that every list takes.
    package static func list<R: Record>(
        _ resource: Resource<R>, hiding hidden: Set<String> = [], computed: [String] = []
    ) -> [ParameterDoc] {
        let shown = resource.fields.filter { !$0.isSecret && !hidden.contains($0.name) }
        let sorts = ["id"] + shown.filter(\.isSortable).map(\.name)
        let fields = shown.map(\.name)
        let more = computed.filter { !fields.contains($0) }
        var docs: [ParameterDoc] = [
            .query(
                "limit", "How many records a page has.",
                ["type": "integer", "minimum": 1, "maximum": 200, "default": 50]),
            .query("cursor", "The next_cursor of the page before.", ["type": "string", "minLength": 1]),
            .query(
                "sort",
                "The fields to sort by, separated by commas, with - for descending: \(sorts.joined(separator: ", ")).",
                .list(of: sorts.flatMap { [$0, "-\($0)"] })),
            .query("fields", "The fields to return, separated by commas.", .list(of: fields + more)),
            .query("total", "Whether to count all filtered records.", ["type": "boolean"]),
        ]
        if resource.searchTable != nil, !resource.searchable.contains(where: { hidden.contains($0.name) }) {
            docs.append(.query("q", "The words to search for; the last may be incomplete."))
        }
        // A field may have the name of such a parameter: it can then be filtered with an operator only, as
        // `total[gte]`.
        let taken = Set(docs.map(\.name))
        return docs + filters(resource).filter { !hidden.contains($0.name) && !taken.contains($0.name) }
    }

    /// Returns the parameters by which a list can be filtered.
    package static func filters<R: Record>(_ resource: Resource<R>) -> [ParameterDoc] {
        resource.fields.filter { $0.isFilterable && !$0.isSecret }.compactMap {
            var doc = filter($0.name, $0.kind, $0.mayBeAbsent ? noValue : "")
            doc?.isCondition = true
            return doc
        }
    }

    /// The words about a filter by a field that a record may lack.
    private static let noValue = "; [is]=null finds records without a value, [is]=not_null those with one"

    /// A filter by a value of a kind. Members of objects, as in `custom.tier=gold`, have too many names to list.
    static func filter(_ name: String, _ kind: FieldKind, _ more: String = "") -> ParameterDoc? {
        let about =
            "The values to match, separated by commas; also with [ne], [gt], [gte], [lt] or [lte]\(more)."
        switch kind {
        case .custom, .externalIDs, .document, .part, .parts: return nil
        case .choice(let choices): return .query(name, about, .list(of: choices))
        case .boolean: return .query(name, about, .list(of: ["true", "false"]))
        case .integer:
            return .query(name, about, ["type": "string", "pattern": "^-?[0-9]{1,18}(,-?[0-9]{1,18})*$"])
        case .number:
            return .query(name, about, ["type": "string", "pattern": "^-?[0-9]{1,15}(\\.[0-9]{1,15})?$"])
        case .money:
            return .query(name, "\(about) In minor units.", ["type": "string", "pattern": "^-?[0-9]{1,18}$"])
        case .instant: return .query(name, about, ["type": "string", "format": "date-time"])
        default: return .query(name, about)
        }
    }
}

/// One operation of the API: who may call it, what it reads and answers, and what it does.
package final class Route: Sendable {
    /// Its place among the routes.
    package let index: Int
    package let method: String
    package let pattern: String
    package let access: Access
    package let summary: String
    /// The name of the operation, where the derived one reads badly.
    private let named: String?
    package let body: BodyKind
    package let answers: [Answer]
    private let parameters: Deferred<[ParameterDoc]>
    /// Its answer holds a secret: kept encrypted for repeated requests.
    package let holdsSecret: Bool
    package let handler: @Sendable (Call) throws -> Outcome

    init(
        index: Int, method: String, pattern: String, access: Access, summary: String, named: String?,
        body: BodyKind, answers: [Answer], query: @escaping @Sendable () -> [ParameterDoc], holdsSecret: Bool,
        handler: @escaping @Sendable (Call) throws -> Outcome
    ) {
        self.index = index
        self.method = method
        self.pattern = pattern
        self.access = access
        self.summary = summary
        self.named = named
        self.body = body
        self.answers = answers
        parameters = Deferred(query)
        self.holdsSecret = holdsSecret
        self.handler = handler
    }

    package var query: [ParameterDoc] { parameters.value }

    /// Whether its query holds conditions, whose names have operators and members.
    package var takesFilters: Bool { query.contains { $0.name == "cursor" || $0.isCondition } }

    /// The permission that it asks of its callers; `nil` where it asks for none.
    package var permission: Permission? {
        switch access {
        case .permission(let permission), .portal(let permission): permission
        case .anyone, .tenant, .signedIn, .platformAdmin: nil
        }
    }

    /// Whether it answers with a page of a list.
    package var answersPage: Bool { answers.contains { $0.schema?["properties"]?["has_more"] != nil } }

    /// Whether answers are kept under a request's idempotency key: they belong to a principal.
    package var keepsAnswers: Bool { if case .anyone = access { false } else { true } }

    /// `GET /v1/leads/{id}`: names the route in logs and metrics.
    package var name: String { "\(method) \(pattern)" }

    /// The name of the operation in generated clients, such as `get_lead`. It is unique among the routes, and never
    /// changes once it is released.
    package var operationID: String {
        named
            ?? OperationName.derived(
                method: method, pattern: pattern,
                answersPage: answersPage)
    }

    package var tag: String {
        let parts = pattern.split(separator: "/")
        return String(parts.first == "v1" && parts.count > 1 ? parts[1] : parts.first ?? "pages")
    }
}

/// The paths below a prefix, in which a key says whose they are. They are limited by that key, not by address: many
/// callers may come from few addresses.
package struct KeyedPaths: Sendable {
    package let prefix: String
    /// Whether pages of every origin may call them.
    package let isOpenToPages: Bool
    /// Whether it is one path, and none below it.
    let isWhole: Bool

    package func contains(_ route: Route) -> Bool {
        isWhole ? route.pattern == prefix : route.pattern.hasPrefix(prefix)
    }
}

/// All routes of the product: each module adds its own.
package struct Routes {
    package private(set) var all: [Route] = []
    /// The schemas by name, sometimes more than once.
    package private(set) var schemas: [(name: String, schema: Deferred<JSON>)] = []
    /// The descriptions of resources that `/v1/meta/resources` serves.
    private(set) var resources: [Deferred<JSONObject>] = []
    /// The tables of the declared resources, each with the definitions of its columns beside `row`.
    package private(set) var tables: [(name: String, columns: Deferred<[String]>)] = []
    private var declared: Set<String> = []
    /// The types of the resources' records.
    package private(set) var records: [any Record.Type] = []
    /// The types of events that are published, by name.
    package internal(set) var events: [String: EventDoc] = [:]
    /// The records that events include, by the kind of their subject.
    package internal(set) var shownRecords: [String: ShownRecord] = [:]
    /// The kinds of records that are found by words, each with the permission to read them.
    package internal(set) var searched: [SearchedKind] = []
    /// The rules for what callers who are limited to some clients see of each table.
    package private(set) var rules = RowRules()
    /// The names of further routes that limited callers may, or may not, call.
    package private(set) var openToLimited: Set<String> = [], closedToLimited: Set<String> = []
    /// The paths whose callers a key in the path identifies.
    package private(set) var keyedPaths: [KeyedPaths] = []

    package init() {}

    /// Sets the rule for a table that is no resource.
    package mutating func limit(_ table: String, _ rule: RowRule, subject: String? = nil) {
        rules.add(table, rule, subject: subject)
    }

    /// Closes routes to limited callers, since they reach beyond the record that their path names.
    package mutating func closeToLimited(_ names: String...) { closedToLimited.formUnion(names) }

    /// Opens routes to limited callers, since they neither show nor change anything beyond the callers' clients.
    package mutating func openToLimited(_ names: String...) { openToLimited.formUnion(names) }

    /// Declares that a key in the path, not a credential, says whose the paths below a prefix are.
    package mutating func identifyByKey(below prefix: String, openToPages isOpenToPages: Bool = false) {
        keyedPaths.append(KeyedPaths(prefix: prefix, isOpenToPages: isOpenToPages, isWhole: false))
    }

    /// Lets callers of one path be known by a key in the head or body of their requests.
    package mutating func identifyByKey(at path: String, openToPages isOpenToPages: Bool = false) {
        keyedPaths.append(KeyedPaths(prefix: path, isOpenToPages: isOpenToPages, isWhole: true))
    }

    package mutating func add(
        _ method: String, _ pattern: String, _ access: Access, _ summary: String, named: String? = nil,
        body: BodyKind = .none,
        query: @autoclosure @escaping @Sendable () -> [ParameterDoc] = [], holdsSecret: Bool = false,
        _ answers: [Answer],
        _ handler: @escaping @Sendable (Call) throws -> Outcome
    ) {
        all.append(
            Route(
                index: all.count, method: method, pattern: pattern, access: access, summary: summary,
                named: named, body: body, answers: answers,
                query: query, holdsSecret: holdsSecret, handler: handler))
    }

    package mutating func get(
        _ pattern: String, _ access: Access, _ summary: String, named: String? = nil,
        query: @autoclosure @escaping @Sendable () -> [ParameterDoc] = [],
        _ answers: Answer...,
        handler: @escaping @Sendable (Call) throws -> Outcome
    ) { add("GET", pattern, access, summary, named: named, query: query(), answers, handler) }

    package mutating func post(
        _ pattern: String, _ access: Access, _ summary: String, named: String? = nil,
        body: BodyKind = .none, query: @autoclosure @escaping @Sendable () -> [ParameterDoc] = [],
        holdsSecret: Bool = false, _ answers: Answer..., handler: @escaping @Sendable (Call) throws -> Outcome
    ) {
        add(
            "POST", pattern, access, summary, named: named, body: body, query: query(),
            holdsSecret: holdsSecret, answers,
            handler)
    }

    package mutating func patch(
        _ pattern: String, _ access: Access, _ summary: String, named: String? = nil, body: BodyKind,
        _ answers: Answer...,
        handler: @escaping @Sendable (Call) throws -> Outcome
    ) { add("PATCH", pattern, access, summary, named: named, body: body, answers, handler) }

    package mutating func put(
        _ pattern: String, _ access: Access, _ summary: String, named: String? = nil, body: BodyKind,
        _ answers: Answer...,
        handler: @escaping @Sendable (Call) throws -> Outcome
    ) { add("PUT", pattern, access, summary, named: named, body: body, answers, handler) }

    package mutating func delete(
        _ pattern: String, _ access: Access, _ summary: String, named: String? = nil,
        query: @autoclosure @escaping @Sendable () -> [ParameterDoc] = [],
        _ answers: Answer..., handler: @escaping @Sendable (Call) throws -> Outcome
    ) { add("DELETE", pattern, access, summary, named: named, query: query(), answers, handler) }

    /// Makes a schema known to OpenAPI under its name.
    package mutating func schema(_ name: String, _ schema: @autoclosure @escaping @Sendable () -> JSON) {
        schemas.append((name, Deferred(schema)))
    }

    package mutating func declare<D: Declared>(_ type: D.Type) {
        schema(D.schema.name, D.schema.jsonSchema(.whole))
    }

    /// Makes a resource known to OpenAPI and to `/v1/meta/resources`; `computed` are the schemas of members that its
    /// answers have beside its fields.
    package mutating func declare<R: Record>(_ resource: Resource<R>, computed: JSONObject = [:]) {
        let name = resource.schema.name
        guard declared.insert(name).inserted else { return }
        records.append(R.self)
        rules.add(resource.table, resource.rule, subject: resource.noun)
        schema(
            name, resource.schema.jsonSchema(.record).merging(["properties": .object(computed)]))
        schema("\(name)Create", resource.schema.jsonSchema(.create))
        schema("\(name)Patch", resource.schema.jsonSchema(.patch))
        resources.append(Deferred { resource.description(resource.singular, resource.plural) })
        tables.append((resource.table, Deferred { resource.columnDefinitions }))
    }
}
