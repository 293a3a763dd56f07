internal import Agents
internal import Conversations
internal import Database
internal import Deals
internal import Delivery
internal import Discovery
internal import Intelligence
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Support
internal import Tenancy

/// The answers of the slices beside them to the questions of the conversation agents.
let answersToConversations: [ModuleAnswer] = [
    ModuleAnswer(for: "support", to: ConversationDependencies.self) { answerFromSupport(&$0) },
    ModuleAnswer(for: "delivery", to: ConversationDependencies.self) { answerAboutPeople(&$0) },
    ModuleAnswer(for: "discovery", to: ConversationDependencies.self) { answerAboutNeeds(&$0) },
]

private func answerFromSupport(_ dependencies: inout ConversationDependencies) {
    dependencies.articles = { reader, question, language in
        try reader.reading.articles.all(answering: question, locale: language, limit: 5).map(\.answer)
    }
    dependencies.incident = { reader, contact, question in
        try reader.reading.incidents.find(of: question, client: contact.clientID).map {
            AnswerFinder.Text(id: "\($0.id)", title: $0.title, body: $0.text)
        }
    }
    dependencies.route = { tx, conversation, language in
        try tx.routing.route(conversation, language: language, at: tx.now).map { ($0.team, $0.person) }
    }
    dependencies.unanswered = { tx, question in try tx.articles.noteUnanswered(question) }
}

private func answerAboutPeople(_ dependencies: inout ConversationDependencies) {
    dependencies.isImportant = { reader, contact in
        if let client = try contact.clientID.flatMap({
            try Client.resource.find($0, in: reader)
        }) {
            return client.tier == .enterprise
        }
        return try Lead.ofContact(contact.id, in: reader)?.priority == .high
    }
    dependencies.company = { reader, contact in
        if let client = try contact.clientID.flatMap({
            try Client.resource.find($0, in: reader)
        }) {
            return client.name
        }
        if let company = try contact.companyID.flatMap({ try Company.resource.find($0, in: reader) }) {
            return company.name
        }
        return try Lead.ofContact(contact.id, in: reader)?.company
    }
}

private func answerAboutNeeds(_ dependencies: inout ConversationDependencies) {
    dependencies.understands = { reader, text in try !reader.needs(in: text).understood(of: text).isEmpty }
    dependencies.qualify = { tx, contact, text, words in try tx.qualify(contact, by: text, words) }
}

extension Queryable {
    /// Returns the needs that are told in a text, or in the words of it that somebody has pointed at; none where the
    /// text asks something.
    fileprivate func needs(in text: String, _ words: NeedQuotes? = nil) throws -> ToldNeeds {
        let tenant = try agency.tenant()
        let today = (TimeZoneRules(named: tenant.timeZone) ?? .utc).local(of: now).date
        guard let words else {
            return ToldNeeds(text.contains("?") ? "" : text, currency: tenant.currency, on: today)
        }
        return ToldNeeds(
            needs: words.needs, budget: words.budget, timeline: words.timeline,
            authority: words.authority.map { ($0, words.decides) }, currency: tenant.currency, on: today)
    }
}

extension ToldNeeds {
    /// For whoever has told it: what was understood.
    fileprivate func understood(of text: String) -> [String] {
        var understood = quotes
        if let budget { understood.append("\(budget.amount / 100) \(budget.currency)") }
        if let timelineDays { understood.append("\(timelineDays) d") }
        if understood.isEmpty, authority != nil { understood.append(String(text.prefix(120))) }
        return understood
    }
}

extension Transaction {
    /// Records on a prospect's lead what they say they need, and makes the lead where there is none. Returns `nil`
    /// where they say nothing of the kind, only ask, or do not want data about them collected.
    fileprivate func qualify(
        _ contact: Contact, by text: String, _ words: NeedQuotes?
    ) throws -> UnderstoodNeeds? {
        let told = try needs(in: text, words), understood = told.understood(of: text)
        guard !understood.isEmpty else { return nil }
        if let reason = try consents.unwilling([contact.id], .dataCollection)[contact.id] {
            refusals.refuse(
                .action, agent: "primary_agent", Subject(contact.id),
                code: "no_consent", reason)
            return nil
        }
        guard contact.email != nil || contact.phone != nil else {
            return UnderstoodNeeds(understood: understood, missing: .address)
        }
        let known = try Lead.ofContact(contact.id, in: self)
        let lead = try known ?? newLead(of: contact)
        var new = lead
        new.budget = told.budget ?? lead.budget
        new.timelineDays = told.timelineDays ?? lead.timelineDays
        new.authority = told.authority ?? lead.authority
        new.painPoints = Array(
            (lead.painPoints + told.quotes.filter { !lead.painPoints.contains($0) })
                .prefix(20))
        try update(lead, to: &new, by: .agent("primary_agent"), action: "lead.learned")
        let missing: UnderstoodNeeds.Criterion? =
            new.budget == nil
            ? .budget : new.timelineDays == nil ? .timeline : new.authority == nil ? .authority : nil
        return UnderstoodNeeds(understood: understood, missing: missing)
    }

    private func newLead(of contact: Contact) throws -> Lead {
        var lead = Lead.new(id: nextID(), now: now)
        (lead.company, lead.contactName, lead.source) = (contact.name, contact.name, "chat")
        (lead.email, lead.phone, lead.contactID) = (contact.email, contact.phone, contact.id)
        lead.derive()
        try create(&lead, by: .agent("primary_agent"))
        return lead
    }
}
