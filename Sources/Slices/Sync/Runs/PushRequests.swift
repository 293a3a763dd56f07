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

    /// Returns the texts by which the service is asked for a record: its key, and the one under which it was sent.
    func searchKeys(of step: PushStep) -> [String] {
        guard !Self.findsOwn(object) else { return [step.local.id] }
        let keys = [key?.value(of: step.local).text, sentKey(of: step.link)?.text].compactMap(\.self)
        return keys.first == keys.last ? Array(keys.prefix(1)) : keys
    }

    /// Returns the key under which a record was sent of which it is not known whether the service has made it: it may
    /// be that of one that goes on as another by now.
    func sentKey(of link: SyncLink) -> JSON? {
        guard link.state == .creating, let key else { return nil }
        return link.sent?[key.name]?.remote
    }
}
