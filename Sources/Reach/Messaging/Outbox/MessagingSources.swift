package import Database
package import JSON
package import Records
package import Runtime

/// What messaging asks of the slices above it; the composition root plugs in their answers.
package struct MessagingSources: Sendable {
    /// What templates may say of the lead that a person is, and of whom the lead is.
    package var lead: @Sendable (any Queryable, ID<Contact>) throws -> JSONObject? = { _, _ in nil }
    /// The same by the lead's own identifier, with its contact.
    package var leadByID: @Sendable (any Queryable, String) throws -> (JSONObject, ID<Contact>?)? = { _, _ in
        nil
    }
    /// Whether somebody is selling to the person just now.
    package var isInSalesProcess: @Sendable (any Queryable, ID<Contact>) throws -> Bool = { _, _ in false }
    /// What a client is to the agency; `nil`: there is no such client.
    package var clientStanding: @Sendable (any Queryable, _ client: String) throws -> ClientStanding? = {
        _, _ in nil
    }
    /// How many messages an agent may send a day; `nil`: no limit of its own.
    package var dailyCap: @Sendable (any Queryable, _ agent: String) throws -> Int? = { _, _ in nil }

    /// Makes a lead, or changes the one that `match_on` finds, as the route of that name does; its identifier.
    package var upsertLead: @Sendable (Transaction, JSONObject) throws -> String = { _, _ in
        throw Problem(.conflict, "There are no leads here.")
    }
    /// A lead was written to for the first time.
    package var contacted: @Sendable (Transaction, _ lead: String) throws -> Void = { _, _ in }
    /// Leads that fit a list's filters, in the order of their identifiers; throws a problem for a filter that there is
    /// not.
    package var matchingLeads:
        @Sendable (any Queryable, _ filter: JSONObject, _ after: String, _ limit: Int) throws -> [String] = {
            _, _, _, _ in []
        }

    /// What is wrong with an experiment about a price or a package.
    package var offerFaults: @Sendable (any Queryable, Experiment) throws -> [Fault] = { _, _ in
        [Fault("/kind", "invalid_choice", "There is nothing to sell here.")]
    }
    /// Takes over what has won in an experiment about a price or a package.
    package var adopt: @Sendable (Transaction, Experiment, ExperimentVariant, Actor) throws -> Void = {
        _, _, _, _ in
    }

    /// What was decided about an answer to a ticket that waited for a yes.
    package var answerTicket: @Sendable (Outbox, Transaction, _ ticket: String, Approval) throws -> Void = {
        _, _, _, _ in
        throw Problem(.conflict, "There are no tickets here.")
    }

    /// What the domain name system says.
    package var lookups = DomainLookups()

    package init() {}
}
