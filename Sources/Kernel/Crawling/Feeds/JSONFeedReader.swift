internal import JSON
internal import Markup
internal import Telemetry

/// Reads JSON Feed 1.0 and 1.1.
enum JSONFeedReader {
    static func read(_ text: String, _ address: PageAddress) -> Feed? {
        guard let document = try? JSONParser.parse(Array(text.utf8)),
            document["version"]?.text?.contains("jsonfeed.org/version/") == true
        else { return nil }
        var feed = Feed(kind: .json)
        feed.title = document["title"]?.text.map(MarkupText.collapsed) ?? ""
        feed.home = document["home_page_url"]?.text.flatMap { PageAddress($0, from: address) }
        feed.language = document["language"]?.text
        feed.next = document["next_url"]?.text.flatMap { PageAddress($0, from: address) }
        feed.topic = document["feed_url"]?.text.flatMap { PageAddress($0, from: address) }
        feed.hub =
            (document["hubs"]?.array ?? []).lazy.filter { $0["type"]?.text?.lowercased() == "websub" }
            .compactMap { $0["url"]?.text.flatMap { PageAddress($0, from: address) } }.first
        feed.entries = (document["items"]?.array ?? []).prefix(Feed.entriesMax).compactMap {
            entry($0, address)
        }
        return feed
    }

    private static func entry(_ item: JSON, _ address: PageAddress) -> Feed.Entry? {
        guard item.object != nil else { return nil }
        var entry = Feed.Entry()
        entry.id = item["id"]?.text ?? item["id"]?.int.map { "\($0)" }
        entry.link = item["url"]?.text.flatMap { PageAddress($0, from: address) }
        entry.title = item["title"]?.text.map(MarkupText.collapsed) ?? ""
        entry.text =
            item["content_html"]?.text.map(FeedText.plain) ?? item["content_text"]?.text.map(
                MarkupText.collapsed)
            ?? item["summary"]?.text.map(MarkupText.collapsed) ?? ""
        entry.published = item["date_published"]?.text.flatMap(FeedDate.instant)
        entry.updated = item["date_modified"]?.text.flatMap(FeedDate.instant)
        entry.author = (item["authors"]?.array?.first ?? item["author"])?["name"]?.text
        entry.categories = (item["tags"]?.array ?? []).compactMap(\.text)
        return entry
    }
}
