import JSON
import Testing

extension Agency {
    /// An import of any resource, once it is over.
    func bringIn(
        _ resource: String, _ file: [UInt8], type: String = "text/csv", query: String = "",
        within limit: Duration = .seconds(180), sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        let answer = try owner.post("/v1/\(resource)/import\(query)", raw: file, type: type)
        let state = try finished(answer, within: limit, sourceLocation: sourceLocation)
        try #require(
            state.text("status") == "completed", "\(state.serialized)", sourceLocation: sourceLocation)
        #expect(
            state.text("resource") == resource.replacing("-", with: "_"), sourceLocation: sourceLocation)
        return state
    }

    func bringIn(
        _ resource: String, _ file: String, type: String = "text/csv", query: String = "",
        within limit: Duration = .seconds(180), sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try bringIn(
            resource, Array(file.utf8), type: type, query: query, within: limit,
            sourceLocation: sourceLocation)
    }

    func taken(_ resource: String, _ format: String, _ query: String = "") throws -> Answer {
        let answer = try owner.get("/v1/\(resource)/export?format=\(format)\(query)")
        try #require(answer.status == 200, "\(answer)")
        return answer
    }

    /// `row field code` of each fault of an import.
    func faults(of state: JSON) throws -> [String] {
        parsedCSV(try owner.get(state.text("errors_url")).text).map {
            "\($0["row"] ?? "") \($0["field"] ?? "") \($0["code"] ?? "")"
        }
    }

    /// All records of a list, without what is an agency's own: identifiers of other records are what they
    /// refer to.
    func contents(
        _ resource: String, without left: Set<String> = []
    ) throws -> [String] {
        var names: [String: String] = [:]
        for list in ["contacts", "companies", "leads", "packages", "users"] {
            for record in try owner.every("/v1/\(list)") {
                names[record.id] = record["email"]?.text ?? record["company"]?.text ?? record.text("name")
            }
        }
        let own: Set<String> = ["id", "version", "created_at", "updated_at", "email_status"]
        return try owner.every("/v1/\(resource)").map { record in
            (record.object?.members ?? []).filter { !own.contains($0.key) && !left.contains($0.key) }.map {
                let value = $0.value.text.flatMap { names[$0] }.map(JSON.string) ?? $0.value
                return "\($0.key)=\(value.canonical.serialized)"
            }.joined(separator: "\n")
        }.sorted()
    }
}
