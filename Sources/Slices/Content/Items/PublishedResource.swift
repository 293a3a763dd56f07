internal import Database
internal import JSON
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Tenancy

/// The free tools and resources of an agency: published content that has a link to one. Texts that offer one name the
/// newest in the reader's language, and are silent where there is none.
struct PublishedResource: TextEvidence {
    let name = "resource"

    func find(for contact: Contact, lead: JSONObject?, in reader: any Queryable) throws -> JSON? {
        let reader = reader.reading
        let language = LocaleTag(try contact.locale ?? reader.agency.tenant().locale)?.language
        let item = try reader.content.offeredResources(limit: 50).first { item in
            item.locale.map { LocaleTag($0)?.language == language } ?? true
        }
        guard let item, let resource = item.resourceLink else { return nil }
        return [
            "title": .string(item.title), "label": .string(resource.label), "url": .string(resource.url),
        ]
    }
}

extension ContentStore {
    /// Returns the agency's own published content that has a tool or resource, the newest first.
    fileprivate func offeredResources(limit: Int) throws -> [ContentItem] {
        try ContentItem.resource.all(
            where: "status = 'published' AND resource IS NOT NULL AND client_id IS NULL",
            suffix: "ORDER BY id DESC LIMIT \(limit)", in: tx)
    }
}
