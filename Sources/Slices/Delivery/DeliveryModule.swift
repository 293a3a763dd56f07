internal import Database
internal import Messaging
package import Platform
internal import Records
internal import Runtime

extension Module {
    /// Whom the agency works for, and the work itself.
    package static let delivery = Module(
        "delivery", migrations: deliveryMigrations, sandboxTables: { deliverySandboxTables },
        asks: [DeliverySources.self],
        answers: [
            ModuleAnswer(to: ClientQuestions.self) { questions in
                questions.standing = { try Client.standing(of: $1, in: $0) }
            },
            ModuleAnswer(to: MessagingSources.self) { sources in
                sources.clientStanding = { try Client.standing(of: $1, in: $0) }
            },
            ModuleAnswer(to: Portal.Clients.self) { answerPortal(&$0) },
        ],
        offers: [ModuleOffer((any MessageListener).self) { _ in [ReportMails()] }],
        agents: { parts in [ClientManagementAgent(try DeliveryServices(parts))] },
        jobs: { registration, parts in
            let services = try DeliveryServices(parts)
            deliveryJobs(&registration, services, references: services.sources.references)
        },
        routes: { routes, parts, _ in
            let services = try DeliveryServices(parts)
            deliveryRoutes(
                &routes, services, references: services.sources.references, uploads: parts.uploads)
        })
}

extension DeliveryServices {
    fileprivate init(_ parts: ModuleParts) throws {
        self.init(parts.services, try parts[Outbox.self], parts.answers())
    }
}

extension DeliverySources {
    /// How a file says which lead and which package a client came from.
    fileprivate var references: [TransferReference] { [leadReference, packageReference] }
}

extension Client {
    /// Returns the client's standing with the agency; `nil` where there is no such client.
    fileprivate static func standing(of id: String, in reader: any Queryable) throws -> ClientStanding? {
        try ID<Client>(id).flatMap { try Client.resource.find($0, in: reader) }.map { client in
            ClientStanding(name: client.name, tier: client.tier.rawValue, worth: try reader.worth(of: client))
        }
    }
}

/// Whose clients may come into the portal, and as whom their people are known.
private func answerPortal(_ clients: inout Portal.Clients) {
    clients.name = { reader, id in
        guard let id = ID<Client>(id), let client = try Client.resource.find(id, in: reader),
            client.status != .former
        else { return nil }
        return client.name
    }
    clients.contact = { tx, client, name, email, actor in
        try tx.portalContact(ofClient: client, name: name, email: email, by: actor).text
    }
    clients.mainContact = { reader, id in
        guard let id = ID<Client>(id), let client = try Client.resource.find(id, in: reader),
            client.status != .former
        else { return nil }
        return client.contactID?.text
    }
}
