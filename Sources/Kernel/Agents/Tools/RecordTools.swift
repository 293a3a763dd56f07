internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Templates
internal import Wire

/// Changes a record of the agency's, with everything that a change over HTTP brings along.
struct UpdateRecordTool: InsideTool {
    struct Input: Declared {
        var id = ""
        var changes = JSONObject()

        static let schema = Schema<Input>(
            "UpdateRecordInput",
            [
                .text("id", \.id, max: 100, .required, .about("The record's id, say of a lead.")),
                .document(
                    "changes", \.changes, .required, .about("A merge patch, as PATCH of the record takes it.")
                ),
            ])
    }

    static let name = "update_record"
    let title = "Change a record"
    let summary = "Changes fields of a record of the agency's, such as a lead's tags or status."
    let effect = ToolClass.writes
    let records: RecordRegistry

    func permission(for input: Input) -> Permission? { records.records(of: input.id)?.write }

    func faults(_ input: Input) -> [ValueFault] { records.faults(id: input.id) }

    func preview(_ input: Input) -> ToolPreview {
        ToolPreview(
            title: Saying("approval.change", ["id": .text(input.id)]).english,
            text: "Sets \(input.changes.keys.joined(separator: ", ")).",
            recipient: input.id)
    }

    func perform(_ input: Input, _ call: ToolCall, in tx: Transaction) throws -> JSON {
        guard let records = records.records(of: input.id) else { throw Problem(.notFound) }
        return try records.update(input.id, input.changes, call.caller.actor, tx)
    }
}

/// Makes a record of the agency's.
struct CreateRecordTool: InsideTool {
    struct Input: Declared {
        var type = ""
        var fields = JSONObject()

        static let schema = Schema<Input>(
            "CreateRecordInput",
            [
                .text("type", \.type, max: 100, .required, .about("The kind of record, such as lead.")),
                .document(
                    "fields", \.fields, .required, .about("As POST of the record's resource takes them.")),
            ])
    }

    static let name = "create_record"
    let title = "Make a record"
    let summary = "Makes a record of the agency's, such as a lead or a contact."
    let effect = ToolClass.writes
    let records: RecordRegistry

    func permission(for input: Input) -> Permission? { records[input.type]?.write }
    func faults(_ input: Input) -> [ValueFault] { records.faults(type: input.type) }

    func perform(_ input: Input, _ call: ToolCall, in tx: Transaction) throws -> JSON {
        guard let records = records[input.type] else { throw Problem(.notFound) }
        return try records.create(input.fields, call.caller.actor, tx)
    }
}

/// Looks records up by what their lists can be filtered by.
struct FindRecordsTool: InsideTool {
    struct Input: Declared {
        var type = ""
        var filters = JSONObject()
        var search: String?
        var limit = 20

        static let schema = Schema<Input>(
            "FindRecordsInput",
            [
                .text("type", \.type, max: 100, .required, .about("The kind of records, such as lead.")),
                .document(
                    "filters", \.filters,
                    .about("As the list's own, say {\"status\": \"new\", \"score[gte]\": 60}.")),
                .text("search", \.search, max: 200, .about("Words that the records hold.")),
                .integer("limit", \.limit, in: 1...100, .standard(20)),
            ])
    }

    static let name = "find_records"
    let title = "Find records"
    let summary = "Finds records of the agency's, the newest first."
    let effect = ToolClass.reads
    let records: RecordRegistry
    /// To look at the same thing again is what waiting for it means.
    let repeatsMax = 50

    func permission(for input: Input) -> Permission? { records[input.type]?.read }

    func faults(_ input: Input) -> [ValueFault] {
        records.faults(type: input.type)
            + input.filters.members.filter { $0.value.asQuery == nil }.map {
                ValueFault(
                    pointer: "/filters/\($0.key.pointerToken)", code: "wrong_type",
                    detail: "\($0.key.prefix(64)) must be a text, a number, true or false.")
            }
    }

    func perform(_ input: Input, _ call: ToolCall, in tx: Transaction) throws -> JSON {
        guard let records = records[input.type] else { throw Problem(.notFound) }
        var query = input.filters.members.map { QueryItem(name: $0.key, value: $0.value.asQuery ?? "") }
        query.append(QueryItem(name: "limit", value: "\(input.limit)"))
        if let search = input.search { query.append(QueryItem(name: "q", value: search)) }
        return ["records": try records.find(query, tx)]
    }
}

/// Reads one record.
struct GetRecordTool: InsideTool {
    struct Input: Declared {
        var id = ""
        static let schema = Schema<Input>(
            "GetRecordInput",
            [.text("id", \.id, max: 100, .required, .about("The record's id, say of a lead."))])
    }

    static let name = "get_record"
    let title = "Read a record"
    let summary = "Reads a record of the agency's by its id."
    let effect = ToolClass.reads
    let records: RecordRegistry
    let repeatsMax = 50

    func permission(for input: Input) -> Permission? { records.records(of: input.id)?.read }
    func faults(_ input: Input) -> [ValueFault] { records.faults(id: input.id) }

    func perform(_ input: Input, _ call: ToolCall, in tx: Transaction) throws -> JSON {
        guard let records = records.records(of: input.id) else { throw Problem(.notFound) }
        return try records.get(input.id, tx)
    }
}

extension RecordRegistry {
    fileprivate func faults(type: String) -> [ValueFault] {
        guard self[type] == nil else { return [] }
        return [
            ValueFault(
                pointer: "/type", code: "invalid_choice",
                detail: "type must be one of \(types.joined(separator: ", ")).",
                choices: types)
        ]
    }

    fileprivate func faults(id: String) -> [ValueFault] {
        guard records(of: id) == nil else { return [] }
        return [
            ValueFault(
                pointer: "/id", code: "unknown_reference",
                detail: "id must be the id of a record that tools may use: \(types.joined(separator: ", ")).")
        ]
    }
}

extension JSON {
    /// As the value of a query's parameter.
    fileprivate var asQuery: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }
}
