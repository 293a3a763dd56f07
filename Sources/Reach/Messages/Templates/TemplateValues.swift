package import Database
package import JSON
package import People
internal import Records
internal import Telemetry
package import Templates
internal import Tenancy

/// The names that templates may use, and the values that stand there.
package enum TemplateValues {
    private static let lead: TemplateNames.Name = .object(
        "lead",
        [
            .text("company", .required), .text("contact_name"), .text("contact_title"), .text("industry"),
            .text("location"), .text("country"), .text("website"), .number("employee_count"),
            .money("budget"), .number("timeline_days"), .list("pain_points", of: .text),
            .list("tags", of: .text), .text("source"), .number("score"), .text("priority"),
            .text("next_action"), .list("wordings", of: .number), .text("technical_level"),
            .open("custom"),
        ])

    package static let names = TemplateNames([
        lead,
        .object(
            "contact",
            [
                .text("name", .required), .text("title"), .text("country"), .text("location"),
                .text("locale"), .text("technical_level"),
                .open("custom"),
            ]),
        .object(
            "agency",
            [
                .text("name", .required), .text("postal_address"), .text("currency", .required),
                .text("locale"), .text("time_zone", .required),
            ]),
        ReaderTraits.name,
        .object("sender", [.text("name", .required), .text("email", .required)]),
        .url("unsubscribe_url", .required), .url("booking_url"), .url("overview_url"),
        .date("today", .required),
        // Words as the reader's industry says them: wording.customer is patient.
        .open(ReaderWords.name),
        // Values of evidence (`TextEvidence`).
        .object("similar", [.text("company"), .text("result")]),
        .list("news", of: .object([.text("title", .required), .text("text")])),
        .list("insights", of: .object([.text("title", .required), .text("text")])),
        .object(
            "offer",
            [
                .text("title", .required), .text("text", .required), .url("url"),
                .date("valid_until", .required),
            ]),
        .object(
            "resource",
            [.text("title", .required), .text("label", .required), .url("url", .required)]),
        .object(
            "season", [.number("quarter", .required), .number("month", .required), .text("theme")]),
        // Values of the slices that have messages written: a proposal, an invoice, a meeting.
        .open("deal"), .open("proposal"), .open("contract"), .open("invoice"), .open("meeting"),
        // Values of the texts that the product writes by itself (`TextKind`).
        .object(
            "ticket",
            [
                .text("number", .required), .text("subject", .required), .text("body", .required),
                .text("category"), .text("priority", .required), .instant("due_at"),
                .text("looked_after_by"), .instant("hear_by"),
            ]),
        .object("incident", [.text("title"), .text("text"), .instant("expected_at")]),
        .object("account", [.text("name"), .text("tier"), .number("open_tickets")]),
        .object(
            "answer",
            [
                .text("passage", .required), .text("title", .required), .url("url", .required),
                .number("silence_days", .required),
            ]),
        .object(
            "survey", [.text("question", .required), .text("name", .required), .url("url", .required)]),
        .object(
            "thanks",
            [
                .text("topic", .required), .text("tier", .required), .text("subject", .required),
                .text("text", .required), .text("achieved"), .text("relationship"), .text("next"),
                .text("closing", .required),
            ]),
        .object(
            "campaign",
            [
                .text("topic"), .text("name"), .text("status"), .text("subject"), .text("text"),
                .list("figures", of: .text), .text("best"), .text("next"),
            ]),
    ])

    /// Stands for the link that each message has of its own, which is known only when the message is.
    package static let unsubscribeMark = "https://unsubscribe.invalid/"

    package static func values(
        of contact: Contact, lead: JSONObject?, extra: JSONObject = [:], in reader: some Queryable
    ) throws -> JSON {
        let tenant = try reader.agency.tenant()
        let zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        let today = zone.local(of: reader.now).date
        var object: JSONObject = [
            "lead": .object(lead ?? ["company": "", "contact_name": .string(contact.name)]),
            "contact": [
                "name": .string(contact.name), "title": JSON(contact.title), "country": JSON(contact.country),
                "location": JSON(contact.location), "locale": JSON(contact.locale),
                "technical_level": JSON(lead?["technical_level"]?.text),
                "custom": .object(contact.custom),
            ],
            "agency": [
                "name": .string(tenant.name), "postal_address": JSON(tenant.postalAddress),
                "currency": .string(tenant.currency), "locale": .string(tenant.locale),
                "time_zone": .string(tenant.timeZone),
            ],
            "sender": [
                "name": .string(tenant.sender?.name ?? tenant.name), "email": JSON(tenant.sender?.email),
            ],
            "unsubscribe_url": .string(unsubscribeMark), "booking_url": JSON(tenant.bookingURL),
            "overview_url": JSON(tenant.overviewURL),
            "today": .string(today.iso),
            "reader": try ReaderTraits.values(of: contact, lead: lead, in: reader),
        ]
        try ReaderWords.add(contact, lead: lead, to: &object, in: reader)
        for (name, value) in extra.members { object[name] = value }
        return .object(object)
    }
}
