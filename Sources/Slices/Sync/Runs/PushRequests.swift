internal import Agents
internal import Integrations
internal import JSON
internal import Records

extension SyncPlan {
    /// Returns the change that a step is, where the service takes several at once.
    func change(for step: PushStep, mayCreate: Bool) -> ConnectorChange? {
        let key = "\(sync.id)/\(step.local.id)/\(step.local.version)\(step.isPart ? "/part" : "")"
        switch step.action {
        case .update:
            guard object.update?.takesSeveral == true, let remote = step.link.there else { return nil }
            return ConnectorChange(.update(id: remote), step.body, key: key)
        case .create:
            guard object.create?.takesSeveral == true, mayCreate, step.link.state != .creating else {
                return nil
            }
            return ConnectorChange(
                .create, step.body, key: key, own: step.local.id, match: self.key?.value(of: step.local).text)
        case .note, .skip, .hold: return nil
        }
    }

    /// Returns the text by which the service is asked for a record.
    func searchKey(of local: LocalRecord) -> String? {
        Self.findsOwn(object) ? local.id : key?.value(of: local).text
    }
}
