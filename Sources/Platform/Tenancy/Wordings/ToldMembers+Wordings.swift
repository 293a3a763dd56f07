internal import Database
package import RuntimeRoutes
internal import Records
internal import Routing
internal import Wording

extension ToldMembers {
    /// Members by the beginnings of the keys of what is said in them, in the words of whoever calls; `inner` names the
    /// sentences of documents.
    package init(
        _ members: [String: [String]], inner: Set<String> = [],
        where isOwn: @escaping @Sendable (R) -> Bool = { _ in true }
    ) {
        self.init(members, inner: inner, where: isOwn) { call, reader in try find(call, in: reader) }
    }
}

private func find(_ call: Call, in reader: some Queryable) throws -> Wording {
    try reader.wordings.find(for: call)
}
