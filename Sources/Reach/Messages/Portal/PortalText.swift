package import Database
internal import JSON
package import Nouns
package import Records
package import Tenancy

/// Something that a client's person says: in the portal's own conversation, or about what they have asked for.
package struct PortalText: Declared {
    package var text = ""
    package var attachments: [ID<StoredFile>] = []

    package init() {}

    package static let schema = Schema<PortalText>(
        "PortalText",
        [
            .text("text", \.text, max: 50_000, .required, .about("The text of your message.")),
            .ids("attachments", \.attachments, max: 20, .about("Files of /v1/portal/files.")),
        ])

    package func check(_ portal: PortalCall, in reader: some Queryable) throws {
        var faults = Faults()
        if text.trimmed.isEmpty { faults.add("/text", "required", "text is required: write the message.") }
        try StoredFile.check(attachments, of: portal, &faults, in: reader)
        try faults.throwIfAny()
    }
}
