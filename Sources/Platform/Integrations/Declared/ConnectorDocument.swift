package import JSON
package import Records

/// A connector as data: how an outside service is asked, and what its records are. Read from a document that has no
/// faults (`ConnectorReading`).
package struct ConnectorDocument: Sendable {
    package let name: String, title: String
    /// The kinds of work that the connector is for.
    package let capabilities: Set<Capability>
    /// The base URL of the service; an integration may have another.
    package let baseURL: String?
    package let auth: ConnectorAuth
    /// The way in which the owner of an account at the service lets us in; the credentials of `auth` serve without it.
    package let consent: ConnectorConsent?
    /// The headers that every request has.
    package let headers: [(name: String, value: ConnectorText)]
    /// The credentials that an integration takes, those of `auth` among them.
    package let credentials: [CredentialField]
    package let settings: [SettingField]
    /// The values of settings that an integration leaves out.
    let standards: [String: String]
    /// The limits and the price of a thousand calls that an integration has, unless it says otherwise.
    package let limits: IntegrationLimits, price: Money?
    /// Whether integrations with the same credentials have the service's quota together.
    package let sharesQuota: Bool
    /// The headers by which the service tells what is left of its own limits.
    let told: ConnectorLimitHeaders
    let errors: [ConnectorErrorRule]
    /// The question that only those whom the service knows may ask.
    package let test: ConnectorQuestion?
    package internal(set) var objects: [ConnectorObject]
    package let hooks: ConnectorHooks?

    package subscript(object name: String) -> ConnectorObject? { objects.first { $0.name == name } }

    /// Reads a document; `nil` where it has faults, which come along, each at its place.
    package static func read(_ document: JSONObject) -> (connector: ConnectorDocument?, faults: [Fault]) {
        let (connector, faults) = ConnectorReading.read(document)
        return (connector, faults.list)
    }
}

/// The way in which a service knows who asks. The values are names of credentials.
package enum ConnectorAuth: Hashable, Sendable {
    case bearer(credential: String)
    /// A header, whose text names credentials.
    case header(name: String, value: ConnectorText)
    case query(parameters: [Parameter])
    case basic(username: String, password: String)
    case none

    package struct Parameter: Hashable, Sendable {
        let name: String, credential: String
    }

    static let kinds = ["bearer", "header", "query", "basic", "none"]

    /// The names of the credentials that it takes.
    package var credentials: [String] {
        switch self {
        case .bearer(let name): [name]
        case .header(_, let value): value.names
        case .query(let parameters): parameters.map(\.credential)
        case .basic(let username, let password): [username, password].filter { !$0.isEmpty }
        case .none: []
        }
    }
}

/// A request that a connector makes.
package struct ConnectorQuestion: Sendable {
    package let method: String
    package let path: ConnectorText
    package let query: [(name: String, value: ConnectorText)]
    let body: ConnectorTemplate?

    init(
        method: String, path: ConnectorText, query: [(name: String, value: ConnectorText)] = [],
        body: ConnectorTemplate? = nil
    ) { (self.method, self.path, self.query, self.body) = (method, path, query, body) }

    /// The texts of it, by their places.
    var texts: [(place: String, text: ConnectorText)] {
        [("/path", path)] + query.map { ("/query/\($0.name.pointerToken)", $0.value) }
            + (body?.texts.map { ("/send\($0.place)", $0.text) } ?? [])
    }
}

/// One kind of a service's records.
package struct ConnectorObject: Sendable {
    package let name: String
    /// The resource of the agency's that is most likely meant, such as `leads`.
    package let local: String?
    package let id: ConnectorPointer
    package let updatedAt: ConnectorPointer?, deleted: ConnectorPointer?
    /// All records; those that have changed; those that were deleted.
    package let list: ConnectorList?, changes: ConnectorList?, removed: ConnectorList?
    package let find: ConnectorFind?
    package let get: ConnectorGet?
    package let create: ConnectorWriting?, update: ConnectorWriting?, delete: ConnectorWriting?
    /// The history that the service keeps of each record; `nil`: it takes none.
    package let history: ConnectorHistory?
    package internal(set) var fields: [ConnectorField]
    /// The service's own names of the fields, for requests that have to name what they want.
    var names: [String]
    let describe: ConnectorDescription?
    /// The fields that the service has described, beside those that are declared.
    var described: [ConnectorField] = []

    package subscript(field name: String) -> ConnectorField? { fields.first { $0.name == name } }
}

/// A request whose answer has records, perhaps in pages.
package struct ConnectorList: Sendable {
    package let question: ConnectorQuestion
    package let items: ConnectorPointer
    /// The place of the record within an item.
    let record: ConnectorPointer
    /// The places of an identifier and a time where these are others than the object's.
    let id: ConnectorPointer?, updatedAt: ConnectorPointer?
    package let total: ConnectorPointer?
    package let next: ConnectorPaging
    /// By how much the time since when is moved back: the service's index lags behind.
    let overlap: Duration
}

/// A search for the records with a key.
package struct ConnectorFind: Sendable {
    /// The kinds of keys.
    package enum Key: String, CaseIterable, Sendable {
        /// The value of the field by which records are matched.
        case field
        /// The identifier of the agency's own record, which the service keeps.
        case own
    }

    package let by: Key
    package let list: ConnectorList
    /// The place is the one record itself; none is there where the service answers 404.
    let isOne: Bool
    /// A place at which what was found must have a text; the service itself does not search by it.
    let match: ConnectorMatch?
}

/// A text that one of the items at a place has to have.
struct ConnectorMatch: Sendable {
    let list: ConnectorPointer, at: ConnectorPointer
    let text: ConnectorText
}

/// A request for one record.
package struct ConnectorGet: Sendable {
    let question: ConnectorQuestion
    let record: ConnectorPointer
}

/// The way to find the next page of a list.
package enum ConnectorPaging: Sendable {
    /// The answer has a token, which goes into a parameter, or to a place of the body. `more`: a place that has false
    /// after the last page.
    /// `window`: tokens are numbers of records, of which one question reaches so many; the next one begins at the time
    /// of the last record.
    case token(at: ConnectorPointer, Carrier, more: ConnectorPointer?, window: Int?)
    /// Pages are numbered; one without records is the last.
    case page(parameter: String, first: Int)
    /// Records are counted from 0; a page without any is the last.
    case offset(parameter: String)
    /// The answer has the next page's address, in its header `Link` or at a place.
    case link(at: ConnectorPointer?)
    case none

    package enum Carrier: Sendable { case query(String), body(ConnectorPointer) }

    static let kinds = ["token", "page", "offset", "link", "none"]
}

/// A request that changes something.
package struct ConnectorWriting: Sendable {
    package let question: ConnectorQuestion
    /// The JSON Pointer to the record's fields in the request's body.
    package let body: ConnectorPointer
    /// The JSON Pointer to the record's identifier in the answer.
    package let id: ConnectorPointer?
    /// Whether what stands beside a changed value in the same member is read first, and sent along.
    let keepsRest: Bool
    let batch: ConnectorBatch?
}

/// A request that writes several records at once.
package struct ConnectorBatch: Sendable {
    let question: ConnectorQuestion
    /// The most records of one request.
    let size: Int
    /// The places of the list in the body, and of one record within its item.
    let items: ConnectorPointer, record: ConnectorPointer
    /// The members of each item beside the record.
    let each: ConnectorTemplate?
    /// The place of the outcomes in the answer, and of the identifier in one of them.
    let results: ConnectorPointer, id: ConnectorPointer
    /// The place of the text by which an outcome belongs to a record; `nil`: they come in the order of the records.
    let match: ConnectorPointer?
    /// The place of the mark of an outcome that it has worked; `nil`: each has.
    let success: ConnectorPointer?
    /// The place of an outcome's own status, where the service answers each.
    let status: ConnectorPointer?
    /// A list of those that failed, with the place of each one's number: the outcomes are those of the others.
    let failed: (list: ConnectorPointer, number: ConnectorPointer)?

    /// Whether each item names the value by which records are matched.
    var needsMatch: Bool { each?.texts.contains { $0.text.names.contains("key") } ?? false }
}
