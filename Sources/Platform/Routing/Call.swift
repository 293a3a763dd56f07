internal import Cryptography
package import Database
package import HTTPServer
package import JSON
package import Nouns
internal import Telemetry
package import Wire
package import Records

/// One request that has been let in, with what its handler may ask.
package struct Call: Sendable {
    package let request: Request
    package let route: Route
    package let parameters: PathParameters
    /// `nil` on public routes.
    package let principal: Principal?
    package let requestID: String
    package let database: Database
    /// The references of the body, which must exist before anything is done.
    package let named = NamedRecords()
    /// Runs a transaction whose answer is kept under the request's idempotency key, and so is given
    /// again, without running, when the request is repeated.
    package let commit:
        @Sendable (@escaping @Sendable (Transaction) throws -> Response) async throws -> Response

    package init(
        request: Request, route: Route, parameters: PathParameters, principal: Principal?, requestID: String,
        database: Database,
        commit:
            @escaping @Sendable (@escaping @Sendable (Transaction) throws -> Response) async throws ->
            Response
    ) {
        self.request = request
        self.route = route
        self.parameters = parameters
        self.principal = principal
        self.requestID = requestID
        self.database = database
        self.commit = commit
    }

    /// The caller's tenant; only routes whose access asks for a tenant's principal may ask.
    package var tenant: TenantID {
        guard let tenant = principal?.tenantID else { preconditionFailure("\(route.pattern) has no tenant") }
        return tenant
    }

    package var actor: Actor { principal?.actor ?? .system }

    /// Reads within the caller's limit.
    package func read<T>(_ body: (Reader) throws -> T) throws -> T {
        try database.read(tenant) { try body($0.limited(by: principal?.limit)) }
    }

    /// An identifier in the path; malformed ones answer like absent ones.
    package func id<R: Record>(_ name: String, of type: R.Type) throws(Problem) -> ID<R.Identity> {
        let id = try identifier(name, of: R.Identity.self)
        if request.head.method != "GET" { named.add(path: id.keyText, of: type) }
        return id
    }

    /// Returns the identifier of a record that another module declares.
    package func id<Subject: Identified>(
        _ name: String, of type: Subject.Type
    ) throws(Problem) -> ID<Subject> {
        let id = try identifier(name, of: type)
        if request.head.method != "GET" { named.add(path: id.keyText, of: type) }
        return id
    }

    private func identifier<Subject: Identified>(
        _ name: String, of type: Subject.Type
    ) throws(Problem) -> ID<Subject> {
        guard let id = ID<Subject>(parameters[name] ?? "") else { throw Problem(.notFound) }
        return id
    }

    package func query(_ name: String) -> String? { request.head.queryValue(name) }

    /// The body as a JSON object.
    package func object() throws(Problem) -> JSONObject {
        let json = try document()
        guard let object = json.object else {
            throw Problem(faults: [Fault("", "wrong_type", "The body must be a JSON object.")])
        }
        return object
    }

    package func document() throws(Problem) -> JSON {
        do {
            return try JSONParser.parse(request.bytes)
        } catch {
            throw Problem(
                .malformedJSON,
                "The body is not valid JSON at line \(error.line), column \(error.column): \(error.reason).",
                extra: ["line": .integer(Int64(error.line)), "column": .integer(Int64(error.column))])
        }
    }

    /// The body as a declared type, every fault named at once.
    package func body<Body: Declared>(_ type: Body.Type) throws(Problem) -> Body {
        var body = Body(), faults = Faults()
        Body.schema.create(&body, from: try object(), faults: &faults)
        try faults.throwIfAny()
        named.add(faults.references)
        return body
    }

    /// Throws 412 unless `If-Match` is absent or names `version`.
    package func checkVersion(_ version: Int) throws(Problem) {
        guard let given = request.head.header("If-Match"), given != "*" else { return }
        if !ETag.matches(given, version: version) { throw Problem(.versionMismatch) }
    }

    /// Refuses query parameters that the route does not know.
    package func allowQuery(_ names: String...) throws(Problem) {
        for item in request.head.query where !names.contains(item.name) {
            throw Problem(
                .invalidParameter, "This operation has no parameter \(item.name.prefix(64)): leave it out.")
        }
    }
}

/// Entity tags of records: their version in quotes.
package enum ETag {
    package static func text(_ version: some BinaryInteger) -> String { "\"\(version)\"" }

    package static func matches(_ header: String, version: some BinaryInteger) -> Bool {
        header.split(separator: ",").contains { part in
            let tag = part.drop(while: { $0 == " " })
            return tag == "*" || tag == text(version) || tag == "W/" + text(version)
        }
    }
}

/// The work that a handler wants done, and where: inline, on a reader, in one transaction, or as a task.
package enum Outcome: Sendable {
    case response(Response)
    case read(@Sendable (Reader) throws -> Response)
    case write(@Sendable (Transaction) throws -> Response)
    /// Reads first what is to be written, so that the transaction is short; what it depends on may have changed since.
    case prepare(@Sendable (Reader) throws -> @Sendable (Transaction) throws -> Response)
    /// Answered by calling what the closure is given, once, from any thread.
    case later(@Sendable (@escaping @Sendable (Result<Response, any Error>) -> Void) -> Void)
    case task(@Sendable () async throws -> Response)
}

extension Response {
    package static func json(
        _ output: OutputBuffer, status: Int = 200, headers: [(String, String)] = []
    ) -> Response {
        Response(
            status: status, headers: [("Content-Type", "application/json")] + headers, body: .output(output))
    }

    package static func json(_ json: JSON, status: Int = 200, headers: [(String, String)] = []) -> Response {
        Response(
            status: status, headers: [("Content-Type", "application/json")] + headers,
            body: .bytes(json.bytes))
    }

    /// Answers with JSON that is written already.
    package static func json(_ bytes: [UInt8]) -> Response {
        Response(status: 200, headers: [("Content-Type", "application/json")], body: .bytes(bytes))
    }

    package static var noContent: Response { Response(status: 204, headers: [], body: .empty) }

    /// A record with its ETag. `start`: the beginning of its answer, as its row was stored.
    package static func record<R: Record>(
        _ record: R, status: Int = 200, location: String? = nil, extra: JSONObject = [:],
        from start: AnswerStart? = nil
    ) -> Response {
        var headers = [("Content-Type", "application/json"), ("ETag", ETag.text(record.version))]
        if let location { headers.append(("Location", location)) }
        guard extra.isEmpty else {
            var object = R.schema.json(record).object ?? [:]
            for (key, value) in extra.members { object[key] = value }
            return Response(status: status, headers: headers, body: .bytes(JSON.object(object).bytes))
        }
        return Response(
            status: status, headers: headers,
            body: .deferred {
                let output = OutputBuffer()
                R.resource.write(record, from: start, to: output)
                return output
            })
    }

    /// A list that is whole.
    package static func list(_ items: [JSON]) -> Response {
        .json(["data": .array(items), "has_more": false, "next_cursor": nil])
    }
}

extension Request {
    /// The buffered body; empty when there is none.
    package var bytes: [UInt8] { if case .bytes(let bytes) = body { bytes } else { [] } }
}
