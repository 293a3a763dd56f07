internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

/// Keeps with a client how content it is, in the transaction in which that is measured.
struct ClientSatisfaction: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.type == "client.satisfaction_measured", let data = try? JSONParser.parse(event.data),
            let old = try event.subject.id(of: Nouns.Client.self).flatMap({
                try Client.resource.find($0, in: tx)
            })
        else { return }
        var client = old
        client.satisfaction = data["satisfaction"]?.double
        try tx.update(old, to: &client, by: .system, action: "client.satisfaction_measured")
    }
}
