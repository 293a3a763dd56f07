package import Database
package import JSON
package import Messaging
package import Records

extension Lead {
    /// The lead that somebody is: of several, the one that is furthest from its end.
    package static func ofContact(_ contact: ID<Contact>, in reader: some Queryable) throws -> Lead? {
        try resource.first(
            where: "contact_id = \(contact) AND status NOT IN ('archived', 'lost')",
            suffix: "ORDER BY row DESC LIMIT 1", in: reader)
            ?? resource.first(
                where: "contact_id = \(contact)", suffix: "ORDER BY row DESC LIMIT 1", in: reader)
    }

    /// What templates may say of it.
    package var templateValues: JSONObject {
        [
            "company": .string(company), "contact_name": JSON(contactName), "contact_title": JSON(contactTitle),
            "industry": JSON(industry), "location": JSON(location), "country": JSON(country),
            "website": JSON(website), "employee_count": JSON(employeeCount),
            "budget": budget.map(\.json) ?? .null, "timeline_days": JSON(timelineDays),
            "pain_points": JSON(painPoints), "tags": JSON(tags), "source": JSON(source),
            "score": JSON(score), "priority": JSON(priority?.rawValue), "next_action": JSON(nextAction),
            "custom": .object(custom),
        ]
    }
}
