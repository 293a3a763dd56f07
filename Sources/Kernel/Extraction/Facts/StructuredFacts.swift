internal import JSON
internal import Markup
internal import Records

/// Facts out of what a page says for machines.
struct StructuredFacts {
    let page: MarkupDocument
    let address: PageAddress
    let identity: SiteIdentity
    private(set) var facts: [FoundFact] = []
    /// The sources of JSON-LD, in which quotes are looked for.
    private var sources: [String] = []
    /// A page that describes more things than this describes others.
    private static let itemsMax = 200, textsMax = 50, factsMax = 400, sourceMax = 256 << 10

    init(_ page: MarkupDocument, _ address: PageAddress, _ identity: SiteIdentity) {
        (self.page, self.address, self.identity) = (page, address, identity)
    }

    mutating func read() {
        var items: [StructuredItem] = []
        for document in JSONLDReader.documents(in: page) {
            sources.append(String(decoding: document.source.utf8.prefix(Self.sourceMax), as: UTF8.self))
            items += JSONLDReader.items(of: document.json)
        }
        items += MicrodataReader.items(in: page, at: address)
        items += RDFaReader.items(in: page, at: address)
        var context = BlockContext(page)
        let cards = CardReader.items(in: page, at: address).filter { !context.place(of: $0.node).isOfOthers }
        items += cards.map(\.item)
        for item in organizations(in: items) { read(organization: item) }
        let people = items.filter { $0.types.contains("Person") },
            jobs = items.filter { $0.types.contains("JobPosting") }
        for item in people.prefix(Self.itemsMax) { readPerson(item, isEmployee: false) }
        for item in jobs.prefix(Self.itemsMax) { readJob(item) }
        for item in items.prefix(Self.itemsMax) where !Self.articles.isDisjoint(with: item.types) {
            if let headline = item.text("headline"), item.types.contains("NewsArticle") {
                add(.news, .string(headline), headline, 0.7)
            }
        }
        readGraph()
    }

    private static let articles: Set = ["NewsArticle", "Article", "BlogPosting"]

    // MARK: Whose item it is

    private func organizations(in items: [StructuredItem]) -> [StructuredItem] {
        var candidates: [StructuredItem] = []
        for item in items where candidates.count < Self.itemsMax {
            if Self.isOrganization(item) { candidates.append(item) }
            guard item.types.contains(where: { $0.hasPrefix("WebSite") || $0.hasSuffix("Page") }) else {
                continue
            }
            for name in ["publisher", "about", "mainEntity", "copyrightHolder", "author"] {
                candidates += item.items(name).filter(Self.isOrganization)
            }
        }
        let isOnly = candidates.count == 1
        return candidates.filter { belongs($0, isOnly: isOnly) }
    }

    private func belongs(_ item: StructuredItem, isOnly: Bool) -> Bool {
        let addresses = (item.texts("url") + [item.id].compactMap { $0 }).compactMap {
            PageAddress($0, from: address)
        }
        let own = addresses.filter { $0.path != "/" || !$0.host.isEmpty }
        if own.contains(where: { identity.owns($0.host) }) && !item.texts("url").isEmpty { return true }
        let mails = item.texts("email").compactMap { EmailAddress($0) }
        if let name = item.text("legalName") ?? item.text("name") {
            if [item.text("name"), item.text("legalName")].compactMap({ $0 }).contains(where: identity.fits) {
                return true
            }
            // Another name at another address is another company.
            if let url = item.text("url").flatMap({ PageAddress($0, from: address) }),
                !identity.owns(url.host)
            {
                return false
            }
            if mails.contains(where: { identity.owns($0.domain) }) { return true }
            _ = name
            return false
        }
        if mails.contains(where: { identity.owns($0.domain) }) { return true }
        return isOnly && addresses.allSatisfy { identity.owns($0.host) } && mails.isEmpty
    }

    static func isOrganization(_ item: StructuredItem) -> Bool {
        item.types.contains { type in
            types.contains(type)
                || ["Organization", "Business", "Corporation", "Store", "Agency"].contains(
                    where: type.hasSuffix)
        }
    }

    private static let types = Set(
        (ResourceTable.texts["data/organization-types.csv"] ?? "").split(whereSeparator: \.isWhitespace).map(
            String.init))

    // MARK: Fields

    private mutating func read(organization item: StructuredItem) {
        if let name = item.text("name") { add(.companyName, .string(name), name, 0.9) }
        if let name = item.text("legalName") { add(.legalName, .string(name), name, 0.95) }
        if let text = item.text("description"), text.utf8.count >= 20 {
            add(.description, .string(text), text, 0.8)
        }
        readPlace(item)
        let country = item.items("address").first?.text("addressCountry") ?? item.text("addressCountry")
        let region = country.flatMap { Country(named: $0) }
        let points = item.items("contactPoint")
        for text in (item.texts("telephone") + points.flatMap { $0.texts("telephone") }).prefix(Self.textsMax)
        {
            let number = text.lowercased().hasPrefix("tel:") ? String(text.dropFirst(4)) : text
            let countries = [region] + ContactFacts.countries(of: page, identity)
            guard let phone = ContactFacts.number(number, countries.compactMap { $0 }) else { continue }
            add(.phone, .string(phone.e164), text, 0.95)
        }
        for text in (item.texts("email") + points.flatMap { $0.texts("email") }).prefix(Self.textsMax) {
            guard let mail = EmailAddress(text), !MailScan.isPlaceholder(mail) else { continue }
            add(
                .email, .string(mail.key), quote(text, or: mail.description),
                identity.owns(mail.domain) ? 0.95 : 0.7)
        }
        readFigures(item)
        for text in (item.texts("sameAs") + item.texts("url")).prefix(Self.textsMax) {
            guard let social = SocialFacts.profile(text) else { continue }
            add(.social, .string(social.address), text, 0.95)
            if social.isCompanyOnLinkedIn { add(.linkedIn, .string(social.address), text, 0.95) }
        }
        for name in ["founder", "founders", "ceo", "employee", "employees", "member"] {
            for person in item.items(name).prefix(Self.textsMax) {
                readPerson(person, isEmployee: true, title: name.hasPrefix("founder") ? "Founder" : nil)
            }
        }
        for name in ["vatID", "taxID"] {
            if let number = item.text(name) { add(.registrationNumber, .string(number), number, 0.7) }
        }
    }

    private mutating func readPlace(_ item: StructuredItem) {
        for place in item.items("address").prefix(1) + (item.text("addressLocality") == nil ? [] : [item]) {
            if let city = place.text("addressLocality") { add(.city, .string(city), city, 0.95) }
            if let code = place.text("postalCode") { add(.postalCode, .string(code), code, 0.95) }
            if let street = place.text("streetAddress") { add(.street, .string(street), street, 0.95) }
            if let text = place.text("addressCountry"), let country = Country(named: text) {
                add(.country, .string(country.code), text, 0.95)
            }
        }
    }

    private mutating func readFigures(_ item: StructuredItem) {
        if let text = item.text("foundingDate"), let year = Int(text.prefix(4)), (1500...2100).contains(year)
        {
            add(.foundedYear, .integer(Int64(year)), text, 0.95)
        }
        let counts = item.properties.filter { $0.name == "numberOfEmployees" }.compactMap {
            property -> String? in
            switch property.value {
            case .text(let text): text
            case .item(let range):
                range.text("value")
                    ?? (range.text("minValue") == range.text("maxValue") ? range.text("minValue") : nil)
            }
        }
        if let text = counts.first, let count = Int(text.split(separator: ".")[0].filter(\.isNumber)),
            count > 0,
            !text.contains("-"), count < 5_000_000
        {
            add(.employeeCount, .integer(Int64(count)), text, 0.95)
        }
    }

    private mutating func readPerson(_ item: StructuredItem, isEmployee: Bool, title: String? = nil) {
        guard let name = item.text("name"), let role = item.text("jobTitle") ?? title else { return }
        // A person who works elsewhere is quoted, or wrote something.
        if let firm = item.items("worksFor").first {
            guard belongs(firm, isOnly: false) else { return }
        } else if let firm = item.text("worksFor") {
            guard identity.fits(firm) else { return }
        } else if !isEmployee, item.syntax != .card {
            return
        }
        guard PeopleFacts.isDecisionMaker(role) else { return }
        let person: JSONObject = ["name": .string(PersonName.cleaned(name)), "title": .string(role)]
        add(.decisionMaker, .object(person), name, 0.9)
    }

    private mutating func readJob(_ item: StructuredItem) {
        guard let title = item.text("title") else { return }
        if let firm = item.items("hiringOrganization").first {
            guard belongs(firm, isOnly: true) else { return }
        } else if let firm = item.text("hiringOrganization"), !identity.fits(firm) {
            return
        }
        add(.hiring, .string(title), title, 0.95)
    }

    private mutating func readGraph() {
        let metas = MetaProperties.all(in: page)
        let regions = ContactFacts.countries(of: page, identity)
        for meta in metas {
            switch meta.name {
            case "og:site_name": add(.companyName, .string(meta.content), meta.content, 0.75)
            case "og:description", "description":
                if meta.content.utf8.count >= 20 {
                    add(.description, .string(meta.content), meta.content, 0.6)
                }
            case "business:contact_data:locality", "og:locality":
                add(.city, .string(meta.content), meta.content, 0.9)
            case "business:contact_data:postal_code", "og:postal-code":
                add(.postalCode, .string(meta.content), meta.content, 0.9)
            case "business:contact_data:street_address", "og:street-address":
                add(.street, .string(meta.content), meta.content, 0.9)
            case "business:contact_data:country_name", "og:country-name":
                if let country = Country(named: meta.content) {
                    add(.country, .string(country.code), meta.content, 0.9)
                }
            case "business:contact_data:phone_number", "og:phone_number":
                if let phone = ContactFacts.number(meta.content, regions) {
                    add(.phone, .string(phone.e164), meta.content, 0.9)
                }
            case "business:contact_data:email", "og:email":
                if let mail = EmailAddress(meta.content), !MailScan.isPlaceholder(mail) {
                    add(.email, .string(mail.key), meta.content, identity.owns(mail.domain) ? 0.9 : 0.6)
                }
            default: break
            }
        }
    }

    private mutating func add(_ field: FoundFact.Field, _ value: JSON, _ words: String, _ confidence: Double)
    {
        guard facts.count < Self.factsMax else { return }
        facts.append(
            FoundFact(
                field: field, value: value, quote: quote(words, or: words), address: address,
                confidence: confidence,
                manner: .structured))
    }

    /// The words as the page has them: JSON may write a letter by its number.
    private func quote(_ words: String, or other: String) -> String {
        guard !sources.isEmpty, !sources.contains(where: { $0.contains(words) }) else { return words }
        let escaped = words.utf16.map { unit -> String in
            guard unit > 0x7E else { return String(UnicodeScalar(UInt8(unit))) }
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }.joined()
        return sources.contains { $0.contains(escaped) } ? escaped : other
    }
}
