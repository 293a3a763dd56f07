package import JSON

extension RemoteRecord {
    /// A record as a service would list it.
    package init(_ id: String, at updatedAt: String?, _ fields: JSONObject) {
        self.init(id: id, updatedAt: updatedAt, isDeleted: false, fields: fields)
    }

    /// A record of which nothing is known but that the service has it no more.
    package init(gone id: String) { self.init(id: id, updatedAt: nil, isDeleted: true, fields: [:]) }
}

extension RemotePage {
    /// A page of records beside any listing.
    package init(_ records: [RemoteRecord], total: Int? = nil, next: String? = nil) {
        self.init(records: records, total: total, next: next)
    }
}

extension ConnectorWriting {
    /// Whether the service takes several records in one request.
    package var takesSeveral: Bool { batch != nil }
}
