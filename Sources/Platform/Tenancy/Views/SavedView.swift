internal import Agents
package import Database
package import JSON
package import Nouns
package import Records

/// A list as somebody has arranged it, kept under a name: one row of `views`.
package struct SavedView: ManagedRecord {
    package var head = Head<SavedView>()
    package var list = ""
    package var name = ""
    package var query: JSONObject = [:]
    package var isShared = false
    package var ownerID: UserID?

    package init() {}

    package static let idPrefix = "view", noun = "view"
    package static let resource = Resource<SavedView>(
        "views", named: "View", rule: .person("owner_id"),
        [
            .text(
                "resource", \.list, max: 64, .required, .writeOnce, .line, .filterable, .example("leads"),
                .about("The list that is viewed: its path below /v1/, with - for each / within it.")),
            .text("name", \.name, max: 100, .required, .line, .sortable, .example("Hot leads")),
            .document(
                "query", \.query, schema: viewQuerySchema, .example(["sort": "-score", "status": "new"]),
                .about("The list's parameters; a patch changes those that it names, and null removes one.")),
            .boolean(
                "is_shared", \.isShared, .standard(false), .filterable,
                .about("Whether all people of the agency see it.")),
            .id(
                "owner_id", \.ownerID, .readOnly, .filterable,
                .about("The user who made it; null: they have left the agency.")),
        ])

    /// The most views that a person may have.
    package static let perPersonMax = 100
    private static let parametersMax = 50, parameterMax = 2000

    package mutating func prepare(replacing old: SavedView?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        for (key, value) in query.members where value.isNull { query[key] = nil }
        if query.count > Self.parametersMax {
            faults.add("/query", "too_many", "query may have at most \(Self.parametersMax) parameters.")
        }
        for (key, value) in query.members {
            let place = "/query/\(key.pointerToken)"
            guard let text = value.text else {
                faults.add(place, "wrong_type", "\(place.pointedMember) must be a text.")
                continue
            }
            if let fault = TextRule.fault(in: key) ?? TextRule.fault(in: text, isProse: true) {
                faults.add(place, "invalid_text", "A parameter \(fault).")
            }
            if max(key.utf8.count, text.utf8.count) > Self.parameterMax {
                faults.add(place, "too_long", "A parameter may have at most \(Self.parameterMax) bytes.")
            }
        }
        try faults.throwIfAny()
        if old?.name != name, try tx.views.isNameTaken(name, self) {
            throw Problem(.alreadyExists, "You already have a view of this list with that name.")
        }
    }
}

private let viewQuerySchema: JSON = [
    "type": "object", "additionalProperties": ["type": ["string", "null"], "maxLength": 2000],
]

let viewMigration = Migration(number: 250, name: "views of lists") { dialect in
    SavedView.resource.creation(dialect) + [
        "CREATE UNIQUE INDEX views_name ON views (tenant_id, owner_id, resource, name)",
        "CREATE INDEX views_shared ON views (tenant_id, resource, id) WHERE is_shared = 1",
    ]
}
