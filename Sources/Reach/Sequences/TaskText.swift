internal import Database
internal import JSON
internal import Messages
internal import People
internal import Records
internal import Templates
internal import Tenancy

extension SequenceStep {
    /// Adds the faults of what a task says.
    func checkText(at place: String, _ faults: inout Faults) throws {
        guard channel == .task else { return }
        for (name, source) in [("title", title), ("text", text)] {
            guard let source else { continue }
            do throws(TemplateFaults) {
                _ = try Template.compile(source: source, names: TemplateValues.names)
            } catch {
                for found in error.faults {
                    faults.add("\(place)/\(name)", found.code.rawValue, found.detail)
                }
            }
        }
    }

    /// Returns the title and text of a task, filled in for the contact whom it is about.
    func taskText(
        for contact: Contact, lead: JSONObject?, in reader: some Queryable
    ) throws -> (title: String, text: String?) {
        var words = MessageTemplate()
        (words.subject, words.body) = (title ?? name, text ?? "")
        let tenant = try reader.agency.tenant()
        let written = try words.written(
            values: try TemplateValues.values(of: contact, lead: lead, in: reader),
            locale: TextLocale(contact.locale ?? tenant.locale),
            zone: contact.zone(TimeZoneRules(named: tenant.timeZone) ?? .utc))
        let plain = MessageText.plain(written.body)
        return (written.subject ?? name, plain.isEmpty ? nil : plain)
    }
}
