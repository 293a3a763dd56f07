internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import People
package import Records
package import Telemetry
internal import Templates
internal import Tenancy

/// A survey that asks clients how it went: one row of `surveys`.
package struct Survey: ManagedRecord {
    package enum Kind: String, Choice {
        case csat, nps

        /// The scores that can be given.
        var scores: ClosedRange<Int> { self == .csat ? 1...5 : 0...10 }
    }
    package enum Status: String, Choice { case active, closed }
    /// The occasion on which people are asked.
    package enum Asked: String, Choice {
        case byHand = "by_hand"
        case afterTicket = "after_ticket"
        case regularly
    }

    package var head = Head<Survey>()
    package var name = ""
    package var kind = Kind.csat
    package var question = ""
    package var status = Status.active
    package var asked = Asked.byHand
    package var delay: String?
    package var every: String?
    package var nextAt: Instant?

    package init() {}

    package static let idPrefix = "survey"
    package static let resource = Resource<Survey>(
        "surveys", named: "Survey", rule: .everyone,
        [
            .text(
                "name", \.name, max: 200, .required, .sortable,
                .about("The name of the survey, for colleagues.")),
            .choice(
                "kind", \.kind, .standard("csat"), .writeOnce, .filterable,
                .about("csat: 1 to 5; nps: 0 to 10.")),
            .text(
                "question", \.question, max: 500, .required, .example("How satisfied are you with our help?"),
                .about("The question that is asked.")),
            .choice(
                "status", \.status, .standard("active"), .filterable, .about("Whether answers are taken.")),
            .choice(
                "asked", \.asked, .standard("by_hand"),
                .about(
                    "When the survey is sent: after_ticket once a ticket is resolved, regularly to all clients' people as every says."
                )),
            .text(
                "delay", \.delay, max: 40, .example("PT1H"),
                .about("How long after a ticket is resolved the survey is sent, as an ISO 8601 duration.")),
            .text("every", \.every, max: 40, .example("P90D"), .about("How often people are asked.")),
            .instant("next_at", \.nextAt, .readOnly, .about("When the survey is sent next.")),
        ])

    static let delayStandard = Duration.seconds(3600)

    package mutating func prepare(replacing old: Survey?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        for (pointer, text) in [("/delay", delay), ("/every", every)] {
            guard let text else { continue }
            if let duration = Duration(iso8601: text), duration > .zero, duration <= .seconds(731 * 86_400) {
                continue
            }
            faults.add(
                pointer, "invalid_duration",
                "\(pointer.pointedMember) must be a duration such as PT1H or P90D.")
        }
        if asked == .regularly, every == nil {
            faults.add("/every", "required", "every is required for a survey that is asked regularly.")
        }
        try faults.throwIfAny()
        if asked != .regularly || status == .closed {
            nextAt = nil
        } else if nextAt == nil {
            nextAt = tx.now + Self.delayStandard
        }
    }

    package func saved(replacing old: Survey?, by actor: Actor, in tx: Transaction) throws {
        guard let nextAt, old?.nextAt != nextAt else { return }
        try tx.jobs.enqueue(
            SurveyRoundJob.self, .init(survey: id, after: nil),
            JobOptions(runAt: nextAt, uniqueKey: "\(id)/\(nextAt.microseconds)", subject: subject))
    }
}

/// A person's response to a survey: one row of `survey_responses`.
package struct SurveyResponse: ManagedRecord {
    package var head = Head<SurveyResponse>()
    package var surveyID: ID<Survey>?
    package var ticketID: TicketID?
    package var clientID: ClientID?
    package var contactID: ContactID?
    package var score = 0
    package var comment: String?
    /// The mail with which they were asked: each is answered once.
    package var invitation: String?

    package init() {}

    package static let idPrefix = "sresp", noun = "survey_response"
    package static let writing: Permission = "surveys:write"
    package static let resource = Resource<SurveyResponse>(
        "survey_responses", named: "SurveyResponse",
        rule: .first(of: [
            .client(), .parent("ticket_id", of: "tickets"), .parent("contact_id", of: "contacts"),
        ]),
        personal: .emptied(own: ["score", "comment", "created_at"]),
        [
            .id("survey_id", \.surveyID, .required, .writeOnce, .filterable),
            .id("ticket_id", \.ticketID, .writeOnce, .filterable),
            .id("client_id", \.clientID, .writeOnce, .filterable),
            .id("contact_id", \.contactID, .writeOnce, .erased, .filterable),
            .integer(
                "score", \.score, in: 0...10, .required, .writeOnce, .filterable,
                .about("The score that was chosen.")),
            .text("comment", \.comment, max: 5000, .writeOnce, .personal),
            .text("invitation", \.invitation, max: 200, .secret, .erased),
        ])

    package mutating func prepare(replacing old: SurveyResponse?, by actor: Actor, in tx: Transaction) throws
    {
        guard old == nil else { return }
        guard let survey = try surveyID.flatMap({ try Survey.resource.find($0, in: tx) }) else {
            return
        }
        guard survey.status == .active else {
            throw Problem(.conflict, "The survey is closed and takes no more answers.")
        }
        var faults = Faults()
        let scores = survey.kind.scores
        if !scores.contains(score) {
            faults.add(
                "/score", "out_of_range", "score must be from \(scores.lowerBound) to \(scores.upperBound).")
        }
        if let ticketID {
            let ticket = try Ticket.resource.find(ticketID, in: tx)
            (clientID, contactID) = (clientID ?? ticket?.clientID, contactID ?? ticket?.contactID)
            if try tx.exists(
                """
                SELECT 1 FROM survey_responses
                WHERE tenant_id = \(tx.tenant) AND ticket_id = \(ticketID) AND survey_id = \(surveyID)
                """)
            {
                throw Problem(.alreadyExists, "The survey has already been answered for this ticket.")
            }
        }
        try faults.throwIfAny()
    }

    /// Counts the answer, and lets routing learn from how satisfied somebody was with whoever helped.
    package func saved(replacing old: SurveyResponse?, by actor: Actor, in tx: Transaction) throws {
        guard old == nil, let surveyID, let survey = try Survey.resource.find(surveyID, in: tx) else {
            return
        }
        try count(1, survey, in: tx)
        if invitation != nil { try tx.surveys.countInvitation("answered", ofClient: clientID) }
        try tx.publish(
            "survey.answered", survey.subject,
            [
                "response_id": JSON(id), "score": JSON(score), "ticket_id": JSON(ticketID),
                "client_id": JSON(clientID),
            ])
        try tx.surveys.tellSatisfaction(of: clientID)
        guard survey.kind == .csat,
            let ticket = try ticketID.flatMap({ try Ticket.resource.find($0, in: tx) })
        else { return }
        try tx.ticketCounters.addMetric("csat.count", 1, ticket)
        try tx.ticketCounters.addMetric("csat.sum", score, ticket)
        if score <= 2 {
            try tx.ticketAudience.tellPeople(
                of: ticket, Saying("notification.ticket_low_rating", ["number": .text("\(ticket.number)")]),
                .normal)
        }
        guard let helper = ticket.assigneeID else { return }
        let lesson = score >= 4 ? 1 : score <= 2 ? -1 : 0
        if lesson != 0 { try tx.routing.teachRouting(ticket.category, helper, lesson) }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        guard let surveyID, let survey = try Survey.resource.find(surveyID, in: tx) else { return }
        try count(-1, survey, in: tx)
        try tx.surveys.tellSatisfaction(of: clientID)
    }

    private func count(_ change: Int, _ survey: Survey, in tx: Transaction) throws {
        let prefix = "surveys.\(survey.id)"
        try tx.counters.count("\(prefix).count", change)
        try tx.counters.count("\(prefix).sum", change * score)
        let group =
            survey.kind == .csat
            ? score >= 4 ? "satisfied" : "others"
            : score >= 9 ? "promoters" : score >= 7 ? "passives" : "detractors"
        try tx.counters.count("\(prefix).\(group)", change)
        if survey.kind == .nps { try tx.surveys.countRecommending(group, change, self) }
    }
}

extension Survey {
    /// Returns its results: the share of the satisfied, or promoters less detractors, in percent.
    func results(in reader: Reader) throws -> JSON {
        func number(_ name: String) throws -> Int { try reader.counters.find("surveys.\(id).\(name)") }
        let count = try number("count")
        let good = try kind == .csat ? number("satisfied") : number("promoters") - number("detractors")
        return [
            "survey_id": JSON(id), "kind": .string(kind.rawValue), "responses": JSON(count),
            "mean": count == 0 ? .null : .number(Double(try number("sum")) / Double(count)),
            "score": count == 0 ? .null : .number(100 * Double(good) / Double(count)),
        ]
    }
}
