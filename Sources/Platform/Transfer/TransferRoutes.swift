package import Agents
internal import HTTPServer
package import Jobs
internal import Records
internal import Routing

extension Routes {
    /// `POST /v1/{resource}/import` and `GET /v1/{resource}/export`, for those with the permissions of these
    /// names.
    package mutating func transfer<R: ManagedRecord>(_ transfer: Transfer<R>, folder: String) {
        let resource = transfer.resource
        startImports(
            of: resource, by: RecordImportJob<R>.self, Permission("\(resource.table):import"), folder: folder
        ) { mapping throws(Problem) in try transfer.check(mapping) }
        export(
            resource, Permission("\(resource.table):export"),
            layout: { RecordCSV(resource, try transfer.members($0), transfer.exported) },
            list: { call, extra, dialect in
                try ListQuery(resource, call.request.head.query, dialect: dialect, extra: extra)
            })
    }
}

extension Transfer {
    /// References whose columns no field has already.
    fileprivate var exported: [TransferReference] {
        references.filter { $0.columns.allSatisfy { resource.schema[$0] == nil } }
    }
}

extension JobRegistration {
    /// Adds the job that imports files of such records.
    package mutating func add<R: ManagedRecord>(_ transfer: Transfer<R>) {
        add(RecordImportJob(transfer))
        undoImports(of: R.self)
    }
}
