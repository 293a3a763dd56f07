internal import Database
internal import Messaging
package import Platform
internal import Records
internal import Runtime

extension Module {
    /// From a qualified lead to a signed contract and a paid invoice.
    package static let deals = Module(
        "deals", migrations: dealsMigrations, sandboxTables: { dealsSandboxTables },
        asks: [DealsSources.self],
        answers: [
            ModuleAnswer(to: MessagingSources.self) { answerMessages(&$0) },
            ModuleAnswer(to: SequenceSources.self) { sources in
                sources.offerFaults = { reader, experiment in try reader.offerFaults(experiment) }
                sources.adopt = { tx, experiment, winner, actor in
                    try tx.adopt(experiment, winner, by: actor)
                }
            },
        ],
        offers: [
            ModuleOffer((any HookHandler).self) { parts in
                [BookedMeetings(), PaymentHooks(try DealsServices(parts))]
            }
        ],
        furnishing: Furnishing(counter: dealsFurnished, furnishDeals),
        agents: { parts in
            [OutreachAgent(parts.answers(), parts.answers()), SalesAgent(try DealsServices(parts))]
        },
        jobs: { registration, parts in dealsJobs(&registration, try DealsServices(parts)) },
        routes: { routes, parts, _ in
            dealsRoutes(&routes, try DealsServices(parts), uploads: parts.uploads)
        })
}

extension DealsServices {
    fileprivate init(_ parts: ModuleParts) throws {
        self.init(parts.services, try parts[Outbox.self], parts.answers())
    }
}

/// Answers what messages ask about sales.
private func answerMessages(_ sources: inout MessagingSources) {
    sources.isInSalesProcess = { reader, contact in try reader.isInSalesProcess(contact) }
    sources.dailyCap = { reader, agent in
        guard agent == OutreachAgent.agentName else { return nil }
        return try OutreachAgent(DealsSources(), MessagingSources()).dailyCap(in: reader)
    }
}
