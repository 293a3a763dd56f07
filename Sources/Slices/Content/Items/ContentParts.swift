internal import JSON
package import Nouns
package import People
package import Records
package import Tenancy

/// Other words of a content item.
package struct ContentVariant: Part {
    package var name = ""
    package var subject: String?
    package var body: String?
    package var weight = 1
    package var length: Preference.Length?

    package init() {}

    package static let schema = Schema<ContentVariant>(
        "ContentVariant",
        [
            .text("name", \.name, max: 40, .required, .example("short"), .about("Results are told by it.")),
            .text(
                "subject", \.subject, max: 300, .line, .about("Its subject; the item's own unless given.")),
            .text("body", \.body, max: 100_000, .about("Its text; the item's own unless given.")),
            .integer(
                "weight", \.weight, in: 1...1000, .standard(1),
                .about("How many get it, beside the others.")),
            .choice(
                "length", \.length,
                .about(
                    "The length of message whose readers get this version, as they said or as it was learned; such a version is not tried by chance."
                )),
        ])
}

/// A link below a text, for readers of one kind.
package struct ContentLink: Part {
    package var label = ""
    package var url = ""

    package init() {}

    package static let schema = Schema<ContentLink>(
        "ContentLink",
        [
            .text(
                "label", \.label, max: 200, .required, .line, .example("API reference"),
                .about("The text of the link.")),
            .link("url", \.url, .required, .example("https://example.com/api")),
        ])
}

/// A picture or film of a content item.
package struct ContentMedium: Part {
    package var fileID = ID<StoredFile>.unset
    package var altText = ""

    package init() {}

    package static let schema = Schema<ContentMedium>(
        "ContentMedium",
        [
            .id("file_id", \.fileID, .required, .about("The file, as POST /v1/files has answered it.")),
            .text(
                "alt_text", \.altText, max: 1000,
                .about("The description of the picture, for those who do not see it.")),
        ])
}

/// Something that a content item says is so, and who else says it.
package struct ContentClaim: Part {
    package var text = ""
    package var sourceURL: String?

    package init() {}

    package static let schema = Schema<ContentClaim>(
        "ContentClaim",
        [
            .text(
                "text", \.text, max: 1000, .required, .example("93% of gardens grow"),
                .about("The words of the text that claim it.")),
            .link(
                "source_url", \.sourceURL, .example("https://example.org/study"),
                .about("Where readers can see that it is so.")),
        ])
}

/// A thing that a content item was made from, word for word.
package struct ContentSource: Part {
    package var type = ""
    package var id: String?
    package var quote: String?

    package init() {}

    package static let schema = Schema<ContentSource>(
        "ContentSource",
        [
            .text(
                "type", \.type, max: 40, .required, .line, .example("article"),
                .about("The kind of source: a type of records, a brief or a page.")),
            .text("id", \.id, max: 2048, .line, .about("The record, or the page's address.")),
            .text("quote", \.quote, max: 5000, .about("The words that it rests on.")),
        ])
}
