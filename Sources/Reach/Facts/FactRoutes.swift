internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Tenancy
internal import Wire

/// The body of `POST /v1/facts/{id}/reject`.
private struct RejectBody: Declared {
    var reason = ""

    static let schema = Schema<RejectBody>(
        "FactRejectRequest",
        [
            .text(
                "reason", \.reason, max: 500, .required, .about("Why it is not true of the record."),
                .example("It is the whole group."))
        ])
}

/// The filters of a list of facts.
private struct FactFilter {
    static let names = ["field", "status", "source"]
    let field: String?, status: Fact.Status?, source: String?

    init(_ call: Call) throws(Problem) {
        func value(_ name: String) -> String? {
            call.request.head.query.first { $0.name == name }?.value
        }
        (field, source) = (value("field"), value("source"))
        let word = value("status")
        status = word.flatMap(Fact.Status.init(rawValue:))
        if word != nil, status == nil {
            throw Problem(
                .invalidParameter,
                "status must be one of \(Fact.Status.choices.joined(separator: ", ")).")
        }
    }

    /// Returns whether a fact is asked for: by its field, its status, and its source's name or kind.
    func admits(_ fact: Fact) -> Bool {
        (field ?? fact.field) == fact.field && (status ?? fact.status) == fact.status
            && (source.map { $0 == fact.source.name || $0 == fact.source.kind.rawValue } ?? true)
    }

    static let parameters: [ParameterDoc] = [
        .query("field", "Only facts about this field.", ["type": "string"]),
        .query("status", "Only facts of this status.", ["enum": JSON(Fact.Status.choices)]),
        .query("source", "Only facts of this source, by its name or kind.", ["type": "string"]),
    ]
}

/// `/v1/leads/{id}/facts` and its like: who says what a record's fields hold, and a person's word on that.
func factRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    routes.declare(Fact.resource)
    routes.declare(RejectBody.self)
    routes.events(
        "fact",
        [
            "accepted": "A person has accepted what a source says of a record.",
            "rejected": "A person has rejected what a source says of a record.",
        ], ["field": .anyText, "subject": .anySubject, "source": .anyText])
    list(&routes, runtime, of: Nouns.Lead.self)
    list(&routes, runtime, of: Company.self)
    routes.post(
        "/v1/facts/{id}/accept", .permission("facts:write"),
        "Accept a fact: the record shows its value from now on", .record(Fact.resource)
    ) { call in
        let id = try call.id("id", of: Fact.self)
        return .write { tx in
            try call.requireWrite(of: try tx.facts.known(id).fact, runtime)
            return .json(Fact.schema.json(try tx.facts.accept(id, by: call.actor)))
        }
    }
    routes.post(
        "/v1/facts/{id}/reject", .permission("facts:write"),
        "Reject a fact: the same value of the same source does not come back",
        body: .json(.reference("FactRejectRequest")), .record(Fact.resource)
    ) { call in
        let (id, body) = (try call.id("id", of: Fact.self), try call.body(RejectBody.self))
        return .write { tx in
            try call.requireWrite(of: try tx.facts.known(id).fact, runtime)
            return .json(
                Fact.schema.json(try tx.facts.reject(id, because: body.reason, by: call.actor)))
        }
    }
}

private func list<Noun: Identified>(_ routes: inout Routes, _ runtime: Runtime, of type: Noun.Type) {
    let noun = Noun.noun
    routes.get(
        "/v1/\(Noun.table)/{id}/facts", .permission("facts:read"),
        "List the facts about a \(noun) by field: source, words, time and cost",
        query: ParameterDoc.page + FactFilter.parameters, .list(of: .reference("Fact"))
    ) { call in
        let id = try call.id("id", of: type)
        let window = try call.window("field", "status", "source")
        let filter = try FactFilter(call)
        return .read { reader in
            let sheet = try reader.facts.sheet(of: Subject(id), runtime)
            let facts = sheet.facts.filter(filter.admits).sorted { $0.isListed(before: $1) }
            let words = try reader.wordings.find(for: call)
            return window.page(of: facts.map { $0.json(in: words) })
        }
    }
}

extension Fact {
    /// By field, what counts first, and then the newest.
    fileprivate func isListed(before other: Fact) -> Bool {
        if field != other.field { return field < other.field }
        if status == other.status { return observedAt > other.observedAt }
        return Status.allCases.firstIndex(of: status)! < Status.allCases.firstIndex(of: other.status)!
    }
}

extension Call {
    /// Throws where the caller may not change the record that a fact is about.
    fileprivate func requireWrite(of fact: Fact, _ runtime: Runtime) throws(Problem) {
        guard let records = runtime.records.records(of: fact.subjectID),
            principal?.permissions.contains(records.write) != true
        else { return }
        throw Problem(.forbidden, "The call needs the permission \(records.write).")
    }
}
