import JSON
import Testing

/// The server's explanations of services and records, as forms of the console show them in other languages.
@Suite(.ownThread) struct ConsoleExplanations {
    let server = BureauProcess.shared

    /// Without German a form says nothing of what it asks for, and nobody notices.
    @Test func `what forms explain has its words in each language, and nothing else has`() throws {
        let owner = try server.signUp().owner
        let said = try services(owner).union(records(owner))
        #expect(said.count > 500)
        for (language, catalogue) in try catalogues() {
            let helps = Set(catalogue["helps"]?.object?.keys ?? [])
            #expect(said.subtracting(helps).sorted() == [], "write these into `helps` of \(language)")
            #expect(helps.subtracting(said).sorted() == [], "no form shows these of \(language)")
        }
    }

    @Test func `what services ask for has a name in each language`() throws {
        let providers = try server.signUp().owner.every("/v1/integration-providers")
        let named = try server.anonymous.get("/app/settings/providers.js").text
        for (language, catalogue) in try catalogues() {
            let asked = Set(providers.flatMap { fields(of: $0) }.map(\.key))
            let unnamed = asked.filter { catalogue["codes"]?[$0] == nil && !named.contains("\($0): ") }
            #expect(unnamed.sorted() == [], "write these into `codes` of \(language)")
        }
    }

    private func catalogues() throws -> [(String, JSON)] {
        let languages = try server.anonymous.get("/app/words/index.json").ok().array?.compactMap(\.text) ?? []
        #expect(languages.contains("de"))
        return try languages.map { ($0, try server.anonymous.get("/app/words/\($0).json").ok()) }
    }

    private func fields(of provider: JSON) -> [(key: String, value: JSON)] {
        ["settings", "credentials"].flatMap { part in
            provider["schema"]?["properties"]?[part]?["properties"]?.object?.members ?? []
        }
    }

    /// A text that names codes is for those who write programs, and not shown.
    private func services(_ owner: Caller) throws -> Set<String> {
        let providers = try owner.every("/v1/integration-providers")
        let all = providers.flatMap { fields(of: $0) }.map { $0.value.text("description") }
        return Set(all.filter { !$0.isEmpty && !$0.contains { "`_".contains($0) } })
    }

    /// Of the kinds that have pages, the fields that people set.
    private func records(_ owner: Caller) throws -> Set<String> {
        let kinds = try kinds()
        var said: Set<String> = []
        for resource in try owner.every("/v1/meta/resources") {
            guard kinds.contains(resource.text("table").replacing("_", with: "-")) else { continue }
            for field in resource["fields"]?.array ?? [] where field["read_only"] != true {
                if !field.text("help").isEmpty { said.insert(field.text("help")) }
                collect(field["schema"], isOutermost: true, into: &said)
            }
        }
        return said
    }

    private func kinds() throws -> Set<String> {
        let first = try server.anonymous.get("/app/records/kinds.js").text
        let others = try first.matches(of: /"\.\/(\w+kinds\.js)"/).map {
            try server.anonymous.get("/app/records/\($0.1)").text
        }
        let lines = ([first] + others).flatMap { $0.split(separator: "\n") }
        let kinds = lines.compactMap { $0.firstMatch(of: /^ {4}"?([a-z-]+)"?: \{/) }.map { String($0.1) }
        #expect(kinds.count > 60, "the pattern finds the kinds")
        return Set(kinds)
    }

    /// The descriptions within a schema that forms show: those with code in them they leave out.
    private func collect(_ schema: JSON?, isOutermost: Bool = false, into said: inout Set<String>) {
        guard let schema else { return }
        if !isOutermost {
            if !schema.text("help").isEmpty {
                said.insert(schema.text("help"))
            } else if !schema.text("description").isEmpty {
                let description = schema.text("description")
                if !description.contains(where: { "{}<>/".contains($0) }) { said.insert(description) }
            }
        }
        for member in schema["properties"]?.object?.members ?? [] { collect(member.value, into: &said) }
        collect(schema["items"], into: &said)
        collect(schema["additionalProperties"], into: &said)
        for part in (schema["anyOf"]?.array ?? []) + (schema["oneOf"]?.array ?? []) {
            collect(part, into: &said)
        }
    }
}
